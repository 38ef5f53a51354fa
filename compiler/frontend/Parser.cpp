#include "compiler/frontend/Parser.h"
#include "compiler/frontend/Lexer.h"

using namespace mlir;
using namespace qcc::frontend;

namespace {

/// Brackets, blocks and interpolations inside each other.
constexpr unsigned maxNesting = 100;
/// Nodes on the way from an expression down to a leaf: also what a chain such as `a + b + c` costs.
constexpr unsigned maxDepth = 400;

/// Recursive descent with one token of look-ahead. Methods return failure, or a null expression, after they
/// have reported an error.
class Parser {
public:
  Parser(const Source &source, Position begin, Position end, unsigned nesting = 0)
      : source(source), lexer(source, begin, end), nesting(nesting) {
    token = lexer.next();
  }

  FailureOr<File> parseFile();
  ExprPtr parseWholeExpression(StringRef end);

private:
  // Tokens.
  void advance() { token = lexer.next(); }
  InFlightDiagnostic error(Position at) { return source.error(at); }
  LogicalResult expected(const Twine &what, StringRef hint = "");
  bool consume(StringRef symbol);
  bool consumeWord(StringRef word);
  LogicalResult expect(StringRef symbol, const Twine &where);
  LogicalResult parseName(Identifier &name, const Twine &what);
  LogicalResult parseNameOrString(Identifier &name, const Twine &what);
  LogicalResult parseList(StringRef close, const Twine &what, llvm::function_ref<LogicalResult()> element);
  LogicalResult checkNesting();
  LogicalResult unescape(Position at, StringRef text, std::string &result);

  // Items.
  LogicalResult parseItem(File &file);
  LogicalResult parseDim(File &file);
  LogicalResult parseFunction(File &file);
  LogicalResult parseModel(File &file);
  LogicalResult parseInput(ModelInput &input);
  LogicalResult parseOutput(ModelOutput &output);
  LogicalResult parseType(TypeExpr &type, std::optional<Token> name = std::nullopt);
  LogicalResult parseScheme(File &file);
  LogicalResult parseSchemeRule(SchemeItem &scheme);
  LogicalResult parseSetting(SchemeSetting &setting);

  // Statements.
  LogicalResult parseBlock(StatementList &block);
  LogicalResult parseStatement(Statement &statement);
  LogicalResult parseFor(Statement &statement);
  LogicalResult parseIf(Statement &statement);
  LogicalResult parseReturn(Statement &statement);
  LogicalResult parseAssignment(Statement &statement);

  // Expressions, from the loosest binding to the tightest.
  ExprPtr parseExpr();
  ExprPtr parseComparison();
  ExprPtr parseChain(ArrayRef<StringRef> symbols, ExprPtr (Parser::*operand)());
  ExprPtr parseSum();
  ExprPtr parseProduct();
  ExprPtr parseUnary();
  ExprPtr parsePostfix();
  ExprPtr parsePrimary();
  ExprPtr parseCallAfter(const Token &name);
  ExprPtr parseString();
  LogicalResult parseArguments(std::vector<Argument> &arguments);
  bool startsNamedArgument() const;

  template <typename Node> ExprPtr make(Position at, Node node, unsigned depth = 1);
  ExprPtr makeCall(Position at, CallExpr call);
  ExprPtr makeBinary(const Token &symbol, ExprPtr lhs, ExprPtr rhs);

  const Source &source;
  Lexer lexer;
  Token token;
  unsigned nesting;
};

/// Counts nesting while it lives.
struct Nested {
  explicit Nested(unsigned &depth) : depth(depth) { ++depth; }
  ~Nested() { --depth; }
  unsigned &depth;
};

} // namespace

//===-- Tokens ----------------------------------------------------------------------===//

LogicalResult Parser::expected(const Twine &what, StringRef hint) {
  if (token.kind != Token::Error)
    error(token.at) << "expects " << what.str() << ", but found " << token.describe() << hint;
  return failure();
}

