// The rows of a contraction whose codes are bytes only while a tile works on them (target::RowBuffers).
#ifndef QCC_COMPILER_CODEGEN_PACKEDROWS_H
#define QCC_COMPILER_CODEGEN_PACKEDROWS_H

#include "compiler/codegen/Emitters.h"
#include "compiler/target/RowBuffers.h"

namespace qcc::codegen {

class PackedRows {
public:
  PackedRows(KernelBuilder &k, qk::ContractOp op, Pointers pointers, const target::RowBuffers &buffers);

  /// The contraction's operands as the tile sees them: scratch memory without these rows, and the output's row.
  Pointers getPointers() const { return pointers; }
  /// Where `LineRing` unpacks rows of the input.
  std::optional<Val> getInput() const { return input; }
  /// `body` computes `count` positions of the output, which lie one behind the other in memory from `first` on, and are
  /// packed afterwards. It gets the number of the first position as the tile sees it. `first` is a multiple of `unit`.
  void computeRow(Val first, int64_t count, int64_t unit, llvm::function_ref<void(Val first)> body) const;

private:
  KernelBuilder &k;
  mutable qk::ContractOp op; // its methods are not const
  llvm::SmallVector<Val> pointers;
  Val output; // packed
  std::optional<Val> input;
  bool packs;
};

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_PACKEDROWS_H
