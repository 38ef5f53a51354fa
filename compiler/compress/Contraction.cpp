#include "compiler/compress/Contraction.h"

#include "compiler/compress/ChannelSets.h"
#include "compiler/interpret/Evaluate.h"

#include <set>

using namespace mlir;
using namespace qcc;
using namespace qcc::compress;

//===-- Codes -----------------------------------------------------------------------------===//

Codes::Codes(qnn::ConstantOp constant)
    : format(qnn::getFormat(constant.getOutput())), isSigned(format.isSignedCode()), bytes(constant.getBytes()) {
  unsigned bits = format.getBits();
  isByte = bits == 8;
  period = std::max<int64_t>(1, llvm::cast<RankedTensorType>(constant.getOutput().getType()).getNumElements());
  if (!constant.isSplat())
    return;
  bool isPacked = constant.getValue().getElementType().getIntOrFloatBitWidth() != bits;
  period = isPacked ? 8 : 1;
  if (isPacked)
    repeated.assign(bits, bytes.front());
}

int64_t Codes::operator[](int64_t index) const {
  if (index >= period)
    index %= period;
  if (isByte)
    return isSigned ? static_cast<int8_t>(bytes[index]) : static_cast<uint8_t>(bytes[index]);
  return qnn::NumberFormat(format).unpack(repeated.empty() ? bytes : ArrayRef<char>(repeated), index);
}

//===-- Geometry --------------------------------------------------------------------------===//

/// For each output position along an axis that differs in it: which taps lie inside the input.
static std::set<std::vector<bool>> insideTaps(int64_t input, int64_t kernel, int64_t stride, int64_t dilation,
                                              int64_t pad, int64_t outputs) {
  std::set<std::vector<bool>> cases;
  std::vector<bool> inside(kernel);
  for (int64_t at = 0; at < outputs; ++at) {
    for (int64_t k = 0; k < kernel; ++k) {
      int64_t position = at * stride + k * dilation - pad;
      inside[k] = position >= 0 && position < input;
    }
    cases.insert(inside);
  }
  return cases;
}

template <typename Op> void Contraction::findCases(Op op) {
  constexpr size_t maxCases = 256;
  ArrayRef<int64_t> in = shapeOf(input), kernel = shapeOf(op.getFilter()).slice(1, 2), out = shapeOf(output);
  std::set<std::vector<bool>> axes[2];
  for (int a = 0; a < 2; ++a)
    axes[a] =
        insideTaps(in[1 + a], kernel[a], op.getStrides()[a], op.getDilations()[a], op.getPads()[2 * a], out[1 + a]);
  taps = kernel[0] * kernel[1];
  reachable.assign(taps, false);
  bool isKnown = axes[0].size() * axes[1].size() <= maxCases;
  for (const std::vector<bool> &rows : axes[0])
    for (const std::vector<bool> &columns : axes[1]) {
      std::vector<bool> inside(taps);
      for (int64_t tap = 0; tap < taps; ++tap)
        if (rows[tap / kernel[1]] && columns[tap % kernel[1]])
          inside[tap] = reachable[tap] = true;
      if (isKnown)
        cases.push_back(std::move(inside));
    }
}

//===-- Construction ----------------------------------------------------------------------===//

Contraction::Contraction(Operation *op, Value input, Value output, qnn::ConstantOp filter, qnn::ConstantOp bias)
    : op(op), input(input), output(output), filter(filter), bias(bias), outputs(channelCount(output)),
      inputs(channelCount(input)), taps(1), weights(filter), depth(inputs) {
  qnn::NumberFormat format = qnn::getFormat(filter.getOutput());
  for (int64_t channel = 0; channel < format.getNumChannels(); ++channel)
    zeros.push_back(format.getZeroPoint(channel));
}

