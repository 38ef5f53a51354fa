// Operators that move elements, and those that only compute shapes, whose operands are constants.
#include "compiler/import/onnx/Importer.h"

#include "compiler/support/Names.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

using Layout = NodeImport::Layout;

/// Input 0 under another shape of as many elements.
static LogicalResult defineReshaped(NodeImport &node, Shape shape) {
  Imported &data = node.input(0);
  if (countElements(shape) != countElements(data.shape))
    return node.error() << "expects a shape of as many elements as " << showShape(data.shape) << ", but got "
                        << showShape(shape);
  if (data.constant) {
    Array array = *data.constant;
    array.shape = shape;
    // Channels need not be a dimension any more.
    bool hasChannels =
        data.format && qnn::getFormat(RankedTensorType::get(data.shape, data.format)).getChannelAxis() >= 0;
    return node.defineConstant(std::move(array), hasChannels && shape != data.shape ? Type() : data.format);
  }
  Value input = node.value(data, Layout::AsInFile);
  auto type = RankedTensorType::get(shape, llvm::cast<RankedTensorType>(input.getType()).getElementType());
  return node.define(qnn::ReshapeOp::create(node.builder, node.location, type, input));
}

LogicalResult qcc::onnx::importIdentity(NodeImport &node) {
  if (failed(node.expectInputs(1, 3)))
    return failure();
  Imported same = node.input(0);
  return node.define(std::move(same));
}

/// What trains is not supported: without it, elements pass, and the mask is all true.
LogicalResult qcc::onnx::importDropout(NodeImport &node) {
  if (failed(node.expectInputs(1, 3)))
    return failure();
  bool isTraining = false;
  if (node.hasInput(2)) {
    FailureOr<double> ratio = node.hasInput(1) ? node.scalar(1) : FailureOr<double>(0.5);
    FailureOr<double> mode = node.scalar(2);
    if (failed(mode) || failed(ratio))
      return failure();
    isTraining = *mode != 0 && *ratio != 0;
  }
  if (isTraining)
    return node.error() << "has training_mode, but only trained networks are supported";
  Imported same = node.input(0);
  if (node.hasOutput(1)) {
    Array mask;
    mask.shape = same.shape;
    mask.type = schema::TensorProto::BOOL;
    mask.integers.assign(*countElements(same.shape), 1);
    Imported known{.shape = same.shape, .type = schema::TensorProto::BOOL, .constant = std::move(mask)};
    if (failed(node.define(1, std::move(known))))
      return failure();
  }
  return node.define(std::move(same));
}

LogicalResult qcc::onnx::importReshape(NodeImport &node) {
  if (failed(node.expectInputs(2, 2)))
    return failure();
  FailureOr<Shape> shape = node.indices(1);
  if (failed(shape))
    return failure();
  ArrayRef<int64_t> from = node.input(0).shape;
  int64_t open = -1, known = 1, count = *countElements(from);
  for (auto [i, size] : llvm::enumerate(*shape)) {
    if (size == 0 && i < from.size() && !node.integer("allowzero", 0))
      size = from[i];
    if (size == -1 && open < 0) {
      open = static_cast<int64_t>(i);
      continue;
    }
    if (size < 0 || llvm::MulOverflow(known, size, known))
      return node.error() << "expects sizes that are not negative, and at most one -1, but got " << showShape(*shape);
  }
  if (open >= 0 && (known == 0 || count % known))
    return node.error() << "expects a shape of as many elements as " << showShape(from) << ", but got "
                        << showShape(*shape);
  if (open >= 0)
    (*shape)[open] = count / known;
  return defineReshaped(node, std::move(*shape));
}

LogicalResult qcc::onnx::importFlatten(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  ArrayRef<int64_t> from = node.input(0).shape;
  int64_t rank = static_cast<int64_t>(from.size()), axis = node.integer("axis", 1);
  axis = axis < 0 ? axis + rank : axis;
  if (axis < 0 || axis > rank)
    return node.error() << "expects an axis of a tensor of rank " << rank << ", but got " << node.integer("axis", 1);
  Shape shape{1, 1};
  for (int64_t i = 0; i < rank; ++i)
    shape[i < axis ? 0 : 1] *= from[i];
  return defineReshaped(node, shape);
}

