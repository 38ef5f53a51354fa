// What right files become.
#include "catch2/catch.hpp"
#include "test/unit/import_tflite/TestModel.h"

using namespace qcc;
using namespace qcc::test;
using Catch::Contains;
using schema::BuiltinOperator;
using schema::BuiltinOptions;
using schema::TensorType;

/// The text of a model that must import without any diagnostic.
static std::string textOf(const ModelSpec &model, RoundingProfile rounding = RoundingProfile::Tflm) {
  Outcome outcome = import(model.build(), {.rounding = rounding});
  CHECK(outcome.diagnostics == "");
  return outcome.text;
}

/// Adds a constant operand of indices.
static ModelSpec &addIndices(ModelSpec &model, std::vector<int32_t> values) {
  model.operands.push_back(model.tensors.size());
  model.tensors.push_back({.name = "i" + std::to_string(model.tensors.size()),
                           .shape = {static_cast<int32_t>(values.size())},
                           .type = TensorType::INT32,
                           .data = bytesOf(values)});
  return model;
}

TEST_CASE("convolution: layout, pads, formats, names") {
  std::string text = textOf(convolution());
  CHECK_THAT(text, Contains("func.func @a_model(%arg0: tensor<1x4x4x2x!quant.uniform<i8:f32, 5.000000e-01>> {qnn.name "
                            "= \"x\"}) -> (tensor<1x2x2x2x!quant.uniform<i8:f32, 1.000000e+00>> {qnn.name = \"y\"})"));
  CHECK_THAT(text, Contains("qnn.constant dense_resource<w> : tensor<2x1x1x2xi8> {name = \"w\"} : "
                            "tensor<2x1x1x2x!quant.uniform<i8:f32:0, {2.500000e-01,1.250000e-01}>>"));
  CHECK_THAT(text, Contains("qnn.constant dense_resource<b> : tensor<2xi32> {name = \"b\"} : tensor<2xi32>"));
  CHECK_THAT(text, Contains("activation = #qnn.activation<relu>"));
  CHECK_THAT(text, Contains("strides = array<i64: 2, 2>"));
  CHECK(import(convolution().build(), {.modelName = "net"}).text.find("@net(") != std::string::npos);
}

TEST_CASE("an odd pad has its larger half at the end") {
  ModelSpec model = unary(BuiltinOperator::MAX_POOL_2D, {1, 4, 4, 1}, {1, 4, 4, 1});
  model.optionsType = BuiltinOptions::Pool2DOptions;
  model.options = [](auto &builder) {
    return schema::CreatePool2DOptions(builder, schema::Padding::SAME, 1, 1, 2, 4).Union();
  };
  CHECK_THAT(textOf(model), Contains("kernel = array<i64: 4, 2>, pads = array<i64: 1, 2, 0, 1>"));
}

TEST_CASE("channels are read by the operator, with one warning") {
  ModelSpec model = convolution();
  model.tensors[2].dimension = model.tensors[3].dimension = 3;
  Outcome outcome = import(model.build());
  CHECK_THAT(outcome.text, Contains("i8:f32:0, {2.500000e-01,1.250000e-01}"));
  CHECK(outcome.diagnostics ==
        "warning: 'w': has its scales on dimension 3 by the file, but its operator has the channels in dimension 0; "
        "all weights and biases of this model are read by their operator\n");
}

TEST_CASE("a bias made for another scale") {
  ModelSpec model = convolution();
  model.tensors[3].scales = {0.125f, 0.065f};
  CHECK(import(model.build()).diagnostics ==
        "warning: 'y': the scale of the bias differs by more than 2 % from the product of the scales of input and "
        "filter, which is used\n");
}

TEST_CASE("dense layers flatten their input") {
  ModelSpec model = fullyConnected();
  model.tensors[0].shape = {1, 2, 2};
  std::string text = textOf(model);
  CHECK_THAT(text, Contains("qnn.reshape %arg0"));
  CHECK_THAT(text, Contains("qnn.dense"));
  CHECK_THAT(text, !Contains("rescale"));
  CHECK_THAT(textOf(model, RoundingProfile::Litert), Contains("#qnn.rescale<rounding = single>"));
}

TEST_CASE("dense layers that keep dimensions") {
  ModelSpec model = fullyConnected();
  model.tensors[0].shape = {3, 1, 4};
  model.tensors[1].shape = {3, 1, 2};
  model.options = [](auto &builder) {
    return schema::CreateFullyConnectedOptions(builder, schema::ActivationFunctionType::NONE,
                                               schema::WeightsFormat::DEFAULT, true)
        .Union();
  };
  std::string text = textOf(model);
  CHECK_THAT(text, !Contains("qnn.reshape"));
  CHECK_THAT(text, Contains("-> tensor<3x1x2x!quant"));
}

TEST_CASE("integer weights of float layers become floats") {
  ModelSpec model = fullyConnected();
  for (int i : {0, 1}) {
    model.tensors[i].type = TensorType::FLOAT32;
    model.tensors[i].scales = {};
    model.tensors[i].zeroPoints = {};
  }
  CHECK_THAT(textOf(model), Contains("dense_resource<w> : tensor<2x4xf32>"));
}

