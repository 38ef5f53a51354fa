// Operators that choose, repeat and rearrange elements at places that are known: indices are constants.
#include "compiler/import/onnx/FloatBuilder.h"

#include "compiler/support/Names.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;
using schema::TensorProto;

/// The values that a result has the elements of, as they are stored. Floats where several of different formats meet.
static Value elements(NodeImport &node, size_t i) {
  Imported &data = node.input(i);
  if (data.constant && !data.constant->isFloat)
    return node.floats(i); // integers that are computed with
  return node.value(data, NodeImport::Layout::AsInFile);
}

static LogicalResult defineElements(NodeImport &node, Value value, Shape shape) {
  return node.define(Imported{.shape = std::move(shape), .type = node.input(0).type, .value = value});
}

static LogicalResult expectCount(NodeImport &node, ArrayRef<int64_t> shape) {
  constexpr int64_t most = 1 << 26; // a list of places is made of them
  std::optional<int64_t> count = countElements(shape);
  if (!count || *count > most)
    return node.error() << "expects at most 2^26 elements, but got " << showShape(shape);
  return success();
}

/// Calls `visit` with every index of a tensor, in row-major order.
static void forEachIndex(ArrayRef<int64_t> shape, llvm::function_ref<void(ArrayRef<int64_t>)> visit) {
  Shape index(shape.size(), 0);
  for (int64_t count = *countElements(shape); count > 0; --count) {
    visit(index);
    for (size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d])
        break;
      index[d] = 0;
    }
  }
}

/// The row-major place of an index.
static int64_t placeOf(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t place = 0;
  for (auto [i, size] : llvm::zip(index, shape))
    place = place * size + i;
  return place;
}

//===-- Gather and scatter ------------------------------------------------------------------------===//

/// Constant indices along an axis, negative ones counted from the end.
static FailureOr<Shape> readPlaces(NodeImport &node, size_t i, int64_t size) {
  FailureOr<Shape> indices = node.indices(i);
  if (failed(indices))
    return failure();
  for (int64_t &index : *indices) {
    int64_t place = index < 0 ? index + size : index;
    if (place < 0 || place >= size)
      return node.error() << "expects indices of " << size << " elements, but got " << index;
    index = place;
  }
  return indices;
}

LogicalResult qcc::onnx::importGather(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  Imported &data = node.input(0);
  FailureOr<int64_t> axis = node.axis(node.integer("axis", 0), static_cast<int64_t>(data.shape.size()));
  FailureOr<Shape> indices = failed(axis) ? FailureOr<Shape>(failure()) : readPlaces(node, 1, data.shape[*axis]);
  if (failed(indices))
    return failure();
  // Shapes are taken apart exactly.
  if (data.constant && !data.constant->isFloat && data.shape.size() == 1) {
    Array array = data.constant->gather(node.input(1).shape, [&](int64_t i) { return (*indices)[i]; });
    array.type = data.type;
    return node.defineConstant(std::move(array));
  }
  Shape shape(data.shape.begin(), data.shape.begin() + *axis);
  llvm::append_range(shape, node.input(1).shape);
  shape.append(data.shape.begin() + *axis + 1, data.shape.end());
  if (failed(expectCount(node, shape)))
    return failure();
  FloatBuilder b(node);
  return defineElements(node, b.reshape(b.gather(elements(node, 0), *axis, *indices), shape), shape);
}

/// Which element of operand 0 each index of operand 1 chooses: the one at its own place, but for `axis`, where it says
/// the place. `result` is the shape of what comes of it.
static FailureOr<Shape> readElementPlaces(NodeImport &node, ArrayRef<int64_t> result) {
  ArrayRef<int64_t> of = node.input(0).shape, shape = node.input(1).shape;
  FailureOr<int64_t> axis = node.axis(node.integer("axis", 0), static_cast<int64_t>(of.size()));
  FailureOr<Shape> indices = failed(axis) ? FailureOr<Shape>(failure()) : readPlaces(node, 1, of[*axis]);
  if (failed(indices) || failed(expectCount(node, result)))
    return failure();
  for (size_t d = 0; d < of.size(); ++d)
    if (shape.size() != of.size() || (static_cast<int64_t>(d) != *axis && shape[d] > of[d]))
      return node.error() << "expects indices within " << showShape(of) << ", but got " << showShape(shape);
  Shape places;
  forEachIndex(shape, [&](ArrayRef<int64_t> index) {
    Shape place(index);
    place[*axis] = (*indices)[places.size()];
    places.push_back(placeOf(place, of));
  });
  return places;
}

