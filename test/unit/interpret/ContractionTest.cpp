#include "RunModel.h"
#include "dialects/qnn/Rescale.h"

static const std::string plain = "!quant.uniform<i8:f32, 1.0>";
static std::string tensor(const std::string &shape, const std::string &element) {
  return "tensor<" + shape + "x" + element + ">";
}

TEST_CASE("conv2d by hand: zero points, asymmetric pads, bias, saturation") {
  std::string in = "!quant.uniform<i8:f32, 0.5:2>", w = "!quant.uniform<i8<-127:127>:f32, 1.0>";
  std::string out = "!quant.uniform<i8:f32, 0.5:-3>";
  // One channel, 2x2 input with a row above and a column to the right; outside is the real zero, code 2.
  Numbers result = runOp("qnn.conv2d", "{pads = array<i64: 1, 0, 0, 1>}",
                         {tensor("1x2x2x1", in), tensor("1x2x2x1", w), "tensor<1xi32>"}, tensor("1x2x2x1", out),
                         {{3, 4, 5, 102}, {1, 2, 3, 4}, {10}}, "%a0, %a1 bias %a2");
  // Integers 1 2 / 3 100; rows: 3*1+4*2+10, 3*2+10, 1+4+9+400+10, 2+300+10; then -3, at most 127.
  CHECK(result == Numbers{18, 13, 127, 127});
}

TEST_CASE("conv2d with stride, dilation, groups and a batch of 2") {
  std::string x = tensor("2x3x3x2", plain), w = tensor("2x2x2x1", plain), y = tensor("2x1x1x2", plain);
  Numbers input;
  for (int i = 0; i < 36; ++i)
    input.push_back(i);
  // Dilation 2 takes the corners: channel c of batch n at 18n + c + {0, 4, 12, 16}.
  Numbers result = runOp("qnn.conv2d", "{dilations = array<i64: 2, 2>, strides = array<i64: 3, 1>, groups = 2}", {x, w},
                         y, {input, {1, 0, 0, 1, 0, 1, -1, 0}});
  CHECK(result == Numbers{0 + 16, 5 - 13, 18 + 34, 23 - 31});
}

TEST_CASE("conv2d with one scale per channel, activation and rounding of ties") {
  std::string w = "!quant.uniform<i8<-127:127>:f32:0, {0.5, 0.25}>";
  auto run = [&](const std::string &attributes, double a, double b) {
    return runOp("qnn.conv2d", attributes, {tensor("1x1x1x1", plain), tensor("2x1x1x1", w)}, tensor("1x1x1x2", plain),
                 {{1}, {a, b}});
  };
  CHECK(run("", 3, 6) == Numbers{2, 2});
  CHECK(run("", -3, -6) == Numbers{-1, -2}); // the multiplication rounds ties upwards, the shift away from zero
  CHECK(run("{rescale = #qnn.rescale<rounding = single>}", -3, -6) == Numbers{-1, -1});
  CHECK(run("{activation = #qnn.activation<relu>}", -3, 6) == Numbers{0, 2});
  CHECK(run("{activation = #qnn.activation<relu6>}", 127, 6) == Numbers{6, 2});
}

TEST_CASE("conv2d that wraps instead of saturating") {
  auto run = [&](const std::string &attributes, double weight) {
    return runOp("qnn.conv2d", attributes, {tensor("1x1x1x1", plain), tensor("1x1x1x1", plain)},
                 tensor("1x1x1x1", plain), {{2}, {weight}});
  };
  CHECK(run("", 100) == Numbers{127});
  CHECK(run("{rescale = #qnn.rescale<overflow = wrap>}", 100) == Numbers{-56});
  CHECK(run("{rescale = #qnn.rescale<overflow = wrap>, activation = #qnn.activation<relu>}", 100) == Numbers{-56});
  CHECK(run("{rescale = #qnn.rescale<overflow = wrap>, activation = #qnn.activation<relu>}", -100) == Numbers{0});
}

