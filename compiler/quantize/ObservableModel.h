// Running a model on samples with the values inside it shown: what calibration and layer statistics are taken from.
#ifndef QCC_COMPILER_QUANTIZE_OBSERVABLEMODEL_H
#define QCC_COMPILER_QUANTIZE_OBSERVABLEMODEL_H

#include "compiler/interpret/Tensor.h"
#include "compiler/support/SampleSource.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <functional>
#include <memory>

namespace qcc::quantize {

/// Sees one value of a run.
using ValueObserver = llvm::function_ref<void(mlir::Value, const interpret::Tensor &)>;

/// A model, prepared to be run with chosen values shown.
class ObservableModel {
public:
  virtual ~ObservableModel() = default;
  /// Runs the model on its inputs and shows each chosen value once, arguments first.
  virtual mlir::LogicalResult run(llvm::ArrayRef<HostTensor> inputs, ValueObserver observe) = 0;
};

/// Runs a model on all samples, in their order. Fails with a diagnostic.
mlir::LogicalResult runOnAll(ObservableModel &model, SampleSource &samples, ValueObserver observe);

/// Prepares a model without state, which must outlive the result and not change; `values` are the
/// arguments and results of operators to show, each once; no constants. Fails with a diagnostic.
using PrepareModel = std::function<mlir::FailureOr<std::unique_ptr<ObservableModel>>(
    mlir::func::FuncOp model, llvm::ArrayRef<mlir::Value> values)>;

/// Runs in the reference interpreter. `prepareCompiled` (emit/ObserveCompiled.h) is the fast way, with the same
/// integers and floats that differ by their order of addition.
mlir::FailureOr<std::unique_ptr<ObservableModel>> prepareInterpreted(mlir::func::FuncOp model,
                                                                     llvm::ArrayRef<mlir::Value> values);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_OBSERVABLEMODEL_H
