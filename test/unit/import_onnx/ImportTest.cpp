// What models of a few operators compute, in the interpreter, and what stands for their numbers.
#include "catch2/catch.hpp"
#include "test/unit/import_onnx/TestModel.h"

using namespace qcc::test;

using Floats = std::vector<float>;

/// What a model gives for an input.
static Floats run(const TestModel &model, const Floats &input) {
  Outcome outcome = import(model, input);
  CHECK(outcome.diagnostics == "");
  return outcome.result;
}

TEST_CASE("a convolution reads [n, c, h, w]") {
  TestModel model({1, 2, 2, 2});
  model.floats("w", {2, 2, 1, 2}, {1, 2, 10, 20, 3, 4, 30, 40}).floats("b", {2}, {0.5F, -0.5F});
  model.node("Conv", {"x", "w", "b"}, "y").with("pads", {0, 1, 0, 0});
  // Channel 0 is [[1, 2], [3, 4]], channel 1 [[5, 6], [7, 8]].
  CHECK(run(model, {1, 2, 3, 4, 5, 6, 7, 8}) == Floats{102.5F, 175.5F, 146.5F, 241.5F, 203.5F, 400.5F, 291.5F, 554.5F});
}

TEST_CASE("depthwise and strided convolutions, and automatic padding") {
  TestModel model({1, 2, 3, 1});
  model.floats("w", {2, 1, 2, 1}, {1, 10, 2, 20});
  model.node("Conv", {"x", "w"}, "y").with("group", int64_t(2)).with("auto_pad", "SAME_UPPER").with("strides", {2, 1});
  CHECK(run(model, {1, 2, 3, 4, 5, 6}) == Floats{21, 3, 108, 12});
}

TEST_CASE("elementwise operators keep the layout of their operands") {
  TestModel model({1, 2, 2, 1});
  model.floats("w", {2, 2, 1, 1}, {1, 0, 0, 1}).floats("c", {2, 1, 1}, {10, 20}).floats("s", {}, {4});
  model.node("Conv", {"x", "w"}, "a").node("Add", {"a", "c"}, "b").node("Div", {"b", "s"}, "d");
  model.node("Mul", {"d", "x"}, "e").node("Relu", {"e"}, "y");
  CHECK(run(model, {4, -2, 8, 0}) == Floats{14, 0, 56, 0});
}

TEST_CASE("shapes are computed") {
  TestModel model({2, 3, 1, 2});
  model.integers("zero", {}, {0}).integers("rest", {1}, {-1}).floats("w", {6, 1}, {1, 2, 3, 4, 5, 6});
  model.node("Shape", {"x"}, "s").node("Gather", {"s", "zero"}, "n");
  model.node("Unsqueeze", {"n", "axes"}, "m").node("Concat", {"m", "rest"}, "to").with("axis", int64_t(0));
  model.integers("axes", {1}, {0});
  model.node("Reshape", {"x", "to"}, "flat").node("MatMul", {"flat", "w"}, "y");
  CHECK(run(model, {1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 2}) == Floats{21, 12});
}

TEST_CASE("constants are computed with") {
  TestModel model({1, 2});
  model.floats("v", {1}, {16}).floats("half", {}, {0.5F}).floats("m", {2}, {1, 2});
  model.node("Pow", {"v", "half"}, "d").node("Sub", {"x", "m"}, "c").node("Div", {"c", "d"}, "y");
  Outcome outcome = import(model, {9, 2});
  CHECK(outcome.result == Floats{2, 0});
  CHECK(outcome.text.find("qnn.mul") != std::string::npos);
}

TEST_CASE("quantizers of QONNX: codes stand for both operands of a contraction") {
  for (const char *domain : {"onnx.brevitas", "qonnx.custom_op.general", "finn.custom_op.general"}) {
    TestModel model({1, 4});
    model.floats("w", {4, 2}, {1, -1, -3, 2, 0, 0, -0.5F, 5}).floats("one", {}, {1}).floats("two", {}, {2});
    model.node("BipolarQuant", {"x", "two"}, "a", domain).node("BipolarQuant", {"w", "one"}, "b", domain);
    model.node("MatMul", {"a", "b"}, "y");
    Outcome outcome = import(model, {0, -1, 3, -0.25F});
    CHECK(outcome.diagnostics == "");
    // Signs [1, -1, 1, -1] and [[1, -1], [-1, 1], [1, 1], [-1, 1]]; 0 is positive.
    CHECK(outcome.result == Floats{8, -4});
    CHECK(outcome.text.find("tensor<1x4x!qnn.binary<alpha = [2.000000e+00]>>, tensor<2x4x!qnn.binary>") !=
          std::string::npos);
  }
}

