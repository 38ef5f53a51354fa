// Anything as an .npz or .npy file, read whole and in parts.
#include "compiler/import/weights/Npz.h"
#include "mlir/IR/MLIRContext.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  (void)qcc::parseNpz(&context, "fuzz.npz", bytes);
  auto arrays = qcc::openNpz(&context, "fuzz.npz", {bytes});
  if (failed(arrays))
    return 0;
  // The last element of the first axis, and then the first one, from the beginning again.
  for (const qcc::ArrayReader &array : *arrays)
    if (llvm::ArrayRef<int64_t> shape = array.getForm().shape; !shape.empty() && shape.front() > 0) {
      (void)array.read(shape.front() - 1, 1);
      (void)array.read(0, 1);
    }
  return 0;
}
