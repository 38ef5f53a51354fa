// Calls in the model language: arguments are bound to the parameters of operators, functions and formats.
#include "compiler/frontend/Evaluator.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

std::vector<StringRef> Evaluator::callableNames() const {
  std::vector<StringRef> names;
  for (auto &entry : functions)
    names.push_back(entry.first());
  llvm::sort(names); // StringMap's order is not the same everywhere.
  for (const OpInfo &op : getLanguageOps())
    names.push_back(op.name);
  llvm::append_range(names, getCommonFormatNames());
  return names;
}

FailureOr<Datum> Evaluator::evaluateCall(const CallExpr &call, Position at, Scope &scope) {
  if (auto function = functions.find(call.callee); function != functions.end())
    return callFunction(*function->second, call, at, scope);
  if (const OpInfo *info = findLanguageOp(call.callee))
    return callOperator(*info, call, at, scope);
  if (auto format = getFormatByName(call.callee))
    return callFormat(*format, call, at, scope);
  if (scope.variables.contains(call.callee))
    return error(at) << "'" << call.callee << "' is a variable and cannot be called";
  return error(at) << "unknown operator or function '" << call.callee << "'"
                   << didYouMean(call.callee, callableNames());
}

FailureOr<std::vector<const Argument *>> Evaluator::bind(const CallExpr &call, Position at,
                                                         ArrayRef<StringRef> parameters) {
  std::vector<const Argument *> slots(parameters.size());
  size_t next = 0;
  bool sawName = false;
  for (const Argument &argument : call.arguments) {
    size_t slot = next;
    if (!argument.name.empty()) {
      sawName = true;
      slot = llvm::find(parameters, argument.name) - parameters.begin();
      if (slot == parameters.size())
        return error(argument.at) << call.callee << ": has no parameter '" << argument.name << "'"
                                  << didYouMean(argument.name, parameters);
    } else if (sawName) {
      return error(argument.at) << call.callee << ": expects arguments without a name before those with one";
    } else if (++next > parameters.size()) {
      return error(argument.at) << call.callee << ": expects at most " << parameters.size() << " arguments, but got "
                                << call.arguments.size();
    }
    if (slots[slot])
      return error(argument.at) << call.callee << ": the parameter '" << parameters[slot] << "' is given twice";
    slots[slot] = &argument;
  }
  return slots;
}

//===-- Functions ---------------------------------------------------------------------===//

FailureOr<Datum> Evaluator::callFunction(const FunctionItem &function, const CallExpr &call, Position at,
                                         Scope &scope) {
  if (llvm::is_contained(calls, call.callee)) {
    InFlightDiagnostic diagnostic = error(at) << "the function '" << call.callee << "' calls itself (";
    for (StringRef name : llvm::make_range(llvm::find(calls, call.callee), calls.end()))
      diagnostic << name << " -> ";
    return diagnostic << call.callee << "); recursion is not supported";
  }
  std::vector<StringRef> names;
  for (const Parameter &parameter : function.parameters)
    names.push_back(parameter.name.text);
  FailureOr<std::vector<const Argument *>> slots = bind(call, at, names);
  if (failed(slots))
    return failure();
  Scope inner;
  for (auto [parameter, argument] : llvm::zip(function.parameters, *slots)) {
    if (!argument && !parameter.defaultValue)
      return error(at) << call.callee << ": expects an argument for '" << parameter.name.text << "'";
    // A default is evaluated inside the function, an argument outside.
    if (!argument)
      calls.push_back(call.callee);
    FailureOr<Datum> value = argument ? evaluate(*argument->value, scope) : evaluate(*parameter.defaultValue, inner);
    if (!argument)
      calls.pop_back();
    if (failed(value) || failed(assign(parameter.name, *value, inner)))
      return failure();
  }
  calls.push_back(call.callee);
  Returned returned;
  LogicalResult result = run(function.body, inner, returned);
  calls.pop_back();
  if (failed(result))
    return failure();
  if (!returned)
    return error(function.name.at) << "the function '" << function.name.text << "' returns nothing";
  if (returned->size() == 1)
    return returned->front().value;
  std::vector<Datum> values;
  unsigned nesting = 0;
  for (const BoundArgument &value : *returned) {
    nesting = std::max(nesting, value.value.nesting);
    values.push_back(value.value);
  }
  if (nesting >= Datum::maxNesting)
    return error(at) << "expects lists at most " << Datum::maxNesting << " inside each other";
  return Datum{std::make_shared<const std::vector<Datum>>(std::move(values)), nesting + 1};
}

//===-- Operators ---------------------------------------------------------------------===//

/// The value of a parameter that is not given.
static Datum defaultValue(const ParameterInfo &parameter) {
  StringRef text = parameter.defaultText;
  if (text == "none" && parameter.kind != ParameterKind::Word)
    return {};
  int64_t integer = 0;
  double number = 0;
  switch (parameter.kind) {
  case ParameterKind::Integer:
  case ParameterKind::Pair:
    text.getAsInteger(10, integer);
    return {integer};
  case ParameterKind::Number:
    text.getAsDouble(number);
    return {number};
  case ParameterKind::Flag:
    return {text == "true"};
  case ParameterKind::Format:
    return {*getFormatByName(text)};
  default:
    return {text.str()};
  }
}

