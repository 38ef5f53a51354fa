// Verifiers of elementwise and row operators.
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qnn;

FailureOr<SmallVector<int64_t>> qcc::qnn::broadcastShapes(ArrayRef<int64_t> a, ArrayRef<int64_t> b) {
  SmallVector<int64_t> result(std::max(a.size(), b.size()));
  for (size_t i = 0; i < result.size(); ++i) {
    // Dimensions are matched from the last one; a missing one counts as 1.
    int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1, y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      return failure();
    result[result.size() - 1 - i] = x == 1 ? y : x;
  }
  return result;
}

static LogicalResult verifySameShape(Operation *op) {
  if (shapeOf(op->getOperand(0)) != shapeOf(op->getResult(0)))
    return op->emitOpError() << "expects equal shapes, but got " << op->getOperand(0).getType() << " and "
                             << op->getResult(0).getType();
  return success();
}

/// The same, and a last axis.
static LogicalResult verifySameRows(Operation *op) {
  if (failed(verifySameShape(op)))
    return failure();
  if (shapeOf(op->getOperand(0)).empty())
    return op->emitOpError() << "expects a rank of at least 1";
  return success();
}

/// Floats that are not narrower than f32.
static LogicalResult expectFloat32(Operation *op) {
  for (Type type : {op->getOperand(0).getType(), op->getResult(0).getType()})
    if (!getElementTypeOrSelf(type).isF32())
      return op->emitOpError() << "expects f32, but got " << type;
  return success();
}

/// All floats or all integers, per tensor.
static LogicalResult verifyPerTensor(Operation *op) {
  bool isFloat = getFormat(op->getResult(0)).isFloat();
  SmallVector<Value> values(op->getOperands());
  values.push_back(op->getResult(0));
  for (Value value : values) {
    NumberFormat format = getFormat(value);
    if (format.isFloat() != isFloat)
      return op->emitOpError() << "expects only f32 or only integer formats, but got " << format << " beside "
                               << getFormat(op->getResult(0));
    if (format.getChannelAxis() >= 0 || format.getGroupSize())
      return op->emitOpError() << "expects formats per tensor, but got " << format;
  }
  return success();
}

static LogicalResult verifyBroadcast(Operation *op) {
  SmallVector<int64_t> shape;
  for (Value operand : op->getOperands()) {
    FailureOr<SmallVector<int64_t>> both = broadcastShapes(shape, shapeOf(operand));
    if (failed(both))
      return op->emitOpError() << "cannot broadcast " << op->getOperand(0).getType() << " with " << operand.getType();
    shape = std::move(*both);
  }
  if (shapeOf(op->getResult(0)) != ArrayRef<int64_t>(shape))
    return op->emitOpError() << "expects a result of shape " << showShape(shape) << ", but got "
                             << op->getResult(0).getType();
  return success();
}

static LogicalResult verifyBinary(Operation *op) {
  // add_c1, add_c2, add_c3
  if (failed(verifyBroadcast(op)) || failed(verifyPerTensor(op)))
    return failure();
  auto isPlain = [](Value value) { return Type(getFormat(value)).isSignlessInteger(32); };
  bool plain = isPlain(op->getResult(0));
  for (Value value : op->getOperands())
    if (isPlain(value) != plain)
      return op->emitOpError() << "expects plain i32 operands exactly for a plain i32 result, but got "
                               << value.getType() << " and " << op->getResult(0).getType();
  for (Value value : op->getOperands())
    if (!plain && !getFormat(value).isFloat() && getFormat(value).getBits() > 16)
      return op->emitOpError() << "expects formats of at most 16 bits, but got " << getFormat(value);
  return success();
}

LogicalResult AddOp::verify() { return verifyBinary(*this); }
LogicalResult SubOp::verify() { return verifyBinary(*this); }
LogicalResult MulOp::verify() { return verifyBinary(*this); }

