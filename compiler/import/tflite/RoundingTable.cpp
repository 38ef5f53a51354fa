#include "compiler/import/tflite/RoundingTable.h"

using namespace qcc;
using namespace qcc::tflite;

qnn::RescaleAttr qcc::tflite::rescaleFor(mlir::MLIRContext *context, RoundingProfile profile, RoundedOperator op) {
  using enum RoundedOperator;
  // LiteRT's fully connected layer rounds once, all its other reference kernels twice, as TensorFlow Lite Micro does.
  bool isDense = op == FullyConnected || op == FullyConnectedPerChannel;
  bool isSingle = profile == RoundingProfile::Single || (profile == RoundingProfile::Litert && isDense);
  // Both peers multiply the scales of one-scale layers as floats, those of per-channel layers as doubles.
  bool isFloatProduct = op == FullyConnected || op == BatchMatmul || op == Mul;
  return qnn::RescaleAttr::get(context, isSingle ? qnn::Rounding::Single : qnn::Rounding::Double,
                               isFloatProduct ? qnn::ScaleProduct::F32 : qnn::ScaleProduct::F64,
                               qnn::Overflow::Saturate);
}
