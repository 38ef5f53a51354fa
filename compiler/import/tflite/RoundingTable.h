// Which operator rounds how in which profile: the table of docs/rounding.md.
#ifndef QCC_COMPILER_IMPORT_TFLITE_ROUNDINGTABLE_H
#define QCC_COMPILER_IMPORT_TFLITE_ROUNDINGTABLE_H

#include "compiler/import/tflite/ImportTflite.h"
#include "dialects/qnn/QnnDialect.h"

namespace qcc::tflite {

/// Operators that change a scale, as far as a peer treats them differently.
enum class RoundedOperator {
  Convolution, ///< CONV_2D, DEPTHWISE_CONV_2D
  FullyConnected,
  BatchMatmul,
  AddSub,
  Mul,
  Mean,
  Relu, ///< RELU, RELU6, RELU_N1_TO_1 and LEAKY_RELU as operators of their own
  Requantize
};

qnn::RescaleAttr rescaleFor(mlir::MLIRContext *context, RoundingProfile profile, RoundedOperator op);

} // namespace qcc::tflite

#endif // QCC_COMPILER_IMPORT_TFLITE_ROUNDINGTABLE_H
