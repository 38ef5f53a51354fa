// The syntax tree of a model file. Names and positions refer to the source text, which outlives the tree.
#ifndef QCC_COMPILER_FRONTEND_AST_H
#define QCC_COMPILER_FRONTEND_AST_H

#include "compiler/frontend/Source.h"

#include <memory>
#include <variant>

namespace qcc::frontend {

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// A name, or a string used as one, with its place.
struct Identifier {
  std::string text;
  Position at = 0;
};

struct Argument {
  /// Empty if the argument is given by its position.
  llvm::StringRef name;
  Position at;
  ExprPtr value;
};

/// A string with interpolations: text and expressions in their order.
struct StringExpr {
  std::vector<std::variant<std::string, ExprPtr>> parts;
};
struct NameExpr {
  llvm::StringRef name;
};
struct ListExpr {
  std::vector<ExprPtr> elements;
};
/// A call; `a |> f(b)` is the call `f(a, b)`.
struct CallExpr {
  llvm::StringRef callee;
  std::vector<Argument> arguments;
};
struct IndexExpr {
  ExprPtr base, index;
};
struct NegateExpr {
  ExprPtr operand;
};
struct BinaryExpr {
  llvm::StringRef symbol;
  ExprPtr lhs, rhs;
};

struct Expr {
  Position at;
  /// Nodes on the longest way down; bounded, because trees are walked by recursion.
  unsigned depth = 1;
  std::variant<int64_t, double, bool, StringExpr, NameExpr, ListExpr, CallExpr, IndexExpr, NegateExpr, BinaryExpr> node;
};

struct Statement;
using StatementList = std::vector<Statement>;

struct AssignStatement {
  std::vector<Identifier> targets;
  ExprPtr value;
};
struct ForStatement {
  Identifier variable;
  ExprPtr sequence;
  StatementList body;
};
struct IfStatement {
  ExprPtr condition;
  StatementList then, otherwise;
};
struct ReturnStatement {
  std::vector<ExprPtr> values;
};
struct WeightsStatement {
  ExprPtr path;
};

struct Statement {
  Position at;
  std::variant<AssignStatement, ForStatement, IfStatement, ReturnStatement, WeightsStatement> node;
};

/// A format and a shape: `int8(scale: 0.05, zero: -128)[1, 49, 10, 1]`.
struct TypeExpr {
  ExprPtr format;
  Position shapeAt;
  std::vector<ExprPtr> shape;
};

struct DimItem {
  Identifier name;
  ExprPtr value;
};
struct Parameter {
  Identifier name;
  ExprPtr defaultValue; // null: required
};
struct FunctionItem {
  Identifier name;
  std::vector<Parameter> parameters;
  StatementList body;
};
struct ModelInput {
  /// The variable, and the name for the users of the model (the same unless given).
  Identifier variable, name;
  TypeExpr type;
};
struct ModelOutput {
  /// Empty if not named.
  Identifier name;
  TypeExpr type;
};
struct ModelItem {
  Identifier name;
  std::vector<ModelInput> inputs;
  std::vector<ModelOutput> outputs;
  StatementList body;
};

/// `int8(per_channel)` or `int4(group: 32, clip: mse)`; `role` is "weights", "activations" or empty for both.
struct SchemeSetting {
  llvm::StringRef role;
  Position at;
  llvm::StringRef format;
  std::vector<Argument> arguments;
};
struct SchemeRuleItem {
  /// Empty text: the default.
  Identifier pattern;
  std::vector<SchemeSetting> settings;
};
struct SchemeBudget {
  Identifier memory;
  ExprPtr bytes;
};
struct SchemeItem {
  Identifier name, model;
  std::vector<SchemeRuleItem> rules;
  Identifier calibrate; // empty if not given
  std::vector<SchemeBudget> budget;
};

struct File {
  std::vector<DimItem> dims;
  std::vector<FunctionItem> functions;
  std::vector<ModelItem> models;
  std::vector<SchemeItem> schemes;
};

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_AST_H
