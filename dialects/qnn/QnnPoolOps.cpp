// Verifiers of pools and means.
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qnn;

/// The largest kernel or stride along one axis.
static constexpr int64_t maxWindow = 1 << 24;

static LogicalResult verifyPool(Operation *op, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                ArrayRef<int64_t> pads) {
  Value input = op->getOperand(0), output = op->getResult(0);
  ArrayRef<int64_t> in = shapeOf(input), out = shapeOf(output);
  if (in.size() != 4 || out.size() != 4)
    return op->emitOpError() << "expects input and result of rank 4, but got " << in.size() << " and " << out.size();
  // max_pool2d_c3
  for (int i = 0; i < 2; ++i) {
    for (auto [name, value] : {std::pair("a kernel", kernel[i]), std::pair("strides", strides[i])})
      if (value < 1 || value > maxWindow)
        return op->emitOpError() << "expects " << name << " from 1 to 2^24, but got " << value;
    for (int64_t pad : {pads[2 * i], pads[2 * i + 1]})
      if (pad < 0 || pad >= kernel[i])
        return op->emitOpError() << "expects pads from 0 to " << kernel[i] - 1 << ", but got " << pad;
  }
  if ((in[1] == 0 && out[1] > 0) || (in[2] == 0 && out[2] > 0))
    return op->emitOpError() << "cannot take windows from an empty input " << input.getType();
  // max_pool2d_c1
  int64_t expected[4] = {in[0], windowOutputSize(in[1], kernel[0], strides[0], 1, pads[0], pads[1]),
                         windowOutputSize(in[2], kernel[1], strides[1], 1, pads[2], pads[3]), in[3]};
  if (out != ArrayRef<int64_t>(expected))
    return op->emitOpError() << "expects a result of shape " << showShape(expected) << ", but got " << output.getType();
  // max_pool2d_c2
  NumberFormat format = getFormat(input);
  if (format != getFormat(output) || format.getChannelAxis() >= 0 || format.getGroupSize())
    return op->emitOpError() << "expects one format per tensor for input and result, but got " << format << " and "
                             << getFormat(output);
  return success();
}

/// A 32-bit sum of `count` integers of `format` minus `zeroPoint` cannot overflow, not even with half the count added
/// for rounding: count * (magnitude + 1) < 2^31.
static LogicalResult verifySum(Operation *op, NumberFormat format, int64_t zeroPoint, int64_t count) {
  // In double, which holds 2^31 exactly: a zero point may be any 64-bit number.
  auto [low, high] = format.getIntegerRange();
  double zero = static_cast<double>(zeroPoint), magnitude = std::max(std::abs(low - zero), std::abs(high - zero));
  auto most = static_cast<int64_t>(static_cast<double>(INT32_MAX) / (magnitude + 1));
  if (count <= most)
    return success();
  InFlightDiagnostic error = op->emitOpError() << "expects at most " << most << " elements of " << format
                                               << " in a mean, whose sum has 32 bits, but got " << count;
  error.attachNote() << "take the mean in two steps, or over smaller windows";
  return error;
}

LogicalResult MaxPool2dOp::verify() { return verifyPool(*this, getKernel(), getStrides(), getPads()); }

LogicalResult AvgPool2dOp::verify() {
  if (failed(verifyPool(*this, getKernel(), getStrides(), getPads())))
    return failure();
  NumberFormat format = getFormat(getInput());
  if (format.isFloat())
    return success();
  // avg_pool2d_c4
  if (!format.isAffine() || format.getBits() > 16)
    return emitOpError() << "expects f32 or affine integers of at most 16 bits, but got " << format;
  ArrayRef<int64_t> in = shapeOf(getInput());
  return verifySum(*this, format, 0, std::min(getKernel()[0], in[1]) * std::min(getKernel()[1], in[2]));
}

LogicalResult MeanOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput());
  SmallVector<int64_t> expected(in);
  int64_t previous = -1, count = 1;
  for (int64_t axis : getAxes()) {
    // mean_c1
    if (axis <= previous || axis >= static_cast<int64_t>(in.size()))
      return emitOpError() << "expects ascending axes below " << in.size() << ", but got " << axis << " after "
                           << previous;
    previous = axis;
    // Beside a dimension of 0, the product of the others may be any.
    count = std::min(count * in[axis], maxElements + 1);
    expected[axis] = getKeepDims() ? 1 : -1;
  }
  // mean_c2
  llvm::erase(expected, -1);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects a result of shape " << showShape(expected) << ", but got "
                         << getOutput().getType();
  // mean_c3
  NumberFormat input = getFormat(getInput()), output = getFormat(getOutput());
  if (input.isFloat() != output.isFloat())
    return emitOpError() << "expects two integer formats or f32, but got " << input << " and " << output;
  for (NumberFormat format : {input, output})
    if (format.getChannelAxis() >= 0 || format.getGroupSize() || (!format.isFloat() && format.getBits() > 16))
      return emitOpError() << "expects formats per tensor of at most 16 bits, but got " << format;
  // mean_c4
  if (count == 0)
    return emitOpError() << "cannot take a mean over zero elements of " << getInput().getType();
  if (count > maxElements)
    return emitOpError() << "cannot take a mean over more than 2^31 elements of " << getInput().getType();
  // mean_c5
  return input.isFloat() ? success() : verifySum(*this, input, input.getZeroPoint(0), count);
}
