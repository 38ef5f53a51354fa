#include "compiler/import/weights/Npz.h"
#include "compiler/import/weights/Npy.h"
#include "compiler/import/weights/Zip.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;

/// What is stored is bounded by the file; what is deflated may be a thousand times as large.
static LogicalResult checkInflatedSize(Location loc, ArrayRef<ZipEntry> entries) {
  constexpr uint64_t mostBytes = uint64_t(8) << 30;
  uint64_t bytes = 0;
  for (const ZipEntry &entry : entries)
    if (entry.isDeflated)
      bytes += entry.size;
  if (bytes > mostBytes)
    return emitError(loc) << "expects at most " << mostBytes << " bytes of deflated arrays, but they say they have "
                          << bytes << "; store larger ones uncompressed, as numpy.savez does";
  return success();
}

/// The array `name` of .npy bytes, of which there are `size`.
static FailureOr<ArrayReader> openNpy(Location loc, StringRef name, uint64_t size, ArrayReader::ReadBytes readBytes) {
  std::vector<char> head(std::min(size, mostNpyHeaderBytes));
  if (failed(readBytes(0, head)))
    return failure();
  FailureOr<NpyForm> form = parseNpyForm(loc, name, StringRef(head.data(), head.size()), size);
  if (failed(form))
    return failure();
  auto half = ArrayReader::Half::None;
  if (form->array.kind == 'f' && form->array.bytesPerElement == 2) {
    half = ArrayReader::Half::Ieee;
    form->array.bytesPerElement = 4;
  }
  ArrayReader reader(std::move(form->array), half,
                     [offset = form->dataOffset, readBytes = std::move(readBytes)](
                         uint64_t first, MutableArrayRef<char> out) { return readBytes(offset + first, out); });
  if (!form->isFortranOrder)
    return reader;
  FailureOr<NamedArray> array = reader.readAll();
  if (failed(array))
    return failure();
  transposeFromFortran(*array);
  return ArrayReader(std::move(*array));
}

static FailureOr<std::vector<ArrayReader>> openSingle(Location loc, StringRef name, const FileBytes &file) {
  FailureOr<ArrayReader> reader = openNpy(loc, name, file.bytes.size(), file.reader());
  if (failed(reader))
    return failure();
  return std::vector{std::move(*reader)};
}

FailureOr<std::vector<ArrayReader>> qcc::openNpz(MLIRContext *context, StringRef path, FileBytes file) {
  Location loc = fileLoc(context, path);
  if (isNpy(file.bytes))
    return openSingle(loc, llvm::sys::path::stem(path), file);
  FailureOr<std::vector<ZipEntry>> entries = listZip(loc, file.bytes);
  if (failed(entries) || failed(checkInflatedSize(loc, *entries)))
    return failure();
  std::vector<ArrayReader> arrays;
  llvm::StringSet<> names;
  for (const ZipEntry &entry : *entries) {
    StringRef name = entry.name;
    if (!name.consume_back(".npy"))
      return emitError(loc) << "expects entries whose names end in .npy, but found '" << entry.name << "'";
    if (!names.insert(name).second)
      return emitError(loc) << "has two arrays named '" << name << "'";
    FailureOr<ArrayReader> reader =
        openNpy(loc, name, entry.size,
                [owner = file.owner, entryReader = std::make_shared<ZipEntryReader>(loc, entry)](
                    uint64_t offset, MutableArrayRef<char> out) { return entryReader->read(offset, out); });
    if (failed(reader))
      return failure();
    arrays.push_back(std::move(*reader));
  }
  return arrays;
}

FailureOr<std::vector<NamedArray>> qcc::parseNpz(MLIRContext *context, StringRef path, StringRef buffer) {
  FailureOr<std::vector<ArrayReader>> readers = openNpz(context, path, {buffer});
  if (failed(readers))
    return failure();
  return readAll(*readers);
}

FailureOr<std::vector<NamedArray>> qcc::readNpz(MLIRContext *context, StringRef path) {
  auto file = readFile(UnknownLoc::get(context), path);
  if (failed(file))
    return failure();
  return parseNpz(context, path, (*file)->getBuffer());
}

/// The names must be distinct and the archive must fit the 32-bit fields of a zip file.
static LogicalResult verifyWritable(Location loc, ArrayRef<NamedArray> arrays) {
  constexpr size_t maxEntries = 0xfffe, headersPerEntry = 512, maxNameBytes = 4096;
  if (arrays.size() > maxEntries)
    return emitError(loc) << "cannot hold more than " << maxEntries << " arrays, but got " << arrays.size();
  llvm::StringSet<> names;
  uint64_t total = 0;
  for (const NamedArray &array : arrays) {
    if (!names.insert(array.name).second)
      return emitError(loc) << "cannot hold two arrays named '" << array.name << "'";
    if (array.name.size() > maxNameBytes)
      return emitError(loc) << "cannot hold a name of " << array.name.size() << " bytes";
    total += array.bytes.size() + headersPerEntry + 2 * array.name.size();
  }
  if (total > ZipWriter::maxEntryBytes)
    return emitError(loc) << "cannot hold " << total << " bytes, but at most " << ZipWriter::maxEntryBytes;
  return success();
}

LogicalResult qcc::writeNpz(MLIRContext *context, StringRef path, ArrayRef<NamedArray> arrays) {
  if (failed(verifyWritable(fileLoc(context, path), arrays)))
    return failure();
  return writeFile(UnknownLoc::get(context), path, [&](llvm::raw_ostream &stream) {
    ZipWriter writer(stream);
    for (const NamedArray &array : arrays)
      writer.add(array.name + ".npy", {npyHeader(array), StringRef(array.bytes.data(), array.bytes.size())});
    writer.finish();
  });
}