TEST_CASE("beside floats, signs stay bits, and other codes become floats") {
  TestModel model({1, 3});
  model.floats("w", {3, 2}, {0.5F, -1, -2, 3, 0, -0.25F}).floats("s", {2}, {2, 0.5F}).floats("c", {2}, {1, -1});
  model.node("BipolarQuant", {"w", "s"}, "b", "onnx.brevitas").node("Gemm", {"x", "b", "c"}, "y");
  Outcome outcome = import(model, {0.25F, 1, -3});
  CHECK(outcome.diagnostics == "");
  // Signs are [[1, -1, 1], [-1, 1, -1]].
  CHECK(outcome.result == Floats{-6.5F, 0.875F});
  CHECK(outcome.text.find("tensor<2x3x!qnn.binary<axis = 0, alpha = [2.000000e+00, 5.000000e-01]>>") !=
        std::string::npos);
  TestModel integers({1, 3});
  integers.floats("w", {3, 2}, {1, -1, -2, 3, 0, 2}).floats("s", {}, {1}).floats("zero", {}, {0});
  integers.floats("bits", {}, {4}).node("Quant", {"w", "s", "zero", "bits"}, "b", "onnx.brevitas");
  integers.node("MatMul", {"x", "b"}, "y");
  outcome = import(integers, {0.25F, 1, -3});
  CHECK(outcome.result == Floats{-1.75F, -3.25F});
  CHECK(outcome.text.find("tensor<2x3xf32>") != std::string::npos);
}

TEST_CASE("Quant rounds halves to even, and clamps") {
  TestModel model({6});
  model.floats("scale", {}, {0.5F}).floats("zero", {}, {0}).floats("bits", {}, {3});
  model.node("Quant", {"x", "scale", "zero", "bits"}, "q", "onnx.brevitas").with("signed", int64_t(1));
  model.node("Relu", {"q"}, "r").node("Sub", {"q", "r"}, "n").node("Add", {"n", "r"}, "y");
  CHECK(run(model, {0.25F, 0.75F, 1.25F, -0.75F, 9, -9}) == Floats{0, 1, 1, -1, 1.5F, -2});
  model.proto.mutable_graph()->mutable_node(0)->add_attribute()->set_name("narrow");
  model.proto.mutable_graph()->mutable_node(0)->mutable_attribute(1)->set_i(1);
  CHECK(run(model, {0.25F, 0.75F, 1.25F, -0.75F, 9, -9}) == Floats{0, 1, 1, -1, 1.5F, -1.5F});
}

TEST_CASE("Trunc drops low bits") {
  TestModel model({6});
  model.floats("scale", {}, {0.5F}).floats("zero", {}, {1}).floats("in", {}, {6}).floats("out", {}, {4});
  const Floats input = {0, 0.5F, 2.5F, 4.5F, -1.5F, 3.2F}; // of 4 in each, with the zero point: 1 2 6 10 -2 7
  auto truncated = [&](const char *mode) {
    TestModel copy = model;
    return run(copy.node("Trunc", {"x", "scale", "zero", "in", "out"}, "y", "finn.custom_op.general")
                   .with("rounding_mode", mode),
               input);
  };
  CHECK(truncated("FLOOR") == Floats{-0.5F, -0.5F, 0, 0.5F, -1, 0});
  CHECK(truncated("ceil") == Floats{0, 0, 0.5F, 1, -0.5F, 0.5F});
  CHECK(truncated("ROUND") == Floats{-0.5F, -0.5F, 0.5F, 0.5F, -0.5F, 0.5F});
}

TEST_CASE("Trunc to a scale of its own, and clamped") {
  TestModel model({5});
  model.floats("scale", {}, {0.5F}).floats("zero", {}, {0}).floats("in", {}, {8}).floats("out", {}, {2});
  model.floats("result", {}, {2});
  model.node("Trunc", {"x", "scale", "zero", "in", "result", "out"}, "y", "qonnx.custom_op.general");
  CHECK(run(model, {-9, -1.5F, 0, 3.5F, 50}) == Floats{-4, -2, 0, 2, 2});
  CHECK(run(model.with("signed", int64_t(0)).with("narrow", int64_t(1)), {-9, -1.5F, 0, 3.5F, 50}) ==
        Floats{0, 0, 0, 2, 4});
}

TEST_CASE("weights have scales for each channel") {
  TestModel model({1, 2});
  model.floats("w", {2, 2}, {1, 100, 2, 300}).floats("s", {2}, {1, 100}).floats("t", {}, {0.5F});
  model.floats("zero", {}, {0}).floats("bits", {}, {4});
  model.node("Quant", {"w", "s", "zero", "bits"}, "b", "onnx.brevitas");
  model.node("Quant", {"x", "t", "zero", "bits"}, "a", "onnx.brevitas").node("MatMul", {"a", "b"}, "y");
  Outcome outcome = import(model, {1, -0.5F});
  CHECK(outcome.diagnostics == "");
  CHECK(outcome.result == Floats{0, -50});
  CHECK(outcome.text.find("quant.uniform<i4:f32:0") != std::string::npos);
}