static LogicalResult verifyUnary(Operation *op) {
  // relu_c1, relu_c2
  if (failed(verifySameShape(op)) || failed(verifyPerTensor(op)))
    return failure();
  // relu_c3
  NumberFormat input = getFormat(op->getOperand(0));
  if (!input.isFloat() && input.getBits() > 16)
    return op->emitOpError() << "expects an integer input of at most 16 bits, but got " << input;
  return success();
}

LogicalResult ReluOp::verify() { return verifyUnary(*this); }
LogicalResult LeakyReluOp::verify() {
  if (!getAlpha().isFinite())
    return emitOpError() << "expects a finite alpha";
  if (getAlpha().isNegative())
    return emitOpError() << "expects an alpha of at least 0, but got " << getAlpha().convertToDouble();
  return verifyUnary(*this);
}
LogicalResult LogisticOp::verify() { return verifyUnary(*this); }
LogicalResult TanhOp::verify() { return verifyUnary(*this); }

// apply_c1
LogicalResult ApplyOp::verify() { return verifySameShape(*this); }
// combine_c1
LogicalResult CombineOp::verify() { return verifyBroadcast(*this); }
// select_c1
LogicalResult SelectOp::verify() { return verifyBroadcast(*this); }

LogicalResult SoftmaxOp::verify() {
  // softmax_c1
  if (failed(verifySameRows(*this)))
    return failure();
  // softmax_c2
  if (failed(verifyPerTensor(*this)))
    return failure();
  // softmax_c4
  if (!getBeta().isFinite() || !(getBeta().convertToDouble() > 0))
    return emitOpError() << "expects a positive beta, but got " << getBeta().convertToDouble();
  NumberFormat input = getFormat(getInput()), output = getFormat(getOutput());
  if (input.isFloat())
    return expectFloat32(*this);
  for (NumberFormat format : {input, output})
    if (format.getBits() != 8 || !format.isAffine())
      return emitOpError() << "expects affine integers of 8 bits, but got " << format;
  // softmax_c3
  if (output.getScale(0) != 1.0 / 256 || output.getZeroPoint(0) != output.getCodeRange().first)
    return emitOpError() << "expects an integer result of scale 1/256 with its smallest code as zero point, but got "
                         << output;
  // softmax_c5
  if (shapeOf(getInput()).back() > 4096)
    return emitOpError() << "expects rows of at most 4096 integers, but got " << shapeOf(getInput()).back();
  return success();
}

LogicalResult LogSoftmaxOp::verify() {
  // log_softmax_c1, log_softmax_c2
  if (failed(verifySameShape(*this)) || failed(verifyPerTensor(*this)))
    return failure();
  if (shapeOf(getInput()).empty() || !getFormat(getInput()).isFloat())
    return emitOpError() << "expects f32 of rank at least 1, but got " << getInput().getType();
  return expectFloat32(*this);
}

LogicalResult ArgmaxOp::verify() {
  SmallVector<int64_t> expected(shapeOf(getInput()));
  int64_t axis = getAxis(), rank = expected.size();
  // argmax_c1
  if (axis < 0 || axis >= rank)
    return emitOpError() << "expects an axis from 0 to " << rank - 1 << ", but got " << axis;
  if (expected[axis] == 0)
    return emitOpError() << "cannot choose from axis " << axis << " of " << getInput().getType() << ", which is empty";
  // argmax_c2
  expected.erase(expected.begin() + axis);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects the input's shape without axis " << axis << " as result, but got "
                         << getOutput().getType() << " for " << getInput().getType();
  return success();
}

LogicalResult BatchNormOp::verify() {
  // batch_norm_c1
  if (failed(verifySameRows(*this)))
    return failure();
  // batch_norm_c2
  for (Value parameter : getOperands().drop_front())
    if (shapeOf(parameter) != shapeOf(getInput()).take_back(1))
      return emitOpError() << "expects parameters of " << shapeOf(getInput()).back() << " elements, but got "
                           << parameter.getType();
  // batch_norm_c3
  if (getEpsilon().isNegative() || !getEpsilon().isFinite())
    return emitOpError() << "expects an epsilon of at least 0, but got " << getEpsilon().convertToDouble();
  return success();
}

