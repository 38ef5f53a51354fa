// Quantized models: formats, integer weights, rounding.
#include "test/unit/frontend/Language.h"

using namespace mlir;
using namespace qcc;

namespace {
NamedArray makeScales(StringRef name, ArrayRef<float> scales, bool isScalar = false) {
  NamedArray array{name.str(), 'f', 4, {}, {}};
  if (!isScalar)
    array.shape.push_back(scales.size());
  const char *bytes = reinterpret_cast<const char *>(scales.data());
  array.bytes.assign(bytes, bytes + 4 * scales.size());
  return array;
}

struct Quantized : Language {
  explicit Quantized(std::vector<NamedArray> arrays = {}) { options.weights = std::move(arrays); }
  static std::string model(StringRef expression, StringRef input = "int8(scale: 0.5, zero: -3)[1, 4]") {
    return ("model m(x: " + input + ") { weights \"w.npz\"\n return " + expression + " }").str();
  }
  qnn::ConstantOp constantOf(ParsedModel &parsed, StringRef name) {
    qnn::ConstantOp found;
    (*parsed.module)->walk([&](qnn::ConstantOp op) {
      if (op.getName() == name)
        found = op;
    });
    REQUIRE(found);
    return found;
  }
};
} // namespace

TEST_CASE("results have the format that the call names") {
  Quantized q;
  CHECK(q.resultsOf(q.model("tanh(x, out: int16(scale: 0.25))")) == "int16(scale: 0.25)[1, 4]");
  CHECK(q.resultsOf(q.model("add(x, x, out: int8(scale: 1, zero: 4))")) == "int8(scale: 1, zero: 4)[1, 4]");
  CHECK(q.resultsOf(q.model("requantize(x, uint8(0.1, 128))")) == "uint8(scale: 0.1, zero: 128)[1, 4]");
  CHECK(q.resultsOf(q.model("dequantize(x)")) == "f32[1, 4]");
  CHECK(q.resultsOf(q.model("quantize(x, binary)", "f32[3]")) == "binary[3]");
  CHECK(q.resultsOf(q.model("quantize(x, int4(scale: [1, 2], zero: [0, 1], axis: 1))", "f32[3, 2]")) ==
        "int4(scale: [2 values], zero: [2 values], axis: 1)[3, 2]");
  CHECK(q.resultsOf(q.model("quantize(x, int8(scale: 0.5, min: -127))", "f32[3]")) == "int8(scale: 0.5, min: -127)[3]");
}

TEST_CASE("code books have a table") {
  Quantized q;
  CHECK(q.resultsOf(q.model("quantize(x, codebook2(table: [-60, -17, 0, 22], scale: 0.5))", "f32[3]")) ==
        "codebook2(table: [-60, -17, 0, 22], scale: 0.5)[3]");
  CHECK(q.resultsOf(q.model("quantize(x, codebook1(table: [-5, 9], scale: [1, 2, 3], axis: 0))", "f32[3]")) ==
        "codebook1(table: [-5, 9], scale: [3 values], axis: 0)[3]");
  auto error = [&](std::string format) { return q.errorFor(q.model("quantize(x, " + format + ")", "f32[3]")); };
  CHECK(error("codebook2").find("expects a table of 4 integers for codebook2, but got 0") != std::string::npos);
  CHECK(error("codebook2(table: [1, 2])").find("expects a table of 4 integers for codebook2, but got 2") !=
        std::string::npos);
  CHECK(error("codebook1(table: [2, 1])").find("expects a table in rising order, but got 1 behind 2") !=
        std::string::npos);
  CHECK(error("codebook1(table: 3)").find("codebook1: expects a list of integers for 'table', but got 3") !=
        std::string::npos);
  CHECK(error("codebook1(table: [1, 2], zero: 1)").find("codebook1: has no parameter 'zero'") != std::string::npos);
  CHECK(error("int4(table: [1, 2])").find("int4: has no parameter 'table'") != std::string::npos);
  CHECK(error("codebook9").find("codebook9") != std::string::npos);
}

TEST_CASE("signs and thresholds") {
  Quantized q;
  CHECK(q.resultsOf(q.model("sign(x)", "f32[3]")) == "binary[3]");
  CHECK(q.resultsOf(q.model("sign(x, binary(scale: 0.5))", "f32[3]")) == "binary(scale: 0.5)[3]");
  CHECK(q.errorFor(q.model("sign(x, int8(scale: 0.5))", "f32[3]")).find("sign: expects a binary format") !=
        std::string::npos);
  CHECK(q.errorFor(q.model("sign(x)")).find("sign: expects f32") != std::string::npos);
  q.options.weights = {makeFloats("t.thresholds", {1, 3})};
  CHECK(q.resultsOf(q.model("threshold(x, \"t\", uint2(scale: 1))", "f32[2, 3]")) == "uint2(scale: 1)[2, 3]");
  // Stored elements are 0.25, 0.5, ... up to 1.75, and begin anew.
  CHECK(q.errorFor(q.model("threshold(x, \"t\", ternary)", "f32[2, 3]"))
            .find("threshold: expects thresholds of shape [3, 2] or [1, 2]") != std::string::npos);
  q.options.weights = {makeFloats("t.thresholds", {2, 15})};
  CHECK(q.errorFor(q.model("threshold(x, \"t\", uint4(scale: 1))", "f32[2]"))
            .find("threshold: expects thresholds that do not decrease along a row, but row 0 has 1.75 and then 0.25 at "
                  "element 7") != std::string::npos);
  NamedArray nan = makeFloats("t.thresholds", {1, 1});
  nan.bytes = {0, 0, char(0xc0), char(0x7f)};
  q.options.weights = {nan};
  CHECK(q.errorFor(q.model("threshold(x, \"t\", binary)", "f32[2]"))
            .find("threshold: expects numbers as thresholds, but row 0 has nan at element 0") != std::string::npos);
}

