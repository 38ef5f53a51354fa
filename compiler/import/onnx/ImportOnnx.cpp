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

/// The parser checks sizes, and nests only so deep; what it has to say goes into the error here.
static LogicalResult parse(Location location, StringRef bytes, onnx::schema::ModelProto &model) {
  google::protobuf::LogSilencer silencer;
  if (bytes.size() > maximumFileBytes || !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())) ||
      !model.has_graph())
    return emitError(location) << "is no ONNX model: its " << bytes.size() << " bytes are not a message with a graph";
  return success();
}

static OwningOpRef<ModuleOp> import(Location location, onnx::schema::ModelProto &model, size_t fileBytes,
                                    StringRef path, StringRef modelName) {
  location.getContext()->loadDialect<qnn::QnnDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(location);
  OpBuilder builder(location.getContext());
  onnx::Importer importer(builder, model, location, llvm::sys::path::parent_path(path), fileBytes);
  std::string name = modelName.empty() ? identifierOf(llvm::sys::path::stem(path)) : modelName.str();
  if (failed(importer.run(*module, name)) || failed(verify(*module)))
    return {};
  return module;
}

OwningOpRef<ModuleOp> qcc::importOnnxBuffer(MLIRContext &context, StringRef bytes, StringRef path,
                                            StringRef modelName) {
  Location location = fileLoc(&context, path);
  onnx::schema::ModelProto model;
  if (failed(parse(location, bytes, model)))
    return {};
  return import(location, model, bytes.size(), path, modelName);
}

OwningOpRef<ModuleOp> qcc::importOnnx(MLIRContext &context, StringRef path, StringRef modelName) {
  Location location = fileLoc(&context, path);
  FailureOr<std::unique_ptr<llvm::MemoryBuffer>> file = readFile(location, path);
  onnx::schema::ModelProto model;
  if (failed(file) || failed(parse(location, (*file)->getBuffer(), model)))
    return {};
  size_t fileBytes = (*file)->getBufferSize();
  file->reset(); // Everything is in the message now.
  return import(location, model, fileBytes, path, modelName);
}