LogicalResult ThresholdOp::verify() {
  // threshold_c1
  if (failed(verifySameRows(*this)))
    return failure();
  // threshold_c2
  Type element = getFormat(getInput());
  if (element != Type(getFormat(getThresholds())) || !(element.isF32() || element.isSignlessInteger(32)))
    return emitOpError() << "expects f32 or i32 for input and thresholds alike, but got " << element << " and "
                         << getFormat(getThresholds());
  // threshold_c3
  NumberFormat output = getFormat(getOutput());
  if (output.isFloat() || output.getBits() > 4 || output.getChannelAxis() >= 0 || output.getGroupSize() ||
      !output.isOrdered())
    return emitOpError() << "expects a result of at most 4 bits, per tensor and with codes in the order of their "
                         << "numbers, but got " << output;
  // threshold_c4
  int64_t channels = shapeOf(getInput()).back();
  auto [low, high] = output.getCodeRange();
  ArrayRef<int64_t> shape = shapeOf(getThresholds());
  if (shape.size() != 2 || (shape[0] != 1 && shape[0] != channels) || shape[1] != high - low)
    return emitOpError() << "expects thresholds of shape [" << channels << ", " << high - low << "] or [1, "
                         << high - low << "], but got " << getThresholds().getType();
  // threshold_c5
  if (!getFalling().empty() && (!element.isInteger() || static_cast<int64_t>(getFalling().size()) != channels))
    return emitOpError() << "expects falling for i32 and each of " << channels << " channels, but got " << element
                         << " and " << getFalling().size() << " channels";
  return success();
}

LogicalResult RescaleOp::verify() {
  // rescale_c1
  if (failed(verifySameRows(*this)))
    return failure();
  // rescale_c2
  NumberFormat output = getFormat(getOutput());
  if (!Type(getFormat(getInput())).isSignlessInteger(32))
    return emitOpError() << "expects i32, but got " << getFormat(getInput());
  if (output.isFloat() || !output.isAffine() || output.getBits() > 16 || output.getChannelAxis() >= 0 ||
      output.getGroupSize())
    return emitOpError() << "expects an affine result of at most 16 bits, per tensor, but got " << output;
  // rescale_c3
  int64_t channels = shapeOf(getInput()).back();
  int64_t lines = getKnee().empty() ? channels : 2 * channels;
  auto verifyCount = [&](StringRef name, size_t count, int64_t expected) -> LogicalResult {
    if (static_cast<int64_t>(count) == expected)
      return success();
    return emitOpError() << "expects " << expected << " numbers in " << name << ", but got " << count;
  };
  if (failed(verifyCount("offset", getOffset().size(), lines)) ||
      failed(verifyCount("multiplier", getMultiplier().size(), lines)) ||
      failed(verifyCount("exponent", getExponent().size(), lines)) ||
      failed(verifyCount("low", getLow().size(), channels)) ||
      failed(verifyCount("high", getHigh().size(), channels)) ||
      (!getFalling().empty() && failed(verifyCount("falling", getFalling().size(), channels))) ||
      (!getKnee().empty() && failed(verifyCount("knee", getKnee().size(), channels))))
    return failure();
  // rescale_c4
  for (auto [multiplier, exponent] : llvm::zip_equal(getMultiplier(), getExponent()))
    if (multiplier < 0 || exponent < -31 || exponent > -1)
      return emitOpError() << "expects multipliers of at least 0 and exponents from -31 to -1, but got " << multiplier
                           << " and " << exponent;
  // rescale_c5
  auto [least, most] = output.getCodeRange();
  for (int64_t c = 0; c < channels; ++c) {
    int64_t low = getLow()[c] + output.getZeroPoint(0), high = getHigh()[c] + output.getZeroPoint(0);
    if (low > high || low < least || high > most)
      return emitOpError() << "expects bounds of codes from " << least << " to " << most << ", but got " << low
                           << " to " << high;
  }
  return success();
}
