// One function per kernel operator that writes its loops. `pointers` are the operator's operands in order.
#ifndef QCC_COMPILER_CODEGEN_EMITTERS_H
#define QCC_COMPILER_CODEGEN_EMITTERS_H

#include "compiler/codegen/KernelBuilder.h"
#include "compiler/target/TileInstruction.h"
#include "compiler/target/VectorTile.h"
#include "dialects/qk/QkOps.h"

namespace qcc::codegen {

using Pointers = llvm::ArrayRef<Val>;

void emitContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::TileInstruction &tile);
/// `tile` is the block that `op`'s schedule names, in whose order its weights are packed.
void emitBlockContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::BlockTile &tile);
/// The same for a depthwise contraction.
void emitDepthwise(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::VectorTile &tile);

/// The epilogue for `sums` [position][vector of `lanes` channels] and the stores of their codes: `channels` channels
/// exist, from `firstChannel` on; the positions are neighbours from `firstPixel` on.
void storeSums(KernelBuilder &k, qk::ContractOp op, Pointers pointers, Val firstPixel, Val firstChannel,
               int64_t channels, int64_t lanes, llvm::ArrayRef<Val> sums);

void emitPool(KernelBuilder &k, qk::PoolOp op, Pointers pointers);
void emitMap(KernelBuilder &k, qk::MapOp op, Pointers pointers);
void emitLookup(KernelBuilder &k, qk::LookupOp op, Pointers pointers);
void emitGather(KernelBuilder &k, qk::GatherOp op, Pointers pointers);
void emitSoftmax(KernelBuilder &k, qk::SoftmaxOp op, Pointers pointers);
void emitFloatSoftmax(KernelBuilder &k, qk::FloatSoftmaxOp op, Pointers pointers);
void emitArgmax(KernelBuilder &k, qk::ArgmaxOp op, Pointers pointers);

inline qnn::NumberFormat formatOf(mlir::Type type) { return llvm::cast<qnn::NumberFormat>(type); }

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_EMITTERS_H
