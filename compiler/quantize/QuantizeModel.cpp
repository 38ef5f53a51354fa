#include "compiler/quantize/QuantizeModel.h"

#include "compiler/quantize/FormatPlan.h"
#include "compiler/quantize/QuantizeWeights.h"
#include "compiler/quantize/Quantizers.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

static bool isContraction(Operation *op) { return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(op); }

/// Whether a value is to have binary codes with a scale for each position of what reads it.
static bool hasPositionScales(Value value, const Precisions &precisions) {
  Operation *op = value.getDefiningOp();
  return op && !keepsCodes(op) && precisions.lookup(op).activations.inputScale == InputScale::Map;
}

namespace {

/// Rewrites one function from its first operator to its last. Each value of the float model has a float version, an
/// integer version, or both; a missing one is made by a quantize or dequantize operator where it is first needed.
class FunctionQuantizer {
public:
  FunctionQuantizer(func::FuncOp function, const FormatPlan &plan, const Precisions &precisions,
                    const OutlierLayers &outliers, const Quantizer &weightQuantizer, const QuantizeOptions &options)
      : function(function), plan(plan), precisions(precisions), outliers(outliers), weightQuantizer(weightQuantizer),
        options(options), builder(function.getContext()) {}

  LogicalResult run() {
    // Decided before types change.
    SmallVector<std::pair<Operation *, bool>> ops;
    for (Operation &op : function.getBody().getOps())
      ops.push_back({&op, hasIntegerForm(&op) && !outliers.floatOps.contains(&op) && takesCodes(&op)});
    for (BlockArgument argument : function.getArguments())
      convertArgument(argument);
    for (auto [op, toIntegers] : ops) {
      builder.setInsertionPoint(op);
      if (failed(toIntegers ? convertToIntegers(op) : convertToFloats(op)))
        return failure();
    }
    for (Operation *op : llvm::reverse(replaced))
      op->erase();
    eraseUnusedConstants();
    Operation *terminator = function.getBody().front().getTerminator();
    function.setType(builder.getFunctionType(function.getBody().getArgumentTypes(), terminator->getOperandTypes()));
    return success();
  }

private:
  void convertArgument(BlockArgument argument) {
    if (!isFloatTensor(argument) || options.keepFloatInterface || outliers.floatValues.contains(argument) ||
        !planned(argument) || isBfloat(argument)) {
      floats[argument] = argument;
      return;
    }
    argument.setType(withElement(argument.getType(), plan.getFormat(argument)));
    integers[argument] = argument;
  }

  /// Contractions multiply codes of weights with floats, too, and give floats; all others have either.
  bool takesCodes(Operation *op) const {
    auto isPlanned = [&](Value value) { return !isFloatTensor(value) || planned(value); };
    auto isNarrow = [&](Value value) { return isBfloat(value); };
    if (llvm::isa<qnn::SoftmaxOp>(op) && (isNarrow(op->getOperand(0)) || isNarrow(op->getResult(0)))) // softmax_c2
      return false;
    return isContraction(op) ||
           (llvm::all_of(op->getOperands(), isPlanned) && llvm::all_of(op->getResults(), isPlanned));
  }

  /// Results of the model are converted here, too: to integers, if the interface is not float. Those of bf16 are f32.
  LogicalResult convertToFloats(Operation *op) {
    bool asIntegers = llvm::isa<func::ReturnOp>(op) && !options.keepFloatInterface;
    for (OpOperand &operand : op->getOpOperands())
      operand.set(asIntegers && !isBfloat(operand.get()) ? integerOf(operand.get()) : floatOf(operand.get()));
    for (Value result : op->getResults())
      floats[result] = result;
    return success();
  }

  LogicalResult convertToIntegers(Operation *op) {
    IRMapping mapping;
    for (OpOperand &operand : op->getOpOperands())
      if (!isWeight(operand))
        mapping.map(operand.get(), codesFor(operand));
    if (auto softmax = llvm::dyn_cast<qnn::SoftmaxOp>(op)) // softmax_c2
      mapping.map(softmax.getInput(),
                  requantize(integerOf(softmax.getInput()), plan.getByteFormat(softmax.getInput())));
    Value positionScales = scalesOfPositions(op);
    FailureOr<QuantizedWeights> weights = convertWeights(op, mapping);
    if (failed(weights))
      return failure();
    Operation *integer = builder.clone(*op, mapping);
    if (weights->copies > 1)
      integer->setOperand(0, copiesOf(integer->getOperand(0), weights->copies));
    if (weights->filter)
      integer->setOperand(1, weights->filter);
    if (weights->bias)
      integer->setOperand(2, weights->bias);
    if (weights->scales)
      TypeSwitch<Operation *>(integer).Case<qnn::Conv2dOp, qnn::DenseOp>(
          [&](auto contraction) { contraction.getScalesMutable().assign(weights->scales); });
    if (llvm::is_contained(op->getName().getAttributeNames(), StringRef("rescale")))
      integer->setAttr("rescale", getRescale());
    Operation *last = weights->addsBiasAfter || positionScales ? finishInFloats(integer, positionScales) : integer;
    for (auto [before, after] : llvm::zip(op->getResults(), last->getResults()))
      setResult(before, after);
    replaced.push_back(op);
    return success();
  }

