#include "compiler/frontend/Evaluator.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

namespace {
constexpr size_t maxSteps = 1'000'000;
/// Evaluations inside each other, over all functions that are running.
constexpr unsigned maxDepth = 1000;

struct Deeper {
  explicit Deeper(unsigned &depth) : depth(depth) { ++depth; }
  ~Deeper() { --depth; }
  unsigned &depth;
};
} // namespace

LogicalResult Evaluator::countSteps(Position at, size_t count) {
  steps += count;
  if (steps > maxSteps)
    return error(at) << "building the model takes more than " << maxSteps << " steps; is a loop too long?";
  if (depth > maxDepth)
    return error(at) << "expects calls and expressions inside each other at most " << maxDepth << " deep";
  return success();
}

//===-- Declarations ------------------------------------------------------------------===//

LogicalResult Evaluator::checkName(const Identifier &name) {
  const char *what = findLanguageOp(name.text)                   ? "an operator"
                     : functions.contains(name.text)             ? "a function"
                     : getFormatByName(name.text)                ? "a number format"
                     : name.text == "none" || name.text == "inf" ? "a constant of the language"
                     : dims.variables.contains(name.text)        ? "a dimension"
                                                                 : nullptr;
  if (what)
    return error(name.at) << "'" << name.text << "' is " << what << "; choose another name";
  return success();
}

LogicalResult Evaluator::addDim(const DimItem &dim) {
  FailureOr<Datum> value = evaluate(*dim.value, dims);
  if (failed(value))
    return failure();
  if (!value->getIf<int64_t>())
    return error(dim.value->at) << "expects an integer for the dimension '" << dim.name.text << "', but got "
                                << value->describe();
  return assign(dim.name, *value, dims);
}

