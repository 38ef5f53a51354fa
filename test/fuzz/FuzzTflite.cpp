// Anything as a TFLite file.
#include "compiler/import/tflite/ImportTflite.h"
#include "dialects/qnn/QnnDialect.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::DialectRegistry registry;
  qcc::qnn::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  // The importer wants an aligned buffer, as a mapped file is.
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(reinterpret_cast<const char *>(data), size));
  (void)qcc::importTfliteBuffer(context, buffer->getBuffer(), "fuzz.tflite", {});
  return 0;
}
