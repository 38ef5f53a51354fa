// How often kernels read and write their buffers: what decides which buffers go to the fastest memory.
#ifndef QCC_COMPILER_MEMORY_ACCESSES_H
#define QCC_COMPILER_MEMORY_ACCESSES_H

#include "dialects/qk/QkOps.h"

namespace qcc::memory {

/// Bytes that a kernel reads or writes of an operand in one run, each access counted: an estimate from its window and
/// schedule. A tile of m positions and n channels reads a code of the input once for n products, and a weight once
/// for m.
double accessedBytes(qk::Kernel kernel, mlir::OpOperand &operand);

/// How often a contraction reads each byte of its weights.
double readsPerWeight(qk::ContractOp op);

} // namespace qcc::memory

#endif // QCC_COMPILER_MEMORY_ACCESSES_H
