// Lines of a contraction's input, and copied windows, in chunks of planes (BlockShape::hasPlanes).
#ifndef QCC_COMPILER_CODEGEN_PLANELINE_H
#define QCC_COMPILER_CODEGEN_PLANELINE_H

#include "compiler/codegen/Emitters.h"

namespace qcc::codegen {

class PlaneLine {
public:
  PlaneLine(KernelBuilder &k, qk::ContractOp op, const target::BlockShape &shape)
      : k(k), op(op), shape(shape), window(shape.window), tile(shape.tile), source(formatOf(op.getLhsFormat())),
        stage(formatOf(shape.stageFormat)) {}

  /// Writes the border's code to a whole scratch buffer of lines, if any column of a line stays outside the input.
  void fillBorders(Val scratch);
  /// Writes what is inside the input of a row; columns of the border keep what `fillBorders` wrote.
  void convertRow(Val row, Val line);
  /// A row outside the input.
  void fillLine(Val line);

  /// Where the codes of a position begin.
  Val at(Val chunks, Val position);
  /// Where those of a block of two positions begin, in a row of so many of them.
  Val blockAt(Val chunks, Val position, int64_t positions);
  /// Writes row `ky` of a copied window, from the line's codes in 16 bits on; `to` is where the position's codes begin.
  void copyWindowRow(Val from, Val to, Val ky);
  /// Gives the last two of an odd number of positions, each in its place, a chunk of their own.
  void pairLast(Val chunks, int64_t positions);

private:
  void convertChunk(Val row, Val to, Val start, int64_t phase);
  void convertQuad(Val from, Val to, Val columns);
  void fill(Val pointer, int64_t words);
  /// Bytes of a row's codes from one column of a phase to the next.
  int64_t columnStep() const { return window.getStrides()[1] * shape.depth; }

  KernelBuilder &k;
  qk::ContractOp op;
  const target::BlockShape &shape;
  qk::WindowAttr window;
  const target::BlockTile &tile;
  qnn::NumberFormat source, stage;
};

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_PLANELINE_H