TEST_CASE("number formats") {
  ModelSpec model = unary(BuiltinOperator::RELU, {4}, {4});
  auto format = [&](TensorType type, std::vector<float> scales, std::vector<int64_t> zeroPoints) {
    for (TensorSpec &tensor : model.tensors) {
      tensor.type = type;
      tensor.scales = scales;
      tensor.zeroPoints = zeroPoints;
    }
    return textOf(model);
  };
  CHECK_THAT(format(TensorType::UINT8, {0.5f}, {128}), Contains("tensor<4x!quant.uniform<u8:f32, 5.000000e-01:128>>"));
  CHECK_THAT(format(TensorType::INT16, {0.5f}, {0}), Contains("tensor<4x!quant.uniform<i16:f32, 5.000000e-01>>"));
  CHECK_THAT(format(TensorType::INT4, {0.5f}, {-8}), Contains("tensor<4x!quant.uniform<i4:f32, 5.000000e-01:-8>>"));
  CHECK_THAT(format(TensorType::INT8, {}, {}), Contains("tensor<4xi8>"));
  CHECK_THAT(format(TensorType::INT8, {0.0f}, {0}), Contains("tensor<4xi8>"));
  CHECK_THAT(format(TensorType::UINT8, {}, {}), Contains("tensor<4xui8>"));
  CHECK_THAT(format(TensorType::FLOAT32, {0.5f}, {3}), Contains("tensor<4xf32>"));
}

TEST_CASE("rounding by profile") {
  ModelSpec model = unary(BuiltinOperator::MUL, {4}, {4});
  model.operands = {0, 0};
  CHECK_THAT(textOf(model), !Contains("rescale"));
  CHECK_THAT(textOf(model, RoundingProfile::Litert), Contains("#qnn.rescale<product = f32_quotient>"));
  CHECK_THAT(textOf(model, RoundingProfile::Single), Contains("#qnn.rescale<rounding = single>"));
}

TEST_CASE("slices") {
  ModelSpec model = unary(BuiltinOperator::STRIDED_SLICE, {3, 8}, {4});
  model.optionsType = BuiltinOptions::StridedSliceOptions;
  // Row 1 as a vector, from column 1 to the end by 2.
  model.options = [](auto &builder) {
    return schema::CreateStridedSliceOptions(builder, 0, /*end_mask=*/2, 0, 0, /*shrink_axis_mask=*/1).Union();
  };
  addIndices(addIndices(addIndices(model, {-2, 1}), {0, 0}), {1, 2});
  std::string text = textOf(model);
  CHECK_THAT(text, Contains("starts = array<i64: 1, 1>, strides = array<i64: 1, 2>"));
  CHECK_THAT(text, Contains("(tensor<1x4x!quant.uniform<i8:f32, 5.000000e-01>>) -> tensor<4x!quant"));

  ModelSpec slice = unary(BuiltinOperator::SLICE, {3, 8}, {2, 8});
  addIndices(addIndices(slice, {1, 0}), {2, -1});
  CHECK_THAT(textOf(slice), Contains("starts = array<i64: 1, 0>, strides = array<i64: 1, 1>"));
}

TEST_CASE("pack and unpack") {
  ModelSpec pack = unary(BuiltinOperator::PACK, {3}, {3, 2});
  pack.operands = {0, 0};
  pack.optionsType = BuiltinOptions::PackOptions;
  pack.options = [](auto &builder) { return schema::CreatePackOptions(builder, 2, -1).Union(); };
  CHECK_THAT(textOf(pack), Contains("qnn.concat") && Contains("axis = 1"));

  ModelSpec unpack = unary(BuiltinOperator::UNPACK, {2, 3}, {3});
  unpack.tensors.push_back(activation("z", {3}));
  unpack.results = {1, 2};
  unpack.outputs = {1, 2};
  unpack.optionsType = BuiltinOptions::UnpackOptions;
  unpack.options = [](auto &builder) { return schema::CreateUnpackOptions(builder, 2, 0).Union(); };
  CHECK_THAT(textOf(unpack), Contains("qnn.split %arg0") && Contains("qnn.reshape"));
}

TEST_CASE("concatenation brings its inputs to one format") {
  ModelSpec model = unary(BuiltinOperator::CONCATENATION, {1, 3}, {2, 3});
  model.tensors.push_back(activation("x2", {1, 3}, 0.25f));
  model.operands = {0, 2};
  model.inputs = {0, 2};
  model.optionsType = BuiltinOptions::ConcatenationOptions;
  model.options = [](auto &builder) { return schema::CreateConcatenationOptions(builder, 0).Union(); };
  CHECK_THAT(textOf(model), Contains("qnn.requantize %arg1"));
}

TEST_CASE("pads and means") {
  ModelSpec pad = unary(BuiltinOperator::PADV2, {2, 3}, {3, 5});
  addIndices(pad, {1, 0, 0, 2});
  pad.tensors.back().shape = {2, 2};
  pad.operands.push_back(3);
  pad.tensors.push_back(activation("v", {1}));
  pad.tensors.back().data = {7};
  CHECK_THAT(textOf(pad), Contains("high = array<i64: 0, 2>, low = array<i64: 1, 0>, value = 3.500000e+00"));

  ModelSpec mean = unary(BuiltinOperator::MEAN, {2, 3, 4}, {2});
  addIndices(mean, {-1, 1, 1});
  CHECK_THAT(textOf(mean), Contains("axes = array<i64: 1, 2>"));
}

TEST_CASE("changes of format") {
  ModelSpec model = unary(BuiltinOperator::QUANTIZE, {4}, {4});
  model.tensors[0].scales = {0.25f};
  CHECK_THAT(textOf(model), Contains("qnn.requantize"));
  model.tensors[0] = {.name = "x", .shape = {4}, .type = TensorType::FLOAT32};
  CHECK_THAT(textOf(model), Contains("qnn.quantize"));
}
