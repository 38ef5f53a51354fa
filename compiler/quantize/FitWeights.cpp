#include "compiler/quantize/FitWeights.h"

#include "compiler/interpret/Tensor.h"
#include "compiler/quantize/Constants.h"
#include "compiler/quantize/QuantizeWeights.h"
#include "compiler/quantize/SampleFlow.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

/// Longer rows need too much memory: three matrices of their length squared.
static constexpr int64_t longestRow = 6144;

int64_t qcc::quantize::samplesToFit(func::FuncOp reference, func::FuncOp model, int64_t count) {
  constexpr int64_t mostBytes = int64_t(1) << 30, leastSamples = 8;
  int64_t bytes = std::max<int64_t>(1, liveBytes(reference) + liveBytes(model));
  return std::min(count, std::max(leastSamples, mostBytes / bytes));
}

namespace {
/// A contraction of the float model and what has become of it.
class Layer {
public:
  Layer(Operation *reference, Operation *op)
      : op(op), rows(*ContractionRows::get(reference)), weights(getFloats(constantOf(reference, 1))) {
    if (reference->getNumOperands() > 2)
      biases = getFloats(constantOf(reference, 2));
    groups.resize(rows.getGroups());
  }

  const ContractionRows &getRows() const { return rows; }
  bool isTooLong() const { return rows.getLength() > longestRow; }
  void round(ArrayRef<Moments> moments, const FitOptions &options);
  /// Gives the operator the new constants.
  void apply(OpBuilder &builder) const;
  double signalToNoise() const;

private:
  static qnn::ConstantOp constantOf(Operation *op, unsigned operand) {
    return op->getOperand(operand).getDefiningOp<qnn::ConstantOp>();
  }
  qnn::NumberFormat format() const { return qnn::getFormat(op->getOperand(1)); }
  /// Constants of the scales and the bias, which may be null.
  qnn::ConstantOp operandOf(bool isScales) const {
    return TypeSwitch<Operation *, qnn::ConstantOp>(op)
        .Case<qnn::Conv2dOp, qnn::DenseOp>([&](auto contraction) {
          Value value = isScales ? contraction.getScales() : contraction.getBias();
          return value ? value.template getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
        })
        .Default([&](Operation *) { return !isScales && op->getNumOperands() > 2 ? constantOf(op, 2) : nullptr; });
  }
  int64_t groupSize() const { return format().getGroupSize(); }
  double inputScale() const { return qnn::getFormat(op->getOperand(0)).getScale(0); }
  double biasOf(int64_t channel) const { return biases.empty() ? 0 : biases[channel]; }
  RoundingProblem problemOf(int64_t group, const FitOptions &options) const;
  void correctBias(ArrayRef<double> scales) const;

  Operation *op;
  ContractionRows rows;
  std::vector<float> weights, biases;
  std::vector<RoundedWeights> groups;
};
} // namespace

static CodeRange rangeOf(qnn::NumberFormat format) {
  auto [lowest, highest] = format.getCodeRange();
  if (llvm::isa<qnn::BinaryType>(format))
    return {-1, 1, /*onlySigns=*/true};
  if (llvm::isa<qnn::TernaryType>(format))
    return {-1, 1};
  if (auto book = llvm::dyn_cast<qnn::CodebookType>(format)) {
    std::vector<int64_t> levels = book.getTable().asArrayRef().vec();
    int64_t largest = std::max({std::abs(levels.front()), std::abs(levels.back()), int64_t(1)});
    return {-largest, largest, /*onlySigns=*/false, levels};
  }
  return {lowest, highest};
}

