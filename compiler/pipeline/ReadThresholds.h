// Files of thresholds that networks were trained with.
#ifndef QCC_COMPILER_PIPELINE_READTHRESHOLDS_H
#define QCC_COMPILER_PIPELINE_READTHRESHOLDS_H

#include "compiler/quantize/QuantizeModel.h"

namespace qcc {

/// Reads the files that the options' rules name into `thresholds`. Of each layer `LAYER` with thresholds a file has
/// `LAYER.widths` and `LAYER.start`, and may have `LAYER.input_scale` and `LAYER.output_scale` (N2uqParameters). Errors
/// are at the file, or at the rule if it cannot be opened.
mlir::LogicalResult readThresholds(quantize::QuantizeOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_READTHRESHOLDS_H
