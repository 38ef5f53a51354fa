// qk-schedule: the tile instruction of each contraction.
#include "compiler/tiling/Passes.h"
#include "dialects/qk/QkOps.h"

using namespace mlir;
using namespace qcc;

namespace {
struct SchedulePass : PassWrapper<SchedulePass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(SchedulePass)
  SchedulePass() = default;
  explicit SchedulePass(const target::Target *target) : target(target) {}
  SchedulePass(const SchedulePass &other) : PassWrapper(other), target(other.target) {}
  StringRef getArgument() const override { return "qk-schedule"; }
  StringRef getDescription() const override { return "Choose the tile instruction of each contraction"; }

  void runOnOperation() override {
    const target::Target *chosen = target ? target : target::findTarget(targetName);
    if (!chosen) {
      getOperation().emitError() << "unknown target '" << targetName << "'";
      return signalPassFailure();
    }
    WalkResult result = getOperation().walk([&](qk::ContractOp op) {
      if (op.getSchedule())
        return WalkResult::advance(); // an explicit choice stays
      const target::TileInstruction *best = nullptr;
      bool isFloat = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat();
      for (const target::TileInstruction &tile : chosen->tiles())
        if (tile.isFloat == isFloat && (!best || tile.cost < best->cost))
          best = &tile;
      if (!best) {
        op.emitError() << "target '" << chosen->name << "' has no tile instruction for " << op.getLhsFormat();
        return WalkResult::interrupt();
      }
      op.setScheduleAttr(qk::ScheduleAttr::get(&getContext(), best->name, best->m, best->n, best->k));
      op.emitRemark() << "computed by " << best->name;
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
  const target::Target *target = nullptr;
  Option<std::string> targetName{*this, "target", llvm::cl::desc("target whose tile instructions are used"),
                                 llvm::cl::init("x86-64-v3")};
};
} // namespace

std::unique_ptr<Pass> tiling::createSchedulePass(const target::Target *target) {
  return std::make_unique<SchedulePass>(target);
}
void tiling::registerPasses() { PassRegistration<SchedulePass>(); }
