// Operations of compiled kernels, counted as papers on networks of few bits count them.
#ifndef QCC_COMPILER_EMIT_COUNTOPERATIONS_H
#define QCC_COMPILER_EMIT_COUNTOPERATIONS_H

#include "compiler/pipeline/ModelReport.h"
#include "compiler/target/Target.h"
#include "dialects/qk/QkOps.h"

namespace qcc {

/// Of one run of a contraction. Where its tile counts bits, each product of two codes is one bit operation for each
/// pair of a plane of codes and a plane of weights, and an output takes one other operation for each pair: the count is
/// added to the sum. Otherwise each product is one operation that is not of bits. Operators of the epilogue, and of
/// what combines groups, are counted at each of their runs; constants and conversions are none. Positions on padding
/// count as if they were inside, as `qk.window`'s `macs` has them, and Winograd's products as those that they stand
/// for.
OperationCounts countOperations(qk::ContractOp contract, const target::Target &target);

/// Of one run of any other kernel than a stream: codes that a pool combines, operators of regions at each of their
/// runs, and one for each element of an operator without a region that computes. Moving codes is none, and the
/// maximum of bits is a bit operation.
OperationCounts countOperations(qk::Kernel kernel);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_COUNTOPERATIONS_H
