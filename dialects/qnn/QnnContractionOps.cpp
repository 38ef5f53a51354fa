// Verifiers of the contractions.
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Winograd.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qnn;

int64_t qcc::qnn::windowOutputSize(int64_t input, int64_t kernel, int64_t stride, int64_t dilation, int64_t padLow,
                                   int64_t padHigh) {
  int64_t span = (kernel - 1) * dilation + 1, extent = input + padLow + padHigh;
  return extent < span ? 0 : (extent - span) / stride + 1;
}

//===-- Constraints that the contractions share -------------------------------------===//

/// conv2d_c6: integers give integers, i32 or f32; floats give floats, whatever the format of a filter is.
static LogicalResult verifyFormats(Operation *op, Value lhs, Value rhs, Value output, Activation activation) {
  NumberFormat a = getFormat(lhs), b = getFormat(rhs), c = getFormat(output);
  if (llvm::isa<MatmulOp>(op) ? a.isFloat() != b.isFloat() : b.isFloat() && !a.isFloat())
    return op->emitOpError() << "expects two integer formats or two operands of floats, but got " << a << " and " << b;
  if (a.isFloat() && b.getGroupSize())
    return op->emitOpError() << "takes a grouped filter only with an integer format as input, but got " << a << " and "
                             << b;
  if (a.isFloat() && !c.isFloat())
    return op->emitOpError() << "expects a result of floats for "
                             << (b.isFloat() ? "operands of floats" : "an input of floats") << ", but got " << c;
  for (NumberFormat format : {a, b, c})
    if (!format.isFloat() && format.getBits() > 16 && !(format == c && Type(c).isSignlessInteger(32)))
      return op->emitOpError() << "expects formats of at most 16 bits, but got " << format;
  if (Type(c).isSignlessInteger(32) && activation != Activation::None) // conv2d_c10
    return op->emitOpError() << "takes no activation with a result of i32, which is the accumulator itself, but got "
                             << stringifyActivation(activation);
  if (a.getGroupSize() || c.getGroupSize())
    return op->emitOpError() << "takes grouped formats only as filter, but got " << (a.getGroupSize() ? a : c);
  return success();
}

/// conv2d_c7: channel parameters lie on one axis of the filter only.
static LogicalResult verifyChannels(Operation *op, Value input, Value filter, Value output, int64_t axis) {
  for (Value value : {input, output})
    if (getFormat(value).getChannelAxis() >= 0)
      return op->emitOpError() << "expects input and result with a format per tensor, but got " << getFormat(value);
  int64_t actual = getFormat(filter).getChannelAxis();
  if (actual < 0)
    return success();
  if (actual != axis)
    return op->emitOpError() << "expects the filter's channel parameters on axis " << axis << ", but they lie on axis "
                             << actual;
  if (shapeOf(filter)[axis] != getFormat(filter).getNumChannels())
    return op->emitOpError() << "expects " << shapeOf(filter)[axis] << " channel parameters for the filter, but got "
                             << getFormat(filter).getNumChannels();
  return success();
}

/// conv2d_c5: one bias per channel, in the accumulator's format.
static LogicalResult verifyBias(Operation *op, Value bias, int64_t channels, Value input) {
  if (!bias)
    return success();
  if (shapeOf(bias) != ArrayRef<int64_t>{channels})
    return op->emitOpError() << "expects a bias of " << channels << " elements, but got " << bias.getType();
  Type element = getFormat(bias);
  if (getFormat(input).isFloat() ? !element.isF32() : !element.isSignlessInteger(32))
    return op->emitOpError() << "expects a bias of " << (getFormat(input).isFloat() ? "f32" : "i32") << ", but got "
                             << element;
  return success();
}

/// conv2d_c9: scales for grouped filters, and only for them.
static LogicalResult verifyScales(Operation *op, Value filter, Value scales, Value bias) {
  int64_t group = getFormat(filter).getGroupSize();
  if (!group)
    return scales
               ? op->emitOpError() << "takes scales only with a grouped filter, but the filter is " << getFormat(filter)
               : success();
  SmallVector<int64_t> expected(shapeOf(filter));
  expected.back() = llvm::divideCeil(expected.back(), group);
  if (!scales || shapeOf(scales) != ArrayRef<int64_t>(expected)) {
    InFlightDiagnostic error = op->emitOpError() << "expects scales of shape " << showShape(expected)
                                                 << " for groups of " << group << ", but ";
    return scales ? error << "got " << scales.getType() : error << "there are none";
  }
  Type output = getFormat(op->getResult(0));
  bool isFloat = getFormat(op->getResult(0)).isFloat();
  if (output.isSignlessInteger(32) || (isFloat && bias))
    return op->emitOpError() << "takes a grouped filter " << (isFloat ? "and a bias " : "")
                             << "only with a quantized result, but got " << output;
  return success();
}

