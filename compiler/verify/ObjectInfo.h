// What is in an object file: sizes, symbols it wants, sections it would write to.
#ifndef QCC_COMPILER_VERIFY_OBJECTINFO_H
#define QCC_COMPILER_VERIFY_OBJECTINFO_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/TargetParser/Triple.h"

namespace qcc {

/// Weights are in sections whose names start with this, so that a user can place them.
constexpr llvm::StringRef weightSectionPrefix = ".rodata.qcc.weights";

/// A section (WebAssembly: the code, or a data segment) that takes part in the linked program's memory.
struct ObjectSection {
  enum class Kind { Text, Rodata, Weights, Writable };
  std::string name;
  Kind kind;
  int64_t bytes;
};

struct ObjectInfo {
  llvm::Triple::ArchType arch = llvm::Triple::UnknownArch;
  /// In the file's order, without empty ones.
  std::vector<ObjectSection> sections;
  /// Functions and data that the object expects from elsewhere, sorted.
  std::vector<std::string> undefinedSymbols;

  /// The sum over the sections of a kind.
  int64_t bytes(ObjectSection::Kind kind) const;
};

/// Reads an ELF or WebAssembly object from memory; anything else is an error at `loc`.
mlir::FailureOr<ObjectInfo> readObjectInfo(mlir::Location loc, llvm::ArrayRef<char> object);

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_OBJECTINFO_H
