#include "compiler/frontend/Lexer.h"

using namespace mlir;
using namespace qcc::frontend;

std::string Token::describe() const {
  switch (kind) {
  case End:
    return "the end of the file";
  case String:
    return ("the string \"" + text.take_front(40) + (text.size() > 40 ? "..." : "") + "\"").str();
  default:
    return ("'" + text.take_front(40) + "'").str();
  }
}

Token Lexer::make(Token::Kind kind, Position begin) {
  Token token;
  token.kind = kind;
  token.at = begin;
  token.text = source.getText().slice(begin, at);
  return token;
}

Token Lexer::fail(Position begin, const Twine &message) {
  source.error(begin) << message.str();
  failed = true;
  return make(Token::Error, begin);
}

static bool isNameStart(char c) { return llvm::isAlpha(c) || c == '_'; }
static bool isNamePart(char c) { return llvm::isAlnum(c) || c == '_'; }

Token Lexer::next() {
  while (at < end && (llvm::isSpace(peek()) || peek() == '#')) {
    if (peek() == '#')
      while (at < end && peek() != '\n')
        ++at;
    else
      ++at;
  }
  if (failed)
    return make(Token::Error, at);
  if (at == end)
    return make(Token::End, at);
  Position begin = at;
  char c = peek();
  if (isNameStart(c)) {
    while (isNamePart(peek()))
      ++at;
    return make(Token::Name, begin);
  }
  if (llvm::isDigit(c))
    return lexNumber();
  if (c == '"')
    return lexString();
  for (StringRef symbol : {"|>", "->", "==", "!=", "<=", ">="})
    if (source.getText().slice(at, end).starts_with(symbol)) {
      at += symbol.size();
      return make(Token::Symbol, begin);
    }
  if (StringRef("(){}[],:=+-*/%<>").contains(c)) {
    ++at;
    return make(Token::Symbol, begin);
  }
  if (c == '\'')
    return fail(begin, "unexpected character '''; strings are written in double quotes");
  if (c == ';')
    return fail(begin, "unexpected character ';'; statements need nothing between them");
  if (llvm::isPrint(c))
    return fail(begin, "unexpected character '" + Twine(c) + "'");
  return fail(begin, "unexpected byte 0x" + Twine::utohexstr(static_cast<uint8_t>(c)) + " outside of a string");
}

/// Digits, an optional fraction and exponent; integers may end in K (1024) or M (1024 * 1024).
Token Lexer::lexNumber() {
  Position begin = at;
  auto skipDigits = [&] {
    while (llvm::isDigit(peek()))
      ++at;
  };
  skipDigits();
  bool isFloat = false;
  if (peek() == '.' && llvm::isDigit(peek(1))) {
    isFloat = true;
    ++at;
    skipDigits();
  }
  Position sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
  if ((peek() == 'e' || peek() == 'E') && llvm::isDigit(peek(1 + sign))) {
    isFloat = true;
    at += 1 + sign;
    skipDigits();
  }
  Token token = make(isFloat ? Token::Float : Token::Integer, begin);
  int64_t factor = 1;
  if (!isFloat && (peek() == 'K' || peek() == 'M')) {
    factor = peek() == 'K' ? 1024 : 1024 * 1024;
    ++at;
  }
  if (isNamePart(peek()) || peek() == '.') {
    while (isNamePart(peek()) || peek() == '.')
      ++at;
    return fail(begin, "malformed number '" + source.getText().slice(begin, at).take_front(40) + "'");
  }
  if (isFloat) {
    if (token.text.getAsDouble(token.number) || !std::isfinite(token.number))
      return fail(begin, "the number '" + token.text.take_front(40) + "' is too large");
    return token;
  }
  if (token.text.getAsInteger(10, token.integer) || llvm::MulOverflow(token.integer, factor, token.integer))
    return fail(begin, "the integer '" + token.text.take_front(40) + "' does not fit 64 bits");
  token.text = source.getText().slice(begin, at);
  return token;
}

Token Lexer::lexString() {
  Position begin = at++;
  while (at < end && peek() != '"' && peek() != '\n')
    at += peek() == '\\' && at + 1 < end ? 2 : 1;
  if (at >= end || peek() != '"')
    return fail(begin, "the string that begins here does not end on its line");
  Token token = make(Token::String, begin);
  token.text = source.getText().slice(begin + 1, at);
  ++at;
  return token;
}