/// conv2d_c8: positive strides and dilations, pads of at least 0.
static LogicalResult verifyWindow(Operation *op, ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations,
                                  ArrayRef<int64_t> pads) {
  for (auto [name, values, least] :
       {std::tuple("strides", strides, 1), std::tuple("dilations", dilations, 1), std::tuple("pads", pads, 0)})
    for (int64_t value : values)
      if (value < least || value > (1 << 24))
        return op->emitOpError() << "expects " << name << " from " << least << " to 2^24, but got " << value;
  return success();
}

/// conv2d_c3: the spatial size that the window gives.
static LogicalResult verifyWindowShape(Operation *op, Value input, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                       ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads, int64_t channels,
                                       Value output) {
  ArrayRef<int64_t> in = shapeOf(input), out = shapeOf(output);
  int64_t expected[4] = {in[0], windowOutputSize(in[1], kernel[0], strides[0], dilations[0], pads[0], pads[1]),
                         windowOutputSize(in[2], kernel[1], strides[1], dilations[1], pads[2], pads[3]), channels};
  if (out == ArrayRef<int64_t>(expected))
    return success();
  return op->emitOpError() << "expects a result of shape " << showShape(expected) << " from an input of "
                           << showShape(in) << " and a kernel of " << kernel[0] << "x" << kernel[1] << ", but it has "
                           << showShape(out);
}

/// conv2d_c12, conv2d_c13: what tap-wise F(4x4, 3x3) computes in 32 bits.
static LogicalResult verifyTapwise(Conv2dOp op) {
  AlgorithmAttr algorithm = *op.getAlgorithm();
  ArrayRef<int64_t> shape = shapeOf(op.getFilter());
  winograd::Transforms transforms = winograd::transformsOf(algorithm.getPoints(), shape[1], shape[2]);
  if (algorithm.taps() != transforms.taps())
    return op.emitOpError() << "expects shifts of codes for the " << transforms.taps() << " taps of a filter of "
                            << shape[1] << "x" << shape[2] << ", but got " << algorithm.taps();
  auto weightShifts = static_cast<int64_t>(algorithm.getWeights().size());
  if (algorithm.hasChannelShifts() && weightShifts != transforms.taps() * shape[0])
    return op.emitOpError() << "expects shifts of weights for one channel or for " << shape[0] << ", but got "
                            << weightShifts / transforms.taps();
  if (DenseIntElementsAttr stated = algorithm.getTransformed())
    if (stated.getType().getDimSize(0) != shape[0] || stated.getType().getDimSize(2) != shape[3])
      return op.emitOpError() << "expects transformed weights of shape "
                              << showShape({shape[0], transforms.taps(), shape[3]}) << ", but got "
                              << showShape(stated.getType().getShape());
  NumberFormat input = getFormat(op.getInput()), format = getFormat(op.getFilter());
  constexpr unsigned bits = 8;
  if (input.getBits() > bits || format.getBits() > bits)
    return op.emitOpError() << "expects codes and weights of at most " << bits << " bits for F_4_3, but got " << input
                            << " and " << format;
  auto filter = op.getFilter().getDefiningOp<ConstantOp>();
  if (!filter)
    return op.emitOpError() << "expects a constant filter for F_4_3";
  SmallVector<int64_t> weights = filter.getCodes();
  IntegerDecode decode = format.getIntegerDecode();
  int64_t length = shape[1] * shape[2] * shape[3], largestCode = input.getLargestInteger();
  for (int64_t o = 0; o < shape[0]; ++o) {
    MutableArrayRef<int64_t> row = MutableArrayRef(weights).slice(o * length, length);
    int64_t zero = format.getZeroPoint(format.getChannelAxis() < 0 ? 0 : o);
    for (int64_t &weight : row)
      weight = decode(weight) - zero;
    int64_t largest = winograd::largestNumber(algorithm, transforms, o, row, shape[3], largestCode);
    if (largest > winograd::mostNumber)
      return op.emitOpError() << "has sums of F_4_3 of up to " << largest << " in output channel " << o
                              << ", which need more than 32 bits; with weights like these, at most "
                              << std::min(shape[3] * winograd::mostNumber / largest, shape[3] - 1) << " of its "
                              << shape[3] << " input channels may be summed, or a smaller fraction than "
                              << algorithm.getFraction() << " is needed";
  }
  return success();
}

