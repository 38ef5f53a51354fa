#include "RunModel.h"

static const std::string i8 = "!quant.uniform<i8:f32, 1.0>";
static std::string tensor(const std::string &shape, const std::string &element) {
  return "tensor<" + shape + "x" + element + ">";
}

TEST_CASE("add, sub and mul of integers") {
  std::string a = tensor("3", "!quant.uniform<i8:f32, 0.5:1>"), b = tensor("3", "!quant.uniform<i8:f32, 0.25:-2>");
  std::string y = tensor("3", "!quant.uniform<i8:f32, 0.25:10>");
  // Reals: 2, -64.5, 63 and 1, -31.5, 32.25.
  std::vector<Numbers> operands{{5, -128, 127}, {2, -128, 127}};
  CHECK(runOp("qnn.add", "", {a, b}, y, operands) == Numbers{22, -128, 127});
  CHECK(runOp("qnn.sub", "", {a, b}, y, operands) == Numbers{14, -122, 127});
  CHECK(runOp("qnn.mul", "", {a, b}, y, operands) == Numbers{18, 127, 127});
  CHECK(runOp("qnn.add", "{activation = #qnn.activation<relu6>}", {a, b}, y, operands) == Numbers{22, 10, 34});
}

TEST_CASE("broadcasting on both sides") {
  CHECK(runOp("qnn.sub", "", {"tensor<2x1xf32>", "tensor<3xf32>"}, "tensor<2x3xf32>", {{10, 20}, {1, 2, 3}}) ==
        Numbers{9, 8, 7, 19, 18, 17});
  CHECK(runOp("qnn.add", "", {tensor("1x2", i8), tensor("2x1", i8)}, tensor("2x2", i8), {{1, 2}, {10, 20}}) ==
        Numbers{11, 12, 21, 22});
  CHECK(runOp("qnn.add", "", {"tensor<f32>", "tensor<2xf32>"}, "tensor<2xf32>", {{1}, {1, 2}}) == Numbers{2, 3});
  CHECK(runOp("qnn.add", "", {"tensor<0x1xf32>", "tensor<1x2xf32>"}, "tensor<0x2xf32>", {{}, {1, 2}}).empty());
}

TEST_CASE("plain i32 wraps") {
  std::vector<Numbers> operands{{2147483647, -5}, {1, 3}};
  std::vector<std::string> types{"tensor<2xi32>", "tensor<2xi32>"};
  CHECK(runOp("qnn.add", "", types, "tensor<2xi32>", operands) == Numbers{-2147483648.0, -2});
  CHECK(runOp("qnn.mul", "", types, "tensor<2xi32>", {{65536, -5}, {65536, 3}}) == Numbers{0, -15});
  CHECK(runOp("qnn.sub", "{activation = #qnn.activation<relu>}", types, "tensor<2xi32>", operands) ==
        Numbers{2147483646, 0});
}

TEST_CASE("16-bit and binary operands of add") {
  std::string wide = tensor("2", "!quant.uniform<i16:f32, 0.001>");
  CHECK(runOp("qnn.add", "", {wide, wide}, wide, {{32767, -32768}, {1, -1}}) == Numbers{32767, -32768});
  std::string binary = tensor("4", "!qnn.binary");
  std::vector<Numbers> operands{{0, 0, 1, 1}, {0, 1, 0, 1}};
  CHECK(runOp("qnn.add", "", {binary, binary}, tensor("4", i8), operands) == Numbers{-2, 0, 0, 2});
  CHECK(runOp("qnn.add", "", {binary, binary}, binary, operands) == Numbers{0, 1, 1, 1});
  CHECK(runOp("qnn.mul", "", {binary, binary}, binary, operands) == Numbers{1, 0, 0, 1});
}