bool Parser::consume(StringRef symbol) {
  if (!token.isSymbol(symbol))
    return false;
  advance();
  return true;
}

bool Parser::consumeWord(StringRef word) {
  if (!token.isWord(word))
    return false;
  advance();
  return true;
}

LogicalResult Parser::expect(StringRef symbol, const Twine &where) {
  return consume(symbol) ? success() : expected("'" + symbol + "' " + where);
}

static constexpr StringRef keywords[] = {"model", "fn",   "scheme", "dim",     "for",  "in",
                                         "if",    "else", "return", "weights", "true", "false"};

LogicalResult Parser::parseName(Identifier &name, const Twine &what) {
  if (token.kind != Token::Name)
    return expected(what);
  if (llvm::is_contained(keywords, token.text))
    return error(token.at) << "expects " << what.str() << ", but '" << token.text << "' is a keyword";
  name = {token.text.str(), token.at};
  advance();
  return success();
}

LogicalResult Parser::parseNameOrString(Identifier &name, const Twine &what) {
  if (token.kind != Token::String)
    return parseName(name, what);
  name.at = token.at;
  if (failed(unescape(token.at + 1, token.text, name.text)))
    return failure();
  if (name.text.empty())
    return error(token.at) << "expects " << what.str() << ", but found an empty string";
  advance();
  return success();
}

/// Elements separated by commas, up to and including `close`; a comma may follow the last.
LogicalResult Parser::parseList(StringRef close, const Twine &what, llvm::function_ref<LogicalResult()> element) {
  while (!consume(close)) {
    if (failed(element()))
      return failure();
    if (!consume(",") && !token.isSymbol(close))
      return expected("',' or '" + close + "' " + what);
  }
  return success();
}

LogicalResult Parser::checkNesting() {
  if (nesting > maxNesting && token.kind != Token::Error)
    error(token.at) << "expects blocks and expressions nested at most " << maxNesting << " deep";
  return success(nesting <= maxNesting);
}

/// Replaces escapes in a part of a string without interpolations that begins at `at`.
LogicalResult Parser::unescape(Position at, StringRef text, std::string &result) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      result += text[i];
      continue;
    }
    char c = ++i < text.size() ? text[i] : '\0';
    size_t known = StringRef("\"\\{}nt").find(c);
    if (c == '\0' || known == StringRef::npos)
      return error(at + i - 1) << "unknown escape in a string; known are \\\" \\\\ \\{ \\} \\n \\t";
    result += "\"\\{}\n\t"[known];
  }
  return success();
}

//===-- Items -----------------------------------------------------------------------===//

FailureOr<File> Parser::parseFile() {
  File file;
  while (token.kind != Token::End)
    if (failed(parseItem(file)))
      return failure();
  return file;
}

LogicalResult Parser::parseItem(File &file) {
  if (consumeWord("dim"))
    return parseDim(file);
  if (consumeWord("fn"))
    return parseFunction(file);
  if (consumeWord("model"))
    return parseModel(file);
  if (consumeWord("scheme"))
    return parseScheme(file);
  return expected("model, fn, scheme or dim", didYouMean(token.text, {"model", "fn", "scheme", "dim"}));
}

LogicalResult Parser::parseDim(File &file) {
  DimItem dim;
  if (failed(parseName(dim.name, "the name of a dimension")) || failed(expect("=", "after the name of a dimension")))
    return failure();
  dim.value = parseExpr();
  file.dims.push_back(std::move(dim));
  return success(file.dims.back().value != nullptr);
}

LogicalResult Parser::parseFunction(File &file) {
  FunctionItem function;
  if (failed(parseName(function.name, "the name of a function")) || failed(expect("(", "after the name of a function")))
    return failure();
  auto parseParameter = [&]() -> LogicalResult {
    Parameter parameter;
    if (failed(parseName(parameter.name, "the name of a parameter")))
      return failure();
    if (consume("=") && !(parameter.defaultValue = parseExpr()))
      return failure();
    function.parameters.push_back(std::move(parameter));
    return success();
  };
  if (failed(parseList(")", "in the parameters", parseParameter)) || failed(parseBlock(function.body)))
    return failure();
  file.functions.push_back(std::move(function));
  return success();
}

