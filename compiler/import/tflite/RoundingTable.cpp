#include "compiler/import/tflite/RoundingTable.h"

using namespace qcc;
using namespace qcc::tflite;

qnn::RescaleAttr qcc::tflite::rescaleFor(mlir::MLIRContext *context, RoundingProfile profile, RoundedOperator op) {
  using enum RoundedOperator;
  // Measured with inputs on which the alternatives differ; see docs/rounding.md.
  bool isLitert = profile == RoundingProfile::Litert;
  bool isSingle = profile == RoundingProfile::Single || (isLitert && op == FullyConnected);
  auto product = qnn::ScaleProduct::F64;
  if (isLitert && op == BatchMatmul)
    product = qnn::ScaleProduct::F32;
  else if (isLitert && op == Mul)
    product = qnn::ScaleProduct::F32Quotient;
  return qnn::RescaleAttr::get(context, isSingle ? qnn::Rounding::Single : qnn::Rounding::Double, product,
                               qnn::Overflow::Saturate);
}
