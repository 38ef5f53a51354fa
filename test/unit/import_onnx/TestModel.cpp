#include "test/unit/import_onnx/TestModel.h"

#include "compiler/import/onnx/ImportOnnx.h"
#include "compiler/interpret/Interpreter.h"
#include "test/unit/DiagnosticText.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::test;

static void setType(schema::ValueInfoProto &info, const std::vector<int64_t> &shape) {
  schema::TypeProto::Tensor &tensor = *info.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(TensorProto::FLOAT);
  tensor.mutable_shape();
  for (int64_t size : shape)
    tensor.mutable_shape()->add_dim()->set_dim_value(size);
}

TestModel::TestModel(const std::vector<int64_t> &inputShape, int64_t version) {
  proto.set_ir_version(7);
  proto.add_opset_import()->set_version(version);
  schema::ValueInfoProto &input = *proto.mutable_graph()->add_input();
  input.set_name("x");
  setType(input, inputShape);
  proto.mutable_graph()->add_output()->set_name("y");
}

TestModel &TestModel::floats(const std::string &name, const std::vector<int64_t> &shape,
                             const std::vector<float> &values) {
  schema::TensorProto &tensor = *proto.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(TensorProto::FLOAT);
  tensor.mutable_dims()->Add(shape.begin(), shape.end());
  tensor.mutable_float_data()->Add(values.begin(), values.end());
  return *this;
}

TestModel &TestModel::integers(const std::string &name, const std::vector<int64_t> &shape,
                               const std::vector<int64_t> &values, TensorProto::DataType type) {
  schema::TensorProto &tensor = *proto.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(type);
  tensor.mutable_dims()->Add(shape.begin(), shape.end());
  for (int64_t value : values)
    type == TensorProto::INT64 ? tensor.add_int64_data(value) : tensor.add_int32_data(static_cast<int32_t>(value));
  return *this;
}

TestModel &TestModel::node(const std::string &kind, const std::vector<std::string> &inputs, const std::string &output,
                           const std::string &domain) {
  schema::NodeProto &node = *proto.mutable_graph()->add_node();
  node.set_op_type(kind);
  node.set_domain(domain);
  for (const std::string &input : inputs)
    node.add_input(input);
  node.add_output(output);
  return *this;
}

schema::AttributeProto &TestModel::attribute(const std::string &name) {
  schema::GraphProto &graph = *proto.mutable_graph();
  schema::AttributeProto &attribute = *graph.mutable_node(graph.node_size() - 1)->add_attribute();
  attribute.set_name(name);
  return attribute;
}

TestModel &TestModel::with(const std::string &name, int64_t value) {
  attribute(name).set_i(value);
  return *this;
}
TestModel &TestModel::with(const std::string &name, const std::vector<int64_t> &values) {
  attribute(name).mutable_ints()->Add(values.begin(), values.end());
  return *this;
}
TestModel &TestModel::with(const std::string &name, float value) {
  attribute(name).set_f(value);
  return *this;
}
TestModel &TestModel::with(const std::string &name, const char *value) {
  attribute(name).set_s(value);
  return *this;
}

/// The first result for one input of floats.
static std::vector<float> interpretFloats(func::FuncOp model, const std::vector<float> &input) {
  auto type = llvm::cast<RankedTensorType>(model.getArgumentTypes()[0]);
  std::vector<int64_t> codes;
  for (float number : input)
    codes.push_back(static_cast<int64_t>(llvm::bit_cast<uint32_t>(number)));
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  FailureOr<std::vector<HostTensor>> outputs = failure();
  if (succeeded(interpreter))
    outputs = interpreter->run(HostTensor(type, codes));
  std::vector<float> result;
  if (succeeded(outputs))
    for (int64_t code : outputs->front().codes())
      result.push_back(llvm::bit_cast<float>(static_cast<uint32_t>(code)));
  return result;
}

static Outcome importAndRun(const std::string &bytes, const std::string &path, const std::vector<float> &input) {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  DiagnosticText diagnostics(&context);
  OwningOpRef<ModuleOp> module = importOnnxBuffer(context, bytes, path, "");
  Outcome outcome;
  if (module) {
    llvm::raw_string_ostream stream(outcome.text);
    module->print(stream);
    if (!input.empty())
      outcome.result = interpretFloats(*module->getOps<func::FuncOp>().begin(), input);
  }
  outcome.diagnostics = diagnostics.take();
  return outcome;
}

Outcome qcc::test::importBytes(const std::string &bytes, const std::string &path) {
  return importAndRun(bytes, path, {});
}

Outcome qcc::test::import(const TestModel &model, const std::vector<float> &input) {
  return importAndRun(model.proto.SerializeAsString(), "net.onnx", input);
}
