#include "compiler/import/weights/Zip.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/Endian.h"

#include <limits>
#include <zlib.h>

using namespace mlir;
using namespace qcc;
namespace endian = llvm::support::endian;

namespace {
constexpr uint32_t localSignature = 0x04034b50, centralSignature = 0x02014b50, endSignature = 0x06054b50,
                   end64Signature = 0x06064b50, locator64Signature = 0x07064b50;
constexpr uint64_t localSize = 30, centralSize = 46, endSize = 22, end64Size = 56, locator64Size = 20;
constexpr uint16_t zip64Extra = 0x0001;
/// Deflate spends at least two bits on 258 bytes.
constexpr uint64_t maxDeflateRatio = 1032;

uint16_t read16(StringRef bytes, uint64_t at) { return endian::read16le(bytes.data() + at); }
uint32_t read32(StringRef bytes, uint64_t at) { return endian::read32le(bytes.data() + at); }
uint64_t read64(StringRef bytes, uint64_t at) { return endian::read64le(bytes.data() + at); }

/// `size` bytes lie inside `whole` from `offset` on; overflow-safe.
bool fits(StringRef whole, uint64_t offset, uint64_t size) {
  return offset <= whole.size() && size <= whole.size() - offset;
}

struct Directory {
  uint64_t entries, offset, size;
};

struct ArchiveReader {
  Location loc;
  StringRef archive;

  FailureOr<Directory> findDirectory();
  FailureOr<Directory> readZip64Directory(uint64_t endOffset);
  FailureOr<ZipEntry> readEntry(uint64_t &at, uint64_t directoryEnd, uint64_t &localOffset);
  FailureOr<uint64_t> dataOffset(const ZipEntry &entry, uint64_t localOffset);
};
} // namespace

/// The end record is the last thing in an archive but for a comment of at most 65535 bytes.
FailureOr<Directory> ArchiveReader::findDirectory() {
  if (archive.size() < endSize)
    return emitError(loc) << "is not a zip archive: has " << archive.size() << " bytes, but needs at least " << endSize;
  uint64_t last = archive.size() - endSize, first = last > 0xffff ? last - 0xffff : 0;
  for (uint64_t at = last + 1; at-- > first;) {
    if (read32(archive, at) != endSignature || at + endSize + read16(archive, at + 20) != archive.size())
      continue;
    if (read16(archive, at + 4) != 0 || read16(archive, at + 6) != 0)
      return emitError(loc) << "is one part of an archive in several files, which is not supported";
    Directory directory{read16(archive, at + 10), read32(archive, at + 16), read32(archive, at + 12)};
    if (directory.entries == 0xffff || directory.offset == 0xffffffff || directory.size == 0xffffffff)
      return readZip64Directory(at);
    return directory;
  }
  return emitError(loc) << "is not a zip archive, or is truncated: has no end record";
}

FailureOr<Directory> ArchiveReader::readZip64Directory(uint64_t endOffset) {
  if (endOffset < locator64Size || read32(archive, endOffset - locator64Size) != locator64Signature)
    return emitError(loc) << "is a damaged zip archive: has no zip64 locator before its end record";
  uint64_t at = read64(archive, endOffset - locator64Size + 8);
  if (!fits(archive, at, end64Size) || read32(archive, at) != end64Signature)
    return emitError(loc) << "is a damaged zip archive: has no zip64 end record at byte " << at;
  return Directory{read64(archive, at + 32), read64(archive, at + 48), read64(archive, at + 40)};
}

/// Replaces the 32-bit fields that hold all ones by their 64-bit values, which follow in the order of the fields.
static bool readZip64Extra(StringRef extra, ArrayRef<uint64_t *> fields) {
  SmallVector<uint64_t *> wanted;
  llvm::copy_if(fields, std::back_inserter(wanted), [](uint64_t *field) { return *field == 0xffffffff; });
  if (wanted.empty())
    return true;
  while (extra.size() >= 4) {
    uint16_t tag = read16(extra, 0), size = read16(extra, 2);
    extra = extra.drop_front(4);
    if (size > extra.size())
      return false;
    if (tag == zip64Extra) {
      if (size < 8 * wanted.size())
        return false;
      for (auto [index, field] : llvm::enumerate(wanted))
        *field = read64(extra, 8 * index);
      return true;
    }
    extra = extra.drop_front(size);
  }
  return false;
}

