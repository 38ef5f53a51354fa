#include "compiler/driver/AssignmentReport.h"

#include "compiler/driver/Report.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;
using quantize::KnapsackSelection;

static auto allResources() {
  return llvm::map_range(llvm::seq<size_t>(0, resourceCount), [](size_t number) { return Resource(number); });
}

std::vector<KnapsackSelection> AssignmentReport::frontOf(Resource resource) const {
  return quantize::paretoFront(search.makeKnapsack(loss, resource), 0);
}

//===-- A table --------------------------------------------------------------------------------===//

static std::string showLoss(double loss) { return llvm::formatv("{0:e3}", loss); }

static std::string showChange(int64_t change) { return (change > 0 ? "+" : "") + grouped(change); }

void AssignmentReport::printTable(raw_ostream &stream) const {
  const Measurement &base = search.getBase();
  std::vector<Row> rows = {{"layer", "precision", sensitivity.str()}};
  std::vector<size_t> numbers = {2};
  for (const Budget &budget : budgets) {
    numbers.push_back(rows.front().size());
    rows.front().push_back(nameOf(budget.resource).str());
  }
  size_t item = 0;
  for (const SearchLayer &layer : search.getLayers()) {
    rows.push_back({shorten(layer.name), showPrecision(layer.base) + (layer.isFixed ? " (given)" : "")});
    if (layer.isFixed)
      continue;
    if (chosen) {
      unsigned choice = chosen->choices[item];
      const Measurement &measured = search.get(item, choice);
      rows.back() = {shorten(layer.name), showPrecision(layer.choices[choice]), showLoss(measured.*loss - base.*loss)};
      for (const Budget &budget : budgets)
        rows.back().push_back(showChange(measured.cost(budget.resource) - base.cost(budget.resource)));
    }
    ++item;
  }
  auto addTotal = [&](StringRef label, const Measurement &measured) {
    rows.push_back({label.str(), "", showLoss(measured.*loss)});
    for (const Budget &budget : budgets)
      rows.back().push_back(grouped(measured.cost(budget.resource)));
  };
  addTotal("all as they are", base);
  if (chosen)
    addTotal("chosen", chosen->measured);
  if (!budgets.empty()) {
    rows.push_back({"budget", "", ""});
    for (const Budget &budget : budgets)
      rows.back().push_back(grouped(budget.limit));
  }
  for (Row &row : rows)
    row.resize(rows.front().size());
  printColumns(stream, rows, numbers);
  if (chosen)
    for (const Budget &budget : budgets)
      printFront(stream, budget.resource);
}

/// Some points of a front, evenly spread over it.
void AssignmentReport::printFront(raw_ostream &stream, Resource resource) const {
  constexpr size_t most = 10;
  std::vector<KnapsackSelection> front = frontOf(resource);
  size_t count = std::min(front.size(), most);
  stream << "\nleast " << sensitivity << " expected by " << nameOf(resource) << ", " << count << " of " << front.size()
         << " points\n";
  std::vector<Row> rows;
  const Measurement &base = search.getBase();
  for (size_t point = 0; point < count; ++point) {
    const KnapsackSelection &selection = front[count == 1 ? 0 : point * (front.size() - 1) / (count - 1)];
    rows.push_back({grouped(base.cost(resource) + selection.costs[0]), showLoss(base.*loss + selection.loss)});
  }
  printColumns(stream, rows, {0, 1});
}

//===-- JSON -----------------------------------------------------------------------------------===//

static void printMeasurement(llvm::json::OStream &json, const Measurement &measured, Loss loss) {
  json.attribute("loss", measured.*loss);
  for (Resource resource : allResources())
    json.attribute(nameOf(resource), measured.cost(resource));
}

void AssignmentReport::printLayer(llvm::json::OStream &json, size_t number, std::optional<size_t> item) const {
  const SearchLayer &layer = search.getLayers()[number];
  quantize::LayerPrecision precision = item && chosen ? layer.choices[chosen->choices[*item]] : layer.base;
  json.attribute("name", llvm::json::fixUTF8(layer.name));
  json.attribute("fixed", layer.isFixed);
  json.attribute("precision", showPrecision(precision));
  if (!item)
    return;
  json.attributeArray("choices", [&] {
    for (auto [choice, candidate] : llvm::enumerate(layer.choices))
      json.object([&, &choice = choice, &candidate = candidate] {
        json.attribute("precision", showPrecision(candidate));
        printMeasurement(json, search.get(*item, choice), loss);
      });
  });
}

void AssignmentReport::printFront(llvm::json::OStream &json, Resource resource) const {
  const Measurement &base = search.getBase();
  json.attribute("resource", nameOf(resource));
  json.attributeArray("points", [&] {
    for (const KnapsackSelection &selection : frontOf(resource))
      json.object([&] {
        json.attribute("cost", base.cost(resource) + selection.costs[0]);
        json.attribute("loss", base.*loss + selection.loss);
        json.attribute("choices", llvm::json::Array(selection.choices));
      });
  });
}

void AssignmentReport::printJson(raw_ostream &stream) const {
  llvm::json::OStream json(stream, /*IndentSize=*/0);
  json.object([&] {
    json.attribute("format", "qcc-pareto");
    json.attribute("version", 1);
    json.attribute("target", settings.compile.target);
    json.attribute("sensitivity", sensitivity);
    json.attributeObject("base", [&] { printMeasurement(json, search.getBase(), loss); });
    json.attributeArray("layers", [&] {
      size_t item = 0;
      for (auto [number, layer] : llvm::enumerate(search.getLayers()))
        json.object([&, &number = number, &layer = layer] {
          printLayer(json, number, layer.isFixed ? std::nullopt : std::optional(item++));
        });
    });
    json.attributeArray("budgets", [&] {
      for (const Budget &budget : budgets)
        json.object([&] {
          json.attribute("resource", nameOf(budget.resource));
          json.attribute("limit", budget.limit);
        });
    });
    if (chosen)
      json.attributeObject("chosen", [&] {
        json.attribute("choices", llvm::json::Array(chosen->choices));
        json.attribute("expected_loss", chosen->expectedLoss);
        printMeasurement(json, chosen->measured, loss);
      });
    json.attributeArray("fronts", [&] {
      for (Resource resource : allResources())
        json.object([&] { printFront(json, resource); });
    });
  });
  stream << '\n';
}