TEST_CASE("dense to codes, to the accumulator, to f32 and to binary") {
  std::string x = tensor("2x2", "!quant.uniform<u8:f32, 0.5:128>"), w = tensor("2x2", "!quant.uniform<i4:f32, 0.25>");
  auto run = [&](const std::string &result) {
    return runOp("qnn.dense", "", {x, w, "tensor<2xi32>"}, result, {{129, 130, 0, 128}, {1, 2, -8, 7}, {-1, 1}},
                 "%a0, %a1 bias %a2");
  };
  CHECK(run("tensor<2x2xi32>") == Numbers{4, 7, -129, 1025});
  CHECK(run("tensor<2x2xf32>") == Numbers{0.5, 0.875, -16.125, 128.125});
  CHECK(run(tensor("2x2", "!quant.uniform<i16:f32, 0.125>")) == Numbers{4, 7, -129, 1025});
  CHECK(run(tensor("2x2", "!quant.uniform<i2:f32, 0.125>")) == Numbers{1, 1, -2, 1});
  CHECK(run(tensor("2x2", "!qnn.binary")) == Numbers{1, 1, 0, 1});
}

TEST_CASE("accumulators wrap in 32 bits") {
  std::string x = tensor("1x2", "!quant.uniform<u16:f32, 1.0>");
  CHECK(runOp("qnn.dense", "", {x, x, "tensor<1xi32>"}, "tensor<1x1xi32>",
              {{65535, 65535}, {65535, 65535}, {2147483647}},
              "%a0, %a1 bias %a2") == Numbers{double(int32_t(uint32_t(2 * uint64_t(65535) * 65535 + 2147483647)))});
}

TEST_CASE("dense of binary operands counts agreements") {
  std::string x = tensor("1x5", "!qnn.binary"), w = tensor("2x5", "!qnn.binary<axis = 0, alpha = [5.0e-01, 2.0]>");
  std::vector<Numbers> operands{{1, 0, 1, 1, 0}, {1, 0, 1, 0, 1, 0, 1, 0, 0, 1}};
  CHECK(runOp("qnn.dense", "", {x, w}, "tensor<1x2xi32>", operands) == Numbers{1, -5});
  CHECK(runOp("qnn.dense", "", {x, w}, "tensor<1x2xf32>", operands) == Numbers{0.5, -10});
  CHECK(runOp("qnn.dense", "", {x, w}, "tensor<1x2x!qnn.binary>", operands) == Numbers{1, 0});
}

TEST_CASE("a convolution of binary operands has real zeros around it") {
  CHECK(runOp("qnn.conv2d", "{pads = array<i64: 0, 0, 1, 1>}",
              {tensor("1x1x2x1", "!qnn.binary"), tensor("1x1x3x1", "!qnn.binary")}, "tensor<1x1x2x1xi32>",
              {{1, 0}, {1, 1, 1}}) == Numbers{0, 0});
}

TEST_CASE("dense with a grouped filter") {
  // Groups of 2 along 3 features; scales 0.5 and 0.25.
  std::string function = R"(func.func @f(%x: tensor<1x3x!quant.uniform<i8:f32, 1.0>>, %b: tensor<1xi32>)
      -> (tensor<1x1x!quant.uniform<i8:f32, 0.5:1>>, tensor<1x1xf32>) {
    %w = qnn.constant dense<[[1, 2, 3]]> : tensor<1x3xi8> : tensor<1x3x!qnn.grouped<bits = 8, group = 2>>
    %s = qnn.constant dense<[[0.5, 0.25]]> : tensor<1x2xf32> : tensor<1x2xf32>
    %y = qnn.dense %x, %w bias %b scales %s : (tensor<1x3x!quant.uniform<i8:f32, 1.0>>,
        tensor<1x3x!qnn.grouped<bits = 8, group = 2>>, tensor<1xi32>, tensor<1x2xf32>) -> tensor<1x1x!quant.uniform<i8:f32, 0.5:1>>
    %z = qnn.dense %x, %w scales %s : (tensor<1x3x!quant.uniform<i8:f32, 1.0>>,
        tensor<1x3x!qnn.grouped<bits = 8, group = 2>>, tensor<1x2xf32>) -> tensor<1x1xf32>
    return %y, %z : tensor<1x1x!quant.uniform<i8:f32, 0.5:1>>, tensor<1x1xf32>
  })";
  // (10 + 40) * 0.5 + 90 * 0.25 == 47.5 == 95 units of 0.5; the bias 128 is half a unit: 95.5 -> 96, zero point 1.
  std::vector<Numbers> results = runModel(function, {{10, 20, 30}, {128}});
  CHECK(results[0] == Numbers{97});
  CHECK(results[1] == Numbers{47.5});
}