std::optional<Contraction> Contraction::get(Operation *op) {
  auto make = [](auto op) -> std::optional<Contraction> {
    auto filter = op.getFilter().template getDefiningOp<qnn::ConstantOp>();
    auto bias = op.getBias() ? op.getBias().template getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
    qnn::NumberFormat format = qnn::getFormat(op.getFilter());
    if (!filter || (op.getBias() && !bias) || !format.isAffine() || format.getGroupSize() ||
        !qnn::getFormat(op.getInput()).isAffine())
      return std::nullopt;
    return Contraction(op, op.getInput(), op.getOutput(), filter, bias);
  };
  return llvm::TypeSwitch<Operation *, std::optional<Contraction>>(op)
      .Case([&](qnn::Conv2dOp op) {
        // Each channel's codes are rounded before they are summed: no channel's sums can go into the bias.
        if (qnn::isTapwise(op.getAlgorithm()))
          return std::optional<Contraction>();
        std::optional<Contraction> result = make(op);
        if (result) {
          result->findCases(op);
          result->groups = op.getGroups();
          result->depth = shapeOf(op.getFilter()).back();
        }
        return result;
      })
      .Case([&](qnn::DepthwiseConv2dOp op) {
        std::optional<Contraction> result = make(op);
        if (result) {
          result->findCases(op);
          result->isDepthwise = true;
        }
        return result;
      })
      .Case([&](qnn::DenseOp op) {
        std::optional<Contraction> result = make(op);
        if (result) {
          result->cases = {{true}};
          result->reachable = {true};
        }
        return result;
      })
      .Default(std::nullopt);
}

//===-- Weights ---------------------------------------------------------------------------===//

llvm::iota_range<int64_t> Contraction::inputsOf(int64_t output) const {
  if (isDepthwise) {
    int64_t input = output / (outputs / inputs);
    return llvm::seq(input, input + 1);
  }
  int64_t first = output / (outputs / groups) * depth;
  return llvm::seq(first, first + depth);
}

int64_t Contraction::weightIndex(int64_t output, int64_t tap, int64_t input) const {
  if (isDepthwise)
    return tap * outputs + output;
  return (output * taps + tap) * depth + input % depth;
}

int32_t Contraction::weight(int64_t output, int64_t tap, int64_t input) const {
  int64_t zero = zeros[zeros.size() == 1 ? 0 : output];
  return static_cast<int32_t>(weights[weightIndex(output, tap, input)] - zero);
}

bool Contraction::reads(int64_t output, int64_t input) const {
  for (int64_t tap = 0; tap < taps; ++tap)
    if (reachable[tap] && weight(output, tap, input) != 0)
      return true;
  return false;
}

int32_t Contraction::biasOf(int64_t output) const { return bias ? static_cast<int32_t>(Codes(bias)[output]) : 0; }

int32_t Contraction::inputInteger(int64_t code) const {
  return static_cast<int32_t>(code - qnn::getFormat(input).getZeroPoint(0));
}

std::optional<SmallVector<int32_t>> Contraction::contributions(int64_t output, int64_t input, int32_t integer) const {
  if (cases.empty())
    return std::nullopt;
  SmallVector<int32_t> result;
  for (const std::vector<bool> &inside : cases) {
    uint32_t sum = 0;
    for (int64_t tap = 0; tap < taps; ++tap)
      if (inside[tap])
        sum += static_cast<uint32_t>(weight(output, tap, input));
    result.push_back(static_cast<int32_t>(sum * static_cast<uint32_t>(integer)));
  }
  return result;
}

//===-- The result ------------------------------------------------------------------------===//

SmallVector<int64_t> Contraction::resultCodes(ArrayRef<int64_t> channels, ArrayRef<int32_t> sums) const {
  // A dense layer of no features: its sums are its biases.
  int64_t units = static_cast<int64_t>(channels.size());
  Type format = interpret::selectChannels(qnn::getFormat(op->getOperand(1)), channels, 0);
  auto type = [&](ArrayRef<int64_t> shape, Type element) { return RankedTensorType::get(shape, element); };
  RankedTensorType result = type({1, units}, qnn::getFormat(output));
  SmallVector<int64_t> biases(sums.begin(), sums.end());
  HostTensor operands[] = {HostTensor(type({1, 0}, qnn::getFormat(input))), HostTensor(type({units, 0}, format)),
                           HostTensor(type(units, IntegerType::get(op->getContext(), 32)), biases)};
  return interpret::evaluate(op->getLoc(), operands, [&](OpBuilder &builder, ValueRange arguments) {
    return llvm::TypeSwitch<Operation *, Value>(op)
        .Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>([&](auto like) {
          return qnn::DenseOp::create(builder, op->getLoc(), result, arguments[0], arguments[1], arguments[2], Value(),
                                      like.getActivation(), like.getRescale());
        })
        .DefaultUnreachable("a contraction is one of these");
  });
}
