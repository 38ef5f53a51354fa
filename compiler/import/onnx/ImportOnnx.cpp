// Entry points of the ONNX importer.
#include "compiler/import/onnx/ImportOnnx.h"

#include "compiler/import/onnx/Importer.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"
#include "compiler/support/Names.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"

#include <google/protobuf/stubs/logging.h>

using namespace mlir;
using namespace qcc;

static constexpr uint64_t maximumFileBytes = (uint64_t(1) << 31) - 1; // what a message can hold

OwningOpRef<ModuleOp> qcc::importOnnxBuffer(MLIRContext &context, StringRef bytes, StringRef path,
                                            StringRef modelName) {
  Location location = fileLoc(&context, path);
  context.loadDialect<qnn::QnnDialect>();
  // The parser checks sizes, and nests only so deep; what it has to say goes into the error here.
  google::protobuf::LogSilencer silencer;
  onnx::schema::ModelProto model;
  if (bytes.size() > maximumFileBytes || !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !model.has_graph()) {
    emitError(location) << "is no ONNX model: its " << bytes.size() << " bytes are not a message with a graph";
    return {};
  }
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  OpBuilder builder(&context);
  onnx::Importer importer(builder, model, location, llvm::sys::path::parent_path(path), bytes.size());
  std::string name = modelName.empty() ? identifierOf(llvm::sys::path::stem(path)) : modelName.str();
  if (failed(importer.run(*module, name)) || failed(verify(*module)))
    return {};
  return module;
}

OwningOpRef<ModuleOp> qcc::importOnnx(MLIRContext &context, StringRef path, StringRef modelName) {
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(fileLoc(&context, path), path);
  if (failed(file))
    return {};
  return importOnnxBuffer(context, (*file)->getBuffer(), path, modelName);
}
