// Exact optimal brain surgery on one row of weights: the step that pruning and quantizing share.
#ifndef QCC_COMPILER_QUANTIZE_OBSROW_H
#define QCC_COMPILER_QUANTIZE_OBSROW_H

#include <Eigen/Core>

#include <vector>

namespace qcc::quantize {

/// Weights w of one sum, of which some are fixed one by one while the others make up for it: they always minimise
/// (w - w0)^T H (w - w0) / 2 for the fixed ones' values (Frantar, Singh and Alistarh, "Optimal Brain Compression",
/// 2022, ExactOBS). Fixing at 0 prunes, at a code's value quantizes. A step takes time in the square of the free
/// weights.
class ObsRow {
public:
  /// `inverseHessian` is that of H, which is positive definite.
  ObsRow(Eigen::VectorXd weights, Eigen::MatrixXd inverseHessian);

  /// How many weights are free; they are counted from 0 in an order that changes with each step.
  Eigen::Index getFree() const { return free; }
  double getWeight(Eigen::Index i) const { return weights[i]; }
  /// Its number in the first order.
  Eigen::Index getPlace(Eigen::Index i) const { return places[i]; }
  /// By how much fixing the free weight i at a value raises the loss.
  double lossOf(Eigen::Index i, double value) const {
    double change = weights[i] - value;
    return change * change / (2 * inverse(i, i));
  }
  void fix(Eigen::Index i, double value);

  /// All weights in their first order.
  Eigen::VectorXd getWeights() const;

private:
  /// Column i of the symmetric matrix, of which the lower half is kept up to date.
  Eigen::VectorXd columnOf(Eigen::Index i) const;
  void swapWithLast(Eigen::Index i);

  Eigen::VectorXd weights;
  Eigen::MatrixXd inverse;
  std::vector<Eigen::Index> places; ///< which weight each is
  Eigen::Index free;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_OBSROW_H