LogicalResult qcc::onnx::importGatherElements(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  ArrayRef<int64_t> shape = node.input(1).shape;
  FailureOr<Shape> places = readElementPlaces(node, shape);
  if (failed(places))
    return failure();
  return defineElements(node, FloatBuilder(node).pick(elements(node, 0), *places, shape), Shape(shape));
}

namespace {
/// The slices that the last dimension of a tensor of indices chooses, as places of their first elements.
struct Slices {
  Shape starts, shape; ///< shape of each
  int64_t size;
};
} // namespace

static FailureOr<Slices> readSlices(NodeImport &node, size_t i, size_t batch) {
  ArrayRef<int64_t> from = node.input(0).shape, at = node.input(i).shape;
  FailureOr<Shape> indices = node.indices(i);
  if (failed(indices))
    return failure();
  int64_t depth = at.empty() ? 0 : at.back();
  if (depth < 1 || batch + depth > from.size() || batch >= at.size() || from.take_front(batch) != at.take_front(batch))
    return node.error() << "expects indices of at most " << from.size() << " dimensions, but got " << showShape(at)
                        << " for " << showShape(from);
  Slices slices{{}, Shape(from.drop_front(batch + depth)), 0};
  slices.size = *countElements(slices.shape);
  ArrayRef<int64_t> indexed = from.slice(batch, depth);
  int64_t perBatch = *countElements(at.slice(batch, at.size() - batch - 1));
  for (size_t first = 0; first < indices->size(); first += depth) {
    Shape index(ArrayRef(*indices).slice(first, depth));
    for (auto [place, size] : llvm::zip(index, indexed)) {
      place = place < 0 ? place + size : place;
      if (place < 0 || place >= size)
        return node.error() << "expects indices within " << showShape(indexed) << ", but got " << showShape(index);
    }
    int64_t outer = batch ? static_cast<int64_t>(first) / depth / perBatch : 0;
    slices.starts.push_back((outer * *countElements(indexed) + placeOf(index, indexed)) * slices.size);
  }
  return slices;
}

LogicalResult qcc::onnx::importGatherNd(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  int64_t batch = node.integer("batch_dims", 0);
  if (batch < 0)
    return node.error() << "expects batch_dims that are not negative, but got " << batch;
  FailureOr<Slices> slices = readSlices(node, 1, batch);
  if (failed(slices))
    return failure();
  Shape shape(ArrayRef(node.input(1).shape).drop_back()), places;
  llvm::append_range(shape, slices->shape);
  if (failed(expectCount(node, shape)))
    return failure();
  for (int64_t start : slices->starts)
    for (int64_t i = 0; i < slices->size; ++i)
      places.push_back(start + i);
  return defineElements(node, FloatBuilder(node).pick(elements(node, 0), places, shape), shape);
}

/// Element `i` of the updates goes to `targets[i]`; what has no update stays.
static LogicalResult scatter(NodeImport &node, ArrayRef<int64_t> targets) {
  std::string reduction = node.text("reduction", "none");
  if (reduction != "none")
    return node.error() << "expects the reduction none, but got '" << printableName(reduction) << "'";
  Imported &data = node.input(0);
  int64_t count = *countElements(data.shape);
  if (*countElements(node.input(2).shape) != static_cast<int64_t>(targets.size()))
    return node.error() << "expects " << targets.size() << " updates, but got " << showShape(node.input(2).shape);
  Shape places = llvm::to_vector(llvm::seq<int64_t>(0, count));
  for (auto [i, target] : llvm::enumerate(targets))
    places[target] = count + static_cast<int64_t>(i);
  FloatBuilder b(node);
  Value all = b.concat(
      {b.reshape(node.floats(0), {count}), b.reshape(node.floats(2), {static_cast<int64_t>(targets.size())})}, 0);
  return defineElements(node, b.pick(all, places, data.shape), data.shape);
}

LogicalResult qcc::onnx::importScatterElements(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)))
    return failure();
  FailureOr<Shape> targets = readElementPlaces(node, node.input(0).shape);
  return failed(targets) ? failure() : scatter(node, *targets);
}

LogicalResult qcc::onnx::importScatterNd(NodeImport &node) {
  if (failed(node.expectInputs(3, 3)) || failed(expectCount(node, node.input(0).shape)))
    return failure();
  FailureOr<Slices> slices = readSlices(node, 1, 0);
  if (failed(slices))
    return failure();
  Shape targets;
  for (int64_t start : slices->starts)
    for (int64_t i = 0; i < slices->size; ++i)
      targets.push_back(start + i);
  return scatter(node, targets);
}

