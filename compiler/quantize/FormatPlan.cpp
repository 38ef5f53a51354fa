#include "compiler/quantize/FormatPlan.h"

#include "compiler/quantize/Constants.h"

#include "llvm/ADT/IntEqClasses.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

//===-- What operators admit ---------------------------------------------------------===//

bool qcc::quantize::keepsCodes(Operation *op) {
  return llvm::isa_and_present<qnn::ReshapeOp, qnn::TransposeOp, qnn::PadOp, qnn::SliceOp, qnn::GatherOp,
                               qnn::ResizeNearestOp, qnn::ConcatOp, qnn::SplitOp, qnn::MaxPool2dOp, qnn::AvgPool2dOp>(
      op);
}

static bool hasFloats(Operation *op) {
  return llvm::any_of(op->getOperands(), isFloatTensor) || llvm::any_of(op->getResults(), isFloatTensor);
}

template <typename Op> static bool hasConstantWeights(Op op) {
  return getFloatConstant(op.getFilter()) && (!op.getBias() || getFloatConstant(op.getBias()));
}

bool qcc::quantize::hasIntegerForm(Operation *op) {
  if (!llvm::isa<qnn::QnnDialect>(op->getDialect()) || !hasFloats(op))
    return false;
  return TypeSwitch<Operation *, bool>(op)
      .Case<qnn::Conv2dOp, qnn::DenseOp, qnn::DepthwiseConv2dOp>([](auto op) { return hasConstantWeights(op); })
      .Case([](qnn::SoftmaxOp op) { return op.getInput().getType().getShape().back() <= 4096; }) // softmax_c5
      .Case<qnn::ConstantOp, qnn::QuantizeOp, qnn::DequantizeOp, qnn::RequantizeOp, qnn::LogSoftmaxOp, qnn::BatchNormOp,
            qnn::ThresholdOp, qnn::ApplyOp, qnn::CombineOp, qnn::SelectOp>([](Operation *) { return false; })
      .Default(true);
}

bool qcc::quantize::isWeight(OpOperand &operand) {
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(operand.getOwner()) &&
         operand.getOperandNumber() > 0;
}

Type qcc::quantize::getNaturalFormat(Operation *op, Precision precision) {
  if (llvm::isa_and_present<qnn::SoftmaxOp>(op))
    precision = {8}; // softmax_c3
  else if (precision.isBinary() || precision.isBfloat || !llvm::isa_and_present<qnn::LogisticOp, qnn::TanhOp>(op))
    return {};
  // tanh lies in (-1, 1), the others in (0, 1)
  bool isSigned = llvm::isa<qnn::TanhOp>(op);
  if (isSigned && precision.isUnsigned)
    return {};
  int bits = static_cast<int>(precision.bits);
  FormatRequest request{op->getContext(), precision};
  return makeAffineFormat(request, std::ldexp(1.0, isSigned ? 1 - bits : -bits),
                          isSigned ? 0 : affineCodes(request).first);
}

const GivenThresholds *qcc::quantize::findThresholds(Operation *op, const Precision &precision,
                                                     const QuantizeOptions &options) {
  if (!op || precision.thresholds.empty())
    return nullptr;
  auto found = options.thresholds.find({precision.thresholds, getLayerName(op).str()});
  return found == options.thresholds.end() ? nullptr : &found->second;
}

//===-- The plan -----------------------------------------------------------------------===//

namespace {

/// Finds the values that share a format, and fits one to each such group.
class Planner {
public:
  Planner(func::FuncOp model, const ModelStatistics &statistics, const Quantizer &quantizer,
          const QuantizeOptions &options, const Precisions &precisions, const OutlierLayers &outliers,
          Precision inputPrecision)
      : statistics(statistics), quantizer(quantizer), options(options), precisions(precisions), outliers(outliers),
        inputPrecision(inputPrecision) {
    for (BlockArgument argument : model.getArguments())
      addValue(argument);
    for (Operation &op : model.getBody().getOps())
      for (Value result : op.getResults())
        addValue(result);
  }

  /// Calls `found(group)` for each group.
  LogicalResult forGroups(llvm::function_ref<LogicalResult(ArrayRef<Value>)> found) {
    llvm::IntEqClasses classes(values.size());
    for (Value value : values)
      if (Operation *op = value.getDefiningOp(); keepsCodes(op))
        for (Value other :
             llvm::concat<Value>(SmallVector<Value>(op->getOperands()), SmallVector<Value>(op->getResults())))
          classes.join(numbers.at(value), numbers.at(other));
    classes.compress();
    std::vector<SmallVector<Value>> groups(classes.getNumClasses());
    for (Value value : values)
      groups[classes[numbers.at(value)]].push_back(value);
    for (ArrayRef<Value> group : groups)
      if (failed(found(group)))
        return failure();
    return success();
  }

  /// True if the values of a group are to be f32.
  bool staysFloat(ArrayRef<Value> group) const {
    return getPrecision(group).isFloat() && llvm::none_of(group, [&](Value value) { return hasThresholds(value); });
  }

