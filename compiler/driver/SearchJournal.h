// What a search has measured, in a file that outlives it.
#ifndef QCC_COMPILER_DRIVER_SEARCHJOURNAL_H
#define QCC_COMPILER_DRIVER_SEARCHJOURNAL_H

#include "compiler/driver/Resources.h"
#include "mlir/IR/Diagnostics.h"

#include <map>

namespace qcc::driver {

/// Measurements by what was measured. With a path, each is also a line of a file, appended by a single write, so that
/// several processes may write at a time, and a process that is killed loses no more than the line that it is writing.
/// Lines are JSON objects with `search`, a fingerprint of all that results depend on, `precisions`, `noise`,
/// `divergence`, and the resources; those of another search are left alone.
class SearchJournal {
public:
  /// Reads the lines of this search, if there is a file. A last line without its end is removed; anything else
  /// that is no line of a journal is an error.
  static mlir::FailureOr<SearchJournal> open(mlir::Location loc, std::string path, std::string search);
  SearchJournal(SearchJournal &&);
  SearchJournal &operator=(SearchJournal &&) = delete;
  ~SearchJournal();

  const Measurement *find(const std::string &precisions) const;
  mlir::LogicalResult add(const std::string &precisions, const Measurement &measurement);
  /// Reads what other processes have added.
  mlir::LogicalResult reread();

private:
  SearchJournal(mlir::Location loc, std::string path, std::string search)
      : loc(loc), path(std::move(path)), search(std::move(search)) {}
  mlir::LogicalResult addLine(llvm::StringRef line, size_t number);
  mlir::LogicalResult removeTornLine();

  mlir::Location loc;
  std::string path, search;
  int file = -1;
  std::map<std::string, Measurement> measurements;
};

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_SEARCHJOURNAL_H
