// Assembly, for inner loops that need every register there is: a block whose operands LLVM gives registers to, or a
// whole function. LLVM leaves the instructions as they are.
#ifndef QCC_COMPILER_CODEGEN_ASSEMBLY_H
#define QCC_COMPILER_CODEGEN_ASSEMBLY_H

#include "compiler/codegen/KernelBuilder.h"
#include "llvm/Support/FormatVariadic.h"

namespace qcc::codegen {

/// Instructions, one a line.
class AssemblyText {
public:
  /// Appends an instruction: {0}, {1}, ... in `format` are the arguments.
  template <typename... Args> void line(llvm::StringRef format, const Args &...args) {
    text += llvm::formatv(/*Validate=*/false, format.data(), args...).str() + "\n";
    ++count;
  }
  llvm::StringRef getText() const { return text; }
  int64_t lines() const { return count; }

protected:
  std::string text;

private:
  int64_t count = 0;
};

/// Calls a function that consists of `body`, by the machine's calling convention for as many numbers of 32 bits.
/// Pointers are passed as numbers: LLVM, which does not see into the function, must not think that it leaves alone what
/// they point to. Kernels of a module that have the same `body` share a function, named `name` and perhaps a number.
void callAssembly(KernelBuilder &k, llvm::StringRef name, const AssemblyText &body, llvm::ArrayRef<Val> numbers);
/// The address of such a function, for another one to jump to.
Val addressOfAssembly(KernelBuilder &k, llvm::StringRef name, const AssemblyText &body);

class Assembly : public AssemblyText {
public:
  /// `constraint` is the class of the machine's registers, as "r", of those for which no other is named.
  explicit Assembly(KernelBuilder &k, llvm::StringRef constraint = "r") : k(k), constraint(constraint) {}

  /// A register that holds `value` before the block and is changed by it.
  std::string inOut(Val value, llvm::StringRef constraint = {});
  /// A register that holds `value`, and that the block does not change.
  std::string input(Val value);
  /// A register that the block writes before it reads it.
  std::string temporary(mlir::Type type, llvm::StringRef constraint = {});
  /// Names a register that the block changes and no operand stands for.
  void clobber(llvm::StringRef name) { clobbers += (",~{" + name + "}").str(); }
  /// Ends the block. It may read all memory.
  void emit();
  /// What the register of the number `index`, in the order of `inOut` and `temporary`, holds afterwards.
  Val result(size_t index) const { return results[index]; }

private:
  std::string addOutput(mlir::Type type, llvm::StringRef constraint);

  KernelBuilder &k;
  llvm::StringRef constraint;
  llvm::SmallVector<mlir::Type> outputs;
  llvm::SmallVector<llvm::StringRef> constraints;   // of each output
  llvm::SmallVector<std::pair<size_t, Val>> inputs; // each in the register of an output
  llvm::SmallVector<Val> readOnly;
  std::string clobbers = "~{cc},~{memory}";
  llvm::SmallVector<Val> results;
};

/// The same address, of which LLVM learns nothing before this place: nothing that is loaded from there is loaded ahead
/// of it, not even constants, which `KernelBuilder::hide` leaves to the code generator.
Val renew(KernelBuilder &k, Val pointer);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_ASSEMBLY_H