RoundingProblem Layer::problemOf(int64_t group, const FitOptions &options) const {
  int64_t outputs = rows.getOutputsOfGroup();
  std::vector<float> stored;
  if (groupSize())
    stored = getFloats(operandOf(/*isScales=*/true));
  int64_t ofOutput = groupSize() ? static_cast<int64_t>(stored.size()) / (outputs * rows.getGroups()) : 1;
  RoundingProblem problem{Eigen::MatrixXd(outputs, rows.getLength()), rangeOf(format()),
                          Eigen::MatrixXd(outputs, ofOutput), options.keepScales, Eigen::VectorXd(outputs)};
  for (int64_t k = 0; groupSize() && k < rows.getLength(); ++k) {
    int64_t depth = shapeOf(op->getOperand(1)).back();
    problem.groups.push_back(k / depth * static_cast<int64_t>(llvm::divideCeil(depth, groupSize())) +
                             k % depth / groupSize());
  }
  // The table is that of all groups of the convolution.
  problem.fitsLevels = !problem.range.levels.empty() && rows.getGroups() == 1 && !options.keepScales;
  for (int64_t o = 0; o < outputs; ++o) {
    int64_t channel = group * outputs + o;
    for (int64_t k = 0; k < rows.getLength(); ++k)
      problem.weights(o, k) = weights[rows.weightIndex(group, o, k)];
    for (int64_t g = 0; g < ofOutput; ++g)
      problem.scales(o, g) = groupSize() ? stored[channel * ofOutput + g]
                                         : format().getScale(interpret::parameterChannel(format(), channel));
    problem.leastScales[o] = groupSize() ? 0 : leastWeightScale(biasOf(channel), inputScale());
  }
  return problem;
}

/// An input that no output has a weight for, like an outlier column that is multiplied elsewhere, is to get none: its
/// codes may be clipped where they have not been on the samples.
static Moments withoutUnused(Moments moments, const Eigen::MatrixXd &weights) {
  for (Eigen::Index k = 0; k < weights.cols(); ++k) {
    if (!weights.col(k).isZero(0))
      continue;
    moments.meanX[k] = moments.meanY[k] = 0;
    for (Eigen::MatrixXd *matrix : {&moments.covariance, &moments.crossCovariance}) {
      matrix->row(k).setZero();
      matrix->col(k).setZero();
    }
  }
  return moments;
}

void Layer::round(ArrayRef<Moments> moments, const FitOptions &options) {
  for (int64_t group = 0; group < rows.getGroups(); ++group) {
    RoundingProblem problem = problemOf(group, options);
    groups[group] = roundWeights(problem, withoutUnused(moments[group], problem.weights), options.rounding);
  }
}

void Layer::apply(OpBuilder &builder) const {
  int64_t outputs = rows.getOutputsOfGroup();
  SmallVector<double> scales;
  for (const RoundedWeights &group : groups)
    for (int64_t o = 0; o < outputs; ++o)
      scales.append(group.scales.row(o).begin(), group.scales.row(o).end());
  qnn::ConstantOp filter = constantOf(op, 1);
  Type type = format();
  if (auto book = llvm::dyn_cast<qnn::CodebookType>(type))
    type = qnn::CodebookType::get(book.getContext(), DenseI64ArrayAttr::get(book.getContext(), groups.front().levels),
                                  book.getAxis(), book.getAlpha());
  if (format().getChannelAxis() >= 0) // else there is one, or the scales are no part of the type
    type = withScales(type, scales, format().getChannelAxis());
  auto numbers = llvm::cast<qnn::NumberFormat>(type);
  std::vector<int64_t> codes(weights.size());
  for (int64_t group = 0; group < rows.getGroups(); ++group)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t k = 0; k < rows.getLength(); ++k) {
        int64_t channel = interpret::parameterChannel(numbers, group * outputs + o);
        codes[rows.weightIndex(group, o, k)] =
            numbers.encode(groups[group].codes(o, k) * numbers.getScale(channel), channel);
      }
  replaceConstant(op->getOpOperand(1), makeConstant(builder, filter.getLoc(), withElement(filter.getType(), type),
                                                    codes, filter.getNameAttr()));
  if (qnn::ConstantOp stored = operandOf(/*isScales=*/true)) {
    auto fresh = makeFloatConstant(builder, stored.getLoc(), shapeOf(stored), llvm::to_vector_of<float>(scales),
                                   stored.getNameAttr());
    stored.getResult().replaceUsesWithIf(fresh, [&](OpOperand &use) { return use.getOwner() == op; });
    if (stored->use_empty())
      stored.erase();
    scales.assign(rows.getGroups() * outputs, 0); // a bias has none of them
  }
  correctBias(scales);
}

