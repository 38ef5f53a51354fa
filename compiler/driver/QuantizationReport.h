// What quantization did to a model, on one page or as JSON.
#ifndef QCC_COMPILER_DRIVER_QUANTIZATIONREPORT_H
#define QCC_COMPILER_DRIVER_QUANTIZATIONREPORT_H

#include "compiler/driver/Driver.h"
#include "compiler/driver/LayerNoise.h"

namespace qcc::driver {

/// Where a report goes, and what its sizes are for.
struct QuantizationReportOptions {
  std::string path, target = "host";

  /// Adds `--report FILE`.
  CLI::Option *addTo(CLI::App &verb);
  /// Adds `--report-target TARGET`, for verbs that have no target of their own.
  void addTargetTo(CLI::App &verb, CLI::Option *report);
  bool isWanted() const { return !path.empty(); }
};

/// Writes an HTML page that needs nothing beside it or, to a `.json` file, its data, whose fields docs/explain.md
/// lists. Both models are compiled as `compile` says, to know their sizes. `pareto` is what `--pareto` writes of an
/// assignment of precisions; null if there was none.
mlir::LogicalResult writeQuantizationReport(Session &session, llvm::StringRef path, const CompileOptions &compile,
                                            const ModelComparison &comparison, llvm::json::Value pareto = nullptr);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_QUANTIZATIONREPORT_H
