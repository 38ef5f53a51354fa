// Every operator on floats: the shapes of its results, and the attributes that its arguments set.
#include "test/unit/frontend/Language.h"

using namespace mlir;
using namespace qcc;

namespace {
struct Operators : Language {
  Operators() {
    options.weights.emplace();
    for (auto &[name, shape] :
         std::vector<std::pair<std::string, llvm::SmallVector<int64_t>>>{{"c.weight", {6, 3, 3, 4}},
                                                                         {"c.bias", {6}},
                                                                         {"g.weight", {6, 1, 1, 2}},
                                                                         {"d.weight", {1, 3, 3, 8}},
                                                                         {"d.bias", {8}},
                                                                         {"f.weight", {5, 4}},
                                                                         {"f.bias", {5}},
                                                                         {"n.gamma", {4}},
                                                                         {"n.beta", {4}},
                                                                         {"n.mean", {4}},
                                                                         {"n.variance", {4}},
                                                                         {"k", {4}},
                                                                         {"wide.weight", {6, 3, 5, 4}}})
      options.weights->push_back(makeFloats(name, shape));
  }
  /// The types of what an expression of x: f32[1, 8, 6, 4] and y: f32[1, 8, 6, 1] gives.
  std::string operator()(StringRef expression) {
    return resultsOf(("model m(x: f32[1, 8, 6, 4], y: f32[1, 8, 6, 1], a: f32[2, 3, 4], b: f32[2, 4, 5]) {\n"
                      "weights \"w.npz\"\n p = split(x, axis: 3, parts: 2)\n return " +
                      expression + " }")
                         .str());
  }
  std::string ops(StringRef expression) {
    return opsOf(("model m(x: f32[1, 8, 6, 4]) { weights \"w.npz\"\n return " + expression + " }").str());
  }
};
bool contains(StringRef text, StringRef part) { return text.contains(part); }
} // namespace

TEST_CASE("contractions have the shapes that strides, dilations and padding give") {
  Operators op;
  CHECK(op("conv2d(x, \"c\")") == "f32[1, 8, 6, 6]");
  CHECK(op("conv2d(x, \"c\", filters: 6, kernel: 3, stride: 2)") == "f32[1, 4, 3, 6]");
  CHECK(op("conv2d(x, \"c\", stride: [2, 1], padding: valid)") == "f32[1, 3, 4, 6]");
  CHECK(op("conv2d(x, \"c\", dilation: 2, padding: valid)") == "f32[1, 4, 2, 6]");
  CHECK(op("conv2d(x, \"c\", padding: [1, 0, 2, 0])") == "f32[1, 7, 6, 6]");
  CHECK(op("conv2d(x, \"g\", groups: 2)") == "f32[1, 8, 6, 6]");
  CHECK(op("conv2d(x, \"wide\", kernel: [3, 5], padding: \"valid\")") == "f32[1, 6, 2, 6]");
  CHECK(op("depthwise2d(x, \"d\", multiplier: 2, stride: 2)") == "f32[1, 4, 3, 8]");
  CHECK(op("dense(x, \"f\", units: 5)") == "f32[1, 8, 6, 5]");
  CHECK(op("matmul(a, b)") == "f32[2, 3, 5]");
  CHECK(op("matmul(a, a, transpose_b: true)") == "f32[2, 3, 3]");
  CHECK(op("batch_norm(x, \"n\", epsilon: 1e-5)") == "f32[1, 8, 6, 4]");
  CHECK(op("batch_norm(x, \"n2\", gamma: constant(\"k\"), beta: constant(\"k\"), mean: constant(\"k\"), variance: "
           "constant(\"k\"))") == "f32[1, 8, 6, 4]");
  CHECK(op("constant(\"k\")") == "f32[4]");
}

TEST_CASE("same padding puts the odd element at the end") {
  Operators op;
  CHECK(contains(op.ops("conv2d(x, \"c\", stride: 2)"), "pads = array<i64: 0, 1, 0, 1>"));
  CHECK(contains(op.ops("conv2d(x, \"c\")"), "pads = array<i64: 1, 1, 1, 1>"));
  CHECK_FALSE(contains(op.ops("conv2d(x, \"c\", padding: valid)"), "pads"));
}

TEST_CASE("a bias is used if it is stored, unless the call says otherwise") {
  Operators op;
  CHECK(contains(op.ops("conv2d(x, \"c\")"), "bias"));
  CHECK_FALSE(contains(op.ops("conv2d(x, \"c\", use_bias: false)"), "bias"));
  CHECK_FALSE(contains(op.ops("conv2d(x, \"wide\")"), "bias"));
  CHECK(contains(op.ops("conv2d(x, \"wide\", bias: constant(\"c.bias\"))"), "bias"));
  CHECK(contains(op.ops("dense(x, \"other\", filter: constant(\"f.weight\"))"), "tensor<5x4xf32>"));
}

