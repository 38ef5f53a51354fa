#include "compiler/support/Zip.h"

#include "llvm/Support/CRC.h"
#include "llvm/Support/EndianStream.h"

using namespace qcc;

namespace {

/// What both headers of a file say: its checksum, twice its size (nothing is compressed), its name's length.
void writeCommon(llvm::support::endian::Writer &writer, const OutputFile &file) {
  constexpr uint16_t version = 20, flags = 0, stored = 0, time = 0, firstOf1980 = 0x21, extraBytes = 0;
  llvm::ArrayRef<uint8_t> bytes(reinterpret_cast<const uint8_t *>(file.bytes.data()), file.bytes.size());
  for (uint16_t field : {version, flags, stored, time, firstOf1980})
    writer.write(field);
  writer.write<uint32_t>(llvm::crc32(bytes));
  writer.write<uint32_t>(bytes.size());
  writer.write<uint32_t>(bytes.size());
  writer.write<uint16_t>(file.path.size());
  writer.write(extraBytes);
}

} // namespace

std::string qcc::zipArchive(llvm::ArrayRef<OutputFile> files) {
  constexpr uint32_t localHeader = 0x04034b50, directoryHeader = 0x02014b50, directoryEnd = 0x06054b50;
  constexpr uint16_t madeOnUnix = 3 << 8 | 20;
  constexpr uint32_t regularFile = 0100644u << 16;
  std::string text, directory;
  llvm::raw_string_ostream out(text), entries(directory);
  llvm::support::endian::Writer local(out, llvm::endianness::little), central(entries, llvm::endianness::little);
  for (const OutputFile &file : files) {
    uint32_t offset = text.size();
    local.write(localHeader);
    writeCommon(local, file);
    out << file.path;
    out.write(file.bytes.data(), file.bytes.size());

    central.write(directoryHeader);
    central.write(madeOnUnix);
    writeCommon(central, file);
    for (uint16_t none : {/*comment=*/0, /*disk=*/0, /*internal attributes=*/0})
      central.write(none);
    central.write(regularFile);
    central.write(offset);
    entries << file.path;
  }
  uint32_t directoryOffset = text.size();
  out << directory;
  local.write(directoryEnd);
  for (uint16_t field : {uint16_t(0), uint16_t(0), uint16_t(files.size()), uint16_t(files.size())})
    local.write(field);
  local.write<uint32_t>(directory.size());
  local.write(directoryOffset);
  local.write<uint16_t>(/*comment=*/0);
  return text;
}
