// Windows of convolutions and pools, as the file gives them.
#ifndef QCC_COMPILER_IMPORT_TFLITE_WINDOW_H
#define QCC_COMPILER_IMPORT_TFLITE_WINDOW_H

#include "compiler/import/tflite/Importer.h"

namespace qcc::tflite {

/// A sliding window in qnn's terms; pads are top, bottom, left, right.
struct Window {
  int64_t kernel[2], strides[2], dilations[2] = {1, 1}, pads[4] = {0, 0, 0, 0};
};

/// Makes SAME explicit for an `input` of rank 4: an output of ceil(in / stride) elements, with the odd element of the
/// pad at the end.
mlir::LogicalResult resolvePadding(OperatorImport &op, schema::Padding padding, llvm::ArrayRef<int64_t> input,
                                   Window &window);

/// Fails unless all values have rank 4.
mlir::LogicalResult expectImages(OperatorImport &op, llvm::ArrayRef<mlir::Value> values);

} // namespace qcc::tflite

#endif // QCC_COMPILER_IMPORT_TFLITE_WINDOW_H
