#include "compiler/quantize/LearnedBasis.h"

#include "compiler/quantize/RangeQuantizer.h"
#include "dialects/qnn/QnnDialect.h"

#include <Eigen/Dense>

using namespace mlir;
using namespace qcc;
using namespace qcc::quantize;

namespace {
/// Magnitudes, the same for all channels, and a scale for each.
struct Basis {
  Eigen::VectorXd magnitudes;
  std::vector<double> scales;
};

class Fit {
public:
  Fit(ArrayRef<std::vector<WeightedValue>> channels, unsigned bits, bool signs)
      : channels(channels), bits(bits), signs(signs) {
    for (unsigned code = 0; code < 1u << bits; ++code) {
      Eigen::VectorXd row(bits);
      for (unsigned i = 0; i < bits; ++i)
        row[i] = code >> i & 1 ? 1 : signs ? -1 : 0;
      codes.push_back(row);
    }
  }

  LearnedBasis run();

private:
  /// Calls `visit(value, count, code)` for the values of a channel and the codes nearest to them.
  template <typename Visit> void forNearest(size_t channel, const Basis &basis, Visit visit) const;
  double errorOf(const Basis &basis) const;
  Basis start() const;
  /// The best magnitudes for the codes that are nearest now, and then the best scales for those of these.
  Basis improve(const Basis &basis) const;
  void improveScales(Basis &basis) const;
  bool isOrdered(const Eigen::VectorXd &magnitudes) const;
  std::vector<int64_t> toIntegers(const Eigen::VectorXd &magnitudes) const;

  ArrayRef<std::vector<WeightedValue>> channels;
  unsigned bits;
  bool signs;
  std::vector<Eigen::VectorXd> codes; // the bits of each, as factors
};
} // namespace

template <typename Visit> void Fit::forNearest(size_t channel, const Basis &basis, Visit visit) const {
  // Codes are in the order of their levels, so that a value's is the number of middles that it reaches.
  std::vector<double> middles;
  for (size_t code = 1; code < codes.size(); ++code)
    middles.push_back(basis.scales[channel] * (codes[code] + codes[code - 1]).dot(basis.magnitudes) / 2);
  for (const WeightedValue &each : channels[channel]) {
    auto reached = std::upper_bound(middles.begin(), middles.end(), static_cast<double>(each.value));
    visit(static_cast<double>(each.value), static_cast<double>(each.count), reached - middles.begin());
  }
}

double Fit::errorOf(const Basis &basis) const {
  double sum = 0;
  for (size_t channel = 0; channel < channels.size(); ++channel)
    forNearest(channel, basis, [&](double value, double count, size_t code) {
      double error = value - basis.scales[channel] * codes[code].dot(basis.magnitudes);
      sum += count * error * error;
    });
  return sum;
}

/// Magnitudes that double, and of each channel the scale whose mean level is the mean magnitude.
Basis Fit::start() const {
  Basis basis{Eigen::VectorXd(bits), {}};
  for (unsigned i = 0; i < bits; ++i)
    basis.magnitudes[i] = std::ldexp(1.0, static_cast<int>(i));
  double meanLevel = std::ldexp(0.5, static_cast<int>(bits)); // of all levels' magnitudes but 0
  for (ArrayRef<WeightedValue> values : channels) {
    double sum = 0, count = 0;
    for (const WeightedValue &each : values)
      if (signs || each.value > 0) {
        sum += std::abs(static_cast<double>(each.value)) * static_cast<double>(each.count);
        count += static_cast<double>(each.count);
      }
    basis.scales.push_back(sum > 0 ? sum / count / meanLevel : 1);
  }
  return basis;
}