TEST_CASE("QuantizeLinear and DequantizeLinear") {
  TestModel model({1, 3});
  model.floats("s", {}, {0.5F}).integers("z", {}, {2}, TensorProto::INT8);
  model.integers("w", {3, 1}, {3, 2, 1}, TensorProto::INT8)
      .floats("t", {}, {2})
      .integers("o", {}, {0}, TensorProto::INT8);
  model.node("QuantizeLinear", {"x", "s", "z"}, "q").node("DequantizeLinear", {"q", "s", "z"}, "a");
  model.node("DequantizeLinear", {"w", "t", "o"}, "b").node("MatMul", {"a", "b"}, "y");
  Outcome outcome = import(model, {1, 0.25F, -100});
  CHECK(outcome.diagnostics == "");
  CHECK(outcome.result == Floats{6 - 130});
  CHECK(outcome.text.find("qnn.dequantize") == std::string::npos);
}

TEST_CASE("pools, normalisation and softmax") {
  TestModel pool({1, 1, 2, 2});
  pool.node("MaxPool", {"x"}, "m").with("kernel_shape", {2, 1}).node("GlobalAveragePool", {"m"}, "g");
  pool.node("Flatten", {"g"}, "y");
  CHECK(run(pool, {1, 7, 5, 3}) == Floats{6});
  TestModel norm({1, 2});
  norm.floats("g", {2}, {2, 1}).floats("b", {2}, {0, 1}).floats("m", {2}, {1, 0}).floats("v", {2}, {4, 1});
  norm.node("BatchNormalization", {"x", "g", "b", "m", "v"}, "y").with("epsilon", 0.0F);
  CHECK(run(norm, {3, 5}) == Floats{2, 6});
  TestModel soft({1, 2}, 9);
  soft.node("Softmax", {"x"}, "y");
  CHECK(run(soft, {3, 3}) == Floats{0.5F, 0.5F});
}

TEST_CASE("operators of codes are those of numbers between quantizers") {
  TestModel model({1, 3});
  model.floats("s", {}, {0.5F}).integers("z", {}, {2}, TensorProto::INT8);
  model.integers("w", {3, 1}, {3, 2, 1}, TensorProto::INT8)
      .floats("t", {}, {2})
      .integers("o", {}, {0}, TensorProto::INT8);
  model.floats("u", {}, {4}).integers("v", {}, {-1}, TensorProto::INT8);
  model.node("QuantizeLinear", {"x", "s", "z"}, "q");
  model.node("QLinearMatMul", {"q", "s", "z", "w", "t", "o", "u", "v"}, "m");
  model.node("DequantizeLinear", {"m", "u", "v"}, "y");
  Outcome outcome = import(model, {1, 0.25F, -100});
  CHECK(outcome.diagnostics == "");
  // 6 - 130 in steps of 4, from a code of -128 on.
  CHECK(outcome.result == Floats{-124});
  CHECK(outcome.text.find("qnn.dense") != std::string::npos);
}

TEST_CASE("what follows from constants is computed") {
  TestModel model({1, 2});
  model.floats("c", {2, 2}, {1, -2, 3, 4})
      .node("Abs", {"c"}, "a")
      .node("ReduceMax", {"a"}, "m")
      .with("keepdims", int64_t(0));
  model.node("Exp", {"m"}, "e").node("Log", {"e"}, "l").node("Mul", {"x", "l"}, "y");
  Outcome outcome = import(model, {1, 2});
  CHECK(outcome.result == Floats{4, 8});
  CHECK(outcome.text.find("qnn.apply") == std::string::npos);
}

TEST_CASE("a transposed convolution adds its windows") {
  TestModel model({1, 1, 2, 1});
  model.floats("w", {1, 1, 3, 1}, {1, 10, 100}).node("ConvTranspose", {"x", "w"}, "y").with("strides", {2, 1});
  CHECK(run(model, {1, 2}) == Floats{1, 10, 102, 20, 200});
}

TEST_CASE("windows that the last one reaches beyond, and linear interpolation") {
  TestModel pool({1, 1, 1, 4});
  pool.node("AveragePool", {"x"}, "y")
      .with("kernel_shape", {1, 3})
      .with("strides", {1, 2})
      .with("ceil_mode", int64_t(1));
  CHECK(run(pool, {1, 2, 3, 5}) == Floats{2, 4});
  TestModel resize({1, 1, 1, 2});
  resize.floats("s", {4}, {1, 1, 1, 2}).node("Resize", {"x", "", "s"}, "y").with("mode", "linear");
  CHECK(run(resize, {1, 5}) == Floats{1, 2, 4, 5});
}

TEST_CASE("truth values and integers are numbers") {
  TestModel model({4});
  model.floats("zero", {}, {0})
      .floats("one", {}, {1})
      .node("Less", {"x", "zero"}, "n")
      .node("Greater", {"x", "one"}, "p");
  model.node("Or", {"n", "p"}, "o")
      .node("Where", {"o", "zero", "x"}, "w")
      .node("Cast", {"w"}, "y")
      .with("to", int64_t(TensorProto::FLOAT));
  CHECK(run(model, {-1, 0.5F, 1, 2}) == Floats{0, 0.5F, 1, 0});
}
