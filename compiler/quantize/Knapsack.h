// Exact solutions of the multiple-choice knapsack problem: one choice for each item, the least loss within budgets.
#ifndef QCC_COMPILER_QUANTIZE_KNAPSACK_H
#define QCC_COMPILER_QUANTIZE_KNAPSACK_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace qcc::quantize {

/// What choosing it adds to the loss, and to the cost of each resource. All may be negative.
struct KnapsackChoice {
  double loss = 0;
  llvm::SmallVector<int64_t, 2> costs;
};

struct Knapsack {
  /// Each item has at least one choice.
  std::vector<std::vector<KnapsackChoice>> items;
  /// What the costs of a resource may add up to.
  llvm::SmallVector<int64_t, 2> budgets;
};

/// The number of a choice for each item, and the sums.
struct KnapsackSelection {
  std::vector<unsigned> choices;
  double loss = 0;
  llvm::SmallVector<int64_t, 2> costs;
};

/// A selection of the least loss of those within all budgets, or nothing if there is none. Losses are finite. Exact up
/// to the rounding of sums of losses (1e-12 of the largest). Takes time and memory by the number of partial selections
/// that are neither dominated nor excluded by a Lagrangian bound; see docs/rationale/PrecisionAssignment.md.
std::optional<KnapsackSelection> solveKnapsack(const Knapsack &problem);

/// A selection that costs the least of a resource within the budgets of the others, or, if these cannot be met
/// together, at all; of several, one of the least loss.
KnapsackSelection findCheapest(const Knapsack &problem, unsigned resource);

/// Whether no cost exceeds its budget.
bool isWithin(llvm::ArrayRef<int64_t> costs, llvm::ArrayRef<int64_t> budgets);

/// All selections for which none costs less of a resource without more loss, by rising cost; other resources are free.
std::vector<KnapsackSelection> paretoFront(const Knapsack &problem, unsigned resource);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_KNAPSACK_H