LogicalResult Parser::parseModel(File &file) {
  ModelItem model;
  if (failed(parseNameOrString(model.name, "the name of the model")) ||
      failed(expect("(", "after the name of the model")))
    return failure();
  auto parseNextInput = [&] { return parseInput(model.inputs.emplace_back()); };
  if (failed(parseList(")", "in the inputs", parseNextInput)))
    return failure();
  if (consume("->"))
    do
      if (failed(parseOutput(model.outputs.emplace_back())))
        return failure();
    while (consume(","));
  if (failed(parseBlock(model.body)))
    return failure();
  file.models.push_back(std::move(model));
  return success();
}

LogicalResult Parser::parseInput(ModelInput &input) {
  if (failed(parseName(input.variable, "the name of an input")))
    return failure();
  input.name = input.variable;
  if (token.kind == Token::String && failed(parseNameOrString(input.name = {}, "the name of an input")))
    return failure();
  return success(succeeded(expect(":", "and a type after the name of an input")) && succeeded(parseType(input.type)));
}

LogicalResult Parser::parseOutput(ModelOutput &output) {
  if (token.kind == Token::String) {
    if (failed(parseNameOrString(output.name, "the name of an output")) ||
        failed(expect(":", "and a type after the name of an output")))
      return failure();
    return parseType(output.type);
  }
  // A name may be that of the output or that of its format.
  Token first = token;
  Identifier name;
  if (failed(parseName(name, "a type, or a name and a type")))
    return failure();
  if (consume(":")) {
    output.name = name;
    return parseType(output.type);
  }
  return parseType(output.type, first);
}

/// The format may begin with a name that has been read already.
LogicalResult Parser::parseType(TypeExpr &type, std::optional<Token> name) {
  if (!name && token.kind != Token::Name)
    return expected("a type such as f32[1, 28, 28, 1]");
  if (!name) {
    name = token;
    advance();
  }
  type.format = parseCallAfter(*name);
  type.shapeAt = token.at;
  if (!type.format || failed(expect("[", "and a shape after the format")))
    return failure();
  return parseList("]", "in the shape", [&] {
    type.shape.push_back(parseExpr());
    return success(type.shape.back() != nullptr);
  });
}

//===-- Schemes ---------------------------------------------------------------------===//

LogicalResult Parser::parseScheme(File &file) {
  SchemeItem scheme;
  if (failed(parseName(scheme.name, "the name of the scheme")))
    return failure();
  if (!consumeWord("for"))
    return expected("'for' and the name of a model");
  if (failed(parseNameOrString(scheme.model, "the name of a model")) ||
      failed(expect("{", "before the rules of the scheme")))
    return failure();
  while (!consume("}"))
    if (failed(parseSchemeRule(scheme)))
      return failure();
  file.schemes.push_back(std::move(scheme));
  return success();
}

LogicalResult Parser::parseSchemeRule(SchemeItem &scheme) {
  Position at = token.at;
  if (consumeWord("calibrate")) {
    if (!scheme.calibrate.text.empty())
      return error(at) << "the scheme '" << scheme.name.text << "' has calibration data already";
    if (token.kind != Token::String)
      return expected("the name of an .npz file in quotes");
    return parseNameOrString(scheme.calibrate, "the name of an .npz file in quotes");
  }
  if (consumeWord("budget")) {
    do {
      SchemeBudget budget;
      if (failed(parseName(budget.memory, "flash or ram")) || failed(expect("<=", "and a number of bytes")) ||
          !(budget.bytes = parseExpr()))
        return failure();
      scheme.budget.push_back(std::move(budget));
    } while (consume(","));
    return success();
  }
  SchemeRuleItem rule;
  rule.pattern.at = at;
  if (token.kind == Token::String) {
    if (failed(parseNameOrString(rule.pattern, "a pattern of layer names")))
      return failure();
  } else if (!consumeWord("default")) {
    return expected("default, a pattern in quotes, calibrate, budget or '}'",
                    didYouMean(token.text, {"default", "calibrate", "budget"}));
  }
  do
    if (failed(parseSetting(rule.settings.emplace_back())))
      return failure();
  while (consume(","));
  scheme.rules.push_back(std::move(rule));
  return success();
}