//===-- Slices and parts ----------------------------------------------------------------------------===//

/// An operand of integers, or an attribute of earlier versions.
static FailureOr<std::optional<Shape>> readIntegers(NodeImport &node, size_t i, StringRef attribute) {
  if (!node.hasInput(i))
    return node.integers(attribute);
  FailureOr<Shape> found = node.indices(i);
  if (failed(found))
    return failure();
  return std::optional(std::move(*found));
}

LogicalResult qcc::onnx::importSlice(NodeImport &node) {
  if (failed(node.expectInputs(1, 5)))
    return failure();
  auto starts = readIntegers(node, 1, "starts"), ends = readIntegers(node, 2, "ends"),
       axes = readIntegers(node, 3, "axes"), steps = readIntegers(node, 4, "steps");
  if (failed(starts) || failed(ends) || failed(axes) || failed(steps))
    return failure();
  if (!*starts || !*ends)
    return node.error() << "expects starts and ends";
  size_t count = (*starts)->size();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  Shape along = axes->value_or(llvm::to_vector(llvm::seq<int64_t>(0, count))), by = steps->value_or(Shape(count, 1));
  if ((*ends)->size() != count || along.size() != count || by.size() != count)
    return node.error() << "expects as many ends, axes and steps as the " << count << " starts";
  FloatBuilder b(node);
  Value x = elements(node, 0);
  for (size_t i = 0; i < count; ++i) {
    FailureOr<int64_t> axis = node.axis(along[i], rank);
    if (failed(axis))
      return failure();
    int64_t size = shapeOfValue(x)[*axis], step = by[i], start = (**starts)[i], end = (**ends)[i];
    if (step == 0)
      return node.error() << "expects steps that are not 0";
    // As Python does: from the end if negative, and clamped to what is there.
    auto clamp = [&](int64_t at, int64_t low, int64_t high) {
      return std::clamp(at < 0 ? std::max<int64_t>(at, -size - 1) + size : at, low, high);
    };
    start = step > 0 ? clamp(start, 0, size) : clamp(start, -1, size - 1);
    end = step > 0 ? clamp(end, 0, size) : clamp(end, -1, size - 1);
    Shape places;
    step = std::clamp<int64_t>(step, -size - 1, size + 1);
    for (int64_t at = start; step > 0 ? at < end : at > end; at += step)
      places.push_back(at);
    Shape begins(rank, 0), strides(rank, 1), sizes(shapeOfValue(x));
    sizes[*axis] = static_cast<int64_t>(places.size());
    if (step > 0 && !places.empty()) {
      begins[*axis] = start;
      strides[*axis] = step;
      x = b.slice(x, begins, strides, sizes);
    } else {
      x = b.gather(x, *axis, places);
    }
  }
  return defineElements(node, x, Shape(shapeOfValue(x)));
}

LogicalResult qcc::onnx::importSplit(NodeImport &node) {
  if (failed(node.expectInputs(1, 2)))
    return failure();
  Imported &data = node.input(0);
  FailureOr<int64_t> axis = node.axis(node.integer("axis", 0), static_cast<int64_t>(data.shape.size()));
  auto given = readIntegers(node, 1, "split");
  if (failed(axis) || failed(given))
    return failure();
  auto parts = static_cast<int64_t>(node.outputCount());
  int64_t size = data.shape[*axis], each = llvm::divideCeil(size, parts), left = size;
  Shape sizes;
  for (int64_t i = 0; i < parts; ++i, left -= sizes.back())
    sizes.push_back(std::min(each, left));
  if (*given)
    sizes = **given;
  int64_t total = 0;
  for (int64_t part : sizes)
    total = part < 0 || part > size ? size + 1 : total + part;
  if (total != size || static_cast<int64_t>(sizes.size()) != parts)
    return node.error() << "expects " << parts << " sizes with the sum " << size << ", but got " << showShape(sizes);
  FloatBuilder b(node);
  Value x = elements(node, 0);
  int64_t start = 0;
  for (auto [i, part] : llvm::enumerate(sizes)) {
    Value value = b.part(x, *axis, start, part);
    start += part;
    if (failed(node.define(i, Imported{.shape = Shape(shapeOfValue(value)), .type = data.type, .value = value})))
      return failure();
  }
  return success();
}