  /// act(W x * scales + b) in steps, those behind the first in f32; scales may be null.
  Operation *finishInFloats(Operation *contraction, Value scales) {
    Value bias;
    TypeSwitch<Operation *>(contraction).Case<qnn::Conv2dOp, qnn::DenseOp>([&](auto op) {
      bias = op.getBias();
      op.getBiasMutable().clear();
    });
    Operation *last = contraction;
    Location loc = contraction->getLoc();
    Type type = contraction->getResult(0).getType();
    if (scales)
      last = qnn::MulOp::create(builder, loc, type, last->getResult(0), scales);
    if (bias)
      last = qnn::AddOp::create(builder, loc, type, last->getResult(0), bias);
    if (last == contraction)
      return last;
    last->setAttr("activation", contraction->getAttr("activation"));
    contraction->setAttr("activation", qnn::ActivationAttr::get(builder.getContext(), qnn::Activation::None));
    return last;
  }

  /// The mean magnitude of what each window of a contraction reads, zeros beyond the border included, if that is the
  /// scale of its binary input: K = A * k (XNOR-Net, equation 11), in f32. Null for all others.
  Value scalesOfPositions(Operation *op) {
    Value input = op->getNumOperands() ? op->getOperand(0) : Value();
    if (!input || !hasPositionScales(input, precisions) || !llvm::isa<qnn::Conv2dOp, qnn::DenseOp>(op))
      return {};
    auto type = llvm::cast<RankedTensorType>(floatOf(input).getType());
    Location loc = builder.getUnknownLoc();  // no layer's name: it is none of the float model's
    qnn::RescaleAttr rescale = getRescale(); // of integers, which these are not
    Value magnitudes = qnn::ApplyOp::create(builder, loc, type, floatOf(input), qnn::Function::Abs);
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = 1;
    Value mean = qnn::MeanOp::create(builder, loc, type.clone(shape), magnitudes, {type.getRank() - 1},
                                     /*keep_dims=*/true, rescale);
    auto conv = llvm::dyn_cast<qnn::Conv2dOp>(op);
    if (!conv)
      return mean;
    ArrayRef<int64_t> filter = shapeOf(conv.getFilter()), result = shapeOf(conv.getOutput());
    int64_t taps = filter[1] * filter[2];
    Value box = makeFloatConstant(builder, loc, {1, filter[1], filter[2], 1},
                                  std::vector<float>(taps, 1.0f / static_cast<float>(taps)), StringAttr());
    return qnn::Conv2dOp::create(builder, loc, type.clone({result[0], result[1], result[2], 1}), mean, box, Value(),
                                 Value(), conv.getStrides(), conv.getDilations(), conv.getPads(), /*groups=*/1,
                                 qnn::AlgorithmAttr(), qnn::Activation::None, rescale);
  }

  /// So many times the same along the last axis.
  Value copiesOf(Value value, int64_t count) {
    Value &known = copies[{value, count}];
    if (known)
      return known;
    auto type = llvm::cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.back() *= count;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfterValue(value);
    // No layer's name: it is none of the float model's.
    return known = qnn::ConcatOp::create(builder, builder.getUnknownLoc(), type.clone(shape),
                                         SmallVector<Value>(count, value), type.getRank() - 1);
  }

  /// Gives a result of an integer operator its format: the plan's, or its natural one and then the plan's.
  void setResult(Value before, Value after) {
    if (!isFloatTensor(before)) {
      before.replaceAllUsesWith(after);
      return;
    }
    if (outliers.floatValues.contains(before)) {
      floats[before] = after;
      return;
    }
    after.setType(withElement(before.getType(), resultFormat(before)));
    if (isFloatTensor(after))
      floats[before] = after;
    else
      integers[before] = requantize(after, plan.getFormat(before));
  }

