// Verifiers and folders of the operators that move elements.
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qnn;

static LogicalResult verifyShape(Operation *op, ArrayRef<int64_t> expected) {
  if (shapeOf(op->getResult(0)) != expected)
    return op->emitOpError() << "expects a result of shape " << showShape(expected) << ", but it has "
                             << showShape(shapeOf(op->getResult(0)));
  return success();
}

/// Equal element types without channel parameters, which a move would put elsewhere.
static LogicalResult verifySameFormat(Operation *op, Value input, Value output) {
  Type from = llvm::cast<RankedTensorType>(input.getType()).getElementType();
  Type to = llvm::cast<RankedTensorType>(output.getType()).getElementType();
  if (from != to)
    return op->emitOpError() << "expects equal element types, but got " << from << " and " << to;
  if (getFormat(input).getChannelAxis() >= 0 || getFormat(input).getGroupSize())
    return op->emitOpError() << "expects a format per tensor, but got " << from;
  return success();
}

static LogicalResult verifyCount(Operation *op, StringRef name, size_t count, Value input) {
  if (static_cast<int64_t>(count) != static_cast<int64_t>(shapeOf(input).size()))
    return op->emitOpError() << "expects " << shapeOf(input).size() << " entries in " << name << ", but got " << count;
  return success();
}

static LogicalResult verifyAxis(Operation *op, int64_t axis, Value value) {
  int64_t rank = shapeOf(value).size();
  if (axis < 0 || axis >= rank)
    return op->emitOpError() << "expects an axis from 0 to " << rank - 1 << ", but got " << axis;
  return success();
}

LogicalResult ReshapeOp::verify() {
  auto input = llvm::cast<RankedTensorType>(getInput().getType());
  auto output = llvm::cast<RankedTensorType>(getOutput().getType());
  // reshape_c1
  if (input.getNumElements() != output.getNumElements())
    return emitOpError() << "expects " << input.getNumElements() << " elements as in the input, but the result "
                         << showShape(output.getShape()) << " has " << output.getNumElements();
  // reshape_c2
  if (input == output)
    return success();
  return verifySameFormat(*this, getInput(), getOutput());
}

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getOutput().getType())
    return getInput();
  // reshape(reshape(x)) == reshape(x)
  if (auto producer = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(producer.getInput());
    return getOutput();
  }
  return {};
}

LogicalResult TransposeOp::verify() {
  ArrayRef<int64_t> permutation = getPermutation(), shape = shapeOf(getInput());
  // transpose_c1
  SmallVector<int64_t> sorted(permutation), expected;
  llvm::sort(sorted);
  if (sorted != llvm::to_vector(llvm::seq<int64_t>(0, shape.size())))
    return emitOpError() << "expects a permutation of the " << shape.size() << " dimensions, but got "
                         << showShape(permutation);
  // transpose_c2, transpose_c3
  for (int64_t dimension : permutation)
    expected.push_back(shape[dimension]);
  return success(succeeded(verifyShape(*this, expected)) &&
                 succeeded(verifySameFormat(*this, getInput(), getOutput())));
}

LogicalResult PadOp::verify() {
  // pad_c1
  if (failed(verifyCount(*this, "low", getLow().size(), getInput())) ||
      failed(verifyCount(*this, "high", getHigh().size(), getInput())))
    return failure();
  SmallVector<int64_t> expected(shapeOf(getInput()));
  for (size_t i = 0; i < expected.size(); ++i) {
    if (std::min(getLow()[i], getHigh()[i]) < 0 || std::max(getLow()[i], getHigh()[i]) > maxElements)
      return emitOpError() << "expects pads from 0 to 2^31, but dimension " << i << " has " << getLow()[i] << " and "
                           << getHigh()[i];
    expected[i] += getLow()[i] + getHigh()[i];
  }
  // pad_c2, pad_c3
  return success(succeeded(verifyShape(*this, expected)) &&
                 succeeded(verifySameFormat(*this, getInput(), getOutput())));
}

