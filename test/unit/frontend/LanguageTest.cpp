// What runs while a model is built: variables, functions, loops, arithmetic, strings, lists.
#include "test/unit/frontend/Language.h"

using namespace mlir;
using namespace qcc;

namespace {
/// The shape that a list expression makes of a tensor with 24 elements.
std::string shapeBy(StringRef statements, StringRef list) {
  Language language;
  return language.resultsOf(("dim N = 4\n"
                             "fn twice(a, by = 2) { return a * by }\n"
                             "fn both(a) { return a, a + 1 }\n"
                             "model m(x: f32[24]) {\n" +
                             statements + "\n return reshape(x, " + list + ") }")
                                .str());
}
} // namespace

TEST_CASE("integers are computed") {
  CHECK(shapeBy("", "[2 + 2 * 2, 4]") == "f32[6, 4]");
  CHECK(shapeBy("", "[(2 + 2) * 2, 10 - 7]") == "f32[8, 3]");
  CHECK(shapeBy("", "[7 / 2, -9 / -4 * 4]") == "f32[3, 8]");
  CHECK(shapeBy("", "[7 % 4, 8]") == "f32[3, 8]");
  CHECK(shapeBy("", "[N, -1]") == "f32[4, 6]");
  CHECK(shapeBy("", "[1K / 256, 6]") == "f32[4, 6]");
  CHECK(shapeBy("", "[twice(3), twice(2, by: 2)]") == "f32[6, 4]");
  CHECK(shapeBy("", "[3 |> twice, 1 |> twice(4)]") == "f32[6, 4]");
}

TEST_CASE("variables, lists, loops and branches") {
  CHECK(shapeBy("a, b = [3, 8]", "[b, a]") == "f32[8, 3]");
  CHECK(shapeBy("a, b = both(2)", "[a, b, N]") == "f32[2, 3, 4]");
  CHECK(shapeBy("s = [] for i in range(3) { s = s + [i + 2] }", "s") == "f32[2, 3, 4]");
  CHECK(shapeBy("s = [] for i in range(2, 5) { s = s + [i] }", "[s[2], s[0], s[1]]") == "f32[4, 2, 3]");
  CHECK(shapeBy("s = [[2, 3], 4]", "[s[0][1], 2, s[1]]") == "f32[3, 2, 4]");
  CHECK(shapeBy("s = shape(x)", "[s[0] / 8, 8, len(s)]") == "f32[3, 8, 1]");
  CHECK(shapeBy("a = 0 if N == 4 { a = 6 } else { a = 24 }", "[a, -1]") == "f32[6, 4]");
  CHECK(shapeBy("a = 0 if N > 4 { a = 6 } else if \"a\" < \"b\" { a = 3 } else { a = 2 }", "[a, -1]") == "f32[3, 8]");
  CHECK(shapeBy("a = 1 for c in [true, false, 1 == 1.0, \"a\" != \"a\"] { if c { a = a * 2 } }", "[a, 6]") ==
        "f32[4, 6]");
  CHECK(shapeBy("for i in range(10) { if i == 3 { return reshape(x, [i, -1]) } }", "[24]") == "f32[3, 8]");
  CHECK(shapeBy("a = range(0)", "[24 + len(a)]") == "f32[24]");
}

TEST_CASE("strings hold expressions, and layers have names") {
  Language language;
  ParsedModel parsed = language.parse(R"(model m(x: f32[4]) {
    for i in range(2) { for part in ["a", "b"] { x = relu(x, name: "{part}{i * 2}.{0.5}\{\}\"\\\t") } }
    x = relu(x)
    return relu(x) })");
  std::vector<std::string> names;
  (*parsed.module)->walk([&](qnn::ReluOp op) { names.push_back(llvm::cast<NameLoc>(op.getLoc()).getName().str()); });
  CHECK(names == std::vector<std::string>{"a0.0.5{}\"\\\t", "b0.0.5{}\"\\\t", "a2.0.5{}\"\\\t", "b2.0.5{}\"\\\t",
                                          "relu1", "relu2"});
}

TEST_CASE("operators have the place of their call") {
  Language language;
  ParsedModel parsed = language.parse("model m(x: f32[4]) {\n  y = x\n    |> relu6\n  return y\n}\n");
  (*parsed.module)->walk([&](qnn::ReluOp op) {
    auto at = llvm::cast<FileLineColLoc>(llvm::cast<NameLoc>(op.getLoc()).getChildLoc());
    CHECK(at.getFilename() == "m.qm");
    CHECK(at.getLine() == 3);
    CHECK(at.getColumn() == 8);
  });
}

TEST_CASE("inputs and outputs are named") {
  Language language;
  auto names = [&](StringRef text) {
    ParsedModel parsed = language.parse(text);
    func::FuncOp function = *parsed.module->getOps<func::FuncOp>().begin();
    CHECK(function.isPublic());
    std::string all = function.getName().str();
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      all += " " + function.getArgAttrOfType<StringAttr>(i, "qnn.name").str();
    all += " ->";
    for (unsigned i = 0; i < function.getNumResults(); ++i)
      all += " " + function.getResultAttrOfType<StringAttr>(i, "qnn.name").str();
    return all;
  };
  CHECK(names("model m(x: f32[4]) { return x }") == "m x -> output");
  CHECK(names("model m(x: f32[4], y: f32[2]) { return x, y }") == "m x y -> output0 output1");
  CHECK(names("model m(x: f32[4]) -> f32[4] { return x }") == "m x -> output");
  CHECK(names("model m(x: f32[4]) -> p: f32[4], \"q:0\": f32[4] { return x, x }") == "m x -> p q:0");
  CHECK(names("model \"for\"(x \"serving:0\": f32[4],) { return x }") == "for serving:0 -> output");
  CHECK(names("model m(x: int8(scale: 0.5, zero: 3)[4]) -> int8(scale: 0.5, zero: 3)[4] { return x }") ==
        "m x -> output");
}

TEST_CASE("scales keep every bit") {
  Language language;
  for (double scale : {0.1, 1.0 / 3, 0.5847029089927673, 1e-30, 3.4e38, 0.003906250000000001}) {
    auto text = [](double number) {
      return "model m(x: int8(scale: " + frontend::showNumber(number) + ")[4]) { return x }";
    };
    ParsedModel parsed = language.parse(text(scale));
    func::FuncOp function = *parsed.module->getOps<func::FuncOp>().begin();
    CHECK(qnn::getFormat(function.getArgumentTypes()[0]).getScale(0) == scale);
  }
}

TEST_CASE("every operator says what it takes") {
  for (const OpInfo &op : getLanguageOps()) {
    INFO(op.name);
    CHECK(op.build);
    CHECK_FALSE(op.documentation.empty());
    CHECK(op.documentation.back() != '.');
    for (const ParameterInfo &parameter : op.parameters) {
      INFO(parameter.name);
      CHECK_FALSE(parameter.documentation.empty());
      CHECK((parameter.kind == frontend::ParameterKind::Word) == !parameter.words.empty());
    }
  }
  CHECK(frontend::findLanguageOp("flatten")->describeSignature() == "flatten(x: tensor, name: string = none)");
  CHECK(frontend::findLanguageOp("frobnicate") == nullptr);
}
