// Libraries for the tools of microcontrollers: a compiled model with what Arduino, Zephyr or PlatformIO expects
// around it.
#ifndef QCC_COMPILER_EMIT_PACKAGE_H
#define QCC_COMPILER_EMIT_PACKAGE_H

#include "compiler/emit/Compile.h"

namespace qcc {

/// What a package is for. The layouts are those of the Arduino library specification 1.5 (rev. 2.2), of Zephyr's
/// module.yml and of PlatformIO's library.json.
enum class Package { Arduino, Zephyr, PlatformIO };

/// A file of a package, by its path in the package's folder.
struct PackageFile {
  std::string path;
  std::string bytes;
};

/// Why there is no such package for a target, or nothing if there is.
std::optional<std::string> whyNoPackage(Package package, llvm::StringRef target);

/// Where the archive lies in the package.
std::string archivePath(Package package, llvm::StringRef target, llvm::StringRef model);

/// The files of the package: the archive and the header of `result` (made as Emit::Library for a target that the
/// package knows), manifests, an example, a README. A name that the tool refuses is an error.
mlir::FailureOr<std::vector<PackageFile>> makePackage(mlir::Location loc, Package package, const CompileResult &result);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_PACKAGE_H
