// Operators over axes: reductions, ArgMax and ArgMin, Softmax, normalisations.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <array>
#include <cmath>
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using Layout = NodeImport::Layout;
using schema::TensorProto;

/// All axes from `first` on.
static Shape axesFrom(int64_t first, int64_t rank) { return llvm::to_vector(llvm::seq<int64_t>(first, rank)); }

//===-- Reductions ------------------------------------------------------------------------------===//

/// The axes of a reduction, ascending: an attribute, or an operand in later versions; all of them if none is named.
static FailureOr<Shape> reducedAxes(NodeImport &node, int64_t rank) {
  std::optional<Shape> given = node.integers("axes");
  if (node.hasInput(1)) {
    FailureOr<Shape> found = node.indices(1);
    if (failed(found))
      return failure();
    given = std::move(*found);
  }
  if (!given || given->empty())
    return node.integer("noop_with_empty_axes", 0) ? Shape() : axesFrom(0, rank);
  for (int64_t &axis : *given) {
    FailureOr<int64_t> positive = node.axis(axis, rank);
    if (failed(positive))
      return failure();
    axis = *positive;
  }
  llvm::sort(*given);
  if (std::adjacent_find(given->begin(), given->end()) != given->end())
    return node.error() << "expects axes that differ";
  return *given;
}

/// What a reduction makes of no elements.
static double resultOfNone(StringRef kind) {
  return llvm::StringSwitch<double>(kind)
      .Case("ReduceProd", 1)
      .Cases({"ReduceMax", "ReduceLogSum", "ReduceLogSumExp"}, -HUGE_VAL)
      .Case("ReduceMin", HUGE_VAL)
      .Case("ReduceMean", NAN)
      .Default(0);
}

static Value reduce(FloatBuilder &b, StringRef kind, Value x, ArrayRef<int64_t> axes) {
  auto logarithm = [&](Value y) { return b.apply(qnn::Function::Log, y); };
  if (kind == "ReduceMean")
    return b.mean(x, axes);
  if (kind == "ReduceMax")
    return b.largest(x, axes);
  if (kind == "ReduceMin")
    return b.negate(b.largest(b.negate(x), axes));
  if (kind == "ReduceProd")
    return b.product(x, axes);
  if (kind == "ReduceL1")
    return b.sum(b.apply(qnn::Function::Abs, x), axes);
  if (kind == "ReduceL2")
    return b.sqrt(b.sum(b.mul(x, x), axes));
  if (kind == "ReduceSumSquare")
    return b.sum(b.mul(x, x), axes);
  if (kind == "ReduceLogSum")
    return logarithm(b.sum(x, axes));
  if (kind == "ReduceLogSumExp") {
    // The largest exponent is taken off, so that nothing overflows.
    Value largest = b.largest(x, axes);
    return b.add(largest, logarithm(b.sum(b.exp(b.sub(x, largest)), axes)));
  }
  return b.sum(x, axes);
}