TEST_CASE("relu and leaky_relu") {
  std::string x = tensor("4", "!quant.uniform<i8:f32, 0.5:1>");
  CHECK(runOp("qnn.relu", "", {x}, x, {{-128, 0, 1, 127}}) == Numbers{1, 1, 1, 127});
  CHECK(runOp("qnn.relu", "{activation = #qnn.activation<relu6>}", {x}, x, {{-128, 0, 5, 127}}) ==
        Numbers{1, 1, 5, 13});
  CHECK(runOp("qnn.relu", "{activation = #qnn.activation<relu_n1_to_1>}", {x},
              tensor("4", "!quant.uniform<u8:f32, 0.25:128>"), {{-128, 0, 2, 127}}) == Numbers{124, 126, 130, 132});
  CHECK(runOp("qnn.leaky_relu", "{alpha = 0.25}", {x}, x, {{-127, -1, 1, 9}}) == Numbers{-31, 0, 1, 9});
  CHECK(runOp("qnn.leaky_relu", "{alpha = 0.5}", {"tensor<3xf32>"}, "tensor<3xf32>", {{-3, 0, 3}}) ==
        Numbers{-1.5, 0, 3});
  CHECK(std::isnan(runOp("qnn.relu", "", {"tensor<1xf32>"}, "tensor<1xf32>", {{NAN}})[0]));
}

TEST_CASE("functions and combinations of floats") {
  auto apply = [](const std::string &function, const Numbers &x) {
    std::string type = tensor(std::to_string(x.size()), "f32");
    return runOp("qnn.apply <" + function + ">", "", {type}, type, {x});
  };
  CHECK(apply("abs", {-2, 3}) == Numbers{2, 3});
  CHECK(apply("ceil", {-1.5, 1.25}) == Numbers{-1, 2});
  CHECK(apply("floor", {-1.5, 1.25}) == Numbers{-2, 1});
  CHECK(apply("round", {0.5, 1.5, -2.5, 2.75}) == Numbers{0, 2, -2, 3});
  CHECK(apply("sqrt", {16, 0.25}) == Numbers{4, 0.5});
  CHECK(apply("exp", {0}) == Numbers{1});
  CHECK(apply("log", {1, 0}) == Numbers{0, -HUGE_VAL});
  CHECK(apply("sin", {0}) == Numbers{0});
  CHECK(apply("atan", {1})[0] == Approx(0.785398163));
  CHECK(apply("erf", {1})[0] == Approx(0.842700793));
  auto combine = [](const std::string &combination, const Numbers &a, const Numbers &b) {
    return runOp("qnn.combine <" + combination + ">", "", {"tensor<3xf32>", "tensor<1xf32>"}, "tensor<3xf32>", {a, b});
  };
  Numbers x{-1, 2, 5};
  CHECK(combine("divide", x, {2}) == Numbers{-0.5, 1, 2.5});
  CHECK(combine("equal", x, {2}) == Numbers{0, 1, 0});
  CHECK(combine("less", x, {2}) == Numbers{1, 0, 0});
  CHECK(combine("less_equal", x, {2}) == Numbers{1, 1, 0});
  CHECK(combine("maximum", x, {2}) == Numbers{2, 2, 5});
  CHECK(combine("minimum", x, {2}) == Numbers{-1, 2, 2});
  CHECK(combine("power", x, {3}) == Numbers{-1, 8, 125});
  CHECK(std::isnan(combine("maximum", {NAN, 1, 2}, {0})[0]));
  CHECK(std::isnan(combine("minimum", {1, 1, 2}, {NAN})[0]));
  CHECK(runOp("qnn.select", "", {"tensor<2x1xf32>", "tensor<2xf32>", "tensor<f32>"}, "tensor<2x2xf32>",
              {{0, -3}, {1, 2}, {9}}) == Numbers{9, 9, 1, 2});
}

TEST_CASE("elements chosen along an axis") {
  CHECK(runOp("qnn.gather", "{axis = 1, indices = array<i64: 2, 0, 2>}", {tensor("2x3", i8)}, tensor("2x3", i8),
              {{1, 2, 3, 4, 5, 6}}) == Numbers{3, 1, 3, 6, 4, 6});
}

