// Small TFLite files for tests, right or damaged in one place.
#ifndef QCC_TEST_UNIT_IMPORT_TFLITE_TESTMODEL_H
#define QCC_TEST_UNIT_IMPORT_TFLITE_TESTMODEL_H

#include "compiler/import/tflite/ImportTflite.h"
#include "compiler/import/tflite/tflite_generated.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace qcc::test {

namespace schema = tflite::schema;

struct TensorSpec {
  std::string name;
  std::vector<int32_t> shape;
  schema::TensorType type = schema::TensorType::INT8;
  std::vector<float> scales = {};
  std::vector<int64_t> zeroPoints = {};
  int32_t dimension = 0;
  std::vector<uint8_t> data = {}; ///< of a constant
  bool isVariable = false;
  bool isSparse = false;
  std::optional<uint32_t> buffer = {}; ///< instead of one of its own
};

/// The bytes of 32-bit integers.
std::vector<uint8_t> bytesOf(std::vector<int32_t> values);

using OptionsBuilder = std::function<flatbuffers::Offset<void>(flatbuffers::FlatBufferBuilder &)>;

struct CustomOperator {
  std::string name;
  std::vector<int32_t> operands, results;
  std::vector<uint8_t> options = {};
};

/// A model of one operator, or of custom ones.
struct ModelSpec {
  std::vector<TensorSpec> tensors;
  schema::BuiltinOperator code = schema::BuiltinOperator::ADD;
  std::vector<int32_t> operands, results;
  schema::BuiltinOptions optionsType = schema::BuiltinOptions::NONE;
  OptionsBuilder options = {};
  std::vector<int32_t> inputs = {0}, outputs = {1};
  uint32_t version = 3, opcodeIndex = 0;
  int subgraphs = 1;
  std::string customCode = {};
  std::vector<CustomOperator> customOperators = {}; ///< if there are any, all that the model has

  std::string build() const;
};

/// int8, one scale, zero point 0.
TensorSpec activation(std::string name, std::vector<int32_t> shape, float scale = 0.5f);

/// A 1x1 convolution of 2 to 2 channels with per-channel weights and a bias.
ModelSpec convolution();
/// A dense layer of 4 features and 2 units.
ModelSpec fullyConnected();
/// An operator with one operand besides constant ones.
ModelSpec unary(schema::BuiltinOperator code, std::vector<int32_t> input, std::vector<int32_t> output);

struct Outcome {
  std::string text;        ///< the module in text, without resources and types' aliases; empty after an error
  std::string diagnostics; ///< "error: text" and so on, a line each
};

Outcome import(const std::string &bytes, ImportOptions options = {});

} // namespace qcc::test

#endif // QCC_TEST_UNIT_IMPORT_TFLITE_TESTMODEL_H