/// conv2d_c11: what an algorithm of Winograd computes.
static LogicalResult verifyAlgorithm(Conv2dOp op) {
  if (!isWinograd(op.getAlgorithm()))
    return success();
  ArrayRef<int64_t> filter = shapeOf(op.getFilter());
  auto areOnes = [](ArrayRef<int64_t> numbers) { return llvm::all_of(numbers, [](int64_t n) { return n == 1; }); };
  AlgorithmKind kind = op.getAlgorithm()->getKind();
  if (!winograd::computes(kind, filter[1], filter[2]) || !areOnes(op.getStrides()) || !areOnes(op.getDilations()))
    return op.emitOpError() << "expects a " << winograd::filterSizesOf(kind)
                            << " filter with strides and dilations of 1 for " << *op.getAlgorithm() << ", but got "
                            << filter[1] << "x" << filter[2] << ", " << showShape(op.getStrides()) << " and "
                            << showShape(op.getDilations());
  bool isFloat = getFormat(op.getInput()).isFloat();
  auto isNarrow = [](Value value) { return getFormat(value).isFloat() && !Type(getFormat(value)).isF32(); };
  if ((isFloat && !getFormat(op.getFilter()).isFloat()) || isNarrow(op.getInput()) || isNarrow(op.getFilter()))
    return op.emitOpError() << "expects two integer formats or two f32 operands for " << *op.getAlgorithm()
                            << ", but got " << getFormat(op.getInput()) << " and " << getFormat(op.getFilter());
  if (op.getAlgorithm()->isOfFloats() && !isFloat)
    return op.emitOpError() << "expects floats for " << *op.getAlgorithm() << ", but got " << getFormat(op.getInput());
  if (op.getAlgorithm()->isOfFloats() != isFloat || op.getScales())
    return op.emitOpError() << "expects integers without scales of groups for " << *op.getAlgorithm() << ", but got "
                            << getFormat(op.getInput()) << " and " << getFormat(op.getFilter());
  return isTapwise(op.getAlgorithm()) ? verifyTapwise(op) : success();
}

//===-- Operators ---------------------------------------------------------------------===//

LogicalResult Conv2dOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), filter = shapeOf(getFilter()), out = shapeOf(getOutput());
  // conv2d_c1
  if (in.size() != 4 || filter.size() != 4 || out.size() != 4)
    return emitOpError() << "expects input, filter and result of rank 4, but got ranks " << in.size() << ", "
                         << filter.size() << " and " << out.size();
  int64_t groups = getGroups();
  if (groups < 1)
    return emitOpError() << "expects at least 1 group, but got " << groups;
  // conv2d_c2
  if (filter[3] > in[3] || filter[3] * groups != in[3])
    return emitOpError() << "expects " << filter[3] << " input channels times " << groups
                         << " groups from the filter, but the input has " << in[3];
  // conv2d_c4
  if (filter[0] % groups)
    return emitOpError() << "expects output channels divisible by " << groups << " groups, but the filter has "
                         << filter[0];
  if (failed(verifyWindow(*this, getStrides(), getDilations(), getPads())))
    return failure();
  return success(succeeded(verifyWindowShape(*this, getInput(), {filter[1], filter[2]}, getStrides(), getDilations(),
                                             getPads(), filter[0], getOutput())) &&
                 succeeded(verifyFormats(*this, getInput(), getFilter(), getOutput(), getActivation())) &&
                 succeeded(verifyBias(*this, getBias(), filter[0], getInput())) &&
                 succeeded(verifyChannels(*this, getInput(), getFilter(), getOutput(), filterChannelAxis)) &&
                 succeeded(verifyScales(*this, getFilter(), getScales(), getBias())) &&
                 succeeded(verifyAlgorithm(*this)));
}

