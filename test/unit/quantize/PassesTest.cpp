#include "compiler/quantize/Passes.h"
#include "../interpret/RunModel.h"

using namespace mlir;
using namespace qcc;

/// The results of a model of one f32 input and output before and after the passes, and its operators after them.
static void checkSimplified(StringRef function, const Numbers &input, StringRef expectedOps) {
  Session session;
  func::FuncOp model = session.parse(function);
  auto run = [&] {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    REQUIRE(succeeded(interpreter));
    return numbersOf((*interpreter->run(makeTensor(model.getArgumentTypes()[0], input)))[0]);
  };
  Numbers before = run();
  REQUIRE(succeeded(quantize::simplifyFloatModel(*session.module)));
  Numbers after = run();
  REQUIRE(before.size() == after.size());
  for (size_t i = 0; i < before.size(); ++i)
    CHECK(after[i] == Approx(before[i]).margin(1e-5));
  std::string ops;
  for (Operation &op : model.getBody().front().without_terminator())
    if (!llvm::isa<qnn::ConstantOp>(op))
      ops += (op.getName().stripDialect() + " ").str();
  CHECK(ops == expectedOps);
}

static const std::string normParameters = R"(
    %g = qnn.constant dense<[2.0, -0.5]> : tensor<2xf32> : tensor<2xf32>
    %b = qnn.constant dense<[0.25, 4.0]> : tensor<2xf32> : tensor<2xf32>
    %m = qnn.constant dense<[1.0, -3.0]> : tensor<2xf32> : tensor<2xf32>
    %v = qnn.constant dense<[4.0, 0.5]> : tensor<2xf32> : tensor<2xf32>)";

static std::string norm(const std::string &result, const std::string &input, const std::string &shape) {
  std::string type = "tensor<" + shape + "xf32>";
  return "\n    " + result + " = qnn.batch_norm " + input + ", %g, %b, %m, %v {epsilon = 1.0e-3 : f64} : (" + type +
         ", tensor<2xf32>, tensor<2xf32>, tensor<2xf32>, tensor<2xf32>) -> " + type;
}

TEST_CASE("a batch norm and a relu go into a convolution with a bias") {
  checkSimplified("func.func @f(%x: tensor<1x2x2x1xf32>) -> tensor<1x2x2x2xf32> {" + normParameters + R"(
    %w = qnn.constant dense<[[[[1.5]]], [[[-2.0]]]]> : tensor<2x1x1x1xf32> : tensor<2x1x1x1xf32>
    %c = qnn.constant dense<[0.5, 1.0]> : tensor<2xf32> : tensor<2xf32>
    %y = qnn.conv2d %x, %w bias %c : (tensor<1x2x2x1xf32>, tensor<2x1x1x1xf32>, tensor<2xf32>) -> tensor<1x2x2x2xf32>)" +
                      norm("%z", "%y", "1x2x2x2") + R"(
    %r = qnn.relu %z : (tensor<1x2x2x2xf32>) -> tensor<1x2x2x2xf32>
    return %r : tensor<1x2x2x2xf32> })",
                  {1, -2, 3, 4}, "conv2d ");
}

TEST_CASE("a batch norm goes into a depthwise convolution and a dense layer") {
  checkSimplified("func.func @f(%x: tensor<1x2x1x2xf32>) -> tensor<1x1x1x2xf32> {" + normParameters + R"(
    %w = qnn.constant dense<[[[[1.5, 2.0]], [[-1.0, 3.0]]]]> : tensor<1x2x1x2xf32> : tensor<1x2x1x2xf32>
    %y = qnn.depthwise_conv2d %x, %w : (tensor<1x2x1x2xf32>, tensor<1x2x1x2xf32>) -> tensor<1x1x1x2xf32>)" +
                      norm("%z", "%y", "1x1x1x2") + "\n return %z : tensor<1x1x1x2xf32> }",
                  {1, -2, 3, 4}, "depthwise_conv2d ");
  checkSimplified("func.func @f(%x: tensor<1x3xf32>) -> tensor<1x2xf32> {" + normParameters + R"(
    %w = qnn.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32> : tensor<2x3xf32>
    %y = qnn.dense %x, %w : (tensor<1x3xf32>, tensor<2x3xf32>) -> tensor<1x2xf32>)" +
                      norm("%z", "%y", "1x2") + "\n return %z : tensor<1x2xf32> }",
                  {1, -2, 3}, "dense ");
}