  /// True if the values of a group are to be bf16.
  bool isBfloat(ArrayRef<Value> group) const { return getPrecision(group).isBfloat; }

  /// True if samples were seen, or nothing but constants are to be fitted.
  bool isKnown(ArrayRef<Value> group) const {
    return llvm::all_of(group, [&](Value value) {
      auto found = statistics.find(value);
      return getFloatConstant(value) || (found != statistics.end() && found->second.count > 0);
    });
  }

  FailureOr<Type> fit(ArrayRef<Value> group) const {
    if (llvm::any_of(group, [&](Value value) { return hasThresholds(value); }))
      return getThresholdFormat(group);
    Precision precision = getPrecision(group);
    if (Type natural = getCommonNaturalFormat(group))
      return natural;
    if ((precision.isBinary() || precision.isBasis) && failed(checkMeans(group, precision)))
      return failure();
    return fit(group, precision);
  }

  /// The format of these bits for all values of a group.
  FailureOr<Type> fit(ArrayRef<Value> group, Precision precision) const {
    Statistics all;
    for (Value value : group) {
      FailureOr<Statistics> own = getStatistics(value);
      if (failed(own))
        return failure();
      all.merge(*own);
    }
    return fit(group.front().getContext(), all, precision);
  }

  Type fit(MLIRContext *context, Statistics all, Precision precision) const {
    if (all.count == 0)
      all.add(0.0f); // An empty tensor.
    const Quantizer &own = precision.clip.empty() ? quantizer : *findQuantizer(precision.clip);
    return own.fit(all, {context, precision, /*symmetric=*/false, options.powerOfTwoScales}).type;
  }

private:
  void addValue(Value value) {
    if (!qnn::isFormatTensor(value.getType()) || !isFloatTensor(value) || outliers.parts.contains(value))
      return;
    bool isActivation = !getFloatConstant(value) || llvm::any_of(value.getUses(), [](OpOperand &use) {
      return hasIntegerForm(use.getOwner()) && !isWeight(use);
    });
    if (!isActivation)
      return;
    numbers[value] = values.size();
    values.push_back(value);
  }

  FailureOr<Statistics> getStatistics(Value value) const {
    Operation *op = value.getDefiningOp();
    Statistics result;
    if (qnn::ConstantOp constant = getFloatConstant(value)) {
      result.add(getFloats(constant));
      if (result.nonFinite)
        return op->emitError() << "has " << result.nonFinite << " values that are not finite";
      return result;
    }
    auto found = statistics.find(value);
    if (found == statistics.end())
      return emitError(value.getLoc()) << "has a value of type " << value.getType()
                                       << " without calibration statistics";
    result = found->second;
    if (auto pad = llvm::dyn_cast_if_present<qnn::PadOp>(op))
      result.add(static_cast<float>(pad.getValue().convertToDouble()));
    return result;
  }

  Precision getOwnPrecision(Value value) const {
    Operation *op = value.getDefiningOp();
    return op ? precisions.lookup(op).activations : inputPrecision;
  }

  /// That of the operators that compute values of a group. Of different ones, the widest, without what else they say;
  /// constants count only where there are no others. What only bf16 layers read, and none computes, is bf16.
  Precision getPrecision(ArrayRef<Value> group) const {
    std::optional<Precision> common;
    for (Value value : group)
      if (!keepsCodes(value.getDefiningOp()) && !getFloatConstant(value)) {
        Precision own = getOwnPrecision(value);
        if (common && *common != own && std::max(common->bits, own.bits) == Precision::bfloat().bits)
          own = Precision::bfloat();
        else if (common && *common != own)
          own = Precision{std::max({common->bits, own.bits, common->isBinary() && own.isBinary() ? 1u : 2u})};
        common = own;
      }
    bool isRead = false, areReadersBfloat = true;
    for (Value value : group)
      for (Operation *reader : value.getUsers())
        if (!keepsCodes(reader) && !llvm::isa<func::ReturnOp>(reader)) {
          isRead = true;
          areReadersBfloat &= precisions.lookup(reader).isBfloat();
        }
    if (isRead && areReadersBfloat && (!common || isOfInputs(group)))
      return Precision::bfloat();
    return common.value_or(inputPrecision);
  }

  /// True if no operator computes values of a group.
  static bool isOfInputs(ArrayRef<Value> group) {
    return llvm::all_of(group, [](Value value) {
      return !value.getDefiningOp() || keepsCodes(value.getDefiningOp()) || getFloatConstant(value);
    });
  }

  /// The natural format of all operators that compute values of a group, or null.
  Type getCommonNaturalFormat(ArrayRef<Value> group) const {
    Type common;
    for (Value value : group) {
      if (keepsCodes(value.getDefiningOp()))
        continue;
      Type natural = getNaturalFormat(value.getDefiningOp(), getOwnPrecision(value));
      if (!natural || (common && common != natural))
        return {};
      common = natural;
    }
    return common;
  }

