// The multiple-choice knapsack: equal to trying everything, quick where that is not possible.
#include "compiler/quantize/Knapsack.h"

#include "catch2/catch.hpp"

#include <algorithm>
#include <random>

using namespace qcc::quantize;

namespace {

/// Random sums collide often (small costs), and so do losses.
Knapsack makeProblem(std::mt19937 &random, size_t items, size_t choices, size_t resources) {
  auto upTo = [&](int64_t most) { return std::uniform_int_distribution<int64_t>(0, most)(random); };
  Knapsack problem;
  for (size_t resource = 0; resource < resources; ++resource)
    problem.budgets.push_back(upTo(static_cast<int64_t>(items) * 12) - 4);
  for (size_t item = 0; item < items; ++item) {
    problem.items.emplace_back();
    for (size_t choice = 0; choice < choices; ++choice) {
      KnapsackChoice made{static_cast<double>(upTo(64)) / 8 - 1, {}};
      for (size_t resource = 0; resource < resources; ++resource)
        made.costs.push_back(upTo(20) - 4);
      problem.items.back().push_back(made);
    }
  }
  return problem;
}

/// Calls `visit(loss, costs)` for each selection.
template <typename Visit> void forAll(const Knapsack &problem, Visit visit) {
  std::vector<unsigned> choices(problem.items.size());
  for (;;) {
    double loss = 0;
    llvm::SmallVector<int64_t, 2> costs(problem.budgets.size());
    for (size_t item = 0; item < choices.size(); ++item) {
      const KnapsackChoice &choice = problem.items[item][choices[item]];
      loss += choice.loss;
      for (size_t resource = 0; resource < costs.size(); ++resource)
        costs[resource] += choice.costs[resource];
    }
    visit(loss, costs);
    size_t item = 0;
    while (item < choices.size() && ++choices[item] == problem.items[item].size())
      choices[item++] = 0;
    if (item == choices.size())
      return;
  }
}

} // namespace

TEST_CASE("the best selection is that of trying all") {
  std::mt19937 random(1);
  int feasible = 0, infeasible = 0;
  for (int round = 0; round < 3000; ++round) {
    Knapsack problem = makeProblem(random, 1 + round % 6, 1 + round / 6 % 4, 1 + round / 24 % 3);
    std::optional<double> least;
    forAll(problem, [&](double loss, llvm::ArrayRef<int64_t> costs) {
      if (isWithin(costs, problem.budgets) && (!least || loss < *least))
        least = loss;
    });
    std::optional<KnapsackSelection> found = solveKnapsack(problem);
    INFO("round " << round);
    REQUIRE(found.has_value() == least.has_value());
    ++(found ? feasible : infeasible);
    if (!found)
      continue;
    CHECK(found->loss == *least); // eighths: sums are exact
    CHECK(isWithin(found->costs, problem.budgets));
    REQUIRE(found->choices.size() == problem.items.size());
    llvm::SmallVector<int64_t, 2> sums(problem.budgets.size());
    for (size_t item = 0; item < problem.items.size(); ++item)
      for (size_t resource = 0; resource < sums.size(); ++resource)
        sums[resource] += problem.items[item][found->choices[item]].costs[resource];
    CHECK(sums == found->costs);
  }
  CHECK(feasible > 500);
  CHECK(infeasible > 500);
}

TEST_CASE("the least cost is what the budgets of the others allow") {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    Knapsack problem = makeProblem(random, 1 + round % 5, 4, 2);
    std::optional<int64_t> least;
    int64_t anyway = INT64_MAX;
    forAll(problem, [&](double, llvm::ArrayRef<int64_t> costs) {
      anyway = std::min(anyway, costs[1]);
      if (costs[0] <= problem.budgets[0])
        least = std::min(least.value_or(INT64_MAX), costs[1]);
    });
    CHECK(findCheapest(problem, 1).costs[1] == least.value_or(anyway));
  }
}

TEST_CASE("the front has every selection that no other beats") {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    Knapsack problem = makeProblem(random, 1 + round % 5, 4, 2);
    std::vector<std::pair<int64_t, double>> all, front;
    forAll(problem, [&](double loss, llvm::ArrayRef<int64_t> costs) { all.push_back({costs[1], loss}); });
    std::sort(all.begin(), all.end());
    std::vector<std::pair<int64_t, double>> expected;
    for (auto [cost, loss] : all)
      if (expected.empty() || loss < expected.back().second)
        expected.push_back({cost, loss});
    for (const KnapsackSelection &selection : paretoFront(problem, 1))
      front.push_back({selection.costs[1], selection.loss});
    CHECK(front == expected);
  }
}

TEST_CASE("problems of the size of networks") {
  // Loss falls as 4^-bits and with the number of weights, as it does in layers.
  std::mt19937 random(4);
  for (size_t resources : {1, 2, 3}) {
    Knapsack problem;
    problem.budgets.assign(resources, 0);
    for (size_t item = 0; item < 60; ++item) {
      problem.items.emplace_back();
      int64_t weights = std::uniform_int_distribution<int64_t>(100, 40000)(random);
      double sensitivity = std::exponential_distribution<double>(1)(random);
      for (int64_t bits : {8, 6, 5, 4, 3, 2}) {
        KnapsackChoice choice{sensitivity * std::pow(0.25, bits), {weights * bits / 8}};
        for (size_t resource = 1; resource < resources; ++resource)
          choice.costs.push_back(weights * std::uniform_int_distribution<int64_t>(50, 100)(random) * (bits + 4));
        problem.items.back().push_back(choice);
      }
      for (size_t resource = 0; resource < resources; ++resource)
        problem.budgets[resource] += problem.items.back()[3].costs[resource];
    }
    std::optional<KnapsackSelection> found = solveKnapsack(problem);
    REQUIRE(found);
    CHECK(isWithin(found->costs, problem.budgets));
    double uniform = 0;
    for (const auto &item : problem.items)
      uniform += item[3].loss;
    CHECK(found->loss < uniform);
  }
}

TEST_CASE("no items, and no budgets") {
  CHECK(solveKnapsack({})->choices.empty());
  Knapsack free{{{{2, {}}, {1, {}}}}, {}};
  CHECK(solveKnapsack(free)->choices == std::vector<unsigned>{1});
}
