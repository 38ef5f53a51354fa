#include "compiler/quantize/WeightRounding.h"
#include "compiler/quantize/ObsRow.h"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include <random>

using namespace qcc::quantize;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {
/// Correlated inputs, as neighbouring pixels are.
struct Data {
  explicit Data(Index length, Index outputs, unsigned seed = 1) : generator(seed) {
    MatrixXd mixed = random(length, length);
    for (Index i = 0; i < length; ++i)
      mixed.row(i) *= 1 + 3.0 * static_cast<double>(i) / static_cast<double>(length);
    x = mixed * random(length, 8 * length);
    x.colwise() += random(length, 1).col(0);
    y = x + 0.1 * random(length, x.cols());
    weights = random(outputs, length);
    double count = static_cast<double>(x.cols());
    moments.count = x.cols();
    moments.meanX = x.rowwise().mean();
    moments.meanY = y.rowwise().mean();
    MatrixXd centredX = x.colwise() - moments.meanX, centredY = y.colwise() - moments.meanY;
    moments.covariance = centredY * centredY.transpose() / count;
    moments.crossCovariance = centredX * centredY.transpose() / count;
  }

  MatrixXd random(Index rows, Index columns) {
    std::normal_distribution<double> normal;
    return MatrixXd::NullaryExpr(rows, columns, [&] { return normal(generator); });
  }
  RoundingProblem problem(int64_t bits, bool keepScales = false) const {
    int64_t highest = llvm::maxIntN(bits);
    VectorXd scales = weights.cwiseAbs().rowwise().maxCoeff() / static_cast<double>(highest);
    return {weights, {-highest, highest}, scales, keepScales, VectorXd::Zero(weights.rows())};
  }
  /// The mean squared error of the sums, counted on the samples.
  double errorOf(const RoundedWeights &rounded) const {
    MatrixXd sums = rounded.scales.col(0).asDiagonal() * rounded.codes * y;
    sums.colwise() += rounded.biasChanges;
    return (weights * x - sums).squaredNorm() / static_cast<double>(x.cols());
  }

  std::mt19937 generator;
  MatrixXd x, y, weights;
  Moments moments;
};
} // namespace

TEST_CASE("removals of ExactOBS are the least-squares refit on what is left") {
  for (Index removals : {1, 7, 20}) {
    Data data(24, 1);
    MatrixXd hessian = data.moments.covariance;
    ObsRow row(data.weights.row(0).transpose(), hessian.inverse());
    double losses = 0;
    for (Index step = 0; step < removals; ++step) {
      Index best = 0;
      for (Index i = 1; i < row.getFree(); ++i)
        if (row.lossOf(i, 0) < row.lossOf(best, 0))
          best = i;
      losses += row.lossOf(best, 0);
      row.fix(best, 0);
    }
    VectorXd pruned = row.getWeights(), original = data.weights.row(0).transpose();
    std::vector<Index> kept;
    for (Index i = 0; i < pruned.size(); ++i)
      if (pruned[i] != 0)
        kept.push_back(i);
    REQUIRE(static_cast<Index>(kept.size()) == 24 - removals);
    MatrixXd ofKept = hessian(kept, kept);
    VectorXd refit = ofKept.llt().solve((hessian * original)(kept));
    CHECK((pruned(kept) - refit).cwiseAbs().maxCoeff() < 1e-6);
    VectorXd change = pruned - original;
    CHECK(losses == Approx(0.5 * change.dot(hessian * change)).epsilon(1e-6));
  }
}

TEST_CASE("weights fitted to sums are better than rounded ones at every width") {
  Data data(48, 6);
  for (int64_t bits : {2, 3, 4, 6, 8}) {
    RoundingProblem problem = data.problem(bits);
    double corrected = data.errorOf(roundWeights(problem, data.moments, WeightRounding::Corrected));
    double gptq = data.errorOf(roundWeights(problem, data.moments, WeightRounding::Gptq));
    double obq = data.errorOf(roundWeights(problem, data.moments, WeightRounding::Obq));
    INFO("bits " << bits << ": corrected " << corrected << ", gptq " << gptq << ", obq " << obq);
    CHECK(gptq < 0.8 * corrected);
    CHECK(obq < 0.8 * corrected);
  }
}

