// Eight sums by vmladava, of four positions and two channels: they take all even registers there are. LLVM finds no
// order of their products in which nothing is spilled, so that they are assembly.
#ifndef QCC_COMPILER_TARGET_ARM_M_MVEOCTET_H
#define QCC_COMPILER_TARGET_ARM_M_MVEOCTET_H

#include "compiler/target/BlockTile.h"

namespace qcc::codegen {
class AssemblyText;
}

namespace qcc::target {

/// The products of a run of four positions and two channels.
class MveOctet {
public:
  static constexpr int64_t positions = 4, vectors = 2, sums = positions * vectors;

  explicit MveOctet(const BlockRun &run);
  /// False if the run has other positions or channels, or no whole step, or if its positions are too far apart for the
  /// offsets of loads.
  bool isPossible() const {
    return run.positions == positions && run.vectors == vectors && whole > 0 && codes.fits() && weights.fits();
  }
  /// Adds the products to `first`, [position][channel].
  Accumulators emit(codegen::KernelBuilder &k, const Accumulators &first) const;

  struct Registers {
    llvm::SmallVector<std::string> codes;    // pointers to the first position, or to the first of each half
    llvm::SmallVector<std::string> sums;     // [position][channel]
    llvm::SmallVector<std::string> channels; // vectors: weights of each channel
    llvm::SmallVector<std::string> loaded;   // vectors: codes, of which one is loaded while the other is multiplied
    std::string weights, end, mask;
  };
  /// All products of a run; where `isFirst`, sums begin with them. A run that is a loop adds only. `loadMask` is called
  /// before the mask is needed.
  void emitSteps(codegen::AssemblyText &block, const Registers &registers, bool isFirst,
                 llvm::function_ref<void()> loadMask) const;
  /// The sums of each channel, in the vectors of codes.
  void gather(codegen::AssemblyText &block, const Registers &registers) const;

  /// Registers that point to codes, how many positions further on the second of them stands, and how many bytes from
  /// the first code they stand.
  int64_t pointers() const { return codesOf(1).fits() ? 1 : 2; }
  int64_t codesBase(int64_t pointer) const {
    return pointer * (positions / pointers()) * run.positionBytes + codes.base();
  }
  int64_t weightsBase() const { return weights.base(); }
  bool isLoop() const { return whole > unroll; }
  bool hasTail() const { return run.tail < products; }
  /// The lanes of the last step's weights that are there.
  int64_t mask() const { return ((1 << run.tail) - 1) << back(); }
  /// How far a loop moves pointers to codes, and to weights.
  int64_t movedCodes() const { return isLoop() ? whole * products : 0; }
  int64_t movedWeights() const { return movedCodes() * vectors; }
  /// Bytes of the weights of whole steps, and of all.
  int64_t wholeWeights() const { return whole * products * vectors; }
  int64_t packedBytes() const { return wholeWeights() + (hasTail() ? vectors * run.tail : 0); }

private:
  /// Products of the last step that the step before it has, too.
  int64_t back() const { return products - run.tail; }
  /// What loads of the loop's body read from one register.
  struct Stream {
    int64_t lowest, highest; // of their offsets
    bool isWords;            // and not bytes, whose offsets are shorter
    int64_t reach() const { return isWords ? 127 * 4 : 127; }
    /// Where the pointer stands, so that all offsets are within reach.
    int64_t base() const { return std::max<int64_t>(0, highest - reach()); }
    bool fits() const { return lowest - base() >= -reach(); }
  };
  Stream codesOf(int64_t pointers) const;
  Stream weightsOfBody() const;
  void load(codegen::AssemblyText &block, const Stream &stream, llvm::StringRef to, llvm::StringRef pointer,
            int64_t offset, bool isMasked = false) const;
  void emitProducts(codegen::AssemblyText &block, const Registers &registers, int64_t offset, bool isFirst) const;
  void emitTail(codegen::AssemblyText &block, const Registers &registers) const;

  static constexpr int64_t products = 16;
  const BlockRun &run;
  int64_t whole;  // steps that lack no products
  int64_t unroll; // steps of the loop's body
  Stream codes, weights;
};

/// Computes a row in such blocks by a function in assembly; false if it has no such block.
bool callMveRow(codegen::KernelBuilder &k, const BlockRow &row);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_MVEOCTET_H
