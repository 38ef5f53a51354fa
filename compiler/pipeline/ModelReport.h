// What a model consists of, and what it takes on a target.
#ifndef QCC_COMPILER_PIPELINE_MODELREPORT_H
#define QCC_COMPILER_PIPELINE_MODELREPORT_H

#include "compiler/pipeline/Model.h"
#include "dialects/qnn/QnnDialect.h"

namespace qcc {

/// Operations in one run: those of single bits, 64 of which a machine word takes at once, and all others. See
/// emit/CountOperations.h for what counts.
struct OperationCounts {
  int64_t bits = 0, highPrecision = 0;
  OperationCounts &operator+=(const OperationCounts &counts) {
    bits += counts.bits;
    highPrecision += counts.highPrecision;
    return *this;
  }
};

/// An operator. Formats are named by `formatName`; empty if there is none.
struct LayerReport {
  std::string name, op;
  int64_t macs = 0;        ///< products of an input's element and a weight (or two activations), in one run
  int64_t parameters = 0;  ///< elements of the constants that no earlier layer has
  int64_t weightBytes = 0; ///< their packed bytes
  std::string inputFormat, weightFormat, outputFormat;
  std::vector<int64_t> outputShape;
  mlir::LocationAttr location;
  OperationCounts operations; ///< of the kernels in which it is the largest operator; known after the plan
};

/// A kernel of the compiled model: an operator, or a part of one, or several that were fused.
struct KernelReport {
  std::string layer, op;               ///< the operator that it came from by its name; what it is in qk
  std::vector<size_t> layers;          ///< the operators that it came from by their numbers
  std::string tile, block;             ///< of contractions: the tile instruction, and positions x channels at a time
  std::string contraction;             ///< of a single one: what its schedule depends on, as tuning files name it
  std::string instruction, algorithm;  ///< of that: the tile's name alone, and `qk::algorithmName`
  int64_t positions = 0, channels = 0; ///< of that: at a time; 0 for one product at a time
  int64_t lines = 0;                   ///< of its input, staged in scratch memory
  int64_t pieces = 1;                  ///< that threads may compute at a time
  int64_t macs = 0;                    ///< products in one run, those on padding included
  OperationCounts operations;          ///< in one run
  int64_t bytes = 0;                   ///< of all its buffers and constants, each counted once
  bool isFloat = false;                ///< the products are of floats
  bool isBfloat = false;               ///< and these are bf16
  bool isBits = false;                 ///< bits of codes and weights are counted
};

/// What lies in a part of the arena for a while: an input or output of the model, a tensor between kernels, or scratch
/// memory of one, or weights that were copied there.
struct BufferReport {
  enum class Kind { Input, Output, Tensor, Scratch, Weights };
  Kind kind;
  std::string name;  ///< of the port, or of the operator whose kernel writes it
  size_t memory = 0; ///< its number, if there are several
  int64_t offset = 0, bytes = 0;
  /// The first and the last kernel that use it. Inputs are there before kernel 0, at -1; outputs are there after the
  /// last, at the number of kernels.
  int64_t first = 0, last = 0;
};

/// A part of the arena in a memory of its own.
struct MemoryReport {
  std::string name;
  int64_t capacity = 0, bytes = 0, lowerBound = 0; ///< what it has, what is used, and what no placement goes below
};

/// What a pass decided, in words, and for which operators, by their numbers; none for the whole model.
struct RemarkReport {
  std::string text;
  std::vector<size_t> layers;
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
  int64_t offset = -1; ///< in the arena, -1 before it is planned, or where versions differ
  size_t memory = 0;   ///< the number of the memory, if there are several
};

/// What a model keeps from one run to the next; `offset` counts from the begin of the caller's memory for it.
struct StateReport : TensorReport {
  double initial = 0; ///< the number that all elements begin with
};

/// What an object has for one of the targets that it is for.
struct VersionReport {
  std::string target;
  int64_t arenaBytes = 0;
  std::vector<MemoryReport> memories; ///< none if the arena is in one piece
  int64_t flashBytes = -1;            ///< of its code and read-only data, where that is bounded
  uint32_t cpuFeatures = 0;           ///< what `qcc_cpu_features` has to say where it runs
  std::vector<KernelReport> kernels;  ///< as those of the model
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
  int64_t threads = 1;  ///< that a run may be shared among
  std::vector<TensorReport> inputs, outputs;
  std::vector<StateReport> states;
  std::vector<LayerReport> layers;
  std::vector<StreamReport> streams; ///< known after the plan
  std::vector<KernelReport> kernels; ///< in the order of execution; known after the plan
  OperationCounts operations;        ///< of `kernels`
  std::vector<BufferReport> buffers; ///< in the order of their first kernels; known after the plan
  std::vector<RemarkReport> remarks;
  std::vector<MemoryReport> memories; ///< what the arena is divided into, the fastest first; none if it is in one piece
  /// Of an object for several targets, that of the last: kernels, buffers and streams are the last one's.
  std::vector<VersionReport> versions;
  LayerTotals totals;   ///< of `layers`
  LayerTotals imported; ///< of the model as it was read
  int64_t arenaBytes = -1, arenaAlign = -1;
  int64_t arenaLowerBound = -1; ///< no placement of the buffers takes less
  int64_t stateBytes = -1;      ///< that the caller keeps; of models with state, known after the plan
  int64_t otherArenaBytes = -1; ///< of the build that is not optimized as `optimize` says, but for the other
  int64_t textBytes = -1, rodataBytes = -1, stackBytes = -1;
};

/// A format in a word or two: `f32`, `int8`, `int8 per channel`, `int4 per 32`, `uint8`, `binary`.
std::string formatName(mlir::Type elementType);

/// The name that the front end gave an operator, from its location.
std::optional<std::string> layerName(mlir::Location location);

/// The operators that a location is of, by their numbers: a kernel that computes several has a location of them all.
std::vector<size_t> layersAt(mlir::Location location, llvm::ArrayRef<LayerReport> layers);

/// Everything that the qnn operators of a model tell: ports, layers and their sums.
ModelReport describeModel(mlir::func::FuncOp model);

/// Describes the layers, and their sums, anew after qnn operators have changed.
void recountLayers(mlir::func::FuncOp model, ModelReport &report);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_MODELREPORT_H