LogicalResult Parser::parseSetting(SchemeSetting &setting) {
  if (token.isWord("weights") || token.isWord("activations")) {
    setting.role = token.text;
    advance();
  }
  setting.at = token.at;
  setting.format = token.text;
  if (token.kind != Token::Name)
    return expected("a format such as int8(per_channel)");
  advance();
  return consume("(") ? parseArguments(setting.arguments) : success();
}

//===-- Statements ------------------------------------------------------------------===//

LogicalResult Parser::parseBlock(StatementList &block) {
  Nested nested(nesting);
  if (failed(checkNesting()))
    return failure();
  if (failed(expect("{", "before a block")))
    return failure();
  while (!consume("}")) {
    if (token.kind == Token::End)
      return expected("a statement or '}'");
    Statement statement;
    if (failed(parseStatement(statement)))
      return failure();
    block.push_back(std::move(statement));
  }
  return success();
}

LogicalResult Parser::parseStatement(Statement &statement) {
  statement.at = token.at;
  if (consumeWord("for"))
    return parseFor(statement);
  if (consumeWord("if"))
    return parseIf(statement);
  if (consumeWord("return"))
    return parseReturn(statement);
  if (consumeWord("weights")) {
    WeightsStatement weights{parseExpr()};
    bool isParsed = weights.path != nullptr;
    statement.node = std::move(weights);
    return success(isParsed);
  }
  return parseAssignment(statement);
}

LogicalResult Parser::parseFor(Statement &statement) {
  ForStatement loop;
  if (failed(parseName(loop.variable, "the name of a loop variable")))
    return failure();
  if (!consumeWord("in"))
    return expected("'in' after the loop variable");
  if (!(loop.sequence = parseExpr()) || failed(parseBlock(loop.body)))
    return failure();
  statement.node = std::move(loop);
  return success();
}

LogicalResult Parser::parseIf(Statement &statement) {
  IfStatement branch;
  if (!(branch.condition = parseExpr()) || failed(parseBlock(branch.then)))
    return failure();
  if (consumeWord("else")) {
    if (!token.isWord("if")) {
      if (failed(parseBlock(branch.otherwise)))
        return failure();
    } else {
      Nested nested(nesting);
      if (failed(checkNesting()))
        return failure();
      Statement &next = branch.otherwise.emplace_back();
      if (failed(parseStatement(next)))
        return failure();
    }
  }
  statement.node = std::move(branch);
  return success();
}

LogicalResult Parser::parseReturn(Statement &statement) {
  ReturnStatement result;
  do
    if (!result.values.emplace_back(parseExpr()))
      return failure();
  while (consume(","));
  statement.node = std::move(result);
  return success();
}

LogicalResult Parser::parseAssignment(Statement &statement) {
  AssignStatement assign;
  do
    if (failed(parseName(assign.targets.emplace_back(), "a statement")))
      return failure();
  while (consume(","));
  if (!consume("=")) {
    if (token.isSymbol("(") || token.isSymbol("|>"))
      return error(statement.at) << "the result of a call must be used: assign it, or return it";
    return expected("'=' after the name of a variable");
  }
  if (!(assign.value = parseExpr()))
    return failure();
  statement.node = std::move(assign);
  return success();
}

//===-- Expressions -----------------------------------------------------------------===//

/// A node with `depth` levels, itself counted.
template <typename Node> ExprPtr Parser::make(Position at, Node node, unsigned depth) {
  if (depth <= maxDepth)
    return std::make_unique<Expr>(Expr{at, depth, std::move(node)});
  error(at) << "expects expressions of at most " << maxDepth << " levels; assign parts of it to variables";
  return nullptr;
}

