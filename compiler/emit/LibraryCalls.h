// The functions of a compiler's library that backends call where a machine lacks an instruction.
#ifndef QCC_COMPILER_EMIT_LIBRARYCALLS_H
#define QCC_COMPILER_EMIT_LIBRARYCALLS_H

#include "mlir/Support/LLVM.h"

namespace llvm {
class Function;
class Module;
} // namespace llvm

namespace qcc {

/// Defines those of the names that are integer functions (`__muldi3`, `__divsi3`, ...), and what these call, as
/// functions of the module that no other object sees. They compute in 32 bits, products in pieces of 16. Returns the
/// new functions.
llvm::SmallVector<llvm::Function *> defineIntegerFunctions(llvm::Module &module, llvm::ArrayRef<std::string> names);

/// True for a function that `defineIntegerFunctions` knows.
bool isIntegerFunction(llvm::StringRef name);

/// On Arm, calls of those names that are float functions (`__addsf3`, ...) go to Arm's own names for them
/// (`__aeabi_fadd`), which every library has; libgcc for Armv6-M has no others.
void renameFloatFunctions(llvm::Module &module, llvm::ArrayRef<std::string> names);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_LIBRARYCALLS_H
