// LLVM IR to machine code.
#ifndef QCC_COMPILER_EMIT_OBJECTWRITER_H
#define QCC_COMPILER_EMIT_OBJECTWRITER_H

#include "compiler/target/Target.h"
#include "mlir/IR/Location.h"
#include "mlir/Support/LLVM.h"
#include "llvm/IR/PassManager.h"
#include "llvm/Target/TargetMachine.h"

namespace llvm {
class Function;
class Module;
class PassBuilder;
} // namespace llvm

namespace qcc {

class VectorSpills;

class ObjectWriter {
public:
  /// `machine` must have been resolved; `optLevel` is 0 to 3.
  ObjectWriter(const target::Machine &machine, int optLevel, bool optimizeSize);

  const target::Target &getTarget() const { return *machine.target; }

  /// What the machine's functions have: its CPU and features.
  void setAttributes(llvm::Function &function) const;
  /// Sets triple, data layout and function attributes, runs LLVM's optimisations, and adds the integer
  /// functions that the machine needs.
  void optimize(llvm::Module &module);
  std::string assembly(llvm::Module &module);
  /// The object file. Fills `stackBytes`.
  std::vector<char> object(llvm::Module &module);

  /// The deepest stack of `<name>_run` in bytes: its frame and the largest of its versions (`<name>_run.<target>`), the
  /// largest of the kernels that they call, and an allowance for the library functions that these call; -1 before
  /// `object` or where the backend does not say.
  int64_t stackBytes(llvm::StringRef runFunction, llvm::ArrayRef<std::string> libraryFunctions) const;

private:
  std::unique_ptr<llvm::TargetMachine> createMachine(llvm::StringRef stackUsageFile = {}) const;
  llvm::ModulePassManager buildPasses(llvm::PassBuilder &builder, bool vectorizes) const;
  void resolveLibraryCalls(llvm::Module &module);
  void emit(llvm::TargetMachine &backend, llvm::Module &module, llvm::CodeGenFileType type, std::vector<char> &bytes);
  void readStackUsage(llvm::StringRef path, const VectorSpills &spills);

  const target::Machine &machine;
  int optLevel;
  bool optimizeSize;
  std::vector<std::pair<std::string, int64_t>> stackOf; // bytes per function
  bool hasAssemblyFunctions = false;
};

/// Replaces an object by a static library that holds it as `member`.
mlir::LogicalResult archiveObject(mlir::Location loc, llvm::StringRef member, std::vector<char> &object);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_OBJECTWRITER_H
