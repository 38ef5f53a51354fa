// Tokens of the model language.
#ifndef QCC_COMPILER_FRONTEND_LEXER_H
#define QCC_COMPILER_FRONTEND_LEXER_H

#include "compiler/frontend/Source.h"

namespace qcc::frontend {

struct Token {
  enum Kind { End, Error, Name, Integer, Float, String, Symbol };
  Kind kind = End;
  Position at = 0;
  /// The token as written; of a string, what stands between the quotes.
  llvm::StringRef text;
  int64_t integer = 0;
  double number = 0;

  bool isSymbol(llvm::StringRef symbol) const { return kind == Symbol && text == symbol; }
  bool isWord(llvm::StringRef word) const { return kind == Name && text == word; }
  /// For messages: `'conv2d'`, `the string "stem"`, `the end of the file`.
  std::string describe() const;
};

/// Reads tokens from a part of the source. After an error, which is reported once, all tokens are `Error`.
class Lexer {
public:
  Lexer(const Source &source, Position begin, Position end) : source(source), at(begin), end(end) {}
  Token next();

private:
  Token make(Token::Kind kind, Position begin);
  Token fail(Position begin, const llvm::Twine &message);
  Token lexNumber();
  Token lexString();
  char peek(Position ahead = 0) const { return at + ahead < end ? source.getText()[at + ahead] : '\0'; }

  const Source &source;
  Position at, end;
  bool failed = false;
};

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_LEXER_H
