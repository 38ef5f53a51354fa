// A model run on many samples at once, a stretch of operators after the other.
#ifndef QCC_COMPILER_QUANTIZE_SAMPLEFLOW_H
#define QCC_COMPILER_QUANTIZE_SAMPLEFLOW_H

#include "compiler/quantize/ObservableModel.h"

namespace qcc::quantize {

/// The most bytes of a sample's values that are needed at the same time, if operators are run in their order.
int64_t liveBytes(mlir::func::FuncOp model);

/// Values of one model for all samples. Only what a later operator needs is kept. Operators that have not run yet may
/// get other constants meanwhile.
class SampleFlow {
public:
  /// One tensor per argument, for each sample. `prepare` says what runs the operators.
  SampleFlow(mlir::func::FuncOp model, std::vector<std::vector<HostTensor>> samples, PrepareModel prepare);

  /// Runs all operators before `op` that have not run. Fails with a diagnostic.
  mlir::LogicalResult runUntil(mlir::Operation *op);
  /// A value of each sample that an operator which has not run uses.
  llvm::ArrayRef<HostTensor> get(mlir::Value value) const { return values.at(value); }

private:
  mlir::LogicalResult run(llvm::ArrayRef<mlir::Operation *> ops, mlir::Operation *end);

  size_t count;
  PrepareModel prepare;
  mlir::Operation *next;
  llvm::MapVector<mlir::Value, std::vector<HostTensor>> values;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_SAMPLEFLOW_H
