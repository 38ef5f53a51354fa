// What the constants of a contraction say about its numbers.
#ifndef QCC_COMPILER_TARGET_SUMBOUND_H
#define QCC_COMPILER_TARGET_SUMBOUND_H

#include "compiler/target/BlockTile.h"

namespace qcc::target {

/// The i8 or i32 elements of a constant as signed integers; a splat gives all of them. Nothing if `value` is no such
/// constant.
std::optional<std::vector<int64_t>> integersOf(mlir::Value value);

/// The numbers that a value of a contraction's epilogue may be: a constant, or those of a parameter. Nothing if they
/// are not known.
std::optional<std::vector<int64_t>> numbersOf(qk::ContractOp op, mlir::Value value);

/// What is taken off the bias of each output channel if codes are multiplied as the tile reads them, so without taking
/// off their zero point: (zero point + stage offset) * sum of weights; of planes of bits, see BitPlanes::known. With
/// one scale per group, what is taken off the sum of each group, in the order of `group_params`.
std::vector<int64_t> zeroPointSums(qk::ContractOp op, const BlockTile &tile);

/// For each output channel, or each group that has a scale, a number that the sum of any of its products does not
/// exceed in magnitude, if codes are multiplied as the tile reads them. Integers; weights are constant and not packed
/// yet.
std::vector<int64_t> largestProducts(qk::ContractOp op, const BlockTile &tile);

/// A number that no sum of an output channel exceeds in magnitude, at any time from its bias to its last product, if
/// codes are multiplied as the tile reads them; weights are constant and not packed yet. Nothing for floats, for
/// the rounded sums of F(4x4, 3x3), with one scale per group, and where the bias is not known.
std::optional<int64_t> largestSum(qk::ContractOp op, const BlockTile &tile);

/// For each output channel the largest magnitude of its sums when they are complete. `largestSum` knows them.
std::vector<int64_t> largestResults(qk::ContractOp op);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_SUMBOUND_H
