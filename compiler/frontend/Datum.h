// What an expression stands for while a model is built.
#ifndef QCC_COMPILER_FRONTEND_DATUM_H
#define QCC_COMPILER_FRONTEND_DATUM_H

#include "compiler/frontend/Formats.h"

#include "mlir/IR/Value.h"

#include <memory>
#include <variant>

namespace qcc::frontend {

struct Datum;
/// Shared, so that a list of a list twice does not double.
using DatumList = std::shared_ptr<const std::vector<Datum>>;

/// Nothing, a number, a truth value, a string, a list, a format, or a tensor of the model.
struct Datum {
  std::variant<std::monostate, int64_t, double, bool, std::string, DatumList, FormatSpec, mlir::Value> data;
  /// Lists inside each other; bounded, because they are walked by recursion.
  unsigned nesting = 0;

  static constexpr unsigned maxNesting = 16;
  static constexpr size_t maxListSize = 65536;
  static constexpr size_t maxStringSize = 4096;

  template <typename T> const T *getIf() const { return std::get_if<T>(&data); }
  bool isNone() const { return std::holds_alternative<std::monostate>(data); }
  /// An integer or a float as a float.
  std::optional<double> getNumber() const;
  /// A list of integers.
  std::optional<llvm::SmallVector<int64_t>> getIntegers() const;
  /// For messages: `64`, `"same"`, `a list of 3`, `a tensor f32[1, 12]`.
  std::string describe() const;
};

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_DATUM_H
