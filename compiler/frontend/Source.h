// The text of a model file, positions in it, and how its errors are said.
#ifndef QCC_COMPILER_FRONTEND_SOURCE_H
#define QCC_COMPILER_FRONTEND_SOURCE_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"

#include <string>
#include <vector>

namespace qcc::frontend {

/// A byte offset into the source text.
using Position = uint32_t;

/// The text of a file, and the places in it.
class Source {
public:
  /// The most bytes that a model file may have.
  static constexpr size_t maxBytes = 64u << 20;

  /// The text must outlive the source, and have at most `maxBytes`.
  Source(mlir::MLIRContext *context, llvm::StringRef path, llvm::StringRef text);

  mlir::MLIRContext *getContext() const { return context; }
  llvm::StringRef getPath() const { return path; }
  llvm::StringRef getText() const { return text; }
  /// Line and column, both from 1; columns count bytes.
  mlir::Location getLocation(Position at) const;
  mlir::InFlightDiagnostic error(Position at) const { return mlir::emitError(getLocation(at)); }

private:
  mlir::MLIRContext *context;
  std::string path;
  llvm::StringRef text;
  std::vector<Position> lineStarts{0};
};

/// `; did you mean 'x'?` with the candidate nearest to `name`, or nothing if none is near.
std::string didYouMean(llvm::StringRef name, llvm::ArrayRef<llvm::StringRef> candidates);

} // namespace qcc::frontend

#endif // QCC_COMPILER_FRONTEND_SOURCE_H