ExprPtr Parser::makeCall(Position at, CallExpr call) {
  unsigned depth = 0;
  for (const Argument &argument : call.arguments)
    depth = std::max(depth, argument.value->depth);
  return make(at, std::move(call), depth + 1);
}

/// Null if an operand is.
ExprPtr Parser::makeBinary(const Token &symbol, ExprPtr lhs, ExprPtr rhs) {
  if (!lhs || !rhs)
    return nullptr;
  unsigned depth = std::max(lhs->depth, rhs->depth) + 1;
  return make(symbol.at, BinaryExpr{symbol.text, std::move(lhs), std::move(rhs)}, depth);
}

ExprPtr Parser::parseWholeExpression(StringRef end) {
  ExprPtr expr = parseExpr();
  if (!expr)
    return nullptr;
  if (token.kind == Token::End)
    return expr;
  (void)expected(end);
  return nullptr;
}

/// A pipeline: `a |> f(b) |> g` is `g(f(a, b))`.
ExprPtr Parser::parseExpr() {
  Nested nested(nesting);
  if (failed(checkNesting()))
    return nullptr;
  ExprPtr expr = parseComparison();
  while (expr && consume("|>")) {
    Token name = token;
    Identifier callee;
    if (failed(parseName(callee, "the name of an operator or a function after '|>'")))
      return nullptr;
    CallExpr call{name.text, {}};
    call.arguments.push_back({"", expr->at, std::move(expr)});
    if (consume("(") && failed(parseArguments(call.arguments)))
      return nullptr;
    expr = makeCall(name.at, std::move(call));
  }
  return expr;
}

ExprPtr Parser::parseComparison() {
  ExprPtr lhs = parseSum();
  for (StringRef symbol : {"==", "!=", "<=", ">=", "<", ">"})
    if (lhs && token.isSymbol(symbol)) {
      Token comparison = token;
      advance();
      return makeBinary(comparison, std::move(lhs), parseSum());
    }
  return lhs;
}

/// Operands joined by symbols of one precedence, from left to right.
ExprPtr Parser::parseChain(ArrayRef<StringRef> symbols, ExprPtr (Parser::*operand)()) {
  ExprPtr lhs = (this->*operand)();
  while (lhs && token.kind == Token::Symbol && llvm::is_contained(symbols, token.text)) {
    Token symbol = token;
    advance();
    lhs = makeBinary(symbol, std::move(lhs), (this->*operand)());
  }
  return lhs;
}

ExprPtr Parser::parseSum() { return parseChain({"+", "-"}, &Parser::parseProduct); }
ExprPtr Parser::parseProduct() { return parseChain({"*", "/", "%"}, &Parser::parseUnary); }

ExprPtr Parser::parseUnary() {
  Position at = token.at;
  if (!consume("-"))
    return parsePostfix();
  Nested nested(nesting);
  if (failed(checkNesting()))
    return nullptr;
  ExprPtr operand = parseUnary();
  if (!operand)
    return nullptr;
  unsigned depth = operand->depth + 1;
  return make(at, NegateExpr{std::move(operand)}, depth);
}

ExprPtr Parser::parsePostfix() {
  ExprPtr base = parsePrimary();
  while (base && token.isSymbol("[")) {
    Position at = token.at;
    advance();
    ExprPtr index = parseExpr();
    if (!index || failed(expect("]", "after the index")))
      return nullptr;
    unsigned depth = std::max(base->depth, index->depth) + 1;
    base = make(at, IndexExpr{std::move(base), std::move(index)}, depth);
  }
  return base;
}

