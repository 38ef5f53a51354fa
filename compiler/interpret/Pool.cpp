// max_pool2d, avg_pool2d, mean.
#include "compiler/interpret/Arithmetic.h"
#include "compiler/interpret/Kernel.h"
#include "compiler/interpret/ResultStage.h"

#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

/// Calls `reduce(elements of the window)` for each element of a pool's result.
template <typename Op, typename Element, typename Reduce>
static void forWindows(Op op, const std::vector<Element> &input, std::vector<Element> &result, Reduce reduce) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getOutput());
  // The rows (axis 0) or columns (1) under the window at output position `at`.
  auto extent = [&](int axis, int64_t at) {
    int64_t first = at * op.getStrides()[axis] - op.getPads()[2 * axis];
    return std::pair(std::max<int64_t>(first, 0), std::min(first + op.getKernel()[axis], in[1 + axis]));
  };
  std::vector<Element> window;
  for (int64_t index = 0; index < static_cast<int64_t>(result.size()); ++index) {
    int64_t c = index % out[3], x = index / out[3] % out[2], y = index / out[3] / out[2] % out[1];
    int64_t n = index / out[3] / out[2] / out[1];
    auto [top, bottom] = extent(0, y);
    auto [left, right] = extent(1, x);
    window.clear();
    for (int64_t row = top; row < bottom; ++row)
      for (int64_t column = left; column < right; ++column)
        window.push_back(input[((n * in[1] + row) * in[2] + column) * in[3] + c]);
    result[index] = reduce(window);
  }
}

static Kernel prepareMaxPool(qnn::MaxPool2dOp op) {
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    qnn::MaxPool2dOp pool = op;
    qnn::Activation activation = pool.getActivation();
    if (results[0].isFloat())
      return forWindows(pool, operands[0]->floats, results[0].floats, [&](const std::vector<float> &window) {
        return clampFloat(*llvm::max_element(window), activation);
      });
    qnn::NumberFormat format = results[0].format();
    // The largest number, which is not the largest code in every format.
    auto isLess = [decode = format.getIntegerDecode()](int64_t a, int64_t b) { return decode(a) < decode(b); };
    forWindows(pool, operands[0]->codes, results[0].codes, [&](const std::vector<int64_t> &window) {
      return clampCode(*llvm::max_element(window, isLess), format, activation);
    });
  };
}

static Kernel prepareAvgPool(qnn::AvgPool2dOp op) {
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    qnn::AvgPool2dOp pool = op;
    qnn::Activation activation = pool.getActivation();
    if (results[0].isFloat())
      return forWindows(pool, operands[0]->floats, results[0].floats, [&](const std::vector<float> &window) {
        double sum = std::accumulate(window.begin(), window.end(), 0.0);
        return clampFloat(static_cast<float>(sum / window.size()), activation);
      });
    qnn::NumberFormat format = results[0].format();
    forWindows(pool, operands[0]->codes, results[0].codes, [&](const std::vector<int64_t> &window) {
      int64_t sum = std::accumulate(window.begin(), window.end(), int64_t(0));
      return clampCode(roundingDivide(sum, window.size()), format, activation);
    });
  };
}

/// For each element of a mean's input, the element of the result to which it belongs.
static std::vector<int64_t> meanPositions(qnn::MeanOp op) {
  ArrayRef<int64_t> shape = shapeOf(op.getInput());
  SmallVector<int64_t> kept(shape);
  for (int64_t axis : op.getAxes())
    kept[axis] = 1;
  SmallVector<int64_t> strides = stridesOf(kept);
  std::vector<std::vector<int64_t>> offsets;
  for (auto [d, size] : llvm::enumerate(shape)) {
    offsets.emplace_back(size, 0);
    if (!llvm::is_contained(op.getAxes(), static_cast<int64_t>(d)))
      for (int64_t i = 0; i < size; ++i)
        offsets[d][i] = i * strides[d];
  }
  return combineOffsets(offsets);
}

static Kernel prepareMean(qnn::MeanOp op) {
  auto inputType = llvm::cast<RankedTensorType>(op.getInput().getType());
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= inputType.getDimSize(axis);
  std::vector<int64_t> positions = meanPositions(op);
  qnn::NumberFormat input = qnn::getFormat(inputType), output = qnn::getFormat(op.getOutput());
  if (input.isFloat())
    return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
      std::vector<double> sums(results[0].size());
      for (size_t i = 0; i < positions.size(); ++i)
        sums[positions[i]] += operands[0]->floats[i];
      llvm::transform(sums, results[0].floats.begin(), [&](double sum) { return static_cast<float>(sum / count); });
    };
  ResultStage stage(output, qnn::Activation::None, op.getRescale(), input.getScale(0) / output.getScale(0));
  stage.divideBy(count);
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    std::vector<int32_t> integers = integersOf(*operands[0]), sums(results[0].size());
    for (size_t i = 0; i < positions.size(); ++i)
      sums[positions[i]] = wrapAdd(sums[positions[i]], integers[i]);
    llvm::transform(sums, results[0].codes.begin(), [&](int32_t sum) { return stage(sum); });
  };
}

Kernel interpret::preparePool(Operation *op) {
  return TypeSwitch<Operation *, Kernel>(op)
      .Case([](qnn::MaxPool2dOp op) { return prepareMaxPool(op); })
      .Case([](qnn::AvgPool2dOp op) { return prepareAvgPool(op); })
      .Case([](qnn::MeanOp op) { return prepareMean(op); })
      .Default(Kernel());
}
