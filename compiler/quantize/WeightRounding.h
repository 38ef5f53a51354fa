// Codes of weights by which a layer's sums, not its weights, change least.
#ifndef QCC_COMPILER_QUANTIZE_WEIGHTROUNDING_H
#define QCC_COMPILER_QUANTIZE_WEIGHTROUNDING_H

#include "compiler/quantize/LayerMoments.h"
#include "llvm/ADT/StringRef.h"

namespace qcc::quantize {

/// How the codes of a layer's weights are chosen. All but the first look at the layer's inputs and correct its biases.
enum class WeightRounding {
  /// Each weight to the next code.
  Nearest,
  /// The same, and biases such that the sums are right in the mean (Nagel et al. 2019).
  Corrected,
  /// Column by column, the others making up for each error: GPTQ (Frantar et al. 2022).
  Gptq,
  /// The same, row by row, the weight that costs least first: OBQ (Frantar, Singh and Alistarh 2022).
  Obq,
};

std::optional<WeightRounding> parseWeightRounding(llvm::StringRef name);
llvm::StringRef getName(WeightRounding rounding);

/// The integers that a weight's scale is multiplied by.
struct CodeRange {
  int64_t lowest, highest;
  /// Only -1 and 1.
  bool onlySigns = false;
  /// If not empty, only these, in rising order.
  std::vector<int64_t> levels = {};
  double nearest(double value) const;
  /// Whether a value lies outside, where it has an error above that of rounding.
  bool clips(double value) const;
};

/// The weights of one product of matrices.
struct RoundingProblem {
  Eigen::MatrixXd weights; ///< [output][k]
  CodeRange range;
  Eigen::MatrixXd scales;           ///< of each output [output][group of k]: by which it would be rounded to nearest
  bool keepScales;                  ///< they are not to be changed
  Eigen::VectorXd leastScales;      ///< what they must not be below, of each output
  std::vector<int64_t> groups = {}; ///< the group of each k; empty if all have one scale
  bool fitsLevels = false;          ///< the range's levels may become others, with one scale for an output
};

struct RoundedWeights {
  Eigen::MatrixXd codes;  ///< [output][k]
  Eigen::MatrixXd scales; ///< [output][group], f32 numbers unless kept
  /// What to add to each bias so that the sums are right in the mean.
  Eigen::VectorXd biasChanges;
  /// Of the sums that real weights give, if they are the best for y: their variance, and the mean squared error that
  /// the codes add. All outputs together.
  double power, error;
  std::vector<int64_t> levels = {}; ///< those that codes are, if the range has some
};

/// Changes the scales of an output's groups, of which `s` is the largest, to the nearest `f32(m * s / 255)` with an
/// integer `m` from 1 to 255: those that integer results multiply by exactly (`qnn.conv2d`).
void legalGroupScales(llvm::MutableArrayRef<double> scales);

/// Minimises E[(sum x w - sum y scale code)^2] over the codes and scales of each output, biases being right: the
/// real weights that are best for y are found first (least squares), then rounded with the Hessian of y, then improved
/// code by code until no single change helps, with the best scale for the codes in between. The best of several first
/// scales is taken. Moments are damped by 1 % of their mean variance. `corrected` only finds the biases. With several
/// groups, the first scale of each is found when GPTQ reaches it, for what the groups before it have left; in the end
/// they are legal (legalGroupScales), and codes are improved with them once more.
RoundedWeights roundWeights(const RoundingProblem &problem, const Moments &moments, WeightRounding rounding);

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_WEIGHTROUNDING_H
