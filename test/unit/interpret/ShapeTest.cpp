#include "RunModel.h"

static std::string i8(const std::string &shape) { return "tensor<" + shape + "x!quant.uniform<i8:f32, 0.5:-10>>"; }

TEST_CASE("reshape, transpose, slice") {
  Numbers six{1, 2, 3, 4, 5, 6};
  CHECK(runOp("qnn.reshape", "", {i8("2x3")}, i8("3x2"), {six}) == six);
  CHECK(runOp("qnn.transpose", "{permutation = array<i64: 1, 0>}", {i8("2x3")}, i8("3x2"), {six}) ==
        Numbers{1, 4, 2, 5, 3, 6});
  CHECK(runOp("qnn.transpose", "{permutation = array<i64: 2, 0, 1>}", {"tensor<1x2x3xf32>"}, "tensor<3x1x2xf32>",
              {six}) == Numbers{1, 4, 2, 5, 3, 6});
  CHECK(runOp("qnn.slice", "{starts = array<i64: 1, 0>, strides = array<i64: 1, 2>}", {i8("2x3")}, i8("1x2"), {six}) ==
        Numbers{4, 6});
  CHECK(runOp("qnn.slice", "{starts = array<i64: 2>, strides = array<i64: 1>}", {"tensor<2xf32>"}, "tensor<0xf32>",
              {{1, 2}})
            .empty());
}

TEST_CASE("pad with the nearest code of a real number") {
  std::string attributes = "{low = array<i64: 1, 0>, high = array<i64: 0, 1>, value = 1.5 : f64}";
  CHECK(runOp("qnn.pad", attributes, {i8("1x2")}, i8("2x3"), {{1, 2}}) == Numbers{-7, -7, -7, 1, 2, -7});
  CHECK(runOp("qnn.pad", attributes, {"tensor<1x2xf32>"}, "tensor<2x3xf32>", {{1, 2}}) ==
        Numbers{1.5, 1.5, 1.5, 1, 2, 1.5});
  CHECK(runOp("qnn.pad", "{low = array<i64: 1>, high = array<i64: 0>}", {"tensor<0xf32>"}, "tensor<1xf32>", {{}}) ==
        Numbers{0});
}

TEST_CASE("concat and split are inverses") {
  CHECK(runOp("qnn.concat", "{axis = 1}", {i8("2x1"), i8("2x2"), i8("2x0")}, i8("2x3"), {{1, 4}, {2, 3, 5, 6}, {}}) ==
        Numbers{1, 2, 3, 4, 5, 6});
  std::vector<Numbers> parts = runModel(R"(func.func @f(%x: tensor<2x3xi8>) -> (tensor<2x1xi8>, tensor<2x2xi8>) {
    %a, %b = qnn.split %x {axis = 1} : (tensor<2x3xi8>) -> (tensor<2x1xi8>, tensor<2x2xi8>)
    return %a, %b : tensor<2x1xi8>, tensor<2x2xi8>
  })",
                                        {{1, 2, 3, 4, 5, 6}});
  CHECK(parts == std::vector<Numbers>{{1, 4}, {2, 3, 5, 6}});
}

TEST_CASE("codes of 64 bits are moved unchanged") {
  CHECK(runOp("qnn.transpose", "{permutation = array<i64: 0>}", {"tensor<1xi64>"}, "tensor<1xi64>",
              {{-4611686018427387904.0}}) == Numbers{-4611686018427387904.0});
}

TEST_CASE("resize_nearest") {
  Numbers row{0, 1, 2};
  std::string from = "tensor<1x1x3x1xf32>", to = "tensor<1x1x5x1xf32>";
  CHECK(runOp("qnn.resize_nearest", "", {from}, to, {row}) == Numbers{0, 0, 1, 1, 2});
  CHECK(runOp("qnn.resize_nearest", "{half_pixel_centers}", {from}, to, {row}) == Numbers{0, 0, 1, 2, 2});
  CHECK(runOp("qnn.resize_nearest", "{align_corners}", {from}, to, {row}) == Numbers{0, 1, 1, 2, 2});
  CHECK(runOp("qnn.resize_nearest", "{align_corners}", {from}, "tensor<1x2x1x1xf32>", {row}) == Numbers{0, 0});
}
