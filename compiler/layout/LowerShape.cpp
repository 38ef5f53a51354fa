// convert-qnn-to-qk: pools, means, and operators that move codes.
#include "compiler/layout/Lowering.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

static int64_t productOf(ArrayRef<int64_t> sizes) {
  int64_t product = 1;
  for (int64_t size : sizes)
    product *= size;
  return product;
}

//===-- Pools and means -----------------------------------------------------------------------===//

void Lowering::lowerPool(Operation *op, qk::PoolKind kind, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                         ArrayRef<int64_t> pads, qnn::Activation activation) {
  Value input = op->getOperand(0), output = op->getResult(0);
  ArrayRef<int64_t> in = shapeOf(input), out = shapeOf(output);
  qnn::NumberFormat format = qnn::getFormat(output);
  Location loc = op->getLoc();
  auto window = qk::WindowAttr::get(b.getContext(), in[0], in.slice(1, 2), out.slice(1, 2), kernel, strides, {1, 1},
                                    {pads[0], pads[2]}, in[3], {1, 1});
  Value init = emptyFor(output);
  auto pool = qk::PoolOp::create(b, loc, init.getType(), stored(input), init, window, kind, Type(format), Type(format));
  Block &block = pool.getEpilogue().emplaceBlock();
  Value value = block.addArgument(format.isFloat() ? Type(b.getF32Type()) : Type(b.getI32Type()), loc);
  Value count = block.addArgument(b.getI32Type(), loc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&block);
  if (kind == qk::PoolKind::Sum && format.isFloat()) {
    value = arith::DivFOp::create(b, loc, value, arith::SIToFPOp::create(b, loc, b.getF32Type(), count));
  } else if (kind == qk::PoolKind::Sum) {
    // Ties away from zero: (sum +- n / 2) / n, truncating.
    Value half = arith::ShRUIOp::create(b, loc, count, i32(1));
    Value isPositive = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::sgt, value, i32(0));
    Value up = arith::AddIOp::create(b, loc, value, half), down = arith::SubIOp::create(b, loc, value, half);
    value = arith::DivSIOp::create(b, loc, arith::SelectOp::create(b, loc, isPositive, up, down), count);
  }
  if (format.isFloat()) {
    value = clampFloat(value, activation);
  } else if (activation != qnn::Activation::None || kind == qk::PoolKind::Sum) {
    auto [low, high] = qnn::activationCodeRange(format, activation);
    value = arith::MaxSIOp::create(b, loc, value, i32(low));
    value = arith::MinSIOp::create(b, loc, value, i32(high));
  }
  qk::YieldOp::create(b, loc, value);
  storage.map(output, pool.getResult());
}

void Lowering::lowerMean(qnn::MeanOp op) {
  Location loc = op.getLoc();
  ArrayRef<int64_t> in = shapeOf(op.getInput()), axes = op.getAxes();
  qnn::NumberFormat format = qnn::getFormat(op.getInput()), out = qnn::getFormat(op.getOutput());
  Value input = stored(op.getInput());
  // Axes that lie apart are first brought together behind the kept ones.
  bool isBlock = axes.empty() || axes.back() - axes.front() + 1 == static_cast<int64_t>(axes.size());
  int64_t outer, inner, reduced = 1;
  for (int64_t axis : axes)
    reduced *= in[axis];
  if (isBlock) {
    outer = productOf(in.take_front(axes.empty() ? in.size() : axes.front()));
    inner = axes.empty() ? 1 : productOf(in.drop_front(axes.back() + 1));
  } else {
    SmallVector<int64_t> order, sizes, strides, own = qk::rowMajorStrides(in);
    for (int64_t i = 0, rank = in.size(); i < rank; ++i)
      if (!llvm::is_contained(axes, i))
        order.push_back(i);
    outer = 1;
    for (int64_t axis : order)
      outer *= in[axis];
    inner = 1;
    llvm::append_range(order, axes);
    for (int64_t axis : order) {
      sizes.push_back(in[axis]);
      strides.push_back(own[axis]);
    }
    Value init = emptyFor(op.getInput());
    input =
        emitMove(loc, input, init, sizes, access(format, 0, strides), access(format, 0, qk::rowMajorStrides(sizes)));
  }
  auto window = qk::WindowAttr::get(b.getContext(), outer, {reduced, 1}, {1, 1}, {reduced, 1}, {1, 1}, {1, 1}, {0, 0},
                                    inner, {1, 1});
  Value init = emptyFor(op.getOutput());
  auto pool =
      qk::PoolOp::create(b, loc, init.getType(), input, init, window, qk::PoolKind::Sum, Type(format), Type(out));
  Block &block = pool.getEpilogue().emplaceBlock();
  Value value = block.addArgument(format.isFloat() ? Type(b.getF32Type()) : Type(b.getI32Type()), loc);
  block.addArgument(b.getI32Type(), loc);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(&block);
  if (format.isFloat()) {
    value = arith::DivFOp::create(b, loc, value, f32(static_cast<double>(reduced)));
  } else {
    // sum of (slope * code + offset - zero) == slope * sum + n * (offset - zero)
    qnn::IntegerDecode decode = format.getIntegerDecode();
    if (decode.slope != 1)
      value = arith::MulIOp::create(b, loc, value, i32(decode.slope));
    value = addInt(value, reduced * (decode.offset - format.getZeroPoint(0)));
    if (out.isAffine())
      value = requantize(value,
                         qnn::divideMultiplier(qnn::quantizeMultiplier(format.getScale(0) / out.getScale(0)), reduced),
                         op.getRescale().getRounding());
    value = finishCode(value, out, qnn::Activation::None, op.getRescale().getOverflow());
  }
  qk::YieldOp::create(b, loc, value);
  storage.map(op.getOutput(), pool.getResult());
}

