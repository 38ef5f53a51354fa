// Every kind of damaged or unsupported file gives one clear error.
#include "catch2/catch.hpp"
#include "test/unit/import_tflite/TestModel.h"

#include <limits>

using namespace qcc;
using namespace qcc::test;
using schema::BuiltinOperator;
using schema::BuiltinOptions;
using schema::TensorType;

/// The error of a model that `damage` changed.
static std::string errorOf(ModelSpec model, const std::function<void(ModelSpec &)> &damage) {
  damage(model);
  Outcome outcome = import(model.build());
  CHECK(outcome.text.empty());
  return outcome.diagnostics;
}

static std::string convolutionError(const std::function<void(ModelSpec &)> &damage) {
  return errorOf(convolution(), damage);
}

TEST_CASE("files that are not TFLite") {
  CHECK(import("").diagnostics == "error: is not a TFLite file: expects the identifier 'TFL3' at byte 4 of at least 8, "
                                  "but the file has 0 bytes and another identifier or none\n");
  std::string bytes = convolution().build();
  CHECK(import(bytes.substr(0, bytes.size() / 2)).diagnostics ==
        "error: is damaged or truncated: a table or an offset lies outside the file's " +
            std::to_string(bytes.size() / 2) + " bytes\n");
  bytes[5] = 'x';
  CHECK(import(bytes).text.empty());
}

TEST_CASE("no prefix of a file crashes") {
  std::string bytes = convolution().build();
  for (size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(import(bytes.substr(0, size)).diagnostics.empty());
}

TEST_CASE("the model as a whole") {
  CHECK(convolutionError([](ModelSpec &m) { m.version = 2; }) ==
        "error: expects version 3 of the TFLite format, but the file has version 2\n");
  CHECK(convolutionError([](ModelSpec &m) { m.subgraphs = 2; }) ==
        "error: expects a model of 1 subgraph, but the file has 2; control flow is not supported\n");
  CHECK(convolutionError([](ModelSpec &m) { m.outputs = {}; }) ==
        "error: expects at least 1 output of the model, but it has none\n");
  CHECK(convolutionError([](ModelSpec &m) { m.inputs = {7}; }) ==
        "error: the model's inputs refer to tensor 7, but the file has 4\n");
  CHECK(convolutionError([](ModelSpec &m) { m.inputs = {0, 0}; }) ==
        "error: 'x': is an input of the model, but it is also a constant or another input\n");
  CHECK(convolutionError([](ModelSpec &m) { m.outputs = {-1}; }) ==
        "error: the model's outputs refer to tensor -1, but the file has 4\n");
}

TEST_CASE("order of operators") {
  CHECK(convolutionError([](ModelSpec &m) { m.operands = {1, 2, 3}; }) ==
        "error: 'y': is read by operator 0 (CONV_2D) before any operator writes it: the graph has a cycle, or the "
        "tensor has no data\n");
  CHECK(convolutionError([](ModelSpec &m) { m.results = {0}; }) ==
        "error: 'x': is written by operator 0 (CONV_2D), but it is a constant, an input, or written before\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.tensors.push_back(activation("z", {1}));
          m.outputs = {4};
        }) == "error: 'z': is an output of the model, but no operator writes it\n");
  CHECK(convolutionError([](ModelSpec &m) { m.operands = {0, 2, 9}; }) ==
        "error: operator 0 (CONV_2D) refers to tensor 9, but the file has 4\n");
  CHECK(convolutionError([](ModelSpec &m) { m.opcodeIndex = 3; }) ==
        "error: operator 0 has the operator code 3, but the file has 1 codes\n");
}

