// AMX: tiles of 16 rows of 64 bytes (Intel SDM, volume 1, chapter 18). TDPB*D multiplies a tile of codes, 16 positions
// by 64 products, by a tile of weights, 64 products by 16 channels, and adds that to a tile of 32-bit sums, all
// exactly. TDPBF16PS does the same with 32 products of bf16 and sums of f32, each rounded.
#ifndef QCC_COMPILER_TARGET_X86_AMXTILE_H
#define QCC_COMPILER_TARGET_X86_AMXTILE_H

#include "compiler/target/MatrixTile.h"

namespace qcc::target {

/// Of the eight tiles, four are sums: of up to 16 positions and 64 channels, or of up to 32 positions and 32 channels.
/// Rows of codes are read where the positions' codes lie, one position's stride apart.
class AmxTile : public MatrixTile {
public:
  explicit AmxTile(BlockCosts costs, int64_t codeBytes = 1)
      : MatrixTile(/*lanes=*/16, /*products=*/64 / codeBytes, /*weightBytes=*/codeBytes, costs) {}
  /// Codes of either sign as they are: there is an instruction for each.
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  /// The rows of a tile have four bytes of products of each of 16 channels: of bytes,
  /// [vector][product / 4][lane][product % 4].
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  bool holdsBlock(int64_t positions, int64_t vectors) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  double codeCycles() const override;
  int64_t interleavedVectors() const override { return 4; }
  int64_t packedVectors() const override { return 4; }
  codegen::Val packCodes(codegen::KernelBuilder &k, llvm::ArrayRef<codegen::Val> vectors, bool isSigned) const override;

  void beginKernel(codegen::KernelBuilder &k, int64_t positions) const override;
  void endKernel(codegen::KernelBuilder &k) const override;
  Accumulators start(codegen::KernelBuilder &k, int64_t positions, llvm::ArrayRef<codegen::Val> first) const override;
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;
  void storeSums(codegen::KernelBuilder &k, int64_t positions, int64_t vectors, codegen::Val to) const override;

protected:
  virtual llvm::StringRef multiply(bool isSigned) const { return isSigned ? "llvm.x86.tdpbssd" : "llvm.x86.tdpbusd"; }
};

/// Of runs of whole steps: other codes, with weights of 0, are no way to fill a step, for they may be infinite.
class AmxBfloatTile : public AmxTile {
public:
  explicit AmxBfloatTile(BlockCosts costs) : AmxTile(costs, /*codeBytes=*/2) {}
  bool isFloat() const override { return true; }
  bool takesFloats(mlir::Type codes, mlir::Type weights) const override { return codes.isBF16() && weights.isBF16(); }
  mlir::Type stageFormat(mlir::Type codes) const override { return mlir::BFloat16Type::get(codes.getContext()); }
  bool fits(int64_t, int64_t) const override { return true; }
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  int64_t interleavedVectors() const override { return 1; }
  int64_t packedVectors() const override { return 1; }

protected:
  llvm::StringRef multiply(bool) const override { return "llvm.x86.tdpbf16ps"; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_X86_AMXTILE_H
