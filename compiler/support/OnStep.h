// How far long work is, for those who show it.
#ifndef QCC_COMPILER_SUPPORT_ONSTEP_H
#define QCC_COMPILER_SUPPORT_ONSTEP_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

namespace qcc {

/// Called for each step of a piece of work, which has a name and so many steps. May be null.
using OnStep = llvm::function_ref<void(llvm::StringRef work, int64_t steps)>;

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_ONSTEP_H