  /// What an operator of integers gives for a value.
  Type resultFormat(Value before) const {
    Operation *op = before.getDefiningOp();
    if (outliers.floatValues.contains(before) || !planned(before) || (readsFloats(op) && !isBfloat(before)))
      return getElementTypeOrSelf(before);
    if (isBfloat(before) && isReadAsFloats(before))
      return getElementTypeOrSelf(before);
    Type natural = getNaturalFormat(op, precisions.lookup(op).activations);
    return natural ? natural : plan.getFormat(before);
  }

  /// True if nothing reads a value but what takes f32: the model's results, softmax, and what has no form in codes.
  static bool isReadAsFloats(Value value) {
    return llvm::all_of(value.getUsers(),
                        [](Operation *user) { return llvm::isa<qnn::SoftmaxOp>(user) || !hasIntegerForm(user); });
  }

  /// True for contractions of floats: those whose input stays f32 or is bf16, or whose weights are bf16.
  bool readsFloats(Operation *op) const {
    Value input = isContraction(op) ? op->getOperand(0) : Value();
    return input && (!planned(input) || isBfloat(input) || precisions.lookup(op).weights.isBfloat);
  }

  static int64_t groupsOf(Operation *op) {
    auto conv = llvm::dyn_cast<qnn::Conv2dOp>(op);
    return conv ? static_cast<int64_t>(conv.getGroups()) : 1;
  }

  template <typename Op> FailureOr<QuantizedWeights> convertWeightsOf(Op op, const IRMapping &inputs) {
    quantize::Precision precision = precisions.lookup(op).weights;
    // Planes need the copies of all input channels that an output has.
    bool isCodable = llvm::isa<qnn::DenseOp>(*op) || (llvm::isa<qnn::Conv2dOp>(*op) && groupsOf(op) == 1);
    if (precision.isBinaryCoded && !isCodable)
      precision = {std::max(precision.bits, 2u)};
    if (precision.group > 0 && Op::filterChannelAxis == 0 && readsFloats(op))
      return op.emitError() << "reads f32, and its weights cannot have a scale for each group";
    bool keepsBias = hasPositionScales(op.getInput(), precisions) || readsFloats(op); // in f32
    if (precision.isBfloat)
      return QuantizedWeights{inBfloat(op.getFilter()), Value(), Value()};
    WeightRequest request{getFloatConstant(op.getFilter()),
                          keepsBias ? qnn::ConstantOp() : getFloatConstant(op.getBias()),
                          Op::filterChannelAxis,
                          options.perChannel,
                          precision,
                          qnn::getFormat(inputs.lookup(op.getInput())),
                          options.powerOfTwoScales,
                          resultFormat(op->getResult(0))};
    return quantizeWeights(builder, request, weightQuantizer);
  }

  FailureOr<QuantizedWeights> convertWeights(Operation *op, const IRMapping &inputs) {
    return TypeSwitch<Operation *, FailureOr<QuantizedWeights>>(op)
        .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>(
            [&](auto contraction) { return convertWeightsOf(contraction, inputs); })
        .Default([](Operation *) { return QuantizedWeights(); });
  }

  qnn::RescaleAttr getRescale() {
    return qnn::RescaleAttr::get(builder.getContext(), options.rounding, qnn::ScaleProduct::F64,
                                 qnn::Overflow::Saturate);
  }

  bool isBfloat(Value value) const { return planned(value) && plan.getFormat(value).isBF16(); }

  bool planned(Value value) const { return static_cast<bool>(plan.getFormat(value)); }

  /// What an operator of integers reads: the integer version, or one without regard to outliers.
  Value codesFor(OpOperand &operand) {
    Operation *reader = operand.getOwner();
    Type inliers = plan.getInlierFormat(reader);
    if (std::optional<Value> besideBfloat = codesBesideBfloat(operand))
      return *besideBfloat;
    if (!inliers) {
      Value codes = integerOf(operand.get());
      bool takesAny = keepsCodes(reader) || isContraction(reader) || llvm::isa<qnn::MatmulOp>(reader);
      bool isBasis = qnn::isFormatTensor(codes.getType()) && !qnn::getFormat(codes).getIntegerDecode().steps.empty();
      return isBasis && !takesAny ? requantize(codes, plan.getByteFormat(operand.get())) : codes;
    }
    Value &codes = inlierCodes[{operand.get(), inliers}];
    if (!codes)
      codes = qnn::QuantizeOp::create(builder, operand.getOwner()->getLoc(),
                                      withElement(operand.get().getType(), inliers), floatOf(operand.get()));
    return codes;
  }