TEST_CASE("groups have scales of their own, which are fitted and legal") {
  constexpr Index length = 48, group = 16;
  Data data(length, 6);
  for (Index k = 0; k < length; ++k)
    data.weights.col(k) *= std::exp2(-2 * (k / group));
  RoundingProblem one = data.problem(3), problem = one;
  problem.scales = MatrixXd(6, length / group);
  for (Index k = 0; k < length; ++k)
    problem.groups.push_back(k / group);
  for (Index g = 0; g < length / group; ++g)
    problem.scales.col(g) = data.weights.middleCols(g * group, group).cwiseAbs().rowwise().maxCoeff() / 3;
  for (WeightRounding rounding : {WeightRounding::Corrected, WeightRounding::Gptq, WeightRounding::Obq}) {
    RoundedWeights rounded = roundWeights(problem, data.moments, rounding);
    REQUIRE(rounded.scales.cols() == length / group);
    MatrixXd reals = rounded.codes;
    for (Index k = 0; k < length; ++k)
      reals.col(k).array() *= rounded.scales.col(k / group).array();
    RoundedWeights flat{reals, VectorXd::Ones(6), rounded.biasChanges, 0, 0};
    double error = data.errorOf(flat);
    CHECK(error < 0.9 * data.errorOf(roundWeights(one, data.moments, rounding)));
    if (rounding == WeightRounding::Corrected)
      continue;
    CHECK(error < 0.8 * data.errorOf(roundWeights(one, data.moments, WeightRounding::Corrected)));
    MatrixXd factors = rounded.scales.array().colwise() / rounded.scales.rowwise().maxCoeff().array() * 255;
    CHECK((factors - factors.array().round().matrix()).cwiseAbs().maxCoeff() < 1e-4);
    CHECK(rounded.codes.cwiseAbs().maxCoeff() <= 3);
  }
}

TEST_CASE("the scales of groups are integer parts of the largest") {
  double scales[] = {0.51, 1.0, 1e-9};
  legalGroupScales(scales);
  CHECK(scales[0] == static_cast<float>(130.0 / 255));
  CHECK(scales[1] == 1);
  CHECK(scales[2] == static_cast<float>(1.0 / 255));
  legalGroupScales({});
}

