// Anything as an ONNX file.
#include "compiler/import/onnx/ImportOnnx.h"
#include "dialects/qnn/QnnDialect.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::DialectRegistry registry;
  qcc::qnn::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  (void)qcc::importOnnxBuffer(context, llvm::StringRef(reinterpret_cast<const char *>(data), size), "fuzz.onnx", "");
  return 0;
}