  /// What an operator reads that computes in bf16, but not all whose operands have it, or the other way round. Nothing
  /// if it reads codes as planned.
  std::optional<Value> codesBesideBfloat(OpOperand &operand) {
    Operation *reader = operand.getOwner();
    Value value = operand.get(), result = reader->getResult(0);
    if (!planned(value) || keepsCodes(reader))
      return std::nullopt;
    if (isContraction(reader))
      return precisions.lookup(reader).weights.isBfloat ? std::optional(inBfloat(value)) : std::nullopt;
    if (!planned(result) || isBfloat(value) == isBfloat(result))
      return std::nullopt;
    if (isBfloat(result))
      return floatOf(value);
    return qnn::QuantizeOp::create(builder, reader->getLoc(), withElement(value.getType(), plan.getByteFormat(value)),
                                   floatOf(value))
        .getOutput();
  }

  /// A value, or a constant, in bf16.
  Value inBfloat(Value value) {
    if (isBfloat(value))
      return integerOf(value);
    RankedTensorType type = withElement(value.getType(), builder.getBF16Type());
    Value &known = inlierCodes[{value, type.getElementType()}];
    if (!known)
      known = getFloatConstant(value) ? makeCodes(value, type)
                                      : qnn::QuantizeOp::create(builder, value.getLoc(), type, floatOf(value));
    return known;
  }

  /// The integer version of a value that has a planned format; any other value itself.
  Value integerOf(Value value) {
    if (Value known = integers.lookup(value))
      return known;
    if (!planned(value))
      return floatOf(value);
    RankedTensorType type = withElement(value.getType(), plan.getFormat(value));
    return integers[value] = makeCodes(value, type);
  }

  /// The codes of a value in f32, or of a constant.
  Value makeCodes(Value value, RankedTensorType type) {
    qnn::ConstantOp constant = getFloatConstant(value);
    if (!constant)
      return codesOf(value, type);
    std::vector<int64_t> codes;
    for (float real : getFloats(constant))
      codes.push_back(qnn::getFormat(type).encode(real));
    return makeConstant(builder, constant.getLoc(), type, codes, constant.getNameAttr());
  }

  /// Those of a value that is none: of the nearest numbers, or by thresholds that the layer was trained with.
  Value codesOf(Value value, RankedTensorType type) {
    Operation *op = value.getDefiningOp();
    const GivenThresholds *given =
        findThresholds(op, op ? precisions.lookup(op).activations : quantize::Precision(), options);
    if (!given || keepsCodes(op))
      return qnn::QuantizeOp::create(builder, value.getLoc(), type, floatOf(value));
    StringAttr name = builder.getStringAttr(getLayerName(op) + ".thresholds");
    Value thresholds = makeFloatConstant(builder, value.getLoc(), {1, static_cast<int64_t>(given->numbers.size())},
                                         given->numbers, name);
    return qnn::ThresholdOp::create(builder, value.getLoc(), type, floatOf(value), thresholds);
  }

  /// The float version of a value that has a planned format; any other value itself.
  Value floatOf(Value value) {
    Value integer = integers.lookup(value);
    if (Value known = floats.lookup(value))
      return known;
    if (!integer)
      return value;
    return floats[value] = qnn::DequantizeOp::create(builder, value.getLoc(),
                                                     withElement(value.getType(), builder.getF32Type()), integer);
  }

  Value requantize(Value value, Type format) {
    if (Type(qnn::getFormat(value)) == format)
      return value;
    return qnn::RequantizeOp::create(builder, value.getLoc(), withElement(value.getType(), format), value,
                                     getRescale());
  }

  /// Float weights whose integer versions have taken their place.
  void eraseUnusedConstants() {
    for (auto constant : llvm::make_early_inc_range(function.getBody().getOps<qnn::ConstantOp>()))
      if (constant->use_empty())
        constant.erase();
  }

  func::FuncOp function;
  const FormatPlan &plan;
  const Precisions &precisions;
  const OutlierLayers &outliers;
  const Quantizer &weightQuantizer;
  const QuantizeOptions &options;
  OpBuilder builder;
  llvm::DenseMap<Value, Value> floats, integers;
  llvm::DenseMap<std::pair<Value, Type>, Value> inlierCodes;
  llvm::DenseMap<std::pair<Value, int64_t>, Value> copies; // for binary coding
  SmallVector<Operation *> replaced;
};

} // namespace

