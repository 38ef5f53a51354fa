// Names in files that are not trusted, as users see them.
#ifndef QCC_COMPILER_SUPPORT_NAMES_H
#define QCC_COMPILER_SUPPORT_NAMES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace qcc {

/// The name as a C identifier.
std::string identifierOf(llvm::StringRef name);

/// The name with '?' for ASCII characters that cannot be printed.
std::string printableName(llvm::StringRef name);

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_NAMES_H