/// Reads the directory entry at `at`, and moves `at` behind it.
FailureOr<ZipEntry> ArchiveReader::readEntry(uint64_t &at, uint64_t directoryEnd, uint64_t &localOffset) {
  StringRef directory = archive.take_front(directoryEnd);
  if (!fits(directory, at, centralSize) || read32(archive, at) != centralSignature)
    return emitError(loc) << "is a damaged zip archive: expects a directory entry at byte " << at;
  uint64_t nameSize = read16(archive, at + 28), extraSize = read16(archive, at + 30);
  uint64_t tailSize = nameSize + extraSize + read16(archive, at + 32);
  if (!fits(directory, at + centralSize, tailSize))
    return emitError(loc) << "is a damaged zip archive: the directory entry at byte " << at << " runs over its end";
  ZipEntry entry;
  entry.name = archive.substr(at + centralSize, nameSize).str();
  entry.crc = read32(archive, at + 16);
  uint64_t compressed = read32(archive, at + 20);
  entry.size = read32(archive, at + 24);
  localOffset = read32(archive, at + 42);
  uint16_t flags = read16(archive, at + 8), method = read16(archive, at + 10);
  if (!readZip64Extra(archive.substr(at + centralSize + nameSize, extraSize), {&entry.size, &compressed, &localOffset}))
    return emitError(loc) << "is a damaged zip archive: '" << entry.name << "' has no valid zip64 sizes";
  at += centralSize + tailSize;
  if (flags & 1)
    return emitError(loc) << "has the encrypted entry '" << entry.name << "', which is not supported";
  if (method != 0 && method != 8)
    return emitError(loc) << "expects entries stored or deflated (methods 0 and 8), but '" << entry.name
                          << "' has compression method " << method;
  entry.isDeflated = method == 8;

  FailureOr<uint64_t> offset = dataOffset(entry, localOffset);
  if (failed(offset))
    return failure();
  if (!fits(archive, *offset, compressed))
    return emitError(loc) << "is truncated: '" << entry.name << "' has " << compressed << " bytes from byte " << *offset
                          << ", but the file has " << archive.size();
  entry.data = archive.substr(*offset, compressed);
  bool isPlausible = entry.isDeflated ? entry.size / maxDeflateRatio <= compressed : entry.size == compressed;
  if (!isPlausible)
    return emitError(loc) << "is a damaged zip archive: '" << entry.name << "' cannot have " << entry.size
                          << " bytes from " << compressed << (entry.isDeflated ? " deflated bytes" : " stored bytes");
  return entry;
}

/// The local header repeats name and extra field, with lengths of its own.
FailureOr<uint64_t> ArchiveReader::dataOffset(const ZipEntry &entry, uint64_t localOffset) {
  if (!fits(archive, localOffset, localSize) || read32(archive, localOffset) != localSignature)
    return emitError(loc) << "is a damaged zip archive: '" << entry.name << "' has no header at byte " << localOffset;
  return localOffset + localSize + read16(archive, localOffset + 26) + read16(archive, localOffset + 28);
}

FailureOr<std::vector<ZipEntry>> qcc::listZip(Location loc, StringRef archive) {
  ArchiveReader reader{loc, archive};
  FailureOr<Directory> directory = reader.findDirectory();
  if (failed(directory))
    return failure();
  if (!fits(archive, directory->offset, directory->size))
    return emitError(loc) << "is a damaged zip archive: its directory of " << directory->size << " bytes from byte "
                          << directory->offset << " does not lie in the " << archive.size() << " bytes of the file";
  std::vector<ZipEntry> entries;
  uint64_t at = directory->offset, end = directory->offset + directory->size;
  struct Extent {
    uint64_t begin, end;
    size_t entry;
  };
  std::vector<Extent> extents;
  for (uint64_t index = 0; index < directory->entries; ++index) {
    uint64_t localOffset;
    FailureOr<ZipEntry> entry = reader.readEntry(at, end, localOffset);
    if (failed(entry))
      return failure();
    uint64_t dataEnd = entry->data.end() - archive.begin();
    extents.push_back({localOffset, dataEnd, entries.size()});
    entries.push_back(std::move(*entry));
  }
  // Entries that share bytes are how a small archive unpacks to a huge one.
  llvm::sort(extents, [](const Extent &a, const Extent &b) { return a.begin < b.begin; });
  for (size_t i = 1; i < extents.size(); ++i)
    if (extents[i].begin < extents[i - 1].end)
      return emitError(loc) << "is a damaged zip archive: '" << entries[extents[i - 1].entry].name << "' and '"
                            << entries[extents[i].entry].name << "' overlap";
  return entries;
}

/// zlib takes at most 4 GiB at once.
static uInt nextPiece(uint64_t left) { return static_cast<uInt>(std::min<uint64_t>(left, 1u << 30)); }

static uint32_t crcOf(uint32_t crc, StringRef bytes) {
  while (!bytes.empty()) {
    uInt piece = nextPiece(bytes.size());
    crc = static_cast<uint32_t>(crc32(crc, reinterpret_cast<const Bytef *>(bytes.data()), piece));
    bytes = bytes.drop_front(piece);
  }
  return crc;
}

//===-- Reading an entry --------------------------------------------------------------===//

struct ZipEntryReader::Inflater {
  explicit Inflater(StringRef in) : rest(in) { isReady = inflateInit2(&stream, -MAX_WBITS) == Z_OK; }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater &) = delete;
  Inflater &operator=(const Inflater &) = delete;

  /// Exactly the next bytes; false if there are fewer, or the data are damaged.
  bool read(MutableArrayRef<char> out) {
    while (isReady && !out.empty()) {
      refill();
      uInt piece = nextPiece(out.size());
      stream.next_out = reinterpret_cast<Bytef *>(out.data());
      stream.avail_out = piece;
      int status = inflate(&stream, Z_NO_FLUSH);
      out = out.drop_front(piece - stream.avail_out);
      if (status != Z_OK)
        return status == Z_STREAM_END && out.empty();
    }
    return isReady;
  }

  /// True if neither data nor bytes follow.
  bool isAtEnd() {
    char beyond;
    int status = Z_OK;
    while (status == Z_OK) {
      refill();
      stream.next_out = reinterpret_cast<Bytef *>(&beyond);
      stream.avail_out = 1;
      status = inflate(&stream, Z_NO_FLUSH);
      if (stream.avail_out == 0)
        return false;
    }
    return status == Z_STREAM_END && rest.empty() && stream.avail_in == 0;
  }

