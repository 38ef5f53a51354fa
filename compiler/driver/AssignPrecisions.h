// `qcc quantize --budget`: the precision of each layer, chosen by what it does to the outputs and what it costs.
#ifndef QCC_COMPILER_DRIVER_ASSIGNPRECISIONS_H
#define QCC_COMPILER_DRIVER_ASSIGNPRECISIONS_H

#include "compiler/driver/PrecisionSearch.h"
#include "llvm/Support/JSON.h"

namespace qcc::driver {

struct AssignOptions {
  std::vector<std::string> budgets;
  std::vector<std::string> candidates = {"w8a8", "w6a8", "w5a8", "w4a8", "w3a8", "w2a8", "w4a4"};
  std::string sensitivity, journal, pareto, part;
  int64_t jobs = 1;
  TargetOptions target;

  void addTo(CLI::App &verb);
  /// Throws CLI::ValidationError for budgets, candidates and parts that are none.
  void check() const;
  /// Budgets of a scheme hold where the command line has none for the same resource.
  void addBudgets(const QuantizeScheme &scheme);
  /// Whether precisions are to be measured.
  bool isWanted() const { return !budgets.empty() || !pareto.empty() || isPart(); }
  /// Only measurements for a journal are wanted, and no model.
  bool isPart() const { return !part.empty(); }
};

/// Appends the rules of the chosen precisions to `options`, prints what was chosen and why, writes the file of
/// `--pareto`, and sets `pareto` to what is in it; for a part only measures. A model that is within the budgets stays
/// as it is, and only itself is measured, unless `--pareto` wants more: then `pareto` stays as it is, too. So does
/// `floatModel`. Fails, with one diagnostic, if a budget cannot be met; it names the least that was found.
mlir::LogicalResult assignPrecisions(Session &session, const AssignOptions &assign, mlir::ModuleOp floatModel,
                                     SampleSource &samples, Calibration &calibration,
                                     quantize::QuantizeOptions &options, llvm::json::Value &pareto);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_ASSIGNPRECISIONS_H
