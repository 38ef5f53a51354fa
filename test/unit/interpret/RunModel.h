// Runs a model, given as text, in the reference interpreter.
#ifndef QCC_TEST_UNIT_INTERPRET_RUNMODEL_H
#define QCC_TEST_UNIT_INTERPRET_RUNMODEL_H

#include "compiler/interpret/Interpreter.h"

#include <catch2/catch.hpp>

/// A tensor as plain numbers: values of an f32 tensor, codes of any other.
using Numbers = std::vector<double>;

/// A context with the qnn dialect that collects diagnostics as text.
struct Session {
  Session();
  mlir::func::FuncOp parse(llvm::StringRef function);
  std::string takeErrors();

  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::string errors;
};

qcc::HostTensor makeTensor(mlir::Type type, const Numbers &numbers);
Numbers numbersOf(const qcc::HostTensor &tensor);

/// The results of a function of this signature and body, e.g.
/// `runModel("%x: tensor<2xf32>", "tensor<2xf32>", "%y = qnn.relu %x : (tensor<2xf32>) -> tensor<2xf32>\n return %y :
/// ...", {{1, 2}})`.
std::vector<Numbers> runModel(llvm::StringRef function, const std::vector<Numbers> &inputs);

/// The result of one operator: `runOp("qnn.relu", "", {"tensor<2xf32>"}, "tensor<2xf32>", {{1, 2}})` runs
/// `qnn.relu %0 <attributes> : (tensor<2xf32>) -> tensor<2xf32>`. `operands` replaces the list of operands.
Numbers runOp(llvm::StringRef name, llvm::StringRef attributes, const std::vector<std::string> &types,
              llvm::StringRef result, const std::vector<Numbers> &inputs, llvm::StringRef operands = "");

#endif // QCC_TEST_UNIT_INTERPRET_RUNMODEL_H
