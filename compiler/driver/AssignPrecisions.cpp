#include "compiler/driver/AssignPrecisions.h"

#include "compiler/driver/AssignmentReport.h"
#include "compiler/quantize/FitBudgets.h"
#include "compiler/support/Files.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;
using quantize::BudgetFit;
using quantize::Knapsack;

//===-- Options --------------------------------------------------------------------------------===//

/// Of bytes, K is 1,024; of cycles and products 1,000.
static int64_t kiloOf(Resource resource) {
  return resource == Resource::Time || resource == Resource::Bops ? 1000 : 1024;
}

static std::optional<Budget> parseBudget(StringRef text) {
  auto [name, limit] = text.split("<=");
  const auto *found = llvm::find(resourceNames, name.trim());
  if (found == std::end(resourceNames))
    return std::nullopt;
  auto resource = static_cast<Resource>(found - std::begin(resourceNames));
  std::optional<int64_t> amount = parseAmount(limit.trim(), kiloOf(resource));
  return amount ? std::optional(Budget{resource, *amount}) : std::nullopt;
}

/// `2/8`, from 1.
static std::optional<std::pair<int64_t, int64_t>> parsePart(StringRef text) {
  auto [number, count] = text.split('/');
  std::pair<int64_t, int64_t> part;
  if (number.getAsInteger(10, part.first) || count.getAsInteger(10, part.second) || part.first < 1 ||
      part.first > part.second)
    return std::nullopt;
  return part;
}

void AssignOptions::addTo(CLI::App &verb) {
  verb.add_option("--budget", budgets,
                  "what the compiled model may take, such as 'flash<=64K': layers get the precisions that do least\n"
                  "to the outputs within it. flash, ram, weights: bytes; time: cycles of the cost model; bops:\n"
                  "products by bits of their factors. May be repeated; layers that --precision names stay fixed")
      ->allow_extra_args(false)
      ->type_name("RESOURCE<=LIMIT");
  verb.add_option("--candidates", candidates, "the precisions that layers may get, w8a8,w6a8,... by default")
      ->delimiter(',')
      ->type_name("PRECISION,...");
  verb.add_option("--sensitivity", sensitivity,
                  "what is to be least on the samples: kl, the divergence of the outputs' softmax from the float\n"
                  "model's (the default of models that end in a softmax), or sqnr, the power of their error")
      ->check(CLI::IsMember({"kl", "sqnr"}))
      ->type_name("LOSS");
  verb.add_option("--jobs", jobs, "measure in so many processes")
      ->check(CLI::PositiveNumber)
      ->type_name("N")
      ->capture_default_str();
  CLI::Option *journalOption = verb.add_option("--journal", journal,
                                               "keep each measurement in this file, and take from it what it has:\n"
                                               "a search that was stopped goes on where it was")
                                   ->type_name("FILE");
  verb.add_option("--part", part, "only measure every N-th precision from the I-th on, for the journal")
      ->needs(journalOption)
      ->type_name("I/N");
  verb.add_option("--pareto", pareto, "write all that was measured and the fronts of loss over cost to this .json file")
      ->type_name("FILE");
  target.addMachineTo(verb);
}

void AssignOptions::check() const {
  for (const std::string &text : budgets)
    if (!parseBudget(text))
      throw CLI::ValidationError("--budget", "expects flash, ram, weights, time or bops with a limit, such as "
                                             "'flash<=64K', but got '" +
                                                 text + "'");
  if (!isWanted() && (!journal.empty() || !sensitivity.empty()))
    throw CLI::ValidationError(journal.empty() ? "--sensitivity" : "--journal",
                               "is for a search; expects --budget or --pareto");
  if (isPart() && !parsePart(part))
    throw CLI::ValidationError("--part",
                               "expects a number and how many there are, such as 1/8, but got '" + part + "'");
}

void AssignOptions::addBudgets(const QuantizeScheme &scheme) {
  for (auto [resource, limit] : {std::pair(Resource::Flash, scheme.flashBudget), {Resource::Ram, scheme.ramBudget}})
    if (limit && llvm::none_of(budgets, [&, resource = resource](StringRef text) {
          return parseBudget(text)->resource == resource;
        }))
      budgets.push_back((nameOf(resource) + "<=" + std::to_string(*limit)).str());
}

//===-- From measurements to a choice ------------------------------------------------------------===//

static LogicalResult reportExceeded(func::FuncOp model, const Budget &budget, int64_t least) {
  StringRef name = nameOf(budget.resource);
  return model.emitError() << "expects at most " << budget.limit
                           << (name == "time"   ? " cycles"
                               : name == "bops" ? ""
                                                : " bytes")
                           << " of " << name << ", but the least that the candidates reach is " << least;
}

