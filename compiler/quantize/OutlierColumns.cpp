#include "compiler/quantize/OutlierColumns.h"

#include "compiler/quantize/Constants.h"
#include "compiler/quantize/FormatPlan.h"
#include "compiler/quantize/QuantizeModel.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
/// A dense layer that may have outliers.
struct Layer {
  Layer(qnn::DenseOp op, double threshold) : op(op), threshold(threshold), largest(shapeOf(op.getInput()).back()) {}

  void addLargest(ArrayRef<float> values) {
    for (auto [index, value] : llvm::enumerate(values)) {
      float &known = largest[index % largest.size()];
      known = std::max(known, std::abs(value));
    }
  }

  void addInliers(ArrayRef<float> values) {
    std::vector<float> others;
    for (auto [index, value] : llvm::enumerate(values))
      if (!isOutlier(index % largest.size()))
        others.push_back(value);
    inliers.add(others);
  }

  bool isOutlier(size_t column) const { return largest[column] >= threshold; }

  SmallVector<int64_t> getOutliers() const {
    return llvm::filter_to_vector(llvm::seq<int64_t>(0, largest.size()), [&](int64_t i) { return isOutlier(i); });
  }

  qnn::DenseOp op;
  double threshold;
  /// Of each column of the input, over all samples.
  std::vector<float> largest;
  Statistics inliers;
};
} // namespace

//===-- Which layers and columns --------------------------------------------------------------===//

static bool canBeSplit(Operation *op) {
  return llvm::isa<qnn::DenseOp>(op) && hasIntegerForm(op) && !getFloatConstant(op->getOperand(0));
}

/// A rule for layers that cannot be split is a mistake.
static LogicalResult checkRules(Region &body, ArrayRef<PrecisionRule> rules) {
  for (const PrecisionRule &rule : rules) {
    if (!rule.weights || !rule.weights->outliers)
      continue;
    bool matched = false;
    if (failed(forEachLayer(rule.pattern, rule.location, body, [&](Operation *op) { matched |= canBeSplit(op); })))
      return failure();
    if (!matched)
      return emitError(rule.location) << "outliers are for dense layers with constant weights, but '" << rule.pattern
                                      << "' matches none";
  }
  return success();
}

static FailureOr<std::vector<Layer>> findLayers(func::FuncOp model, const QuantizeOptions &options) {
  FailureOr<Precisions> precisions = assignPrecisions(model.getBody(), options.precision, options.rules);
  if (failed(precisions) || failed(checkRules(model.getBody(), options.rules)))
    return failure();
  std::vector<Layer> layers;
  for (Operation &op : model.getBody().getOps())
    if (std::optional<double> threshold = precisions->lookup(&op).weights.outliers; threshold && canBeSplit(&op))
      layers.emplace_back(llvm::cast<qnn::DenseOp>(op), *threshold);
  return layers;
}

/// The largest magnitudes of all columns, and then what the columns without outliers have.
static LogicalResult observe(func::FuncOp model, std::vector<Layer> &layers, SampleSource &samples,
                             const PrepareModel &prepare) {
  if (samples.size() == 0)
    return model.emitError() << "expects samples to find outliers in, beside the calibration; give both";
  llvm::SetVector<Value> inputs;
  for (Layer &layer : layers)
    inputs.insert(layer.op.getInput());
  FailureOr<std::unique_ptr<ObservableModel>> observable = prepare(model, inputs.getArrayRef());
  if (failed(observable))
    return failure();
  for (auto add : {&Layer::addLargest, &Layer::addInliers}) {
    auto observe = [&](Value value, const interpret::Tensor &tensor) {
      for (Layer &layer : layers)
        if (layer.op.getInput() == value)
          (layer.*add)(tensor.floats);
    };
    if (failed(runOnAll(**observable, samples, observe)))
      return failure();
  }
  return success();
}

//===-- What becomes of them ------------------------------------------------------------------===//

/// What is computed from nothing but integers may have an f32 result.
static bool hasAccumulators(Operation *op) {
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::MatmulOp>(op) && hasIntegerForm(op);
}

/// Softmax, logistic and tanh have no outliers.
void qcc::quantize::keepFloat(Value value, OutlierLayers &result) {
  Operation *op = value.getDefiningOp();
  if (!isFloatTensor(value) ||
      (op && (result.floatOps.contains(op) || llvm::isa<qnn::ConstantOp>(op) || getNaturalFormat(op, Precision()))))
    return;
  if (!op || hasAccumulators(op)) {
    result.floatValues.insert(value);
    return;
  }
  result.floatOps.insert(op);
  for (Value operand : op->getOperands())
    keepFloat(operand, result);
}