LogicalResult Evaluator::addFunction(const FunctionItem &function) {
  if (failed(checkName(function.name)))
    return failure();
  for (size_t i = 0; i < function.parameters.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (function.parameters[i].name.text == function.parameters[j].name.text)
        return error(function.parameters[i].name.at)
               << "the parameter '" << function.parameters[i].name.text << "' is there twice";
  functions[function.name.text] = &function;
  return success();
}

LogicalResult Evaluator::assign(const Identifier &name, Datum value, Scope &scope) {
  if (failed(checkName(name)))
    return failure();
  scope.variables[name.text] = std::move(value);
  return success();
}

FailureOr<RankedTensorType> Evaluator::evaluateType(const TypeExpr &type, Scope &scope) {
  FailureOr<Datum> format = evaluate(*type.format, scope);
  if (failed(format))
    return failure();
  auto *spec = format->getIf<FormatSpec>();
  if (!spec)
    return error(type.format->at) << "expects a number format, but got " << format->describe();
  FailureOr<Type> element = spec->toType(model.source.getContext(), [&] { return error(type.format->at); });
  if (failed(element) || !*element)
    return failure();
  if (spec->isGrouped() || spec->axis >= 0)
    return error(type.format->at) << "expects a format with one scale for inputs and outputs, but got "
                                  << showFormat(*element, ShowChannels::Count).value_or(spec->name());
  SmallVector<int64_t> shape;
  for (const ExprPtr &dimension : type.shape) {
    FailureOr<Datum> size = evaluate(*dimension, scope);
    if (failed(size))
      return failure();
    auto *integer = size->getIf<int64_t>();
    if (!integer || *integer < 1)
      return error(dimension->at) << "expects a dimension of at least 1, but got " << size->describe();
    shape.push_back(*integer);
  }
  auto tensor = RankedTensorType::get(shape, *element);
  if (!qnn::isFormatTensor(tensor))
    return error(type.shapeAt) << "the shape " << showShape(shape) << " is too large; at most 2^31 elements are "
                               << "supported";
  return tensor;
}

//===-- Statements --------------------------------------------------------------------===//

LogicalResult Evaluator::run(const StatementList &block, Scope &scope, Returned &returned) {
  Deeper deeper(depth);
  for (const Statement &statement : block) {
    if (returned && std::holds_alternative<ReturnStatement>((&statement)[-1].node))
      return error(statement.at) << "this statement follows a return and is never reached";
    if (returned)
      return success();
    if (failed(countSteps(statement.at)) || failed(runStatement(statement, scope, returned)))
      return failure();
  }
  return success();
}

LogicalResult Evaluator::runStatement(const Statement &statement, Scope &scope, Returned &returned) {
  if (auto *assign = std::get_if<AssignStatement>(&statement.node))
    return runAssign(*assign, statement.at, scope);
  if (auto *loop = std::get_if<ForStatement>(&statement.node))
    return runFor(*loop, scope, returned);
  if (auto *weights = std::get_if<WeightsStatement>(&statement.node))
    return runWeights(*weights, statement.at, scope);
  if (auto *branch = std::get_if<IfStatement>(&statement.node)) {
    FailureOr<Datum> condition = evaluate(*branch->condition, scope);
    if (failed(condition))
      return failure();
    auto *flag = condition->getIf<bool>();
    if (!flag)
      return error(branch->condition->at) << "expects true or false, but got " << condition->describe();
    return run(*flag ? branch->then : branch->otherwise, scope, returned);
  }
  std::vector<BoundArgument> values;
  for (const ExprPtr &expr : std::get<ReturnStatement>(statement.node).values) {
    FailureOr<Datum> value = evaluate(*expr, scope);
    if (failed(value))
      return failure();
    values.push_back({*value, expr->at});
  }
  returned = std::move(values);
  return success();
}

LogicalResult Evaluator::runAssign(const AssignStatement &statement, Position at, Scope &scope) {
  FailureOr<Datum> value = evaluate(*statement.value, scope);
  if (failed(value))
    return failure();
  if (statement.targets.size() == 1)
    return assign(statement.targets[0], *value, scope);
  auto *list = value->getIf<DatumList>();
  if (!list || (*list)->size() != statement.targets.size())
    return error(statement.value->at) << "expects a list of " << statement.targets.size()
                                      << " for as many variables, but got " << value->describe();
  for (auto [target, element] : llvm::zip(statement.targets, **list))
    if (failed(assign(target, element, scope)))
      return failure();
  return success();
}

LogicalResult Evaluator::runFor(const ForStatement &loop, Scope &scope, Returned &returned) {
  FailureOr<Datum> sequence = evaluate(*loop.sequence, scope);
  if (failed(sequence))
    return failure();
  auto *list = sequence->getIf<DatumList>();
  if (!list)
    return error(loop.sequence->at) << "expects a list to loop over, but got " << sequence->describe();
  for (const Datum &element : **list) {
    if (returned)
      break;
    if (failed(countSteps(loop.variable.at)) || failed(assign(loop.variable, element, scope)) ||
        failed(run(loop.body, scope, returned)))
      return failure();
  }
  return success();
}

LogicalResult Evaluator::runWeights(const WeightsStatement &statement, Position at, Scope &scope) {
  if (!scope.isModel)
    return error(at) << "expects weights in the model, not in a function";
  FailureOr<Datum> path = evaluate(*statement.path, scope);
  if (failed(path))
    return failure();
  auto *text = path->getIf<std::string>();
  if (!text)
    return error(statement.path->at) << "expects the name of a file, but got " << path->describe();
  auto arrays = loadWeights(statement.path->at, *text);
  if (failed(arrays))
    return failure();
  return model.addWeights(statement.path->at, *text, std::move(*arrays));
}

//===-- Expressions -------------------------------------------------------------------===//

FailureOr<Datum> Evaluator::evaluate(const Expr &expr, Scope &scope) {
  Deeper deeper(depth);
  if (failed(countSteps(expr.at)))
    return failure();
  if (auto *integer = std::get_if<int64_t>(&expr.node))
    return Datum{*integer};
  if (auto *number = std::get_if<double>(&expr.node))
    return Datum{*number};
  if (auto *flag = std::get_if<bool>(&expr.node))
    return Datum{*flag};
  if (auto *name = std::get_if<NameExpr>(&expr.node))
    return evaluateName(*name, expr.at, scope);
  if (auto *string = std::get_if<StringExpr>(&expr.node))
    return evaluateString(*string, expr.at, scope);
  if (auto *list = std::get_if<ListExpr>(&expr.node))
    return evaluateList(*list, expr.at, scope);
  if (auto *index = std::get_if<IndexExpr>(&expr.node))
    return evaluateIndex(*index, expr.at, scope);
  if (auto *negate = std::get_if<NegateExpr>(&expr.node))
    return evaluateNegate(*negate, expr.at, scope);
  if (auto *binary = std::get_if<BinaryExpr>(&expr.node))
    return evaluateBinary(*binary, expr.at, scope);
  return evaluateCall(std::get<CallExpr>(expr.node), expr.at, scope);
}

FailureOr<Datum> Evaluator::evaluateName(const NameExpr &name, Position at, Scope &scope) {
  for (Scope *place : {&scope, &dims})
    if (auto entry = place->variables.find(name.name); entry != place->variables.end())
      return entry->second;
  if (name.name == "none")
    return Datum{};
  if (name.name == "inf")
    return Datum{std::numeric_limits<double>::infinity()};
  if (auto format = getFormatByName(name.name))
    return Datum{*format};
  InFlightDiagnostic diagnostic = error(at) << "unknown name '" << name.name << "'";
  if (functions.contains(name.name) || findLanguageOp(name.name))
    return diagnostic << ": it can only be called, as in " << name.name << "(x)";
  std::vector<StringRef> names;
  for (Scope *place : {&scope, &dims})
    for (auto &entry : place->variables)
      names.push_back(entry.first());
  llvm::sort(names);
  llvm::append_range(names, getCommonFormatNames());
  return diagnostic << didYouMean(name.name, names);
}

FailureOr<Datum> Evaluator::evaluateString(const StringExpr &string, Position at, Scope &scope) {
  std::string text;
  for (auto &part : string.parts) {
    if (auto *literal = std::get_if<std::string>(&part)) {
      text += *literal;
    } else {
      const Expr &expr = *std::get<ExprPtr>(part);
      FailureOr<Datum> value = evaluate(expr, scope);
      if (failed(value))
        return failure();
      auto *inner = value->getIf<std::string>();
      if (!inner && !value->getNumber())
        return error(expr.at) << "expects a string or a number inside a string, but got " << value->describe();
      text += inner ? *inner : value->describe();
    }
    if (text.size() > Datum::maxStringSize)
      return error(at) << "expects strings of at most " << Datum::maxStringSize << " bytes";
  }
  return Datum{text};
}

FailureOr<Datum> Evaluator::evaluateList(const ListExpr &list, Position at, Scope &scope) {
  auto elements = std::make_shared<std::vector<Datum>>();
  unsigned nesting = 0;
  for (const ExprPtr &expr : list.elements) {
    FailureOr<Datum> value = evaluate(*expr, scope);
    if (failed(value))
      return failure();
    nesting = std::max(nesting, value->nesting);
    elements->push_back(std::move(*value));
  }
  if (nesting >= Datum::maxNesting || elements->size() > Datum::maxListSize)
    return error(at) << "expects lists of at most " << Datum::maxListSize << " elements, at most " << Datum::maxNesting
                     << " inside each other";
  return Datum{DatumList(std::move(elements)), nesting + 1};
}

FailureOr<Datum> Evaluator::evaluateIndex(const IndexExpr &expr, Position at, Scope &scope) {
  FailureOr<Datum> base = evaluate(*expr.base, scope);
  if (failed(base))
    return failure();
  FailureOr<Datum> index = evaluate(*expr.index, scope);
  if (failed(index))
    return failure();
  auto *list = base->getIf<DatumList>();
  if (!list)
    return error(at) << "expects a list before '[', but got " << base->describe();
  auto *integer = index->getIf<int64_t>();
  if (!integer || *integer < 0 || *integer >= static_cast<int64_t>((*list)->size()))
    return error(expr.index->at) << "expects an index from 0 to " << static_cast<int64_t>((*list)->size()) - 1
                                 << ", but got " << index->describe();
  return (**list)[*integer];
}

FailureOr<Datum> Evaluator::evaluateNegate(const NegateExpr &negate, Position at, Scope &scope) {
  FailureOr<Datum> operand = evaluate(*negate.operand, scope);
  if (failed(operand))
    return failure();
  if (auto *integer = operand->getIf<int64_t>(); integer && *integer != INT64_MIN)
    return Datum{-*integer};
  if (auto *number = operand->getIf<double>())
    return Datum{-*number};
  return error(at) << "expects a number after '-', but got " << operand->describe();
}

FailureOr<Datum> Evaluator::evaluateBinary(const BinaryExpr &binary, Position at, Scope &scope) {
  FailureOr<Datum> lhs = evaluate(*binary.lhs, scope);
  if (failed(lhs))
    return failure();
  FailureOr<Datum> rhs = evaluate(*binary.rhs, scope);
  if (failed(rhs))
    return failure();
  if (!StringRef("+-*/%").contains(binary.symbol))
    return compare(binary.symbol, *lhs, *rhs, at);
  if (lhs->getIf<mlir::Value>() || rhs->getIf<mlir::Value>()) {
    StringRef op =
        llvm::StringSwitch<StringRef>(binary.symbol).Case("+", "add").Case("-", "sub").Case("*", "mul").Default("");
    for (const Datum *operand : {&*lhs, &*rhs})
      if (!op.empty() && !operand->getIf<mlir::Value>() && !operand->getNumber())
        op = "";
    if (op.empty())
      return error(at) << "cannot compute " << lhs->describe() << " " << binary.symbol << " " << rhs->describe()
                       << "; tensors have +, - and * with tensors and numbers";
    return buildOperator(*findLanguageOp(op), at, {{*lhs, binary.lhs->at}, {*rhs, binary.rhs->at}});
  }
  return arithmetic(binary.symbol, *lhs, *rhs, at);
}

FailureOr<Datum> Evaluator::joinLists(const DatumList &lhs, const DatumList &rhs, Position at) {
  size_t size = lhs->size() + rhs->size();
  if (size > Datum::maxListSize)
    return error(at) << "expects lists of at most " << Datum::maxListSize << " elements, but got " << size;
  if (failed(countSteps(at, size)))
    return failure();
  auto elements = std::make_shared<std::vector<Datum>>(*lhs);
  elements->insert(elements->end(), rhs->begin(), rhs->end());
  unsigned nesting = 0;
  for (const Datum &element : *elements)
    nesting = std::max(nesting, element.nesting);
  return Datum{DatumList(std::move(elements)), nesting + 1};
}

/// Integer arithmetic with all overflows reported; `/` and `%` round towards zero. Nothing on overflow.
static std::optional<int64_t> computeIntegers(char symbol, int64_t a, int64_t b) {
  int64_t result = 0;
  bool overflows = false;
  switch (symbol) {
  case '+':
    overflows = llvm::AddOverflow(a, b, result);
    break;
  case '-':
    overflows = llvm::SubOverflow(a, b, result);
    break;
  case '*':
    overflows = llvm::MulOverflow(a, b, result);
    break;
  default:
    overflows = a == INT64_MIN && b == -1;
    if (!overflows)
      result = symbol == '/' ? a / b : a % b;
  }
  return overflows ? std::nullopt : std::optional(result);
}

FailureOr<Datum> Evaluator::arithmetic(StringRef symbol, const Datum &lhs, const Datum &rhs, Position at) {
  auto *a = lhs.getIf<int64_t>(), *b = rhs.getIf<int64_t>();
  auto *left = lhs.getIf<DatumList>(), *right = rhs.getIf<DatumList>();
  if (left && right && symbol == "+")
    return joinLists(*left, *right, at);
  std::optional<double> x = lhs.getNumber(), y = rhs.getNumber();
  if (!x || !y || (symbol == "%" && !(a && b)))
    return error(at) << "cannot compute " << lhs.describe() << " " << symbol << " " << rhs.describe()
                     << (lhs.getIf<std::string>() ? "; strings are joined as \"{a}{b}\"" : "");
  if ((symbol == "/" || symbol == "%") && *y == 0)
    return error(at) << "division of " << lhs.describe() << " by zero";
  if (a && b) {
    if (auto result = computeIntegers(symbol[0], *a, *b))
      return Datum{*result};
    return error(at) << "the result of " << *a << " " << symbol << " " << *b << " does not fit 64 bits";
  }
  double result = symbol == "+" ? *x + *y : symbol == "-" ? *x - *y : symbol == "*" ? *x * *y : *x / *y;
  if (std::isnan(result))
    return error(at) << "the result of " << lhs.describe() << " " << symbol << " " << rhs.describe()
                     << " is not a number";
  return Datum{result};
}

FailureOr<Datum> Evaluator::compare(StringRef symbol, const Datum &lhs, const Datum &rhs, Position at) {
  std::optional<double> x = lhs.getNumber(), y = rhs.getNumber();
  auto *s = lhs.getIf<std::string>(), *t = rhs.getIf<std::string>();
  auto *p = lhs.getIf<bool>(), *q = rhs.getIf<bool>();
  std::optional<std::partial_ordering> order;
  if (auto *a = lhs.getIf<int64_t>(), *b = rhs.getIf<int64_t>(); a && b)
    order = *a <=> *b;
  else if (x && y)
    order = *x <=> *y;
  else if (s && t)
    order = *s <=> *t;
  else if (p && q && (symbol == "==" || symbol == "!="))
    order = *p <=> *q;
  if (!order)
    return error(at) << "cannot compare " << lhs.describe() << " with " << rhs.describe() << " by '" << symbol << "'";
  bool result = symbol == "=="   ? *order == 0
                : symbol == "!=" ? *order != 0
                : symbol == "<"  ? *order < 0
                : symbol == "<=" ? *order <= 0
                : symbol == ">"  ? *order > 0
                                 : *order >= 0;
  return Datum{result};
}
