// Other people's programs: finding them, running them with a time limit, and a place for their files.
#ifndef QCC_COMPILER_VERIFY_PROCESS_H
#define QCC_COMPILER_VERIFY_PROCESS_H

#include "compiler/verify/Boards.h"
#include "mlir/IR/Diagnostics.h"

namespace qcc {

/// A fresh directory, removed with all that is in it unless it is kept.
class TemporaryDirectory {
public:
  static mlir::FailureOr<TemporaryDirectory> create(mlir::Location loc, bool keep);
  TemporaryDirectory(TemporaryDirectory &&other) : root(std::move(other.root)), keep(other.keep) { other.root.clear(); }
  TemporaryDirectory &operator=(TemporaryDirectory &&) = delete;
  ~TemporaryDirectory();

  /// The path of a file in the directory; `name` may hold folders, which `write` makes.
  std::string path(llvm::StringRef name) const;
  mlir::LogicalResult write(mlir::Location loc, llvm::StringRef name, llvm::ArrayRef<char> bytes) const;
  mlir::FailureOr<std::vector<char>> read(mlir::Location loc, llvm::StringRef name) const;

private:
  TemporaryDirectory(std::string root, bool keep) : root(std::move(root)), keep(keep) {}
  std::string root;
  bool keep;
};

/// The path of a program, or an error that names its Debian package.
mlir::FailureOr<std::string> findTool(mlir::Location loc, Tool tool);
/// True if the program is on PATH.
bool haveTool(Tool tool);

/// Runs a program and waits for it. What it prints goes to the file `log` in `directory`; if it fails, or does not end
/// within `seconds`, the error quotes the log. `packages` are named in a note as what may be missing.
mlir::LogicalResult runTool(mlir::Location loc, Tool tool, llvm::ArrayRef<std::string> arguments,
                            const TemporaryDirectory &directory, llvm::StringRef log, unsigned seconds,
                            llvm::ArrayRef<llvm::StringRef> packages = {});

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_PROCESS_H
