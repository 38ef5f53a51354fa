// Weights of tap-wise Winograd F(4x4, 3x3) that make up for each other's errors and for those of the codes: the 36 (or
// 6) weights of a filter are free numbers once they are transformed, and need not be G g G^T of any filter.
//
// With x the quantized codes of all taps and some input channels, [tap, channel], and w the weights in units of sums,
// the outputs of a tile are K (x . w), where K are the factors of A^T . A: the squared error is a parabola in w, with
// the Hessian of E[x x^T] . (K^T K). GPTQ (Frantar et al., arXiv:2210.17323) rounds its best point.
#include "compiler/algorithm/TapwiseLayer.h"
#include "compiler/quantize/WeightRounding.h"

#include <Eigen/Cholesky>

using namespace qcc;
using namespace qcc::algorithm;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::MatrixXf;
using Eigen::VectorXd;

namespace {
/// The quantized codes of neighbouring input channels, and what the error of results depends on.
struct Codes {
  MatrixXf numbers; ///< [tile][tap, channel]
  MatrixXd hessian; ///< [tap, channel][tap, channel], damped
  VectorXd damping; ///< what was added to its diagonal
};
} // namespace

/// K: what sums of taps are multiplied by in the pixels of a tile.
static MatrixXf outputFactors(const qnn::winograd::Transforms &transforms) {
  MatrixXf factors(transforms.pixels(), transforms.taps());
  for (Index pixel = 0; pixel < factors.rows(); ++pixel)
    for (Index tap = 0; tap < factors.cols(); ++tap)
      factors(pixel, tap) = static_cast<float>(transforms.outputFactor(pixel, tap));
  return factors;
}

/// `channels` are those of `inputs` from `first` on, of `codes` [tap][tile, input]; there are `depth` in a group.
static Codes gatherCodes(const std::vector<std::vector<int16_t>> &codes, int64_t inputs, int64_t first,
                         int64_t channels, int64_t depth, const MatrixXf &factors) {
  Index count = static_cast<Index>(codes[0].size()) / inputs, length = factors.cols() * channels;
  Codes result{MatrixXf(count, length), MatrixXd(), VectorXd()};
  for (Index k = 0; k < length; ++k)
    for (Index tile = 0; tile < count; ++tile)
      result.numbers(tile, k) = codes[k / channels][tile * inputs + first + k % channels];
  MatrixXf products = result.numbers.transpose() * result.numbers, weights = factors.transpose() * factors;
  result.hessian.resize(length, length);
  for (Index a = 0; a < length; ++a)
    for (Index b = 0; b < length; ++b)
      result.hessian(a, b) = static_cast<double>(products(a, b)) * weights(a / channels, b / channels);
  // Few tiles say little about many weights, which then stay near those of the filter.
  auto unknowns = static_cast<double>(factors.cols() * depth), equations = static_cast<double>(factors.rows() * count);
  constexpr double share = 0.1;
  result.damping = share * unknowns / equations * result.hessian.diagonal();
  // Where codes are all 0, weights are equally (un)important.
  for (double &damping : result.damping)
    if (!(damping > 0))
      damping = 1;
  result.hessian.diagonal() += result.damping;
  return result;
}

/// Weights [output channel][k] as codes with these scales that are best for a parabola with its minimum at `best`.
static MatrixXd roundTogether(const MatrixXd &best, const MatrixXd &scales, const MatrixXd &hessian, int64_t bits) {
  // Weights of very different taps are brought to one unit, in which they are damped.
  VectorXd units = hessian.diagonal().cwiseSqrt();
  quantize::Moments moments;
  moments.covariance = units.cwiseInverse().asDiagonal() * hessian * units.cwiseInverse().asDiagonal();
  moments.crossCovariance = moments.covariance;
  moments.meanX = moments.meanY = VectorXd::Zero(units.size());
  quantize::RoundingProblem problem;
  problem.weights = best * units.asDiagonal();
  problem.range = {llvm::minIntN(bits), llvm::maxIntN(bits)};
  problem.scales = scales * units.asDiagonal();
  problem.keepScales = true;
  problem.leastScales = VectorXd::Zero(best.rows());
  for (Index k = 0; k < units.size(); ++k)
    problem.groups.push_back(k);
  return quantize::roundWeights(problem, moments, quantize::WeightRounding::Gptq).codes;
}

/// The weights of a group's input channels from `first` to `last`, where that makes an output channel better.
void TapwiseLayer::fitWeightsOf(int64_t group, int64_t first, int64_t last) {
  using Tiles = Eigen::Map<MatrixXf>; // [pixel][tile]
  MatrixXf factors = outputFactors(transforms);
  int64_t width = last - first, begin = group * channelsOfGroup;
  Codes given = gatherCodes(codes, inputs, group * depth + first, width, depth, factors);
  Index length = given.numbers.cols();
  MatrixXd scales(channelsOfGroup, length), now(channelsOfGroup, length), pulls(length, channelsOfGroup);
  for (int64_t row = 0; row < channelsOfGroup; ++row) {
    int64_t o = begin + row;
    MatrixXf wrong(pixels, count); // what is clamped away is right
    const float *result = &results[o * count * pixels], *residual = &residuals[o * count * pixels];
    for (Index i = 0; i < wrong.size(); ++i)
      wrong.data()[i] = (clamp(result[i] + residual[i]) - clamp(result[i])) / multipliers[o];
    MatrixXf ofTaps = wrong.transpose() * factors; // [tile][tap]
    for (Index k = 0; k < length; ++k) {
      int64_t tap = k / width, place = o * depth + first + k % width;
      scales(row, k) = weightScale(tap, o);
      now(row, k) = scales(row, k) * weights[tap][place];
      double exact =
          codeStep(codeSteps[tap]).size() * exactWeights[tap][place] / static_cast<double>(transforms.filterScale());
      pulls(k, row) = given.numbers.col(k).dot(ofTaps.col(tap)) + given.damping[k] * (now(row, k) - exact);
    }
  }
  MatrixXd best = now - given.hessian.llt().solve(pulls).transpose();
  MatrixXd rounded = roundTogether(best, scales, given.hessian, options.bits);
  for (int64_t row = 0; row < channelsOfGroup; ++row) {
    int64_t o = begin + row;
    Eigen::RowVectorXf change = (rounded.row(row).cwiseProduct(scales.row(row)) - now.row(row)).cast<float>();
    MatrixXf sums = MatrixXf::Zero(count, taps);
    for (Index k = 0; k < length; ++k)
      sums.col(k / width) += change[k] * given.numbers.col(k);
    Tiles residual(&residuals[o * count * pixels], pixels, count);
    MatrixXf before = residual;
    residual += multipliers[o] * factors * sums.transpose();
    double error = errorWithOffset(o, 0);
    if (error >= channelErrors[o]) {
      residual = before;
      continue;
    }
    channelErrors[o] = error;
    for (Index k = 0; k < length; ++k)
      weights[k / width][o * depth + first + k % width] = static_cast<int16_t>(rounded(row, k));
  }
}

void TapwiseLayer::fitWeights() {
  constexpr int64_t rounds = 2, together = 4;
  for (int64_t o = 0; o < channels; ++o)
    channelErrors[o] = errorWithOffset(o, 0); // without what adding up floats one by one has lost
  for (int64_t round = 0; round < rounds; ++round)
    for (int64_t group = 0; group < channels / channelsOfGroup; ++group)
      for (int64_t first = 0; first < depth; first += together)
        fitWeightsOf(group, first, std::min(first + together, depth));
}
