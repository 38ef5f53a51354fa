// Anything as a model file, with a few weights in memory; what parses must verify.
#include "compiler/frontend/Frontend.h"
#include "mlir/IR/Verifier.h"

#include <cstddef>
#include <cstdint>

static qcc::NamedArray makeArray(llvm::StringRef name, char kind, unsigned width, llvm::ArrayRef<int64_t> shape) {
  qcc::NamedArray array{name.str(), kind, width, llvm::SmallVector<int64_t>(shape), {}};
  array.bytes.assign(array.size() * width, 1);
  return array;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  qcc::FrontendOptions options;
  options.weights = {makeArray("c.weight", 'f', 4, {2, 3, 3, 1}),
                     makeArray("c.bias", 'f', 4, {2}),
                     makeArray("d.weight", 'f', 4, {1, 3, 3, 2}),
                     makeArray("f.weight", 'f', 4, {3, 4}),
                     makeArray("q.weight", 'i', 1, {3, 4}),
                     makeArray("q.weight.scale", 'f', 4, {3}),
                     makeArray("q.weight.zero", 'i', 4, {3}),
                     makeArray("q.bias", 'i', 4, {3}),
                     makeArray("u.weight", 'u', 1, {3, 4}),
                     makeArray("u.weight.scale", 'f', 4, {}),
                     makeArray("b.weight", 'b', 1, {3, 4}),
                     makeArray("n.gamma", 'f', 4, {2}),
                     makeArray("n.beta", 'f', 4, {2}),
                     makeArray("n.mean", 'f', 4, {2}),
                     makeArray("n.variance", 'f', 4, {2})};
  llvm::StringRef text(reinterpret_cast<const char *>(data), size);
  auto parsed = qcc::parseModel(context, "fuzz.qm", text, options);
  if (mlir::succeeded(parsed) && mlir::failed(mlir::verify(*parsed->module)))
    __builtin_trap();
  return 0;
}
