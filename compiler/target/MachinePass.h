// What passes share that depend on the machine which is compiled for.
#ifndef QCC_COMPILER_TARGET_MACHINEPASS_H
#define QCC_COMPILER_TARGET_MACHINEPASS_H

#include "compiler/target/Target.h"
#include "mlir/Pass/Pass.h"

namespace qcc::target {

/// A pass over an `Anchor` for the machine that it was created with, which outlives it, or else for that of the target
/// and the features that its options name.
template <typename Derived, typename Anchor>
class MachinePass : public mlir::PassWrapper<Derived, mlir::OperationPass<Anchor>> {
public:
  explicit MachinePass(const Machine *machine = nullptr) : given(machine) {}
  MachinePass(const MachinePass &other)
      : mlir::PassWrapper<Derived, mlir::OperationPass<Anchor>>(other), given(other.given) {}

protected:
  /// An error at the operation that the pass runs on if there is none of such names.
  mlir::FailureOr<Machine> machine() {
    if (given)
      return *given;
    Machine named;
    std::string error;
    if (!resolveMachine(targetName, /*cpu=*/"", features, named, error))
      return this->getOperation().emitError() << error;
    return named;
  }

private:
  const Machine *given;
  mlir::Pass::Option<std::string> targetName{*this, "target", llvm::cl::desc("target whose instructions are used"),
                                             llvm::cl::init("x86-64-v3")};
  mlir::Pass::Option<std::string> features{*this, "features",
                                           llvm::cl::desc("further features of the machine, as of --mattr")};
};

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_MACHINEPASS_H