//===-- Moves -------------------------------------------------------------------------------------===//

void Lowering::lowerReshape(qnn::ReshapeOp op) {
  RankedTensorType type = qnn::getStorageType(llvm::cast<RankedTensorType>(op.getOutput().getType()));
  Value input = stored(op.getInput());
  auto constant = input.getDefiningOp<qk::ConstantOp>();
  if (!constant) {
    storage.map(op.getOutput(), qk::ViewOp::create(b, op.getLoc(), type, input).getResult());
    return;
  }
  // A view is a place in the arena; a constant lies elsewhere, and changes its type instead.
  ElementsAttr value = constant.getValue();
  if (auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(value))
    value = DenseResourceElementsAttr::get(type, resource.getRawHandle());
  else
    value = llvm::cast<DenseElementsAttr>(value).reshape(type);
  storage.map(op.getOutput(), qk::ConstantOp::create(b, op.getLoc(), type, value, constant.getNameAttr()));
}

void Lowering::lowerTranspose(qnn::TransposeOp op) {
  ArrayRef<int64_t> out = shapeOf(op.getOutput());
  SmallVector<int64_t> own = qk::rowMajorStrides(shapeOf(op.getInput())), strides;
  for (int64_t axis : op.getPermutation())
    strides.push_back(own[axis]);
  Type format = qnn::getFormat(op.getInput());
  storage.map(op.getOutput(), emitMove(op.getLoc(), stored(op.getInput()), emptyFor(op.getOutput()), out,
                                       access(format, 0, strides), access(format, 0, qk::rowMajorStrides(out))));
}

void Lowering::lowerPad(qnn::PadOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getOutput());
  qnn::NumberFormat format = qnn::getFormat(op.getOutput());
  int64_t elements = productOf(out), offset = 0;
  int64_t code = format.encode(op.getValue().convertToDouble());
  Value filled =
      emitMap(op.getLoc(), {}, emptyFor(op.getOutput()), {elements}, {access(format, 0, {1})},
              [&](ValueRange) { return format.isFloat() ? f32(op.getValue().convertToDouble()) : i32(code); });
  SmallVector<int64_t> strides = qk::rowMajorStrides(out);
  for (auto [low, stride] : llvm::zip(op.getLow(), strides))
    offset += low * stride;
  storage.map(op.getOutput(), emitMove(op.getLoc(), stored(op.getInput()), filled, in,
                                       access(format, 0, qk::rowMajorStrides(in)), access(format, offset, strides)));
}

/// How a slice's elements lie in its input.
qk::AccessAttr Lowering::sliceAccess(qnn::SliceOp op) {
  SmallVector<int64_t> strides = qk::rowMajorStrides(shapeOf(op.getInput()));
  int64_t offset = 0;
  for (auto [stride, start, step] : llvm::zip(strides, op.getStarts(), op.getStrides())) {
    offset += start * stride;
    stride *= step;
  }
  return access(qnn::getFormat(op.getInput()), offset, strides);
}

