// A contraction of floats with constant weights as a product of matrices: rows of its input times rows of its filter.
#ifndef QCC_COMPILER_QUANTIZE_CONTRACTIONROWS_H
#define QCC_COMPILER_QUANTIZE_CONTRACTIONROWS_H

#include "dialects/qnn/QnnOps.h"

#include <optional>

namespace qcc::quantize {

/// Where the numbers lie that conv2d, depthwise_conv2d and dense multiply. Each group of a convolution, and each
/// channel of a depthwise one, is a product of its own.
class ContractionRows {
public:
  /// Nothing for other operators, and for weights that are not constant.
  static std::optional<ContractionRows> get(mlir::Operation *op);

  int64_t getGroups() const { return groups; }
  /// Products in a sum.
  int64_t getLength() const { return rows * columns * inputs; }
  int64_t getOutputsOfGroup() const { return outputs / groups; }
  /// Rows of a group: positions of the result.
  int64_t getPositions() const { return positions; }

  /// Where weight `k` of an output of a group lies in the filter.
  int64_t weightIndex(int64_t group, int64_t output, int64_t k) const;
  /// Copies what one position multiplies with the weights of a group, getLength() numbers, zeros outside the input.
  void gather(llvm::ArrayRef<double> values, int64_t position, int64_t group, float *row) const;

private:
  ContractionRows() = default;
  template <typename Op> void setWindow(Op op);

  bool isDepthwise = false;
  int64_t groups = 1, outputs, positions;
  int64_t rows = 1, columns = 1, inputs; ///< of the window: its height, width and input channels of a group
  /// A dense layer is a window of one element in an image of one row.
  int64_t height = 1, width, channels, resultHeight = 1, resultWidth;
  llvm::SmallVector<int64_t, 2> strides{1, 1}, dilations{1, 1};
  int64_t top = 0, left = 0;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_CONTRACTIONROWS_H
