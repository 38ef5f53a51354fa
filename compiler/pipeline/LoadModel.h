// Reads a model from any of the files that qcc knows.
#ifndef QCC_COMPILER_PIPELINE_LOADMODEL_H
#define QCC_COMPILER_PIPELINE_LOADMODEL_H

#include "compiler/algorithm/Passes.h"
#include "compiler/frontend/Scheme.h"
#include "compiler/import/tflite/ImportTflite.h"
#include "compiler/pipeline/Model.h"
#include "compiler/quantize/ObservableModel.h"

#include <optional>

namespace qcc {

struct LoadOptions {
  /// Whose rounding the integers of an imported or newly quantized model have. Operators of a `.mlir` or `.qm` file
  /// state theirs themselves.
  std::optional<RoundingProfile> rounding;
  /// Which scheme of a `.qm` file says how the model is quantized: if empty, its only one, if any; `none` for none.
  std::string scheme;
  /// Name of the function and prefix of C names; if empty, the file's own.
  std::string modelName;
  /// Of a model that sees a window of frames, one that gets the new frames (`qnn-stream-frames`).
  std::optional<algorithm::StreamOptions> stream;
  /// What runs the float model on samples where a scheme quantizes it.
  quantize::PrepareModel prepare = quantize::prepareInterpreted;
};

struct LoadedModel {
  /// One public function, whose arguments and results have names.
  mlir::OwningOpRef<mlir::ModuleOp> module;
  /// Chosen, but not applied.
  std::optional<QuantizeScheme> scheme;
  /// What the applied scheme allows, in bytes.
  std::optional<int64_t> flashBudget, ramBudget;
  /// All files that were read, `path` first.
  std::vector<std::string> files;
};

/// Reads the model at `path`, by its extension `.qm`, `.tflite` or `.mlir`, as it stands in the file. One diagnostic on
/// failure.
mlir::FailureOr<LoadedModel> readModel(mlir::MLIRContext &context, llvm::StringRef path, const LoadOptions &options);

/// The same, and quantizes the model if there is a scheme, then streams it if that is asked for.
mlir::FailureOr<LoadedModel> loadModel(mlir::MLIRContext &context, llvm::StringRef path, const LoadOptions &options);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_LOADMODEL_H
