// Names that users and files give, and names as users see them.
#ifndef QCC_COMPILER_SUPPORT_NAMES_H
#define QCC_COMPILER_SUPPORT_NAMES_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace qcc {

/// True for letters, digits and underscores, no digit first.
bool isIdentifier(llvm::StringRef name);

/// The name as a C identifier.
std::string identifierOf(llvm::StringRef name);

/// The name with '?' for ASCII characters that cannot be printed.
std::string printableName(llvm::StringRef name);

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_NAMES_H
