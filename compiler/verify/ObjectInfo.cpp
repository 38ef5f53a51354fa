#include "compiler/verify/ObjectInfo.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Object/Wasm.h"

using namespace mlir;
using namespace qcc;
using Kind = ObjectSection::Kind;

int64_t ObjectInfo::bytes(Kind kind) const {
  int64_t sum = 0;
  for (const ObjectSection &section : sections)
    sum += section.kind == kind ? section.bytes : 0;
  return sum;
}

static Kind readOnlyKind(StringRef name) {
  return name.starts_with(weightSectionPrefix) ? Kind::Weights : Kind::Rodata;
}

static void addSection(ObjectInfo &info, StringRef name, Kind kind, uint64_t bytes) {
  if (bytes > 0)
    info.sections.push_back({name.str(), kind, int64_t(bytes)});
}

static llvm::Error readElf(const llvm::object::ELFObjectFileBase &file, ObjectInfo &info) {
  for (llvm::object::ELFSectionRef section : file.sections()) {
    uint64_t flags = section.getFlags();
    if (!(flags & llvm::ELF::SHF_ALLOC))
      continue;
    llvm::Expected<StringRef> name = section.getName();
    if (!name)
      return name.takeError();
    Kind kind = flags & llvm::ELF::SHF_WRITE       ? Kind::Writable
                : flags & llvm::ELF::SHF_EXECINSTR ? Kind::Text
                                                   : readOnlyKind(*name);
    addSection(info, *name, kind, section.getSize());
  }
  for (llvm::object::ELFSymbolRef symbol : file.symbols()) {
    llvm::Expected<uint32_t> flags = symbol.getFlags();
    if (!flags)
      return flags.takeError();
    llvm::Expected<StringRef> name = symbol.getName();
    if (!name)
      return name.takeError();
    if (*flags & llvm::object::SymbolRef::SF_Undefined && !name->empty())
      info.undefinedSymbols.push_back(name->str());
  }
  return llvm::Error::success();
}

static llvm::Error readWasm(const llvm::object::WasmObjectFile &file, ObjectInfo &info) {
  for (const llvm::object::SectionRef &section : file.sections())
    if (file.getWasmSection(section).Type == llvm::wasm::WASM_SEC_CODE)
      addSection(info, "CODE", Kind::Text, section.getSize());
  for (const llvm::object::WasmSegment &segment : file.dataSegments()) {
    StringRef name = segment.Data.Name;
    addSection(info, name, name.starts_with(".rodata") ? readOnlyKind(name) : Kind::Writable,
               segment.Data.Content.size());
  }
  // Imported memories, tables and the stack pointer come from the linker, not from another object.
  for (const llvm::object::SymbolRef &reference : file.symbols()) {
    const llvm::object::WasmSymbol &symbol = file.getWasmSymbol(reference);
    if (symbol.isUndefined() && (symbol.isTypeFunction() || symbol.isTypeData()))
      info.undefinedSymbols.push_back(symbol.Info.Name.str());
  }
  return llvm::Error::success();
}

FailureOr<ObjectInfo> qcc::readObjectInfo(Location loc, ArrayRef<char> object) {
  llvm::MemoryBufferRef buffer(StringRef(object.data(), object.size()), "object");
  auto file = llvm::object::ObjectFile::createObjectFile(buffer);
  if (!file)
    return emitError(loc) << "cannot read the object: " << llvm::toString(file.takeError());
  auto *elf = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(file->get());
  auto *wasm = llvm::dyn_cast<llvm::object::WasmObjectFile>(file->get());
  if (!elf && !wasm)
    return emitError(loc) << "expects an ELF or WebAssembly object, but this is " << (*file)->getFileFormatName();
  ObjectInfo info;
  info.arch = (*file)->getArch();
  if (llvm::Error error = elf ? readElf(*elf, info) : readWasm(*wasm, info))
    return emitError(loc) << "cannot read the object: " << llvm::toString(std::move(error));
  llvm::sort(info.undefinedSymbols);
  return info;
}
