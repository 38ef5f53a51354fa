// The reference interpreter: the meaning of the qnn dialect, written to be read.
#ifndef QCC_COMPILER_INTERPRET_INTERPRETER_H
#define QCC_COMPILER_INTERPRET_INTERPRETER_H

#include "compiler/interpret/Kernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace qcc::interpret {

/// Sees each tensor of a run as it is computed: an argument as result `index` of the function itself, then
/// every operator's results. Constants are not shown.
using Observer = llvm::function_ref<void(mlir::Operation *, unsigned index, const Tensor &)>;

/// A function of qnn operators, prepared to be run on samples.
class Interpreter {
public:
  /// Unpacks constants and computes multipliers once. The function must outlive the interpreter and not
  /// change. Fails, with a diagnostic, if it has an operator that is neither qnn's nor `func.return`.
  static mlir::FailureOr<Interpreter> create(mlir::func::FuncOp model);

  /// Results for one set of arguments, state among them, whose types must be the function's. May be called by several
  /// threads at once; the observer then is, too.
  mlir::FailureOr<std::vector<HostTensor>> run(llvm::ArrayRef<HostTensor> inputs, Observer observer = nullptr) const;

  /// What a model with state begins with.
  std::vector<HostTensor> initialState() const;
  /// One run of a model with state, whose outputs are returned; `state` becomes that of the run after it.
  mlir::FailureOr<std::vector<HostTensor>> step(llvm::ArrayRef<HostTensor> inputs, std::vector<HostTensor> &state,
                                                Observer observer = nullptr) const;

  mlir::func::FuncOp getModel() const { return model; }

private:
  /// One operator: where its operands lie and where its results go, as numbers of slots.
  struct Step {
    mlir::Operation *op;
    Kernel kernel;
    llvm::SmallVector<unsigned, 4> operands;
    unsigned firstResult;
  };

  explicit Interpreter(mlir::func::FuncOp model) : model(model) {}
  mlir::LogicalResult addStep(mlir::Operation *op);
  unsigned addSlot(mlir::Value value);
  mlir::LogicalResult checkInputs(llvm::ArrayRef<HostTensor> inputs) const;

  mlir::func::FuncOp model;
  Constants constants;
  llvm::DenseMap<mlir::Value, unsigned> slotOf;
  std::vector<std::shared_ptr<const Tensor>> fixed; // per slot: the constant, or null
  std::vector<Step> steps;
  llvm::SmallVector<unsigned, 4> returned;
};

} // namespace qcc::interpret

#endif // QCC_COMPILER_INTERPRET_INTERPRETER_H
