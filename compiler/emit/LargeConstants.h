// Constants that LLVM does not get to see.
#ifndef QCC_COMPILER_EMIT_LARGECONSTANTS_H
#define QCC_COMPILER_EMIT_LARGECONSTANTS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace llvm {
class Module;
} // namespace llvm

namespace qcc {

/// The bytes of large weights, which LLVM would hold in a constant, in a fragment of a section and in the object: of
/// these, only the object has them. LLVM gets zeros, which take no memory, as an `externally_initialized` constant: one
/// whose contents it must not count on.
class LargeConstants {
public:
  /// Takes the constants of a module in the LLVM dialect that have many bytes. With `consumes`, their resources are
  /// emptied once they are written.
  void take(mlir::ModuleOp module, bool consumes);

  /// Writes them to their places in the ELF object of a module, which has a symbol for each that is left.
  mlir::LogicalResult write(mlir::Location loc, const llvm::Module &module, llvm::MutableArrayRef<char> object) const;

private:
  llvm::StringMap<mlir::DenseResourceElementsHandle> handles; // by the names of symbols
  bool consumes = false;
};

} // namespace qcc

#endif // QCC_COMPILER_EMIT_LARGECONSTANTS_H