LogicalResult qcc::onnx::importCompress(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Shape> condition = node.indices(1);
  if (failed(condition))
    return failure();
  FloatBuilder b(node);
  Value x = elements(node, 0);
  int64_t axis = 0;
  if (node.attribute("axis")) {
    FailureOr<int64_t> given = node.axis(node.integer("axis", 0), static_cast<int64_t>(node.input(0).shape.size()));
    if (failed(given))
      return failure();
    axis = *given;
  } else {
    x = b.reshape(x, {*countElements(node.input(0).shape)});
  }
  int64_t size = shapeOfValue(x)[axis];
  if (static_cast<int64_t>(condition->size()) > size)
    return node.error() << "expects at most " << size << " conditions, but got " << condition->size();
  Shape places;
  for (auto [i, isKept] : llvm::enumerate(*condition))
    if (isKept)
      places.push_back(static_cast<int64_t>(i));
  x = b.gather(x, axis, places);
  return defineElements(node, x, Shape(shapeOfValue(x)));
}

//===-- Repetitions -----------------------------------------------------------------------------------===//

LogicalResult qcc::onnx::importExpand(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Shape> given = node.indices(1);
  if (failed(given))
    return failure();
  std::optional<Shape> shape = broadcast(node.input(0).shape, *given);
  if (!shape)
    return node.error() << "expects shapes that broadcast, but got " << showShape(node.input(0).shape) << " and "
                        << showShape(*given);
  if (failed(expectCount(node, *shape)))
    return failure();
  return defineElements(node, FloatBuilder(node).expand(elements(node, 0), *shape), *shape);
}

LogicalResult qcc::onnx::importTile(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Shape> repeats = node.indices(1);
  if (failed(repeats))
    return failure();
  Shape shape = node.input(0).shape;
  if (repeats->size() != shape.size())
    return node.error() << "expects " << shape.size() << " repeats, but got " << repeats->size();
  for (auto [size, times] : llvm::zip(shape, *repeats))
    if (times < 0 || llvm::MulOverflow(size, times, size))
      return node.error() << "expects repeats that are not negative, but got " << showShape(*repeats);
  if (failed(expectCount(node, shape)))
    return failure();
  FloatBuilder b(node);
  Value x = elements(node, 0);
  for (auto [axis, size] : llvm::enumerate(shape)) {
    int64_t period = node.input(0).shape[axis];
    if (size == period)
      continue;
    Shape places;
    for (int64_t i = 0; i < size; ++i)
      places.push_back(i % period);
    x = b.gather(x, static_cast<int64_t>(axis), places);
  }
  return defineElements(node, x, shape);
}

//===-- Pads --------------------------------------------------------------------------------------------===//

/// The place whose element stands at `at`, which may lie outside of `size` elements.
static int64_t placeOutside(StringRef mode, int64_t at, int64_t size) {
  if (mode == "edge")
    return std::clamp<int64_t>(at, 0, size - 1);
  if (mode == "wrap")
    return ((at % size) + size) % size;
  if (size == 1)
    return 0;
  int64_t period = 2 * (size - 1), phase = ((at % period) + period) % period;
  return phase < size ? phase : period - phase;
}

/// Pads of all dimensions: those in front, then those behind.
static FailureOr<Shape> readPads(NodeImport &node, int64_t rank) {
  auto given = readIntegers(node, 1, "pads"), axes = readIntegers(node, 3, "axes");
  if (failed(given) || failed(axes))
    return failure();
  Shape along = axes->value_or(llvm::to_vector(llvm::seq<int64_t>(0, rank))), pads(2 * rank, 0);
  constexpr int64_t most = 1 << 24;
  if (!*given || (*given)->size() != 2 * along.size() ||
      llvm::any_of(**given, [](int64_t pad) { return pad < -most || pad > most; }))
    return node.error() << "expects " << 2 * along.size() << " pads from -2^24 to 2^24";
  for (size_t i = 0; i < along.size(); ++i) {
    FailureOr<int64_t> axis = node.axis(along[i], rank);
    if (failed(axis))
      return failure();
    pads[*axis] = (**given)[i];
    pads[rank + *axis] = (**given)[along.size() + i];
  }
  return pads;
}

