// Whole rows of the output as functions in assembly.
#ifndef QCC_COMPILER_TARGET_ARM_M_DSPROW_H
#define QCC_COMPILER_TARGET_ARM_M_DSPROW_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// Computes a row by a function that layers share: what differs between them, such as the number of channels, is among
/// its arguments. False if no such function takes the row.
bool callDspRow(codegen::KernelBuilder &k, const BlockRow &row, const WeightFields &fields);

/// BlockTile::storeTaps.
void callDspTaps(codegen::KernelBuilder &k, const BlockRun &run, const WeightFields &fields, int64_t taps,
                 codegen::Val to);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ARM_M_DSPROW_H
