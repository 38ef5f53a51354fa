#include "compiler/quantize/Knapsack.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qcc::quantize;
using llvm::ArrayRef;
using llvm::SmallVector;

using Costs = SmallVector<int64_t, 2>;

static KnapsackSelection select(const Knapsack &problem, std::vector<unsigned> choices) {
  KnapsackSelection selection{std::move(choices), 0, Costs(problem.budgets.size())};
  for (auto [item, choice] : llvm::zip_equal(problem.items, selection.choices)) {
    selection.loss += item[choice].loss;
    for (auto [sum, cost] : llvm::zip_equal(selection.costs, item[choice].costs))
      sum += cost;
  }
  return selection;
}

bool qcc::quantize::isWithin(ArrayRef<int64_t> costs, ArrayRef<int64_t> budgets) {
  return llvm::all_of(llvm::zip_equal(costs, budgets),
                      [](auto pair) { return std::get<0>(pair) <= std::get<1>(pair); });
}

//===-- A bound -----------------------------------------------------------------------------===//

namespace {
/// The Lagrangian relaxation: budgets may be exceeded, at a price. For any prices >= 0,
///   min over all selections of loss + prices * (costs - budgets)  <=  the least loss within the budgets,
/// and the left side is a sum over items, so it bounds completions of partial selections, too.
class Relaxation {
public:
  explicit Relaxation(const Knapsack &problem);

  /// What no selection that begins with the items before `item`, with these sums, can go below.
  double bound(size_t item, double loss, ArrayRef<int64_t> costs) const {
    double sum = loss + rest[item];
    for (size_t resource = 0; resource < prices.size(); ++resource)
      sum += prices[resource] * (static_cast<double>(costs[resource]) - problem.budgets[resource]);
    return sum;
  }
  /// The best selection within the budgets that was met on the way, if any.
  std::optional<KnapsackSelection> best;

private:
  double priceOf(const KnapsackChoice &choice) const;
  void descend();
  std::vector<unsigned> cheapest() const;
  void fillRest();

  const Knapsack &problem;
  std::vector<double> prices;
  std::vector<double> rest; // of the items from each on, the least sum of losses and priced costs
};
} // namespace

double Relaxation::priceOf(const KnapsackChoice &choice) const {
  double sum = choice.loss;
  for (auto [price, cost] : llvm::zip_equal(prices, choice.costs))
    sum += price * static_cast<double>(cost);
  return sum;
}

std::vector<unsigned> Relaxation::cheapest() const {
  std::vector<unsigned> choices;
  for (const auto &item : problem.items)
    choices.push_back(llvm::min_element(item, [&](auto &a, auto &b) { return priceOf(a) < priceOf(b); }) -
                      item.begin());
  return choices;
}

void Relaxation::fillRest() {
  rest.assign(problem.items.size() + 1, 0);
  for (size_t item = problem.items.size(); item-- > 0;) {
    double least = std::numeric_limits<double>::infinity();
    for (const KnapsackChoice &choice : problem.items[item])
      least = std::min(least, priceOf(choice));
    rest[item] = rest[item + 1] + least;
  }
}

/// Improves the best selection by other choices for one or two items, as long as that is possible.
void Relaxation::descend() {
  struct Change {
    size_t item;
    unsigned choice;
    double loss;
    Costs costs;
  };
  for (bool improved = true; improved;) {
    improved = false;
    std::vector<Change> changes{{problem.items.size(), 0, 0, Costs(prices.size())}}; // none
    for (auto [number, item] : llvm::enumerate(problem.items)) {
      const KnapsackChoice &current = item[best->choices[number]];
      for (auto [choiceNumber, choice] : llvm::enumerate(item)) {
        Change change{number, static_cast<unsigned>(choiceNumber), choice.loss - current.loss, choice.costs};
        for (auto [difference, cost] : llvm::zip_equal(change.costs, current.costs))
          difference -= cost;
        changes.push_back(std::move(change));
      }
    }
    const Change *first = nullptr, *second = nullptr;
    double least = 0;
    for (const Change &a : changes)
      for (const Change &b : llvm::drop_begin(changes, &a - changes.data() + 1)) {
        if (a.item == b.item || a.loss + b.loss >= least)
          continue;
        Costs sums = best->costs;
        for (size_t resource = 0; resource < sums.size(); ++resource)
          sums[resource] += a.costs[resource] + b.costs[resource];
        if (!isWithin(sums, problem.budgets))
          continue;
        least = a.loss + b.loss;
        first = &a;
        second = &b;
      }
    if (!first)
      return;
    std::vector<unsigned> choices = best->choices;
    for (const Change *change : {first, second})
      if (change->item < choices.size())
        choices[change->item] = change->choice;
    KnapsackSelection better = select(problem, std::move(choices));
    improved = better.loss < best->loss; // the sums are rounded
    if (improved)
      best = std::move(better);
  }
}