LogicalResult qcc::onnx::importPad(NodeImport &node) {
  if (failed(node.expectInputs(1, 4)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  std::string mode = node.text("mode", "constant");
  if (!llvm::is_contained({"constant", "edge", "reflect", "wrap"}, StringRef(mode)))
    return node.error() << "expects the mode constant, edge, reflect or wrap, but got '" << printableName(mode) << "'";
  FailureOr<Shape> pads = readPads(node, rank);
  FailureOr<double> value = node.hasInput(2) ? node.scalar(2) : FailureOr<double>(node.number("value", 0));
  if (failed(pads) || failed(value))
    return failure();
  FloatBuilder b(node);
  Value x = node.floats(0);
  Shape low(rank, 0), high(rank, 0), shape = data.shape;
  for (int64_t axis = 0; axis < rank; ++axis) {
    int64_t before = (*pads)[axis], behind = (*pads)[rank + axis], size = shape[axis];
    shape[axis] += before + behind;
    if (shape[axis] < 0 || (mode != "constant" && size == 0))
      return node.error() << "takes more than there is off axis " << axis << " of " << showShape(data.shape);
    if (failed(expectCount(node, shape)))
      return failure();
    if (mode == "constant") {
      // Negative pads take elements off.
      int64_t start = std::max<int64_t>(0, -before), end = size - std::max<int64_t>(0, -behind);
      x = b.part(x, axis, std::min(start, size), std::max<int64_t>(0, end - start));
      low[axis] = std::max<int64_t>(0, before);
      high[axis] = shape[axis] - low[axis] - shapeOfValue(x)[axis];
      continue;
    }
    Shape places;
    for (int64_t i = 0; i < shape[axis]; ++i)
      places.push_back(placeOutside(mode, i - before, size));
    if (before || behind)
      x = b.gather(x, axis, places);
  }
  x = b.pad(x, low, high, *value);
  return defineElements(node, x, shape);
}

/// Takes elements off both ends of axes, or adds zeros, so that they get the sizes of input 1; the odd one at the end.
LogicalResult qcc::onnx::importCenterCropPad(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  Imported &data = node.input(0);
  auto rank = static_cast<int64_t>(data.shape.size());
  FailureOr<Shape> sizes = node.indices(1);
  if (failed(sizes))
    return failure();
  Shape axes = node.integers("axes").value_or(llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  if (axes.size() != sizes->size())
    return node.error() << "expects as many sizes as axes, but got " << sizes->size() << " and " << axes.size();
  FloatBuilder b(node);
  Value x = node.floats(0);
  Shape low(rank, 0), high(rank, 0), shape = data.shape;
  for (auto [given, size] : llvm::zip(axes, *sizes)) {
    FailureOr<int64_t> axis = node.axis(given, rank);
    if (failed(axis))
      return failure();
    if (size < 0 || shape[*axis] != data.shape[*axis])
      return node.error() << "expects each axis once and sizes of at least 0, but got " << size << " for axis "
                          << *axis;
    int64_t before = (size - shape[*axis]) / 2;
    x = b.part(x, *axis, std::max<int64_t>(0, -before), std::min(shape[*axis], size));
    low[*axis] = std::max<int64_t>(0, before);
    high[*axis] = std::max<int64_t>(0, size - shape[*axis] - before);
    shape[*axis] = size;
    if (failed(expectCount(node, shape)))
      return failure();
  }
  return defineElements(node, b.pad(x, low, high, 0), shape);
}

//===-- Blocks of images ----------------------------------------------------------------------------------===//

LogicalResult qcc::onnx::importDepthToSpace(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  int64_t size = node.integer("blocksize", 0);
  bool isToSpace = node.kind() == "DepthToSpace";
  if (data.shape.size() != 4 || size < 1 || size > 1024 ||
      (isToSpace ? data.shape[1] % (size * size) : data.shape[2] % size + data.shape[3] % size))
    return node.error() << "expects an image [n, c, h, w] that blocks of " << size << " divide, but got "
                        << showShape(data.shape);
  int64_t n = data.shape[0], c = data.shape[1], h = data.shape[2], w = data.shape[3];
  FloatBuilder b(node);
  Value x = elements(node, 0);
  if (!isToSpace) {
    bool isBlockFirst = node.text("mode", "DCR") == "DCR";
    x = b.reshape(x, {n, c, h / size, size, w / size, size});
    x = b.transpose(x, isBlockFirst ? ArrayRef<int64_t>{0, 3, 5, 1, 2, 4} : ArrayRef<int64_t>{0, 1, 3, 5, 2, 4});
    Shape shape{n, c * size * size, h / size, w / size};
    return defineElements(node, b.reshape(x, shape), shape);
  }
  int64_t depth = c / (size * size);
  if (node.text("mode", "DCR") == "DCR")
    x = b.transpose(b.reshape(x, {n, size, size, depth, h, w}), {0, 3, 4, 1, 5, 2});
  else
    x = b.transpose(b.reshape(x, {n, depth, size, size, h, w}), {0, 1, 4, 2, 5, 3});
  Shape shape{n, depth, h * size, w * size};
  return defineElements(node, b.reshape(x, shape), shape);
}
