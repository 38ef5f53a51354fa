// Every kind of damaged or unsupported file gives one clear error.
#include "catch2/catch.hpp"
#include "test/unit/import_onnx/TestModel.h"
#include "test/unit/weights/TestFiles.h"

#include <map>

using namespace qcc::test;

/// The first line of what is said about a model that does not import.
static std::string errorOf(const TestModel &model) {
  Outcome outcome = import(model);
  CHECK(outcome.text.empty());
  size_t begin = outcome.diagnostics.find("error");
  return outcome.diagnostics.substr(begin, outcome.diagnostics.find('\n') - begin);
}

static TestModel relu() {
  TestModel model({1, 3});
  return model.node("Relu", {"x"}, "y");
}

TEST_CASE("files that are not ONNX") {
  CHECK(importBytes("").diagnostics ==
        "net.onnx: error: is no ONNX model: its 0 bytes are not a message with a graph\n");
  CHECK(importBytes("TFL3").text.empty());
  std::string bytes = relu().proto.SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size)
    (void)importBytes(bytes.substr(0, size)); // no prefix crashes
}

TEST_CASE("the model as a whole") {
  TestModel old({1, 3}, 6);
  CHECK(errorOf(old) == "error: expects operators of version 7 or later, but has version 6; onnx.version_converter "
                        "makes newer ones");
  TestModel missing({1, 3});
  CHECK(errorOf(missing) == "error: is an output, but no operator computes it");
  TestModel twice = relu();
  twice.node("Relu", {"x"}, "y");
  CHECK(errorOf(twice) == "error: is defined twice");
  TestModel open = relu();
  auto &dimension = *open.proto.mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type();
  dimension.mutable_shape()->mutable_dim(1)->clear_dim_value();
  dimension.mutable_shape()->mutable_dim(1)->set_dim_param("length");
  CHECK(errorOf(open) == "error: expects sizes that are known, but dimension 1 is 'length'; "
                         "onnxruntime.tools.make_dynamic_shape_fixed fixes it");
  dimension.set_elem_type(TensorProto::INT64);
  CHECK(errorOf(open) ==
        "error: expects inputs of FLOAT, BOOL, or integers of 8 or 16 bits, but got INT64; an initializer takes "
        "the place of an input that is known");
  TestModel future({1, 3}, 99);
  CHECK(errorOf(future) ==
        "error: has operators of version 99, but versions up to 28 are supported; onnx.version_converter "
        "makes older ones");
}

TEST_CASE("operators") {
  TestModel unknown({1, 3});
  unknown.node("Einsum", {"x"}, "y", "some.where");
  CHECK(errorOf(unknown) == "error: operator 0 (Einsum) is not supported (domain 'some.where')");
  TestModel mistaken({1, 3});
  mistaken.node("LeakyReLu6", {"x"}, "y");
  CHECK(errorOf(mistaken) == "error: operator 0 (LeakyReLu6) is not supported; did you mean LeakyRelu?");
  TestModel cycle({1, 3});
  cycle.node("Add", {"x", "b"}, "a").node("Relu", {"a"}, "b").node("Relu", {"b"}, "y");
  CHECK(
      import(cycle).diagnostics.find("operator 1 (Relu) computes it; operators are in the order of their data, without "
                                     "cycles") != std::string::npos);
  TestModel early({1, 3});
  early.node("Relu", {"z"}, "y");
  CHECK(errorOf(early) == "error: operator 0 (Relu) reads 'z', which nothing before it defines");
  TestModel shapes({1, 3});
  shapes.floats("c", {2}, {1, 2}).node("Add", {"x", "c"}, "y");
  CHECK(errorOf(shapes) == "error: operator 0 (Add) expects shapes that broadcast, but got [1, 3] and [2]");
  TestModel few({1, 3});
  few.node("MatMul", {"x"}, "y");
  CHECK(errorOf(few) == "error: operator 0 (MatMul) expects input 1, but it is not given");
  TestModel reshape({1, 3});
  reshape.integers("to", {2}, {2, -1}).node("Reshape", {"x", "to"}, "y");
  CHECK(errorOf(reshape) ==
        "error: operator 0 (Reshape) expects a shape of as many elements as [1, 3], but got [2, -1]");
  TestModel window({1, 1, 2, 2});
  window.node("MaxPool", {"x"}, "y").with("kernel_shape", {3, 3});
  CHECK(errorOf(window) == "error: operator 0 (MaxPool) has windows of 3, but the padded input has 2");
}

