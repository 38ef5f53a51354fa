// ZIP archives without compression.
#ifndef QCC_COMPILER_SUPPORT_ZIP_H
#define QCC_COMPILER_SUPPORT_ZIP_H

#include "compiler/support/Files.h"

namespace qcc {

/// The files as one archive (PKWARE's APPNOTE 6.3, method 0), in their order; paths are relative, with `/`. The same
/// files give the same bytes: all are from the format's first day. Together they have less than 4 GiB.
std::string zipArchive(llvm::ArrayRef<OutputFile> files);

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_ZIP_H
