// Staged lines of words of bits (BitPlanes.h): [plane][column][group][word], each word one bit of 32 neighbouring
// channels of a group, the bits behind the last channel 0.
#ifndef QCC_COMPILER_CODEGEN_BITLINE_H
#define QCC_COMPILER_CODEGEN_BITLINE_H

#include "compiler/codegen/Emitters.h"

namespace qcc::codegen {

class BitLine {
public:
  BitLine(KernelBuilder &k, qk::ContractOp op, const target::BlockShape &shape, Val lhs)
      : k(k), op(op), shape(shape), source(formatOf(op.getLhsFormat())), lhs(lhs),
        channels(shape.window.getChannels()[0]) {}

  /// A line from the row of that number of all rows that the input has.
  void convertRow(Val row, Val line);
  /// A line of the border.
  void fillLine(Val line) { fill(line, columns()); }

private:
  int64_t columns() const { return shape.lineCodes / (shape.groups * shape.depth); }
  void fill(Val line, int64_t count);
  void copy(Val row, Val line, int64_t count);
  void gather(Val first, Val to, Val count);
  Val plane(Val line, int64_t i) { return k.advance(line, i * shape.bitPlaneBytes()); }

  KernelBuilder &k;
  qk::ContractOp op;
  const target::BlockShape &shape;
  qnn::NumberFormat source;
  Val lhs;
  int64_t channels; // of a group
};

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_BITLINE_H