TEST_CASE("logistic and tanh give the nearest code") {
  std::string x = tensor("5", "!quant.uniform<i8:f32, 0.0625:3>");
  Numbers codes{-128, -13, 3, 19, 127}, logistic, tanh;
  for (double code : codes) {
    double real = (code - 3) * 0.0625;
    logistic.push_back(std::clamp(std::round(256 / (1 + std::exp(-real))) - 128, -128.0, 127.0));
    tanh.push_back(std::clamp(std::round(128 * std::tanh(real)), -128.0, 127.0));
  }
  CHECK(runOp("qnn.logistic", "", {x}, tensor("5", "!quant.uniform<i8:f32, 0.00390625:-128>"), {codes}) == logistic);
  CHECK(runOp("qnn.tanh", "", {x}, tensor("5", "!quant.uniform<i8:f32, 0.0078125>"), {codes}) == tanh);
  CHECK(runOp("qnn.logistic", "", {"tensor<1xf32>"}, "tensor<1xf32>", {{-1000}}) == Numbers{0});
}

TEST_CASE("softmax of integers") {
  std::string y = "!quant.uniform<i8:f32, 0.00390625:-128>";
  auto softmax = [&](const std::string &shape, double scale, const Numbers &codes) {
    std::string x = tensor(shape, "!quant.uniform<i8:f32, " + std::to_string(scale) + ":5>");
    return runOp("qnn.softmax", "", {x}, tensor(shape, y), {codes});
  };
  CHECK(softmax("2x2", 0.1, {7, 7, -128, 127}) == Numbers{0, 0, -128, 127});
  CHECK(softmax("1x1", 0.1, {-100}) == Numbers{127});
  CHECK(softmax("1x4", 0.5, {10, 10, 10, 10}) == Numbers{-64, -64, -64, -64});
  CHECK(softmax("2x0", 0.5, {}).empty());
  // Against the real function, at most one code off.
  Numbers codes{12, -3, 20, 7, 0, -40, 19, 18};
  double sum = 0;
  for (double code : codes)
    sum += std::exp(code * 0.05);
  Numbers result = softmax("8", 0.05, codes);
  for (size_t i = 0; i < codes.size(); ++i)
    CHECK(std::abs(result[i] + 128 - 256 * std::exp(codes[i] * 0.05) / sum) < 1);
  // A large scale reaches a left shift of 31; a tiny one a right shift.
  CHECK(softmax("1x3", 1000, {0, 1, 1}) == Numbers{-128, 0, 0});
  CHECK(runOp("qnn.softmax", "", {"tensor<1x2x!quant.uniform<u8:f32, 1.0e-09>>"}, tensor("1x2", y), {{0, 255}}) ==
        Numbers{0, 0});
}

TEST_CASE("softmax of many equal elements") {
  std::string x = tensor("4096", i8), y = tensor("4096", "!quant.uniform<u8:f32, 0.00390625>");
  Numbers result = runOp("qnn.softmax", "", {x}, y, {Numbers(4096, 3)});
  CHECK(std::all_of(result.begin(), result.end(), [](double code) { return code == 0; }));
}

TEST_CASE("softmax, log_softmax and batch_norm of floats") {
  Numbers y = runOp("qnn.softmax", "{beta = 2.0 : f64}", {"tensor<1x2xf32>"}, "tensor<1x2xf32>", {{1000, 1001}});
  CHECK(y[0] == Approx(1 / (1 + std::exp(2.0))));
  CHECK(y[0] + y[1] == Approx(1));
  y = runOp("qnn.log_softmax", "", {"tensor<1x2xf32>"}, "tensor<1x2xf32>", {{0, 1}});
  CHECK(y[1] == Approx(-std::log(1 + std::exp(-1.0))));
  CHECK(runOp("qnn.batch_norm", "{epsilon = 0.0 : f64}",
              {"tensor<2x2xf32>", "tensor<2xf32>", "tensor<2xf32>", "tensor<2xf32>", "tensor<2xf32>"},
              "tensor<2x2xf32>", {{1, 2, 3, 4}, {2, 1}, {0, 10}, {1, 2}, {4, 1}}) == Numbers{0, 10, 2, 12});
}

