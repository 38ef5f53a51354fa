// quantize, dequantize, requantize.
#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Kernel.h"
#include "compiler/interpret/ResultStage.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

/// Rounds to the nearest whole number.
using RoundFloat = float (*)(float);

static int64_t quantizeAffine(float value, float scale, int64_t zero, std::pair<int64_t, int64_t> range,
                              RoundFloat round) {
  if (std::isnan(value))
    return std::clamp(zero, range.first, range.second);
  // The largest i64 is no double, so compare before converting.
  double code = static_cast<double>(zero) + round(value / scale);
  if (code >= static_cast<double>(range.second))
    return range.second;
  return code <= static_cast<double>(range.first) ? range.first : static_cast<int64_t>(code);
}

static void quantize(ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results, RoundFloat round) {
  qnn::NumberFormat format = results[0].format();
  ChannelIndex channel(results[0].type);
  bool affine = format.isAffine();
  for (auto [i, value] : llvm::enumerate(operands[0]->floats)) {
    int64_t c = channel(i);
    results[0].codes[i] = affine ? quantizeAffine(value, static_cast<float>(format.getScale(c)), format.getZeroPoint(c),
                                                  format.getCodeRange(), round)
                                 : format.encode(value, c);
  }
}

static Kernel prepareQuantize(qnn::QuantizeOp op) {
  if (qnn::getFormat(op.getOutput()).isFloat()) // The result is rounded like any other.
    return [](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
      results[0].floats = operands[0]->floats;
    };
  // The mode of nearbyint is the default one, ties to even.
  RoundFloat round = op.getTiesToEven() ? RoundFloat(std::nearbyint) : RoundFloat(std::round);
  return [round](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    quantize(operands, results, round);
  };
}

static void dequantize(ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
  std::vector<double> reals = operands[0]->reals();
  results[0].floats.assign(reals.begin(), reals.end());
}

static Kernel prepareRequantize(qnn::RequantizeOp op) {
  auto inputType = llvm::cast<RankedTensorType>(op.getInput().getType());
  auto outputType = llvm::cast<RankedTensorType>(op.getOutput().getType());
  qnn::NumberFormat input = qnn::getFormat(inputType), output = qnn::getFormat(outputType);
  ChannelIndex inputChannel(inputType), outputChannel(outputType);
  qnn::RescaleAttr rescaleAttr = op.getRescale();
  if (!output.isAffine())
    return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) mutable {
      std::vector<double> reals = operands[0]->reals();
      for (size_t i = 0; i < reals.size(); ++i)
        results[0].codes[i] = output.encode(reals[i], outputChannel(i));
    };
  // One stage for each pair of channel parameters that occurs.
  std::map<std::pair<int64_t, int64_t>, ResultStage> stages;
  for (int64_t i = 0; i < inputType.getNumElements(); ++i) {
    std::pair channels(inputChannel(i), outputChannel(i));
    if (!stages.count(channels))
      stages.emplace(channels,
                     ResultStage(output, qnn::Activation::None, rescaleAttr,
                                 input.getScale(channels.first) / output.getScale(channels.second), channels.second));
    if (input.getChannelAxis() < 0 && output.getChannelAxis() < 0)
      break;
  }
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    std::vector<int32_t> integers = integersOf(*operands[0]);
    for (size_t i = 0; i < integers.size(); ++i)
      results[0].codes[i] = stages.at({inputChannel(i), outputChannel(i)})(integers[i]);
  };
}

Kernel interpret::prepareFormat(Operation *op) {
  return TypeSwitch<Operation *, Kernel>(op)
      .Case([](qnn::QuantizeOp op) { return prepareQuantize(op); })
      .Case([](qnn::DequantizeOp) { return Kernel(dequantize); })
      .Case([](qnn::RequantizeOp op) { return prepareRequantize(op); })
      .Default(Kernel());
}
