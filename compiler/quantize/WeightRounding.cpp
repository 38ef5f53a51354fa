#include "compiler/quantize/WeightRounding.h"

#include "compiler/quantize/Codebook.h"
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
  if (levels.empty())
    return std::clamp(std::round(value), static_cast<double>(lowest), static_cast<double>(highest));
  return static_cast<double>(nearestEntry(levels, value));
}

bool CodeRange::clips(double value) const {
  if (levels.empty())
    return std::abs(value - nearest(value)) > 0.5;
  return value < static_cast<double>(levels.front()) || value > static_cast<double>(levels.back());
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

  /// Neighbouring columns, of one group.
  struct Columns {
    Index first, last, group;
    Index count() const { return last - first; }
  };
  VectorXd largestScales(const MatrixXd &weights) const;
  MatrixXd gptq(MatrixXd &scales, bool fitsScales) const;
  void fitScales(const MatrixXd &rest, Columns columns, MatrixXd &scales) const;
  MatrixXd obq(const MatrixXd &scales) const;
  MatrixXd realsOf(const MatrixXd &codes, const MatrixXd &scales) const;
  VectorXd errorsOf(const MatrixXd &codes, const MatrixXd &scales) const;
  double legalScale(Index output, double scale) const;
  void searchScales();
  void roundToNearest();
  void improve();
  bool improveRow(Index output);
  void refitScales(Index output);
  void fit(WeightRounding rounding);
  bool keepBetter(llvm::function_ref<void()> change);
  void fitLevels(WeightRounding rounding);
  void refitLevels();

  const RoundingProblem &problem;
  const Moments &moments;
  CodeRange range;
  std::vector<Index> order;
  Index outputs, length;
  std::vector<Columns> groups;      ///< in this order
  std::vector<Index> ofColumns;     ///< the group of each
  MatrixXd hessian, inverse, upper; ///< `upper` is the Cholesky factor U of the inverse, U^T U
  MatrixXd targets;                 ///< the real weights that are best for y
  MatrixXd codes, scales;
};
} // namespace

Solver::Solver(const RoundingProblem &problem, const Moments &moments)
    : problem(problem), moments(moments), range(problem.range), order(problem.weights.cols()),
      outputs(problem.weights.rows()), length(problem.weights.cols()) {
  VectorXd variances = moments.covariance.diagonal();
  std::iota(order.begin(), order.end(), 0);
  std::vector<Index> groupOf(length, 0);
  llvm::copy(problem.groups, groupOf.begin());
  VectorXd ofGroups = VectorXd::Zero(problem.scales.cols());
  for (Index k = 0; k < length; ++k)
    ofGroups[groupOf[k]] += variances[k];
  auto key = [&](Index k) { return std::tuple(-ofGroups[groupOf[k]], groupOf[k], -variances[k], k); };
  llvm::sort(order, [&](Index a, Index b) { return key(a) < key(b); });
  for (Index k = 0; k < length; ++k) {
    ofColumns.push_back(groupOf[order[k]]);
    if (k == 0 || ofColumns[k] != ofColumns[k - 1])
      groups.push_back({k, k, ofColumns[k]});
    groups.back().last = k + 1;
  }
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
  scale = std::max({scale, problem.leastScales[output], 2.0 * std::numeric_limits<float>::min()});
  return static_cast<float>(std::min<double>(scale, std::numeric_limits<float>::max() / 2));
}

/// By which the largest weight of an output has the largest code. Signs have the mean magnitude.
VectorXd Solver::largestScales(const MatrixXd &weights) const {
  VectorXd result(outputs);
  for (Index o = 0; o < outputs; ++o) {
    double largest = weights.row(o).cwiseAbs().maxCoeff() / static_cast<double>(range.highest);
    result[o] = range.onlySigns ? weights.row(o).cwiseAbs().mean() : largest;
    if (!(result[o] > 0))
      result[o] = 1;
  }
  return result;
}

/// Shares of the largest scale that are tried, from 1 down.
static double shareOf(int64_t step, int64_t steps) {
  constexpr double least = 0.3;
  return 1 - (1 - least) * static_cast<double>(step) / static_cast<double>(steps - 1);
}

