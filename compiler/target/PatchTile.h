// A tile for depthwise windows on machines that sum products across a vector: a vector holds a patch of one channel's
// input, rows x columns, and each position whose window lies in the patch is one product with a vector of weights, zero
// outside of the window.
#ifndef QCC_COMPILER_TARGET_PATCHTILE_H
#define QCC_COMPILER_TARGET_PATCHTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Numbers that follow from a depthwise contraction. Codes are staged with rows side by side,
///   scratch[group of four rows][column][channel of a chunk][row in the group],
/// so that a word is four rows of a column and the four words of a patch are columns, or further rows of them.
struct PatchShape {
  explicit PatchShape(qk::WindowAttr window);

  /// True if it is depthwise, a patch holds its windows, and a row inside the input has at least 16 codes.
  static bool matches(qk::WindowAttr window);

  static constexpr int64_t groupRows = 4, words = 4; // of a patch
  static constexpr int64_t chunkChannels = 16;
  qk::WindowAttr window;
  int64_t channels, height, width;   // of the output
  int64_t chunk;                     // channels that are staged together
  int64_t rows, columns;             // of a patch
  int64_t rowsAtOnce, columnsAtOnce; // positions of a patch
  int64_t patches;                   // in a block of up to four sums, beside each other
  int64_t rowBlocks;                 // blocks below each other that are staged together

  int64_t positions() const { return patches * rowsAtOnce * columnsAtOnce; }
  /// Rows of the output that are staged together; the last block may have fewer than others.
  int64_t rowsTogether() const { return std::min(height, rowBlocks * rowsAtOnce); }
  /// Groups of four rows from one such block to the next, and of all of them.
  int64_t blockGroups() const { return rowsAtOnce * window.getStrides()[0] / groupRows; }
  int64_t groups() const { return rows / groupRows + (rowBlocks - 1) * blockGroups(); }
  /// Columns of the output that a block computes.
  int64_t blockColumns() const { return patches * columnsAtOnce; }
  /// Columns of the input, borders included, that blocks read.
  int64_t lineColumns() const { return (width - columnsAtOnce) * window.getStrides()[1] + columns; }
  /// Those of them that are inside the input.
  int64_t insideColumns() const { return std::min(window.getInput()[1], lineColumns() - window.getPads()[1]); }
  int64_t groupBytes() const { return lineColumns() * chunk * groupRows; }
  int64_t scratchBytes() const { return llvm::alignTo(groups() * groupBytes(), 16); }
  /// Taps of a channel, packed as [column][row].
  int64_t taps() const { return window.getKernel()[0] * window.getKernel()[1]; }
  double cycles() const;
};

class PatchTile : public BlockTile {
public:
  using BlockTile::BlockTile;
  const PatchTile *asPatch() const override { return this; }
  /// Nobody asks for runs of other windows.
  Accumulators run(codegen::KernelBuilder &, const BlockRun &, Accumulators sums) const override { return sums; }

  /// Stages 16 codes of each of four rows, which are vectors.
  virtual void interleave(codegen::KernelBuilder &k, codegen::Val to, llvm::ArrayRef<codegen::Val> rows) const = 0;
  /// A channel's weights for the positions of a patch, [column][row], from its packed taps.
  virtual Accumulators weights(codegen::KernelBuilder &k, codegen::Val packed, const PatchShape &shape) const = 0;
  /// The places of a patch whose first word is at `pointer`, as `loadPatch` takes them.
  virtual codegen::Val places(codegen::KernelBuilder &k, codegen::Val pointer, const PatchShape &shape) const = 0;
  /// The patch so many bytes behind these places.
  virtual codegen::Val loadPatch(codegen::KernelBuilder &k, codegen::Val places, int64_t bytes) const = 0;
  /// A sum with all products of a patch and weights.
  virtual codegen::Val multiplyAdd(codegen::KernelBuilder &k, codegen::Val sum, codegen::Val patch,
                                   codegen::Val weights) const = 0;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_PATCHTILE_H
