// Entry points of the TFLite importer.
#include "compiler/import/tflite/ImportTflite.h"

#include "compiler/import/tflite/Importer.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"
#include "compiler/support/Names.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;

static constexpr uint64_t maximumFileBytes = (uint64_t(1) << 31) - 1; // What a flatbuffer can hold.

OwningOpRef<ModuleOp> qcc::importTfliteBuffer(MLIRContext &context, StringRef bytes, StringRef path,
                                              const ImportOptions &options) {
  Location location = fileLoc(&context, path);
  context.loadDialect<qnn::QnnDialect>();
  FailureOr<tflite::Graph> graph = tflite::readGraph(ArrayRef<char>(bytes.data(), bytes.size()), location);
  if (failed(graph))
    return {};
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  OpBuilder builder(&context);
  tflite::Importer importer(builder, std::move(*graph), options.rounding, location, bytes.size());
  std::string name = options.modelName.empty() ? identifierOf(llvm::sys::path::stem(path)) : options.modelName;
  if (failed(importer.run(*module, name)) || failed(verify(*module)))
    return {};
  return module;
}

OwningOpRef<ModuleOp> qcc::importTflite(MLIRContext &context, StringRef path, const ImportOptions &options) {
  Location location = fileLoc(&context, path);
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(location, path);
  if (failed(file))
    return {};
  if ((*file)->getBufferSize() > maximumFileBytes) {
    emitError(location) << "expects at most " << maximumFileBytes << " bytes, but the file has "
                        << (*file)->getBufferSize();
    return {};
  }
  return importTfliteBuffer(context, (*file)->getBuffer(), path, options);
}
