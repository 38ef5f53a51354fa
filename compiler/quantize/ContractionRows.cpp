#include "compiler/quantize/ContractionRows.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

template <typename Op> void ContractionRows::setWindow(Op op) {
  ArrayRef<int64_t> in = shapeOf(op.getInput()), filter = shapeOf(op.getFilter()), out = shapeOf(op.getOutput());
  height = in[1];
  width = in[2];
  channels = in[3];
  rows = filter[1];
  columns = filter[2];
  outputs = out[3];
  resultHeight = out[1];
  resultWidth = out[2];
  positions = out[0] * out[1] * out[2];
  strides = llvm::to_vector<2>(op.getStrides());
  dilations = llvm::to_vector<2>(op.getDilations());
  top = op.getPads()[0];
  left = op.getPads()[2];
}

std::optional<ContractionRows> ContractionRows::get(Operation *op) {
  ContractionRows result;
  bool known = llvm::TypeSwitch<Operation *, bool>(op)
                   .Case([&](qnn::Conv2dOp conv) {
                     result.setWindow(conv);
                     result.groups = conv.getGroups();
                     result.inputs = shapeOf(conv.getFilter())[3];
                     return true;
                   })
                   .Case([&](qnn::DepthwiseConv2dOp conv) {
                     result.setWindow(conv);
                     result.isDepthwise = true;
                     result.groups = result.channels;
                     result.inputs = 1;
                     return true;
                   })
                   .Case([&](qnn::DenseOp dense) {
                     ArrayRef<int64_t> filter = shapeOf(dense.getFilter());
                     result.outputs = filter[0];
                     result.inputs = result.channels = filter[1];
                     result.positions = result.width = result.resultWidth =
                         ShapedType::getNumElements(shapeOf(dense.getInput()).drop_back());
                     return true;
                   })
                   .Default(false);
  if (!known || !op->getOperand(1).getDefiningOp<qnn::ConstantOp>())
    return std::nullopt;
  return result;
}

int64_t ContractionRows::weightIndex(int64_t group, int64_t output, int64_t k) const {
  int64_t channel = group * getOutputsOfGroup() + output;
  return isDepthwise ? k * outputs + channel : channel * getLength() + k;
}

void ContractionRows::gather(ArrayRef<double> values, int64_t position, int64_t group, float *row) const {
  int64_t x = position % resultWidth, y = position / resultWidth % resultHeight,
          n = position / (resultWidth * resultHeight);
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j, row += inputs) {
      int64_t inY = y * strides[0] + i * dilations[0] - top, inX = x * strides[1] + j * dilations[1] - left;
      if (inY < 0 || inY >= height || inX < 0 || inX >= width) {
        std::fill_n(row, inputs, 0.0f);
        continue;
      }
      const double *from = values.data() + ((n * height + inY) * width + inX) * channels + group * inputs;
      std::transform(from, from + inputs, row, [](double value) { return static_cast<float>(value); });
    }
}