/// The axes of Squeeze and Unsqueeze: an attribute up to version 12, an input from 13 on.
static FailureOr<std::optional<Shape>> readAxes(NodeImport &node, int64_t rank) {
  std::optional<Shape> axes = node.integers("axes");
  if (node.hasInput(1)) {
    FailureOr<Shape> found = node.indices(1);
    if (failed(found))
      return failure();
    axes = std::move(*found);
  }
  for (int64_t i = 0, end = axes ? static_cast<int64_t>(axes->size()) : 0; i < end; ++i) {
    FailureOr<int64_t> axis = node.axis((*axes)[i], rank);
    if (failed(axis))
      return failure();
    (*axes)[i] = *axis;
  }
  if (axes) {
    llvm::sort(*axes);
    if (std::adjacent_find(axes->begin(), axes->end()) != axes->end())
      return node.error() << "expects axes that differ";
  }
  return axes;
}

LogicalResult qcc::onnx::importSqueeze(NodeImport &node) {
  if (failed(node.expectInputs(1, 2)))
    return failure();
  ArrayRef<int64_t> from = node.input(0).shape;
  auto axes = readAxes(node, static_cast<int64_t>(from.size()));
  if (failed(axes))
    return failure();
  Shape shape;
  for (auto [i, size] : llvm::enumerate(from)) {
    bool isNamed = *axes && llvm::is_contained(**axes, static_cast<int64_t>(i));
    if (isNamed && size != 1)
      return node.error() << "expects axes of size 1, but axis " << i << " has " << size;
    if (!isNamed && (*axes || size != 1))
      shape.push_back(size);
  }
  return defineReshaped(node, std::move(shape));
}

LogicalResult qcc::onnx::importUnsqueeze(NodeImport &node) {
  if (failed(node.expectInputs(1, 2)))
    return failure();
  ArrayRef<int64_t> from = node.input(0).shape;
  size_t count = node.integers("axes").value_or(Shape()).size();
  if (node.hasInput(1)) {
    FailureOr<Shape> found = node.indices(1);
    if (failed(found))
      return failure();
    count = found->size();
  }
  auto axes = readAxes(node, static_cast<int64_t>(from.size() + count));
  if (failed(axes))
    return failure();
  Shape shape(from);
  if (*axes)
    for (int64_t axis : **axes)
      shape.insert(shape.begin() + axis, 1);
  return defineReshaped(node, std::move(shape));
}

LogicalResult qcc::onnx::importTranspose(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  Imported &data = node.input(0);
  int64_t rank = data.shape.size();
  Shape standard;
  for (int64_t i = rank; i-- > 0;)
    standard.push_back(i);
  Shape order = node.integers("perm").value_or(standard), sorted = order;
  llvm::sort(sorted);
  if (!std::equal(sorted.begin(), sorted.end(), standard.rbegin(), standard.rend()))
    return node.error() << "expects a permutation of " << rank << " dimensions";
  if (data.constant) {
    int64_t axis = data.format ? qnn::getFormat(RankedTensorType::get(data.shape, data.format)).getChannelAxis() : -1;
    int64_t moved = axis < 0 ? -1 : llvm::find(order, axis) - order.begin();
    return node.defineConstant(transpose(*data.constant, order),
                               axis < 0 ? data.format : withChannelAxis(data.format, moved));
  }
  Value input = node.value(data, Layout::AsInFile);
  auto type = RankedTensorType::get(permuted(data.shape, order),
                                    llvm::cast<RankedTensorType>(input.getType()).getElementType());
  return node.define(qnn::TransposeOp::create(node.builder, node.location, type, input, order));
}

//===-- Parts ---------------------------------------------------------------------------===//

static LogicalResult foldConcat(NodeImport &node, int64_t axis, const Shape &shape) {
  int64_t outer = 1, inner = 1;
  for (int64_t i = 0; i < axis; ++i)
    outer *= shape[i];
  for (size_t i = axis + 1; i < shape.size(); ++i)
    inner *= shape[i];
  Array result;
  result.shape = shape;
  result.isFloat = node.input(0).constant->isFloat;
  result.type = node.input(0).type;
  for (int64_t o = 0; o < outer; ++o)
    for (size_t i = 0; i < node.inputCount(); ++i) {
      const Array &part = *node.input(i).constant;
      int64_t length = part.shape[axis] * inner, begin = o * length;
      if (part.isFloat != result.isFloat)
        return node.error() << "expects operands of one type";
      if (part.isFloat)
        result.floats.insert(result.floats.end(), part.floats.begin() + begin, part.floats.begin() + begin + length);
      else
        result.integers.insert(result.integers.end(), part.integers.begin() + begin,
                               part.integers.begin() + begin + length);
    }
  return node.defineConstant(std::move(result));
}

