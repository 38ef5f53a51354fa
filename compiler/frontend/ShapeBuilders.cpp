// Pools, means, moves of elements, and the functions on shapes and lists.
#include "compiler/frontend/OpCall.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

static LogicalResult expectRank4(OpCall &call, mlir::Value x) {
  if (shapeOf(x).size() == 4)
    return success();
  return call.errorAt("x") << "expects a tensor [batch, height, width, channels] of rank 4, but got "
                           << showType(x.getType());
}

/// Reports a list that has not one entry per dimension.
static LogicalResult expectPerDimension(OpCall &call, StringRef parameter, mlir::Value x) {
  size_t rank = shapeOf(x).size(), count = call.integers(parameter).size();
  if (count == rank)
    return success();
  return call.errorAt(parameter) << "expects one entry for each of the " << rank << " dimensions of "
                                 << showType(x.getType()) << ", but '" << parameter << "' has " << count;
}

template <typename Op> static FailureOr<Datum> buildPool(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectRank4(call, x)))
    return failure();
  ArrayRef<int64_t> in = shapeOf(x);
  auto kernel = call.pair("kernel"), stride = call.has("stride") ? call.pair("stride") : kernel;
  FailureOr<Window> window = computeWindow(call, in.slice(1, 2), kernel, stride, {1, 1});
  if (failed(window))
    return failure();
  auto type = call.tensorType({in[0], window->output[0], window->output[1], in[3]}, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(
      Op::create(call.model.builder, call.location(), *type, x, kernel, stride, window->pads, call.activation()));
}

FailureOr<Datum> qcc::frontend::buildMaxPool(OpCall &call) { return buildPool<qnn::MaxPool2dOp>(call); }
FailureOr<Datum> qcc::frontend::buildAvgPool(OpCall &call) { return buildPool<qnn::AvgPool2dOp>(call); }

static FailureOr<Datum> buildMeanOver(OpCall &call, ArrayRef<int64_t> axes) {
  mlir::Value x = call.tensor("x");
  bool keepDims = call.flag("keep_dims");
  SmallVector<int64_t> shape;
  for (auto [axis, size] : llvm::enumerate(shapeOf(x))) {
    bool isReduced = llvm::is_contained(axes, static_cast<int64_t>(axis));
    if (!isReduced || keepDims)
      shape.push_back(isReduced ? 1 : size);
  }
  FailureOr<Type> element = call.resultFormat(x, elementOf(x));
  if (failed(element))
    return failure();
  auto type = RankedTensorType::get(shape, *element);
  return call.finish(qnn::MeanOp::create(call.model.builder, call.location(), type, x, axes, keepDims, call.rescale()));
}

FailureOr<Datum> qcc::frontend::buildGlobalAvgPool(OpCall &call) {
  if (failed(expectRank4(call, call.tensor("x"))))
    return failure();
  return buildMeanOver(call, {1, 2});
}

FailureOr<Datum> qcc::frontend::buildMean(OpCall &call) {
  int64_t rank = shapeOf(call.tensor("x")).size();
  SmallVector<int64_t> axes = call.integers("axes");
  for (int64_t &axis : axes) {
    if (axis < -rank || axis >= rank)
      return call.errorAt("axes") << "expects axes from " << -rank << " to " << rank - 1 << " for a tensor of rank "
                                  << rank << ", but got " << axis;
    axis += axis < 0 ? rank : 0;
  }
  llvm::sort(axes);
  if (llvm::unique(axes) != axes.end())
    return call.errorAt("axes") << "expects distinct axes, but got " << showShape(call.integers("axes"));
  return buildMeanOver(call, axes);
}

FailureOr<Datum> qcc::frontend::buildPad(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectPerDimension(call, "low", x)) || failed(expectPerDimension(call, "high", x)))
    return failure();
  SmallVector<int64_t> low = call.integers("low"), high = call.integers("high"), shape(shapeOf(x));
  for (size_t i = 0; i < shape.size(); ++i)
    for (auto [parameter, pad] : {std::pair("low", low[i]), std::pair("high", high[i])}) {
      if (pad < 0 || pad > INT32_MAX)
        return call.errorAt(parameter) << "expects pads from 0 to 2^31 - 1, but got " << pad;
      shape[i] += pad;
    }
  auto type = call.tensorType(shape, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(qnn::PadOp::create(call.model.builder, call.location(), *type, x, low, high,
                                        llvm::APFloat(call.number("value"))));
}

