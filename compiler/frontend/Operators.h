// The operators of the model language: one table that drives the checks of calls, their errors, `qcc ops`
// and the documentation.
#ifndef QCC_COMPILER_FRONTEND_OPERATORS_H
#define QCC_COMPILER_FRONTEND_OPERATORS_H

#include "compiler/frontend/Datum.h"

namespace qcc::frontend {

class OpCall;

enum class ParameterKind {
  Tensor,
  /// A tensor, or a number for all elements.
  Operand,
  Tensors,
  Integer,
  Integers,
  /// An integer for both axes, or two of them.
  Pair,
  Number,
  Flag,
  String,
  /// One of a few words, written without quotes.
  Word,
  /// same, valid or four integers.
  Padding,
  Format,
  /// Anything.
  Any,
};

struct ParameterInfo {
  std::string name;
  ParameterKind kind;
  /// As written in the language; empty if the argument is required, `none` if nothing replaces it.
  std::string defaultText;
  std::string documentation;
  /// The words of a `Word`.
  std::vector<llvm::StringRef> words = {};

  bool isRequired() const { return defaultText.empty(); }
  /// `int`, `[int, int]`, `same | valid`, ...
  std::string describeKind() const;
};

struct OpInfo {
  std::string name;
  std::vector<ParameterInfo> parameters;
  /// One line.
  std::string documentation;
  mlir::FailureOr<Datum> (*build)(OpCall &call);

  /// `relu(x: tensor, name: string = none)`.
  std::string describeSignature() const;
};

/// All operators and compile-time functions, in the order in which they are documented.
llvm::ArrayRef<OpInfo> getLanguageOps();

/// The operator of a name, or null.
const OpInfo *findLanguageOp(llvm::StringRef name);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_OPERATORS_H