ExprPtr Parser::parsePrimary() {
  Token first = token;
  switch (token.kind) {
  case Token::Integer:
    advance();
    return make(first.at, first.integer);
  case Token::Float:
    advance();
    return make(first.at, first.number);
  case Token::String:
    return parseString();
  case Token::Name:
    advance();
    if (first.text == "true" || first.text == "false")
      return make(first.at, first.text == "true");
    if (llvm::is_contained(keywords, first.text)) {
      error(first.at) << "expects an expression, but '" << first.text << "' is a keyword";
      return nullptr;
    }
    return parseCallAfter(first);
  default:
    break;
  }
  if (consume("(")) {
    ExprPtr inner = parseExpr();
    return inner && succeeded(expect(")", "after the expression")) ? std::move(inner) : nullptr;
  }
  if (!consume("[")) {
    (void)expected("an expression");
    return nullptr;
  }
  ListExpr list;
  unsigned depth = 0;
  auto parseElement = [&] {
    ExprPtr &element = list.elements.emplace_back(parseExpr());
    depth = std::max(depth, element ? element->depth : 0);
    return success(element != nullptr);
  };
  if (failed(parseList("]", "in the list", parseElement)))
    return nullptr;
  return make(first.at, std::move(list), depth + 1);
}

/// What follows a name that has been read: a call, or nothing.
ExprPtr Parser::parseCallAfter(const Token &name) {
  if (!consume("("))
    return make(name.at, NameExpr{name.text});
  CallExpr call{name.text, {}};
  if (failed(parseArguments(call.arguments)))
    return nullptr;
  return makeCall(name.at, std::move(call));
}

/// The current token is a name; true if a ':' follows it, after spaces.
bool Parser::startsNamedArgument() const {
  return source.getText().drop_front(token.at + token.text.size()).ltrim().starts_with(":");
}

/// Arguments up to and including ')'.
LogicalResult Parser::parseArguments(std::vector<Argument> &arguments) {
  return parseList(")", "in the arguments", [&]() -> LogicalResult {
    Argument argument{"", token.at, nullptr};
    // A name followed by ':' names the parameter; else it begins the value.
    if (token.kind == Token::Name && startsNamedArgument()) {
      argument.name = token.text;
      advance();
      advance();
    }
    argument.value = parseExpr();
    arguments.push_back(std::move(argument));
    return success(arguments.back().value != nullptr);
  });
}

/// Splits a string at its interpolations, each of which is parsed in place.
ExprPtr Parser::parseString() {
  Position begin = token.at + 1;
  StringRef text = token.text;
  StringExpr result;
  size_t at = 0;
  while (at < text.size()) {
    size_t open = at;
    while (open < text.size() && text[open] != '{')
      open += text[open] == '\\' ? 2 : 1;
    open = std::min(open, text.size());
    std::string literal;
    if (failed(unescape(begin + at, text.slice(at, open), literal)))
      return nullptr;
    if (!literal.empty())
      result.parts.push_back(std::move(literal));
    if (open == text.size())
      break;
    size_t close = text.find('}', open);
    if (close == StringRef::npos) {
      error(begin + open) << "the interpolation that begins here has no '}'; a brace itself is written \\{";
      return nullptr;
    }
    Parser inner(source, begin + open + 1, begin + close, nesting);
    ExprPtr expr = inner.parseWholeExpression("'}' after the interpolated expression");
    if (!expr)
      return nullptr;
    result.parts.push_back(std::move(expr));
    at = close + 1;
  }
  Position position = token.at;
  advance();
  unsigned depth = 0;
  for (auto &part : result.parts)
    if (auto *expr = std::get_if<ExprPtr>(&part))
      depth = std::max(depth, (*expr)->depth);
  return make(position, std::move(result), depth + 1);
}

FailureOr<File> qcc::frontend::parse(const Source &source) {
  return Parser(source, 0, static_cast<Position>(source.getText().size())).parseFile();
}

FailureOr<ExprPtr> qcc::frontend::parseExpression(const Source &source) {
  ExprPtr expr =
      Parser(source, 0, static_cast<Position>(source.getText().size())).parseWholeExpression("the end of the text");
  if (!expr)
    return failure();
  return expr;
}