TEST_CASE("tensors") {
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].type = TensorType::BOOL; }) ==
        "error: 'x': has the type BOOL, which is not supported (supported: FLOAT32, INT4, INT8, UINT8, INT16, INT32, "
        "and INT64 for constant indices)\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].type = TensorType::INT64; }) ==
        "error: 'x': has the type INT64, which is supported only for constant indices\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].shape[1] = -4; }) ==
        "error: 'x': expects sizes of at least 0, but dimension 1 has -4; give the model a fixed shape before "
        "converting it\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].shape = {65536, 65536}; }) ==
        "error: 'x': has 2^31 elements or more, which is not supported\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].shape = {1, 1, 1, 1, 1, 1, 1, 1, 1}; }) ==
        "error: 'x': has rank 9, but at most 8 is supported\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[2].data.pop_back(); }) ==
        "error: 'w': expects 4 bytes for its 4 elements of INT8, but buffer 1 has 3\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[2].buffer = 12; }) ==
        "error: 'w': refers to buffer 12, but the file has 3\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[2].isSparse = true; }) ==
        "error: 'w': is stored sparsely, which is not supported; convert the model to dense weights\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.tensors.push_back(activation("state", {1, 4, 4, 2}));
          m.tensors.back().isVariable = true;
          m.operands[0] = 4;
        }) == "error: 'state': is a variable tensor; models with state are not supported yet\n");
}

TEST_CASE("scales and zero points") {
  float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  for (auto [scale, text] : {std::pair(nan, "nan"), std::pair(infinity, "inf"), std::pair(-0.5f, "-5.000000e-01")}) {
    std::string error = convolutionError([&](ModelSpec &m) { m.tensors[0].scales = {scale}; });
    CHECK_THAT(error, Catch::StartsWith("error: 'x': expects finite positive scales, but scale 0 is "));
    CHECK_THAT(error, Catch::Contains(text, Catch::CaseSensitive::No));
  }
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].zeroPoints = {128}; }) ==
        "error: 'x': expects zero points from -128 to 127 for INT8, but zero point 0 is 128\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[0].zeroPoints = {0, 0}; }) ==
        "error: 'x': expects as many zero points as scales, but has 2 zero points and 1 scales\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[2].scales = {1, 1, 1}; }) ==
        "error: 'w': has 3 scales, but 2 channels in dimension 0\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.tensors[0].scales = {1, 1};
          m.tensors[0].zeroPoints = {0, 0};
        }) == "error: 'x': has 2 scales, but only weights of convolutions and dense layers may have more than 1\n");
}

TEST_CASE("operators that are not supported") {
  std::string error = convolutionError([](ModelSpec &m) { m.code = BuiltinOperator::GATHER; });
  CHECK_THAT(error, Catch::StartsWith("error: 'y': operator 0 (GATHER) is not supported\nnote: supported are ADD, "));
  CHECK(convolutionError([](ModelSpec &m) {
          m.code = static_cast<BuiltinOperator>(5000);
        }).starts_with("error: 'y': operator 0 (number 5000) is not supported\n"));
  CHECK(convolutionError([](ModelSpec &m) { m.code = BuiltinOperator::SVDF; }) ==
        "error: 'y': operator 0 (SVDF) is not supported yet; recurrent layers cannot be imported\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.code = BuiltinOperator::CUSTOM;
          m.customCode = "Detect\n";
        }) == "error: 'y': operator 0 (CUSTOM) is the custom operator 'Detect?', which is not supported\n"
              "note: supported are LceBMaxPool2d, LceBconv2d, LceDequantize, LceQuantize\n");
}

TEST_CASE("operands and options") {
  CHECK(convolutionError([](ModelSpec &m) { m.operands = {0}; }) ==
        "error: 'y': operator 0 (CONV_2D) expects 2 to 3 inputs, but has 1\n");
  CHECK(convolutionError([](ModelSpec &m) { m.operands = {0, -1, 3}; }) ==
        "error: 'y': operator 0 (CONV_2D) expects input 1, but it is not given\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.optionsType = BuiltinOptions::NONE;
          m.options = {};
        }) == "error: 'y': operator 0 (CONV_2D) expects the options Conv2DOptions, but has none or others\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.options = [](auto &builder) {
            return schema::CreateConv2DOptions(builder, schema::Padding::SAME, 0, 2).Union();
          };
        }) == "error: 'y': operator 0 (CONV_2D) expects a kernel, strides and dilations of at least 1, but got 1, 0 "
              "and 1\n");
  CHECK(convolutionError([](ModelSpec &m) {
          m.options = [](auto &builder) {
            return schema::CreateConv2DOptions(builder, schema::Padding::SAME, 2, 2,
                                               schema::ActivationFunctionType::TANH)
                .Union();
          };
        }) == "error: 'y': operator 0 (CONV_2D) has the fused activation TANH, which is not supported (supported: "
              "NONE, RELU, RELU6, RELU_N1_TO_1)\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[3].type = TensorType::FLOAT32; }) ==
        "error: 'y': operator 0 (CONV_2D) expects a bias of INT32 for integer inputs, but 'b' has FLOAT32\n");
  CHECK(convolutionError([](ModelSpec &m) { m.tensors[2].shape = {2, 2}; }) ==
        "error: 'y': operator 0 (CONV_2D) expects tensors of rank 4, but got "
        "'tensor<2x2x!quant.uniform<i8:f32:0, {2.500000e-01,1.250000e-01}>>'\n");
}