private:
  void refill() {
    if (stream.avail_in > 0)
      return;
    uInt piece = nextPiece(rest.size());
    stream.next_in = const_cast<Bytef *>(reinterpret_cast<const Bytef *>(rest.data()));
    stream.avail_in = piece;
    rest = rest.drop_front(piece);
  }

  z_stream stream = {};
  StringRef rest;
  bool isReady;
};

ZipEntryReader::ZipEntryReader(Location loc, ZipEntry entry) : loc(loc), entry(std::move(entry)) { rewind(); }
ZipEntryReader::~ZipEntryReader() = default;

void ZipEntryReader::rewind() {
  position = 0;
  crc = 0;
  if (entry.isDeflated)
    inflater = std::make_unique<Inflater>(entry.data);
}

LogicalResult ZipEntryReader::failSize() const {
  return emitError(loc) << "is a damaged zip archive: '" << entry.name << "' does not inflate to its " << entry.size
                        << " bytes";
}

LogicalResult ZipEntryReader::next(MutableArrayRef<char> out) {
  if (!entry.isDeflated)
    llvm::copy(entry.data.substr(position, out.size()), out.begin());
  else if (!inflater->read(out))
    return failSize();
  crc = crcOf(crc, StringRef(out.data(), out.size()));
  position += out.size();
  return success();
}

LogicalResult ZipEntryReader::finish() {
  if (entry.isDeflated && !inflater->isAtEnd())
    return failSize();
  if (crc != entry.crc)
    return emitError(loc) << "is a damaged zip archive: '" << entry.name << "' should have the checksum "
                          << llvm::utohexstr(entry.crc, /*LowerCase=*/true, 8) << ", but has "
                          << llvm::utohexstr(crc, /*LowerCase=*/true, 8);
  return success();
}

LogicalResult ZipEntryReader::read(uint64_t offset, MutableArrayRef<char> out) {
  if (offset < position)
    rewind();
  std::vector<char> passed(std::min<uint64_t>(offset - position, 1 << 16));
  while (position < offset)
    if (failed(next(MutableArrayRef(passed).take_front(offset - position))))
      return failure();
  if (failed(next(out)))
    return failure();
  return position == entry.size ? finish() : success();
}

//===-- Writing ---------------------------------------------------------------------===//

namespace {
/// Little-endian fields, one after the other.
struct Fields {
  std::string bytes;
  Fields &u16(uint64_t value) { return put(value, 2); }
  Fields &u32(uint64_t value) { return put(value, 4); }
  Fields &put(uint64_t value, unsigned count) {
    for (unsigned byte = 0; byte < count; ++byte)
      bytes.push_back(static_cast<char>(value >> (8 * byte)));
    return *this;
  }
};
constexpr uint16_t version = 20;      // deflate and folders: what every reader knows
constexpr uint16_t firstDay = 0x0021; // 1980-01-01, the earliest date that the format can say
} // namespace

/// The fields that local headers and directory entries share, from the version to the extra field's length.
static void putCommon(Fields &fields, StringRef name, uint32_t crc, uint64_t size) {
  constexpr uint16_t utf8Names = 0x0800, stored = 0, midnight = 0;
  fields.u16(version).u16(utf8Names).u16(stored).u16(midnight).u16(firstDay);
  fields.u32(crc).u32(size).u32(size).u16(name.size()).u16(0);
}

void ZipWriter::add(StringRef name, ArrayRef<StringRef> parts) {
  uint32_t crc = 0;
  uint64_t size = 0;
  for (StringRef part : parts) {
    crc = crcOf(crc, part);
    size += part.size();
  }
  Fields header;
  putCommon(header.u32(localSignature), name, crc, size);
  stream << header.bytes << name;
  for (StringRef part : parts)
    stream << part;
  entries.push_back({name.str(), crc, size, position});
  position += header.bytes.size() + name.size() + size;
}

void ZipWriter::finish() {
  uint64_t directoryOffset = position;
  for (const Written &entry : entries) {
    Fields header;
    putCommon(header.u32(centralSignature).u16(version), entry.name, entry.crc, entry.size);
    // No comment, first disk, no attributes.
    header.u16(0).u16(0).u16(0).u32(0).u32(entry.offset);
    stream << header.bytes << entry.name;
    position += header.bytes.size() + entry.name.size();
  }
  Fields end;
  end.u32(endSignature).u16(0).u16(0).u16(entries.size()).u16(entries.size());
  end.u32(position - directoryOffset).u32(directoryOffset).u16(0);
  stream << end.bytes;
}
