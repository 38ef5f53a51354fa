#include "compiler/emit/CountOperations.h"

#include "compiler/target/BlockTile.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/Interfaces/CastInterfaces.h"

using namespace mlir;
using namespace qcc;

/// Operators of one run of a region.
static int64_t operatorsOf(Region &region) {
  int64_t count = 0;
  region.walk([&](Operation *op) {
    count +=
        !op->hasTrait<OpTrait::IsTerminator>() && !op->hasTrait<OpTrait::ConstantLike>() && !isa<CastOpInterface>(op);
  });
  return count;
}

OperationCounts qcc::countOperations(qk::ContractOp contract, const target::Target &target) {
  qk::WindowAttr window = contract.getWindow();
  OperationCounts counts;
  counts.highPrecision = window.outputElements() * operatorsOf(contract.getEpilogue());
  if (int64_t group = contract.getScaleGroup())
    counts.highPrecision += window.outputElements() * window.getKernel()[0] * window.getKernel()[1] *
                            static_cast<int64_t>(llvm::divideCeil(window.getChannels()[0], group)) *
                            operatorsOf(contract.getCombine());
  const target::BlockTile *tile = target::blockTileOf(contract, target);
  if (!tile || !tile->asBits()) {
    counts.highPrecision += window.macs();
    return counts;
  }
  target::BitPlanes planes(contract);
  int64_t pairs = planes.lhs * planes.rhs;
  counts.bits = pairs * window.macs();
  counts.highPrecision += pairs * window.outputElements();
  return counts;
}

OperationCounts qcc::countOperations(qk::Kernel kernel) {
  return llvm::TypeSwitch<Operation *, OperationCounts>(kernel)
      .Case([](qk::PoolOp pool) {
        qk::WindowAttr window = pool.getWindow();
        bool isBits = pool.getKind() == qk::PoolKind::Max && cast<qnn::NumberFormat>(pool.getInFormat()).getBits() == 1;
        int64_t others = window.outputElements() * operatorsOf(pool.getEpilogue());
        return isBits ? OperationCounts{window.macs(), others} : OperationCounts{0, others + window.macs()};
      })
      .Case(
          [](qk::MapOp map) { return OperationCounts{0, computeProduct(map.getShape()) * operatorsOf(map.getBody())}; })
      .Case<qk::SoftmaxOp, qk::FloatSoftmaxOp>([](auto softmax) {
        return OperationCounts{0, static_cast<int64_t>(softmax.getRows() * softmax.getColumns())};
      })
      .Case([](qk::ArgmaxOp argmax) { return OperationCounts{0, computeProduct(argmax.getShape())}; })
      .Default([](Operation *) { return OperationCounts(); });
}
