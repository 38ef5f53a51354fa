#include "RunModel.h"

static std::string i8(const std::string &shape) { return "tensor<" + shape + "x!quant.uniform<i8:f32, 1.0:-10>>"; }

TEST_CASE("pools of 3x3 with pads") {
  Numbers input{-9, -8, -7, -6, -5, -4, -3, -2, 100};
  std::string attributes = "{kernel = array<i64: 2, 2>, strides = array<i64: 2, 2>, pads = array<i64: 1, 0, 1, 0>}";
  CHECK(runOp("qnn.max_pool2d", attributes, {i8("1x3x3x1")}, i8("1x2x2x1"), {input}) == Numbers{-9, -7, -3, 100});
  // -9; -15/2 away from zero; -9/2; 89/4
  CHECK(runOp("qnn.avg_pool2d", attributes, {i8("1x3x3x1")}, i8("1x2x2x1"), {input}) == Numbers{-9, -8, -5, 22});
}

TEST_CASE("pools clamp to the codes of their activation") {
  std::string attributes = "{kernel = array<i64: 1, 1>, activation = #qnn.activation<relu6>}";
  for (const char *name : {"qnn.max_pool2d", "qnn.avg_pool2d"})
    CHECK(runOp(name, attributes, {i8("1x1x3x1")}, i8("1x1x3x1"), {{-20, -7, 50}}) == Numbers{-10, -7, -4});
}

TEST_CASE("pools of floats, binary codes and batches") {
  std::string attributes = "{kernel = array<i64: 1, 2>}";
  CHECK(runOp("qnn.avg_pool2d", attributes, {"tensor<2x1x2x2xf32>"}, "tensor<2x1x1x2xf32>",
              {{1, 2, 3, 4, 5, 6, 8, 8}}) == Numbers{2, 3, 6.5, 7});
  CHECK(runOp("qnn.max_pool2d", attributes, {"tensor<1x1x2x3x!qnn.binary>"}, "tensor<1x1x1x3x!qnn.binary>",
              {{0, 0, 1, 0, 1, 1}}) == Numbers{0, 1, 1});
  CHECK(runOp("qnn.max_pool2d", attributes, {"tensor<1x1x2x0xf32>"}, "tensor<1x1x1x0xf32>", {{}}).empty());
}

TEST_CASE("means of as many elements as a 32-bit sum allows") {
  std::string x = "tensor<1x2x32767x1x!quant.uniform<i16:f32, 1.0>>",
              y = "tensor<1x1x1x1x!quant.uniform<i16:f32, 1.0>>";
  for (double code : {-32768, 32767}) {
    Numbers all(65534, code);
    CHECK(runOp("qnn.avg_pool2d", "{kernel = array<i64: 2, 32767>}", {x}, y, {all}) == Numbers{code});
    CHECK(runOp("qnn.mean", "{axes = array<i64: 1, 2>, keep_dims}", {x}, y, {all}) == Numbers{code});
  }
}

TEST_CASE("mean") {
  std::string y = "tensor<2x!quant.uniform<i8:f32, 0.5:1>>";
  // Integers 1 2 3 / 4 5 100 -> means 2 and 109/3 in reals, 4 and 72.67 in codes
  CHECK(runOp("qnn.mean", "{axes = array<i64: 1>}", {i8("2x3")}, y, {{-9, -8, -7, -6, -5, 90}}) == Numbers{5, 74});
  CHECK(runOp("qnn.mean", "{axes = array<i64: 0, 2>, keep_dims}", {"tensor<2x2x2xf32>"}, "tensor<1x2x1xf32>",
              {{1, 2, 3, 4, 5, 6, 7, 8}}) == Numbers{3.5, 5.5});
  CHECK(runOp("qnn.mean", "{axes = array<i64: 0>}", {"tensor<2x0xf32>"}, "tensor<0xf32>", {{}}).empty());
}
