// How a model is to be quantized: what `scheme` in a model file says, checked against the model's layers.
#ifndef QCC_COMPILER_FRONTEND_SCHEME_H
#define QCC_COMPILER_FRONTEND_SCHEME_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"

#include <optional>
#include <string>
#include <vector>

namespace qcc {

/// A format to be chosen, without scales.
struct SchemeFormat {
  enum Kind { Float, Affine, Binary, Ternary, Codebook, Basis };
  Kind kind = Float;
  unsigned bits = 32;
  bool isSigned = true;
  /// One scale per output channel, or one for all (weights only); not given: as the scheme's default, else per channel.
  std::optional<bool> isPerChannel;
  /// Elements of the last axis that share a scale; 0: none (weights only).
  int64_t group = 0;
  /// Of binary formats with a group: signed magnitudes that weights are sums of (weights only).
  int64_t planes = 1;
  /// How the range is chosen, e.g. "min_max"; empty: as by default.
  std::string clip;
  /// Dense layers multiply input columns whose magnitude reaches this on the samples in f32 (weights only).
  std::optional<double> outliers;
  /// A file of the thresholds at which codes begin, as found from the model file; empty for those of the nearest number
  /// (activations only).
  std::string thresholds;
  /// Of binary activations: `none`, `scalar` or `map`; empty for `scalar`.
  std::string inputScale;
  /// Only powers of two are scales.
  bool powerOfTwoScales = false;
  bool operator==(const SchemeFormat &) const = default;
};

/// Formats of the layers whose name a glob pattern matches; what a rule does not say stays as it is.
struct SchemeRule {
  std::string pattern;
  std::optional<SchemeFormat> weights, activations;
  mlir::Location loc;
};

/// An algorithm of the convolutions whose name a glob pattern matches, as `--algorithm` has it:
/// `winograd(f4,tapwise,10)`.
struct SchemeAlgorithm {
  std::string pattern, algorithm;
};

struct QuantizeScheme {
  std::string name;
  /// What applies where no rule does; not given: f32 stays.
  std::optional<SchemeFormat> defaultWeights, defaultActivations;
  /// In the order of the file: of several that match, the last wins.
  std::vector<SchemeRule> rules;
  std::vector<SchemeAlgorithm> algorithms;
  /// A file of samples, as found from the model file; empty if not given.
  std::string calibrate;
  /// Where `calibrate` stands.
  std::optional<mlir::Location> calibrateLoc;
  /// Limits in bytes.
  std::optional<int64_t> flashBudget, ramBudget;

  /// The formats of a layer after all rules.
  std::optional<SchemeFormat> weightsOf(llvm::StringRef layer) const;
  std::optional<SchemeFormat> activationsOf(llvm::StringRef layer) const;
};

} // namespace qcc

#endif // QCC_COMPILER_FRONTEND_SCHEME_H
