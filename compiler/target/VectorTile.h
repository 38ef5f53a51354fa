// Block tiles of vector machines: a few codes of one position, repeated in all lanes, times a vector of weights.
// Scalars are vectors of one lane.
#ifndef QCC_COMPILER_TARGET_VECTORTILE_H
#define QCC_COMPILER_TARGET_VECTORTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

class VectorTile : public BlockTile {
public:
  using BlockTile::BlockTile;
  /// Depthwise weights do not share numbers.
  const VectorTile *asVector() const override { return fields.count == 1 ? this : nullptr; }
  Accumulators run(codegen::KernelBuilder &k, const BlockRun &run, Accumulators sums) const override;

  /// Bytes of the codes of one step.
  int64_t stepBytes(mlir::OpBuilder &b) const;
  /// Steps that are written one behind the other; the rest is a loop of so many.
  virtual int64_t stepsAtOnce(const BlockRun &run) const;
  /// The codes of one step of a position, as `multiplyAdd` takes them; only the first `valid` may be read.
  virtual codegen::Val loadCodes(codegen::KernelBuilder &k, codegen::Val pointer, int64_t valid, int64_t align) const;

  /// True if of a step that lacks products, only the codes and weights that are there are read, and not, where they can
  /// be, those of the step before it with weights of 0: times 0, what is infinite is no number.
  virtual bool masksStep() const { return false; }

  /// The weights of one vector of one step: `valid` behind the first `before`; the others are not read, and are 0.
  virtual codegen::Val loadWeights(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                                   int64_t align) const;

  /// Of packed weights, those of one field, or 2^s times their prefix. Where fields are looked up, `table` has the
  /// weights.
  virtual codegen::Val fieldOf(codegen::KernelBuilder &k, codegen::Val packed, int64_t field,
                               llvm::ArrayRef<int8_t> table) const {
    return fields.prefix(packed, field, 8 * weightBytes);
  }

  /// One step of an accumulator: `lhs` holds `products` codes of a position in every lane, `rhs` their weights.
  virtual codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                                   codegen::Val rhs) const = 0;
  /// The type that holds `products` staged codes, and the vector type of one step's weights.
  virtual mlir::Type codesType(mlir::OpBuilder &b) const = 0;
  virtual mlir::VectorType weightsType(mlir::OpBuilder &b) const = 0;
};

/// Integers, staged in `stageBits` and multiplied by weights of `8 * weightBytes`, or by several in so many.
class IntegerVectorTile : public VectorTile {
public:
  IntegerVectorTile(int64_t lanes, int64_t products, mlir::IntegerType::SignednessSemantics signedness,
                    unsigned stageBits, int64_t weightBytes, BlockCosts costs, bool masksTail = false,
                    WeightFields fields = {})
      : VectorTile(lanes, products, weightBytes, costs, masksTail, std::move(fields)), signedness(signedness),
        stageBits(stageBits) {}
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return fields.fits(smallestWeight, largestWeight);
  }
  bool scalesGroups() const override { return true; }
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override { return channelUnit() > 1 && fitsFields(codes); }
  mlir::Type codesType(mlir::OpBuilder &b) const override;
  mlir::VectorType weightsType(mlir::OpBuilder &b) const override;

private:
  mlir::IntegerType::SignednessSemantics signedness; // of staged codes
  unsigned stageBits;
};

/// The bits of a vector as one of another type.
codegen::Val asVectorOf(codegen::Val vector, mlir::Type element);

/// A value that LLVM does not look through, in a register of that constraint. Without it, sums of many products are
/// reordered: products are added to each other before they are added to the sum, and are spilled until then.
codegen::Val opaque(codegen::Val value, llvm::StringRef constraint);

/// Of a vector of bytes, what a table of sixteen has for their low nibbles or for the high ones, by an intrinsic of
/// that name, which takes the table, repeated, and the numbers of its entries.
codegen::Val lookUpNibbles(codegen::KernelBuilder &k, llvm::StringRef lookUp, llvm::ArrayRef<int8_t> sixteen,
                           codegen::Val packed, bool areHigh);

/// A tile of bytes for weights that are codes of four bits, of two vectors of channels in a byte.
template <typename Tile> class LookUpTile : public Tile {
public:
  /// `arguments` are the tile's, without fields.
  template <typename... Arguments>
  explicit LookUpTile(llvm::StringRef lookUp, Arguments &&...arguments)
      : Tile(std::forward<Arguments>(arguments)..., WeightFields::codes()), lookUp(lookUp) {}
  codegen::Val fieldOf(codegen::KernelBuilder &k, codegen::Val packed, int64_t field,
                       llvm::ArrayRef<int8_t> table) const override {
    return lookUpNibbles(k, lookUp, table, packed, field == 1);
  }

private:
  llvm::StringRef lookUp;
};

