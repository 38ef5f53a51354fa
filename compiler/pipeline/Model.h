// What a module must be to be a model, and its inputs and outputs by name.
#ifndef QCC_COMPILER_PIPELINE_MODEL_H
#define QCC_COMPILER_PIPELINE_MODEL_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>
#include <vector>

namespace qcc {

/// An input or output of a model.
struct ModelPort {
  std::string name;
  mlir::RankedTensorType type;
};

/// A tensor that a model keeps from one run to the next (`qnn.state`), and the number that its elements begin with.
struct ModelState : ModelPort {
  double initial = 0;
};

/// The one public function of a module, with number formats for all inputs and outputs; an error otherwise.
mlir::FailureOr<mlir::func::FuncOp> findModel(mlir::ModuleOp module);

/// The ports of a model, in order, without its state. A port without a `qnn.name`, or with that of an earlier one, is
/// called `input<i>` or `output<i>`.
std::vector<ModelPort> modelInputs(mlir::func::FuncOp model);
std::vector<ModelPort> modelOutputs(mlir::func::FuncOp model);

/// The state of a model, in order; by default, `state<i>` are the names.
std::vector<ModelState> modelStates(mlir::func::FuncOp model);

/// Writes the names of all ports and of state into their `qnn.name`.
void namePorts(mlir::func::FuncOp model);

} // namespace qcc

#endif // QCC_COMPILER_PIPELINE_MODEL_H
