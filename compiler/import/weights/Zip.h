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

/// Reads an entry's bytes in order, inflated if need be, without keeping them.
class ZipEntryReader {
public:
  /// `entry.data` outlives the reader.
  ZipEntryReader(mlir::Location loc, ZipEntry entry);
  ~ZipEntryReader();
  ZipEntryReader(const ZipEntryReader &) = delete;
  ZipEntryReader &operator=(const ZipEntryReader &) = delete;

  uint64_t getSize() const { return entry.size; }
  /// The bytes from `offset` on; they lie within the entry. Bytes before them that were not read are passed over, and
  /// for a smaller offset than the last read's end all is read again. With the last byte, size and CRC are checked:
  /// fails, with a diagnostic, if the entry is damaged.
  mlir::LogicalResult read(uint64_t offset, llvm::MutableArrayRef<char> out);

private:
  struct Inflater;
  void rewind();
  mlir::LogicalResult failSize() const;
  mlir::LogicalResult next(llvm::MutableArrayRef<char> out);
  mlir::LogicalResult finish();

  mlir::Location loc;
  ZipEntry entry;
  uint64_t position = 0;
  uint32_t crc = 0;
  std::unique_ptr<Inflater> inflater;
};

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
