// Staged lines of a contraction's input: a ring in the scratch buffer that holds the rows which one row of the output
// needs, in the form in which a tile reads them.
#ifndef QCC_COMPILER_CODEGEN_LINERING_H
#define QCC_COMPILER_CODEGEN_LINERING_H

#include "compiler/codegen/Emitters.h"

namespace qcc::codegen {

class LineRing {
public:
  /// `lhs` is the input of `op` as `window` sees it, `scratch` its scratch buffer, of `lineBytes` for each line.
  LineRing(KernelBuilder &k, qk::ContractOp op, qk::WindowAttr window, Val lhs, Val scratch, int64_t lineBytes)
      : k(k), window(window), lines(op.getSchedule()->getLines()), lineBytes(lineBytes), lhs(lhs), scratch(scratch),
        rowBytes(window.getInput()[1] * window.getGroups() * window.getChannels()[0] *
                 formatOf(op.getLhsFormat()).getBits() / 8) {}

  /// The staged line that row `y` of the output reads for row `ky` of the window.
  Val line(Val y, Val ky) const { return lineOf(y * window.getStrides()[0] + ky * window.getDilations()[0]); }

  using Convert = llvm::function_ref<void(Val row, Val line)>;
  using Fill = llvm::function_ref<void(Val line)>;
  /// `body` for each row `y` of each image `n` of the output, after what it needs has been staged: `convert` writes a
  /// line from a row of the input, `fill` a line of the border. Without lines, nothing is staged.
  void forEachRow(Convert convert, Fill fill, llvm::function_ref<void(Val n, Val y)> body) const;

private:
  /// Stages what row `y` of image `n` needs from row `firstMissing` on, counted from the top of the border; returns the
  /// first row after that.
  Val stage(Val n, Val y, Val firstMissing, Convert convert, Fill fill) const;
  Val lineOf(Val row) const { return k.advance(scratch, k.unsignedRemainder(row, row.constant(lines)) * lineBytes); }

  KernelBuilder &k;
  qk::WindowAttr window;
  int64_t lines, lineBytes;
  Val lhs, scratch;
  int64_t rowBytes;
};

/// Codes as they are stored in `from`, in the form in which a tile reads them.
Val stageCodes(KernelBuilder &k, Val codes, qnn::NumberFormat from, qnn::NumberFormat to, int64_t offset);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_LINERING_H
