// qnn-choose-algorithm: records on convolutions how they are to be computed. Those that no rule names are left to the
// cost model.
#include "compiler/algorithm/ChooseAlgorithm.h"

#include "compiler/algorithm/Passes.h"
#include "compiler/quantize/Precision.h"
#include "dialects/qnn/Winograd.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

/// The parameters of `winograd(...)`, without blanks.
static SmallVector<std::string> readParameters(StringRef name) {
  SmallVector<std::string> parameters;
  if (!name.consume_front("winograd(") || !name.consume_back(")"))
    return parameters;
  SmallVector<StringRef> parts;
  name.split(parts, ',');
  for (StringRef part : parts)
    parameters.push_back(part.trim().str());
  return parameters;
}

/// Those that are not tap-wise.
static constexpr std::pair<StringLiteral, qnn::AlgorithmKind> namedAlgorithms[] = {
    {"direct", qnn::AlgorithmKind::Direct},
    {"winograd(f2,exact)", qnn::AlgorithmKind::WinogradF2},
    {"winograd(f2,exact,small)", qnn::AlgorithmKind::WinogradF2Small},
    {"winograd(f4,exact)", qnn::AlgorithmKind::WinogradF4Exact},
    {"winograd(f4,float)", qnn::AlgorithmKind::WinogradF4}};

StringRef algorithm::ruleNameOf(qnn::AlgorithmKind kind) {
  return llvm::find_if(namedAlgorithms, [&](const auto &named) { return named.second == kind; })->first;
}

static std::optional<TapwiseFit> readFit(StringRef name) {
  return llvm::StringSwitch<std::optional<TapwiseFit>>(name)
      .Case("max", TapwiseFit::Max)
      .Case("mse", TapwiseFit::Mse)
      .Case("greedy", TapwiseFit::Greedy)
      .Case("refined", TapwiseFit::Refined)
      .Default(std::nullopt);
}

/// Reads `f4, tapwise, 8, greedy, reciprocal, factors, 25dB, 0.5points`; of the last five, each may be left out.
static std::optional<TapwiseOptions> readTapwise(ArrayRef<std::string> parameters) {
  if (parameters.size() < 3 || parameters[0] != "f4")
    return std::nullopt;
  TapwiseOptions options;
  options.isSingleScale = parameters[1] == "single";
  options.isPerChannel = parameters[1] == "channelwise";
  if (!options.isSingleScale && !options.isPerChannel && parameters[1] != "tapwise")
    return std::nullopt;
  if (StringRef(parameters[2]).getAsInteger(10, options.bits) || options.bits < 8 || options.bits > 10)
    return std::nullopt;
  // With 8 bits, what the points amplify decides (docs/rationale/Winograd.md); more bits can do with what is faster.
  bool mayRefine = options.bits == 8 && !options.isSingleScale;
  if (mayRefine) {
    options.points = qnn::WinogradPoints::Reciprocal;
    options.fit = TapwiseFit::Refined;
  }
  parameters = parameters.drop_front(3);
  auto take = [&](llvm::function_ref<bool(StringRef)> read) {
    if (!parameters.empty() && read(parameters.front()))
      parameters = parameters.drop_front();
  };
  take([&](StringRef word) {
    std::optional<TapwiseFit> fit = readFit(word);
    if (fit == TapwiseFit::Refined && !mayRefine)
      return false;
    options.fit = fit.value_or(options.fit);
    return fit.has_value();
  });
  take([&](StringRef word) {
    std::optional<qnn::WinogradPoints> points = qnn::symbolizeWinogradPoints(word);
    options.points = points.value_or(options.points);
    return points.has_value();
  });
  options.hasFactors = options.points == qnn::WinogradPoints::Reciprocal && !options.isSingleScale;
  take([&](StringRef word) {
    if (word != "shifts")
      return word == "factors" && options.hasFactors;
    options.hasFactors = false;
    return true;
  });
  take([&](StringRef word) {
    int64_t ratio = 0;
    if (!word.consume_back("dB") || word.getAsInteger(10, ratio))
      return false;
    options.leastRatio = ratio;
    return true;
  });
  take([&](StringRef word) {
    double points = 0;
    if (!word.consume_back("points") || word.getAsDouble(points) || !(points >= 0 && points <= 100))
      return false;
    options.tolerance = points;
    return true;
  });
  return parameters.empty() ? std::optional(options) : std::nullopt;
}

