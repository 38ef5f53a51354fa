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
  /// Takes the constants of a module in the LLVM dialect that have many bytes.
  void take(mlir::ModuleOp module);

  /// Writes them to their places in the ELF object of a module, which has a symbol for each that is left.
  mlir::LogicalResult write(mlir::Location loc, const llvm::Module &module, llvm::MutableArrayRef<char> object) const;

  /// Frees their bytes. Constants may share them: not before all are written.
  void release(mlir::MLIRContext *context) const;

private:
  llvm::StringMap<mlir::DenseResourceElementsHandle> handles; // by the names of symbols
};

} // namespace qcc

#endif // QCC_COMPILER_EMIT_LARGECONSTANTS_H
