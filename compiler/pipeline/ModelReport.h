// What a model consists of, and what it takes on a target.
#ifndef QCC_COMPILER_PIPELINE_MODELREPORT_H
#define QCC_COMPILER_PIPELINE_MODELREPORT_H

#include "compiler/pipeline/Model.h"
#include "dialects/qnn/QnnDialect.h"

namespace qcc {

/// An operator. Formats are named by `formatName`; empty if there is none.
struct LayerReport {
  std::string name, op;
  int64_t macs = 0;        ///< products of an input's element and a weight (or two activations), in one run
  int64_t parameters = 0;  ///< elements of the constants that no earlier layer has
  int64_t weightBytes = 0; ///< their packed bytes
  std::string inputFormat, weightFormat, outputFormat;
  std::vector<int64_t> outputShape;
};

/// A kernel of the compiled model: an operator, or a part of one, or several that were fused.
struct KernelReport {
  std::string layer, op; ///< the operator that it came from by its name; what it is in qk
  int64_t macs = 0;      ///< products in one run, those on padding included
  int64_t bytes = 0;     ///< of all its buffers and constants, each counted once
  bool isFloat = false;  ///< the products are of floats
};

/// Layers that are computed row by row: how many from which to which, and the bytes that hold their rows.
struct StreamReport {
  std::string first, last;
  int64_t layers = 0, bytes = 0;
};

/// An input or output: the type as IR prints it, format by `formatName`.
struct TensorReport {
  std::string name, type, format;
  std::vector<int64_t> shape;
  mlir::Type elementType;
  int64_t bytes = 0;   ///< packed
  int64_t offset = -1; ///< in the arena, -1 before it is planned
};

/// Sums over layers.
struct LayerTotals {
  int64_t macs = 0, parameters = 0, weightBytes = 0;
  bool operator==(const LayerTotals &) const = default;
};

/// Sizes are in bytes; -1 if not known (yet).
struct ModelReport {
  std::string name, target;
  std::string optimize; ///< `speed` or `ram`: what schedules were chosen for; empty before they are
  std::vector<TensorReport> inputs, outputs;
  std::vector<LayerReport> layers;
  std::vector<StreamReport> streams; ///< known after the plan
  std::vector<KernelReport> kernels; ///< in the order of execution; known after the plan
  LayerTotals totals;                ///< of `layers`
  LayerTotals imported;              ///< of the model as it was read
  int64_t arenaBytes = -1, arenaAlign = -1;
  int64_t otherArenaBytes = -1; ///< of the build that is not optimized as `optimize` says, but for the other
  int64_t textBytes = -1, rodataBytes = -1, stackBytes = -1;
};

/// A format in a word or two: `f32`, `int8`, `int8 per channel`, `int4 per 32`, `uint8`, `binary`.
std::string formatName(mlir::Type elementType);

/// The name that the front end gave an operator, from its location.
std::optional<std::string> layerName(mlir::Location location);

/// Everything that the qnn operators of a model tell: ports, layers and their sums.
ModelReport describeModel(mlir::func::FuncOp model);

/// Describes the layers, and their sums, anew after qnn operators have changed.
void recountLayers(mlir::func::FuncOp model, ModelReport &report);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_MODELREPORT_H
