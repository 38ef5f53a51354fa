// What a search for precisions found: as a table, and as a file.
#ifndef QCC_COMPILER_DRIVER_ASSIGNMENTREPORT_H
#define QCC_COMPILER_DRIVER_ASSIGNMENTREPORT_H

#include "compiler/driver/PrecisionSearch.h"

#include "llvm/Support/JSON.h"

namespace qcc::driver {

/// A choice for each item, the loss that the sum of the layers' own says, and what all together have.
struct Assignment {
  std::vector<unsigned> choices;
  double expectedLoss = 0;
  Measurement measured;
};

struct AssignmentReport {
  const PrecisionSearch &search;
  const SearchSettings &settings;
  llvm::StringRef sensitivity;
  Loss loss;
  llvm::ArrayRef<Budget> budgets;
  const std::optional<Assignment> &chosen; ///< none without budgets: layers stay as they are

  /// A row for each layer, the sums, and some points of the front of the first budget.
  void printTable(llvm::raw_ostream &stream) const;
  /// docs/precision.md describes the fields.
  void printJson(llvm::raw_ostream &stream) const;

private:
  /// Selections of the least loss by rising costs of a resource, both added to those of the model as it is.
  std::vector<quantize::KnapsackSelection> frontOf(Resource resource) const;
  void printFront(llvm::raw_ostream &stream, Resource resource) const;
  void printFront(llvm::json::OStream &json, Resource resource) const;
  void printLayer(llvm::json::OStream &json, size_t number, std::optional<size_t> item) const;
};

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_ASSIGNMENTREPORT_H
