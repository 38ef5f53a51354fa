// qk-fit-arena: schedules that take less memory, in those layers whose memory decides how large the arena is; where
// that is not enough, several layers row by row.
#include "compiler/memory/ArenaPlan.h"
#include "compiler/memory/FormStream.h"
#include "compiler/memory/Passes.h"
#include "compiler/target/MachinePass.h"
#include "compiler/tiling/Schedule.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

namespace {

/// A contraction with its schedules from the fastest to the one that takes least memory, each with less than the one
/// before it.
struct Layer {
  qk::ContractOp op;
  std::vector<tiling::Choice> choices;
  size_t level = 0; // the choice that is applied

  double cyclesLost() const { return choices[level].cycles - choices.front().cycles; }
};

class Fitter {
public:
  Fitter(func::FuncOp model, const target::Machine &machine, const FitOptions &options)
      : model(model), machine(machine), options(options) {}
  LogicalResult run();

private:
  void listLayers();
  void setLevel(Layer &layer, size_t level);
  LogicalResult chooseTarget();
  LogicalResult descend();
  LogicalResult climb();
  LogicalResult stream();
  LogicalResult reportBinding(func::FuncOp whole);

  func::FuncOp model;
  const target::Machine &machine;
  FitOptions options;
  std::vector<Layer> layers;
  int64_t target = 0; // bytes of the arena
};

/// The bytes that a contraction adds to its input and output, as it is scheduled.
int64_t extraBytes(qk::ContractOp op) {
  qk::Distances distances = op.distancesTo(op.getLhsMutable());
  if (op.mayReplace(op.getLhsMutable()))
    distances.below = 0;
  return std::min({distances.below, distances.above, qk::bytesOf(op.getInit())}) +
         (op.getScratch() ? qk::bytesOf(op.getScratch()) : 0);
}

void Fitter::setLevel(Layer &layer, size_t level) {
  layer.level = level;
  tiling::applyChoice(layer.op, layer.choices[level]);
}

void Fitter::listLayers() {
  for (auto op : model.front().getOps<qk::ContractOp>()) {
    std::vector<tiling::Choice> all = tiling::listChoices(op, machine, options.schedule);
    // A schedule that is not the one which is chosen first was written by hand, and stays.
    if (all.empty() || op.getSchedule() != tiling::scheduleOf(op, all.front()))
      continue;
    Layer layer{op, {all.front()}};
    for (const tiling::Choice &choice : llvm::drop_begin(all)) {
      int64_t least = extraBytes(op);
      tiling::applyChoice(op, choice);
      if (extraBytes(op) < least)
        layer.choices.push_back(choice);
      else
        tiling::applyChoice(op, layer.choices.back());
    }
    setLevel(layer, 0);
    layers.push_back(std::move(layer));
  }
}

/// The budget, or the least that any schedules need.
LogicalResult Fitter::chooseTarget() {
  if (!options.leastMemory) {
    target = *options.budget - options.otherBytes();
    return success();
  }
  FailureOr<int64_t> fastest = arenaBytes(model);
  for (Layer &layer : layers)
    setLevel(layer, layer.choices.size() - 1);
  FailureOr<int64_t> smallest = arenaBytes(model);
  if (failed(fastest) || failed(smallest))
    return failure();
  target = std::min(*fastest, *smallest);
  if (options.budget)
    target = std::min(target, *options.budget - options.otherBytes());
  for (Layer &layer : layers)
    setLevel(layer, 0);
  return success();
}

/// Goes to smaller schedules until the arena is small enough. What lives beside a layer is not its own to change: where
/// a layer has not enough room, there is no other way.
LogicalResult Fitter::descend() {
  while (true) {
    FailureOr<ArenaPlan> plan = ArenaPlan::create(model);
    if (failed(plan))
      return failure();
    Layer *fullest = nullptr;
    int64_t most = 0;
    bool isTooFull = false;
    for (Layer &layer : layers) {
      int64_t live = plan->liveBytes(layer.op);
      if (layer.level + 1 == layer.choices.size())
        continue;
      if (live > most) {
        most = live;
        fullest = &layer;
      }
      if (live > target) {
        setLevel(layer, layer.level + 1);
        isTooFull = true;
      }
    }
    if (isTooFull)
      continue;
    FailureOr<Placement> placement = plan->place({.capacity = target});
    if (failed(placement))
      return failure();
    if (placement->total <= target)
      return success();
    if (!fullest)
      return stream();
    setLevel(*fullest, fullest->level + 1);
  }
}

/// A tile instruction, and what tells schedules of one apart that take different memory.
static std::string nameOf(const tiling::Choice &choice) {
  std::string name = choice.tile->name.str();
  return choice.hasSmallWeights() ? name + ", " + std::to_string(choice.rows) + " rows at a time," : name;
}

/// Goes back to faster schedules where there is room for them.
LogicalResult Fitter::climb() {
  constexpr int64_t stepsPerTrial = 5000;
  std::vector<Layer *> slower;
  for (Layer &layer : layers)
    if (layer.level > 0)
      slower.push_back(&layer);
  llvm::sort(slower,
             [](Layer *a, Layer *b) { return std::pair(-a->cyclesLost(), a) < std::pair(-b->cyclesLost(), b); });
  for (Layer *layer : slower) {
    size_t lowest = layer->level;
    for (size_t level = 0; level < lowest; ++level) {
      setLevel(*layer, level);
      FailureOr<int64_t> bytes = arenaBytes(model, {.capacity = target, .steps = stepsPerTrial});
      if (failed(bytes))
        return failure();
      if (*bytes <= target)
        break;
      setLevel(*layer, lowest);
    }
    if (layer->level > 0)
      emitRemark(layer->op.getLoc()) << "computed by " << nameOf(layer->choices[layer->level]) << " instead of "
                                     << layer->choices[0].tile->name << ", to fit an arena of " << target << " bytes";
  }
  return success();
}

/// Row by row, layers need little beside the input of the first and the output of the last.
LogicalResult Fitter::stream() {
  OwningOpRef<func::FuncOp> whole = model.clone();
  FailureOr<int64_t> bytes = options.budget ? formStreams(model, target, machine) : arenaBytes(model);
  if (failed(bytes))
    return failure();
  if (*bytes > target)
    return reportBinding(*whole);
  for (auto stream : model.front().getOps<qk::StreamOp>())
    emitRemark(stream.getLoc()) << "computed row by row with " << stream.getStages().size() - 1
                                << " layers after it, through "
                                << llvm::cast<ShapedType>(stream.getScratch().getType()).getNumElements()
                                << " bytes; no product is computed twice";
  llvm::SmallPtrSet<Operation *, 32> left;
  for (auto op : model.front().getOps<qk::ContractOp>())
    left.insert(op);
  llvm::erase_if(layers, [&](Layer &layer) { return !left.contains(layer.op); });
  return success();
}

/// For a model whose layers have their smallest schedules: the layer that has most to hold in the smallest arena that
/// streams can give, and the budget for that. The smaller the arena that is tried, the more layers are streamed; with
/// too many, it grows again.
LogicalResult Fitter::reportBinding(func::FuncOp whole) {
  constexpr int trials = 10;
  FailureOr<int64_t> wholeBytes = arenaBytes(whole);
  if (failed(wholeBytes))
    return failure();
  OwningOpRef<func::FuncOp> best = whole.clone();
  int64_t low = std::max<int64_t>(target, 0), high = *wholeBytes;
  for (int i = 0; i < trials && low + 1 < high; ++i) {
    OwningOpRef<func::FuncOp> copy = whole.clone();
    int64_t middle = low + (high - low) / 2;
    FailureOr<int64_t> bytes = formStreams(*copy, middle, machine);
    if (failed(bytes))
      return failure();
    if (*bytes > middle) {
      low = middle;
      continue;
    }
    high = middle;
    best = std::move(copy);
  }
  FailureOr<ArenaPlan> plan = ArenaPlan::create(*best);
  Location binding = model.getLoc();
  int64_t most = -1;
  for (auto kernel : best->front().getOps<qk::Kernel>())
    if (int64_t live = plan->liveBytes(kernel); live > most) {
      most = live;
      binding = kernel.getLoc();
    }
  InFlightDiagnostic error = emitError(binding)
                             << "expects at most " << *options.budget << " bytes of ram, but this layer needs " << most
                             << " bytes of the arena";
  if (options.stackBytes > 0)
    error << ", and the stack has " << options.stackBytes;
  if (options.stateBytes > 0)
    error << ", and the state has " << options.stateBytes;
  return error << "; the smallest budget that can be met is " << high + options.otherBytes();
}

LogicalResult Fitter::run() {
  if (!options.leastMemory && !options.budget)
    return success();
  listLayers();
  return success(succeeded(chooseTarget()) && succeeded(descend()) && succeeded(climb()));
}

struct FitArenaPass : target::MachinePass<FitArenaPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FitArenaPass)
  FitArenaPass() = default;
  FitArenaPass(const target::Machine *machine, const FitOptions &options) : MachinePass(machine) {
    leastMemory = options.leastMemory;
    budget = options.budget.value_or(-1);
    stackBytes = options.stackBytes;
    stateBytes = options.stateBytes;
    asked = {options.schedule.tuning, options.schedule.rank};
    weightsMayGrow = options.schedule.freedom.weightsMayGrow;
    transformsWeights = options.schedule.freedom.transformsWeights;
    floatsMayTransform = options.schedule.freedom.floatsMayTransform;
    threads = options.schedule.freedom.threads;
  }
  FitArenaPass(const FitArenaPass &other) : MachinePass(other), asked(other.asked) {}
  StringRef getArgument() const override { return "qk-fit-arena"; }
  StringRef getDescription() const override { return "Choose schedules that take less memory where it is needed"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    tiling::ScheduleOptions schedule = asked;
    schedule.freedom = {weightsMayGrow, transformsWeights, floatsMayTransform, threads};
    FitOptions options{leastMemory, budget >= 0 ? std::optional<int64_t>(budget) : std::nullopt, stackBytes, stateBytes,
                       schedule};
    if (failed(Fitter(getOperation(), *chosen, options).run()))
      signalPassFailure();
  }
  tiling::ScheduleOptions asked; // but for the freedom, which the options below say
  Option<bool> leastMemory{*this, "least-memory", llvm::cl::desc("the smallest arena that any schedules give"),
                           llvm::cl::init(false)};
  Option<int64_t> budget{*this, "budget", llvm::cl::desc("bytes that arena, stack and state have; -1 for any"),
                         llvm::cl::init(-1)};
  Option<int64_t> stackBytes{*this, "stack", llvm::cl::desc("bytes of the budget that the stack needs"),
                             llvm::cl::init(0)};
  Option<bool> weightsMayGrow{*this, "weights-may-grow", llvm::cl::desc("as that of qk-schedule"),
                              llvm::cl::init(false)};
  Option<bool> transformsWeights{*this, "transforms-weights", llvm::cl::desc("as that of qk-schedule"),
                                 llvm::cl::init(false)};
  Option<bool> floatsMayTransform{*this, "floats-may-transform", llvm::cl::desc("as that of qk-schedule"),
                                  llvm::cl::init(false)};
  Option<int64_t> threads{*this, "threads", llvm::cl::desc("as that of qk-schedule"), llvm::cl::init(1)};
  Option<int64_t> stateBytes{*this, "state", llvm::cl::desc("bytes of the budget that the caller's state needs"),
                             llvm::cl::init(0)};
};
} // namespace

std::unique_ptr<Pass> memory::createFitArenaPass(const target::Machine *machine, const FitOptions &options) {
  return std::make_unique<FitArenaPass>(machine, options);
}
