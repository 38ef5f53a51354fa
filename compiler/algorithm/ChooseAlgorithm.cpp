// qnn-choose-algorithm: records on convolutions how they are to be computed. Those that no rule names are left to the
// cost model.
#include "compiler/algorithm/ChooseAlgorithm.h"

#include "compiler/algorithm/Passes.h"
#include "compiler/quantize/Precision.h"
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

FailureOr<AlgorithmRule> algorithm::parseAlgorithmRule(StringRef text, Location location) {
  auto [pattern, name] = text.split('=');
  AlgorithmRule rule{pattern.str(), qnn::AlgorithmKind::Direct};
  if (name == "winograd(f2,exact)")
    rule.kind = qnn::AlgorithmKind::WinogradF2;
  else if (name != "direct")
    rule.pattern.clear();
  if (rule.pattern.empty())
    return emitError(location) << "expects an algorithm like 'conv.*=winograd(f2,exact)' or 'conv.*=direct', but got '"
                               << text << "'";
  return rule;
}

/// Why a convolution cannot be computed from 4x4 transformed codes; empty if it can.
static StringRef winogradProblem(qnn::Conv2dOp op) {
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  auto areOnes = [](ArrayRef<int64_t> numbers) { return llvm::all_of(numbers, [](int64_t n) { return n == 1; }); };
  if (filter[1] != 3 || filter[2] != 3)
    return "has no 3x3 filter";
  if (!areOnes(op.getStrides()) || !areOnes(op.getDilations()))
    return "has strides or dilations other than 1";
  if (qnn::getFormat(op.getInput()).isFloat() || op.getScales())
    return "has no integers that one scale belongs to";
  return "";
}

/// A pattern may name more than can be computed that way, but has to name something that can.
static LogicalResult applyRule(const AlgorithmRule &rule, func::FuncOp model) {
  std::vector<qnn::Conv2dOp> found;
  Location location = UnknownLoc::get(model.getContext());
  auto visit = [&](Operation *op) {
    if (auto conv = llvm::dyn_cast<qnn::Conv2dOp>(op))
      found.push_back(conv);
  };
  if (failed(quantize::forEachLayer(rule.pattern, location, model.getBody(), visit)))
    return failure();
  if (found.empty())
    return emitError(location) << "no convolution's name matches '" << rule.pattern << "'";
  auto attribute = qnn::AlgorithmAttr::get(model.getContext(), rule.kind);
  auto problemOf = [&](qnn::Conv2dOp op) { return qnn::isWinograd(attribute) ? winogradProblem(op) : StringRef(); };
  if (llvm::none_of(found, [&](qnn::Conv2dOp op) { return problemOf(op).empty(); }))
    return found.front().emitError() << problemOf(found.front()) << ", which " << attribute << " needs";
  for (qnn::Conv2dOp op : found)
    if (StringRef problem = problemOf(op); problem.empty())
      op.setAlgorithmAttr(attribute);
    else
      op.emitRemark() << problem << ", which " << attribute << " needs: its algorithm is left open";
  return success();
}

namespace {
struct ChooseAlgorithmPass : PassWrapper<ChooseAlgorithmPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ChooseAlgorithmPass)
  explicit ChooseAlgorithmPass(ArrayRef<std::string> rules) : rules(rules.begin(), rules.end()) {}
  ChooseAlgorithmPass(const ChooseAlgorithmPass &other) : PassWrapper(other), rules(other.rules) {}
  StringRef getArgument() const override { return "qnn-choose-algorithm"; }
  StringRef getDescription() const override { return "Record how convolutions are to be computed"; }

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    std::vector<std::string> texts = rules;
    if (!rule.empty())
      texts.push_back(rule);
    for (const std::string &text : texts) {
      FailureOr<AlgorithmRule> read = parseAlgorithmRule(text, UnknownLoc::get(&getContext()));
      if (failed(read) || failed(applyRule(*read, getOperation())))
        return signalPassFailure();
    }
  }

private:
  std::vector<std::string> rules;
  Option<std::string> rule{*this, "rule", llvm::cl::desc("as --algorithm of qcc")};
};
} // namespace

std::unique_ptr<Pass> algorithm::createChooseAlgorithmPass(ArrayRef<std::string> rules) {
  return std::make_unique<ChooseAlgorithmPass>(rules);
}