void Fit::improveScales(Basis &basis) const {
  std::vector<double> scales = basis.scales;
  for (size_t channel = 0; channel < channels.size(); ++channel) {
    double products = 0, squares = 0;
    forNearest(channel, basis, [&](double value, double count, size_t code) {
      double level = codes[code].dot(basis.magnitudes);
      products += count * value * level;
      squares += count * level * level;
    });
    if (products > 0 && squares > 0)
      scales[channel] = products / squares;
  }
  basis.scales = std::move(scales);
}

Basis Fit::improve(const Basis &basis) const {
  Eigen::MatrixXd squares = Eigen::MatrixXd::Zero(bits, bits);
  Eigen::VectorXd products = Eigen::VectorXd::Zero(bits);
  for (size_t channel = 0; channel < channels.size(); ++channel)
    forNearest(channel, basis, [&](double value, double count, size_t code) {
      Eigen::VectorXd row = basis.scales[channel] * codes[code];
      squares += count * row * row.transpose();
      products += count * value * row;
    });
  Basis next = basis;
  next.magnitudes = squares.ldlt().solve(products);
  if (isOrdered(next.magnitudes))
    improveScales(next);
  return next;
}

/// Whether a larger code is a larger number; nothing of what is not finite is.
bool Fit::isOrdered(const Eigen::VectorXd &magnitudes) const {
  double sum = 0;
  for (double magnitude : magnitudes) {
    if (!(magnitude > 0) || !(magnitude >= sum) || !std::isfinite(magnitude))
      return false;
    sum += magnitude;
  }
  return true;
}

/// In units of the largest number divided by the largest integer.
std::vector<int64_t> Fit::toIntegers(const Eigen::VectorXd &magnitudes) const {
  int64_t most = signs ? INT8_MAX : UINT8_MAX, sum = 0;
  std::vector<int64_t> steps;
  for (double magnitude : magnitudes) {
    auto step = static_cast<int64_t>(std::round(magnitude / magnitudes.sum() * static_cast<double>(most)));
    steps.push_back(std::max({step, sum, int64_t(1)}));
    sum += steps.back();
  }
  // Rounded up too often: the last one gives way, or all halve.
  if (sum > most && steps.back() - (sum - most) >= sum - steps.back())
    steps.back() -= sum - most;
  else if (sum > most)
    for (size_t i = 0; i < steps.size(); ++i)
      steps[i] = int64_t(1) << i;
  return steps;
}

LearnedBasis Fit::run() {
  constexpr int mostRounds = 50;
  LearnedBasis result;
  Basis best = start();
  result.errors.push_back(errorOf(best));
  for (int round = 0; round < mostRounds; ++round) {
    Basis next = improve(best);
    double error = isOrdered(next.magnitudes) ? errorOf(next) : HUGE_VAL;
    if (!(error < result.errors.back()))
      break;
    best = std::move(next);
    result.errors.push_back(error);
  }
  result.steps = toIntegers(best.magnitudes);
  double unit = best.magnitudes.sum() / static_cast<double>(llvm::sum_of(result.steps, int64_t(0)));
  for (size_t i = 0; i < bits; ++i)
    best.magnitudes[i] = static_cast<double>(result.steps[i]);
  for (double &scale : best.scales)
    scale *= unit;
  for (int round = 0; round < 3; ++round)
    improveScales(best);
  result.scales = best.scales;
  result.errors.push_back(errorOf(best));
  return result;
}

LearnedBasis qcc::quantize::fitLearnedBasis(ArrayRef<std::vector<WeightedValue>> channels, unsigned bits, bool signs) {
  return Fit(channels, bits, signs).run();
}

FittedFormat qcc::quantize::fitBasis(ArrayRef<WeightedValue> values, const FormatRequest &request) {
  LearnedBasis basis = fitLearnedBasis({values.vec()}, request.precision.bits, request.symmetric);
  auto type =
      qnn::BasisType::get(request.context, request.symmetric, DenseI64ArrayAttr::get(request.context, basis.steps), -1,
                          DenseF64ArrayAttr::get(request.context, basis.scales));
  return {type, meanSquaredError(values, type)};
}