TEST_CASE("elementwise operators") {
  Operators op;
  CHECK(op("x + y") == "f32[1, 8, 6, 4]");
  CHECK(op("y - x * constant(\"k\")") == "f32[1, 8, 6, 4]");
  CHECK(op("2 * x + 0.5 - y") == "f32[1, 8, 6, 4]");
  CHECK(op("add(x, y, activation: relu6)") == "f32[1, 8, 6, 4]");
  CHECK(op("relu(x), relu6(y), relu_n1_to_1(a)") == "f32[1, 8, 6, 4], f32[1, 8, 6, 1], f32[2, 3, 4]");
  CHECK(op("leaky_relu(x, alpha: 0.1)") == "f32[1, 8, 6, 4]");
  CHECK(op("x |> sigmoid |> tanh |> softmax(beta: 2) |> log_softmax") == "f32[1, 8, 6, 4]");
  CHECK(op("argmax(x)") == "i32[1, 8, 6]");
  CHECK(op("argmax(x, axis: 1)") == "i32[1, 6, 4]");
  CHECK(contains(op.ops("relu(x, activation: none)"), "qnn.relu %arg0 :"));
  CHECK(contains(op.ops("relu6(x)"), "activation = #qnn.activation<relu6>"));
}

TEST_CASE("functions of floats") {
  Operators op;
  for (StringRef name : {"abs", "atan", "ceil", "erf", "exp", "floor", "log", "round", "sin", "sqrt"}) {
    CHECK(op((name + "(x)").str()) == "f32[1, 8, 6, 4]");
    CHECK(contains(op.ops((name + "(x)").str()), "qnn.apply <" + name.str() + ">"));
  }
  for (StringRef name : {"divide", "equal", "less", "less_equal", "maximum", "minimum", "power"}) {
    CHECK(op((name + "(y, x)").str()) == "f32[1, 8, 6, 4]");
    CHECK(contains(op.ops((name + "(2, x)").str()), "qnn.combine <" + name.str() + ">"));
  }
  CHECK(op("select(less(y, 0), x, y)") == "f32[1, 8, 6, 4]");
  CHECK(op("gather(x, axis: 2, indices: [5, 5, 0])") == "f32[1, 8, 3, 4]");
  CHECK(contains(op.errorFor("model m(x: f32[2, 6]) { return gather(x, axis: 1, indices: [6]) }"),
                 "expects indices from 0 to 5 of axis 1, but got 6"));
  CHECK(contains(op.errorFor("model m(x: f32[2, 6]) { return exp(argmax(x)) }"), "expects f32"));
}

TEST_CASE("pools, means and moves") {
  Operators op;
  CHECK(op("max_pool(x, 2)") == "f32[1, 4, 3, 4]");
  CHECK(op("avg_pool(x, [2, 3], stride: 1, padding: same)") == "f32[1, 8, 6, 4]");
  CHECK(op("max_pool(x, kernel: 3, stride: 2, padding: [1, 1, 1, 1], activation: relu)") == "f32[1, 4, 3, 4]");
  CHECK(op("global_avg_pool(x)") == "f32[1, 4]");
  CHECK(op("global_avg_pool(x, keep_dims: true)") == "f32[1, 1, 1, 4]");
  CHECK(op("mean(x, [-1, 1])") == "f32[1, 6]");
  CHECK(op("pad(x, [0, 1, 2, 0], [0, 0, 1, 0], value: -inf)") == "f32[1, 9, 9, 4]");
  CHECK(op("reshape(x, [2, -1])") == "f32[2, 96]");
  CHECK(op("flatten(x)") == "f32[1, 192]");
  CHECK(op("transpose(x, [0, 3, 1, 2])") == "f32[1, 4, 8, 6]");
  CHECK(op("concat([x, y, x], axis: -1)") == "f32[1, 8, 6, 9]");
  CHECK(op("concat(p + p, axis: 1)") == "f32[1, 32, 6, 2]");
  CHECK(op("slice(x, start: [0, 1, 0, 2])") == "f32[1, 7, 6, 2]");
  CHECK(op("slice(x, [0, 1, 0, 0], size: [1, 3, 6, 1], stride: [1, 2, 1, 1])") == "f32[1, 3, 6, 1]");
  CHECK(op("slice(x, [0, 1, 0, 0], stride: [1, 3, 4, 5])") == "f32[1, 3, 2, 1]");
  CHECK(op("p[0], p[1]") == "f32[1, 8, 6, 2], f32[1, 8, 6, 2]");
  CHECK(op("split(x, axis: 3, sizes: [1, 3])[1]") == "f32[1, 8, 6, 3]");
  CHECK(op("resize_nearest(x, size: [16, 3], half_pixel_centers: true)") == "f32[1, 16, 3, 4]");
}

TEST_CASE("one stored tensor is one constant") {
  Operators op;
  ParsedModel parsed = op.parse("model m(x: f32[1, 8, 6, 4]) { weights \"w.npz\"\n"
                                "return x * constant(\"k\") + constant(\"k\") }");
  int constants = 0;
  (*parsed.module)->walk([&](qnn::ConstantOp) { ++constants; });
  CHECK(constants == 1);
}