static bool isListOf(const Datum &value, llvm::function_ref<bool(const Datum &)> isElement) {
  auto *list = value.getIf<DatumList>();
  return list && llvm::all_of(**list, isElement);
}

/// True if a value is of a parameter's kind.
static bool isOfKind(const ParameterInfo &parameter, const Datum &value) {
  auto isTensor = [](const Datum &d) { return d.getIf<mlir::Value>() != nullptr; };
  auto integers = value.getIntegers();
  auto *text = value.getIf<std::string>();
  switch (parameter.kind) {
  case ParameterKind::Tensor:
    return isTensor(value);
  case ParameterKind::Operand:
    return isTensor(value) || value.getNumber();
  case ParameterKind::Tensors:
    return isListOf(value, isTensor);
  case ParameterKind::Integer:
    return value.getIf<int64_t>();
  case ParameterKind::Integers:
    return integers.has_value();
  case ParameterKind::Pair:
    return value.getIf<int64_t>() || (integers && integers->size() == 2);
  case ParameterKind::Number:
    return value.getNumber().has_value();
  case ParameterKind::Flag:
    return value.getIf<bool>();
  case ParameterKind::String:
    return text;
  case ParameterKind::Word:
    return text && llvm::is_contained(parameter.words, *text);
  case ParameterKind::Padding:
    return text ? *text == "same" || *text == "valid" : integers && integers->size() == 4;
  case ParameterKind::Format:
    return value.getIf<FormatSpec>();
  case ParameterKind::Any:
    return !value.isNone();
  }
  llvm_unreachable("unknown kind of parameter");
}

FailureOr<Datum> Evaluator::evaluateArgument(const OpInfo &info, const ParameterInfo &parameter, const Expr &expr,
                                             Scope &scope) {
  // Words need no quotes: a name that is no variable stands for itself.
  bool isWord = parameter.kind == ParameterKind::Word || parameter.kind == ParameterKind::Padding;
  auto *name = std::get_if<NameExpr>(&expr.node);
  bool isOwnText = isWord && name && !scope.variables.contains(name->name);
  FailureOr<Datum> value = isOwnText ? FailureOr<Datum>(Datum{name->name.str()}) : evaluate(expr, scope);
  if (failed(value))
    return failure();
  if (isOfKind(parameter, *value) || (value->isNone() && parameter.defaultText == "none"))
    return value;
  InFlightDiagnostic diagnostic = error(expr.at) << info.name << ": expects " << parameter.describeKind() << " for '"
                                                 << parameter.name << "', but got ";
  if (!isOwnText)
    return diagnostic << value->describe();
  std::vector<StringRef> words = parameter.words;
  if (parameter.kind == ParameterKind::Padding)
    words = {"same", "valid"};
  return diagnostic << "'" << name->name << "'" << didYouMean(name->name, words);
}

FailureOr<Datum> Evaluator::callOperator(const OpInfo &info, const CallExpr &call, Position at, Scope &scope) {
  std::vector<StringRef> names;
  for (const ParameterInfo &parameter : info.parameters)
    names.push_back(parameter.name);
  FailureOr<std::vector<const Argument *>> slots = bind(call, at, names);
  if (failed(slots))
    return failure();
  std::vector<BoundArgument> arguments;
  for (auto [parameter, argument] : llvm::zip(info.parameters, *slots)) {
    if (!argument && parameter.isRequired())
      return error(at) << info.name << ": expects an argument for '" << parameter.name << "', "
                       << parameter.documentation;
    if (!argument) {
      arguments.push_back({defaultValue(parameter), at});
      continue;
    }
    FailureOr<Datum> value = evaluateArgument(info, parameter, *argument->value, scope);
    if (failed(value))
      return failure();
    arguments.push_back({*value, argument->value->at});
  }
  return buildOperator(info, at, std::move(arguments));
}

/// Parameters that `arguments` leaves open get their defaults.
FailureOr<Datum> Evaluator::buildOperator(const OpInfo &info, Position at, std::vector<BoundArgument> arguments) {
  while (arguments.size() < info.parameters.size())
    arguments.push_back({defaultValue(info.parameters[arguments.size()]), at});
  OpCall call(info, model, at, std::move(arguments));
  if (failed(call.nameLayer()))
    return failure();
  FailureOr<Datum> result = info.build(call);
  if (failed(result))
    return failure();
  // What a call makes counts as work, too.
  if (auto *list = result->getIf<DatumList>(); list && failed(countSteps(at, (*list)->size())))
    return failure();
  return result;
}

//===-- Formats -----------------------------------------------------------------------===//

/// The parameters of formats, in the order in which they may be given without names; the last two are a basis' alone.
enum FormatParameter : size_t { Scale, Zero, Axis, Minimum, Maximum, Group, Table, Steps, Signs };
static constexpr StringRef formatParameters[] = {"scale", "zero",  "axis",  "min",  "max",
                                                 "group", "table", "steps", "signs"};
static constexpr size_t parametersOfBasis = 2;

