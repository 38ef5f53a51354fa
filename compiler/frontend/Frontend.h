// The model language: from a `.qm` file to a qnn module. docs/language.md describes it.
#ifndef QCC_COMPILER_FRONTEND_FRONTEND_H
#define QCC_COMPILER_FRONTEND_FRONTEND_H

#include "compiler/frontend/Operators.h"
#include "compiler/frontend/Scheme.h"
#include "compiler/import/weights/Arrays.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace qcc {

using frontend::getLanguageOps;
using frontend::OpInfo;
using frontend::ParameterInfo;

struct FrontendOptions {
  /// The scheme to return: its name; empty for the file's only one, if any; `none` for none.
  std::string scheme;
  /// Tensors that stand for the contents of any weight file that the model names, so that none is read.
  std::optional<std::vector<NamedArray>> weights;
};

struct ParsedModel {
  /// One public func.func named as the model, with `qnn.name` on its arguments and results.
  mlir::OwningOpRef<mlir::ModuleOp> module;
  std::optional<QuantizeScheme> scheme;
  /// The weight files that were read.
  std::vector<std::string> files;
};

/// Reads a model file and the weight files beside it. The context gets the qnn dialect. Errors have the line and
/// column of the model file where they can.
mlir::FailureOr<ParsedModel> parseModelFile(mlir::MLIRContext &context, llvm::StringRef path,
                                            const FrontendOptions &options = {});

/// The same for a text in memory; `path` is for messages and to find weight files.
mlir::FailureOr<ParsedModel> parseModel(mlir::MLIRContext &context, llvm::StringRef path, llvm::StringRef text,
                                        const FrontendOptions &options = {});

} // namespace qcc

#endif // QCC_COMPILER_FRONTEND_FRONTEND_H