static FailureOr<Datum> buildReshapeTo(OpCall &call, mlir::Value x, ArrayRef<int64_t> shape) {
  auto type = call.tensorType(shape, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(qnn::ReshapeOp::create(call.model.builder, call.location(), *type, x));
}

FailureOr<Datum> qcc::frontend::buildReshape(OpCall &call) {
  mlir::Value x = call.tensor("x");
  SmallVector<int64_t> shape = call.integers("shape");
  int64_t elements = llvm::cast<RankedTensorType>(x.getType()).getNumElements(), known = 1, *open = nullptr;
  for (int64_t &size : shape) {
    if (size == -1 && !open)
      open = &size;
    else if (size < 1 || llvm::MulOverflow(known, size, known) || known > elements)
      return call.errorAt("shape") << "expects a shape of " << elements << " elements as in " << showType(x.getType())
                                   << ", with at most one -1, but got " << showShape(call.integers("shape"));
  }
  if (open ? elements % known != 0 : elements != known)
    return call.errorAt("shape") << "expects a shape of " << elements << " elements as in " << showType(x.getType())
                                 << ", but got " << showShape(call.integers("shape"));
  if (open)
    *open = elements / known;
  return buildReshapeTo(call, x, shape);
}

FailureOr<Datum> qcc::frontend::buildFlatten(OpCall &call) {
  mlir::Value x = call.tensor("x");
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.empty())
    return call.errorAt("x") << "expects a tensor of rank at least 1, but got " << showType(x.getType());
  int64_t elements = llvm::cast<RankedTensorType>(x.getType()).getNumElements();
  return buildReshapeTo(call, x, {shape[0], elements / shape[0]});
}

FailureOr<Datum> qcc::frontend::buildTranspose(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectPerDimension(call, "permutation", x)))
    return failure();
  SmallVector<int64_t> permutation = call.integers("permutation"), shape, seen(permutation.size());
  for (int64_t axis : permutation) {
    if (axis < 0 || axis >= static_cast<int64_t>(seen.size()) || seen[axis]++)
      return call.errorAt("permutation") << "expects each axis from 0 to " << seen.size() - 1 << " once, but got "
                                         << showShape(permutation);
    shape.push_back(shapeOf(x)[axis]);
  }
  auto type = RankedTensorType::get(shape, elementOf(x));
  return call.finish(qnn::TransposeOp::create(call.model.builder, call.location(), type, x, permutation));
}

FailureOr<Datum> qcc::frontend::buildConcat(OpCall &call) {
  SmallVector<mlir::Value> parts = call.tensors("parts");
  if (parts.empty())
    return call.errorAt("parts") << "expects at least one tensor, but got an empty list";
  SmallVector<int64_t> shape(shapeOf(parts[0]));
  FailureOr<int64_t> axis = call.axis("axis", shape.size());
  if (failed(axis))
    return failure();
  int64_t total = 0;
  for (auto [index, part] : llvm::enumerate(parts)) {
    SmallVector<int64_t> expected(shape), actual(shapeOf(part));
    if (actual.size() == expected.size())
      expected[*axis] = actual[*axis];
    if (actual != expected)
      return call.errorAt("parts") << "expects tensors that differ only along axis " << *axis << ", but the first is "
                                   << showType(parts[0].getType()) << " and number " << index + 1 << " is "
                                   << showType(part.getType());
    total += actual[*axis];
  }
  shape[*axis] = total;
  auto type = call.tensorType(shape, elementOf(parts[0]));
  if (failed(type))
    return failure();
  return call.finish(qnn::ConcatOp::create(call.model.builder, call.location(), *type, parts, *axis));
}

FailureOr<Datum> qcc::frontend::buildSlice(OpCall &call) {
  mlir::Value x = call.tensor("x");
  ArrayRef<int64_t> in = shapeOf(x);
  for (StringRef parameter : {"start", "size", "stride"})
    if (call.has(parameter) && failed(expectPerDimension(call, parameter, x)))
      return failure();
  SmallVector<int64_t> start = call.integers("start"), stride(in.size(), 1), size;
  if (call.has("stride"))
    stride = call.integers("stride");
  for (size_t i = 0; i < in.size(); ++i) {
    if (start[i] < 0 || start[i] >= in[i] || stride[i] < 1)
      return call.errorAt("start") << "expects starts from 0 and strides from 1 within " << showShape(in)
                                   << ", but dimension " << i << " has start " << start[i] << " and stride "
                                   << stride[i];
    // All elements from the start on.
    size.push_back((in[i] - 1 - start[i]) / stride[i] + 1);
  }
  if (call.has("size")) {
    SmallVector<int64_t> most = std::exchange(size, call.integers("size"));
    for (size_t i = 0; i < in.size(); ++i)
      if (size[i] < 1 || size[i] > most[i])
        return call.errorAt("size") << "expects from 1 to " << most[i] << " elements of dimension " << i << " of "
                                    << showShape(in) << ", but got " << size[i];
  }
  auto type = RankedTensorType::get(size, elementOf(x));
  return call.finish(qnn::SliceOp::create(call.model.builder, call.location(), type, x, start, stride));
}