TEST_CASE("operators that have operands of another kind") {
  TestModel weights({1, 1, 2, 2});
  weights.node("Conv", {"x", "x"}, "y");
  CHECK(errorOf(weights) ==
        "error: operator 0 (Conv) expects a constant as input 1, but 'x' depends on the model's inputs");
  TestModel codes({1, 3});
  codes.floats("s", {}, {1}).integers("z", {}, {0}, TensorProto::INT8);
  codes.node("QuantizeLinear", {"x", "s", "z"}, "q").node("Relu", {"q"}, "y");
  CHECK(errorOf(codes) == "error: operator 1 (Relu) computes with codes: 'q' is the result of QuantizeLinear, and goes "
                          "to DequantizeLinear first");
  TestModel types({1, 3});
  types.integers("c", {3}, {1, 2, 3}).node("Add", {"x", "c"}, "y");
  CHECK(errorOf(types) == "error: operator 0 (Add) expects operands of one type, but got FLOAT and INT64");
  TestModel large({1, 3});
  large.integers("n", {3}, {1 << 12, 1 << 12, 1 << 12})
      .node("ConstantOfShape", {"n"}, "c")
      .node("Add", {"x", "c"}, "y");
  CHECK(errorOf(large) ==
        "error: operator 0 (ConstantOfShape) expects at most 2^24 elements, but got [4096, 4096, 4096]");
  TestModel repeated({1, 3});
  repeated.floats("c", {1}, {1}).integers("n", {1}, {1 << 24}).node("Expand", {"c", "n"}, "e");
  repeated.node("ReduceSum", {"e"}, "s").node("Add", {"x", "s"}, "y");
  CHECK(errorOf(repeated) == "error: makes the model's constants more than 16 times as large as the file");
  TestModel index({2, 3});
  index.integers("i", {1}, {2}).node("Gather", {"x", "i"}, "y");
  CHECK(errorOf(index) == "error: operator 0 (Gather) expects indices of 2 elements, but got 2");
  TestModel trained({1, 3});
  trained.floats("r", {}, {0.5F}).integers("t", {}, {1}, TensorProto::BOOL).node("Dropout", {"x", "r", "t"}, "y");
  CHECK(errorOf(trained) == "error: operator 0 (Dropout) has training_mode, but only trained networks are supported");
  TestModel mode({1, 1, 2, 2});
  mode.floats("s", {4}, {1, 1, 2, 2}).node("Resize", {"x", "", "s"}, "y").with("mode", "area");
  CHECK(errorOf(mode) == "error: operator 0 (Resize) expects the mode nearest, linear or cubic, but got 'area'");
}

TEST_CASE("tensors") {
  TestModel size = relu();
  size.floats("c", {3}, {1, 2});
  CHECK(errorOf(size) == "error: has 2 elements, but its shape needs 3");
  TestModel huge = relu();
  huge.floats("c", {1 << 20, 1 << 20}, {});
  CHECK(errorOf(huge) == "error: expects dimensions that are not negative, and fewer than 2^31 elements");
  TestModel type = relu();
  type.integers("c", {}, {1}, TensorProto::FLOAT16);
  CHECK(errorOf(type) == "error: has the type FLOAT16, which is not supported");
}

static TestModel withExternalData(const std::map<std::string, std::string> &entries) {
  TestModel model = relu();
  model.floats("c", {1}, {});
  schema::TensorProto &tensor = *model.proto.mutable_graph()->mutable_initializer(0);
  tensor.set_data_location(TensorProto::EXTERNAL);
  for (const auto &[key, value] : entries) {
    schema::StringStringEntryProto &entry = *tensor.add_external_data();
    entry.set_key(key);
    entry.set_value(value);
  }
  return model;
}

TEST_CASE("external data stays in the model's folder") {
  for (const char *path : {"/etc/hostname", "../secret", "a/../../secret", "."}) {
    std::string error = errorOf(withExternalData({{"location", path}}));
    INFO(error);
    CHECK((error.find("must lie in the model's folder") != std::string::npos ||
           error.find("cannot be read") != std::string::npos));
  }
  CHECK(errorOf(withExternalData({})) == "error: has its data in '', but external data must lie in the model's folder");
  CHECK(errorOf(withExternalData({{"location", "c.bin"}, {"offset", "-1"}})) ==
        "error: has external data with the offset '-1', which is no number");
  CHECK(errorOf(withExternalData({{"location", "c.bin"}, {"length", "4 bytes"}})) ==
        "error: has external data with the length '4 bytes', which is no number");
}

TEST_CASE("links in the model's folder do not lead out of it") {
  TestFolder folder;
  REQUIRE(!llvm::sys::fs::create_directory(folder.path("models")));
  REQUIRE(!llvm::sys::fs::create_link("/etc/passwd", folder.path("models/c.bin")));
  TestModel model = withExternalData({{"location", "c.bin"}});
  std::string said = importBytes(model.proto.SerializeAsString(), folder.path("models/net.onnx")).diagnostics;
  INFO(said);
  CHECK(said.find("has its data in 'c.bin', but external data must lie in the model's folder") != std::string::npos);
}