TEST_CASE("without a format, results that need none have the input's") {
  Quantized q;
  for (const char *expression : {"relu(x)", "relu6(x)", "leaky_relu(x, 0.1)", "mean(x, [])", "reshape(x, [4])"})
    CHECK(StringRef(q.resultsOf(q.model(expression))).starts_with("int8(scale: 0.5, zero: -3)["));
  CHECK(q.resultsOf(q.model("softmax(x)")) == "int8(scale: 0.00390625, zero: -128)[1, 4]");
  CHECK(q.resultsOf(q.model("softmax(x)", "uint8(scale: 0.5)[1, 4]")) == "uint8(scale: 0.00390625)[1, 4]");
  CHECK(q.resultsOf(q.model("x + x", "i32[4]")) == "i32[4]");
}

TEST_CASE("rounding, product and overflow are stated in the call") {
  Quantized q;
  std::string ops = q.opsOf(q.model("requantize(x, int8(1), round: single, product: f32, overflow: wrap)"));
  CHECK(StringRef(ops).contains("#qnn.rescale<rounding = single, product = f32, overflow = wrap>"));
  CHECK_FALSE(StringRef(q.opsOf(q.model("requantize(x, int8(1))"))).contains("rescale"));
}

TEST_CASE("integer weights have their scales in the file") {
  Quantized q({makeArray("a.weight", 'i', 1, {3, 4}), makeScales("a.weight.scale", {0.5f, 0.1f, 3}),
               makeArray("a.bias", 'i', 4, {3}), makeArray("b.weight", 'u', 1, {3, 4}),
               makeScales("b.weight.scale", {0.3f}, true), makeArray("b.weight.zero", 'i', 4, {}),
               makeArray("c.weight", 'i', 2, {3, 4}), makeArray("d.weight", 'b', 1, {3, 4})});
  ParsedModel a = q.parse(q.model("dense(x, \"a\", out: int8(scale: 1))"));
  qnn::NumberFormat format = qnn::getFormat(q.constantOf(a, "a.weight").getOutput());
  CHECK(format.getChannelAxis() == 0);
  CHECK(format.getNumChannels() == 3);
  CHECK(format.getScale(1) == 0.1f);
  CHECK(q.constantOf(a, "a.weight").getCodes()[1] == 2);

  ParsedModel b = q.parse(q.model("dense(x, \"b\", out: int8(scale: 1))"));
  format = qnn::getFormat(q.constantOf(b, "b.weight").getOutput());
  CHECK(format.getChannelAxis() == -1);
  CHECK(format.getScale(0) == 0.3f);
  CHECK(format.getZeroPoint(0) == 1);
  CHECK_FALSE(format.isSignedCode());

  ParsedModel c = q.parse(q.model("dense(x, \"c\", out: i32)"));
  CHECK(Type(qnn::getFormat(q.constantOf(c, "c.weight").getOutput())).isSignlessInteger(16));
  ParsedModel d = q.parse(q.model("dense(x, \"d\", out: i32)"));
  CHECK(llvm::isa<qnn::BinaryType>(Type(qnn::getFormat(q.constantOf(d, "d.weight").getOutput()))));
}

TEST_CASE("codes of less than a byte are stored one in a byte, and packed in the model") {
  Quantized q({makeArray("a.weight", 'i', 1, {3, 4}), makeScales("a.weight.scale", {0.5f}, true),
               makeArray("b.weight", 'i', 1, {3, 4}), makeScales("b.weight.scale", {1, 2, 3}),
               makeArray("b.weight.bits", 'u', 1, {}), makeArray("g.weight", 'i', 1, {3, 4})});
  q.options.weights->push_back(makeFloats("g.weight.scale", {3, 2}));
  (*q.options.weights)[4].bytes = {5};
  ParsedModel a = q.parse(q.model("dense(x, \"a\", weight: int4, out: int8(scale: 1))"));
  qnn::ConstantOp constant = q.constantOf(a, "a.weight");
  CHECK(qnn::getFormat(constant.getOutput()).getBits() == 4);
  CHECK(constant.getBytes().size() == 6);
  CHECK(constant.getCodes() == llvm::SmallVector<int64_t>{1, 2, 3, 4, 5, 6, 7, 1, 2, 3, 4, 5});
  ParsedModel b = q.parse(q.model("dense(x, \"b\", out: int8(scale: 1))"));
  CHECK(qnn::getFormat(q.constantOf(b, "b.weight").getOutput()).getBits() == 5);
  ParsedModel g = q.parse(q.model("dense(x, \"g\", weight: int4(group: 2), out: int8(scale: 1))"));
  CHECK(qnn::getFormat(q.constantOf(g, "g.weight").getOutput()).getGroupSize() == 2);
}