FailureOr<AlgorithmRule> algorithm::parseAlgorithmRule(StringRef text, Location location) {
  auto [pattern, name] = text.split('=');
  AlgorithmRule rule{pattern.str(), qnn::AlgorithmKind::Direct, std::nullopt};
  SmallVector<std::string> parameters = readParameters(name);
  if (std::optional<TapwiseOptions> tapwise = readTapwise(parameters)) {
    rule.kind = qnn::AlgorithmKind::WinogradF4;
    rule.tapwise = tapwise;
  } else {
    std::string plain = parameters.empty() ? name.str() : "winograd(" + llvm::join(parameters, ",") + ")";
    const auto *named = llvm::find_if(namedAlgorithms, [&](const auto &each) { return each.first == plain; });
    if (named == std::end(namedAlgorithms))
      rule.pattern.clear();
    else
      rule.kind = named->second;
  }
  if (rule.pattern.empty())
    return emitError(location)
           << "expects an algorithm like 'conv.*=winograd(f2,exact)', 'conv.*=winograd(f2,exact,small)', "
              "'conv.*=winograd(f4,exact)', "
              "'conv.*=winograd(f4,float)' or 'conv.*=direct', or for qcc quantize 'conv.*=winograd(f4,tapwise,10)', "
              "but got '"
           << text << "'";
  return rule;
}

std::string algorithm::problemOf(qnn::Conv2dOp op, const AlgorithmRule &rule) {
  if (rule.kind == qnn::AlgorithmKind::Direct)
    return "";
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  auto areOnes = [](ArrayRef<int64_t> numbers) { return llvm::all_of(numbers, [](int64_t n) { return n == 1; }); };
  if (!qnn::winograd::computes(rule.kind, filter[1], filter[2]))
    return ("has no " + qnn::winograd::filterSizesOf(rule.kind) + " filter").str();
  if (!areOnes(op.getStrides()) || !areOnes(op.getDilations()))
    return "has strides or dilations other than 1";
  qnn::NumberFormat input = qnn::getFormat(op.getInput()), weights = qnn::getFormat(op.getFilter());
  if (rule.kind == qnn::AlgorithmKind::WinogradF4 && !rule.tapwise)
    return input.isFloat() && weights.isFloat() ? "" : "has no floats";
  if (input.isFloat() || op.getScales())
    return "has no integers that one scale belongs to";
  if (rule.tapwise &&
      (input.getBits() > 8 || weights.getBits() > 8 || !op.getFilter().getDefiningOp<qnn::ConstantOp>()))
    return "has no constant weights and codes of at most 8 bits";
  if (rule.tapwise && op.getGroups() > 1 && filter[3] == 1)
    return "has one input channel in each group";
  return "";
}

/// A pattern may name more than can be computed that way, but has to name something that can.
LogicalResult algorithm::forEachConvolution(const AlgorithmRule &rule, func::FuncOp model,
                                            llvm::function_ref<void(qnn::Conv2dOp)> visit) {
  std::vector<qnn::Conv2dOp> found;
  Location location = UnknownLoc::get(model.getContext());
  auto collect = [&](Operation *op) {
    if (auto conv = llvm::dyn_cast<qnn::Conv2dOp>(op))
      found.push_back(conv);
  };
  if (failed(quantize::forEachLayer(rule.pattern, location, model.getBody(), collect)))
    return failure();
  if (found.empty())
    return emitError(location) << "no convolution's name matches '" << rule.pattern << "'";
  std::string name = "winograd(f4)";
  if (!rule.tapwise)
    llvm::raw_string_ostream(name = "") << qnn::AlgorithmAttr::get(model.getContext(), rule.kind);
  if (llvm::none_of(found, [&](qnn::Conv2dOp op) { return problemOf(op, rule).empty(); }))
    return found.front().emitError() << problemOf(found.front(), rule) << ", which " << name << " needs";
  for (qnn::Conv2dOp op : found)
    if (std::string problem = problemOf(op, rule); problem.empty())
      visit(op);
    else
      op.emitRemark() << problem << ", which " << name << " needs: its algorithm is left open";
  return success();
}

/// Sets an algorithm that changes no result; so it takes the place of none that does.
static LogicalResult applyRule(const AlgorithmRule &rule, func::FuncOp model) {
  if (rule.tapwise)
    return emitError(UnknownLoc::get(model.getContext()))
           << "winograd(f4) for '" << rule.pattern
           << "' changes results and has to be fitted to samples: use qcc quantize --algorithm, and --calibrate";
  auto attribute = qnn::AlgorithmAttr::get(model.getContext(), rule.kind);
  LogicalResult result = success();
  LogicalResult visited = forEachConvolution(rule, model, [&](qnn::Conv2dOp op) {
    if (!qnn::isTapwise(op.getAlgorithm()))
      op.setAlgorithmAttr(attribute);
    else if (succeeded(result))
      result = op.emitError() << "has results of its own by F_4_3, which " << attribute
                              << " does not give; quantize the model again without it";
  });
  return failed(visited) ? failure() : result;
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