LogicalResult qcc::onnx::importConcat(NodeImport &node) {
  if (failed(node.expectInputs(1, SIZE_MAX)))
    return failure();
  for (size_t i = 0; i < node.inputCount(); ++i)
    if (!node.hasInput(i))
      return node.error() << "expects input " << i << ", but it is not given";
  Shape shape = node.input(0).shape;
  FailureOr<int64_t> axis = node.axis(node.integer("axis", 0), shape.size());
  if (failed(axis))
    return failure();
  bool isConstant = true;
  for (size_t i = 0; i < node.inputCount(); ++i) {
    const Imported &part = node.input(i);
    isConstant = isConstant && part.constant;
    Shape expected = shape;
    if (part.shape.size() == shape.size())
      expected[*axis] = part.shape[*axis];
    if (part.shape != expected)
      return node.error() << "expects shapes that are equal but for axis " << *axis << ", but got "
                          << showShape(node.input(0).shape) << " and " << showShape(part.shape);
    if (i > 0)
      shape[*axis] += part.shape[*axis];
  }
  if (!countElements(shape))
    return node.error() << "expects fewer than 2^31 elements";
  if (isConstant)
    return foldConcat(node, *axis, shape);
  // Codes stay codes where all parts have the same.
  SmallVector<Value> parts;
  for (size_t i = 0; i < node.inputCount(); ++i)
    if (!node.input(i).constant || node.input(i).constant->isFloat)
      parts.push_back(node.value(node.input(i), Layout::AsInFile));
  auto elementOf = [](Value value) { return llvm::cast<RankedTensorType>(value.getType()).getElementType(); };
  Type element = elementOf(parts[0]);
  bool isEqual = parts.size() == node.inputCount() && llvm::all_equal(llvm::map_range(parts, elementOf));
  if (!isEqual && node.input(0).isCodes)
    return node.error() << "expects codes of one scale and zero point";
  if (!isEqual) {
    element = node.builder.getF32Type();
    parts.clear();
    for (size_t i = 0; i < node.inputCount(); ++i)
      parts.push_back(node.floats(i));
  }
  return node.define(
      qnn::ConcatOp::create(node.builder, node.location, RankedTensorType::get(shape, element), parts, *axis));
}

//===-- Shapes --------------------------------------------------------------------------===//

/// The dimensions from `start` to `end`, counted from the end where negative, and clamped to those that there are.
LogicalResult qcc::onnx::importShape(NodeImport &node) {
  if (failed(node.expectInputs(1, 1)))
    return failure();
  ArrayRef<int64_t> shape = node.input(0).shape;
  auto rank = static_cast<int64_t>(shape.size());
  auto clamp = [&](int64_t at) { return std::clamp<int64_t>(at < 0 ? at + rank : at, 0, rank); };
  int64_t start = clamp(node.integer("start", 0)), end = clamp(node.integer("end", rank));
  return node.defineConstant(Array::ofIntegers(shape.slice(start, std::max<int64_t>(0, end - start))));
}

LogicalResult qcc::onnx::importConstant(NodeImport &node) {
  if (const schema::AttributeProto *found = node.attribute("value")) {
    FailureOr<Array> array = readTensor(found->t(), node.location, node.folder());
    if (failed(array))
      return failure();
    return node.defineConstant(std::move(*array));
  }
  Array array;
  if (const schema::AttributeProto *found = node.attribute("value_ints")) {
    array.integers.assign(found->ints().begin(), found->ints().end());
    array.shape = {array.size()};
  } else if (node.attribute("value_int")) {
    array.integers = {node.integer("value_int", 0)};
  } else if (const schema::AttributeProto *found = node.attribute("value_floats")) {
    array.isFloat = true;
    array.floats.assign(found->floats().begin(), found->floats().end());
    array.shape = {array.size()};
  } else if (node.attribute("value_float")) {
    array.isFloat = true;
    array.floats = {static_cast<float>(node.number("value_float", 0))};
  } else {
    return node.error() << "expects a value of numbers";
  }
  return node.defineConstant(std::move(array));
}
