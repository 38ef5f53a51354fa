// Runs the compile-time part of a model: variables, loops, functions, calls of operators.
#ifndef QCC_COMPILER_FRONTEND_EVALUATOR_H
#define QCC_COMPILER_FRONTEND_EVALUATOR_H

#include "compiler/frontend/Ast.h"
#include "compiler/frontend/ModelContext.h"
#include "compiler/frontend/OpCall.h"

#include "llvm/ADT/StringMap.h"

namespace qcc::frontend {

/// The variables of a function or a model.
struct Scope {
  llvm::StringMap<Datum> variables;
  /// True in the model itself, where weights may be named.
  bool isModel = false;
};

class Evaluator {
public:
  using LoadWeights = std::function<mlir::FailureOr<std::vector<NamedArray>>(Position at, llvm::StringRef path)>;

  /// Functions and dimensions of a file must have been added before they are used.
  Evaluator(ModelContext &model, LoadWeights loadWeights) : model(model), loadWeights(std::move(loadWeights)) {}

  mlir::LogicalResult addDim(const DimItem &dim);
  mlir::LogicalResult addFunction(const FunctionItem &function);

  mlir::FailureOr<Datum> evaluate(const Expr &expr, Scope &scope);
  /// The tensor type that a type expression names.
  mlir::FailureOr<mlir::RankedTensorType> evaluateType(const TypeExpr &type, Scope &scope);
  /// Runs statements up to a return, whose values are put into `returned` together with their expressions' places.
  mlir::LogicalResult run(const StatementList &block, Scope &scope,
                          std::optional<std::vector<BoundArgument>> &returned);
  /// Sets a variable; an error if the name belongs to an operator, a function, a format or a dimension.
  mlir::LogicalResult assign(const Identifier &name, Datum value, Scope &scope);

private:
  using Returned = std::optional<std::vector<BoundArgument>>;

  mlir::InFlightDiagnostic error(Position at) { return model.source.error(at); }
  /// An error if something else has the name.
  mlir::LogicalResult checkName(const Identifier &name);
  mlir::LogicalResult countSteps(Position at, size_t steps = 1);

  // Statements.
  mlir::LogicalResult runStatement(const Statement &statement, Scope &scope, Returned &returned);
  mlir::LogicalResult runAssign(const AssignStatement &assign, Position at, Scope &scope);
  mlir::LogicalResult runFor(const ForStatement &loop, Scope &scope, Returned &returned);
  mlir::LogicalResult runWeights(const WeightsStatement &weights, Position at, Scope &scope);

  // Expressions.
  mlir::FailureOr<Datum> evaluateName(const NameExpr &name, Position at, Scope &scope);
  mlir::FailureOr<Datum> evaluateString(const StringExpr &string, Position at, Scope &scope);
  mlir::FailureOr<Datum> evaluateList(const ListExpr &list, Position at, Scope &scope);
  mlir::FailureOr<Datum> evaluateIndex(const IndexExpr &index, Position at, Scope &scope);
  mlir::FailureOr<Datum> evaluateNegate(const NegateExpr &negate, Position at, Scope &scope);
  mlir::FailureOr<Datum> evaluateBinary(const BinaryExpr &binary, Position at, Scope &scope);
  mlir::FailureOr<Datum> arithmetic(llvm::StringRef symbol, const Datum &lhs, const Datum &rhs, Position at);
  mlir::FailureOr<Datum> compare(llvm::StringRef symbol, const Datum &lhs, const Datum &rhs, Position at);
  mlir::FailureOr<Datum> joinLists(const DatumList &lhs, const DatumList &rhs, Position at);

  // Calls.
  mlir::FailureOr<Datum> evaluateCall(const CallExpr &call, Position at, Scope &scope);
  /// The argument of each parameter, or null.
  mlir::FailureOr<std::vector<const Argument *>> bind(const CallExpr &call, Position at,
                                                      llvm::ArrayRef<llvm::StringRef> parameters);
  mlir::FailureOr<Datum> callFunction(const FunctionItem &function, const CallExpr &call, Position at, Scope &scope);
  mlir::FailureOr<Datum> callOperator(const OpInfo &info, const CallExpr &call, Position at, Scope &scope);
  mlir::FailureOr<Datum> callFormat(FormatSpec spec, const CallExpr &call, Position at, Scope &scope);
  mlir::FailureOr<Datum> completeFormat(FormatSpec spec, llvm::ArrayRef<Datum> values, Position at);
  mlir::FailureOr<Datum> evaluateArgument(const OpInfo &info, const ParameterInfo &parameter, const Expr &expr,
                                          Scope &scope);
  mlir::FailureOr<Datum> buildOperator(const OpInfo &info, Position at, std::vector<BoundArgument> arguments);
  std::vector<llvm::StringRef> callableNames() const;

  ModelContext &model;
  LoadWeights loadWeights;
  llvm::StringMap<const FunctionItem *> functions;
  Scope dims;
  /// Names of the functions that are running.
  std::vector<llvm::StringRef> calls;
  size_t steps = 0;
  unsigned depth = 0;
};

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_EVALUATOR_H