TEST_CASE("integer results multiply groups by integers of 8 bits") {
  using namespace mlir;
  using namespace qcc;
  MLIRContext context;
  DialectRegistry registry;
  qnn::registerDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadAllAvailableDialects();
  auto codes = llvm::cast<qnn::NumberFormat>(Type(IntegerType::get(&context, 8)));
  auto filter = llvm::cast<qnn::NumberFormat>(Type(qnn::GroupedType::get(&context, 8, 2)));
  qnn::GroupFactors factors = qnn::groupFactors(codes, filter, {0.5f, 0.25f, 1e-6f, 3.0f}, 2, 4);
  CHECK(llvm::ArrayRef<uint8_t>(factors.factors) == llvm::ArrayRef<uint8_t>({255, 128, 0, 255}));
  CHECK(factors.units[0] == 0.5 / 255);
  CHECK(factors.units[1] == 3.0 / 255);
  CHECK(factors.shift == 0);
  // 255 (K 128 127 + 1) fits 31 bits up to K = 518; one bit to the right, up to 1036.
  CHECK(qnn::groupFactors(codes, filter, {1.0f}, 1, 518).shift == 0);
  CHECK(qnn::groupFactors(codes, filter, {1.0f}, 1, 519).shift == 1);
  qnn::GroupFactors shifted = qnn::groupFactors(codes, filter, {1.0f}, 1, 1040);
  CHECK(shifted.shift == 2);
  CHECK(shifted.units[0] == 4.0 / 255);
}

TEST_CASE("scales of a grouped filter must be positive constants") {
  Session session;
  mlir::func::FuncOp model = session.parse(R"(func.func @f(%x: tensor<1x2xi8>, %s: tensor<1x1xf32>) -> tensor<1x1xi8> {
    %w = qnn.constant dense<1> : tensor<1x2xi8> : tensor<1x2x!qnn.grouped<bits = 8, group = 2>>
    %y = qnn.dense %x, %w scales %s : (tensor<1x2xi8>, tensor<1x2x!qnn.grouped<bits = 8, group = 2>>, tensor<1x1xf32>) -> tensor<1x1xi8>
    return %y : tensor<1x1xi8>
  })");
  CHECK(failed(qcc::interpret::Interpreter::create(model)));
  CHECK(session.takeErrors().find("expects constant scales") != std::string::npos);
}

TEST_CASE("depthwise_conv2d with a channel multiplier") {
  std::string x = tensor("1x1x2x2", "!quant.uniform<i8:f32, 1.0:1>");
  std::string w = tensor("1x1x2x4", "!quant.uniform<i8<-127:127>:f32:3, {1.0, 1.0, 1.0, 0.5}>");
  // Integers: pixel 0 (1, 2), pixel 1 (3, 4); channels 0, 1 see the first, 2, 3 the second.
  CHECK(runOp("qnn.depthwise_conv2d", "", {x, w}, tensor("1x1x1x4", plain), {{2, 3, 4, 5}, {1, 2, 3, 4, 5, 6, 7, 8}}) ==
        Numbers{1 + 15, 2 + 18, 6 + 28, 20});
  CHECK(runOp("qnn.depthwise_conv2d", "{pads = array<i64: 1, 0, 0, 1>, strides = array<i64: 1, 2>}", {x, w},
              tensor("1x2x1x4", plain),
              {{2, 3, 4, 5}, {1, 2, 3, 4, 5, 6, 7, 8}}) == Numbers{0, 0, 0, 0, 16, 20, 34, 20});
}

