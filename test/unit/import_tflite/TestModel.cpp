#include "test/unit/import_tflite/TestModel.h"

#include "dialects/qnn/QnnDialect.h"
#include "mlir/IR/AsmState.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cstring>

using namespace qcc;
using namespace qcc::test;

std::vector<uint8_t> test::bytesOf(std::vector<int32_t> values) {
  std::vector<uint8_t> bytes(values.size() * sizeof(int32_t));
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

std::string ModelSpec::build() const {
  flatbuffers::FlatBufferBuilder builder;
  std::vector<flatbuffers::Offset<schema::Buffer>> buffers = {schema::CreateBuffer(builder)};
  std::vector<flatbuffers::Offset<schema::Tensor>> tables;
  for (const TensorSpec &tensor : tensors) {
    uint32_t buffer = 0;
    if (!tensor.data.empty()) {
      buffer = buffers.size();
      buffers.push_back(schema::CreateBufferDirect(builder, &tensor.data));
    }
    auto quantization = schema::CreateQuantizationParametersDirect(
        builder, tensor.scales.empty() ? nullptr : &tensor.scales,
        tensor.zeroPoints.empty() ? nullptr : &tensor.zeroPoints, tensor.dimension);
    auto sparsity =
        tensor.isSparse ? schema::CreateSparsityParameters(builder) : flatbuffers::Offset<schema::SparsityParameters>();
    tables.push_back(schema::CreateTensorDirect(builder, &tensor.shape, tensor.type, tensor.buffer.value_or(buffer),
                                                tensor.name.c_str(), quantization, tensor.isVariable, sparsity));
  }
  auto makeCode = [&](schema::BuiltinOperator code, const std::string &name) {
    auto shortCode = static_cast<int8_t>(std::min<int32_t>(static_cast<int32_t>(code), 127));
    return schema::CreateOperatorCodeDirect(builder, shortCode, name.empty() ? nullptr : name.c_str(), 1, code);
  };
  std::vector<flatbuffers::Offset<schema::OperatorCode>> codes;
  std::vector<flatbuffers::Offset<schema::Operator>> operators;
  for (const CustomOperator &op : customOperators) {
    operators.push_back(schema::CreateOperatorDirect(builder, codes.size(), &op.operands, &op.results,
                                                     schema::BuiltinOptions::NONE, 0, &op.options));
    codes.push_back(makeCode(schema::BuiltinOperator::CUSTOM, op.name));
  }
  if (customOperators.empty()) {
    auto option = options ? options(builder) : flatbuffers::Offset<void>();
    operators.push_back(schema::CreateOperatorDirect(builder, opcodeIndex, &operands, &results, optionsType, option));
    codes.push_back(makeCode(code, customCode));
  }
  std::vector<flatbuffers::Offset<schema::SubGraph>> graphs;
  for (int i = 0; i < subgraphs; ++i)
    graphs.push_back(schema::CreateSubGraphDirect(builder, &tables, &inputs, &outputs, &operators));
  schema::FinishModelBuffer(builder, schema::CreateModelDirect(builder, version, &codes, &graphs, nullptr, &buffers));
  return std::string(reinterpret_cast<const char *>(builder.GetBufferPointer()), builder.GetSize());
}

TensorSpec test::activation(std::string name, std::vector<int32_t> shape, float scale) {
  return {.name = std::move(name), .shape = std::move(shape), .scales = {scale}, .zeroPoints = {0}};
}

ModelSpec test::convolution() {
  TensorSpec weights = {.name = "w", .shape = {2, 1, 1, 2}, .scales = {0.25f, 0.125f}, .data = {1, 2, 3, 4}};
  TensorSpec bias = {.name = "b",
                     .shape = {2},
                     .type = schema::TensorType::INT32,
                     .scales = {0.125f, 0.0625f},
                     .zeroPoints = {0, 0},
                     .data = bytesOf({5, -6})};
  return {.tensors = {activation("x", {1, 4, 4, 2}), activation("y", {1, 2, 2, 2}, 1.0f), weights, bias},
          .code = schema::BuiltinOperator::CONV_2D,
          .operands = {0, 2, 3},
          .results = {1},
          .optionsType = schema::BuiltinOptions::Conv2DOptions,
          .options = [](flatbuffers::FlatBufferBuilder &builder) {
            return schema::CreateConv2DOptions(builder, schema::Padding::SAME, 2, 2,
                                               schema::ActivationFunctionType::RELU)
                .Union();
          }};
}

ModelSpec test::fullyConnected() {
  TensorSpec weights = {
      .name = "w", .shape = {2, 4}, .scales = {0.25f}, .zeroPoints = {0}, .data = {1, 2, 3, 4, 5, 6, 7, 8}};
  return {.tensors = {activation("x", {1, 4}), activation("y", {1, 2}, 1.0f), weights},
          .code = schema::BuiltinOperator::FULLY_CONNECTED,
          .operands = {0, 2, -1},
          .results = {1},
          .optionsType = schema::BuiltinOptions::FullyConnectedOptions,
          .options = [](flatbuffers::FlatBufferBuilder &builder) {
            return schema::CreateFullyConnectedOptions(builder).Union();
          }};
}

ModelSpec test::unary(schema::BuiltinOperator code, std::vector<int32_t> input, std::vector<int32_t> output) {
  return {.tensors = {activation("x", std::move(input)), activation("y", std::move(output))},
          .code = code,
          .operands = {0},
          .results = {1}};
}

static llvm::StringRef severity(mlir::DiagnosticSeverity severity) {
  return severity == mlir::DiagnosticSeverity::Error ? "error" : "warning";
}

Outcome test::import(const std::string &bytes, ImportOptions options) {
  mlir::DialectRegistry registry;
  qnn::registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  context.loadAllAvailableDialects();
  Outcome outcome;
  llvm::raw_string_ostream diagnostics(outcome.diagnostics), text(outcome.text);
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) {
    diagnostics << severity(diagnostic.getSeverity()) << ": ";
    if (auto name = llvm::dyn_cast<mlir::NameLoc>(diagnostic.getLocation()))
      diagnostics << "'" << name.getName().getValue() << "': ";
    diagnostics << diagnostic << "\n";
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      diagnostics << "note: " << note << "\n";
    return mlir::success();
  });
  auto aligned = llvm::MemoryBuffer::getMemBufferCopy(bytes);
  mlir::OwningOpRef<mlir::ModuleOp> module =
      importTfliteBuffer(context, aligned->getBuffer(), "folder/a-model.tflite", options);
  if (module)
    module->print(text, mlir::OpPrintingFlags().elideLargeResourceString(0));
  return outcome;
}
