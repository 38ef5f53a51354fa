// Operators that move elements.
#include "compiler/import/tflite/Importer.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tflite;

static RankedTensorType tensorType(Value value) { return llvm::cast<RankedTensorType>(value.getType()); }

/// RESHAPE, SQUEEZE, EXPAND_DIMS: the new shape is the declared one, the operand or option that says it redundant.
LogicalResult qcc::tflite::importReshape(OperatorImport &op) {
  if (failed(op.expectOperands(1, 2)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  op.define(0, qnn::ReshapeOp::create(op.builder, op.location, type, input));
  return success();
}

LogicalResult qcc::tflite::importTranspose(OperatorImport &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  FailureOr<SmallVector<int64_t>> permutation = failure();
  if (!type || failed(permutation = op.indices(1, "the permutation")))
    return failure();
  op.define(0, qnn::TransposeOp::create(op.builder, op.location, type, input, *permutation));
  return success();
}

/// The real number in a constant of one element.
static FailureOr<double> readScalar(OperatorImport &op, size_t i) {
  const Tensor &tensor = op.inputTensor(i);
  if (tensor.elements != 1 || !tensor.isConstant)
    return op.error() << "expects a constant of 1 element as the pads' value, but '" << tensor.name << "' has "
                      << tensor.elements << (tensor.isConstant ? " elements" : " and is computed");
  Value value = op.input(i);
  if (!value)
    return failure();
  auto constant = value.getDefiningOp<qnn::ConstantOp>();
  double result = qnn::getFormat(value).decode(constant.getCodes()[0]);
  constant.erase();
  return result;
}

LogicalResult qcc::tflite::importPad(OperatorImport &op) {
  bool hasValue = op.code() == schema::BuiltinOperator::PADV2;
  if (failed(op.expectOperands(hasValue ? 3 : 2, hasValue ? 3 : 2)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  FailureOr<SmallVector<int64_t>> pads = failure();
  if (!type || failed(pads = op.indices(1, "pads")))
    return failure();
  int64_t rank = tensorType(input).getRank();
  if (static_cast<int64_t>(pads->size()) != 2 * rank)
    return op.error() << "expects " << 2 * rank << " pads for rank " << rank << ", but got " << pads->size();
  FailureOr<double> value = hasValue ? readScalar(op, 2) : FailureOr<double>(0.0);
  if (failed(value))
    return failure();
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < rank; ++i) {
    low.push_back((*pads)[2 * i]);
    high.push_back((*pads)[2 * i + 1]);
    for (int64_t pad : {low.back(), high.back()})
      if (pad < 0 || pad > INT32_MAX)
        return op.error() << "expects pads from 0 to " << INT32_MAX << ", but got " << pad;
  }
  op.define(0, qnn::PadOp::create(op.builder, op.location, type, input, low, high, APFloat(*value)));
  return success();
}

/// All inputs in the result's element type.
static FailureOr<SmallVector<Value>> readParts(OperatorImport &op, Type element) {
  SmallVector<Value> parts;
  for (size_t i = 0; i < op.inputCount(); ++i) {
    if (!op.hasInput(i))
      return op.error() << "expects input " << i << ", but it is not given";
    Value part = op.input(i);
    if (!part)
      return failure();
    parts.push_back(op.inFormat(part, element));
  }
  return parts;
}

LogicalResult qcc::tflite::importConcatenation(OperatorImport &op) {
  const auto *options = op.options<schema::ConcatenationOptions>("ConcatenationOptions");
  RankedTensorType type;
  if (!options || failed(op.expectOperands(1, SIZE_MAX)) || !(type = op.resultType()))
    return failure();
  FailureOr<qnn::Activation> activation = op.activation(options->fused_activation_function());
  FailureOr<int64_t> axis = failure();
  if (failed(activation) || failed(axis = op.axis(options->axis(), type.getRank())))
    return failure();
  if (*activation != qnn::Activation::None)
    return op.error() << "has a fused activation, which is not supported for concatenations";
  FailureOr<SmallVector<Value>> parts = readParts(op, type.getElementType());
  if (failed(parts))
    return failure();
  op.define(0, qnn::ConcatOp::create(op.builder, op.location, type, *parts, *axis));
  return success();
}

/// Reads `count` lists of one index per dimension of input 0, from input 1 on.
static FailureOr<SmallVector<SmallVector<int64_t>>> readPerDimension(OperatorImport &op, ArrayRef<StringRef> names,
                                                                     int64_t rank) {
  SmallVector<SmallVector<int64_t>> result;
  for (auto [i, name] : llvm::enumerate(names)) {
    FailureOr<SmallVector<int64_t>> list = op.indices(i + 1, name);
    if (failed(list))
      return failure();
    if (static_cast<int64_t>(list->size()) != rank)
      return op.error() << "expects " << rank << " entries in " << name << ", but got " << list->size();
    result.push_back(*list);
  }
  return result;
}

LogicalResult qcc::tflite::importSlice(OperatorImport &op) {
  if (failed(op.expectOperands(3, 3)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  auto lists = readPerDimension(op, {"begin", "size"}, tensorType(input).getRank());
  if (failed(lists))
    return failure();
  for (auto [i, size] : llvm::enumerate((*lists)[1]))
    if (size != -1 && i < type.getShape().size() && size != type.getDimSize(i))
      return op.error() << "expects a result of " << size << " elements in dimension " << i << ", but it has "
                        << type.getDimSize(i);
  SmallVector<int64_t> strides(type.getRank(), 1);
  op.define(0, qnn::SliceOp::create(op.builder, op.location, type, input, (*lists)[0], strides));
  return success();
}

LogicalResult qcc::tflite::importStridedSlice(OperatorImport &op) {
  const auto *options = op.options<schema::StridedSliceOptions>("StridedSliceOptions");
  if (!options || failed(op.expectOperands(4, 4)))
    return failure();
  if (options->ellipsis_mask() || options->new_axis_mask() || options->offset())
    return op.error() << "has an ellipsis mask, a new axis mask or offsets, which are not supported";
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  ArrayRef<int64_t> shape = tensorType(input).getShape();
  auto lists = readPerDimension(op, {"begin", "end", "strides"}, shape.size());
  if (failed(lists))
    return failure();
  SmallVector<int64_t> starts, sizes, &strides = (*lists)[2];
  for (size_t i = 0; i < shape.size(); ++i) {
    auto isSet = [&](int32_t mask) { return (mask >> i & 1) != 0; };
    // Positions count from the end if negative, and end at the tensor's borders.
    auto clip = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + shape[i] : at, 0, shape[i]); };
    if (strides[i] < 1 || strides[i] > INT32_MAX)
      return op.error() << "expects strides from 1 to " << INT32_MAX << ", but dimension " << i << " has "
                        << strides[i];
    int64_t start = isSet(options->begin_mask()) ? 0 : clip((*lists)[0][i]);
    int64_t end = isSet(options->end_mask()) ? shape[i] : clip((*lists)[1][i]);
    if (isSet(options->shrink_axis_mask()))
      end = start + 1;
    starts.push_back(start);
    sizes.push_back(end <= start ? 0 : llvm::divideCeil(end - start, strides[i]));
  }
  auto sliced = RankedTensorType::get(sizes, type.getElementType());
  return op.defineReshaped(qnn::SliceOp::create(op.builder, op.location, sliced, input, starts, strides), type);
}

/// SPLIT has the operands axis, input; SPLIT_V input, sizes, axis. The sizes are those of the declared results.
LogicalResult qcc::tflite::importSplit(OperatorImport &op) {
  bool hasSizes = op.code() == schema::BuiltinOperator::SPLIT_V;
  if (failed(op.expectOperands(hasSizes ? 3 : 2, hasSizes ? 3 : 2, /*outputs=*/-1)))
    return failure();
  Value input = op.input(hasSizes ? 0 : 1);
  FailureOr<SmallVector<int64_t>> given = op.indices(hasSizes ? 2 : 0, "the axis");
  if (!input || failed(given))
    return failure();
  if (given->size() != 1)
    return op.error() << "expects 1 axis, but got " << given->size();
  FailureOr<int64_t> axis = op.axis(given->front(), tensorType(input).getRank());
  if (failed(axis))
    return failure();
  SmallVector<Type> types;
  for (size_t i = 0; i < op.outputCount(); ++i) {
    types.push_back(op.resultType(i));
    if (!types.back())
      return failure();
  }
  auto split = qnn::SplitOp::create(op.builder, op.location, types, input, *axis);
  for (size_t i = 0; i < op.outputCount(); ++i)
    op.define(i, split.getResult(i));
  return success();
}

/// PACK: each input with a dimension of 1 at the axis, one after the other.
LogicalResult qcc::tflite::importPack(OperatorImport &op) {
  const auto *options = op.options<schema::PackOptions>("PackOptions");
  RankedTensorType type;
  if (!options || failed(op.expectOperands(1, SIZE_MAX)) || !(type = op.resultType()))
    return failure();
  FailureOr<int64_t> axis = op.axis(options->axis(), type.getRank());
  if (failed(axis))
    return failure();
  FailureOr<SmallVector<Value>> parts = readParts(op, type.getElementType());
  if (failed(parts))
    return failure();
  for (auto [i, part] : llvm::enumerate(*parts)) {
    SmallVector<int64_t> shape(tensorType(part).getShape());
    if (static_cast<int64_t>(shape.size()) + 1 != type.getRank())
      return op.error() << "expects inputs of rank " << type.getRank() - 1 << ", but input " << i << " has rank "
                        << shape.size();
    shape.insert(shape.begin() + *axis, 1);
    part = qnn::ReshapeOp::create(op.builder, op.location, tensorType(part).clone(shape), part);
  }
  op.define(0, qnn::ConcatOp::create(op.builder, op.location, type, *parts, *axis));
  return success();
}

/// UNPACK: parts of size 1 along the axis, without that dimension.
LogicalResult qcc::tflite::importUnpack(OperatorImport &op) {
  const auto *options = op.options<schema::UnpackOptions>("UnpackOptions");
  if (!options || failed(op.expectOperands(1, 1, /*outputs=*/-1)))
    return failure();
  Value input = op.input(0);
  if (!input)
    return failure();
  RankedTensorType type = tensorType(input);
  FailureOr<int64_t> axis = op.axis(options->axis(), type.getRank());
  if (failed(axis))
    return failure();
  SmallVector<int64_t> shape(type.getShape());
  shape[*axis] = 1;
  SmallVector<Type> types(op.outputCount(), type.clone(shape));
  auto split = qnn::SplitOp::create(op.builder, op.location, types, input, *axis);
  for (size_t i = 0; i < op.outputCount(); ++i) {
    RankedTensorType result = op.resultType(i);
    if (!result)
      return failure();
    op.define(i, qnn::ReshapeOp::create(op.builder, op.location, result, split.getResult(i)));
  }
  return success();
}

LogicalResult qcc::tflite::importResizeNearest(OperatorImport &op) {
  if (failed(op.expectOperands(2, 2)))
    return failure();
  Value input = op.input(0);
  RankedTensorType type = input ? op.resultType() : RankedTensorType();
  if (!type)
    return failure();
  const auto *options = op.optionsIfAny<schema::ResizeNearestNeighborOptions>();
  op.define(0, qnn::ResizeNearestOp::create(op.builder, op.location, type, input, options && options->align_corners(),
                                            options && options->half_pixel_centers()));
  return success();
}
