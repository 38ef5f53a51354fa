// Resize and Upsample: along each axis, elements at places (nearest), or a product with a matrix of weights (linear,
// cubic).
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

namespace {
/// How coordinates of the result become coordinates of the input, and what is read there.
struct Sampling {
  std::string transformation, mode, nearest;
  double cubic = -0.75, outside = 0; ///< coefficient of the cubic; what lies outside of a crop
  bool excludesOutside = false;

  bool crops() const { return transformation == "tf_crop_and_resize"; }
};

/// One axis: sizes, the scale, and the region of a crop.
struct Axis {
  int64_t from, to;
  double scale, begin = 0, end = 1;
};
} // namespace

static double coordinate(const Sampling &sampling, const Axis &axis, int64_t i) {
  auto at = static_cast<double>(i), from = static_cast<double>(axis.from);
  double length = axis.scale * from; // need not be a whole number
  StringRef kind = sampling.transformation;
  if (kind == "asymmetric")
    return at / axis.scale;
  if (kind == "align_corners")
    return length == 1 ? 0 : at * (from - 1) / (length - 1);
  if (kind == "pytorch_half_pixel")
    return length > 1 ? (at + 0.5) / axis.scale - 0.5 : 0;
  if (kind == "half_pixel_symmetric") {
    double adjustment = static_cast<double>(axis.to) / length, centre = from / 2;
    return centre * (1 - adjustment) + (at + 0.5) / axis.scale - 0.5;
  }
  if (kind == "tf_crop_and_resize")
    return axis.to > 1 ? axis.begin * (from - 1) +
                             at * (axis.end - axis.begin) * (from - 1) / (static_cast<double>(axis.to) - 1)
                       : 0.5 * (axis.begin + axis.end) * (from - 1);
  return (at + 0.5) / axis.scale - 0.5; // half_pixel
}

static int64_t nearestPlace(StringRef mode, double x) {
  if (mode == "round_prefer_ceil")
    return static_cast<int64_t>(std::floor(x + 0.5));
  if (mode == "floor")
    return static_cast<int64_t>(std::floor(x));
  if (mode == "ceil")
    return static_cast<int64_t>(std::ceil(x));
  return static_cast<int64_t>(std::ceil(x - 0.5)); // round_prefer_floor
}

/// Weights of the neighbours of x, that at floor(x) + first in front (Keys 1981 for the cubic).
static SmallVector<double> weightsOf(const Sampling &sampling, double fraction) {
  if (sampling.mode == "linear")
    return {1 - fraction, fraction};
  double a = sampling.cubic;
  auto near = [&](double d) { return ((a + 2) * d - (a + 3)) * d * d + 1; };
  auto far = [&](double d) { return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a; };
  return {far(1 + fraction), near(fraction), near(1 - fraction), far(2 - fraction)};
}

/// The row of weights for one element of the result.
static void addWeights(const Sampling &sampling, const Axis &axis, double x, MutableArrayRef<float> row) {
  double base = std::floor(x);
  SmallVector<double> weights = weightsOf(sampling, x - base), sums(row.size());
  int64_t first = static_cast<int64_t>(base) - (weights.size() == 2 ? 0 : 1);
  double total = 0;
  for (auto [i, weight] : llvm::enumerate(weights)) {
    int64_t place = first + static_cast<int64_t>(i);
    if (sampling.excludesOutside && (place < 0 || place >= axis.from))
      continue;
    sums[std::clamp<int64_t>(place, 0, axis.from - 1)] += weight;
    total += weight;
  }
  for (auto [weight, sum] : llvm::zip(row, sums))
    weight = static_cast<float>(sum / total);
}

/// Resizes one axis of x. What a crop takes from outside is replaced afterwards.
static Value resizeAxis(FloatBuilder &b, const Sampling &sampling, const Axis &axis, Value x, int64_t dimension) {
  Shape places;
  std::vector<float> matrix(sampling.mode == "nearest" ? 0 : axis.to * axis.from), inside;
  for (int64_t i = 0; i < axis.to; ++i) {
    double at = coordinate(sampling, axis, i);
    inside.push_back(at >= 0 && at <= static_cast<double>(axis.from) - 1);
    places.push_back(std::clamp<int64_t>(nearestPlace(sampling.nearest, at), 0, axis.from - 1));
    if (!matrix.empty())
      addWeights(sampling, axis, at, MutableArrayRef(matrix).slice(i * axis.from, axis.from));
  }
  if (sampling.mode == "nearest") {
    x = b.gather(x, dimension, places);
  } else {
    Shape order = llvm::to_vector(llvm::seq<int64_t>(0, shapeOfValue(x).size()));
    std::swap(order[dimension], order.back());
    Value rows = b.transpose(x, order);
    Shape shape(shapeOfValue(rows));
    shape.back() = axis.to;
    rows = b.reshape(rows, {*countElements(shapeOfValue(rows)) / axis.from, axis.from});
    Value weights = b.transpose(b.constant({axis.to, axis.from}, matrix), {1, 0});
    x = b.transpose(b.reshape(b.matmul(rows, weights), shape), order);
  }
  if (!sampling.crops() || llvm::all_of(inside, [](float isInside) { return isInside != 0; }))
    return x;
  Shape along(shapeOfValue(x).size() - dimension, 1);
  along[0] = axis.to;
  return b.select(b.constant(along, inside), x, b.scalar(sampling.outside));
}