/// Binary codes with a scale for each position mean nothing without these, by which f32 results are multiplied.
static LogicalResult checkPositionScales(Value value) {
  for (Operation *reader : value.getUsers()) {
    auto conv = llvm::dyn_cast<qnn::Conv2dOp>(reader);
    bool isTaken = (conv && conv.getGroups() == 1) || llvm::isa<qnn::DenseOp>(reader);
    if (!isTaken || !hasIntegerForm(reader) || reader->getOperand(0) != value)
      return reader->emitError()
             << "cannot read binary activations with an input scale for each position; dense layers "
                "and convolutions without groups multiply by it";
  }
  return success();
}

/// Codes that integers are not rescaled to are found from f32, and what is multiplied by scales is f32.
static LogicalResult keepFloats(func::FuncOp function, const Precisions &precisions, OutlierLayers &floats) {
  for (Operation &op : function.getBody().getOps()) {
    if (!precisions.lookup(&op).activations.isFromFloats() || keepsCodes(&op) || llvm::isa<qnn::ConstantOp>(op))
      continue;
    for (Value result : op.getResults()) {
      keepFloat(result, floats);
      if (!hasPositionScales(result, precisions))
        continue;
      if (failed(checkPositionScales(result)))
        return failure();
      for (Operation *reader : result.getUsers())
        keepFloat(reader->getResult(0), floats);
    }
  }
  return success();
}

static LogicalResult quantizeFunction(func::FuncOp function, const ModelStatistics &statistics, OutlierLayers outliers,
                                      const Quantizer &quantizer, const Quantizer &weightQuantizer,
                                      const QuantizeOptions &options) {
  FailureOr<Precisions> precisions = assignPrecisions(function.getBody(), options.precision, options.rules);
  if (failed(precisions))
    return failure();
  if (failed(keepFloats(function, *precisions, outliers)))
    return failure();
  FailureOr<FormatPlan> plan = FormatPlan::create(function, statistics, quantizer, options, *precisions, outliers);
  if (failed(plan))
    return failure();
  return FunctionQuantizer(function, *plan, *precisions, outliers, weightQuantizer, options).run();
}

static FailureOr<const Quantizer *> findQuantizer(ModuleOp module, StringRef name) {
  if (const Quantizer *quantizer = quantize::findQuantizer(name))
    return quantizer;
  return module.emitError() << "no quantizer is called '" << name << "'; there is " << listQuantizers();
}

LogicalResult qcc::quantize::quantizeModel(ModuleOp module, const ModelStatistics &statistics,
                                           const QuantizeOptions &options, const OutlierLayers &outliers) {
  FailureOr<const Quantizer *> quantizer = ::findQuantizer(module, options.quantizer),
                               weightQuantizer = ::findQuantizer(module, options.weightQuantizer);
  if (failed(quantizer) || failed(weightQuantizer))
    return failure();
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal() &&
        failed(quantizeFunction(function, statistics, outliers, **quantizer, **weightQuantizer, options)))
      return failure();
  return verify(module);
}

FailureOr<bool> qcc::quantize::hasScales(func::FuncOp model, const QuantizeOptions &options) {
  bool hasBfloat = options.precision.isBfloat();
  for (const PrecisionRule &rule : options.rules)
    hasBfloat |= rule.weights && rule.weights->isBfloat;
  if (!hasBfloat || options.equalization == Equalization::Activations)
    return true;
  FailureOr<Precisions> precisions = assignPrecisions(model.getBody(), options.precision, options.rules);
  if (failed(precisions))
    return failure();
  return llvm::any_of(model.getBody().getOps(), [&](Operation &op) {
    return !llvm::isa<qnn::ConstantOp, func::ReturnOp>(op) && !precisions->lookup(&op).isBfloat();
  });
}

/// True if layers were trained for what quantizes their results.
static bool isTrained(const QuantizeOptions &options) {
  StringRef trained = getDoReFaQuantizer().getName();
  return options.quantizer == trained || options.weightQuantizer == trained ||
         llvm::any_of(options.rules, [&](const PrecisionRule &rule) {
           return rule.activations && (rule.activations->clip == trained || !rule.activations->thresholds.empty());
         });
}

WeightRounding qcc::quantize::chooseWeightRounding(func::FuncOp model, const QuantizeOptions &options) {
  if (options.weightRounding)
    return *options.weightRounding;
  if (isTrained(options))
    return WeightRounding::Nearest;
  auto isNarrow = [](Value value) {
    unsigned bits = qnn::getFormat(value).getBits();
    return bits > 1 && bits < 8;
  };
  for (Operation &op : model.getBody().getOps())
    if (isContraction(&op) && (isNarrow(op.getOperand(0)) || isNarrow(op.getOperand(1))))
      return WeightRounding::Gptq;
  return WeightRounding::Nearest;
}
