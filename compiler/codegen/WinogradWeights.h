// Weights of F(2x2, 3x3) that stay small until the program runs.
#ifndef QCC_COMPILER_CODEGEN_WINOGRADWEIGHTS_H
#define QCC_COMPILER_CODEGEN_WINOGRADWEIGHTS_H

#include "compiler/target/WinogradShape.h"

namespace qcc::codegen {

/// Writes 2 G g 2 G^T of a block of channels in `vectors` vectors to `to`, [tap][step][vector][lane][product] in 16
/// bits, whose small weights are at `from`.
void transformWeights(KernelBuilder &k, const target::WinogradShape &shape, Val from, Val to, int64_t vectors);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_WINOGRADWEIGHTS_H