static bool takesParameter(const FormatSpec &spec, size_t parameter) {
  switch (parameter) {
  case Scale:
  case Axis:
    return true;
  case Group:
    return !spec.hasAlpha() || spec.kind == FormatSpec::Binary;
  case Table:
    return spec.kind == FormatSpec::Codebook;
  case Steps:
  case Signs:
    return spec.kind == FormatSpec::Basis;
  default:
    return !spec.hasAlpha();
  }
}

/// What a parameter expects, if a value is something else; empty if not.
static StringRef parameterProblem(size_t parameter, const Datum &value) {
  auto isNumber = [](const Datum &datum) { return datum.getNumber().has_value(); };
  bool isInteger = value.getIf<int64_t>() != nullptr, areIntegers = value.getIntegers().has_value();
  switch (parameter) {
  case Scale:
    return isNumber(value) || isListOf(value, isNumber) ? "" : "a number, or a list with an axis,";
  case Zero:
    return isInteger || areIntegers ? "" : "an integer, or a list with an axis,";
  case Table:
  case Steps:
    return areIntegers ? "" : "a list of integers";
  case Signs:
    return value.getIf<bool>() ? "" : "true or false";
  default:
    return isInteger ? "" : "an integer";
  }
}

FailureOr<Datum> Evaluator::callFormat(FormatSpec spec, const CallExpr &call, Position at, Scope &scope) {
  ArrayRef<StringRef> parameters =
      ArrayRef(formatParameters).drop_back(spec.kind == FormatSpec::Basis ? 0 : parametersOfBasis);
  if (spec.kind == FormatSpec::Float || spec.kind == FormatSpec::Plain)
    return error(at) << "the format " << spec.name() << " takes no arguments";
  FailureOr<std::vector<const Argument *>> slots = bind(call, at, parameters);
  if (failed(slots))
    return failure();
  SmallVector<Datum, 9> values(std::size(formatParameters));
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (!(*slots)[i])
      continue;
    if (!takesParameter(spec, i))
      return error((*slots)[i]->at) << spec.name() << ": has no parameter '" << parameters[i] << "'";
    const Expr &expr = *(*slots)[i]->value;
    FailureOr<Datum> value = evaluate(expr, scope);
    if (failed(value))
      return failure();
    if (StringRef problem = parameterProblem(i, *value); !problem.empty())
      return error(expr.at) << spec.name() << ": expects " << problem << " for '" << parameters[i] << "', but got "
                            << value->describe();
    values[i] = *value;
  }
  return completeFormat(spec, values, at);
}

/// Puts the values of all parameters into a format.
FailureOr<Datum> Evaluator::completeFormat(FormatSpec spec, ArrayRef<Datum> values, Position at) {
  const Datum &scale = values[Scale], &zero = values[Zero], &axis = values[Axis];
  if (auto *list = scale.getIf<DatumList>()) {
    for (const Datum &element : **list)
      spec.scales.push_back(*element.getNumber());
  } else if (auto number = scale.getNumber()) {
    spec.scales = {*number};
  }
  if (auto integers = zero.getIntegers())
    spec.zeros.assign(integers->begin(), integers->end());
  else if (auto *integer = zero.getIf<int64_t>())
    spec.zeros.assign(std::max<size_t>(1, spec.scales.size()), *integer);
  if (auto *integer = axis.getIf<int64_t>()) {
    if (*integer < 0 || *integer > 63)
      return error(at) << spec.name() << ": expects an axis from 0 to 63, but got " << *integer;
    spec.axis = *integer;
  }
  if (scale.getIf<DatumList>() && (spec.axis < 0 || spec.scales.empty()))
    return error(at) << spec.name() << ": expects an axis and at least one scale with a list of scales";
  if (!spec.scales.empty() && spec.axis >= 0 && !scale.getIf<DatumList>())
    return error(at) << spec.name() << ": expects a list of scales with an axis, but got " << scale.describe();
  if (zero.getIf<DatumList>() && spec.zeros.size() != spec.scales.size())
    return error(at) << spec.name() << ": expects one zero point for each of the " << spec.scales.size()
                     << " scales, but got " << spec.zeros.size();
  if (auto integers = values[Table].getIntegers())
    spec.table.assign(integers->begin(), integers->end());
  if (auto *integer = values[Minimum].getIf<int64_t>())
    spec.minimum = *integer;
  if (auto *integer = values[Maximum].getIf<int64_t>())
    spec.maximum = *integer;
  if (auto *integer = values[Group].getIf<int64_t>()) {
    if (*integer < 1 || !spec.scales.empty() || !spec.zeros.empty() || spec.minimum || spec.maximum || spec.axis >= 0 ||
        !spec.isSigned)
      return error(at) << spec.name() << ": expects a group of at least 1 of a signed format, without other arguments: "
                       << "the scales of groups are stored";
    spec.group = *integer;
  }
  if (auto steps = values[Steps].getIntegers())
    spec.steps.assign(steps->begin(), steps->end());
  if (auto *signs = values[Signs].getIf<bool>())
    spec.hasSigns = *signs;
  return Datum{spec};
}