/// Subgradient steps on the prices: up where the cheapest selection exceeds a budget, down where it does not need it.
Relaxation::Relaxation(const Knapsack &problem) : problem(problem), prices(problem.budgets.size()) {
  constexpr int rounds = 300;
  // Prices are counted in the loss that all choices span over the cost that they span.
  double lossSpan = 0;
  std::vector<double> units(prices.size());
  for (const auto &item : problem.items) {
    auto [least, most] =
        std::minmax_element(item.begin(), item.end(), [](auto &a, auto &b) { return a.loss < b.loss; });
    lossSpan += most->loss - least->loss;
    for (size_t resource = 0; resource < units.size(); ++resource) {
      auto costs = llvm::map_range(item, [&](auto &choice) { return choice.costs[resource]; });
      auto [low, high] = std::minmax_element(costs.begin(), costs.end());
      units[resource] += static_cast<double>(*high - *low);
    }
  }
  double bestBound = -std::numeric_limits<double>::infinity();
  std::vector<double> bestPrices = prices;
  for (int round = 0; round < rounds; ++round) {
    KnapsackSelection chosen = select(problem, cheapest());
    if (isWithin(chosen.costs, problem.budgets) && (!best || chosen.loss < best->loss))
      best = chosen;
    fillRest();
    if (double value = bound(0, 0, Costs(prices.size())); value > bestBound) {
      bestBound = value;
      bestPrices = prices;
    }
    for (size_t resource = 0; resource < prices.size(); ++resource) {
      if (units[resource] == 0)
        continue;
      double excess = static_cast<double>(chosen.costs[resource] - problem.budgets[resource]) / units[resource];
      prices[resource] += 4 / std::sqrt(1.0 + round) * excess * lossSpan / units[resource];
      prices[resource] = std::max(prices[resource], 0.0);
    }
  }
  prices = std::move(bestPrices);
  fillRest();
  if (best)
    descend();
}

//===-- Partial selections ----------------------------------------------------------------===//

namespace {
/// Sums over the first items, and which partial selection of one item less it extends by which choice.
struct Partial {
  double loss = 0;
  Costs costs;
  unsigned before = 0, choice = 0;
};

/// Dynamic programming over the items: all partial selections that are worth keeping.
class Enumeration {
public:
  explicit Enumeration(const Knapsack &problem)
      : problem(problem), layers{{Partial{0, Costs(problem.budgets.size())}}} {}

  /// Extends the partial selections that there are by the next item, as far as `mayKeep(partial)`.
  void extend(llvm::function_ref<bool(const Partial &)> mayKeep) {
    std::vector<Partial> next;
    for (auto [number, partial] : llvm::enumerate(layers.back()))
      for (auto [choiceNumber, choice] : llvm::enumerate(problem.items[layers.size() - 1])) {
        Partial extended{partial.loss + choice.loss, partial.costs, static_cast<unsigned>(number),
                         static_cast<unsigned>(choiceNumber)};
        for (auto [sum, cost] : llvm::zip_equal(extended.costs, choice.costs))
          sum += cost;
        if (mayKeep(extended))
          next.push_back(std::move(extended));
      }
    layers.push_back(withoutDominated(std::move(next)));
  }

  /// By rising cost of the first resource, and where that is equal by loss.
  ArrayRef<Partial> last() const { return layers.back(); }