/// f32 by fused multiply-add, on any machine that has vectors of them.
class FloatVectorTile : public VectorTile {
public:
  FloatVectorTile(int64_t lanes, BlockCosts costs, int64_t weightBytes = 4)
      : VectorTile(lanes, /*products=*/1, weightBytes, costs) {}
  bool isFloat() const override { return true; }
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t, int64_t) const override { return true; }
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;
  mlir::Type codesType(mlir::OpBuilder &b) const override;
  mlir::VectorType weightsType(mlir::OpBuilder &b) const override;
};

/// f32 times weights that are bf16 in memory, and f32 in registers. What it takes to widen a vector of them, as
/// multiply-adds, is the costs' `prefix`.
class WidenedFloatTile : public FloatVectorTile {
public:
  WidenedFloatTile(int64_t lanes, BlockCosts costs) : FloatVectorTile(lanes, costs, /*weightBytes=*/2) {}
  bool takesFloats(mlir::Type, mlir::Type weights) const override { return weights.isBF16(); }
  /// Depthwise weights are few.
  const VectorTile *asVector() const override { return nullptr; }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  codegen::Val loadWeights(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                           int64_t align) const override;
};

/// bf16 in pairs, whose exact products are added to f32.
class BfloatVectorTile : public VectorTile {
public:
  BfloatVectorTile(int64_t lanes, llvm::StringRef intrinsic, BlockCosts costs)
      : VectorTile(lanes, /*products=*/2, /*weightBytes=*/2, costs, /*masksTail=*/true), intrinsic(intrinsic) {}
  bool isFloat() const override { return true; }
  bool takesFloats(mlir::Type codes, mlir::Type weights) const override { return codes.isBF16() && weights.isBF16(); }
  /// Of depthwise contractions, f32 computes as many products at a time.
  const VectorTile *asVector() const override { return nullptr; }
  bool masksStep() const override { return true; }
  mlir::Type stageFormat(mlir::Type codes) const override { return mlir::BFloat16Type::get(codes.getContext()); }
  bool fits(int64_t, int64_t) const override { return true; }
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  codegen::Val loadCodes(codegen::KernelBuilder &k, codegen::Val pointer, int64_t valid, int64_t align) const override;
  codegen::Val loadWeights(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                           int64_t align) const override;
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;
  mlir::Type codesType(mlir::OpBuilder &b) const override { return b.getI32Type(); }
  mlir::VectorType weightsType(mlir::OpBuilder &b) const override;

private:
  llvm::StringRef intrinsic;
};

/// f32 times weights of -1 and 1 (BinaryConnect, Courbariaux et al. 2015), or of 0, too: nothing is multiplied, but
/// codes are added with their sign or the other one. Of a vector of weights lie in memory the signs, a bit for each
/// lane, and then, where there are zeros, as many bits of what is not 0.
class SignedFloatTile : public FloatVectorTile {
public:
  /// Lanes fill bytes; where registers have fewer, `costs` are those of the several that vectors are in. What a vector
  /// of weights takes until its bits are signs is the costs' `prefix`.
  SignedFloatTile(int64_t lanes, bool hasZeros, BlockCosts costs)
      : FloatVectorTile(lanes, costs), planes(hasZeros ? 2 : 1) {}
  bool takesIntegerWeights() const override { return true; }
  /// Weights of depthwise contractions are read vector by vector.
  const VectorTile *asVector() const override { return nullptr; }
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override {
    return planes > 1 && smallestWeight >= -1 && largestWeight <= 1;
  }
  bool fitsStep(llvm::ArrayRef<int64_t> codes) const override {
    return llvm::all_of(codes, [](int64_t weight) { return weight == -1 || weight == 1; });
  }
  int64_t vectorBytes(int64_t vectors) const override { return vectors * planes * lanes / 8; }
  double blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const override;
  void packStep(llvm::ArrayRef<int64_t> codes, std::vector<char> &bytes) const override;
  codegen::Val loadWeights(codegen::KernelBuilder &k, codegen::Val pointer, int64_t before, int64_t valid,
                           int64_t align) const override;
  codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val lhs,
                           codegen::Val rhs) const override;

private:
  int64_t planes; // of bits
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_VECTORTILE_H
