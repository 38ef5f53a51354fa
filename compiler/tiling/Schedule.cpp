// qk-schedule: the tile instruction of each contraction, its register block, and the lines that it stages.
#include "compiler/target/PatchTile.h"
#include "compiler/target/PlanarTile.h"
#include "compiler/tiling/Passes.h"

using namespace mlir;
using namespace qcc;

namespace {
/// A way to compute a contraction, and its estimated cycles.
struct Choice {
  const target::TileInstruction *tile = nullptr;
  int64_t positions = 1, vectors = 1, lines = 0;
  double cycles = 0;
};

/// The block that is estimated to be fastest.
Choice bestBlock(const target::TileInstruction &tile, const target::BlockShape &shape) {
  Choice best;
  for (int64_t vectors = 1; vectors <= shape.vectors; ++vectors) {
    // What lies together is computed together.
    if (vectors % tile.block->channelUnit() != 0 && vectors != shape.vectors)
      continue;
    for (int64_t positions = 1; positions <= shape.rowsAtOnce() * shape.width; ++positions) {
      if (!tile.block->holdsBlock(positions, vectors))
        break;
      double cycles = shape.cycles(positions, vectors);
      if (!best.tile || cycles < best.cycles)
        best = {&tile, positions, vectors, 0, cycles};
    }
  }
  if (!shape.readsInPlace())
    best.lines = shape.lines;
  return best;
}

/// Blocks for a contraction of any weights, if the tile has some for it.
std::optional<Choice> chooseBlock(qk::ContractOp op, const target::TileInstruction &tile) {
  if (!target::computesWindow(*tile.block, op.getWindow()))
    return std::nullopt;
  if (tile.block->asPatch()) {
    target::PatchShape shape(op.getWindow());
    return Choice{&tile, shape.positions(), 1, 0, shape.cycles()};
  }
  if (!target::DepthwiseShape::matches(op.getWindow()))
    return bestBlock(tile, target::BlockShape(op, *tile.block));
  target::DepthwiseShape shape(op, *tile.block);
  int64_t positions = tile.block->costs.depthwisePositions;
  if (const target::PlanarTile *planar = tile.block->asPlanar())
    positions = planar->positionsOf(op.getWindow());
  return Choice{&tile, std::min(positions, shape.width), 1, shape.lines, shape.cycles()};
}

std::optional<Choice> chooseTile(qk::ContractOp op, const target::Machine &machine) {
  // Decoding, one product at a time, in places that are computed for each; then the epilogue.
  constexpr double genericCyclesPerProduct = 4, genericCyclesPerCode = 16;
  bool isFloat = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat(), hasBlocks = target::hasBlockForm(op);
  std::optional<Choice> best;
  for (const target::TileInstruction *tile : machine.tiles) {
    if (tile->isFloat != isFloat)
      continue;
    std::optional<Choice> choice =
        Choice{tile, 1, 1, 0,
               genericCyclesPerProduct * static_cast<double>(op.getWindow().macs()) +
                   genericCyclesPerCode * static_cast<double>(op.getWindow().outputElements())};
    if (tile->block)
      choice = hasBlocks ? chooseBlock(op, *tile) : std::nullopt;
    // Weights are read last, and only where that decides.
    bool isBetter = choice && (!best || choice->cycles < best->cycles);
    if (isBetter && (!tile->block || target::fitsWeights(op, *tile->block)))
      best = choice;
  }
  return best;
}

/// Sets the schedule, and adds the scratch memory that it needs.
void apply(qk::ContractOp op, const Choice &choice) {
  OpBuilder b(op);
  const target::BlockTile *block = choice.tile->block;
  int64_t channels = block ? choice.vectors * block->lanes : 1;
  op.setScheduleAttr(qk::ScheduleAttr::get(op.getContext(), choice.tile->name, choice.positions, channels,
                                           block ? block->products : 0, choice.lines));
  InFlightDiagnostic remark = op.emitRemark() << "computed by " << choice.tile->name;
  if (!block)
    return;
  remark << ", " << choice.positions << " x " << channels << " at a time";
  target::Staging staging = target::stagingOf(op, *block);
  if (choice.lines == 0 && staging.canReadInPlace)
    return;
  int64_t bytes = staging.bytes;
  if (choice.lines)
    remark << ", " << choice.lines << " lines staged in " << bytes << " bytes";
  else
    remark << ", staged in " << bytes << " bytes";
  op.getScratchMutable().assign(tensor::EmptyOp::create(b, op.getLoc(), {bytes}, b.getI8Type()));
}

struct SchedulePass : PassWrapper<SchedulePass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SchedulePass)
  SchedulePass() = default;
  explicit SchedulePass(const target::Machine *machine) : machine(machine) {}
  SchedulePass(const SchedulePass &other) : PassWrapper(other), machine(other.machine) {}
  StringRef getArgument() const override { return "qk-schedule"; }
  StringRef getDescription() const override { return "Choose the tile instruction of each contraction"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    target::Machine named;
    std::string error;
    if (!machine && !target::resolveMachine(targetName, "", features, named, error)) {
      getOperation().emitError() << error;
      return signalPassFailure();
    }
    const target::Machine &chosen = machine ? *machine : named;
    WalkResult result = getOperation().walk([&](qk::ContractOp op) {
      if (op.getSchedule())
        return WalkResult::advance(); // an explicit choice stays
      std::optional<Choice> choice = chooseTile(op, chosen);
      if (!choice) {
        op.emitError() << "target '" << chosen.target->name << "' has no tile instruction for " << op.getLhsFormat();
        return WalkResult::interrupt();
      }
      apply(op, *choice);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
  const target::Machine *machine = nullptr;
  Option<std::string> targetName{*this, "target", llvm::cl::desc("target whose tile instructions are used"),
                                 llvm::cl::init("x86-64-v3")};
  Option<std::string> features{*this, "features", llvm::cl::desc("further features of the machine, as of --mattr")};
};
} // namespace

std::unique_ptr<Pass> tiling::createSchedulePass(const target::Machine *machine) {
  return std::make_unique<SchedulePass>(machine);
}
void tiling::registerPasses() { PassRegistration<SchedulePass>(); }
