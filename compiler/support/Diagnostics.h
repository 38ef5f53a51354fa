// How errors reach a user: one clear line with its place, the source line with a
// caret where there is one, then the notes.
#ifndef QCC_COMPILER_SUPPORT_DIAGNOSTICS_H
#define QCC_COMPILER_SUPPORT_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

namespace qcc {

/// A location in a file that has no lines (a `.tflite`, an `.npz`), or in no line in particular.
inline mlir::Location fileLoc(mlir::MLIRContext *context, llvm::StringRef path) {
  return mlir::FileLineColLoc::get(context, path, 0, 0);
}

/// Prints the context's diagnostics to a stream as `path:line:column: error: text` while it lives, with the
/// source line and a caret if the file can be read. Remarks are dropped unless `verbose`.
class DiagnosticPrinter {
public:
  explicit DiagnosticPrinter(mlir::MLIRContext *context, bool verbose = false,
                             llvm::raw_ostream &stream = llvm::errs());
  ~DiagnosticPrinter();
  bool sawError() const { return errors > 0; }

private:
  void print(mlir::Diagnostic &diagnostic);
  void printOne(mlir::Diagnostic &diagnostic);
  mlir::MLIRContext *context;
  mlir::DiagnosticEngine::HandlerID handler;
  bool verbose;
  llvm::raw_ostream &stream;
  int errors = 0;
};

} // namespace qcc

#endif // QCC_COMPILER_SUPPORT_DIAGNOSTICS_H
