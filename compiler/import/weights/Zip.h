// The part of the zip format that .npz files use.
#ifndef QCC_COMPILER_IMPORT_WEIGHTS_ZIP_H
#define QCC_COMPILER_IMPORT_WEIGHTS_ZIP_H

#include "mlir/IR/Location.h"
#include "llvm/Support/raw_ostream.h"

#include <string>
#include <vector>

namespace qcc {

/// A file inside an archive; `data` lies in the archive's bytes.
struct ZipEntry {
  std::string name;
  /// As stored in the archive, compressed if `isDeflated`.
  llvm::StringRef data;
  bool isDeflated = false;
  uint32_t crc = 0;
  /// Uncompressed bytes; at most 1032 times those of `data`, deflate's limit.
  uint64_t size = 0;
};

/// Lists an archive by its central directory (zip64 too). Entries lie within the archive and do not overlap.
mlir::FailureOr<std::vector<ZipEntry>> listZip(mlir::Location loc, llvm::StringRef archive);

/// The bytes of an entry, inflated if need be, with checked size and CRC.
mlir::FailureOr<std::vector<char>> extractZipEntry(mlir::Location loc, const ZipEntry &entry);

/// Writes an archive of stored entries without times.
class ZipWriter {
public:
  explicit ZipWriter(llvm::raw_ostream &stream) : stream(stream) {}
  /// Adds the entry `name`, whose bytes are the parts one after the other: at most `maxEntryBytes`.
  void add(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> parts);
  /// Writes the central directory; nothing can be added after it.
  void finish();
  /// What fits the 32-bit fields of the format.
  static constexpr uint64_t maxEntryBytes = 0xfffffffe;

private:
  struct Written {
    std::string name;
    uint32_t crc;
    uint64_t size, offset;
  };
  llvm::raw_ostream &stream;
  std::vector<Written> entries;
  uint64_t position = 0;
};

} // namespace qcc

#endif // QCC_COMPILER_IMPORT_WEIGHTS_ZIP_H
