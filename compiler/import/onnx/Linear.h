// Codes of 8 and 16 bits with a scale and a zero point, as ONNX's own operators have them.
#ifndef QCC_COMPILER_IMPORT_ONNX_LINEAR_H
#define QCC_COMPILER_IMPORT_ONNX_LINEAR_H

#include "compiler/import/onnx/Importer.h"

namespace qcc::onnx {

/// Which inputs of an operator hold codes, their scale and their zero point.
struct LinearInputs {
  size_t data, scale, zero;
  int64_t axis = 1; ///< along which scales differ, if there are several
};

/// The numbers that codes stand for; the codes stay, where scale and zero point are known.
mlir::FailureOr<Imported> dequantize(NodeImport &node, const LinearInputs &inputs);

/// Numbers as codes with the scale and the zero point of two inputs; halves go to the even code.
mlir::FailureOr<Imported> requantize(NodeImport &node, Imported &real, size_t scale, size_t zero);

} // namespace qcc::onnx

#endif // QCC_COMPILER_IMPORT_ONNX_LINEAR_H
