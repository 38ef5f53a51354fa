// Rows of codes below 8 bits, which are bytes while a tile works on them.
//
// In memory such codes lie without gaps; tiles read and write whole bytes. So a row of the input is unpacked to bytes
// before it is staged, and a row of the output is computed in bytes and packed when it is complete. Both rows have
// their place at the beginning of the contraction's scratch memory.
#ifndef QCC_COMPILER_TARGET_ROWBUFFERS_H
#define QCC_COMPILER_TARGET_ROWBUFFERS_H

#include "dialects/qk/QkOps.h"

namespace qcc::target {

class BlockTile;

/// The format of 8 bits in which a row has codes of that format: with or without a sign, as these.
mlir::Type bytesFormat(mlir::Type codes);
/// True if the tile wants rows of the input unpacked: no tile but those that count bits reads codes below 8 bits.
bool unpacksRows(qk::ContractOp op, const BlockTile &tile);
/// True if the tile writes rows of the output that are packed afterwards. Vectors of bits are stored as they are.
bool packsRows(qk::ContractOp op, const BlockTile &tile);
/// The format in which the tile writes codes.
mlir::Type storedFormat(qk::ContractOp op, const BlockTile &tile);

/// Bytes of the two rows in scratch memory, the input's first; 0 where there is none.
struct RowBuffers {
  /// `window` is the one whose rows are staged and computed, `together` rows of the output at a time.
  RowBuffers(qk::ContractOp op, const BlockTile &tile, qk::WindowAttr window, int64_t together = 1);

  int64_t input, output;
  int64_t bytes() const { return input + output; }
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_ROWBUFFERS_H
