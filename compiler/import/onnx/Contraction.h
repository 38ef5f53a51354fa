// Contractions as several operators of ONNX have them: of codes where both operands have some, of floats elsewhere.
#ifndef QCC_COMPILER_IMPORT_ONNX_CONTRACTION_H
#define QCC_COMPILER_IMPORT_ONNX_CONTRACTION_H

#include "compiler/import/onnx/Importer.h"

namespace qcc::onnx {

struct ContractionOperands {
  mlir::Value data, filter;
  bool isFloat;
};

/// Both operands in codes, or both in f32. `weights` are laid out as qnn has them, their channels on `channelAxis`.
ContractionOperands contractionOperands(NodeImport &node, Imported &data, NodeImport::Layout layout,
                                        const Imported &filter, const Array &weights, int64_t channelAxis);

/// Adds a bias of one number per channel of the last axis behind a contraction of codes.
mlir::Value addBias(NodeImport &node, mlir::Value result, const Array &bias);

/// data [..., K] times weights [N, K], plus a bias of N numbers.
mlir::FailureOr<Imported> dense(NodeImport &node, Imported &data, const Imported &filter, const Array &weights,
                                const Array *bias);
/// The product of two tensors as NumPy's matmul has it.
mlir::FailureOr<Imported> multiply(NodeImport &node, Imported &lhs, Imported &rhs);
/// A convolution with the node's attributes, of an image [n, c, h, w] or a sequence [n, c, w].
mlir::FailureOr<Imported> convolve(NodeImport &node, Imported &data, const Imported &filter, const Array *bias);

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_CONTRACTION_H
