// Verifiers of pools and means.
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc::qnn;

static ArrayRef<int64_t> shapeOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getShape(); }

static LogicalResult verifyPool(Operation *op, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                ArrayRef<int64_t> pads) {
  Value input = op->getOperand(0), output = op->getResult(0);
  ArrayRef<int64_t> in = shapeOf(input), out = shapeOf(output);
  if (in.size() != 4 || out.size() != 4)
    return op->emitOpError() << "expects input and result of rank 4, but got " << in.size() << " and " << out.size();
  // max_pool2d_c3
  for (int i = 0; i < 2; ++i) {
    if (kernel[i] < 1 || strides[i] < 1 || strides[i] > (1 << 24))
      return op->emitOpError() << "expects kernel and strides of at least 1, but got " << kernel[i] << " and "
                               << strides[i];
    for (int64_t pad : {pads[2 * i], pads[2 * i + 1]})
      if (pad < 0 || pad >= kernel[i])
        return op->emitOpError() << "expects pads from 0 to " << kernel[i] - 1 << ", but got " << pad;
  }
  if ((in[1] == 0 && out[1] > 0) || (in[2] == 0 && out[2] > 0))
    return op->emitOpError() << "cannot take windows from an empty input " << input.getType();
  // max_pool2d_c1
  int64_t expected[4] = {in[0], windowOutputSize(in[1], kernel[0], strides[0], 1, pads[0], pads[1]),
                         windowOutputSize(in[2], kernel[1], strides[1], 1, pads[2], pads[3]), in[3]};
  if (out != ArrayRef<int64_t>(expected)) {
    InFlightDiagnostic error = op->emitOpError() << "expects a result of shape [";
    llvm::interleaveComma(expected, error);
    return error << "], but got " << output.getType();
  }
  // max_pool2d_c2
  NumberFormat format = getFormat(input);
  if (format != getFormat(output) || format.getChannelAxis() >= 0 || format.getGroupSize())
    return op->emitOpError() << "expects one format per tensor for input and result, but got " << format << " and "
                             << getFormat(output);
  return success();
}

LogicalResult MaxPool2dOp::verify() { return verifyPool(*this, getKernel(), getStrides(), getPads()); }
LogicalResult AvgPool2dOp::verify() {
  if (!getFormat(getInput()).isFloat() && getFormat(getInput()).getIntegerDecode().slope != 1)
    return emitOpError() << "expects f32 or affine integers, but got " << getFormat(getInput());
  return verifyPool(*this, getKernel(), getStrides(), getPads());
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
    count *= in[axis];
    expected[axis] = getKeepDims() ? 1 : -1;
  }
  // mean_c2
  llvm::erase(expected, -1);
  if (shapeOf(getOutput()) != ArrayRef<int64_t>(expected)) {
    InFlightDiagnostic error = emitOpError() << "expects a result of shape [";
    llvm::interleaveComma(expected, error);
    return error << "], but got " << getOutput().getType();
  }
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
  return success();
}
