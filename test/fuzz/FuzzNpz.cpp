// Anything as an .npz or .npy file.
#include "compiler/import/weights/Npz.h"
#include "mlir/IR/MLIRContext.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  (void)qcc::parseNpz(&context, "fuzz.npz", llvm::StringRef(reinterpret_cast<const char *>(data), size));
  return 0;
}
