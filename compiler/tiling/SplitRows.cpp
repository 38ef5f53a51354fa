// qk-split-rows: contractions whose rows are computed in pieces, by several threads.
#include "compiler/target/BlockTile.h"
#include "compiler/tiling/Passes.h"
#include "dialects/qk/Queries.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::tiling;

/// Parts of scratch memory begin in cache lines of their own.
static constexpr int64_t cacheLine = 64;

namespace {
/// Equal parts of `count` units, of which the last may have less.
struct Pieces {
  /// At most so many. As few as take no longer: of 9 rows, 5 pieces of 2 are as slow as 8.
  Pieces(int64_t count, int64_t most) : ofAll(std::max<int64_t>(count, 1)) {
    if (int64_t pieces = std::min(most, count); pieces > 1) {
      largest = llvm::divideCeil(count, pieces);
      number = llvm::divideCeil(count, largest);
    }
  }
  /// True if the largest piece is a smaller part of the whole, and if it is the same.
  bool areSmallerThan(const Pieces &other) const { return largest * other.ofAll < other.largest * ofAll; }
  bool areAsSmallAs(const Pieces &other) const { return largest * other.ofAll == other.largest * ofAll; }

  int64_t ofAll, largest = ofAll, number = 1;
};
} // namespace

/// Pieces of rows read all weights, and pieces of channels all of the input.
static bool readsLessByChannels(qk::ContractOp op, int64_t weightBytes) {
  qk::WindowAttr window = op.getWindow();
  int64_t codes = window.getBatch() * window.getInput()[0] * window.getInput()[1] * window.getChannels()[0];
  return weightBytes > llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).getPackedBytes(codes);
}

/// Each piece stages its lines in a part of its own.
static int64_t splitScratch(qk::ContractOp op, int64_t pieces) {
  if (!op.getScratch())
    return 0;
  auto old = op.getScratch().getDefiningOp<tensor::EmptyOp>();
  int64_t bytes = pieces * llvm::alignTo(old.getType().getNumElements(), cacheLine);
  OpBuilder b(op);
  Value scratch = tensor::EmptyOp::create(b, op.getLoc(), {bytes}, b.getI8Type());
  op.getScratchMutable().assign(scratch);
  if (old->use_empty())
    old->erase();
  return bytes;
}

namespace {
struct SplitRowsPass : PassWrapper<SplitRowsPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SplitRowsPass)
  SplitRowsPass() = default;
  SplitRowsPass(const target::Target *target, const SplitOptions &options) : target(target) {
    threads = options.threads;
    leastMacs = options.leastMacs;
    leastBytes = options.leastBytes;
  }
  SplitRowsPass(const SplitRowsPass &other) : PassWrapper(other), target(other.target) {}
  StringRef getArgument() const override { return "qk-split-rows"; }
  StringRef getDescription() const override { return "Divide the rows of large contractions among threads"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    const target::Target *chosen = target ? target : target::findTarget(targetName);
    if (!chosen) {
      getOperation().emitError() << "unknown target '" << targetName << "'";
      return signalPassFailure();
    }
    // The contractions of streams go row by row already.
    for (auto op : getOperation().getOps<qk::ContractOp>())
      split(op, *chosen);
  }

private:
  void split(qk::ContractOp op, const target::Target &target) {
    const target::TileInstruction *tile = op.getSchedule() ? target.findTile(op.getSchedule()->getTile()) : nullptr;
    if (!tile || !tile->block)
      return;
    target::RowUnits rowUnits = target::rowUnitsOf(op, *tile->block);
    target::ChannelUnits channelUnits = target::channelUnitsOf(op, *tile->block);
    int64_t byMacs = op.getWindow().macs() / leastMacs, byBytes = channelUnits.weightBytes / leastBytes;
    Pieces rows(rowUnits.rows / rowUnits.together, std::min<int64_t>(threads, byMacs));
    Pieces channels(channelUnits.blocks, std::min<int64_t>(threads, std::max(byMacs, byBytes)));
    if (channels.areSmallerThan(rows) ||
        (channels.areAsSmallAs(rows) && readsLessByChannels(op, channelUnits.weightBytes)))
      splitChannels(op, channels.number);
    else
      splitRows(op, *tile->block, rows.number);
  }

  void splitRows(qk::ContractOp op, const target::BlockTile &tile, int64_t pieces) {
    if (pieces < 2)
      return;
    qk::ScheduleAttr whole = *op.getSchedule();
    op.setScheduleAttr(whole.withRowPieces(pieces, whole.getRow()));
    if (whole.getRow() > 0) // rows of any length
      op.setScheduleAttr(whole.withRowPieces(pieces, target::BlockShape(op, tile).width));
    remark(op, pieces, "rows");
  }

  void splitChannels(qk::ContractOp op, int64_t pieces) {
    if (pieces < 2)
      return;
    op.setScheduleAttr(op.getSchedule()->withChannelPieces(pieces));
    remark(op, pieces, "channels");
  }

  void remark(qk::ContractOp op, int64_t pieces, StringRef dimension) {
    int64_t bytes = splitScratch(op, pieces);
    InFlightDiagnostic remark = op.emitRemark() << "computed in " << pieces << " pieces of its " << dimension;
    if (bytes > 0)
      remark << ", staged in " << bytes << " bytes";
  }

  const target::Target *target = nullptr;
  Option<std::string> targetName{*this, "target", llvm::cl::desc("target whose tile instructions are used"),
                                 llvm::cl::init("x86-64-v3")};
  Option<int64_t> threads{*this, "threads", llvm::cl::desc("pieces that are computed at a time, at most"),
                          llvm::cl::init(4)};
  Option<int64_t> leastMacs{*this, "least-macs", llvm::cl::desc("products that a piece has, at least"),
                            llvm::cl::init(SplitOptions().leastMacs)};
  Option<int64_t> leastBytes{*this, "least-bytes", llvm::cl::desc("or bytes of weights, of channels"),
                             llvm::cl::init(SplitOptions().leastBytes)};
};
} // namespace

std::unique_ptr<Pass> tiling::createSplitRowsPass(const target::Target *target, const SplitOptions &options) {
  return std::make_unique<SplitRowsPass>(target, options);
}
void tiling::registerSplitRows() { PassRegistration<SplitRowsPass>(); }
