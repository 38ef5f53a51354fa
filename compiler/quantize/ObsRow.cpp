#include "compiler/quantize/ObsRow.h"

#include <numeric>

using namespace qcc::quantize;

ObsRow::ObsRow(Eigen::VectorXd weights, Eigen::MatrixXd inverseHessian)
    : weights(std::move(weights)), inverse(std::move(inverseHessian)), places(this->weights.size()),
      free(this->weights.size()) {
  std::iota(places.begin(), places.end(), 0);
}

Eigen::VectorXd ObsRow::columnOf(Eigen::Index i) const {
  Eigen::VectorXd column(free);
  column.head(i) = inverse.row(i).head(i).transpose();
  column.tail(free - i) = inverse.col(i).segment(i, free - i);
  return column;
}

void ObsRow::swapWithLast(Eigen::Index i) {
  Eigen::Index last = free - 1;
  if (i == last)
    return;
  Eigen::VectorXd ofI = columnOf(i), ofLast = columnOf(last);
  std::swap(ofI[i], ofI[last]); // places i and last change their meaning within both columns
  std::swap(ofLast[i], ofLast[last]);
  inverse.row(i).head(i) = ofLast.head(i).transpose();
  inverse.col(i).segment(i, free - i) = ofLast.tail(free - i);
  inverse.row(last).head(free) = ofI.transpose();
  std::swap(weights[i], weights[last]);
  std::swap(places[i], places[last]);
}

// w -= (w_i - value) / [H^-1]_ii H^-1[:, i]; then row and column i leave H^-1, which becomes the inverse of what is
// left of H: H^-1 -= H^-1[:, i] H^-1[i, :] / [H^-1]_ii.
void ObsRow::fix(Eigen::Index i, double value) {
  swapWithLast(i);
  Eigen::Index last = free - 1;
  Eigen::VectorXd column = columnOf(last);
  weights.head(last) -= column.head(last) * ((weights[last] - value) / column[last]);
  weights[last] = value;
  for (Eigen::Index j = 0; j < last; ++j)
    inverse.col(j).segment(j, last - j) -= column.segment(j, last - j) * (column[j] / column[last]);
  free = last;
}

Eigen::VectorXd ObsRow::getWeights() const {
  Eigen::VectorXd result(weights.size());
  for (Eigen::Index i = 0; i < weights.size(); ++i)
    result[places[i]] = weights[i];
  return result;
}
