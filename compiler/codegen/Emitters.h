// One function per kernel operator that writes its loops. `pointers` are the operator's operands in order.
#ifndef QCC_COMPILER_CODEGEN_EMITTERS_H
#define QCC_COMPILER_CODEGEN_EMITTERS_H

#include "compiler/codegen/KernelBuilder.h"
#include "compiler/target/TileInstruction.h"
#include "dialects/qk/QkOps.h"

namespace qcc::codegen {

using Pointers = llvm::ArrayRef<Val>;

void emitContract(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::TileInstruction &tile);
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
