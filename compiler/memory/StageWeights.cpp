#include "compiler/memory/StageWeights.h"

#include "compiler/memory/Accesses.h"

using namespace mlir;
using namespace qcc;

/// A copy reads and writes each byte once; below twice that, it hardly pays.
static constexpr double leastReads = 4;

void memory::stageWeights(func::FuncOp model) {
  for (auto op : llvm::make_early_inc_range(model.front().getOps<qk::ContractOp>())) {
    auto constant = op.getRhs().getDefiningOp<qk::ConstantOp>();
    if (!constant || readsPerWeight(op) < leastReads)
      continue;
    OpBuilder b(op);
    auto type = llvm::cast<RankedTensorType>(constant.getType());
    Value place = tensor::EmptyOp::create(b, op.getLoc(), type.getShape(), type.getElementType());
    op.getRhsMutable().assign(qk::FetchOp::create(b, op.getLoc(), type, constant, place).getResult());
  }
}

void memory::unstageWeights(Operation *fetch) {
  auto op = llvm::cast<qk::FetchOp>(fetch);
  op.getResult().replaceAllUsesWith(op.getInput());
  Operation *place = op.getInit().getDefiningOp();
  op.erase();
  if (place->use_empty())
    place->erase();
}
