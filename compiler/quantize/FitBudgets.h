// Selections that keep budgets for costs that only nearly add up.
#ifndef QCC_COMPILER_QUANTIZE_FITBUDGETS_H
#define QCC_COMPILER_QUANTIZE_FITBUDGETS_H

#include "compiler/quantize/Knapsack.h"
#include "mlir/Support/LLVM.h"

namespace qcc::quantize {

/// What a selection really costs, of each resource; a failure has been diagnosed.
using MeasureCosts =
    llvm::function_ref<mlir::FailureOr<llvm::SmallVector<int64_t, 2>>(llvm::ArrayRef<unsigned> choices)>;

struct BudgetFit {
  KnapsackSelection selection;           ///< with the sums of the problem
  llvm::SmallVector<int64_t, 2> costs;   ///< as measured
  std::optional<unsigned> exceeded = {}; ///< the resource whose budget cannot be met; `costs` has the least found
};

/// A selection whose measured costs are within the budgets, of little loss by the problem. The budgets that the problem
/// is solved with are corrected by what sums and measurements of the last selection differ in. Where that does not
/// meet them, choices of less loss are tried one by one from the cheapest selection on. Fails only with `measure`.
mlir::FailureOr<BudgetFit> fitBudgets(const Knapsack &problem, MeasureCosts measure);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_FITBUDGETS_H