TEST_CASE("attributes of QONNX's quantizers") {
  auto quant = [] {
    TestModel model({1, 3});
    model.floats("s", {}, {1}).floats("z", {}, {0}).floats("b", {}, {4});
    return model.node("Quant", {"x", "s", "z", "b"}, "y", "qonnx.custom_op.general");
  };
  Outcome unknown = import(quant().with("narow", int64_t(1)));
  CHECK(unknown.text.empty());
  CHECK(unknown.diagnostics == "net.onnx: error: operator 0 (Quant) has the attribute 'narow', which is not supported\n"
                               "net.onnx: note: supported are signed, narrow, rounding_mode\n");
  CHECK(errorOf(quant().with("signed", 1.0F)) ==
        "error: operator 0 (Quant) expects an integer as signed, but got a value of another type");
  CHECK(errorOf(quant().with("rounding_mode", int64_t(1))) ==
        "error: operator 0 (Quant) expects a text as rounding_mode, but got a value of another type");
  TestModel bipolar({1, 3});
  bipolar.floats("s", {}, {1}).node("BipolarQuant", {"x", "s"}, "y", "qonnx.custom_op.general");
  CHECK(errorOf(bipolar.with("signed", int64_t(1))) ==
        "error: operator 0 (BipolarQuant) has the attribute 'signed', which is not supported");
}

TEST_CASE("sizes to crop and pad to") {
  auto crop = [](std::vector<int64_t> sizes, std::vector<int64_t> axes) {
    TestModel model({1, 3});
    model.integers("n", {static_cast<int64_t>(sizes.size())}, sizes, TensorProto::INT64);
    return model.node("CenterCropPad", {"x", "n"}, "y").with("axes", axes);
  };
  CHECK(errorOf(crop({2, 2}, {1})) ==
        "error: operator 0 (CenterCropPad) expects as many sizes as axes, but got 2 and 1");
  CHECK(errorOf(crop({2, 4}, {1, 1})) ==
        "error: operator 0 (CenterCropPad) expects each axis once and sizes of at least 0, but got 4 for axis 1");
}

TEST_CASE("truncation") {
  auto trunc = [](float scale, float bits, float result = 0) {
    TestModel model({1, 3});
    model.floats("s", {}, {scale}).floats("z", {}, {0}).floats("i", {}, {8}).floats("o", {}, {bits});
    if (!result)
      return model.node("Trunc", {"x", "s", "z", "i", "o"}, "y", "qonnx.custom_op.general");
    return model.floats("r", {}, {result})
        .node("Trunc", {"x", "s", "z", "i", "r", "o"}, "y", "qonnx.custom_op.general");
  };
  CHECK(errorOf(trunc(-1, 4)) ==
        "error: operator 0 (Trunc) expects a finite positive number as input 1, but got -1.000000e+00");
  CHECK(errorOf(trunc(1, 0)) == "error: operator 0 (Trunc) expects 1 to 32 bits as input 4, but got 0.000000e+00");
  CHECK(errorOf(trunc(1e-30F, 4, 1e30F)).find("expects scales of input and output that differ by at most 2^64") !=
        std::string::npos);
  CHECK(errorOf(trunc(1, 4).with("rounding_mode", "UP")) ==
        "error: operator 0 (Trunc) expects ROUND, CEIL or FLOOR as rounding_mode, but got 'UP'");
  CHECK(errorOf(trunc(1, 4).with("signed", int64_t(1))) ==
        "error: operator 0 (Trunc) has the attribute 'signed', which is not supported");
}

TEST_CASE("quantizers") {
  TestModel bits({1, 3});
  bits.floats("s", {}, {1}).floats("z", {}, {0}).floats("b", {}, {40});
  bits.node("Quant", {"x", "s", "z", "b"}, "y", "onnx.brevitas");
  CHECK(errorOf(bits) == "error: operator 0 (Quant) expects 2 to 16 bits, but got 4.000000e+01");
  TestModel scale({1, 3});
  scale.floats("s", {}, {0}).node("BipolarQuant", {"x", "s"}, "y", "onnx.brevitas");
  CHECK(errorOf(scale) == "error: operator 0 (BipolarQuant) expects positive scales, but got 0.000000e+00");
  TestModel rounding({1, 3});
  rounding.floats("s", {}, {1}).floats("z", {}, {0}).floats("b", {}, {4});
  rounding.node("Quant", {"x", "s", "z", "b"}, "y", "onnx.brevitas").with("rounding_mode", "FLOOR");
  CHECK(errorOf(rounding) == "error: operator 0 (Quant) expects ROUND as rounding_mode, but got 'FLOOR'");
  TestModel channels({1, 3});
  channels.floats("s", {3}, {1, 2, 3}).node("BipolarQuant", {"x", "s"}, "y", "onnx.brevitas");
  CHECK(errorOf(channels) ==
        "error: operator 0 (BipolarQuant) has scales of its own for each channel, which only constants may have");
}
