#include "compiler/memory/StageWeights.h"

#include "compiler/memory/Accesses.h"
#include "compiler/memory/ArenaPlan.h"
#include "compiler/target/BlockTile.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

/// A copy reads and writes each byte once; below twice that, it hardly pays.
static constexpr double leastReads = 4;

/// Each part is two calls, of some 50 bytes of code.
static constexpr int64_t mostParts = 16;

static bool paysToCopy(qk::ContractOp op) {
  return op.getRhs().getDefiningOp<qk::ConstantOp>() && readsPerWeight(op) >= leastReads;
}

/// The contraction reads its weights, of that type and from byte `offset` of the constant on, where a copy of them is.
static void fetchWeights(qk::ContractOp op, RankedTensorType type, int64_t offset) {
  OpBuilder b(op);
  Value place = tensor::EmptyOp::create(b, op.getLoc(), type.getShape(), type.getElementType());
  op.getRhsMutable().assign(
      qk::FetchOp::create(b, op.getLoc(), type, op.getRhs(), place, static_cast<uint64_t>(offset)).getResult());
}

/// The contraction reads its weights where they are again.
static void unfetchWeights(qk::FetchOp fetch) {
  fetch.getResult().replaceAllUsesWith(fetch.getInput());
  Operation *place = fetch.getInit().getDefiningOp();
  fetch.erase();
  if (place->use_empty())
    place->erase();
}

//===-- Tiles -----------------------------------------------------------------------------------===//

/// The contraction of some of its channels, behind those that wrote `init`.
static qk::ContractOp computePart(qk::ContractOp op, Value init, const target::WeightBlocks::Range &range) {
  OpBuilder b(op);
  auto part = llvm::cast<qk::ContractOp>(b.clone(*op));
  qk::WindowAttr window = op.getWindow();
  part.setWindowAttr(qk::WindowAttr::get(op.getContext(), window.getBatch(), window.getInput(), window.getOutput(),
                                         window.getKernel(), window.getStrides(), window.getDilations(),
                                         window.getPads(), 1, {window.getChannels()[0], range.channels}));
  // The last channels may be fewer than a block of the others.
  if (std::optional<qk::ScheduleAttr> schedule = op.getSchedule())
    part.setScheduleAttr(qk::ScheduleAttr::get(
        op.getContext(), schedule->getTile(), schedule->getM(), std::min(schedule->getN(), range.channels),
        schedule->getK(), schedule->getLines(), schedule->getRow(), schedule->getRows(), schedule->getChannels(),
        schedule->getTiles(), schedule->getPieces(), schedule->getSmallWeights(), schedule->getOfChannels()));
  part.setPartAttr(qk::PartAttr::get(op.getContext(), range.firstChannel, window.getChannels()[1]));
  part.getInitMutable().assign(init);
  if (Value scratch = op.getScratch()) {
    b.setInsertionPoint(part);
    part.getScratchMutable().assign(b.clone(*scratch.getDefiningOp())->getResult(0));
  }
  auto element = llvm::cast<ShapedType>(op.getRhs().getType()).getElementType();
  int64_t elementBytes = element.getIntOrFloatBitWidth() / 8;
  fetchWeights(part, RankedTensorType::get({range.bytes / elementBytes}, element), range.offset);
  return part;
}

/// Computes `size` blocks of channels at a time, the last time those that are left.
static void splitChannels(qk::ContractOp op, const target::WeightBlocks &blocks, int64_t size) {
  Value written = op.getInit();
  for (int64_t first = 0; first < blocks.count; first += size)
    written = computePart(op, written, blocks.range(first, std::min(size, blocks.count - first))).getResult();
  op.getResult().replaceAllUsesWith(written);
  Operation *scratch = op.getScratch() ? op.getScratch().getDefiningOp() : nullptr;
  op.erase();
  if (scratch && scratch->use_empty())
    scratch->erase();
}

namespace {
class Stager {
public:
  Stager(func::FuncOp model, const target::Target &target, ArrayRef<Memory> memories)
      : model(model), target(target), memories(memories) {}
  LogicalResult run();

private:
  LogicalResult fetchWhole();
  void unfetch(llvm::function_ref<bool(qk::FetchOp)> isUnwanted);
  std::optional<double> costOf(func::FuncOp planned) const;
  std::optional<target::WeightBlocks> blocksOf(qk::ContractOp op) const;
  void fetchInTiles(qk::ContractOp op, const target::WeightBlocks &blocks);

