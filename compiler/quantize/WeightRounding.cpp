#include "compiler/quantize/WeightRounding.h"

#include "compiler/quantize/ObsRow.h"
#include "llvm/ADT/STLExtras.h"

#include <Eigen/Cholesky>

#include <limits>
#include <numeric>

using namespace qcc::quantize;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

static constexpr std::pair<llvm::StringLiteral, WeightRounding> names[] = {{"nearest", WeightRounding::Nearest},
                                                                           {"corrected", WeightRounding::Corrected},
                                                                           {"gptq", WeightRounding::Gptq},
                                                                           {"obq", WeightRounding::Obq}};

std::optional<WeightRounding> qcc::quantize::parseWeightRounding(llvm::StringRef name) {
  const auto *found = llvm::find_if(names, [&](const auto &entry) { return entry.first == name; });
  return found == std::end(names) ? std::nullopt : std::optional(found->second);
}

llvm::StringRef qcc::quantize::getName(WeightRounding rounding) {
  return llvm::find_if(names, [&](const auto &entry) { return entry.second == rounding; })->first;
}

double CodeRange::nearest(double value) const {
  if (onlySigns)
    return value < 0 ? -1 : 1;
  return std::clamp(std::round(value), static_cast<double>(lowest), static_cast<double>(highest));
}

namespace {
/// The problem with its inputs in the order in which they are rounded: those of the largest variance first, while there
/// are others to make up for their errors.
class Solver {
public:
  Solver(const RoundingProblem &problem, const Moments &moments);
  RoundedWeights solve(WeightRounding rounding);

private:
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  VectorXd largestScales() const;
  MatrixXd gptq(const VectorXd &scales) const;
  MatrixXd obq(const VectorXd &scales) const;
  VectorXd errorsOf(const MatrixXd &codes, const VectorXd &scales) const;
  double legalScale(Index output, double scale) const;
  void searchScales();
  void roundToNearest();
  void improve();
  bool improveRow(Index output);
  void refitScale(Index output);

  const RoundingProblem &problem;
  const Moments &moments;
  std::vector<Index> order;
  Index outputs, length;
  MatrixXd hessian, inverse, upper; ///< `upper` is the Cholesky factor U of the inverse, U^T U
  MatrixXd targets;                 ///< the real weights that are best for y
  MatrixXd codes;
  VectorXd scales;
};
} // namespace

Solver::Solver(const RoundingProblem &problem, const Moments &moments)
    : problem(problem), moments(moments), order(problem.weights.cols()), outputs(problem.weights.rows()),
      length(problem.weights.cols()) {
  VectorXd variances = moments.covariance.diagonal();
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](Index a, Index b) { return std::pair(-variances[a], a) < std::pair(-variances[b], b); });
  // Without any variance all weights are equally (un)important.
  double damping = 0.01 * variances.mean();
  if (!(damping > 0))
    damping = 1;
  hessian = moments.covariance(order, order);
  hessian.diagonal().array() += damping;
  inverse = hessian.llt().solve(MatrixXd::Identity(length, length));
  upper = inverse.llt().matrixU();
  // min_t E[(w x - t y)^2] + damping |t - w|^2 has (E[y y^T] + damping) t = E[y x^T] w + damping w.
  MatrixXd cross = moments.crossCovariance(order, order);
  cross.diagonal().array() += damping;
  targets = problem.weights(Eigen::all, order) * cross * inverse;
}

double Solver::legalScale(Index output, double scale) const {
  if (problem.keepScales)
    return problem.scales[output];
  scale = std::max({scale, problem.leastScales[output], 2.0 * std::numeric_limits<float>::min()});
  return static_cast<float>(std::min<double>(scale, std::numeric_limits<float>::max() / 2));
}

/// By which the largest weight of an output has the largest code. Signs have the mean magnitude.
VectorXd Solver::largestScales() const {
  VectorXd result(outputs);
  for (Index o = 0; o < outputs; ++o) {
    double largest = targets.row(o).cwiseAbs().maxCoeff() / static_cast<double>(problem.range.highest);
    result[o] = problem.range.onlySigns ? targets.row(o).cwiseAbs().mean() : largest;
    if (!(result[o] > 0))
      result[o] = 1;
  }
  return result;
}

// Row k of U is that of the inverse after the weights before k are fixed, divided by the root of its diagonal element:
// the error of column k, over U_kk, times U_k,j is what weight j makes up for.
MatrixXd Solver::gptq(const VectorXd &scales) const {
  // Later blocks make up for a whole block at a time.
  constexpr Index block = 64;
  MatrixXd rest = targets, result(outputs, length);
  for (Index first = 0; first < length; first += block) {
    Index last = std::min(first + block, length);
    MatrixXd errors(outputs, last - first);
    for (Index k = first; k < last; ++k) {
      for (Index o = 0; o < outputs; ++o) {
        result(o, k) = problem.range.nearest(rest(o, k) / scales[o]);
        errors(o, k - first) = (rest(o, k) - result(o, k) * scales[o]) / upper(k, k);
      }
      rest.middleCols(k + 1, last - k - 1) -= errors.col(k - first) * upper.row(k).segment(k + 1, last - k - 1);
    }
    rest.rightCols(length - last) -= errors * upper.block(first, last, last - first, length - last);
  }
  return result;
}