/// The scales of a group for what is left of its weights: those with the least error if other weights make up for it.
void Solver::fitScales(const MatrixXd &rest, Columns columns, MatrixXd &scales) const {
  constexpr int64_t steps = 15;
  MatrixXd weights = rest.middleCols(columns.first, columns.count());
  VectorXd largest = largestScales(weights), costs = upper.diagonal().segment(columns.first, columns.count());
  for (Index o = 0; o < outputs; ++o) {
    double least = std::numeric_limits<double>::infinity();
    for (int64_t step = 0; step < steps; ++step) {
      double scale = legalScale(o, largest[o] * shareOf(step, steps)), error = 0;
      for (Index k = 0; k < columns.count(); ++k) {
        double change = (weights(o, k) - range.nearest(weights(o, k) / scale) * scale) / costs[k];
        error += change * change;
      }
      if (error < least) {
        least = error;
        scales(o, columns.group) = scale;
      }
    }
  }
}

// Row k of U is that of the inverse after the weights before k are fixed, divided by the root of its diagonal element:
// the error of column k, over U_kk, times U_k,j is what weight j makes up for.
MatrixXd Solver::gptq(MatrixXd &scales, bool fitsScales) const {
  // Later blocks make up for a whole block at a time. A block ends where a group does.
  constexpr Index block = 64;
  MatrixXd rest = targets, result(outputs, length);
  for (const Columns &group : groups) {
    if (fitsScales)
      fitScales(rest, group, scales);
    for (Index first = group.first; first < group.last; first += block) {
      Index last = std::min(first + block, group.last);
      MatrixXd errors(outputs, last - first);
      for (Index k = first; k < last; ++k) {
        for (Index o = 0; o < outputs; ++o) {
          double scale = scales(o, group.group);
          result(o, k) = range.nearest(rest(o, k) / scale);
          errors(o, k - first) = (rest(o, k) - result(o, k) * scale) / upper(k, k);
        }
        rest.middleCols(k + 1, last - k - 1) -= errors.col(k - first) * upper.row(k).segment(k + 1, last - k - 1);
      }
      rest.rightCols(length - last) -= errors * upper.block(first, last, last - first, length - last);
    }
  }
  return result;
}

MatrixXd Solver::obq(const MatrixXd &scales) const {
  MatrixXd result(outputs, length);
  for (Index o = 0; o < outputs; ++o) {
    ObsRow row(targets.row(o), inverse);
    auto scaleOf = [&](Index i) { return scales(o, ofColumns[row.getPlace(i)]); };
    auto valueOf = [&](Index i) { return range.nearest(row.getWeight(i) / scaleOf(i)) * scaleOf(i); };
    while (row.getFree()) {
      Index best = 0;
      double least = std::numeric_limits<double>::infinity();
      for (Index i = 0; i < row.getFree(); ++i) {
        // What is clipped is best fixed at once, while most others can make up for it.
        double loss = range.clips(row.getWeight(i) / scaleOf(i)) ? -1 : row.lossOf(i, valueOf(i));
        if (loss < least) {
          least = loss;
          best = i;
        }
      }
      row.fix(best, valueOf(best));
    }
    VectorXd fixed = row.getWeights();
    for (Index k = 0; k < length; ++k)
      result(o, k) = std::round(fixed[k] / scales(o, ofColumns[k]));
  }
  return result;
}

MatrixXd Solver::realsOf(const MatrixXd &codes, const MatrixXd &scales) const {
  MatrixXd reals(outputs, length);
  for (const Columns &group : groups)
    reals.middleCols(group.first, group.count()) =
        scales.col(group.group).asDiagonal() * codes.middleCols(group.first, group.count());
  return reals;
}

VectorXd Solver::errorsOf(const MatrixXd &codes, const MatrixXd &scales) const {
  MatrixXd changes = realsOf(codes, scales) - targets;
  return (changes * hessian).cwiseProduct(changes).rowwise().sum();
}