  bool hasThresholds(Value value) const {
    return !keepsCodes(value.getDefiningOp()) && !getFloatConstant(value) && !getOwnPrecision(value).thresholds.empty();
  }

  /// The format of codes that count given thresholds, which all operators that compute values of a group have to share.
  FailureOr<Type> getThresholdFormat(ArrayRef<Value> group) const {
    Type format;
    for (Value value : group) {
      Operation *op = value.getDefiningOp();
      if (keepsCodes(op) || getFloatConstant(value))
        continue;
      Precision own = getOwnPrecision(value);
      const GivenThresholds *given = findThresholds(op, own, options);
      if (op && !own.thresholds.empty() && !given)
        return op->emitError() << "has no thresholds; expects arrays '" << getLayerName(op) << ".start' and '"
                               << getLayerName(op) << ".widths' in " << own.thresholds;
      if (given && given->numbers.size() + 1 != size_t(1) << own.bits)
        return op->emitError() << "expects " << (1 << own.bits) - 1 << " widths between thresholds for uint" << own.bits
                               << ", but " << own.thresholds << " has " << given->numbers.size();
      if (given && getNaturalFormat(op, own))
        return op->emitError() << "has codes of its own, which cannot be found by thresholds";
      Type next = given ? makeAffineFormat({value.getContext(), own}, given->scale, 0) : Type();
      if (!next || (format && next != format))
        return emitError(value.getLoc()) << "has a result in one tensor with codes that are found by other thresholds, "
                                            "and expects the same bits and scale as these";
      format = next;
    }
    return format;
  }

  /// Two codes without a zero, or codes that are no integers, have no means of codes, and pad is wrong on the former.
  static LogicalResult checkMeans(ArrayRef<Value> group, const Precision &precision) {
    for (Value value : group) {
      Operation *op = value.getDefiningOp();
      if (precision.isBasis && llvm::isa_and_present<qnn::AvgPool2dOp>(op))
        return op->emitError() << "cannot have a learned basis for activations, because " << op->getName()
                               << " needs codes for integers; give the layer before it uint" << precision.bits;
      if (precision.isBinary() && llvm::isa_and_present<qnn::AvgPool2dOp, qnn::PadOp>(op))
        return op->emitError() << "cannot have binary activations, because " << op->getName()
                               << " needs codes for more than two numbers; give the layer before it at least 2 bits";
    }
    return success();
  }

  const ModelStatistics &statistics;
  const Quantizer &quantizer;
  const QuantizeOptions &options;
  const Precisions &precisions;
  const OutlierLayers &outliers;
  Precision inputPrecision;
  SmallVector<Value> values;
  llvm::DenseMap<Value, unsigned> numbers;
};

} // namespace

FailureOr<FormatPlan> FormatPlan::create(func::FuncOp model, const ModelStatistics &statistics,
                                         const Quantizer &quantizer, const QuantizeOptions &options,
                                         const Precisions &precisions, const OutlierLayers &outliers) {
  FormatPlan plan;
  quantize::Precision ofInputs = options.precision.activations;
  if (ofInputs.isUnsigned) // Inputs may be negative, whatever layers' results are.
    ofInputs = {std::max(ofInputs.bits, 2u)};
  Planner planner(model, statistics, quantizer, options, precisions, outliers, ofInputs);
  LogicalResult result = planner.forGroups([&](ArrayRef<Value> group) -> LogicalResult {
    if (planner.staysFloat(group))
      return success();
    if (planner.isBfloat(group)) {
      FailureOr<Type> byteFormat = planner.isKnown(group) ? planner.fit(group, Precision{8}) : Type();
      if (failed(byteFormat))
        return failure();
      for (Value value : group) {
        plan.formats[value] = BFloat16Type::get(model.getContext());
        plan.byteFormats[value] = *byteFormat;
      }
      return success();
    }
    FailureOr<Type> format = planner.fit(group);
    if (failed(format))
      return failure();
    bool isByte = llvm::cast<qnn::NumberFormat>(*format).getBits() == 8;
    FailureOr<Type> byteFormat = isByte ? format : planner.fit(group, Precision{8});
    if (failed(byteFormat))
      return failure();
    for (Value value : group) {
      plan.formats[value] = *format;
      plan.byteFormats[value] = *byteFormat;
    }
    return success();
  });
  if (failed(result))
    return failure();
  for (auto &[op, inliers] : outliers.inliers) {
    Type input = plan.getFormat(op->getOperand(0));
    if (!input || llvm::isa<FloatType>(input))
      return op->emitError() << "reads " << (input ? "bf16" : "f32")
                             << ", of which no columns are outliers; give the layer before it codes";
    unsigned bits = llvm::cast<qnn::NumberFormat>(input).getBits();
    plan.inlierFormats[op] = planner.fit(op->getContext(), inliers, Precision{bits});
  }
  return plan;
}
