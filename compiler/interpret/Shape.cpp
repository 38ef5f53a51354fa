// Operators that move elements: each is a list of positions, made once.
#include "compiler/interpret/Kernel.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;

std::vector<int64_t> interpret::combineOffsets(ArrayRef<std::vector<int64_t>> offsets) {
  std::vector<int64_t> result{0};
  for (const std::vector<int64_t> &dimension : offsets) {
    std::vector<int64_t> longer;
    longer.reserve(result.size() * dimension.size());
    for (int64_t base : result)
      for (int64_t offset : dimension)
        longer.push_back(base < 0 || offset < 0 ? -1 : base + offset);
    result = std::move(longer);
  }
  return result;
}

SmallVector<int64_t> interpret::stridesOf(ArrayRef<int64_t> shape) {
  SmallVector<int64_t> strides(shape.size(), 1);
  for (int64_t d = static_cast<int64_t>(shape.size()) - 2; d >= 0; --d)
    strides[d] = strides[d + 1] * shape[d + 1];
  return strides;
}

/// Calls `function` with the elements of two tensors of one format.
template <typename F> static void onElements(const Tensor &from, Tensor &to, F function) {
  if (from.isFloat())
    function(from.floats, to.floats);
  else
    function(from.codes, to.codes);
}

/// Result elements from the given positions of the input; position -1 gives `fill` (a code or a float).
static void gather(const Tensor &from, ArrayRef<int64_t> positions, Tensor &to, double fill = 0) {
  onElements(from, to, [&](const auto &source, auto &target) {
    using Element = std::decay_t<decltype(target.front())>;
    for (size_t i = 0; i < positions.size(); ++i)
      target[i] = positions[i] < 0 ? static_cast<Element>(fill) : source[positions[i]];
  });
}

static Kernel makeGather(std::vector<int64_t> positions, double fill = 0) {
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    gather(*operands[0], positions, results[0], fill);
  };
}

/// `index(d, i)` is the index in dimension `d` of the input, whose shape is `input`, for index `i` of the result.
template <typename F>
static std::vector<int64_t> positionsFrom(ArrayRef<int64_t> input, ArrayRef<int64_t> result, F index) {
  SmallVector<int64_t> strides = stridesOf(input);
  std::vector<std::vector<int64_t>> offsets(result.size());
  for (size_t d = 0; d < result.size(); ++d)
    for (int64_t i = 0; i < result[d]; ++i) {
      int64_t source = index(d, i);
      offsets[d].push_back(source < 0 || source >= input[d] ? -1 : source * strides[d]);
    }
  return combineOffsets(offsets);
}

static void reshape(ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
  onElements(*operands[0], results[0], [](const auto &source, auto &target) { target = source; });
}

static Kernel prepareTranspose(qnn::TransposeOp op) {
  SmallVector<int64_t> strides = stridesOf(shapeOf(op.getInput()));
  std::vector<std::vector<int64_t>> offsets;
  for (auto [size, from] : llvm::zip(shapeOf(op.getOutput()), op.getPermutation())) {
    std::vector<int64_t> &offset = offsets.emplace_back(size);
    for (int64_t i = 0; i < size; ++i)
      offset[i] = i * strides[from];
  }
  return makeGather(combineOffsets(offsets));
}

static Kernel preparePad(qnn::PadOp op) {
  qnn::NumberFormat format = qnn::getFormat(op.getInput());
  double value = op.getValue().convertToDouble();
  return makeGather(positionsFrom(shapeOf(op.getInput()), shapeOf(op.getOutput()),
                                  [&](size_t d, int64_t i) { return i - op.getLow()[d]; }),
                    format.isFloat() ? value : static_cast<double>(format.encode(value)));
}

static Kernel prepareSlice(qnn::SliceOp op) {
  return makeGather(positionsFrom(shapeOf(op.getInput()), shapeOf(op.getOutput()),
                                  [&](size_t d, int64_t i) { return op.getStarts()[d] + i * op.getStrides()[d]; }));
}

static Kernel prepareIndices(qnn::GatherOp op) {
  return makeGather(positionsFrom(shapeOf(op.getInput()), shapeOf(op.getOutput()), [&](size_t d, int64_t i) {
    return static_cast<int64_t>(d) == static_cast<int64_t>(op.getAxis()) ? op.getIndices()[i] : i;
  }));
}

/// The source index of `qnn.resize_nearest` along an axis.
static int64_t nearestIndex(qnn::ResizeNearestOp op, int64_t from, int64_t to, int64_t i) {
  bool corners = op.getAlignCorners();
  float scale = corners && to > 1 ? static_cast<float>(from - 1) / static_cast<float>(to - 1)
                                  : static_cast<float>(from) / static_cast<float>(to);
  float offset = op.getHalfPixelCenters() ? 0.5f : 0.0f;
  float source =
      corners ? std::round(static_cast<float>(i) * scale) : std::floor((static_cast<float>(i) + offset) * scale);
  return std::min(from - 1, static_cast<int64_t>(source));
}

static Kernel prepareResize(qnn::ResizeNearestOp op) {
  ArrayRef<int64_t> from = shapeOf(op.getInput()), to = shapeOf(op.getOutput());
  return makeGather(positionsFrom(
      from, to, [&](size_t d, int64_t i) { return d == 1 || d == 2 ? nearestIndex(op, from[d], to[d], i) : i; }));
}

/// For each of the parts along an axis, where its elements lie in the whole.
static std::vector<std::vector<int64_t>> partPositions(ValueRange parts, Value whole, int64_t axis) {
  std::vector<std::vector<int64_t>> positions;
  int64_t start = 0;
  for (Value part : parts) {
    positions.push_back(positionsFrom(shapeOf(whole), shapeOf(part), [&](size_t d, int64_t i) {
      return static_cast<int64_t>(d) == axis ? start + i : i;
    }));
    start += shapeOf(part)[axis];
  }
  return positions;
}

static Kernel prepareConcat(qnn::ConcatOp op) {
  auto positions = partPositions(op.getInputs(), op.getOutput(), op.getAxis());
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    for (size_t part = 0; part < positions.size(); ++part)
      onElements(*operands[part], results[0], [&](const auto &source, auto &target) {
        for (size_t i = 0; i < source.size(); ++i)
          target[positions[part][i]] = source[i];
      });
  };
}

static Kernel prepareSplit(qnn::SplitOp op) {
  auto positions = partPositions(op.getOutputs(), op.getInput(), op.getAxis());
  return [=](ArrayRef<const Tensor *> operands, MutableArrayRef<Tensor> results) {
    for (size_t part = 0; part < positions.size(); ++part)
      gather(*operands[0], positions[part], results[part]);
  };
}

Kernel interpret::prepareShape(Operation *op) {
  return TypeSwitch<Operation *, Kernel>(op)
      .Case([](qnn::ReshapeOp) { return Kernel(reshape); })
      .Case([](qnn::TransposeOp op) { return prepareTranspose(op); })
      .Case([](qnn::PadOp op) { return preparePad(op); })
      .Case([](qnn::SliceOp op) { return prepareSlice(op); })
      .Case([](qnn::GatherOp op) { return prepareIndices(op); })
      .Case([](qnn::ResizeNearestOp op) { return prepareResize(op); })
      .Case([](qnn::ConcatOp op) { return prepareConcat(op); })
      .Case([](qnn::SplitOp op) { return prepareSplit(op); })
      .Default(Kernel());
}
