// How kernels are divided into pieces that threads compute in any order.
#ifndef QCC_DIALECTS_QK_PIECES_H
#define QCC_DIALECTS_QK_PIECES_H

#include "dialects/qk/QkOps.h"

namespace qcc::qk {

/// In how many pieces a kernel is computed; of a contraction, those of its rows, and those of its channels.
int64_t piecesOf(mlir::Operation *kernel);
int64_t rowPiecesOf(ContractOp op);
int64_t channelPiecesOf(ContractOp op);

/// The box of a map with adjacent dimensions as one over which every access moves by the same amount: fewer dimensions
/// with the same points, in the same order.
struct Box {
  explicit Box(MapOp op);
  /// True if all rows of an access along the last dimension begin a byte.
  bool beginsBytes(size_t access) const;

  llvm::SmallVector<int64_t> shape;
  llvm::SmallVector<AccessAttr> accesses;                ///< of the map's inputs, then of its output
  llvm::SmallVector<llvm::SmallVector<int64_t>> strides; ///< [access][dimension]
};

/// True if a map copies what its input has along the last dimension of its box: rows of whole bytes.
bool copiesRows(MapOp op, const Box &box);

/// Neighbouring elements that stay together where nothing else divides them: whole vectors, bytes and cache lines.
inline constexpr int64_t elementsTogether = 64;

/// Of a kernel other than a contraction: rows of a pool's or a gather's output or of a softmax, what the outermost
/// dimension of a map's box or of an argmax has, or `elementsTogether` of a row of elements. None of two units writes
/// what the other one reads or writes. One if the kernel stays whole.
int64_t pieceUnitsOf(mlir::Operation *kernel);

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_PIECES_H