FailureOr<Datum> qcc::frontend::buildSplit(OpCall &call) {
  mlir::Value x = call.tensor("x");
  ArrayRef<int64_t> in = shapeOf(x);
  FailureOr<int64_t> axis = call.axis("axis", in.size());
  if (failed(axis))
    return failure();
  int64_t extent = in[*axis];
  if (call.has("parts") == call.has("sizes"))
    return call.error() << "expects either 'parts', a number, or 'sizes', a list";
  SmallVector<int64_t> sizes;
  if (call.has("parts")) {
    int64_t parts = call.integer("parts");
    if (parts < 1 || extent % parts)
      return call.errorAt("parts") << "expects a number of parts that divides the " << extent << " elements of axis "
                                   << *axis << ", but got " << parts;
    sizes.assign(parts, extent / parts);
  } else {
    sizes = call.integers("sizes");
    int64_t left = extent;
    for (int64_t size : sizes)
      left = size < 1 || size > left ? -1 : left - size;
    if (left != 0)
      return call.errorAt("sizes") << "expects sizes with the sum " << extent << " of axis " << *axis << ", but got "
                                   << showShape(sizes);
  }
  SmallVector<Type> types;
  for (int64_t size : sizes) {
    SmallVector<int64_t> shape(in);
    shape[*axis] = size;
    types.push_back(RankedTensorType::get(shape, elementOf(x)));
  }
  return call.finish(qnn::SplitOp::create(call.model.builder, call.location(), types, x, *axis), /*asList=*/true);
}

FailureOr<Datum> qcc::frontend::buildGather(OpCall &call) {
  mlir::Value x = call.tensor("x");
  SmallVector<int64_t> shape(shapeOf(x)), indices = call.integers("indices");
  FailureOr<int64_t> axis = call.axis("axis", shape.size());
  if (failed(axis))
    return failure();
  for (int64_t index : indices)
    if (index < 0 || index >= shape[*axis])
      return call.errorAt("indices") << "expects indices from 0 to " << shape[*axis] - 1 << " of axis " << *axis
                                     << ", but got " << index;
  shape[*axis] = static_cast<int64_t>(indices.size());
  auto type = call.tensorType(shape, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(qnn::GatherOp::create(call.model.builder, call.location(), *type, x, *axis, indices));
}

FailureOr<Datum> qcc::frontend::buildResizeNearest(OpCall &call) {
  mlir::Value x = call.tensor("x");
  if (failed(expectRank4(call, x)))
    return failure();
  ArrayRef<int64_t> in = shapeOf(x);
  auto size = call.pair("size");
  auto type = call.tensorType({in[0], size[0], size[1], in[3]}, elementOf(x));
  if (failed(type))
    return failure();
  return call.finish(qnn::ResizeNearestOp::create(call.model.builder, call.location(), *type, x,
                                                  call.flag("align_corners"), call.flag("half_pixel_centers")));
}

//===-- Compile-time functions --------------------------------------------------------===//

FailureOr<Datum> qcc::frontend::buildRange(OpCall &call) {
  int64_t first = call.has("end") ? call.integer("start") : 0;
  int64_t end = call.integer(call.has("end") ? "end" : "start");
  int64_t count;
  if (llvm::SubOverflow(end, first, count) || count > static_cast<int64_t>(Datum::maxListSize))
    return call.error() << "expects a range of at most " << Datum::maxListSize << " integers, but got " << first
                        << " to " << end;
  auto list = std::make_shared<std::vector<Datum>>();
  for (int64_t i = first; i < end; ++i)
    list->push_back({i});
  return Datum{DatumList(std::move(list)), 1};
}

FailureOr<Datum> qcc::frontend::buildLen(OpCall &call) {
  if (auto *list = call.get("list").getIf<DatumList>())
    return Datum{static_cast<int64_t>((*list)->size())};
  return call.errorAt("list") << "expects a list, but got " << call.get("list").describe();
}

FailureOr<Datum> qcc::frontend::buildShape(OpCall &call) {
  auto list = std::make_shared<std::vector<Datum>>();
  for (int64_t size : shapeOf(call.tensor("x")))
    list->push_back({size});
  return Datum{DatumList(std::move(list)), 1};
}
