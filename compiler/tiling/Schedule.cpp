// qk-schedule: the tile instruction of each contraction, its register block, and the lines that it stages.
#include "compiler/tiling/Schedule.h"

#include "compiler/target/MachinePass.h"
#include "compiler/target/PatchTile.h"
#include "compiler/target/PlanarTile.h"
#include "compiler/target/WinogradShape.h"
#include "compiler/tiling/Passes.h"
#include "compiler/tiling/Tuning.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tiling;

namespace {

using Algorithm = qnn::AlgorithmKind;
using Visit = llvm::function_ref<void(const Choice &)>;

/// All blocks that a tile has for a contraction.
void forEachBlock(const target::TileInstruction &tile, const target::BlockShape &shape, Visit visit) {
  Choice choice{.tile = &tile, .rows = shape.scheduledRows()};
  if (!shape.readsInPlace())
    choice.lines = shape.lines;
  else if (qk::seesOnePosition(shape.window) && shape.rows > 1)
    choice.row = shape.width;
  for (choice.vectors = 1; choice.vectors <= shape.vectors; ++choice.vectors) {
    // What lies together is computed together.
    if (choice.vectors % tile.block->channelUnit() != 0 && choice.vectors != shape.vectors)
      continue;
    int64_t most = shape.rowsAtOnce() * shape.width;
    for (choice.positions = 1; choice.positions <= most; ++choice.positions) {
      if (!tile.block->holdsBlock(choice.positions, choice.vectors))
        break;
      choice.cycles = shape.cycles(choice.positions, choice.vectors) + tile.block->codeCycles();
      choice.weightBytes = shape.groups * shape.groupBytes(choice.vectors);
      if (std::isfinite(choice.cycles))
        visit(choice);
    }
  }
}

/// The same by Winograd's algorithm.
void forEachTransformedBlock(qk::ContractOp op, const target::TileInstruction &tile, Algorithm algorithm,
                             int64_t threads, Visit visit) {
  if (!tile.block || !target::WinogradShape::matches(op, *tile.block))
    return;
  bool hasSmallWeights = algorithm == Algorithm::WinogradF2Small;
  target::WinogradShape row(op, *tile.block, /*rowsTogether=*/1, hasSmallWeights);
  int64_t rowsOfTiles = row.tiles.getOutput()[0];
  for (int64_t together = 1; together <= rowsOfTiles; ++together) {
    if (rowsOfTiles % together != 0 || (together > 1 && row.hasBlocks() && !hasSmallWeights))
      continue;
    if (together > 1 && rowsOfTiles / together < threads)
      break;
    target::WinogradShape shape(op, *tile.block, together, hasSmallWeights);
    // More rows are worth it as long as they are transformed at a time, or in two parts where weights come from afar.
    if (together > 1 && shape.tilesTogether() > shape.mostTilesAtOnce() * (shape.hasCaches() ? 2 : 1))
      break;
    Choice choice{.tile = &tile, .lines = shape.lines(), .rows = shape.rows(), .algorithm = algorithm};
    for (choice.vectors = 1; choice.vectors <= shape.products.vectors; ++choice.vectors)
      for (choice.positions = 1; choice.positions <= shape.neighbours(); ++choice.positions) {
        if (!tile.block->holdsBlock(choice.positions, choice.vectors))
          break;
        choice.tiles = shape.tilesAtOnce(choice.positions);
        choice.cycles = shape.cycles(choice.positions, choice.vectors);
        if (std::isfinite(choice.cycles))
          visit(choice);
      }
  }
}

/// Blocks for a contraction of any weights, if the tile has some for it.
void forEachBlock(qk::ContractOp op, const target::TileInstruction &tile, Visit visit) {
  if (tile.block->isForTransformed() || !target::hasBlockForm(op, *tile.block) ||
      !target::computesWindow(*tile.block, op.getWindow()))
    return;
  if (tile.block->asPatch()) {
    target::PatchShape shape(op.getWindow());
    return visit({.tile = &tile,
                  .positions = shape.positions(),
                  .vectors = shape.chunk,
                  .rows = shape.rowsTogether(),
                  .cycles = shape.cycles()});
  }
  if (!target::DepthwiseShape::matches(op.getWindow()))
    return forEachBlock(tile, target::BlockShape(op, *tile.block), visit);
  target::DepthwiseShape shape(op, *tile.block);
  int64_t positions = tile.block->costs.depthwisePositions;
  if (const target::PlanarTile *planar = tile.block->asPlanar())
    return visit({.tile = &tile,
                  .positions = std::min(planar->positionsOf(shape.window), shape.width),
                  .channels = shape.channelsAtOnce,
                  .cycles = shape.cycles()});
  visit({.tile = &tile,
         .positions = shape.rollsColumns ? 1 : std::min(positions, shape.width),
         .vectors = shape.rollsColumns ? tile.block->interleavedVectors() : 1,
         .lines = shape.lines,
         .channels = shape.channelsAtOnce,
         .cycles = shape.cycles()});
}

/// Of one product at a time, from codes in places that are computed for each; then the epilogue. Codes within a byte
/// are shifted and masked.
double genericCycles(qk::ContractOp op) {
  constexpr double perProduct = 8, perPackedCode = 4, perSum = 16;
  double product = perProduct;
  for (Type format : {op.getLhsFormat(), op.getRhsFormat()})
    product += llvm::cast<qnn::NumberFormat>(format).getBits() % 8 ? perPackedCode : 0;
  return product * static_cast<double>(op.getWindow().macs()) +
         perSum * static_cast<double>(op.getWindow().outputElements());
}

/// All direct ways to compute a contraction of any weights by one tile instruction.
void forEachDirectChoice(qk::ContractOp op, const target::TileInstruction &tile, Visit visit) {
  if (tile.isFloat != llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat())
    return;
  if (tile.block)
    return forEachBlock(op, tile, visit);
  visit({.tile = &tile, .cycles = genericCycles(op)});
}

/// What a choice's cycles count for, where weights below 8 bits, or of bf16, are to stay small: half the bytes are
/// worth 1.4 times the cycles, a quarter of them twice as many.
double worthOfBytes(qk::ContractOp op, const Choice &choice) {
  bool isNarrow = llvm::cast<qnn::NumberFormat>(op.getRhsFormat()).getBits() < 8 || op.getRhsFormat().isBF16();
  if (choice.weightBytes == 0 || !isNarrow)
    return 1;
  qk::WindowAttr window = op.getWindow();
  int64_t weights = qk::outputChannels(op) * qk::windowSize(window) * window.getChannels()[0];
  return std::sqrt(static_cast<double>(choice.weightBytes) / static_cast<double>(weights));
}

/// Direct, and Winograd's.
constexpr Algorithm algorithms[] = {Algorithm::Direct, Algorithm::WinogradF2, Algorithm::WinogradF4Exact,
                                    Algorithm::WinogradF4, Algorithm::WinogradF2Small};

/// Whether a contraction is to be computed that way. Of integers, F(4x4, 3x3) has results of its own.
bool isAllowed(qk::ContractOp op, Algorithm algorithm, Freedom freedom) {
  if (std::optional<qnn::AlgorithmAttr> asked = op.getAlgorithm())
    return asked->getKind() == algorithm;
  bool isFloat = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat();
  ArrayRef<int64_t> kernel = op.getWindow().getKernel();
  if (!qnn::winograd::computes(algorithm, kernel[0], kernel[1]))
    return false;
  switch (algorithm) {
  case Algorithm::Direct:
    return true;
  case Algorithm::WinogradF2:
  case Algorithm::WinogradF4Exact:
    return freedom.weightsMayGrow && !isFloat;
  case Algorithm::WinogradF4:
    return freedom.floatsMayTransform && isFloat;
  case Algorithm::WinogradF2Small:
    return freedom.transformsWeights && !freedom.weightsMayGrow && !isFloat &&
           llvm::cast<qnn::NumberFormat>(op.getRhsFormat()).getBits() == 8;
  }
  llvm_unreachable("no other algorithms");
}

/// All ways to compute a contraction of any weights by one tile instruction and an algorithm. Their cycles count for
/// more where they take bytes that are to be saved.
void forEachChoice(qk::ContractOp op, const target::TileInstruction &tile, Algorithm algorithm, Freedom freedom,
                   Visit visit) {
  // Weights that grow are to be worth it, and even more so the memory and the code that transform them.
  constexpr double worthwhile = 0.96, worthMemory = 0.8;
  auto weigh = [&](Choice choice) {
    if (!freedom.weightsMayGrow)
      choice.cycles *= worthOfBytes(op, choice);
    if (algorithm != Algorithm::Direct && !op.getAlgorithm())
      choice.cycles /= choice.hasSmallWeights() ? worthMemory : worthwhile;
    visit(choice);
  };
  algorithm == Algorithm::Direct ? forEachDirectChoice(op, tile, weigh)
                                 : forEachTransformedBlock(op, tile, algorithm, freedom.threads, weigh);
}

/// The one that is estimated to be fastest; where weights are transformed while the program runs, for each number of
/// rows together: the more, the faster, and the more memory is taken.
void forEachFastest(qk::ContractOp op, const target::TileInstruction &tile, Algorithm algorithm, Freedom freedom,
                    Visit visit) {
  llvm::SmallMapVector<int64_t, Choice, 4> best;
  forEachChoice(op, tile, algorithm, freedom, [&](const Choice &choice) {
    auto [place, isFirst] = best.insert({choice.hasSmallWeights() ? choice.rows : 0, choice});
    if (!isFirst && choice.cycles < place->second.cycles)
      place->second = choice;
  });
  for (const auto &[rows, choice] : best)
    visit(choice);
}

/// Whether the tile computes such operands, and the weights that there are.
bool fits(qk::ContractOp op, const Choice &choice) {
  const target::BlockTile *block = choice.tile->block;
  if (choice.algorithm != Algorithm::Direct)
    return target::WinogradShape::problem(op, *block, choice.hasSmallWeights()).empty();
  return !block || (target::hasBlockForm(op, *block) && target::fitsWeights(op, *block));
}

/// What a tuning says of a contraction, or null.
const TunedBlock *findTuned(qk::ContractOp op, const ScheduleOptions &options) {
  if (!options.tuning)
    return nullptr;
  auto found = options.tuning->contractions.find(describeContraction(op));
  return found == options.tuning->contractions.end() ? nullptr : &found->second;
}

/// The algorithm of that name, if there is one.
std::optional<Algorithm> findAlgorithm(qk::ContractOp op, StringRef name) {
  const Algorithm *found =
      llvm::find_if(algorithms, [&](Algorithm algorithm) { return qk::algorithmName(op, algorithm) == name; });
  return found == std::end(algorithms) ? std::nullopt : std::optional(*found);
}

/// The fastest choice with that block, whatever the weights are, if there is one.
std::optional<Choice> findBlock(qk::ContractOp op, const target::Machine &machine, Freedom freedom,
                                const TunedBlock &block) {
  std::optional<Choice> found;
  std::optional<Algorithm> algorithm = findAlgorithm(op, block.algorithm);
  if (!algorithm || !isAllowed(op, *algorithm, freedom))
    return found;
  for (const target::TileInstruction *tile : machine.tiles)
    if (tile->block && tile->name == block.tile)
      forEachChoice(op, *tile, *algorithm, freedom, [&](const Choice &choice) {
        if (choice.positions == block.positions && choice.vectors * tile->block->lanes == block.channels &&
            (!found || choice.cycles < found->cycles))
          found = choice;
      });
  return found;
}

/// What is asked for in place of the fastest choice, if anything is.
std::optional<Choice> chooseAsked(qk::ContractOp op, const target::Machine &machine, const ScheduleOptions &options) {
  if (const TunedBlock *block = findTuned(op, options))
    if (std::optional<Choice> choice = findBlock(op, machine, options.freedom, *block); choice && fits(op, *choice))
      return choice;
  if (options.rank > 0)
    if (std::vector<Choice> candidates = listCandidates(op, machine, options.freedom); !candidates.empty())
      return candidates[std::min<size_t>(options.rank, candidates.size() - 1)];
  return std::nullopt;
}

/// The fastest choices of each tile instruction, for each algorithm that is allowed.
void forEachFastest(qk::ContractOp op, const target::Machine &machine, Freedom freedom, Visit visit) {
  for (Algorithm algorithm : algorithms)
    for (const target::TileInstruction *tile : machine.tiles)
      if (isAllowed(op, algorithm, freedom))
        forEachFastest(op, *tile, algorithm, freedom, visit);
}

std::optional<Choice> chooseTile(qk::ContractOp op, const target::Machine &machine, const ScheduleOptions &options) {
  if (std::optional<Choice> asked = chooseAsked(op, machine, options))
    return asked;
  std::optional<Choice> best;
  forEachFastest(op, machine, options.freedom, [&](const Choice &choice) {
    // Weights are read last, and only where that decides.
    if ((!best || choice.cycles < best->cycles) && fits(op, choice))
      best = choice;
  });
  return best;
}

/// Says why there is no choice.
void reportNone(qk::ContractOp op, const target::Machine &machine) {
  InFlightDiagnostic error = op.emitError();
  if (!qnn::isWinograd(op.getAlgorithm())) {
    error << "target '" << machine.target->name << "' has no tile instruction for " << op.getLhsFormat();
    return;
  }
  for (const target::TileInstruction *tile : machine.tiles)
    if (tile->block && target::WinogradShape::matches(op, *tile->block)) {
      error << target::WinogradShape::problem(op, *tile->block,
                                              op.getAlgorithm()->getKind() == Algorithm::WinogradF2Small);
      return;
    }
  error << "target '" << machine.target->name << "' has no tile instruction that computes a contraction of "
        << op.getLhsFormat() << " by ";
  if (qnn::isTapwise(op.getAlgorithm()))
    error << "winograd(f4), which its results come from; quantize the model without it";
  else
    error << *op.getAlgorithm() << "; leave it to --algorithm='...=direct'";
}

/// Says what weights of few bits take that are not left as bits, where tiles could count them.
void remarkBytes(qk::ContractOp op, const Choice &choice, InFlightDiagnostic &remark) {
  auto weights = llvm::cast<qnn::NumberFormat>(op.getRhsFormat());
  qk::WindowAttr window = op.getWindow();
  int64_t count = qk::outputChannels(op) * qk::windowSize(window) * window.getChannels()[0];
  int64_t bytes = weights.getPackedBytes(count);
  if (weights.getBits() < 8 && target::BitPlanes::match(op) && choice.weightBytes >= 2 * bytes)
    remark << "; its weights take " << choice.weightBytes << " bytes, as bits " << bytes;
}

/// Says if a tuning names a block that there is not. That of an algorithm which this build does not allow is no
/// mistake.
void warnOfTuning(qk::ContractOp op, const target::Machine &machine, const ScheduleOptions &options) {
  const TunedBlock *block = findTuned(op, options);
  if (!block || findBlock(op, machine, options.freedom, *block))
    return;
  std::optional<Algorithm> algorithm = findAlgorithm(op, block->algorithm);
  if (algorithm && !isAllowed(op, *algorithm, options.freedom))
    return;
  InFlightDiagnostic warning = op.emitWarning() << "cannot be computed by " << block->tile << ", ";
  if (algorithm != Algorithm::Direct)
    warning << block->algorithm << ", ";
  warning << block->positions << " x " << block->channels << " at a time, as the tuning file says; tune it again";
}

/// Says what was chosen.
void remark(qk::ContractOp op, const Choice &choice) {
  InFlightDiagnostic remark = op.emitRemark() << "computed by " << choice.tile->name;
  if (choice.tiles > 0)
    remark << ", " << qk::algorithmName(op, choice.algorithm);
  if (choice.tile->block)
    remark << ", " << choice.positions << (choice.tiles > 0 ? " tiles x " : " x ") << op.getSchedule()->getN()
           << " at a time";
  if (choice.lines > 0)
    remark << ", " << choice.lines << " lines";
  if (choice.channels > 0)
    remark << ", all rows of " << choice.channels << " channels";
  if (op.getScratch())
    remark << (choice.lines > 0 || choice.channels > 0 ? "" : ",") << " staged in "
           << llvm::cast<ShapedType>(op.getScratch().getType()).getNumElements() << " bytes";
  if (choice.tile->block && !choice.tile->block->asBits())
    remarkBytes(op, choice, remark);
}

struct SchedulePass : target::MachinePass<SchedulePass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SchedulePass)
  SchedulePass() = default;
  SchedulePass(const target::Machine *machine, const ScheduleOptions &options)
      : MachinePass(machine), tuning(options.tuning) {
    rank = options.rank;
    weightsMayGrow = options.freedom.weightsMayGrow;
    transformsWeights = options.freedom.transformsWeights;
    floatsMayTransform = options.freedom.floatsMayTransform;
    threads = options.freedom.threads;
  }
  SchedulePass(const SchedulePass &other) : MachinePass(other), tuning(other.tuning) {}
  StringRef getArgument() const override { return "qk-schedule"; }
  StringRef getDescription() const override { return "Choose the tile instruction of each contraction"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    ScheduleOptions options{tuning, rank, {weightsMayGrow, transformsWeights, floatsMayTransform, threads}};
    WalkResult result = getOperation().walk([&](qk::ContractOp op) {
      if (op.getSchedule())
        return WalkResult::advance(); // an explicit choice stays
      warnOfTuning(op, *chosen, options);
      std::optional<Choice> choice = chooseTile(op, *chosen, options);
      if (!choice) {
        reportNone(op, *chosen);
        return WalkResult::interrupt();
      }
      applyChoice(op, *choice);
      remark(op, *choice);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
  const Tuning *tuning = nullptr;
  Option<unsigned> rank{*this, "rank",
                        llvm::cl::desc("which of the cheapest blocks to take; the last if there are less"),
                        llvm::cl::init(0)};
  Option<bool> weightsMayGrow{*this, "weights-may-grow",
                              llvm::cl::desc("whether speed comes before the bytes of weights: few bits in bytes, and "
                                             "Winograd's algorithm where 3x3 windows leave it open"),
                              llvm::cl::init(false)};
  Option<bool> transformsWeights{*this, "transforms-weights",
                                 llvm::cl::desc("whether weights that may not grow may be transformed at run time"),
                                 llvm::cl::init(false)};
  Option<bool> floatsMayTransform{*this, "floats-may-transform",
                                  llvm::cl::desc("the same for f32, whose results are then rounded otherwise"),
                                  llvm::cl::init(false)};
  Option<int64_t> threads{*this, "threads", llvm::cl::desc("threads that are to have rows of tiles of their own"),
                          llvm::cl::init(1)};
};
} // namespace

/// Puts a choice behind those that are as fast.
static void insertSorted(std::vector<Choice> &choices, const Choice &choice) {
  auto isFaster = [](const Choice &a, const Choice &b) { return a.cycles < b.cycles; };
  choices.insert(std::upper_bound(choices.begin(), choices.end(), choice, isFaster), choice);
}

std::vector<Choice> tiling::listChoices(qk::ContractOp op, const target::Machine &machine,
                                        const ScheduleOptions &options) {
  std::vector<Choice> choices;
  forEachFastest(op, machine, options.freedom, [&](const Choice &choice) {
    if (fits(op, choice))
      insertSorted(choices, choice);
  });
  if (std::optional<Choice> asked = chooseAsked(op, machine, options)) {
    if (!choices.empty())
      asked->cycles = std::min(asked->cycles, choices.front().cycles);
    choices.insert(choices.begin(), *asked);
  }
  return choices;
}

/// The fastest choice of each block for an algorithm, the fastest first.
static std::vector<Choice> listBlocks(qk::ContractOp op, const target::Machine &machine, Algorithm algorithm,
                                      Freedom freedom) {
  std::vector<Choice> choices, blocks;
  for (const target::TileInstruction *tile : machine.tiles) {
    std::optional<bool> fitsTile; // the same for all of its blocks
    forEachChoice(op, *tile, algorithm, freedom, [&](const Choice &choice) {
      if (!fitsTile)
        fitsTile = fits(op, choice);
      if (*fitsTile)
        insertSorted(choices, choice);
    });
  }
  for (const Choice &choice : choices)
    if (llvm::none_of(blocks, [&](const Choice &block) { return block.hasBlockOf(choice); }))
      blocks.push_back(choice);
  return blocks;
}

std::vector<Choice> tiling::listCandidates(qk::ContractOp op, const target::Machine &machine, Freedom freedom) {
  constexpr size_t ofEach = maxCandidates / 4;
  std::vector<Choice> candidates, others;
  for (Algorithm algorithm : algorithms)
    if (isAllowed(op, algorithm, freedom))
      for (const auto &[place, choice] : llvm::enumerate(listBlocks(op, machine, algorithm, freedom)))
        insertSorted(place < ofEach ? candidates : others, choice);
  for (const Choice &choice : others)
    if (candidates.size() < maxCandidates)
      insertSorted(candidates, choice);
  // One product at a time is never near.
  if (!candidates.empty() && candidates.front().tile->block)
    llvm::erase_if(candidates, [](const Choice &choice) { return !choice.tile->block; });
  return candidates;
}

qk::ScheduleAttr tiling::scheduleOf(qk::ContractOp op, const Choice &choice) {
  const target::BlockTile *block = choice.tile->block;
  int64_t channels = block ? choice.vectors * block->lanes : 1;
  return qk::ScheduleAttr::get(op.getContext(), choice.tile->name, choice.positions, channels,
                               block ? block->products : 0, choice.lines, choice.row, choice.rows, choice.channels,
                               choice.tiles, /*pieces=*/1, choice.hasSmallWeights(), /*of_channels=*/false);
}

void tiling::applyChoice(qk::ContractOp op, const Choice &choice) {
  const target::BlockTile *block = choice.tile->block;
  op.setScheduleAttr(scheduleOf(op, choice));
  Operation *old = op.getScratch() ? op.getScratch().getDefiningOp() : nullptr;
  op.getScratchMutable().clear();
  if (old && old->use_empty())
    old->erase();
  if (!block)
    return;
  target::Staging staging = target::stagingOf(op, *block);
  int64_t bytes = choice.lines == 0 && staging.canReadInPlace ? staging.rowBytes : staging.bytes;
  if (bytes == 0)
    return;
  OpBuilder b(op);
  Value scratch = tensor::EmptyOp::create(b, op.getLoc(), {bytes}, b.getI8Type());
  op.getScratchMutable().assign(scratch);
}

std::unique_ptr<Pass> tiling::createSchedulePass(const target::Machine *machine, const ScheduleOptions &options) {
  return std::make_unique<SchedulePass>(machine, options);
}
void tiling::registerPasses() {
  PassRegistration<SchedulePass>();
  registerSplitKernels();
}
