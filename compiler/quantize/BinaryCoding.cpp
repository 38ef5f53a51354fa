#include "compiler/quantize/BinaryCoding.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

using namespace qcc::quantize;

namespace {
/// Signs are columns of -1 and 1, one row for each weight.
struct Planes {
  Eigen::MatrixXd signs;
  Eigen::VectorXd magnitudes;
};
} // namespace

static double signOf(double number) { return number < 0 ? -1 : 1; }

static Planes fitGreedily(const Eigen::VectorXd &weights, unsigned planes) {
  Planes result{Eigen::MatrixXd(weights.size(), planes), Eigen::VectorXd(planes)};
  Eigen::VectorXd left = weights;
  for (unsigned plane = 0; plane < planes; ++plane) {
    result.magnitudes[plane] = left.cwiseAbs().mean();
    result.signs.col(plane) = left.unaryExpr(&signOf);
    left -= result.magnitudes[plane] * result.signs.col(plane);
  }
  return result;
}

/// The signs whose sum is nearest to each weight.
static Eigen::MatrixXd findNearest(const Eigen::VectorXd &weights, const Eigen::VectorXd &magnitudes) {
  struct Level {
    double value;
    unsigned signs; // a bit for each plane
  };
  std::vector<Level> levels;
  for (unsigned signs = 0; signs < 1u << magnitudes.size(); ++signs) {
    double value = 0;
    for (Eigen::Index plane = 0; plane < magnitudes.size(); ++plane)
      value += signs >> plane & 1 ? magnitudes[plane] : -magnitudes[plane];
    levels.push_back({value, signs});
  }
  std::sort(levels.begin(), levels.end(),
            [](const Level &a, const Level &b) { return std::pair(a.value, a.signs) < std::pair(b.value, b.signs); });
  Eigen::MatrixXd result(weights.size(), magnitudes.size());
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    auto above = std::lower_bound(levels.begin() + 1, levels.end() - 1, weights[k],
                                  [](const Level &level, double weight) { return level.value < weight; });
    const Level &nearest = weights[k] - (above - 1)->value <= above->value - weights[k] ? *(above - 1) : *above;
    for (Eigen::Index plane = 0; plane < magnitudes.size(); ++plane)
      result(k, plane) = nearest.signs >> plane & 1 ? 1 : -1;
  }
  return result;
}

static double errorOf(const Eigen::VectorXd &weights, const Planes &planes) {
  return (weights - planes.signs * planes.magnitudes).squaredNorm();
}

/// A plane may be its opposite with the magnitude's other sign. Magnitudes of 0 become the least f32 that is normal.
static BinaryCode toCode(const Planes &planes, double error) {
  BinaryCode code;
  code.error = error;
  for (Eigen::Index plane = 0; plane < planes.magnitudes.size(); ++plane) {
    double sign = signOf(planes.magnitudes[plane]);
    code.magnitudes.push_back(
        std::max(static_cast<float>(sign * planes.magnitudes[plane]), std::numeric_limits<float>::min()));
    code.signs.emplace_back();
    for (double each : planes.signs.col(plane))
      code.signs.back().push_back(static_cast<int8_t>(sign * each));
  }
  return code;
}

BinaryCode qcc::quantize::fitBinaryCode(llvm::ArrayRef<float> weights, unsigned planes) {
  constexpr int mostRounds = 15;
  Eigen::VectorXd target =
      Eigen::Map<const Eigen::VectorXf>(weights.data(), static_cast<Eigen::Index>(weights.size())).cast<double>();
  Planes best = fitGreedily(target, planes);
  double error = errorOf(target, best);
  for (int round = 0; round < mostRounds; ++round) {
    Planes next = best;
    next.magnitudes = (best.signs.transpose() * best.signs).ldlt().solve(best.signs.transpose() * target);
    next.signs = findNearest(target, next.magnitudes);
    double nextError = errorOf(target, next);
    // With equal planes there are many solutions, and maybe none that is finite.
    if (!(nextError < error))
      break;
    best = std::move(next);
    error = nextError;
  }
  return toCode(best, error);
}