TEST_CASE("shapes that do not fit") {
  CHECK_THAT(convolutionError([](ModelSpec &m) { m.tensors[1].shape = {1, 3, 2, 2}; }),
             Catch::Contains("expects a result of shape [1, 2, 2, 2]"));
  CHECK_THAT(convolutionError([](ModelSpec &m) { m.tensors[0].shape = {1, 4, 4, 3}; }),
             Catch::Contains("expects 2 input channels times 1 groups from the filter, but the input has 3"));
  CHECK(errorOf(fullyConnected(), [](ModelSpec &m) { m.tensors[0].shape = {1, 1, 5}; }) ==
        "error: 'y': operator 0 (FULLY_CONNECTED) expects a multiple of the weights' 4 features as input, but got 5 "
        "elements\n");
}

TEST_CASE("constant indices") {
  auto transpose = [] {
    ModelSpec model = unary(BuiltinOperator::TRANSPOSE, {2, 3}, {3, 2});
    model.tensors.push_back({.name = "p", .shape = {2}, .type = TensorType::INT32, .data = bytesOf({1, 0})});
    model.operands = {0, 2};
    return model;
  };
  CHECK(errorOf(transpose(), [](ModelSpec &m) { m.tensors[2].type = TensorType::FLOAT32; }) ==
        "error: 'y': operator 0 (TRANSPOSE) expects INT32 or INT64 as the permutation, but 'p' has FLOAT32\n");
  CHECK(errorOf(transpose(), [](ModelSpec &m) {
          m.tensors[2].data.clear();
          m.inputs = {0, 2};
        }) == "error: 'y': operator 0 (TRANSPOSE) expects a constant as the permutation, but 'p' is computed\n");
  CHECK_THAT(errorOf(transpose(), [](ModelSpec &m) { m.tensors[2].data = bytesOf({1, 1}); }),
             Catch::Contains("expects a permutation of the 2 dimensions, but got [1, 1]"));
  ModelSpec mean = unary(BuiltinOperator::MEAN, {2, 3}, {2});
  mean.tensors.push_back({.name = "a", .shape = {1}, .type = TensorType::INT32, .data = bytesOf({5})});
  mean.operands = {0, 2};
  CHECK(errorOf(mean, [](ModelSpec &) {}) == "error: 'y': operator 0 (MEAN) expects an axis from -2 to 1, but got 5\n");
}

TEST_CASE("many tensors that share a buffer") {
  // Each of 64 parts of a concatenation is the same constant: more than 16 times the file.
  ModelSpec model = unary(BuiltinOperator::CONCATENATION, {1, 8192}, {65, 8192});
  model.optionsType = BuiltinOptions::ConcatenationOptions;
  model.options = [](auto &builder) { return schema::CreateConcatenationOptions(builder, 0).Union(); };
  for (int i = 0; i < 64; ++i) {
    TensorSpec part = activation("c" + std::to_string(i), {1, 8192});
    if (i == 0)
      part.data.resize(8192);
    else
      part.buffer = 1;
    model.tensors.push_back(part);
    model.operands.push_back(2 + i);
  }
  CHECK_THAT(import(model.build()).diagnostics,
             Catch::Contains("makes the model's constants more than 16 times as large as the file; too many tensors "
                             "share one buffer"));
}
