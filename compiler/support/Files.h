// Files in and out: read whole with a clear error, written whole or not at all.
#ifndef QCC_COMPILER_SUPPORT_FILES_H
#define QCC_COMPILER_SUPPORT_FILES_H

#include "mlir/IR/Location.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

namespace qcc {

/// Reads (or maps) a regular file; an error at `loc` names the file and the reason.
mlir::FailureOr<std::unique_ptr<llvm::MemoryBuffer>> readFile(mlir::Location loc, llvm::StringRef path);

/// Writes a file through a temporary one beside it, so that `path` is either the complete new file or untouched.
/// Devices and pipes are written directly. An error at `loc` names the file and the reason.
mlir::LogicalResult writeFile(mlir::Location loc, llvm::StringRef path,
                              llvm::function_ref<void(llvm::raw_ostream &)> write);

struct OutputFile {
  std::string path;
  llvm::ArrayRef<char> bytes;
};

/// Writes several files as `writeFile` does, all of them or, after an error, none.
mlir::LogicalResult writeFiles(mlir::Location loc, llvm::ArrayRef<OutputFile> files);

/// As `writeFiles`, but makes the folders of files at and below `root`, which is a folder or does not exist. After an
/// error the new folders are gone, too.
mlir::LogicalResult writeTree(mlir::Location loc, llvm::StringRef root, llvm::ArrayRef<OutputFile> files);

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_FILES_H
