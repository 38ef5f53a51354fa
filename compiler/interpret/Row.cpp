// Operators along an axis: softmax, log_softmax, argmax, batch_norm.
#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Kernel.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

/// Calls `rowFunction(input row, result row)` for each row along the last axis.
template <typename Element, typename F>
static void forRows(const std::vector<Element> &input, std::vector<Element> &result, int64_t length, F rowFunction) {
  for (size_t start = 0; start < input.size(); start += length)
    rowFunction(ArrayRef<Element>(input).slice(start, length), MutableArrayRef<Element>(result).slice(start, length));
}

//===-- Floats ----------------------------------------------------------------------===//

/// `beta * (x - max)` for each element, and the sum of their exponentials.
static std::pair<std::vector<double>, double> shiftedLogits(ArrayRef<float> row, double beta) {
  double largest = *llvm::max_element(row), sum = 0;
  std::vector<double> shifted;
  for (float x : row) {
    shifted.push_back(beta * (x - largest));
    sum += std::exp(shifted.back());
  }
  return {std::move(shifted), sum};
}

static void softmaxFloats(ArrayRef<float> row, MutableArrayRef<float> result, double beta) {
  auto [shifted, sum] = shiftedLogits(row, beta);
  for (auto [out, x] : llvm::zip(result, shifted))
    out = static_cast<float>(std::exp(x) / sum);
}

static void logSoftmaxFloats(ArrayRef<float> row, MutableArrayRef<float> result) {
  auto [shifted, sum] = shiftedLogits(row, /*beta=*/1);
  for (auto [out, x] : llvm::zip(result, shifted))
    out = static_cast<float>(x - std::log(sum));
}

static Kernel prepareBatchNorm(qnn::BatchNormOp op) {
  double epsilon = op.getEpsilon().convertToDouble();
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    const std::vector<float> &gamma = operands[1]->floats, &beta = operands[2]->floats;
    const std::vector<float> &mean = operands[3]->floats, &variance = operands[4]->floats;
    for (size_t i = 0; i < results[0].floats.size(); ++i) {
      size_t c = i % gamma.size();
      double centered = double(operands[0]->floats[i]) - mean[c];
      results[0].floats[i] = static_cast<float>(centered / std::sqrt(variance[c] + epsilon) * gamma[c] + beta[c]);
    }
  };
}

//===-- Integer softmax -------------------------------------------------------------===//

namespace {
class IntegerSoftmax {
public:
  IntegerSoftmax(qnn::NumberFormat input, qnn::NumberFormat output, double beta) {
    std::tie(lowest, highest) = output.getCodeRange();
    double scale = std::min(beta * input.getScale(0) * (1 << 26), 2147483647.0);
    toQ26 = qnn::quantizeMultiplier(scale);
    radius = std::floor(31 * std::ldexp(1.0, 26 - std::max(toQ26.exponent, 0)));
  }

  void operator()(ArrayRef<int64_t> row, MutableArrayRef<int64_t> result) const {
    int64_t largest = *llvm::max_element(row);
    uint32_t sum = 0; // Q12.19
    for (int64_t code : row)
      if (code - largest >= -radius)
        sum += roundingDivideByPowerOfTwo(exponential(code - largest), 12);
    int headroom = llvm::countl_zero(sum);
    int32_t reciprocal = oneOverOnePlusX(static_cast<int32_t>((sum << headroom) - (uint32_t(1) << 31)));
    for (auto [out, code] : llvm::zip(result, row))
      out = code - largest >= -radius ? quotient(reciprocal, exponential(code - largest), headroom) : lowest;
  }

private:
  /// In Q0.31.
  int32_t exponential(int64_t difference) const {
    return expOnNegativeValues(rescale(wrap(difference), toQ26, qnn::Rounding::Double));
  }
  int64_t quotient(int32_t reciprocal, int32_t exponential, int headroom) const {
    int32_t product = saturatingRoundingDoublingHighMultiply(reciprocal, exponential);
    int32_t units = roundingDivideByPowerOfTwo(product, (12 - headroom) + 31 - 8);
    return std::clamp<int64_t>(lowest + units, lowest, highest);
  }

  int64_t lowest, highest, radius;
  qnn::Multiplier toQ26;
};
} // namespace

static Kernel prepareSoftmax(qnn::SoftmaxOp op) {
  double beta = op.getBeta().convertToDouble();
  int64_t length = llvm::cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  qnn::NumberFormat input = qnn::getFormat(op.getInput());
  if (input.isFloat())
    return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
      forRows(operands[0]->floats, results[0].floats, length,
              [&](ArrayRef<float> row, MutableArrayRef<float> result) { softmaxFloats(row, result, beta); });
    };
  IntegerSoftmax softmax(input, qnn::getFormat(op.getOutput()), beta);
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    forRows(operands[0]->codes, results[0].codes, length, softmax);
  };
}

static Kernel prepareLogSoftmax(qnn::LogSoftmaxOp op) {
  int64_t length = llvm::cast<RankedTensorType>(op.getInput().getType()).getShape().back();
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    forRows(operands[0]->floats, results[0].floats, length, logSoftmaxFloats);
  };
}

//===-- Argmax ----------------------------------------------------------------------===//

template <typename Element>
static void argmax(const std::vector<Element> &input, int64_t length, int64_t inner, std::vector<int64_t> &result) {
  for (size_t i = 0; i < result.size(); ++i) {
    const Element *first = input.data() + i / inner * inner * length + i % inner;
    for (int64_t k = 1; k < length; ++k)
      if (first[k * inner] > first[result[i] * inner])
        result[i] = k;
  }
}

static Kernel prepareArgmax(qnn::ArgmaxOp op) {
  ArrayRef<int64_t> shape = llvm::cast<RankedTensorType>(op.getInput().getType()).getShape();
  int64_t length = shape[op.getAxis()], inner = stridesOf(shape)[op.getAxis()];
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    if (operands[0]->isFloat())
      argmax(operands[0]->floats, length, inner, results[0].codes);
    else
      argmax(operands[0]->codes, length, inner, results[0].codes);
  };
}

Kernel interpret::prepareRow(Operation *op) {
  return TypeSwitch<Operation *, Kernel>(op)
      .Case([](qnn::SoftmaxOp op) { return prepareSoftmax(op); })
      .Case([](qnn::LogSoftmaxOp op) { return prepareLogSoftmax(op); })
      .Case([](qnn::ArgmaxOp op) { return prepareArgmax(op); })
      .Case([](qnn::BatchNormOp op) { return prepareBatchNorm(op); })
      .Default(Kernel());
}