/// Sizes of the result and scales, from inputs or, of Upsample, attributes; one entry per dimension.
static FailureOr<SmallVector<Axis>> readSizes(NodeImport &node, ArrayRef<int64_t> from, const Shape &along) {
  size_t scaleInput = node.kind() == "Upsample" || node.operatorSet() < 11 ? 1 : 2;
  SmallVector<Axis> axes;
  for (int64_t size : from)
    axes.push_back({size, size, 1});
  auto isGiven = [&](size_t i) { return node.hasInput(i) && *countElements(node.input(i).shape) > 0; };
  if (!isGiven(scaleInput) && !isGiven(3))
    return node.error() << "expects constant scales or sizes";
  bool hasSizes = !isGiven(scaleInput);
  FailureOr<Array *> given = node.constant(hasSizes ? 3 : scaleInput);
  if (failed(given))
    return failure();
  if ((*given)->size() != static_cast<int64_t>(along.size()))
    return node.error() << "expects " << along.size() << " scales or sizes, but got " << (*given)->size();
  for (auto [i, dimension] : llvm::enumerate(along)) {
    Axis &axis = axes[dimension];
    double number = (*given)->number(static_cast<int64_t>(i)), from = static_cast<double>(axis.from);
    double size = hasSizes ? number : std::floor(from * number);
    constexpr double most = 1 << 16;
    if (!(number > 0) || !(size <= most))
      return node.error() << "expects positive scales, and sizes up to 2^16, but got " << number;
    axis.to = static_cast<int64_t>(size);
    axis.scale = hasSizes ? size / from : number;
  }
  // With a policy, one scale holds for all axes that are resized.
  std::string policy = node.text("keep_aspect_ratio_policy", "stretch");
  if (hasSizes && policy != "stretch") {
    double scale = axes[along[0]].scale;
    for (int64_t dimension : along)
      scale = policy == "not_larger" ? std::min(scale, axes[dimension].scale) : std::max(scale, axes[dimension].scale);
    for (int64_t dimension : along) {
      axes[dimension].scale = scale;
      axes[dimension].to = static_cast<int64_t>(std::floor(scale * static_cast<double>(axes[dimension].from) + 0.5));
    }
  }
  return axes;
}

static FailureOr<Sampling> readSampling(NodeImport &node) {
  bool isOld = node.kind() == "Upsample" || node.operatorSet() < 11;
  Sampling sampling;
  sampling.mode = node.text("mode", "nearest");
  sampling.transformation = isOld ? "asymmetric" : node.text("coordinate_transformation_mode", "half_pixel");
  sampling.nearest = isOld ? "floor" : node.text("nearest_mode", "round_prefer_floor");
  sampling.cubic = node.number("cubic_coeff_a", -0.75);
  sampling.outside = node.number("extrapolation_value", 0);
  sampling.excludesOutside = node.integer("exclude_outside", 0) != 0;
  if (sampling.mode == "bilinear")
    sampling.mode = "linear";
  if (!llvm::is_contained({"nearest", "linear", "cubic"}, StringRef(sampling.mode)))
    return node.error() << "expects the mode nearest, linear or cubic, but got '" << printableName(sampling.mode)
                        << "'";
  if (!llvm::is_contained({"half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
                           "tf_crop_and_resize"},
                          StringRef(sampling.transformation)))
    return node.error() << "has the coordinate_transformation_mode '" << printableName(sampling.transformation)
                        << "', which is not supported";
  if (node.integer("antialias", 0))
    return node.error() << "has antialias, which is not supported";
  return sampling;
}

/// The region that a crop reads: starts of all axes, then ends.
static LogicalResult readRegion(NodeImport &node, const Shape &along, SmallVector<Axis> &axes) {
  FailureOr<Array *> region = node.hasInput(1) ? node.constant(1) : FailureOr<Array *>(failure());
  if (failed(region))
    return node.hasInput(1) ? failure() : LogicalResult(node.error() << "expects a region of interest");
  auto count = static_cast<int64_t>(along.size());
  if ((*region)->size() != 2 * count)
    return node.error() << "expects a region of " << 2 * count << " numbers, but got " << (*region)->size();
  for (int64_t i = 0; i < count; ++i) {
    axes[along[i]].begin = (*region)->number(i);
    axes[along[i]].end = (*region)->number(count + i);
  }
  return success();
}

LogicalResult qcc::onnx::importResize(NodeImport &node) {
  if (failed(node.expectInputs(1, 4)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  FailureOr<Sampling> sampling = readSampling(node);
  if (failed(sampling))
    return failure();
  Shape along = node.integers("axes").value_or(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  for (int64_t &dimension : along) {
    FailureOr<int64_t> positive = node.axis(dimension, rank);
    if (failed(positive))
      return failure();
    dimension = *positive;
  }
  FailureOr<SmallVector<Axis>> axes = readSizes(node, data.shape, along);
  if (failed(axes) || (sampling->crops() && failed(readRegion(node, along, *axes))))
    return failure();
  FloatBuilder b(node);
  Value x = node.floats(0);
  for (auto [dimension, axis] : llvm::enumerate(*axes)) {
    if (axis.from == 0)
      return node.error() << "cannot resize " << showShape(data.shape) << ", which has no elements";
    if (axis.from != axis.to || axis.scale != 1 || sampling->crops())
      x = resizeAxis(b, *sampling, axis, x, static_cast<int64_t>(dimension));
  }
  return node.define(x);
}