  std::vector<unsigned> choicesOf(const Partial &partial) const {
    std::vector<unsigned> choices(layers.size() - 1);
    const Partial *current = &partial;
    for (size_t item = choices.size(); item-- > 0; current = &layers[item][current->before])
      choices[item] = current->choice;
    return choices;
  }

private:
  /// Any completion of a partial selection is at least as good with one that has no higher sum.
  static std::vector<Partial> withoutDominated(std::vector<Partial> partials) {
    llvm::sort(partials, [](const Partial &a, const Partial &b) {
      return std::tie(a.costs, a.loss, a.before, a.choice) < std::tie(b.costs, b.loss, b.before, b.choice);
    });
    std::vector<Partial> kept;
    for (Partial &partial : partials) {
      // With one resource, the last one kept has the least loss.
      size_t from = partial.costs.size() > 1 || kept.empty() ? 0 : kept.size() - 1;
      bool isDominated = std::any_of(kept.begin() + from, kept.end(), [&](const Partial &other) {
        return other.loss <= partial.loss && isWithin(other.costs, partial.costs);
      });
      if (!isDominated)
        kept.push_back(std::move(partial));
    }
    return kept;
  }

  const Knapsack &problem;
  std::vector<std::vector<Partial>> layers;
};
} // namespace

/// Of the items from each on, the least that they can cost.
static std::vector<Costs> leastRests(const Knapsack &problem) {
  std::vector<Costs> rests(problem.items.size() + 1, Costs(problem.budgets.size()));
  for (size_t item = problem.items.size(); item-- > 0;)
    for (size_t resource = 0; resource < problem.budgets.size(); ++resource) {
      int64_t least = std::numeric_limits<int64_t>::max();
      for (const KnapsackChoice &choice : problem.items[item])
        least = std::min(least, choice.costs[resource]);
      rests[item][resource] = rests[item + 1][resource] + least;
    }
  return rests;
}

std::optional<KnapsackSelection> qcc::quantize::solveKnapsack(const Knapsack &problem) {
  std::vector<Costs> rests = leastRests(problem);
  if (!isWithin(rests.front(), problem.budgets))
    return std::nullopt;
  Relaxation relaxation(problem);
  double limit = std::numeric_limits<double>::infinity();
  if (relaxation.best) {
    // Bounds are rounded sums: what they exclude by less than that stays.
    double magnitude = 0;
    for (const auto &item : problem.items)
      for (const KnapsackChoice &choice : item)
        magnitude = std::max(magnitude, std::abs(choice.loss));
    limit = relaxation.best->loss + 1e-9 * magnitude;
  }
  Enumeration enumeration(problem);
  for (size_t item = 0; item < problem.items.size(); ++item)
    enumeration.extend([&](const Partial &partial) {
      for (size_t resource = 0; resource < problem.budgets.size(); ++resource)
        if (partial.costs[resource] + rests[item + 1][resource] > problem.budgets[resource])
          return false;
      return relaxation.bound(item + 1, partial.loss, partial.costs) <= limit;
    });
  auto best = llvm::min_element(enumeration.last(), [](auto &a, auto &b) { return a.loss < b.loss; });
  if (best == enumeration.last().end())
    return std::nullopt;
  return select(problem, enumeration.choicesOf(*best));
}

KnapsackSelection qcc::quantize::findCheapest(const Knapsack &problem, unsigned resource) {
  Knapsack byCost = problem;
  byCost.budgets[resource] = std::numeric_limits<int64_t>::max() / 2;
  for (auto &item : byCost.items)
    for (KnapsackChoice &choice : item)
      choice.loss = static_cast<double>(choice.costs[resource]);
  std::optional<KnapsackSelection> cheapest = solveKnapsack(byCost);
  if (!cheapest) {
    byCost.budgets.assign(byCost.budgets.size(), std::numeric_limits<int64_t>::max() / 2);
    cheapest = solveKnapsack(byCost);
  }
  Knapsack withinCost = problem;
  withinCost.budgets = byCost.budgets;
  withinCost.budgets[resource] = cheapest->costs[resource];
  return *solveKnapsack(withinCost);
}

std::vector<KnapsackSelection> qcc::quantize::paretoFront(const Knapsack &problem, unsigned resource) {
  Knapsack one = problem;
  one.budgets.assign(1, 0);
  for (auto &item : one.items)
    for (KnapsackChoice &choice : item)
      choice.costs.assign(1, choice.costs[resource]);
  Enumeration enumeration(one);
  for (size_t item = 0; item < one.items.size(); ++item)
    enumeration.extend([](const Partial &) { return true; });
  std::vector<KnapsackSelection> front;
  for (const Partial &partial : enumeration.last())
    front.push_back(select(problem, enumeration.choicesOf(partial)));
  return front;
}