LogicalResult DepthwiseConv2dOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), filter = shapeOf(getFilter()), out = shapeOf(getOutput());
  // depthwise_conv2d_c1
  if (in.size() != 4 || filter.size() != 4 || out.size() != 4 || filter[0] != 1)
    return emitOpError() << "expects input, filter [1, h, w, c] and result of rank 4, but got " << getInput().getType()
                         << ", " << getFilter().getType() << " and " << getOutput().getType();
  // depthwise_conv2d_c2
  if (in[3] == 0 ? filter[3] != 0 : filter[3] % in[3] != 0)
    return emitOpError() << "expects filter channels that are a multiple of the input's " << in[3] << ", but got "
                         << filter[3];
  if (failed(verifyWindow(*this, getStrides(), getDilations(), getPads())))
    return failure();
  // depthwise_conv2d_c8
  if (getFormat(getFilter()).getGroupSize())
    return emitOpError() << "does not take grouped formats, but the filter is " << getFormat(getFilter());
  return success(succeeded(verifyWindowShape(*this, getInput(), {filter[1], filter[2]}, getStrides(), getDilations(),
                                             getPads(), filter[3], getOutput())) &&
                 succeeded(verifyFormats(*this, getInput(), getFilter(), getOutput(), getActivation())) &&
                 succeeded(verifyBias(*this, getBias(), filter[3], getInput())) &&
                 succeeded(verifyChannels(*this, getInput(), getFilter(), getOutput(), filterChannelAxis)));
}

LogicalResult DenseOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), filter = shapeOf(getFilter()), out = shapeOf(getOutput());
  // dense_c1
  if (filter.size() != 2 || in.empty())
    return emitOpError() << "expects a filter of rank 2 and an input of rank at least 1, but got "
                         << getFilter().getType() << " and " << getInput().getType();
  // dense_c2
  if (in.back() != filter[1])
    return emitOpError() << "expects " << filter[1] << " input features from the filter, but the input has "
                         << in.back();
  // dense_c3
  SmallVector<int64_t> expected(in);
  expected.back() = filter[0];
  if (out != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects a result of " << filter[0] << " units in the input's shape, but got "
                         << getOutput().getType() << " for an input of " << getInput().getType();
  return success(succeeded(verifyFormats(*this, getInput(), getFilter(), getOutput(), getActivation())) &&
                 succeeded(verifyBias(*this, getBias(), filter[0], getInput())) &&
                 succeeded(verifyChannels(*this, getInput(), getFilter(), getOutput(), filterChannelAxis)) &&
                 succeeded(verifyScales(*this, getFilter(), getScales(), getBias())));
}

LogicalResult MatmulOp::verify() {
  ArrayRef<int64_t> lhs = shapeOf(getLhs()), rhs = shapeOf(getRhs()), out = shapeOf(getOutput());
  size_t rank = lhs.size();
  // matmul_c1
  if (rank < 2 || rhs.size() != rank || lhs.drop_back(2) != rhs.drop_back(2))
    return emitOpError() << "expects equal ranks of at least 2 and equal batch dimensions, but got "
                         << getLhs().getType() << " and " << getRhs().getType();
  int64_t contracted = getTransposeRhs() ? rhs[rank - 1] : rhs[rank - 2];
  int64_t columns = getTransposeRhs() ? rhs[rank - 2] : rhs[rank - 1];
  // matmul_c2
  if (lhs[rank - 1] != contracted)
    return emitOpError() << "expects equal contracted dimensions, but got " << lhs[rank - 1] << " and " << contracted;
  // matmul_c3
  SmallVector<int64_t> expected(lhs);
  expected[rank - 1] = columns;
  if (out != ArrayRef<int64_t>(expected))
    return emitOpError() << "expects " << lhs[rank - 2] << "x" << columns << " matrices as result, but got "
                         << getOutput().getType();
  // matmul_c5
  if (getFormat(getRhs()).getGroupSize() || getFormat(getRhs()).getChannelAxis() >= 0)
    return emitOpError() << "expects formats per tensor, but got " << getFormat(getRhs());
  // matmul_c4
  return success(succeeded(verifyFormats(*this, getLhs(), getRhs(), getOutput(), getActivation())) &&
                 succeeded(verifyChannels(*this, getLhs(), getRhs(), getOutput(), -1)));
}
