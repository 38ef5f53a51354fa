// Where a model's state lies: outside of the arena, in memory that the caller keeps from one run to the next.
#ifndef QCC_COMPILER_MEMORY_STATEPLAN_H
#define QCC_COMPILER_MEMORY_STATEPLAN_H

#include "dialects/qk/QkOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::memory {

/// The places of state, and which kernels write there.
///
/// A state's next value is computed in its place if nothing reads the old one after the kernel that first writes the
/// new one, and that kernel may write over what it reads. All others are computed in the arena and copied when the last
/// kernel has run.
class StatePlan {
public:
  StatePlan() = default;
  explicit StatePlan(mlir::func::FuncOp model);

  /// Bytes from the begin of the caller's memory, for an argument that is state, a value that is computed in the place
  /// of one, or a view of these.
  std::optional<int64_t> find(mlir::Value value) const;
  /// True for what a model returns as the next value of a state, if it lies in the place of that state.
  bool isNextValue(mlir::OpOperand &returned) const;
  /// Of all state.
  int64_t bytes() const { return total; }

private:
  void computeInPlace(mlir::BlockArgument state, mlir::OpOperand &next);

  llvm::DenseMap<mlir::Value, int64_t> places;
  int64_t total = 0;
};

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_STATEPLAN_H