/// The float bias and what corrects it, with the scale of the products. A layer without bias gets one if it helps.
void Layer::correctBias(ArrayRef<double> scales) const {
  SmallVector<int64_t> codes;
  qnn::NumberFormat result = qnn::getFormat(op->getResult(0));
  if (groupSize() && result.isFloat())
    return; // has no bias
  for (auto [channel, scale] : llvm::enumerate(scales)) {
    auto [group, o] = std::div(static_cast<int64_t>(channel), rows.getOutputsOfGroup());
    codes.push_back(encodeBias(biasOf(channel) + groups[group].biasChanges[o],
                               groupSize() ? groupedBiasScale(result) : inputScale() * scale));
  }
  if (operandOf(/*isScales=*/false) || llvm::any_of(codes, [](int64_t code) { return code != 0; }))
    setBias(op, codes);
}

double Layer::signalToNoise() const {
  double power = 0, error = 0;
  for (const RoundedWeights &group : groups) {
    power += group.power;
    error += group.error;
  }
  return 10 * std::log10(power / error);
}

/// The contractions of both models, one of floats and one of integers each.
static std::vector<std::pair<Operation *, Operation *>> findLayers(func::FuncOp reference, func::FuncOp model) {
  auto contractionsOf = [](func::FuncOp function) {
    SmallVector<Operation *> ops;
    for (Operation &op : function.getBody().getOps())
      if (ContractionRows::get(&op))
        ops.push_back(&op);
    return ops;
  };
  std::vector<std::pair<Operation *, Operation *>> layers;
  for (auto [floats, integers] : llvm::zip_equal(contractionsOf(reference), contractionsOf(model)))
    // Of binary coding, whose rows have several planes, and of a basis, signs and magnitudes are fitted already. Beside
    // floats, errors are those of the weights alone.
    if (!qnn::getFormat(integers->getOperand(0)).isFloat() &&
        !llvm::isa<qnn::BasisType>(Type(qnn::getFormat(integers->getOperand(1)))) &&
        isFloatTensor(floats->getOperand(1)) && !qnn::getFormat(integers->getOperand(1)).isFloat() &&
        shapeOf(floats->getOperand(1)) == shapeOf(integers->getOperand(1)))
      layers.push_back({floats, integers});
  return layers;
}

static std::vector<Moments> collectMoments(const Layer &layer, ArrayRef<HostTensor> x, ArrayRef<HostTensor> y) {
  // So many rows for each weight of a row tell its variances well enough.
  constexpr int64_t rowsPerWeight = 32, leastRows = 4096;
  int64_t wanted = std::max(leastRows, rowsPerWeight * layer.getRows().getLength());
  MomentsCollector collector(layer.getRows(), llvm::divideCeil(wanted, x.size()));
  for (auto [ofReference, ofModel] : llvm::zip_equal(x, y))
    collector.add(interpret::Tensor(ofReference).reals(), interpret::Tensor(ofModel).reals());
  return collector.finish();
}

LogicalResult qcc::quantize::fitWeights(func::FuncOp reference, func::FuncOp model,
                                        std::vector<std::vector<HostTensor>> referenceSamples,
                                        std::vector<std::vector<HostTensor>> modelSamples, const FitOptions &options) {
  if (referenceSamples.empty())
    return model.emitError() << "expects at least 1 calibration sample, but got 0";
  SampleFlow floats(reference, std::move(referenceSamples), options.prepare),
      integers(model, std::move(modelSamples), options.prepare);
  auto layers = findLayers(reference, model);
  for (auto [before, op] : layers) {
    if (options.onLayer)
      options.onLayer(layers.size());
    if (failed(floats.runUntil(before)) || failed(integers.runUntil(op)))
      return failure();
    Layer layer(before, op);
    if (layer.isTooLong()) {
      op->emitRemark() << "rounds weights to nearest: " << layer.getRows().getLength()
                       << " products in a sum are more than the " << longestRow << " that can be fitted";
      continue;
    }
    layer.round(collectMoments(layer, floats.get(before->getOperand(0)), integers.get(op->getOperand(0))), options);
    OpBuilder builder(op);
    layer.apply(builder);
    op->emitRemark() << llvm::formatv("weights rounded by {0} add noise {1:f1} dB below the sums",
                                      getName(options.rounding), layer.signalToNoise())
                            .str();
  }
  return success();
}