/// The outliers of a layer's input; layers that read the same, like the projections of an attention, share them.
static qnn::GatherOp gatherOutliers(qnn::DenseOp op, ArrayRef<int64_t> outliers, const OutlierLayers &known) {
  for (Operation *user : op.getInput().getUsers())
    if (auto gather = llvm::dyn_cast<qnn::GatherOp>(user);
        gather && known.parts.contains(gather.getOutput()) && gather.getIndices() == outliers)
      return gather;
  OpBuilder builder(op);
  SmallVector<int64_t> shape(shapeOf(op.getInput()));
  shape.back() = static_cast<int64_t>(outliers.size());
  return qnn::GatherOp::create(builder, op.getLoc(), RankedTensorType::get(shape, builder.getF32Type()), op.getInput(),
                               static_cast<int64_t>(shape.size()) - 1, outliers);
}

/// Gives the part for integers.
static Operation *split(const Layer &layer, ArrayRef<int64_t> outliers, ModelStatistics &statistics,
                        OutlierLayers &result) {
  qnn::DenseOp op = layer.op;
  OpBuilder builder(op);
  qnn::ConstantOp filter = getFloatConstant(op.getFilter());
  std::vector<float> others = getFloats(filter), taken;
  int64_t units = shapeOf(filter)[0], columns = shapeOf(filter)[1];
  for (int64_t unit = 0; unit < units; ++unit)
    for (int64_t column : outliers)
      taken.push_back(std::exchange(others[unit * columns + column], 0.0f));
  auto count = static_cast<int64_t>(outliers.size());
  auto weights = [&](int64_t length, ArrayRef<float> values) {
    return makeFloatConstant(builder, filter.getLoc(), {units, length}, values, filter.getNameAttr());
  };
  auto sum = op.getOutput().getType();
  auto integers =
      qnn::DenseOp::create(builder, op.getLoc(), sum, op.getInput(), weights(columns, others), Value(), Value());
  qnn::GatherOp gather = gatherOutliers(op, outliers, result);
  auto floats = qnn::DenseOp::create(builder, op.getLoc(), sum, gather, weights(count, taken), op.getBias(), Value());
  auto add = qnn::AddOp::create(builder, op.getLoc(), sum, integers, floats);
  add.setActivation(op.getActivation());
  Statistics ofResult = std::move(statistics[op.getOutput()]);
  statistics.erase(op.getOutput());
  statistics[add.getOutput()] = std::move(ofResult);
  op.replaceAllUsesWith(add.getOutput());
  op.erase();
  if (filter->use_empty())
    filter.erase();
  result.inliers.insert({integers, layer.inliers});
  result.floatValues.insert(integers.getOutput());
  for (Operation *part : {gather.getOperation(), floats.getOperation(), add.getOperation()})
    result.floatOps.insert(part);
  for (Value part : {integers.getOutput(), gather.getOutput(), floats.getOutput()})
    result.parts.insert(part);
  return integers;
}

FailureOr<OutlierLayers> qcc::quantize::splitOutliers(func::FuncOp model, const QuantizeOptions &options,
                                                      ModelStatistics &statistics, SampleSource &samples,
                                                      const PrepareModel &prepare) {
  FailureOr<std::vector<Layer>> layers = findLayers(model, options);
  if (failed(layers))
    return failure();
  OutlierLayers result;
  if (layers->empty())
    return result;
  if (failed(observe(model, *layers, samples, prepare)))
    return failure();
  SmallVector<Operation *> readers;
  for (Layer &layer : *layers) {
    SmallVector<int64_t> outliers = layer.getOutliers();
    if (outliers.empty())
      continue;
    layer.op.emitRemark() << "computes " << outliers.size() << " of " << layer.largest.size()
                          << " input columns in f32";
    bool isWhole = outliers.size() == layer.largest.size();
    readers.push_back(isWhole ? layer.op : split(layer, outliers, statistics, result));
    if (isWhole)
      result.floatOps.insert(layer.op);
  }
  // An activation of 8 bits would lose the small numbers beside the large ones.
  for (Operation *reader : readers)
    keepFloat(reader->getOperand(0), result);
  return result;
}
