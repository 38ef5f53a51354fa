// Anything as a safetensors file.
#include "compiler/import/weights/Safetensors.h"
#include "mlir/IR/MLIRContext.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  (void)qcc::parseSafetensors(&context, "fuzz.safetensors",
                              llvm::StringRef(reinterpret_cast<const char *>(data), size));
  return 0;
}
