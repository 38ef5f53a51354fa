#include "compiler/codegen/PackedRows.h"

#include "compiler/codegen/PackedCodes.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

PackedRows::PackedRows(KernelBuilder &k, qk::ContractOp op, Pointers given, const target::RowBuffers &buffers)
    : k(k), op(op), pointers(given), output(given.back()), packs(buffers.output > 0) {
  if (buffers.bytes() == 0)
    return;
  Val &scratch = pointers[pointers.size() - 2];
  if (buffers.input > 0)
    input = scratch;
  if (packs)
    pointers.back() = k.advance(scratch, buffers.input);
  scratch = k.advance(scratch, buffers.bytes());
}

void PackedRows::computeRow(Val first, int64_t count, int64_t unit, llvm::function_ref<void(Val first)> body) const {
  if (!packs)
    return body(first);
  body(k.index(0));
  int64_t channels = qk::outputChannels(op);
  packCodes(k, pointers.back(),
            {output, formatOf(op.getOutFormat()), first * channels, count * channels, unit * channels});
}