TEST_CASE("threshold counts what is reached") {
  CHECK(runOp("qnn.threshold", "", {"tensor<2x2xf32>", "tensor<2x3xf32>"}, tensor("2x2", "!quant.uniform<u2:f32, 1.0>"),
              {{0.5, 2, NAN, HUGE_VAL}, {-1, 0.5, 0.5, 2.5, 3, 3}}) == Numbers{3, 0, 0, 3});
  // Falling: sums up to 5, and up to -5.
  CHECK(runOp("qnn.threshold", "{falling = array<i1: true>}", {"tensor<4x1xi32>", "tensor<1x2xi32>"},
              tensor("4x1", "!qnn.ternary"), {{6, 5, -5, -6}, {-5, 5}}) == Numbers{-1, 0, 1, 1});
}

TEST_CASE("argmax takes the first of equals") {
  CHECK(runOp("qnn.argmax", "{axis = 1}", {"tensor<2x3xf32>"}, "tensor<2xi32>", {{1, 3, 3, -1, -2, -3}}) ==
        Numbers{1, 0});
  CHECK(runOp("qnn.argmax", "{axis = 0}", {tensor("2x3", i8)}, "tensor<3xi32>", {{1, 3, 3, 5, -2, 3}}) ==
        Numbers{1, 0, 0});
  CHECK(runOp("qnn.argmax", "{axis = 0}", {"tensor<2x0xf32>"}, "tensor<0xi32>", {{}}).empty());
}

TEST_CASE("quantize: ties, saturation, NaN, infinities") {
  Numbers values{0.25, -0.25, 0.75, 1000, -1000, NAN, HUGE_VAL, -HUGE_VAL};
  CHECK(runOp("qnn.quantize", "", {"tensor<8xf32>"}, tensor("8", "!quant.uniform<i8:f32, 0.5:3>"), {values}) ==
        Numbers{4, 2, 5, 127, -128, 3, 127, -128});
  CHECK(runOp("qnn.quantize", "", {"tensor<8xf32>"}, tensor("8", "!qnn.binary"), {values}) ==
        Numbers{1, 0, 1, 1, 0, 1, 1, 0});
  CHECK(runOp("qnn.quantize", "", {"tensor<2xf32>"}, "tensor<2xi64>", {{HUGE_VAL, 7}})[1] == 7);
  CHECK(runOp("qnn.quantize", "", {"tensor<2x2xf32>"}, tensor("2x2", "!quant.uniform<i4:f32:0, {1.0, 0.5:1}>"),
              {{1, 100, 1, -100}}) == Numbers{1, 7, 3, -8});
}

TEST_CASE("dequantize and requantize") {
  CHECK(runOp("qnn.dequantize", "", {tensor("2x2", "!quant.uniform<i4:f32:1, {1.0, 0.5:1}>")}, "tensor<2x2xf32>",
              {{1, 3, -8, 7}}) == Numbers{1, 1, -8, 3});
  CHECK(runOp("qnn.dequantize", "", {tensor("3", "!qnn.binary<alpha = [2.5e-01]>")}, "tensor<3xf32>", {{0, 1, 1}}) ==
        Numbers{-0.25, 0.25, 0.25});
  CHECK(runOp("qnn.requantize", "", {tensor("3", "!quant.uniform<u8:f32, 0.5:128>")},
              tensor("3", "!quant.uniform<i8:f32, 1.0:-1>"), {{255, 129, 127}}) == Numbers{63, 0, -1});
  CHECK(runOp("qnn.requantize", "", {"tensor<3xi32>"}, tensor("3", "!quant.uniform<i8:f32, 1024.0>"),
              {{2147483647, 1535, -512}}) == Numbers{127, 2, -1});
  CHECK(runOp("qnn.requantize", "", {tensor("3", i8)}, tensor("3", "!qnn.binary"), {{-1, 0, 1}}) == Numbers{0, 1, 1});
  CHECK(runOp("qnn.requantize", "", {tensor("2x2", "!quant.uniform<i8:f32:0, {1.0, 2.0}>")},
              tensor("2x2", "!quant.uniform<i8:f32:1, {1.0, 0.5:1}>"), {{1, 1, 1, 1}}) == Numbers{1, 3, 2, 5});
}
