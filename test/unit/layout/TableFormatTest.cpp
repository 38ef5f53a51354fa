// Formats whose codes are indices of a table: what is looked up or moved lowers, and the rest is refused with an error.
#include "compiler/layout/Passes.h"
#include "test/unit/DiagnosticText.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"

#include <catch2/catch.hpp>

using namespace mlir;
using namespace qcc;

namespace {
/// The four-bit floating-point numbers of OCP's microscaling formats, in halves: a table out of order.
struct HalvesFormat : qnn::NumberFormat::ExternalModel<HalvesFormat, Float4E2M1FNType> {
  unsigned getBits(Type) const { return 4; }
  bool isSignedCode(Type) const { return false; }
  std::pair<int64_t, int64_t> getCodeRange(Type) const { return {0, 15}; }
  qnn::ProductRule getProductRule(Type) const { return qnn::ProductRule::Table; }
  qnn::IntegerDecode getIntegerDecode(Type) const {
    return {0, 0, {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12}};
  }
  double getScale(Type, int64_t) const { return 0.5; }
};

class Layout {
public:
  Layout() {
    DialectRegistry registry;
    qnn::registerDialects(registry);
    registry.addExtension(
        +[](MLIRContext *context, qnn::QnnDialect *) { Float4E2M1FNType::attachInterface<HalvesFormat>(*context); });
    context.appendDialectRegistry(registry);
    context.printOpOnDiagnostic(false);
    context.loadDialect<qnn::QnnDialect, quant::QuantDialect, func::FuncDialect>();
  }

  /// What convert-qnn-to-qk says to a function of `%x`, 2 x 4 four-bit numbers, that returns what `op` gives.
  std::string lower(StringRef op, StringRef result, StringRef before = "") {
    DiagnosticText diagnostics(&context);
    std::string text = llvm::formatv("func.func @f(%x: tensor<1x2x4x1xf4E2M1FN>) -> {1} {{\n"
                                     "  {2}%0 = {0} -> {1}\n  return %0 : {1}\n}",
                                     op, result, before);
    OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
    INFO(text << diagnostics.take());
    REQUIRE(module);
    PassManager passes(&context);
    passes.addNestedPass<func::FuncOp>(layout::createConvertQnnToQkPass());
    bool succeeds = succeeded(passes.run(*module));
    std::string message = diagnostics.take();
    CHECK(succeeds == message.empty());
    size_t start = message.find("error: ");
    return start == std::string::npos ? message : StringRef(message).drop_front(start + 7).rtrim().str();
  }

private:
  MLIRContext context;
};
} // namespace

TEST_CASE("a format with a table knows its integers") {
  MLIRContext context;
  Float4E2M1FNType::attachInterface<HalvesFormat>(context);
  auto format = llvm::cast<qnn::NumberFormat>(Type(Float4E2M1FNType::get(&context)));
  CHECK_FALSE(format.isAffine());
  CHECK(format.getIntegerRange() == std::pair<int64_t, int64_t>(-12, 12));
  CHECK(format.encode(2.6) == 5);
  CHECK(format.encode(-100) == 15);
}

TEST_CASE("codes of a table are moved and looked up") {
  Layout layout;
  CHECK(layout.lower("qnn.transpose %x {permutation = array<i64: 0, 2, 1, 3>} : (tensor<1x2x4x1xf4E2M1FN>)",
                     "tensor<1x4x2x1xf4E2M1FN>") == "");
  CHECK(layout.lower("qnn.dequantize %x : (tensor<1x2x4x1xf4E2M1FN>)", "tensor<1x2x4x1xf32>") == "");
  CHECK(layout.lower("qnn.requantize %x : (tensor<1x2x4x1xf4E2M1FN>)", "tensor<1x2x4x1x!quant.uniform<i8:f32, 0.5>>") ==
        "");
  CHECK(layout.lower("qnn.logistic %x : (tensor<1x2x4x1xf4E2M1FN>)", "tensor<1x2x4x1xf4E2M1FN>") == "");
}

TEST_CASE("contractions look up codes of a table") {
  Layout layout;
  CHECK(layout.lower("qnn.matmul %x, %x {transpose_rhs} : (tensor<1x2x4x1xf4E2M1FN>, tensor<1x2x4x1xf4E2M1FN>)",
                     "tensor<1x2x4x4x!quant.uniform<i8:f32, 0.5>>") == "");
}

TEST_CASE("other arithmetic on codes of a table is refused") {
  Layout layout;
  std::string operands = "has no lowering for operands of 'f4E2M1FN', whose codes are indices of a table; requantize "
                         "them to affine integers first";
  CHECK(layout.lower("qnn.add %x, %x : (tensor<1x2x4x1xf4E2M1FN>, tensor<1x2x4x1xf4E2M1FN>)",
                     "tensor<1x2x4x1x!quant.uniform<i8:f32, 0.5>>") == operands);
  CHECK(layout.lower("qnn.mean %x {axes = array<i64: 1>} : (tensor<1x2x4x1xf4E2M1FN>)",
                     "tensor<1x4x1x!quant.uniform<i8:f32, 0.5>>") == operands);
  CHECK(layout.lower("qnn.max_pool2d %x {kernel = array<i64: 2, 2>} : (tensor<1x2x4x1xf4E2M1FN>)",
                     "tensor<1x1x3x1xf4E2M1FN>") ==
        "has no lowering for 'f4E2M1FN', whose codes are not in the order of their numbers");
  CHECK(layout.lower("qnn.quantize %f : (tensor<1x2x4x1xf32>)", "tensor<1x2x4x1xf4E2M1FN>",
                     "%f = qnn.dequantize %x : (tensor<1x2x4x1xf4E2M1FN>) -> tensor<1x2x4x1xf32>\n") ==
        "has no lowering for results of 'f4E2M1FN'; kernels round to f32, affine integers, or two opposite integers");
}
