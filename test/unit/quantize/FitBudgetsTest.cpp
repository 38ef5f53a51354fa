// Budgets are kept where costs do not add up.
#include "compiler/quantize/FitBudgets.h"

#include "catch2/catch.hpp"

#include <random>

using namespace mlir;
using namespace qcc::quantize;
using Costs = llvm::SmallVector<int64_t, 2>;

namespace {
/// Items of 8, 6, 4 and 2 bits; half the bits add little loss.
Knapsack makeProblem(Costs budgets, unsigned seed = 1) {
  std::mt19937 random(seed);
  Knapsack problem{{}, std::move(budgets)};
  for (int item = 0; item < 6; ++item) {
    problem.items.emplace_back();
    int64_t size = std::uniform_int_distribution<int64_t>(10, 100)(random);
    for (int64_t bits : {8, 6, 4, 2})
      problem.items.back().push_back({std::ldexp(1.0 + item, -2 * static_cast<int>(bits)),
                                      Costs(problem.budgets.size(), size * (bits - 8))}); // from what has 8 bits
  }
  return problem;
}

Costs sumsOf(const Knapsack &problem, llvm::ArrayRef<unsigned> choices) {
  Costs sums(problem.budgets.size());
  for (auto [item, choice] : llvm::zip_equal(problem.items, choices))
    for (auto [sum, cost] : llvm::zip_equal(sums, item[choice].costs))
      sum += cost;
  return sums;
}
} // namespace

TEST_CASE("costs that add up: the solution") {
  Knapsack problem = makeProblem({-900});
  auto fit = fitBudgets(problem, [&](auto choices) -> FailureOr<Costs> { return sumsOf(problem, choices); });
  REQUIRE(succeeded(fit));
  CHECK(!fit->exceeded);
  CHECK(fit->selection.choices == solveKnapsack(problem)->choices);
  CHECK(fit->costs[0] <= -900);
}

TEST_CASE("a part that only mixtures pay for") {
  // As code that is shared among layers of one precision.
  for (unsigned seed = 0; seed < 50; ++seed) {
    Knapsack problem = makeProblem({-900}, seed);
    auto measure = [&](llvm::ArrayRef<unsigned> choices) -> FailureOr<Costs> {
      std::vector<unsigned> kinds(choices.begin(), choices.end());
      std::sort(kinds.begin(), kinds.end());
      kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
      return Costs{sumsOf(problem, choices)[0] + 60 * static_cast<int64_t>(kinds.size() - 1)};
    };
    auto fit = fitBudgets(problem, measure);
    REQUIRE(succeeded(fit));
    if (fit->exceeded)
      continue; // small layers
    CHECK(fit->costs[0] <= -900);
    CHECK(fit->costs == *measure(fit->selection.choices));
  }
}

TEST_CASE("a maximum: no single layer makes a difference") {
  Knapsack problem = makeProblem({50});
  for (auto &item : problem.items)
    for (KnapsackChoice &choice : item)
      choice.costs = {0};
  problem.budgets = {-4};
  auto measure = [&](llvm::ArrayRef<unsigned> choices) -> FailureOr<Costs> {
    int64_t widest = 0;
    for (unsigned choice : choices.take_front(3))
      widest = std::max<int64_t>(widest, 8 - 2 * choice);
    return Costs{widest - 8};
  };
  // The sums see no difference, so the cheapest is any; nothing can be said but that.
  auto fit = fitBudgets(problem, measure);
  REQUIRE(succeeded(fit));
  CHECK(fit->exceeded == 0u);
  // A cost of its own for each layer leads there.
  for (auto &item : problem.items)
    for (auto [number, choice] : llvm::enumerate(item))
      choice.costs = {-static_cast<int64_t>(number)};
  problem.budgets = {-4};
  fit = fitBudgets(problem, measure);
  REQUIRE(succeeded(fit));
  REQUIRE(!fit->exceeded);
  CHECK(fit->costs[0] <= -4);
}

TEST_CASE("what cannot be met") {
  Knapsack problem = makeProblem({-100000});
  auto fit = fitBudgets(problem, [&](auto choices) -> FailureOr<Costs> { return sumsOf(problem, choices); });
  REQUIRE(succeeded(fit));
  CHECK(fit->exceeded == 0u);
  CHECK(fit->costs == sumsOf(problem, {3, 3, 3, 3, 3, 3}));
  CHECK(failed(fitBudgets(problem, [](auto) -> FailureOr<Costs> { return failure(); })));
}