TEST_CASE("depthwise_conv2d of floats") {
  CHECK(runOp("qnn.depthwise_conv2d", "{activation = #qnn.activation<relu>}",
              {"tensor<1x2x1x2xf32>", "tensor<1x2x1x2xf32>", "tensor<2xf32>"}, "tensor<1x1x1x2xf32>",
              {{1, 2, 3, 4}, {0.5, -1, 0.25, -1}, {1, 1}}, "%a0, %a1 bias %a2") == Numbers{2.25, 0});
}

TEST_CASE("float sums are rounded once") {
  // In f32, 2^24 + 1 + 1 would stay 2^24.
  CHECK(runOp("qnn.dense", "", {"tensor<3xf32>", "tensor<1x3xf32>"}, "tensor<1xf32>", {{16777216, 1, 1}, {1, 1, 1}}) ==
        Numbers{16777218});
}

TEST_CASE("matmul, both layouts of the right operand") {
  std::string lhs = tensor("2x1x2", plain);
  std::vector<Numbers> operands{{1, 2, 3, 4}, {1, 2, 3, 4, 5, 6, 7, 8}};
  CHECK(runOp("qnn.matmul", "", {lhs, tensor("2x2x2", plain)}, tensor("2x1x2", plain), operands) ==
        Numbers{7, 10, 43, 50});
  CHECK(runOp("qnn.matmul", "{transpose_rhs}", {lhs, tensor("2x2x2", plain)}, tensor("2x1x2", plain), operands) ==
        Numbers{5, 11, 39, 53});
  CHECK(runOp("qnn.matmul", "", {"tensor<2x1xf32>", "tensor<1x3xf32>"}, "tensor<2x3xf32>", {{1, 2}, {1, 2, 3}}) ==
        Numbers{1, 2, 3, 2, 4, 6});
}

TEST_CASE("the scale's product in f32 can differ") {
  // 0.1f * 0.1f in f32 is above the exact product by about 1e-9 relative; the output's scale puts that on a tie.
  std::string x = tensor("1x1", "!quant.uniform<i8:f32, 0.100000001490116>");
  std::string y = tensor("1x1", "f32");
  Numbers exact = runOp("qnn.dense", "", {x, x}, y, {{3}, {7}});
  Numbers rounded = runOp("qnn.dense", "{rescale = #qnn.rescale<product = f32>}", {x, x}, y, {{3}, {7}});
  CHECK(exact[0] == double(21.0f * float(0.100000001490116 * 0.100000001490116)));
  CHECK(rounded[0] == double(21.0f * (0.1f * 0.1f)));
}

TEST_CASE("empty dimensions") {
  CHECK(runOp("qnn.dense", "", {tensor("2x0", plain), tensor("3x0", plain), "tensor<3xi32>"}, tensor("2x3", plain),
              {{}, {}, {1, 2, 3}}, "%a0, %a1 bias %a2") == Numbers{1, 2, 3, 1, 2, 3});
  CHECK(
      runOp("qnn.dense", "", {tensor("2x1", plain), tensor("0x1", plain)}, tensor("2x0", plain), {{1, 2}, {}}).empty());
  CHECK(
      runOp("qnn.conv2d", "", {tensor("0x2x2x1", plain), tensor("1x1x1x1", plain)}, tensor("0x2x2x1", plain), {{}, {1}})
          .empty());
  CHECK(runOp("qnn.matmul", "", {tensor("2x0", plain), tensor("0x2", plain)}, tensor("2x2", plain), {{}, {}}) ==
        Numbers{0, 0, 0, 0});
}
