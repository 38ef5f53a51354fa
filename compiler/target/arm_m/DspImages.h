// Depthwise images as functions in assembly.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPIMAGES_H
#define QCC_COMPILER_TARGET_ARM_M_DSPIMAGES_H

#include "compiler/target/PlanarTile.h"

namespace qcc::target {

/// Computes images of neighbouring channels by a function that layers share: for windows of three columns, or of one
/// row with a stride of 1 over at least four positions.
void callDspImages(codegen::KernelBuilder &k, const PlanarChannels &channels);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPIMAGES_H