/// Tries GPTQ with fractions of the largest scale, fewer of them for large layers, and keeps each output's best.
void Solver::searchScales() {
  scales = problem.scales;
  bool isFitted = !problem.keepScales && groups.size() > 1;
  if (problem.keepScales || isFitted) {
    codes = gptq(scales, isFitted);
    return;
  }
  constexpr double mostProducts = 2e10;
  double products = static_cast<double>(outputs) * static_cast<double>(length * length);
  int64_t steps = std::clamp<int64_t>(static_cast<int64_t>(mostProducts / products), 3, 15);
  codes = MatrixXd::Zero(outputs, length);
  VectorXd largest = largestScales(targets),
           best = VectorXd::Constant(outputs, std::numeric_limits<double>::infinity());
  for (int64_t step = 0; step < steps; ++step) {
    MatrixXd tried(outputs, 1);
    for (Index o = 0; o < outputs; ++o)
      tried(o, 0) = legalScale(o, largest[o] * shareOf(step, steps));
    MatrixXd rounded = gptq(tried, /*fitsScales=*/false);
    VectorXd errors = errorsOf(rounded, tried);
    for (Index o = 0; o < outputs; ++o)
      if (errors[o] < best[o]) {
        best[o] = errors[o];
        scales.row(o) = tried.row(o);
        codes.row(o) = rounded.row(o);
      }
  }
}

/// For given codes q of a group, (s q - t)^T H (s q - t) is least where the scale is changed by -q^T g / q^T H q, with
/// half the gradient g = H (s q - t) of all groups.
void Solver::refitScales(Index o) {
  MatrixXd reals = realsOf(codes, scales);
  VectorXd gradient = hessian * (reals.row(o) - targets.row(o)).transpose();
  for (const Columns &group : groups) {
    VectorXd own = codes.row(o).segment(group.first, group.count()).transpose();
    VectorXd weighted = hessian.middleCols(group.first, group.count()) * own;
    double quadratic = own.dot(weighted.segment(group.first, group.count())), &scale = scales(o, group.group);
    double best = scale - own.dot(gradient.segment(group.first, group.count())) / quadratic;
    if (!(quadratic > 0 && best > 0))
      continue;
    best = legalScale(o, best);
    gradient += (best - scale) * weighted;
    scale = best;
  }
}

