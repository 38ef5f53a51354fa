// Collects a context's diagnostics as text, one per line: `path:line:column: error: text`.
#ifndef QCC_TEST_UNIT_DIAGNOSTICTEXT_H
#define QCC_TEST_UNIT_DIAGNOSTICTEXT_H

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/raw_ostream.h"

#include <string>

class DiagnosticText {
public:
  explicit DiagnosticText(mlir::MLIRContext *context)
      : handler(context, [this](mlir::Diagnostic &diagnostic) {
          add(diagnostic, "error");
          for (mlir::Diagnostic &note : diagnostic.getNotes())
            add(note, "note");
        }) {}

  /// The lines since the last call.
  std::string take() { return std::exchange(text, {}); }

private:
  void add(mlir::Diagnostic &diagnostic, llvm::StringRef severity) {
    llvm::raw_string_ostream stream(text);
    mlir::Location loc = diagnostic.getLocation();
    if (auto name = llvm::dyn_cast<mlir::NameLoc>(loc))
      loc = name.getChildLoc();
    if (auto position = llvm::dyn_cast<mlir::FileLineColLoc>(loc)) {
      stream << position.getFilename().getValue() << ':';
      if (position.getLine())
        stream << position.getLine() << ':' << position.getColumn() << ':';
      stream << ' ';
    }
    stream << severity << ": " << diagnostic.str() << '\n';
  }

  std::string text;
  mlir::ScopedDiagnosticHandler handler;
};

#endif // QCC_TEST_UNIT_DIAGNOSTICTEXT_H