  func::FuncOp model;
  const target::Target &target;
  ArrayRef<Memory> memories;
  double cost = 0; // of the model as it is now
};

void Stager::unfetch(llvm::function_ref<bool(qk::FetchOp)> isUnwanted) {
  for (auto fetch : llvm::make_early_inc_range(model.front().getOps<qk::FetchOp>()))
    if (isUnwanted(fetch))
      unfetchWeights(fetch);
}

/// Fetches all weights, then gives up those for which there is no room.
LogicalResult Stager::fetchWhole() {
  for (auto op : llvm::make_early_inc_range(model.front().getOps<qk::ContractOp>()))
    if (paysToCopy(op))
      fetchWeights(op, llvm::cast<RankedTensorType>(op.getRhs().getType()), 0);
  while (true) {
    FailureOr<ArenaPlan> plan = ArenaPlan::create(model);
    if (failed(plan))
      return failure();
    std::optional<Assignment> assignment = assign(plan->buffers(), plan->overlaps(), plan->heats(), memories);
    if (!assignment || assignment->dropped.empty())
      return success();
    unfetch(
        [&](qk::FetchOp fetch) { return llvm::is_contained(assignment->dropped, plan->bufferOf(fetch.getResult())); });
  }
}

/// What the model's accesses cost where its buffers lie; nothing if there is no room for all of them.
std::optional<double> Stager::costOf(func::FuncOp planned) const {
  FailureOr<ArenaPlan> plan = ArenaPlan::create(planned);
  if (failed(plan))
    return std::nullopt;
  std::optional<Assignment> assignment = assign(plan->buffers(), plan->overlaps(), plan->heats(), memories);
  if (!assignment || !assignment->dropped.empty() ||
      !layOut(plan->buffers(), plan->overlaps(), assignment->memories, memories))
    return std::nullopt;
  return plan->accessCost(assignment->memories);
}

std::optional<target::WeightBlocks> Stager::blocksOf(qk::ContractOp op) const {
  const target::BlockTile *tile = target::blockTileOf(op, target);
  if (op.getPacked() && !tile)
    return std::nullopt;
  if (llvm::cast<qnn::NumberFormat>(op.getOutFormat()).getBits() % 8 != 0)
    return std::nullopt;
  if (qk::channelPiecesOf(op) > 1) // each has channels of its own
    return std::nullopt;
  return target::weightBlocks(op, tile);
}

/// The largest tiles that there is room for, if they are worth it. With smaller ones, more of the work is done again.
void Stager::fetchInTiles(qk::ContractOp op, const target::WeightBlocks &blocks) {
  int64_t most = std::min(blocks.count - 1, memories[0].bytes / blocks.bytes);
  for (int64_t size = most; size > 0; --size) {
    // Tiles of one size, as far as that goes: they share their code.
    int64_t parts = llvm::divideCeil(blocks.count, size);
    size = llvm::divideCeil(blocks.count, parts);
    if (parts > mostParts)
      return;
    IRMapping mapping;
    OwningOpRef<func::FuncOp> trial = llvm::cast<func::FuncOp>(model->clone(mapping));
    splitChannels(mapping.lookup(op.getResult()).getDefiningOp<qk::ContractOp>(), blocks, size);
    std::optional<double> tiled = costOf(*trial);
    if (!tiled)
      continue;
    if (*tiled >= cost)
      return;
    op.emitRemark() << "computed in " << parts << " parts of its channels: weights of " << blocks.bytes * size
                    << " bytes at a time are copied to '" << memories[0].name << "'";
    splitChannels(op, blocks, size);
    cost = *tiled;
    return;
  }
}

LogicalResult Stager::run() {
  if (failed(fetchWhole()))
    return failure();
  std::optional<double> whole = costOf(model);
  if (!whole) {
    unfetch([](qk::FetchOp) { return true; });
    return success();
  }
  cost = *whole;
  struct Candidate {
    qk::ContractOp op;
    target::WeightBlocks blocks;
    double readBytes; // those with most come first
    size_t number;
  };
  std::vector<Candidate> candidates;
  for (auto op : model.front().getOps<qk::ContractOp>())
    if (std::optional<target::WeightBlocks> blocks = paysToCopy(op) ? blocksOf(op) : std::nullopt)
      candidates.push_back(
          {op, *blocks, static_cast<double>(blocks->count * blocks->bytes) * readsPerWeight(op), candidates.size()});
  llvm::sort(candidates, [](const Candidate &a, const Candidate &b) {
    return std::pair(-a.readBytes, a.number) < std::pair(-b.readBytes, b.number);
  });
  for (const Candidate &candidate : candidates)
    fetchInTiles(candidate.op, candidate.blocks);
  return success();
}
} // namespace

LogicalResult memory::stageWeights(func::FuncOp model, const target::Target &target, ArrayRef<Memory> memories) {
  return Stager(model, target, memories).run();
}
