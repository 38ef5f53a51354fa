#include "compiler/quantize/FitBudgets.h"

#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace mlir;
using namespace qcc::quantize;

using Costs = SmallVector<int64_t, 2>;

namespace {
class BudgetFitter {
public:
  BudgetFitter(const Knapsack &problem, MeasureCosts measure) : problem(problem), measure(measure) {}
  FailureOr<BudgetFit> run();

private:
  FailureOr<std::optional<BudgetFit>> solve();
  FailureOr<BudgetFit> findStart();
  LogicalResult grow(BudgetFit &fit);
  KnapsackSelection withChoice(const KnapsackSelection &selection, size_t item, unsigned choice) const;

  const Knapsack &problem;
  MeasureCosts measure;
};
} // namespace

/// The best of several solutions within budgets that are corrected from one to the next.
FailureOr<std::optional<BudgetFit>> BudgetFitter::solve() {
  constexpr int attempts = 8;
  std::optional<BudgetFit> best;
  std::set<std::vector<unsigned>> tried;
  Knapsack corrected = problem;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::optional<KnapsackSelection> selection = solveKnapsack(corrected);
    if (!selection || !tried.insert(selection->choices).second)
      break;
    FailureOr<Costs> costs = measure(selection->choices);
    if (failed(costs))
      return failure();
    for (size_t resource = 0; resource < costs->size(); ++resource)
      corrected.budgets[resource] = problem.budgets[resource] - ((*costs)[resource] - selection->costs[resource]);
    if (isWithin(*costs, problem.budgets) && (!best || selection->loss < best->selection.loss))
      best = BudgetFit{*selection, *costs};
  }
  return best;
}

/// A selection within the budgets, or the resource whose budget is missed by the cheapest.
FailureOr<BudgetFit> BudgetFitter::findStart() {
  std::optional<BudgetFit> missed;
  for (unsigned resource = 0; resource < problem.budgets.size(); ++resource) {
    KnapsackSelection cheapest = findCheapest(problem, resource);
    FailureOr<Costs> costs = measure(cheapest.choices);
    if (failed(costs))
      return failure();
    if (isWithin(*costs, problem.budgets))
      return BudgetFit{cheapest, *costs};
    if (!missed && (*costs)[resource] > problem.budgets[resource])
      missed = BudgetFit{cheapest, *costs, resource};
    else if (!missed && resource + 1 == problem.budgets.size()) {
      auto isMissed = [&](unsigned other) { return (*costs)[other] > problem.budgets[other]; };
      missed = BudgetFit{cheapest, *costs, *llvm::find_if(llvm::seq<unsigned>(0, costs->size()), isMissed)};
    }
  }
  return *missed;
}

KnapsackSelection BudgetFitter::withChoice(const KnapsackSelection &selection, size_t item, unsigned choice) const {
  KnapsackSelection changed = selection;
  const KnapsackChoice &before = problem.items[item][selection.choices[item]], &after = problem.items[item][choice];
  changed.choices[item] = choice;
  changed.loss += after.loss - before.loss;
  for (size_t resource = 0; resource < changed.costs.size(); ++resource)
    changed.costs[resource] += after.costs[resource] - before.costs[resource];
  return changed;
}

/// Each item gets the choice of least loss that still fits, those first where that gains most.
LogicalResult BudgetFitter::grow(BudgetFit &fit) {
  auto lossOf = [&](size_t item, unsigned choice) { return problem.items[item][choice].loss; };
  auto byLoss = [&](size_t item) {
    SmallVector<unsigned> choices = llvm::to_vector(llvm::seq<unsigned>(0, problem.items[item].size()));
    llvm::sort(choices,
               [&](unsigned a, unsigned b) { return std::pair(lossOf(item, a), a) < std::pair(lossOf(item, b), b); });
    return choices;
  };
  auto gainOf = [&](size_t item) {
    return lossOf(item, fit.selection.choices[item]) - lossOf(item, byLoss(item).front());
  };
  SmallVector<size_t> items = llvm::to_vector(llvm::seq<size_t>(0, problem.items.size()));
  llvm::sort(items, [&](size_t a, size_t b) { return std::pair(-gainOf(a), a) < std::pair(-gainOf(b), b); });
  for (size_t item : items)
    for (unsigned choice : byLoss(item)) {
      if (choice == fit.selection.choices[item])
        break;
      KnapsackSelection changed = withChoice(fit.selection, item, choice);
      FailureOr<Costs> costs = measure(changed.choices);
      if (failed(costs))
        return failure();
      if (!isWithin(*costs, problem.budgets))
        continue;
      fit = {changed, *costs};
      break;
    }
  return success();
}

FailureOr<BudgetFit> BudgetFitter::run() {
  FailureOr<std::optional<BudgetFit>> solved = solve();
  if (failed(solved))
    return failure();
  if (*solved)
    return **solved;
  FailureOr<BudgetFit> fit = findStart();
  if (failed(fit) || (!fit->exceeded && failed(grow(*fit))))
    return failure();
  return fit;
}

FailureOr<BudgetFit> qcc::quantize::fitBudgets(const Knapsack &problem, MeasureCosts measure) {
  return BudgetFitter(problem, measure).run();
}