TEST_CASE("codes stay in their range, scales are f32 numbers above the least, biases make the means right") {
  Data data(20, 5);
  for (WeightRounding rounding : {WeightRounding::Corrected, WeightRounding::Gptq, WeightRounding::Obq}) {
    RoundingProblem problem = data.problem(3);
    problem.leastScales[2] = problem.scales(2, 0) = 10;
    RoundedWeights rounded = roundWeights(problem, data.moments, rounding);
    CHECK(rounded.codes.minCoeff() >= -3);
    CHECK(rounded.codes.maxCoeff() <= 3);
    CHECK((rounded.codes.array() == rounded.codes.array().round()).all());
    CHECK(rounded.scales(2, 0) >= 10);
    if (rounding != WeightRounding::Corrected)
      CHECK(rounded.scales == rounded.scales.cast<float>().cast<double>());
    VectorXd means = rounded.scales.col(0).asDiagonal() * rounded.codes * data.moments.meanY + rounded.biasChanges;
    CHECK((means - data.weights * data.moments.meanX).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("scales that are to be kept are kept") {
  Data data(16, 3);
  RoundingProblem problem = data.problem(4, /*keepScales=*/true);
  CHECK(roundWeights(problem, data.moments, WeightRounding::Gptq).scales == problem.scales);
}

TEST_CASE("binary weights have signs only") {
  Data data(16, 3);
  RoundingProblem problem = data.problem(2);
  problem.range = {-1, 1, /*onlySigns=*/true};
  RoundedWeights rounded = roundWeights(problem, data.moments, WeightRounding::Gptq);
  CHECK((rounded.codes.array().abs() == 1).all());
}

TEST_CASE("codes of a table are some of its integers") {
  Data data(48, 6);
  RoundingProblem problem = data.problem(7);
  problem.range = {-64, 64, /*onlySigns=*/false, {-64, -35, -20, -9, 3, 15, 33, 61}};
  problem.scales = data.weights.cwiseAbs().rowwise().maxCoeff() / 64;
  double corrected = data.errorOf(roundWeights(problem, data.moments, WeightRounding::Corrected));
  for (WeightRounding rounding : {WeightRounding::Gptq, WeightRounding::Obq}) {
    RoundedWeights rounded = roundWeights(problem, data.moments, rounding);
    CHECK(data.errorOf(rounded) < 0.8 * corrected);
    for (double code : rounded.codes.reshaped())
      CHECK(llvm::is_contained(problem.range.levels, static_cast<int64_t>(code)));
  }
  // Levels that fit the sums make them better.
  RoundingProblem fitted = problem;
  fitted.fitsLevels = true;
  for (WeightRounding rounding : {WeightRounding::Gptq, WeightRounding::Obq}) {
    RoundedWeights rounded = roundWeights(fitted, data.moments, rounding);
    CHECK(data.errorOf(rounded) < 0.95 * data.errorOf(roundWeights(problem, data.moments, rounding)));
    CHECK(rounded.levels.size() == 8);
    CHECK(llvm::is_sorted(rounded.levels));
    CHECK((rounded.levels.front() >= -64 && rounded.levels.back() <= 64));
    for (double code : rounded.codes.reshaped())
      CHECK(llvm::is_contained(rounded.levels, static_cast<int64_t>(code)));
  }
  fitted.leastScales.setConstant(10);
  CHECK(roundWeights(fitted, data.moments, WeightRounding::Gptq).scales.minCoeff() >= 10);
  CHECK(problem.range.nearest(-100) == -64);
  CHECK(problem.range.nearest(100) == 61);
  CHECK(problem.range.nearest(8.9) == 3);
  CHECK(problem.range.nearest(9.1) == 15);
  CHECK(problem.range.clips(61.5));
  CHECK_FALSE(problem.range.clips(25));
  // All integers of a range are the range.
  RoundingProblem integers = data.problem(3), listed = integers;
  listed.range.levels = {-3, -2, -1, 0, 1, 2, 3};
  CHECK(roundWeights(listed, data.moments, WeightRounding::Gptq).codes ==
        roundWeights(integers, data.moments, WeightRounding::Gptq).codes);
}

TEST_CASE("inputs that never vary leave weights at their nearest codes") {
  Data data(8, 2);
  data.moments.covariance.setZero();
  data.moments.crossCovariance.setZero();
  RoundingProblem problem = data.problem(4, /*keepScales=*/true);
  RoundedWeights rounded = roundWeights(problem, data.moments, WeightRounding::Gptq);
  for (Index o = 0; o < 2; ++o)
    for (Index k = 0; k < 8; ++k)
      CHECK(rounded.codes(o, k) == problem.range.nearest(problem.weights(o, k) / problem.scales(o, 0)));
}

TEST_CASE("weights that codes represent exactly keep them when the inputs are the float model's") {
  Data data(16, 4);
  data.moments.crossCovariance = data.moments.covariance;
  data.moments.meanX = data.moments.meanY;
  RoundingProblem problem = data.problem(4);
  for (Index o = 0; o < 4; ++o)
    for (Index k = 0; k < 16; ++k)
      problem.weights(o, k) = 0.25 * problem.range.nearest(problem.weights(o, k) / problem.scales(o, 0));
  RoundedWeights rounded = roundWeights(problem, data.moments, WeightRounding::Gptq);
  MatrixXd reals = rounded.scales.col(0).asDiagonal() * rounded.codes;
  CHECK((reals - problem.weights).cwiseAbs().maxCoeff() < 1e-6);
}