/// An arena is a maximum over time, which no layer alone may lower. The bytes of results that choices save, in place of
/// what was measured, lead to where several together do.
static void useResultBytes(quantize::Knapsack &problem, const PrecisionSearch &search, ArrayRef<Budget> budgets) {
  for (auto [number, budget] : llvm::enumerate(budgets))
    if (budget.resource == Resource::Ram)
      for (auto [item, choices] : llvm::enumerate(problem.items))
        for (auto [choice, added] : llvm::enumerate(choices))
          added.costs[number] = search.addedResultBytes(item, choice);
}

/// Choices whose compiled model is within the budgets.
static FailureOr<Assignment> choose(PrecisionSearch &search, func::FuncOp model, Loss loss, ArrayRef<Budget> budgets) {
  const Measurement &base = search.getBase();
  Knapsack problem =
      search.makeKnapsack(loss, llvm::map_to_vector(budgets, [](const Budget &budget) { return budget.resource; }));
  useResultBytes(problem, search, budgets);
  for (auto [room, budget] : llvm::zip_equal(problem.budgets, budgets))
    room = budget.limit - base.cost(budget.resource);
  auto measure = [&](ArrayRef<unsigned> choices) -> FailureOr<SmallVector<int64_t, 2>> {
    FailureOr<Measurement> measured = search.measure(choices);
    if (failed(measured))
      return failure();
    SmallVector<int64_t, 2> costs;
    for (const Budget &budget : budgets)
      costs.push_back(measured->cost(budget.resource) - base.cost(budget.resource));
    return costs;
  };
  FailureOr<BudgetFit> fit = quantize::fitBudgets(problem, measure);
  if (failed(fit))
    return failure();
  if (fit->exceeded) {
    const Budget &budget = budgets[*fit->exceeded];
    return reportExceeded(model, budget, base.cost(budget.resource) + fit->costs[*fit->exceeded]);
  }
  FailureOr<Measurement> measured = search.measure(fit->selection.choices);
  if (failed(measured))
    return failure();
  return Assignment{fit->selection.choices, base.*loss + fit->selection.loss, *measured};
}

LogicalResult qcc::driver::assignPrecisions(Session &session, const AssignOptions &assign, ModuleOp floatModel,
                                            SampleSource &samples, Calibration &calibration,
                                            quantize::QuantizeOptions &options, llvm::json::Value &pareto) {
  SearchSettings settings{assign.candidates, assign.target.get(), assign.journal, assign.jobs};
  if (assign.isPart())
    std::tie(settings.part, settings.parts) = *parsePart(assign.part);
  settings.part = assign.isPart() ? settings.part - 1 : 0;
  SmallVector<Budget> budgets;
  for (StringRef text : assign.budgets)
    budgets.push_back(*parseBudget(text));
  // As for `qcc compile --budget-ram`: precision is not given up where smaller kernels do.
  if (llvm::any_of(budgets, [](const Budget &budget) { return budget.resource == Resource::Ram; }))
    settings.compile.optimize = Optimize::Ram;
  auto search = PrecisionSearch::create(session, floatModel, options, samples, calibration, settings);
  if (failed(search))
    return failure();
  bool isMet = false; // already
  if (!assign.isPart() && assign.pareto.empty()) {
    FailureOr<Measurement> base = (*search)->measureBase();
    if (failed(base))
      return failure();
    isMet = llvm::all_of(budgets, [&](const Budget &budget) { return base->cost(budget.resource) <= budget.limit; });
  }
  if (!isMet && failed((*search)->measureAll()))
    return failure();
  if (assign.isPart())
    return success();
  bool isDivergence = assign.sensitivity.empty() ? (*search)->isClassifier() : assign.sensitivity == "kl";
  Loss loss = isDivergence ? &Measurement::divergence : &Measurement::noise;
  std::optional<Assignment> chosen;
  if (!budgets.empty() && !isMet) {
    FailureOr<Assignment> found = choose(**search, *findModel(floatModel), loss, budgets);
    if (failed(found))
      return failure();
    chosen = std::move(*found);
    llvm::append_range(options.rules, (*search)->rulesFor(chosen->choices));
  }
  AssignmentReport report{**search, settings, isDivergence ? "kl" : "sqnr", loss, budgets, chosen};
  report.printTable(session.out());
  if (isMet)
    return success();
  std::string text;
  llvm::raw_string_ostream stream(text);
  report.printJson(stream);
  pareto = llvm::cantFail(llvm::json::parse(text));
  if (assign.pareto.empty())
    return success();
  return writeFile(session.nowhere(), assign.pareto, [&](raw_ostream &file) { file << text; });
}