LogicalResult qcc::onnx::importReduce(NodeImport &node) {
  if (failed(node.expectInputs(1, 2)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  FailureOr<Shape> axes = reducedAxes(node, rank);
  if (failed(axes))
    return failure();
  bool keepsDims = node.integer("keepdims", 1) != 0;
  Shape kept = data.shape, shape;
  int64_t count = 1;
  for (int64_t i = 0; i < rank; ++i) {
    bool isReduced = llvm::is_contained(*axes, i);
    if (isReduced)
      count *= std::exchange(kept[i], 1);
    if (!isReduced || keepsDims)
      shape.push_back(kept[i]);
  }
  FloatBuilder b(node);
  Value result;
  if (count == 0) {
    int64_t size = *countElements(shape);
    result = b.constant(shape, std::vector<float>(size, static_cast<float>(resultOfNone(node.kind()))));
  } else if (data.channelsLast && *axes == Shape{2, 3}) {
    // Height and width of an image; a channel is left, and is where it is in the file.
    result = b.reshape(reduce(b, node.kind(), node.floats(data, Layout::ChannelsLast), {1, 2}), shape);
  } else {
    result = b.reshape(reduce(b, node.kind(), node.floats(0), *axes), shape);
  }
  return node.define(Imported{.shape = shape, .type = data.type, .value = b.wrap(result, data.type)});
}

/// The first of the largest elements, or the last: counted from the end where the order is turned around.
LogicalResult qcc::onnx::importArgExtreme(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  FailureOr<int64_t> axis = node.axis(node.integer("axis", 0), static_cast<int64_t>(data.shape.size()));
  if (failed(axis))
    return failure();
  int64_t size = data.shape[*axis];
  if (size == 0)
    return node.error() << "expects an axis that is not empty, but axis " << *axis << " of " << showShape(data.shape)
                        << " is";
  FloatBuilder b(node);
  Value x = node.floats(0);
  if (node.kind() == "ArgMin")
    x = b.negate(x);
  bool isLast = node.integer("select_last_index", 0) != 0;
  if (isLast)
    x = b.gather(x, *axis, llvm::to_vector(llvm::reverse(axesFrom(0, size))));
  Shape shape = data.shape, kept = data.shape;
  shape.erase(shape.begin() + *axis);
  kept[*axis] = 1;
  OpBuilder &builder = node.builder;
  Value index =
      qnn::ArgmaxOp::create(builder, node.location, RankedTensorType::get(shape, builder.getI32Type()), x, *axis);
  if (isLast) {
    Array last = Array::ofIntegers({size - 1});
    Value end = node.makeConstant(last, builder.getI32Type(), "last");
    end = b.reshape(end, {});
    index = qnn::SubOp::create(builder, node.location, index.getType(), end, index);
  }
  if (node.integer("keepdims", 1))
    shape = kept;
  return node.define(Imported{.shape = shape, .type = TensorProto::INT64, .value = b.reshape(index, shape)});
}

//===-- Softmax ---------------------------------------------------------------------------------===//

/// 1 at the first of a row's largest elements.
static Value hardmax(FloatBuilder &b, NodeImport &node, Value x) {
  Shape shape(shapeOfValue(x)), rows(shape.begin(), shape.end() - 1), column = shape;
  int64_t length = shape.back();
  column.back() = 1;
  OpBuilder &builder = node.builder;
  auto type = RankedTensorType::get(rows, builder.getI32Type());
  Value index = qnn::ArgmaxOp::create(builder, node.location, type, x, static_cast<int64_t>(rows.size()));
  Value number = qnn::DequantizeOp::create(builder, node.location, node.floatType(rows), index);
  std::vector<float> places(length);
  std::iota(places.begin(), places.end(), 0.F);
  return b.equal(b.reshape(number, column), b.constant({length}, places));
}

/// Before version 13, all axes from `axis` on are one.
LogicalResult qcc::onnx::importSoftmax(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  bool isFlat = node.operatorSet() < 13;
  FailureOr<int64_t> axis = node.axis(node.integer("axis", isFlat ? 1 : -1), rank);
  if (failed(axis))
    return failure();
  FloatBuilder b(node);
  Value x = node.floats(0);
  Shape order = axesFrom(0, rank), shape = data.shape;
  if (isFlat) {
    // Rows of what follows the axis; ones behind it are no row of their own.
    int64_t length = *countElements(ArrayRef(shape).drop_front(*axis));
    Shape rows(shape.begin(), shape.begin() + *axis);
    rows.push_back(length);
    x = b.reshape(x, rows);
  } else {
    std::swap(order[*axis], order.back());
    x = b.transpose(x, order);
  }
  if (node.kind() == "Softmax")
    x = b.softmax(x);
  else if (node.kind() == "Hardmax")
    x = hardmax(b, node, x);
  else
    x = qnn::LogSoftmaxOp::create(node.builder, node.location, x.getType(), x);
  // Two axes that changed places change back.
  return node.define(isFlat ? b.reshape(x, shape) : b.transpose(x, order));
}

//===-- Normalisations --------------------------------------------------------------------------===//

/// One number per channel, to broadcast over [n, c, ...].
static Value alongChannels(FloatBuilder &b, NodeImport &node, size_t i, size_t rank) {
  Shape shape(rank - 1, 1);
  shape[0] = *countElements(node.input(i).shape);
  return b.reshape(node.floats(i), shape);
}

static LogicalResult expectChannels(NodeImport &node, size_t first, size_t end, int64_t channels) {
  for (size_t i = first; i < end; ++i)
    if (node.input(i).shape != Shape{channels})
      return node.error() << "expects " << channels << " floats as input " << i << ", but got "
                          << showShape(node.input(i).shape);
  return success();
}

static FailureOr<double> readEpsilon(NodeImport &node) {
  double epsilon = node.number("epsilon", 1e-5F);
  if (!(epsilon >= 0) || std::isinf(epsilon))
    return node.error() << "expects an epsilon that is not negative, but got " << epsilon;
  return epsilon;
}

LogicalResult qcc::onnx::importBatchNormalization(NodeImport &node) {
  if (failed(node.expectInputs(5, 5)))
    return failure();
  Imported &data = node.input(0);
  size_t rank = data.shape.size();
  if (rank < 2)
    return node.error() << "expects [n, c, ...], but got " << showShape(data.shape);
  if (node.integer("training_mode", 0))
    return node.error() << "has training_mode, but only trained networks are supported";
  FailureOr<double> epsilon = readEpsilon(node);
  if (failed(epsilon) || failed(expectChannels(node, 1, 5, data.shape[1])))
    return failure();
  bool isKnown = true;
  for (size_t i = 1; i < 5; ++i)
    isKnown = isKnown && node.input(i).constant;
  if (isKnown && (rank == 2 || rank == 4)) {
    bool channelsLast = rank == 4;
    Value input = node.floats(data, channelsLast ? Layout::ChannelsLast : Layout::AsInFile);
    Value result = qnn::BatchNormOp::create(node.builder, node.location, input.getType(), input, node.floats(1),
                                            node.floats(2), node.floats(3), node.floats(4), llvm::APFloat(*epsilon));
    return node.define(result, data.shape, channelsLast);
  }
  FloatBuilder b(node);
  auto parameter = [&](size_t i) { return alongChannels(b, node, i, rank); };
  Value deviation = b.sqrt(b.add(parameter(4), *epsilon));
  Value result = b.mul(b.div(b.sub(node.floats(0), parameter(3)), deviation), parameter(1));
  return node.define(b.add(result, parameter(2)));
}

namespace {
/// A tensor with the mean 0 and the variance 1 over some axes, and how it became that.
struct Normalized {
  Value result, mean, inverseDeviation;
};
} // namespace

static Normalized normalize(FloatBuilder &b, Value x, ArrayRef<int64_t> axes, double epsilon) {
  Value mean = b.mean(x, axes), centred = b.sub(x, mean);
  Value deviation = b.sqrt(b.add(b.mean(b.mul(centred, centred), axes), epsilon));
  return {b.div(centred, deviation), mean, b.div(b.scalar(1), deviation)};
}

/// Scale and bias broadcast to the normalised axes.
static LogicalResult expectBroadcast(NodeImport &node, size_t i, ArrayRef<int64_t> shape) {
  if (!node.hasInput(i))
    return success();
  std::optional<Shape> common = broadcast(shape, node.input(i).shape);
  if (!common || ArrayRef<int64_t>(*common) != shape)
    return node.error() << "expects input " << i << " to broadcast to " << showShape(shape) << ", but got "
                        << showShape(node.input(i).shape);
  return success();
}

/// LayerNormalization and, without a mean, RMSNormalization.
LogicalResult qcc::onnx::importLayerNormalization(NodeImport &node) {
  if (failed(node.expectInputs(2, 3)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  FailureOr<int64_t> axis = node.axis(node.integer("axis", -1), rank);
  FailureOr<double> epsilon = readEpsilon(node);
  if (failed(axis) || failed(epsilon) || failed(expectBroadcast(node, 1, data.shape)) ||
      failed(expectBroadcast(node, 2, data.shape)))
    return failure();
  if (*countElements(data.shape) == 0)
    return node.error() << "expects elements to normalise, but got " << showShape(data.shape);
  FloatBuilder b(node);
  Value x = node.floats(0);
  Shape axes = axesFrom(*axis, rank);
  Normalized normalized;
  if (node.kind() == "RMSNormalization")
    normalized.result = b.div(x, b.sqrt(b.add(b.mean(b.mul(x, x), axes), *epsilon)));
  else
    normalized = normalize(b, x, axes, *epsilon);
  Value result = b.mul(normalized.result, node.floats(1));
  if (node.hasInput(2))
    result = b.add(result, node.floats(2));
  std::array<Value, 2> statistics{normalized.mean, normalized.inverseDeviation};
  for (auto [i, statistic] : llvm::enumerate(statistics))
    if (statistic && failed(node.define(i + 1, Imported{.shape = Shape(shapeOfValue(statistic)), .value = statistic})))
      return failure();
  return node.define(result);
}

/// Over each channel's elements, or those of groups of channels.
LogicalResult qcc::onnx::importGroupNormalization(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)))
    return failure();
  Imported &data = node.input(0);
  size_t rank = data.shape.size();
  if (rank < 2 || *countElements(data.shape) == 0)
    return node.error() << "expects [n, c, ...], but got " << showShape(data.shape);
  int64_t channels = data.shape[1];
  int64_t groups = node.kind() == "InstanceNormalization" ? channels : node.integer("num_groups", 1);
  FailureOr<double> epsilon = readEpsilon(node);
  if (failed(epsilon))
    return failure();
  if (groups < 1 || channels % groups)
    return node.error() << "expects groups that divide the " << channels << " channels, but got " << groups;
  // Before version 21, there was one scale for each group.
  bool isPerGroup = node.kind() == "GroupNormalization" && node.operatorSet() < 21 && node.input(1).shape[0] == groups;
  if (failed(expectChannels(node, 1, 3, isPerGroup ? groups : channels)))
    return failure();
  FloatBuilder b(node);
  Shape grouped{data.shape[0], groups, *countElements(data.shape) / (data.shape[0] * groups)};
  Value x = normalize(b, b.reshape(node.floats(0), grouped), {2}, *epsilon).result;
  auto parameter = [&](size_t i) { return alongChannels(b, node, i, isPerGroup ? 3 : rank); };
  x = isPerGroup ? x : b.reshape(x, data.shape);
  return node.define(b.reshape(b.add(b.mul(x, parameter(1)), parameter(2)), data.shape));
}

LogicalResult qcc::onnx::importMeanVarianceNormalization(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Shape axes = node.integers("axes").value_or(Shape{0, 2, 3});
  for (int64_t &axis : axes) {
    FailureOr<int64_t> positive = node.axis(axis, static_cast<int64_t>(node.input(0).shape.size()));
    if (failed(positive))
      return failure();
    axis = *positive;
  }
  llvm::sort(axes);
  FloatBuilder b(node);
  return node.define(normalize(b, node.floats(0), axes, 1e-9).result);
}

LogicalResult qcc::onnx::importLpNormalization(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  FailureOr<int64_t> axis = node.axis(node.integer("axis", -1), static_cast<int64_t>(node.input(0).shape.size()));
  int64_t p = node.integer("p", 2);
  if (failed(axis))
    return failure();
  if (p != 1 && p != 2)
    return node.error() << "expects 1 or 2 as p, but got " << p;
  FloatBuilder b(node);
  Value x = node.floats(0), norm = reduce(b, p == 1 ? "ReduceL1" : "ReduceL2", x, {*axis});
  // A row of zeros stays one.
  Value isZero = b.equal(norm, b.scalar(0));
  return node.define(b.div(x, b.select(isZero, b.scalar(1), norm)));
}

/// x / (bias + alpha / size * sum of the squares of `size` channels around)^beta
LogicalResult qcc::onnx::importLrn(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  int64_t size = node.integer("size", 1);
  if (data.shape.size() < 2 || size < 1 || size > 1024)
    return node.error() << "expects [n, c, ...] and a size from 1 to 1024, but got " << showShape(data.shape) << " and "
                        << size;
  FloatBuilder b(node);
  Value x = node.floats(0);
  Shape low(data.shape.size(), 0), high = low;
  low[1] = (size - 1) / 2;
  high[1] = size - 1 - low[1];
  Value squares = b.pad(b.mul(x, x), low, high, 0), sum;
  for (int64_t i = 0; i < size; ++i) {
    Value next = b.part(squares, 1, i, data.shape[1]);
    sum = sum ? b.add(sum, next) : next;
  }
  double alpha = node.number("alpha", 1e-4F), beta = node.number("beta", 0.75), bias = node.number("bias", 1);
  Value base = b.add(b.mul(sum, alpha / static_cast<double>(size)), bias);
  return node.define(b.div(x, b.combine(qnn::Combination::Power, base, b.scalar(beta))));
}

namespace {
/// What is added or multiplied up along an axis.
struct Accumulation {
  int64_t axis, size;
  bool isExclusive, isReverse;
};
} // namespace

static FailureOr<Accumulation> readAccumulation(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<double> given = node.scalar(1);
  if (failed(given))
    return failure();
  const Shape &shape = node.input(0).shape;
  FailureOr<int64_t> axis = node.axis(static_cast<int64_t>(*given), static_cast<int64_t>(shape.size()));
  if (failed(axis))
    return failure();
  if (shape[*axis] < 1 || shape[*axis] > 4096)
    return node.error() << "expects an axis of 1 to 4096 elements, but got " << shape[*axis];
  return Accumulation{*axis, shape[*axis], node.integer("exclusive", 0) != 0, node.integer("reverse", 0) != 0};
}

/// Products of 1, 2, 4, ... neighbours, each with the one so many places before it.
LogicalResult qcc::onnx::importCumProd(NodeImport &node) {
  FailureOr<Accumulation> along = readAccumulation(node);
  if (failed(along))
    return failure();
  FloatBuilder b(node);
  auto moved = [&](Value x, int64_t places) {
    Shape low(shapeOfValue(x).size(), 0), high = low;
    (along->isReverse ? high : low)[along->axis] = places;
    return b.part(b.pad(x, low, high, 1), along->axis, along->isReverse ? places : 0, along->size);
  };
  Value x = node.floats(0);
  if (along->isExclusive)
    x = moved(x, 1);
  for (int64_t places = 1; places < along->size; places *= 2)
    x = b.mul(x, moved(x, places));
  Imported &data = node.input(0);
  return node.define(Imported{.shape = data.shape, .type = data.type, .value = b.wrap(x, data.type)});
}

/// A product with a triangle of ones.
LogicalResult qcc::onnx::importCumSum(NodeImport &node) {
  FailureOr<Accumulation> along = readAccumulation(node);
  if (failed(along))
    return failure();
  Imported &data = node.input(0);
  int64_t size = along->size;
  std::vector<float> triangle;
  for (int64_t from = 0; from < size; ++from)
    for (int64_t to = 0; to < size; ++to)
      triangle.push_back((along->isReverse ? from > to : from < to) || (from == to && !along->isExclusive));
  FloatBuilder b(node);
  Shape order = axesFrom(0, static_cast<int64_t>(data.shape.size()));
  std::swap(order[along->axis], order.back());
  Value rows = b.transpose(node.floats(0), order);
  Shape shape(shapeOfValue(rows));
  rows = b.reshape(rows, {*countElements(shape) / size, size});
  Value sums = b.transpose(b.reshape(b.matmul(rows, b.constant({size, size}, triangle)), shape), order);
  return node.define(Imported{.shape = data.shape, .type = data.type, .value = sums});
}
