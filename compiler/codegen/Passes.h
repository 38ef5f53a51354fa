// Passes from planned kernels to the LLVM dialect.
#ifndef QCC_COMPILER_CODEGEN_PASSES_H
#define QCC_COMPILER_CODEGEN_PASSES_H

#include "compiler/target/Target.h"
#include "mlir/Pass/Pass.h"

namespace qcc::codegen {

struct EmitOptions {
  bool profile = false;
  /// f32 products are added without being rounded first, where the machine has an instruction for it.
  bool fusesMultiplyAdd = true;
  /// Smaller code counts more than faster code.
  bool prefersSize = false;
  /// Pieces of kernels are left to a loop of the caller's.
  bool parallel = false;
};

/// `qk-emit-kernels`: each kernel operator becomes a function of pointers with loops over stored codes; the
/// model becomes `<name>_run(inputs, outputs, arena)`, which calls them in the planned order. With `profile`,
/// `<name>_run_profiled(inputs, outputs, arena, hook, user)` calls the hook before and after each kernel, and
/// `<name>_run` is the same without a hook. With `parallel`, `<name>_run_parallel(inputs, outputs, arena, loop, user)`
/// leaves kernels with pieces to `loop`, a qcc_parallel_for, and `<name>_run` computes one piece after the other.
/// With both, `<name>_run_parallel_profiled(inputs, outputs, arena, loop, user, hook, user)` does both, and there are
/// all functions that do less.
std::unique_ptr<mlir::Pass> createEmitKernelsPass(const target::Machine *machine = nullptr,
                                                  EmitOptions options = EmitOptions());

/// Bytes of code and read-only data that a module of kernels, as `qk-emit-kernels` leaves it, takes in an object. It is
/// free to lower the module. Only the room that writes objects can know.
using MeasureBytes = std::function<mlir::FailureOr<int64_t>(mlir::ModuleOp)>;

/// `qk-share-kernels`: kernels that differ in numbers only become one function that reads these numbers
/// from a table, if `measure` finds this form smaller; without `measure`, always. Each class of alike kernels that was
/// measured gets a remark with the bytes of both forms. With `onlyEqual`, numbers stay where they are, and only kernels
/// that have the same ones share a function.
std::unique_ptr<mlir::Pass> createShareKernelsPass(bool onlyEqual = false, MeasureBytes measure = nullptr);

/// `qk-simplify-loops`: loops that run once become their bodies, and those that never run vanish. After
/// `qk-share-kernels`, to which loops of different lengths are alike.
std::unique_ptr<mlir::Pass> createSimplifyLoopsPass();

/// `qk-expand-scalars`: fixed-point rescaling, rounding and elementary functions become plain arithmetic.
std::unique_ptr<mlir::Pass> createExpandScalarsPass();

/// `qk-lower-to-llvm`: loops and arithmetic to the LLVM dialect.
std::unique_ptr<mlir::Pass> createLowerToLLVMPass();

void registerPasses();

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_PASSES_H
