// Staged lines of a contraction's input: a ring in the scratch buffer that holds the rows which one row of the output
// needs, in the form in which a tile reads them.
#ifndef QCC_COMPILER_CODEGEN_LINERING_H
#define QCC_COMPILER_CODEGEN_LINERING_H

#include "compiler/codegen/Emitters.h"

namespace qcc::codegen {

class LineRing {
public:
  /// `lhs` is the input of `op` as `window` sees it, `scratch` its scratch buffer, of `lineBytes` for each line.
  /// With `unpacked`, rows of the input are unpacked to that place.
  LineRing(KernelBuilder &k, qk::ContractOp op, qk::WindowAttr window, Val lhs, Val scratch, int64_t lineBytes,
           std::optional<Val> unpacked = std::nullopt)
      : k(k), window(window), descends(op.getDescending()), lines(op.getSchedule()->getLines()), lineBytes(lineBytes),
        lhs(lhs), scratch(scratch), unpacked(unpacked), format(formatOf(op.getLhsFormat())),
        rowCodes(window.getInput()[1] * window.getGroups() * window.getChannels()[0]), pieces(qk::rowPiecesOf(op)) {}

  /// The staged line that the row of the output which `forEachRow` is at reads for row `ky` of the window.
  Val line(Val ky) const { return lineAt(ky * window.getDilations()[0]); }
  /// The number of the line for row 0 of the window, and of that for row `ky`.
  Val firstLine() const { return top; }
  Val numberOf(Val ky) const { return wrap(top + ky * window.getDilations()[0]); }

  /// The codes of the row of that number of all rows that the input has; unpacked, until the next row is asked for.
  Val rowAt(Val row) const;

  using Convert = llvm::function_ref<void(Val row, Val line)>;
  using Fill = llvm::function_ref<void(Val line)>;
  /// `body` for each row `y` of each image `n` of the output, after what it needs has been staged: `convert` writes a
  /// line from the row of the input that has this number, `fill` a line of the border. Without lines, nothing is
  /// staged. Where `op` is descending, the last row comes first. In a kernel for one piece of the rows, only these;
  /// `together` neighbouring ones are of the same piece.
  void forEachRow(Convert convert, Fill fill, llvm::function_ref<void(Val n, Val y)> body, int64_t together = 1) const;

private:
  /// The rows from the first to before the second.
  std::pair<Val, Val> rowsOfPiece(int64_t together) const;
  /// Stages what row `y` of image `n` needs, counted from the top of the border, and the row before has not staged:
  /// from row `missing` on, or descending up to it. Returns that number for the next row.
  Val stage(Val n, Val y, Val missing, Convert convert, Fill fill) const;
  /// `number` modulo the lines, for less than twice as many: small cores divide slowly, or not at all.
  Val wrap(Val number) const { return k.select(number < lines, number, number - lines); }
  Val lineAt(Val below) const { return k.advance(scratch, wrap(top + below) * lineBytes); }

  KernelBuilder &k;
  qk::WindowAttr window;
  bool descends;
  int64_t lines, lineBytes;
  Val lhs, scratch;
  std::optional<Val> unpacked;
  qnn::NumberFormat format; // of the input
  int64_t rowCodes, pieces;
  mutable Val top; // the line of row 0 of the window, in what is being emitted
};

/// The format of a row's codes as `LineRing::rowAt` gives them.
qnn::NumberFormat rowFormat(qk::ContractOp op, const target::BlockTile &tile);

/// Lines that hold the codes of a row as they follow each other, with the border's code around them.
class PlainLine {
public:
  /// Of `codes` codes as `tile` reads them.
  PlainLine(KernelBuilder &k, qk::ContractOp op, qk::WindowAttr window, const target::BlockTile &tile, int64_t codes)
      : k(k), op(op), window(window), tile(tile), source(rowFormat(op, tile)),
        stage(formatOf(tile.stageFormat(op.getLhsFormat()))), offset(target::stageOffsetOf(op, tile)), codes(codes) {}

  /// Columns outside the input hold the code of the border; so does what is behind the last one.
  void convertRow(Val row, Val line);
  void fillLine(Val line) { fill(line, codes); }

private:
  void fill(Val pointer, int64_t count);
  void convert(Val from, Val to, int64_t count);

  KernelBuilder &k;
  qk::ContractOp op;
  qk::WindowAttr window;
  const target::BlockTile &tile;
  qnn::NumberFormat source, stage;
  int64_t offset, codes;
};

/// Codes as they are stored in `from`, in the form in which a tile reads them.
Val stageCodes(KernelBuilder &k, Val codes, qnn::NumberFormat from, qnn::NumberFormat to, int64_t offset);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_LINERING_H
