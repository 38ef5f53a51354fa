#include "compiler/emit/LargeConstants.h"

#include "compiler/support/HostTensor.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"

using namespace mlir;
using namespace qcc;

/// Fewer take neither memory nor time.
static constexpr size_t leastBytes = 1 << 16;

void LargeConstants::take(ModuleOp module) {
  for (auto global : module.getOps<LLVM::GlobalOp>()) {
    auto resource = llvm::dyn_cast_or_null<DenseResourceElementsAttr>(global.getValueOrNull());
    if (!resource || !global.getConstant() || resource.getRawHandle().getBlob()->getData().size() < leastBytes)
      continue;
    handles.try_emplace(global.getSymName(), resource.getRawHandle());
    global.setValueAttr(LLVM::ZeroAttr::get(module.getContext()));
    global.setExternallyInitialized(true);
  }
}

LogicalResult LargeConstants::write(Location loc, const llvm::Module &module, MutableArrayRef<char> object) const {
  auto error = [&](llvm::Error reason) {
    return emitError(loc) << "cannot write weights to the object: " << llvm::toString(std::move(reason));
  };
  if (handles.empty())
    return success();
  llvm::MemoryBufferRef buffer(StringRef(object.data(), object.size()), "object");
  auto file = llvm::object::ObjectFile::createELFObjectFile(buffer);
  if (!file)
    return error(file.takeError());
  size_t missing = llvm::count_if(handles, [&](auto &entry) { return module.getNamedGlobal(entry.getKey()); });
  for (const llvm::object::SymbolRef &symbol : (*file)->symbols()) {
    llvm::Expected<StringRef> name = symbol.getName();
    if (!name)
      return error(name.takeError());
    auto found = handles.find(*name);
    if (found == handles.end())
      continue;
    llvm::Expected<uint64_t> place = symbol.getValue();
    llvm::Expected<llvm::object::section_iterator> section = symbol.getSection();
    if (!place || !section)
      return error(place ? section.takeError() : place.takeError());
    llvm::Expected<StringRef> contents = (*section)->getContents();
    if (!contents)
      return error(contents.takeError());
    ArrayRef<char> bytes = found->second.getBlob()->getData();
    assert(*place + bytes.size() <= contents->size() && "the section has the constant");
    llvm::copy(bytes, object.begin() + (contents->data() - object.data()) + *place);
    --missing;
  }
  return missing ? emitError(loc) << "cannot write weights to the object: " << missing << " have no symbol" : success();
}

void LargeConstants::release(MLIRContext *context) const {
  for (const auto &entry : handles)
    releaseResource(context, entry.second.getKey());
}
