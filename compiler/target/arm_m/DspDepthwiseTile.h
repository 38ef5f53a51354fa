// Depthwise windows of three columns, or of one row, by SMLAD, for Cortex-M with the DSP extension.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPDEPTHWISETILE_H
#define QCC_COMPILER_TARGET_ARM_M_DSPDEPTHWISETILE_H

#include "compiler/target/PlanarTile.h"

namespace qcc::target {

/// With words (x, x+1) and (x+2, x+3) of a row and weights w0, w1, w2, position x takes SMLAD with (w0, w1) and SMLABB
/// with w2, position x+1 takes SMLATB with w0 and SMLAD with (w1, w2): four instructions for six products. The weights
/// of three rows stay in registers for all positions of a channel. With a stride of 2, the words of positions do not
/// overlap.
///
/// Windows of one row and any number of columns have pairs of weights in the frame, each of which is loaded once for
/// four positions.
class DspDepthwiseTile : public PlanarTile {
public:
  DspDepthwiseTile();
  mlir::Type stageFormat(mlir::Type codes) const override;
  bool fits(int64_t smallestWeight, int64_t largestWeight) const override;
  bool takes(qk::WindowAttr window) const override;
  int64_t positionsOf(qk::WindowAttr window) const override;
  void stagePair(codegen::KernelBuilder &k, codegen::Val first, codegen::Val second, codegen::Val to,
                 int64_t planeBytes, bool isSigned) const override;
  int64_t packedTaps(qk::WindowAttr window) const override;
  bool storePlanes(codegen::KernelBuilder &k, const PlanarChannels &channels) const override;
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPDEPTHWISETILE_H