void Lowering::lowerSlice(qnn::SliceOp op) {
  // concat(slice(x)) moves each element once.
  if (llvm::all_of(op->getUsers(), llvm::IsaPred<qnn::ConcatOp>))
    return;
  ArrayRef<int64_t> out = shapeOf(op.getOutput());
  Type format = qnn::getFormat(op.getInput());
  storage.map(op.getOutput(), emitMove(op.getLoc(), stored(op.getInput()), emptyFor(op.getOutput()), out,
                                       sliceAccess(op), access(format, 0, qk::rowMajorStrides(out))));
}

void Lowering::lowerConcat(qnn::ConcatOp op) {
  SmallVector<int64_t> strides = qk::rowMajorStrides(shapeOf(op.getOutput()));
  Type format = qnn::getFormat(op.getOutput());
  Value result = emptyFor(op.getOutput());
  int64_t offset = 0;
  for (Value input : op.getInputs()) {
    ArrayRef<int64_t> shape = shapeOf(input);
    auto slice = input.getDefiningOp<qnn::SliceOp>();
    qk::AccessAttr from = slice ? sliceAccess(slice) : access(format, 0, qk::rowMajorStrides(shape));
    result = emitMove(op.getLoc(), stored(slice ? slice.getInput() : input), result, shape, from,
                      access(format, offset, strides));
    offset += shape[op.getAxis()] * strides[op.getAxis()];
  }
  storage.map(op.getOutput(), result);
}

void Lowering::lowerSplit(qnn::SplitOp op) {
  SmallVector<int64_t> strides = qk::rowMajorStrides(shapeOf(op.getInput()));
  Type format = qnn::getFormat(op.getInput());
  int64_t offset = 0;
  for (Value output : op.getOutputs()) {
    ArrayRef<int64_t> shape = shapeOf(output);
    storage.map(output, emitMove(op.getLoc(), stored(op.getInput()), emptyFor(output), shape,
                                 access(format, offset, strides), access(format, 0, qk::rowMajorStrides(shape))));
    offset += shape[op.getAxis()] * strides[op.getAxis()];
  }
}

/// Along its axis, a tensor is an image of [outer, size, 1, inner] whose rows are chosen.
void Lowering::lowerGather(qnn::GatherOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput());
  Location loc = op.getLoc();
  auto axis = static_cast<size_t>(op.getAxis());
  int64_t outer = productOf(in.take_front(axis)), inner = productOf(in.drop_front(axis + 1));
  SmallVector<int32_t> indices(op.getIndices().begin(), op.getIndices().end());
  Value rows = constantI32(loc, indices, "rows"), columns = constantI32(loc, {0}, "columns");
  Value init = emptyFor(op.getOutput());
  auto gather = qk::GatherOp::create(b, loc, init.getType(), stored(op.getInput()), rows, columns, init,
                                     ArrayRef<int64_t>{outer, static_cast<int64_t>(indices.size()), 1, inner},
                                     ArrayRef<int64_t>{in[axis], 1}, Type(qnn::getFormat(op.getInput())));
  storage.map(op.getOutput(), gather.getResult());
}

/// Source index of each output row or column, in f32 as the definition of `qnn.resize_nearest` says.
static SmallVector<int32_t> nearestIndices(int64_t in, int64_t out, bool alignCorners, bool halfPixel) {
  SmallVector<int32_t> result;
  float scale = alignCorners && out > 1 ? static_cast<float>(in - 1) / static_cast<float>(out - 1)
                                        : static_cast<float>(in) / static_cast<float>(out);
  for (int64_t i = 0; i < out; ++i) {
    float position = (static_cast<float>(i) + (halfPixel ? 0.5f : 0.0f)) * scale;
    float index = alignCorners ? std::round(position) : std::floor(position);
    result.push_back(static_cast<int32_t>(std::min<int64_t>(in - 1, static_cast<int64_t>(index))));
  }
  return result;
}

void Lowering::lowerResize(qnn::ResizeNearestOp op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), out = shapeOf(op.getOutput());
  Location loc = op.getLoc();
  Value rows = constantI32(loc, nearestIndices(in[1], out[1], op.getAlignCorners(), op.getHalfPixelCenters()), "rows");
  Value columns =
      constantI32(loc, nearestIndices(in[2], out[2], op.getAlignCorners(), op.getHalfPixelCenters()), "columns");
  Value init = emptyFor(op.getOutput());
  auto gather = qk::GatherOp::create(b, loc, init.getType(), stored(op.getInput()), rows, columns, init, out,
                                     in.slice(1, 2), Type(qnn::getFormat(op.getInput())));
  storage.map(op.getOutput(), gather.getResult());
}
