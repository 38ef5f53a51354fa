// qk-split-kernels: large kernels that are computed in pieces, by several threads.
#include "compiler/target/BlockTile.h"
#include "compiler/target/MachinePass.h"
#include "compiler/tiling/Passes.h"
#include "dialects/qk/Pieces.h"
#include "dialects/qk/Queries.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

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
  /// True if the largest piece is a smaller part of the whole by a sixteenth or more.
  bool areSmallerThan(const Pieces &other) const { return 16 * largest * other.ofAll <= 15 * other.largest * ofAll; }

  int64_t ofAll, largest = ofAll, number = 1;
};
} // namespace

/// Pieces of rows read all weights, and pieces of channels all of the input.
static bool readsLessByChannels(qk::ContractOp op, int64_t weightBytes) {
  qk::WindowAttr window = op.getWindow();
  int64_t codes = window.getBatch() * window.getInput()[0] * window.getInput()[1] * window.getChannels()[0];
  return weightBytes > llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).getPackedBytes(codes);
}

/// What rows of neighbours take that are copied or filled, in elements of a map: the begin of each as long as two, and
/// 16 bytes as one.
static int64_t elementsOfCopy(int64_t rows, int64_t codes, Type format) {
  return 2 * rows + llvm::cast<qnn::NumberFormat>(format).getPackedBytes(codes) / 16;
}

static int64_t elementsOfMap(qk::MapOp op) {
  qk::Box box(op);
  int64_t points = llvm::product_of(op.getShape());
  if (box.shape.empty() || !(op.getInputs().empty() || qk::copiesRows(op, box)))
    return points;
  return elementsOfCopy(points / std::max<int64_t>(box.shape.back(), 1), points, box.accesses.back().getFormat());
}

/// What a kernel other than a contraction has to do, in elements of a map; 0 if nothing is known of it. Measured on
/// machines with vectors: four taps of a pool take as long as one of these, each element of a lookup as two, and an
/// exponential as 16.
static int64_t elementsOf(Operation *kernel) {
  constexpr int64_t tapsPerElement = 4, lookup = 2, exponential = 16;
  return llvm::TypeSwitch<Operation *, int64_t>(kernel)
      .Case([](qk::PoolOp op) {
        return op.getWindow().outputElements() * qk::windowSize(op.getWindow()) / tapsPerElement;
      })
      .Case([](qk::MapOp op) { return elementsOfMap(op); })
      .Case([](qk::GatherOp op) {
        int64_t positions = llvm::product_of(op.getShape().drop_back());
        return elementsOfCopy(positions, positions * op.getShape().back(), op.getFormat());
      })
      .Case([](qk::ArgmaxOp op) { return llvm::product_of(op.getShape()); })
      .Case([](qk::LookupOp op) { return lookup * static_cast<int64_t>(op.getCount()); })
      .Case<qk::SoftmaxOp, qk::FloatSoftmaxOp>(
          [](auto op) { return exponential * static_cast<int64_t>(op.getRows() * op.getColumns()); })
      .Default([](Operation *) { return 0; });
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
struct SplitKernelsPass : target::MachinePass<SplitKernelsPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SplitKernelsPass)
  SplitKernelsPass() = default;
  SplitKernelsPass(const target::Machine *machine, const SplitOptions &options) : MachinePass(machine) {
    threads = options.threads;
    leastMacs = options.leastMacs;
    leastBytes = options.leastBytes;
    leastElements = options.leastElements;
  }
  SplitKernelsPass(const SplitKernelsPass &other) : MachinePass(other) {}
  StringRef getArgument() const override { return "qk-split-kernels"; }
  StringRef getDescription() const override { return "Divide large kernels into pieces for several threads"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }

  void runOnOperation() override {
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    // The kernels of streams go row by row already.
    for (auto kernel : getOperation().getOps<qk::Kernel>())
      if (auto contraction = llvm::dyn_cast<qk::ContractOp>(*kernel))
        split(contraction, *chosen->target);
      else
        split(kernel);
  }

private:
  void split(qk::ContractOp op, const target::Target &target) {
    const target::BlockTile *tile = target::blockTileOf(op, target);
    if (!tile)
      return;
    target::RowUnits rowUnits = target::rowUnitsOf(op, *tile);
    target::ChannelUnits channelUnits = target::channelUnitsOf(op, *tile);
    int64_t byMacs = op.getWindow().macs() / leastMacs, byBytes = channelUnits.weightBytes / leastBytes;
    Pieces rows(rowUnits.rows / rowUnits.together, std::min<int64_t>(threads, byMacs));
    Pieces channels(channelUnits.blocks, std::min<int64_t>(threads, std::max(byMacs, byBytes)));
    bool areAlike = !channels.areSmallerThan(rows) && !rows.areSmallerThan(channels);
    if (areAlike ? readsLessByChannels(op, channelUnits.weightBytes) : channels.areSmallerThan(rows))
      splitChannels(op, channels.number);
    else
      splitRows(op, *tile, rows.number);
  }

  void split(qk::Kernel kernel) {
    int64_t elements = elementsOf(kernel);
    Pieces pieces(qk::pieceUnitsOf(kernel), std::min<int64_t>(threads, elements / leastElements));
    if (pieces.number < 2)
      return;
    kernel->setAttr("pieces", OpBuilder(kernel).getI64IntegerAttr(pieces.number));
    kernel->emitRemark() << "computed in " << pieces.number << " pieces";
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

  Option<int64_t> threads{*this, "threads", llvm::cl::desc("pieces that are computed at a time, at most"),
                          llvm::cl::init(4)};
  Option<int64_t> leastMacs{*this, "least-macs", llvm::cl::desc("products that a piece has, at least"),
                            llvm::cl::init(SplitOptions().leastMacs)};
  Option<int64_t> leastBytes{*this, "least-bytes", llvm::cl::desc("or bytes of weights, of channels"),
                             llvm::cl::init(SplitOptions().leastBytes)};
  Option<int64_t> leastElements{*this, "least-elements", llvm::cl::desc("the same for kernels without products"),
                                llvm::cl::init(SplitOptions().leastElements)};
};
} // namespace

std::unique_ptr<Pass> tiling::createSplitKernelsPass(const target::Machine *machine, const SplitOptions &options) {
  return std::make_unique<SplitKernelsPass>(machine, options);
}
void tiling::registerSplitKernels() { PassRegistration<SplitKernelsPass>(); }
