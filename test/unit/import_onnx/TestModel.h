// Small ONNX models for tests, right or damaged in one place.
#ifndef QCC_TEST_UNIT_IMPORT_ONNX_TESTMODEL_H
#define QCC_TEST_UNIT_IMPORT_ONNX_TESTMODEL_H

#include "compiler/import/onnx/Schema.h"

#include <string>
#include <vector>

namespace qcc::test {

namespace schema = onnx::schema;
using schema::TensorProto;

/// A model with the input "x" and the output "y".
class TestModel {
public:
  explicit TestModel(const std::vector<int64_t> &inputShape, int64_t version = 13);

  TestModel &floats(const std::string &name, const std::vector<int64_t> &shape, const std::vector<float> &values);
  TestModel &integers(const std::string &name, const std::vector<int64_t> &shape, const std::vector<int64_t> &values,
                      TensorProto::DataType type = TensorProto::INT64);
  TestModel &node(const std::string &kind, const std::vector<std::string> &inputs, const std::string &output,
                  const std::string &domain = "");
  /// Attributes of the last node.
  TestModel &with(const std::string &name, int64_t value);
  TestModel &with(const std::string &name, const std::vector<int64_t> &values);
  TestModel &with(const std::string &name, float value);
  TestModel &with(const std::string &name, const char *value);

  schema::ModelProto proto;

private:
  schema::AttributeProto &attribute(const std::string &name);
};

struct Outcome {
  std::string text;        ///< of the module; empty after an error
  std::string diagnostics; ///< all of them
  std::vector<float> result;
};

/// Imports the bytes of a file at `path`.
Outcome importBytes(const std::string &bytes, const std::string &path = "net.onnx");
/// Imports a model, and runs it in the interpreter if there is an input.
Outcome import(const TestModel &model, const std::vector<float> &input = {});

} // namespace qcc::test

#endif // QCC_TEST_UNIT_IMPORT_ONNX_TESTMODEL_H