MatrixXd Solver::obq(const VectorXd &scales) const {
  MatrixXd result(outputs, length);
  for (Index o = 0; o < outputs; ++o) {
    ObsRow row(targets.row(o), inverse);
    auto valueOf = [&](Index i) { return problem.range.nearest(row.getWeight(i) / scales[o]) * scales[o]; };
    while (row.getFree()) {
      Index best = 0;
      double least = std::numeric_limits<double>::infinity();
      for (Index i = 0; i < row.getFree(); ++i) {
        double value = valueOf(i);
        // What is clipped is best fixed at once, while most others can make up for it.
        double loss = std::abs(row.getWeight(i) - value) > scales[o] / 2 ? -1 : row.lossOf(i, value);
        if (loss < least) {
          least = loss;
          best = i;
        }
      }
      row.fix(best, valueOf(best));
    }
    result.row(o) = (row.getWeights() / scales[o]).transpose().array().round();
  }
  return result;
}

VectorXd Solver::errorsOf(const MatrixXd &codes, const VectorXd &scales) const {
  MatrixXd changes = scales.asDiagonal() * codes - targets;
  return (changes * hessian).cwiseProduct(changes).rowwise().sum();
}

/// Tries GPTQ with fractions of the largest scale, fewer of them for large layers, and keeps each output's best.
void Solver::searchScales() {
  constexpr double mostProducts = 2e10, leastShare = 0.3;
  double products = static_cast<double>(outputs) * static_cast<double>(length * length);
  int64_t steps = std::clamp<int64_t>(static_cast<int64_t>(mostProducts / products), 3, 15);
  codes = MatrixXd::Zero(outputs, length);
  scales = problem.scales;
  VectorXd largest = largestScales(), best = VectorXd::Constant(outputs, std::numeric_limits<double>::infinity());
  for (int64_t step = 0; step < steps; ++step) {
    double share = 1 - (1 - leastShare) * static_cast<double>(step) / static_cast<double>(steps - 1);
    VectorXd tried(outputs);
    for (Index o = 0; o < outputs; ++o)
      tried[o] = legalScale(o, largest[o] * share);
    MatrixXd rounded = gptq(tried);
    VectorXd errors = errorsOf(rounded, tried);
    for (Index o = 0; o < outputs; ++o)
      if (errors[o] < best[o]) {
        best[o] = errors[o];
        scales[o] = tried[o];
        codes.row(o) = rounded.row(o);
      }
  }
}

/// For given codes q, (s q - t)^T H (s q - t) is least at s = q^T H t / q^T H q.
void Solver::refitScale(Index o) {
  VectorXd weighted = hessian * codes.row(o).transpose();
  double quadratic = codes.row(o) * weighted, linear = targets.row(o) * weighted;
  if (quadratic > 0 && linear > 0)
    scales[o] = legalScale(o, linear / quadratic);
}

/// With all other codes as they are, the error is a parabola in one code, with its minimum at q - g / (s H_kk), where
/// g is half the gradient H (s q - t). Returns whether a code changed.
bool Solver::improveRow(Index o) {
  bool changed = false;
  double scale = scales[o];
  VectorXd gradient = hessian * (scale * codes.row(o) - targets.row(o)).transpose();
  for (Index k = 0; k < length; ++k) {
    double code = codes(o, k), better = problem.range.nearest(code - gradient[k] / (scale * hessian(k, k)));
    if (better == code)
      continue;
    gradient += (scale * (better - code)) * hessian.col(k);
    codes(o, k) = better;
    changed = true;
  }
  return changed;
}

void Solver::improve() {
  // Each change lessens the error; in practice a handful of passes is enough.
  constexpr int64_t mostPasses = 16;
  for (Index o = 0; o < outputs; ++o)
    for (int64_t pass = 0; pass < mostPasses; ++pass) {
      refitScale(o);
      if (!improveRow(o))
        break;
    }
}

void Solver::roundToNearest() {
  scales = problem.scales;
  codes.resize(outputs, length);
  for (Index k = 0; k < length; ++k)
    for (Index o = 0; o < outputs; ++o)
      codes(o, k) = problem.range.nearest(problem.weights(o, order[k]) / scales[o]);
}

RoundedWeights Solver::solve(WeightRounding rounding) {
  if (rounding == WeightRounding::Corrected) {
    roundToNearest();
  } else {
    searchScales();
    if (rounding == WeightRounding::Obq)
      codes = obq(scales);
    improve();
  }
  RoundedWeights result;
  result.scales = scales;
  result.codes.resize(outputs, length);
  result.codes(Eigen::all, order) = codes;
  result.biasChanges = problem.weights * moments.meanX - scales.asDiagonal() * (result.codes * moments.meanY);
  result.power = errorsOf(MatrixXd::Zero(outputs, length), scales).sum();
  result.error = errorsOf(codes, scales).sum();
  return result;
}

RoundedWeights qcc::quantize::roundWeights(const RoundingProblem &problem, const Moments &moments,
                                           WeightRounding rounding) {
  assert(rounding != WeightRounding::Nearest && "rounding to nearest needs no moments");
  return Solver(problem, moments).solve(rounding);
}
