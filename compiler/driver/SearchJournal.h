// What a search has measured, in a file that outlives it.
#ifndef QCC_COMPILER_DRIVER_SEARCHJOURNAL_H
#define QCC_COMPILER_DRIVER_SEARCHJOURNAL_H

#include "mlir/IR/Diagnostics.h"

#include <array>
#include <map>

namespace qcc::driver {

/// What budgets are for.
enum class Resource { Flash, Ram, Time, Bops, Weights };
inline constexpr llvm::StringLiteral resourceNames[] = {"flash", "ram", "time", "bops", "weights"};
inline constexpr size_t resourceCount = std::size(resourceNames);

/// A model with some precisions.
struct Measurement {
  double noise = 0;      ///< power of the outputs' error over that of the outputs
  double divergence = 0; ///< of their softmax: Kullback-Leibler, in nats, the mean over samples
  std::array<int64_t, resourceCount> costs = {};
  int64_t cost(Resource resource) const { return costs[static_cast<size_t>(resource)]; }
};

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