TEST_CASE("a batch norm without such a producer becomes mul and add") {
  checkSimplified("func.func @f(%x: tensor<3x2xf32>) -> tensor<3x2xf32> {" + normParameters + norm("%z", "%x", "3x2") +
                      "\n return %z : tensor<3x2xf32> }",
                  {1, -2, 3, 4, 5, 6}, "mul add ");
  // The convolution's result has a second use; a clamp lies between.
  std::string dense = R"(
    %w = qnn.constant dense<[[1.0, 2.0], [4.0, 5.0]]> : tensor<2x2xf32> : tensor<2x2xf32>
    %y = qnn.dense %x, %w )";
  std::string types = " : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<1x2xf32>";
  checkSimplified("func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {" + normParameters + dense + types +
                      norm("%z", "%y", "1x2") +
                      "\n %s = qnn.add %z, %y : (tensor<1x2xf32>, tensor<1x2xf32>) -> tensor<1x2xf32> return %s : "
                      "tensor<1x2xf32> }",
                  {1, -2}, "dense mul add add ");
  checkSimplified("func.func @f(%x: tensor<1x2xf32>) -> tensor<1x2xf32> {" + normParameters + dense +
                      "{activation = #qnn.activation<relu>}" + types + norm("%z", "%y", "1x2") +
                      "\n return %z : tensor<1x2xf32> }",
                  {1, -2}, "dense mul add ");
}

TEST_CASE("activations are fused only where nothing else sees the result") {
  std::string type = "tensor<2xf32>", types = " : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>";
  std::string begin = "func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> { %y = qnn.add %x, %x" + types;
  std::string relu6 = "\n %z = qnn.relu %y {activation = #qnn.activation<relu6>} : (tensor<2xf32>) -> tensor<2xf32>";
  checkSimplified(begin + relu6 + "\n return %z : tensor<2xf32> }", {7, -1}, "add ");
  checkSimplified(begin + relu6 + "\n %s = qnn.sub %z, %y" + types + "\n return %s : tensor<2xf32> }", {7, -1},
                  "add relu sub ");
}

TEST_CASE("the clamp of a wrapping sum is not fused") {
  Session session;
  func::FuncOp model = session.parse(R"(func.func @f(%x: tensor<2xi8>) -> tensor<2xi8> {
    %y = qnn.add %x, %x {rescale = #qnn.rescale<overflow = wrap>} : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
    %z = qnn.relu %y : (tensor<2xi8>) -> tensor<2xi8>
    %a = qnn.add %z, %z : (tensor<2xi8>, tensor<2xi8>) -> tensor<2xi8>
    %b = qnn.relu %a : (tensor<2xi8>) -> tensor<2xi8>
    return %b : tensor<2xi8> })");
  REQUIRE(succeeded(quantize::simplifyFloatModel(*session.module)));
  CHECK(llvm::range_size(model.getBody().getOps<qnn::ReluOp>()) == 1);
}

TEST_CASE("products with constant matrices and sums with constant rows become one dense layer") {
  for (bool isTransposed : {false, true}) {
    std::string matrix = isTransposed ? "tensor<2x3xf32>" : "tensor<3x2xf32>",
                numbers =
                    isTransposed ? "[[1.0, -2.0, 3.0], [4.0, 5.0, -6.0]]" : "[[1.0, -2.0], [3.0, 4.0], [5.0, -6.0]]";
    checkSimplified("func.func @f(%x: tensor<2x3xf32>) -> tensor<2x2xf32> { %w = qnn.constant dense<" + numbers +
                        "> : " + matrix + " : " + matrix + R"(
    %b = qnn.constant dense<[[0.5, -4.0]]> : tensor<1x2xf32> : tensor<1x2xf32>
    %c = qnn.constant dense<0.25> : tensor<f32> : tensor<f32>
    %p = qnn.matmul %x, %w )" +
                        (isTransposed ? "{transpose_rhs}" : "") + " : (tensor<2x3xf32>, " + matrix +
                        R"() -> tensor<2x2xf32>
    %y = qnn.add %b, %p : (tensor<1x2xf32>, tensor<2x2xf32>) -> tensor<2x2xf32>
    %z = qnn.add %y, %c : (tensor<2x2xf32>, tensor<f32>) -> tensor<2x2xf32>
    %r = qnn.relu %z : (tensor<2x2xf32>) -> tensor<2x2xf32>
    return %r : tensor<2x2xf32> })",
                    {1, -2, 3, 4, -5, 6}, "dense ");
  }
}