/// With all other codes as they are, the error is a parabola in one code, with its minimum at q - g / (s H_kk), where
/// g is half the gradient H (s q - t). Returns whether a code changed.
bool Solver::improveRow(Index o) {
  bool changed = false;
  VectorXd reals(length);
  for (Index k = 0; k < length; ++k)
    reals[k] = scales(o, ofColumns[k]) * codes(o, k);
  VectorXd gradient = hessian * (reals - targets.row(o).transpose());
  for (Index k = 0; k < length; ++k) {
    double scale = scales(o, ofColumns[k]);
    double code = codes(o, k), better = range.nearest(code - gradient[k] / (scale * hessian(k, k)));
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
  bool refits = !problem.keepScales;
  auto improveBoth = [&](Index o) {
    for (int64_t pass = 0; pass < mostPasses; ++pass) {
      if (refits)
        refitScales(o);
      if (!improveRow(o))
        break;
    }
  };
  for (Index o = 0; o < outputs; ++o)
    improveBoth(o);
  if (problem.keepScales || problem.groups.empty())
    return;
  refits = false;
  for (Index o = 0; o < outputs; ++o) {
    llvm::SmallVector<double> own(scales.row(o).begin(), scales.row(o).end());
    legalGroupScales(own);
    scales.row(o) = Eigen::Map<Eigen::RowVectorXd>(own.data(), scales.cols());
    improveBoth(o);
  }
}

void qcc::quantize::legalGroupScales(llvm::MutableArrayRef<double> scales) {
  constexpr double largestFactor = 255;
  if (scales.empty())
    return;
  double unit = *llvm::max_element(scales) / largestFactor;
  for (double &scale : scales)
    scale = static_cast<float>(std::clamp(std::round(scale / unit), 1.0, largestFactor) * unit);
}

void Solver::roundToNearest() {
  scales = problem.scales;
  codes.resize(outputs, length);
  for (Index k = 0; k < length; ++k)
    for (Index o = 0; o < outputs; ++o)
      codes(o, k) = range.nearest(problem.weights(o, order[k]) / scales(o, ofColumns[k]));
}

void Solver::fit(WeightRounding rounding) {
  searchScales();
  if (rounding == WeightRounding::Obq)
    codes = obq(scales);
  improve();
}

//===-- Levels ------------------------------------------------------------------------------===//

/// Makes a change, and unmakes it if it does not lessen the error.
bool Solver::keepBetter(llvm::function_ref<void()> change) {
  std::tuple before(codes, scales, range);
  double error = errorsOf(codes, scales).sum();
  change();
  if (errorsOf(codes, scales).sum() < error)
    return true;
  std::tie(codes, scales, range) = before;
  return false;
}

/// Levels that are best for the weights by themselves need not be so for sums, where weights make up for each other:
/// equal distances are tried, too. Then levels, and the codes and scales for them, are improved in turn.
void Solver::fitLevels(WeightRounding rounding) {
  auto count = static_cast<int64_t>(range.levels.size());
  if (int64_t half = largestEntry(count) / (count - 1); half > 0)
    keepBetter([&] {
      for (int64_t i = 0; i < count; ++i)
        range.levels[i] = (2 * i - (count - 1)) * half;
      range.highest = range.levels.back();
      range.lowest = -range.highest;
      fit(rounding);
    });
  constexpr int64_t mostRounds = 8;
  constexpr double mostProducts = 2e10;
  auto isBetter = [&] {
    return keepBetter([&] {
      refitLevels();
      improve();
    });
  };
  if (static_cast<double>(outputs) * static_cast<double>(length * length) <= mostProducts)
    for (int64_t round = 0; round < mostRounds && isBetter(); ++round)
      ;
}

/// With E the matrix of an output's ones where a weight has a level, the sum of (s E e - t)^T H (s E e - t) is least
/// for real levels e with (sum of s^2 E^T H E) e = sum of s E^T H t. They become integers, in another unit.
void Solver::refitLevels() {
  auto count = static_cast<Index>(range.levels.size());
  MatrixXd products = MatrixXd::Zero(count, count);
  VectorXd sums = VectorXd::Zero(count), levels(count);
  Eigen::Matrix<Index, Eigen::Dynamic, Eigen::Dynamic> numbers(outputs, length);
  for (Index i = 0; i < count; ++i)
    levels[i] = static_cast<double>(range.levels[i]);
  for (Index o = 0; o < outputs; ++o) {
    MatrixXd ofLevels = MatrixXd::Zero(length, count);
    VectorXd target = hessian * targets.row(o).transpose();
    for (Index k = 0; k < length; ++k) {
      numbers(o, k) = llvm::lower_bound(range.levels, static_cast<int64_t>(codes(o, k))) - range.levels.begin();
      ofLevels.col(numbers(o, k)) += hessian.col(k);
    }
    for (Index k = 0; k < length; ++k) {
      products.row(numbers(o, k)) += scales(o, 0) * scales(o, 0) * ofLevels.row(k);
      sums[numbers(o, k)] += scales(o, 0) * target[k];
    }
  }
  // Levels that no weight has stay where they are.
  double little = 1e-9 * products.trace() / static_cast<double>(count);
  products.diagonal().array() += little;
  VectorXd best = products.ldlt().solve(sums + little * levels);
  auto largest = static_cast<double>(largestEntry(count));
  double unit = best.cwiseAbs().maxCoeff() / largest;
  if (!(unit > 0) || !std::isfinite(unit))
    return;
  for (Index i = 0; i < count; ++i)
    range.levels[i] = std::lround(best[i] / unit);
  for (Index o = 0; o < outputs; ++o) {
    for (Index k = 0; k < length; ++k)
      codes(o, k) = static_cast<double>(range.levels[numbers(o, k)]);
    scales(o, 0) = legalScale(o, scales(o, 0) * unit);
  }
  llvm::sort(range.levels);
  range.highest = static_cast<int64_t>(largest);
  range.lowest = -range.highest;
}

RoundedWeights Solver::solve(WeightRounding rounding) {
  if (rounding == WeightRounding::Corrected) {
    roundToNearest();
  } else {
    fit(rounding);
    if (problem.fitsLevels)
      fitLevels(rounding);
  }
  RoundedWeights result;
  result.levels = range.levels;
  result.scales = scales;
  result.codes.resize(outputs, length);
  result.codes(Eigen::all, order) = codes;
  result.biasChanges = problem.weights * moments.meanX - realsOf(codes, scales) * moments.meanY(order);
  result.power = errorsOf(MatrixXd::Zero(outputs, length), scales).sum();
  result.error = errorsOf(codes, scales).sum();
  return result;
}

RoundedWeights qcc::quantize::roundWeights(const RoundingProblem &problem, const Moments &moments,
                                           WeightRounding rounding) {
  assert(rounding != WeightRounding::Nearest && "rounding to nearest needs no moments");
  return Solver(problem, moments).solve(rounding);
}