LogicalResult SliceOp::verify() {
  // slice_c1
  if (failed(verifyCount(*this, "starts", getStarts().size(), getInput())) ||
      failed(verifyCount(*this, "strides", getStrides().size(), getInput())) ||
      failed(verifyCount(*this, "the result's shape", shapeOf(getOutput()).size(), getInput())))
    return failure();
  for (auto [i, size] : llvm::enumerate(shapeOf(getOutput()))) {
    int64_t start = getStarts()[i], stride = getStrides()[i], extent = shapeOf(getInput())[i];
    if (start < 0 || stride < 1)
      return emitOpError() << "expects a start of at least 0 and a stride of at least 1, but dimension " << i << " has "
                           << start << " and " << stride;
    // slice_c2
    if (start > extent || (size > 0 && size - 1 > (extent - 1 - start) / stride) || (size > 0 && start >= extent))
      return emitOpError() << "takes " << size << " elements from " << start << " with stride " << stride
                           << ", but dimension " << i << " has " << extent;
  }
  // slice_c3
  return verifySameFormat(*this, getInput(), getOutput());
}

LogicalResult GatherOp::verify() {
  // gather_c1
  if (failed(verifyAxis(*this, getAxis(), getInput())))
    return failure();
  // gather_c2
  SmallVector<int64_t> expected(shapeOf(getInput()));
  for (int64_t index : getIndices())
    if (index < 0 || index >= expected[getAxis()])
      return emitOpError() << "expects indices from 0 to " << expected[getAxis()] - 1 << ", but got " << index;
  // gather_c3, gather_c4
  expected[getAxis()] = static_cast<int64_t>(getIndices().size());
  return success(succeeded(verifyShape(*this, expected)) &&
                 succeeded(verifySameFormat(*this, getInput(), getOutput())));
}

LogicalResult ResizeNearestOp::verify() {
  ArrayRef<int64_t> in = shapeOf(getInput()), out = shapeOf(getOutput());
  // resize_nearest_c1
  if (in.size() != 4 || out.size() != 4 || in[0] != out[0] || in[3] != out[3])
    return emitOpError() << "expects rank 4 with equal batch and channels, but got " << showShape(in) << " and "
                         << showShape(out);
  if ((in[1] == 0 && out[1] > 0) || (in[2] == 0 && out[2] > 0))
    return emitOpError() << "cannot take elements from an empty input " << showShape(in);
  // resize_nearest_c3
  if (getAlignCorners() && getHalfPixelCenters())
    return emitOpError() << "expects at most one of align_corners and half_pixel_centers";
  // resize_nearest_c2
  return verifySameFormat(*this, getInput(), getOutput());
}

/// Shared by concat and split: `parts` joined along `axis` have the shape of `whole`.
static LogicalResult verifyParts(Operation *op, ValueRange parts, Value whole, int64_t axis, StringRef part) {
  // concat_c1, split_c1
  if (parts.empty())
    return op->emitOpError() << "expects at least one " << part;
  // concat_c2, split_c2
  if (failed(verifyAxis(op, axis, whole)))
    return failure();
  int64_t total = 0;
  for (auto [index, value] : llvm::enumerate(parts)) {
    SmallVector<int64_t> shape(shapeOf(value)), expected(shapeOf(whole));
    if (shape.size() == expected.size()) {
      total += shape[axis];
      expected[axis] = shape[axis];
    }
    // concat_c3, split_c3
    if (shape != expected)
      return op->emitOpError() << part << " " << index << " has shape " << showShape(shape) << ", which does not fit "
                               << showShape(shapeOf(whole)) << " along axis " << axis;
    // concat_c4, split_c4
    if (failed(verifySameFormat(op, value, whole)))
      return failure();
  }
  if (total != shapeOf(whole)[axis])
    return op->emitOpError() << "the " << part << "s have " << total << " elements along axis " << axis << ", but "
                             << showShape(shapeOf(whole)) << " has " << shapeOf(whole)[axis];
  return success();
}

LogicalResult ConcatOp::verify() { return verifyParts(*this, getInputs(), getOutput(), getAxis(), "input"); }
LogicalResult SplitOp::verify() { return verifyParts(*this, getOutputs(), getInput(), getAxis(), "result"); }
