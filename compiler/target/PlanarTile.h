// A tile for depthwise windows alone: the input is staged in planes, one for each channel, in which neighbouring
// columns of 16 bits are the two halves of a word.
#ifndef QCC_COMPILER_TARGET_PLANARTILE_H
#define QCC_COMPILER_TARGET_PLANARTILE_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// All positions of an image of the output, for neighbouring channels.
struct PlanarChannels {
  codegen::Val planes; // of the first channel, whose first line the first row sees first
  codegen::Val count;  // channels
  int64_t planeBytes, lineBytes;
  int64_t lines, taps;        // of the window
  int64_t stride, lineStride; // columns and lines from one position to the next
  int64_t rows, width;
  codegen::Val weights;             // [channel][line][column]
  std::optional<codegen::Val> bias; // pointer to the first channel's number (i32)
  NarrowStore store;
};

class PlanarTile : public BlockTile {
public:
  using BlockTile::BlockTile;
  const PlanarTile *asPlanar() const override { return this; }
  /// Nobody asks for runs of other windows.
  Accumulators run(codegen::KernelBuilder &, const BlockRun &, Accumulators sums) const override { return sums; }

  /// True if it computes such windows.
  virtual bool takes(qk::WindowAttr window) const = 0;
  /// How many neighbouring positions are computed at once.
  virtual int64_t positionsOf(qk::WindowAttr window) const = 0;
  /// Stages four channels of two neighbouring pixels, given as words of four codes, in planes of `planeBytes`.
  virtual void stagePair(codegen::KernelBuilder &k, codegen::Val first, codegen::Val second, codegen::Val to,
                         int64_t planeBytes, bool isSigned) const = 0;
  /// Weights of a row of the window in memory, of which those behind its columns are zeros.
  virtual int64_t packedTaps(qk::WindowAttr window) const { return window.getKernel()[1]; }
  /// Computes and stores that; false if it is done position by position.
  virtual bool storePlanes(codegen::KernelBuilder &k, const PlanarChannels &channels) const { return false; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_PLANARTILE_H
