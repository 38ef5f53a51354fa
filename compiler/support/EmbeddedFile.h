// Files of the source tree that travel inside the program, so that it needs none beside it.
#ifndef QCC_COMPILER_SUPPORT_EMBEDDEDFILE_H
#define QCC_COMPILER_SUPPORT_EMBEDDEDFILE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace qcc {

/// A file by its path below the folder that was embedded; cmake/QccBuild.cmake has `qcc_embed_files`.
struct EmbeddedFile {
  llvm::StringRef name, text;
};

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_EMBEDDEDFILE_H
