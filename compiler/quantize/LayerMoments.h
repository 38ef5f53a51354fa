// What a layer's inputs are like, as far as the errors of its sums depend on it.
#ifndef QCC_COMPILER_QUANTIZE_LAYERMOMENTS_H
#define QCC_COMPILER_QUANTIZE_LAYERMOMENTS_H

#include "compiler/quantize/ContractionRows.h"

#include <Eigen/Core>

namespace qcc::quantize {

/// Means and covariances of pairs of rows: `x` from the float model, `y` from the model of integers, whose earlier
/// layers' errors are in it. K is the length of a row.
struct Moments {
  int64_t count = 0;
  Eigen::VectorXd meanX, meanY;
  /// E[(y - E y)(y - E y)^T]: half of the Hessian of the squared error of a sum over y, if its bias is right.
  Eigen::MatrixXd covariance;
  /// E[(x - E x)(y - E y)^T]
  Eigen::MatrixXd crossCovariance;
};

/// Collects the moments of each group of a layer from rows at random positions, the same for x and y.
class MomentsCollector {
public:
  /// Takes about `rowsPerSample` rows of each sample, at most all.
  MomentsCollector(const ContractionRows &layer, int64_t rowsPerSample);

  /// Adds one sample: the real numbers of the layer's input in both models.
  void add(llvm::ArrayRef<double> x, llvm::ArrayRef<double> y);
  /// Of each group. Nothing may be added afterwards.
  std::vector<Moments> finish();

private:
  using Block = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  struct Group {
    Block x, y; ///< rows that have not been multiplied yet
    Moments moments;
  };

  void flush(Group &group);

  ContractionRows layer;
  int64_t rowsPerSample, filled = 0;
  std::vector<Group> groups;
  uint64_t randomState = 0x9e3779b97f4a7c15;
};

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_LAYERMOMENTS_H
