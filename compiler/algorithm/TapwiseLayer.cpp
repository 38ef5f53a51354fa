#include "compiler/algorithm/TapwiseLayer.h"

#include "dialects/qnn/Rescale.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;
using namespace qcc::qnn::winograd;

static double powerOfTwo(int64_t exponent) { return std::ldexp(1.0, static_cast<int>(exponent)); }

//===-- Exact numbers ---------------------------------------------------------------------------------===//

TapwiseLayer::TapwiseLayer(qnn::Conv2dOp op, ArrayRef<CodeTile> tiles, ArrayRef<CodeTile> direct,
                           const TapwiseOptions &options)
    : op(op), options(options),
      transforms(transformsOf(options.points, shapeOf(op.getFilter())[1], shapeOf(op.getFilter())[2])),
      taps(transforms.taps()), pixels(transforms.pixels()), mostShifts(qnn::winograd::mostShifts(options.points)),
      count(static_cast<int64_t>(tiles.size())), inputs(shapeOf(op.getInput())[3]),
      channels(shapeOf(op.getFilter())[0]), depth(shapeOf(op.getFilter())[3]),
      channelsOfGroup(channels / static_cast<int64_t>(op.getGroups())),
      largestCode(qnn::getFormat(op.getInput()).getLargestInteger()), exactCodes(taps), exactWeights(taps), codes(taps),
      weights(taps), exactSums(taps), tapErrors(taps), codeSteps(taps), weightShifts(channels * taps),
      codeOffsets(taps) {
  transformWeights();
  findScales();
  transformCodes(direct);
  computeResults();
  residuals.assign(results.size(), 0);
  if (tiles == direct)
    return;
  std::vector<float> wanted = results;
  transformCodes(tiles);
  computeResults();
  for (auto [residual, result, want] : llvm::zip_equal(residuals, results, wanted))
    residual = result - want;
  results = std::move(wanted);
}

/// B^T x B.
void TapwiseLayer::transformCodes(ArrayRef<CodeTile> tiles) {
  const Axis &rows = transforms.rows, &columns = transforms.columns;
  for (std::vector<int32_t> &ofTap : exactCodes)
    ofTap.resize(count * inputs);
  for (auto [number, tile] : llvm::enumerate(tiles))
    for (int64_t c = 0; c < inputs; ++c) {
      int64_t alongRows[mostSide][mostSide] = {};
      for (int64_t i = 0; i < rows.side; ++i)
        for (int64_t x = 0; x < columns.side; ++x)
          for (int64_t y = 0; y < rows.side; ++y)
            alongRows[i][x] += rows.codeMatrix[i][y] * tile[(y * columns.side + x) * inputs + c];
      for (int64_t tap = 0; tap < taps; ++tap) {
        int64_t sum = 0;
        for (int64_t x = 0; x < columns.side; ++x)
          sum += columns.codeMatrix[tap % columns.side][x] * alongRows[tap / columns.side][x];
        exactCodes[tap][number * inputs + c] = static_cast<int32_t>(sum);
      }
    }
}

void TapwiseLayer::transformWeights() {
  qnn::NumberFormat format = qnn::getFormat(op.getFilter());
  qnn::IntegerDecode decode = format.getIntegerDecode();
  int64_t length = transforms.filterSize() * depth;
  for (auto [index, code] : llvm::enumerate(op.getFilter().getDefiningOp<qnn::ConstantOp>().getCodes())) {
    int64_t o = static_cast<int64_t>(index) / length;
    filters.push_back(decode(code) - format.getZeroPoint(format.getChannelAxis() < 0 ? 0 : o));
  }
  for (std::vector<int32_t> &ofTap : exactWeights)
    ofTap.resize(channels * depth);
  for (int64_t o = 0; o < channels; ++o)
    for (int64_t c = 0; c < depth; ++c) {
      SmallVector<int64_t> filter = transforms.filterOf(ArrayRef(filters).slice(o * length, length), depth, c);
      for (auto [tap, weight] : llvm::enumerate(transforms.transformFilter(ArrayRef<int64_t>(filter))))
        exactWeights[tap][o * depth + c] = static_cast<int32_t>(weight);
    }
}

/// Results are in units of the output's codes, less its zero; what is clamped away counts for nothing.
void TapwiseLayer::findScales() {
  qnn::NumberFormat input = qnn::getFormat(op.getInput()), filter = qnn::getFormat(op.getFilter()),
                    output = qnn::getFormat(op.getOutput());
  bool hasCodes = !output.isFloat() && !Type(output).isSignlessInteger(32);
  auto [least, most] = hasCodes ? qnn::activationCodeRange(output, op.getActivation()) : std::pair<int64_t, int64_t>();
  auto [leastReal, mostReal] = qnn::activationBounds(op.getActivation());
  lowest = hasCodes ? static_cast<float>(least - output.getZeroPoint(0)) : static_cast<float>(leastReal);
  highest = hasCodes ? static_cast<float>(most - output.getZeroPoint(0)) : static_cast<float>(mostReal);
  for (int64_t o = 0; o < channels; ++o) {
    int64_t channel = filter.getChannelAxis() < 0 ? 0 : o;
    multipliers.push_back(
        static_cast<float>(qnn::contractionMultiplier(input, filter, channel, output, op.getRescale().getProduct())));
  }
}

void TapwiseLayer::computeResults() {
  auto bias = op.getBias() ? op.getBias().getDefiningOp<qnn::ConstantOp>() : qnn::ConstantOp();
  SmallVector<int64_t> biases = bias ? bias.getCodes() : SmallVector<int64_t>(channels, 0);
  results.resize(channels * count * pixels);
  for (std::vector<float> &ofTap : exactSums)
    ofTap.resize(channels * count);
  for (int64_t o = 0; o < channels; ++o) {
    int64_t group = o / channelsOfGroup;
    for (int64_t tile = 0; tile < count; ++tile) {
      float *pixel = &results[(o * count + tile) * pixels];
      std::fill_n(pixel, pixels, multipliers[o] * static_cast<float>(biases[o]));
      for (int64_t tap = 0; tap < taps; ++tap) {
        const int32_t *code = &exactCodes[tap][tile * inputs + group * depth], *weight = &exactWeights[tap][o * depth];
        double sum = 0;
        for (int64_t c = 0; c < depth; ++c)
          sum += static_cast<double>(code[c]) * weight[c];
        exactSums[tap][o * count + tile] = static_cast<float>(sum / static_cast<double>(transforms.filterScale()));
        for (int64_t p = 0; p < pixels; ++p)
          pixel[p] +=
              multipliers[o] * static_cast<float>(transforms.outputFactor(p, tap)) * exactSums[tap][o * count + tile];
      }
    }
  }
}

//===-- Shifts by themselves ------------------------------------------------------------------------===//

/// What `quantize` loses of numbers, in the squared mean; infinite where it clamps one and nothing may be clamped.
template <typename Quantize>
static double lossOf(ArrayRef<int32_t> numbers, double scale, int64_t most, bool mayClamp, Quantize quantize) {
  double loss = 0;
  for (int32_t number : numbers) {
    int64_t code = quantize(number);
    double rest = static_cast<double>(number) - static_cast<double>(code) * scale;
    loss += rest * rest;
    if (!mayClamp && (code == most || code == -most - 1) && std::abs(rest) > scale / 2)
      return std::numeric_limits<double>::infinity();
  }
  return loss;
}

/// Steps by their size: those of shifts, or four for each of them.
TapwiseLayer::CodeStep TapwiseLayer::codeStep(int64_t number) const {
  if (!options.hasFactors)
    return {number, 1};
  // 1, 8/7, 4/3 and 8/5 times a power of two.
  static constexpr CodeStep ofOctave[] = {{0, 1}, {3, 7}, {2, 3}, {3, 5}};
  auto [shift, factor] = ofOctave[number % std::size(ofOctave)];
  return {number / static_cast<int64_t>(std::size(ofOctave)) + shift, factor};
}

int64_t TapwiseLayer::codeStepCount() const {
  int64_t count = 0;
  while (codeStep(count).shift <= mostShifts.ofCodes)
    ++count;
  return count;
}

static int64_t quantizeCode(int64_t code, int64_t factor, int64_t shift, int64_t bits, int64_t offset) {
  int64_t rounded = code * factor;
  if (shift > 0)
    rounded = (rounded + (int64_t(1) << (shift - 1))) >> shift;
  return std::clamp(rounded - offset, llvm::minIntN(bits), llvm::maxIntN(bits)) + offset;
}

/// Of the numbers from `first` to `last`, up or down, the first with the least loss.
static int64_t bestNumber(int64_t first, int64_t last, llvm::function_ref<double(int64_t)> lossAt) {
  int64_t best = last, step = first < last ? 1 : -1;
  double least = std::numeric_limits<double>::infinity();
  for (int64_t number = first; number != last + step; number += step)
    if (double loss = lossAt(number); loss < least) {
      least = loss;
      best = number;
    }
  return best;
}

/// The one step for the codes of some taps.
int64_t TapwiseLayer::codeStepOf(int64_t first, int64_t last) const {
  return bestNumber(0, codeStepCount() - 1, [&](int64_t number) {
    CodeStep step = codeStep(number);
    double loss = 0;
    for (int64_t tap = first; tap < last; ++tap)
      loss += lossOf(exactCodes[tap], step.size(), llvm::maxIntN(options.bits), options.fit != TapwiseFit::Max,
                     [&](int64_t code) { return quantizeCode(code, step.factor, step.shift, options.bits, 0); });
    return loss;
  });
}

/// The offset for the codes of a tap, of 4 bits, with the step that is best for it, which is near that without one.
void TapwiseLayer::fitOffset(int64_t tap) {
  constexpr int64_t mostOffset = 64, offsetStep = 16, finer = 5;
  double least = std::numeric_limits<double>::infinity();
  int64_t first = std::max<int64_t>(codeSteps[tap] - finer, 0), last = codeSteps[tap];
  for (int64_t number = first; number <= last; ++number)
    for (int64_t offset = -mostOffset; offset <= mostOffset; offset += offsetStep) {
      CodeStep step = codeStep(number);
      double loss =
          lossOf(exactCodes[tap], step.size(), llvm::maxIntN(options.bits), /*mayClamp=*/true,
                 [&](int64_t code) { return quantizeCode(code, step.factor, step.shift, options.bits, offset); });
      if (loss >= least)
        continue;
      least = loss;
      codeSteps[tap] = number;
      codeOffsets[tap] = offset;
    }
}

/// The one shift for the weights of some taps and output channels, whose codes have their steps.
int64_t TapwiseLayer::weightShiftOf(int64_t firstTap, int64_t lastTap, int64_t first, int64_t last) const {
  return bestNumber(mostShifts.ofWeights, leastWeightShift, [&](int64_t shift) {
    double loss = 0;
    for (int64_t tap = firstTap; tap < lastTap; ++tap) {
      int64_t factor = codeStep(codeSteps[tap]).factor;
      loss += lossOf(ArrayRef(exactWeights[tap]).slice(first * depth, (last - first) * depth),
                     static_cast<double>(transforms.filterScale() * factor) * powerOfTwo(-shift),
                     llvm::maxIntN(options.bits), options.fit != TapwiseFit::Max,
                     [&](int64_t weight) { return transforms.quantizeWeight(weight, factor, shift, options.bits); });
    }
    return loss;
  });
}

void TapwiseLayer::fitApart() {
  int64_t tapsTogether = options.isSingleScale ? taps : 1, channelsTogether = options.isPerChannel ? 1 : channels;
  for (int64_t tap = 0; tap < taps; tap += tapsTogether) {
    std::fill_n(&codeSteps[tap], tapsTogether, codeStepOf(tap, tap + tapsTogether));
    if (hasOffsets())
      fitOffset(tap);
    for (int64_t o = 0; o < channels; o += channelsTogether) {
      int64_t shift = weightShiftOf(tap, tap + tapsTogether, o, o + channelsTogether);
      for (int64_t channel = o; channel < o + channelsTogether; ++channel)
        std::fill_n(&weightShifts[channel * taps + tap], tapsTogether, shift);
    }
  }
}

//===-- Errors ----------------------------------------------------------------------------------------===//

void TapwiseLayer::quantizeCodes(int64_t tap) {
  codes[tap].resize(exactCodes[tap].size());
  auto [shift, factor] = codeStep(codeSteps[tap]);
  for (auto [code, exact] : llvm::zip_equal(codes[tap], exactCodes[tap]))
    code = static_cast<int16_t>(quantizeCode(exact, factor, shift, options.bits, codeOffsets[tap]));
}

void TapwiseLayer::quantizeWeights(int64_t tap, int64_t first, int64_t last) {
  weights[tap].resize(exactWeights[tap].size());
  int64_t factor = codeStep(codeSteps[tap]).factor;
  for (int64_t o = first; o < last; ++o)
    for (int64_t index = o * depth; index < (o + 1) * depth; ++index)
      weights[tap][index] = static_cast<int16_t>(
          transforms.quantizeWeight(exactWeights[tap][index], factor, weightShifts[o * taps + tap], options.bits));
}

/// What a product of a code and a weight of a tap is multiplied by to be a part of a sum. A factor is in the codes, and
/// taken off the weights.
double TapwiseLayer::weightScale(int64_t tap, int64_t o) const {
  return powerOfTwo(codeStep(codeSteps[tap]).shift - weightShifts[o * taps + tap]);
}

/// What the sums of a tap for an output channel are wrong by, with its codes and weights as they are.
std::vector<float> TapwiseLayer::errorsOf(int64_t tap, int64_t o) const {
  std::vector<float> errors(count);
  int64_t group = o / channelsOfGroup;
  auto scale = static_cast<float>(weightScale(tap, o));
  const int16_t *weight = &weights[tap][o * depth];
  for (int64_t tile = 0; tile < count; ++tile) {
    const int16_t *code = &codes[tap][tile * inputs + group * depth];
    int32_t sum = 0;
    for (int64_t c = 0; c < depth; ++c)
      sum += code[c] * weight[c];
    errors[tile] = static_cast<float>(sum) * scale - exactSums[tap][o * count + tile];
  }
  return errors;
}

/// The squared error of a channel's results if a tap's errors were `fresh`.
double TapwiseLayer::errorWith(int64_t tap, int64_t o, ArrayRef<float> fresh) const {
  float factors[mostOutputs * mostOutputs];
  for (int64_t p = 0; p < pixels; ++p)
    factors[p] = multipliers[o] * static_cast<float>(transforms.outputFactor(p, tap));
  double sum = 0;
  for (int64_t tile = 0; tile < count; ++tile) {
    float change = fresh[tile] - tapErrors[tap][o * count + tile], ofTile = 0;
    const float *exact = &results[(o * count + tile) * pixels], *residual = &residuals[(o * count + tile) * pixels];
    for (int64_t p = 0; p < pixels; ++p) {
      float error = clamp(exact[p] + residual[p] + factors[p] * change) - clamp(exact[p]);
      ofTile += error * error;
    }
    sum += ofTile;
  }
  return sum;
}

void TapwiseLayer::accept(int64_t tap, int64_t o, std::vector<float> fresh, double error) {
  for (int64_t tile = 0; tile < count; ++tile) {
    float &known = tapErrors[tap][o * count + tile], change = fresh[tile] - known;
    known = fresh[tile];
    for (int64_t p = 0; p < pixels; ++p)
      residuals[(o * count + tile) * pixels + p] +=
          multipliers[o] * static_cast<float>(transforms.outputFactor(p, tap)) * change;
  }
  channelErrors[o] = error;
}

double TapwiseLayer::signalToNoise() const {
  double signal = 0, noise = 0;
  for (float result : results)
    signal += static_cast<double>(clamp(result)) * clamp(result);
  for (double error : channelErrors)
    noise += error;
  return noise > 0 ? 10 * std::log10(signal / noise) : std::numeric_limits<double>::infinity();
}

//===-- One after the other -----------------------------------------------------------------------------===//

/// Takes a tap's codes and weights as they are now, if some channels' results become better by it.
bool TapwiseLayer::improve(int64_t tap, int64_t first, int64_t last) {
  std::vector<std::vector<float>> fresh;
  std::vector<double> errors;
  double before = 0, after = 0;
  for (int64_t o = first; o < last; ++o) {
    fresh.push_back(errorsOf(tap, o));
    errors.push_back(errorWith(tap, o, fresh.back()));
    before += channelErrors[o];
    after += errors.back();
  }
  constexpr double worthwhile = 0.9999; // more than what rounding of floats changes
  if (after >= before * worthwhile)
    return false;
  for (int64_t o = first; o < last; ++o)
    accept(tap, o, std::move(fresh[o - first]), errors[o - first]);
  return true;
}

bool TapwiseLayer::refineCodes(int64_t tap) {
  for (int64_t step : {-1, 1}) {
    int64_t &number = codeSteps[tap];
    if (number + step < 0 || number + step >= codeStepCount())
      continue;
    auto move = [&](int64_t by) {
      number += by;
      quantizeCodes(tap);
      if (options.hasFactors)
        quantizeWeights(tap, 0, channels);
    };
    move(step);
    if (improve(tap, 0, channels))
      return true;
    move(-step);
  }
  return false;
}

bool TapwiseLayer::refineWeights(int64_t tap, int64_t first, int64_t last) {
  for (int64_t step : {-1, 1}) {
    int64_t shift = weightShifts[first * taps + tap] + step;
    if (shift < leastWeightShift || shift > mostShifts.ofWeights)
      continue;
    auto move = [&](int64_t by) {
      for (int64_t o = first; o < last; ++o)
        weightShifts[o * taps + tap] += by;
      quantizeWeights(tap, first, last);
    };
    move(step);
    if (improve(tap, first, last))
      return true;
    move(-step);
  }
  return false;
}

/// Each shift one up or down, as long as that makes the layer's results better.
void TapwiseLayer::refine() {
  constexpr int64_t mostRounds = 4;
  int64_t together = options.isPerChannel ? 1 : channels;
  bool isBetter = true;
  for (int64_t round = 0; round < mostRounds && isBetter; ++round) {
    isBetter = false;
    for (int64_t tap = 0; tap < taps; ++tap) {
      isBetter |= refineCodes(tap);
      for (int64_t o = 0; o < channels; o += together)
        isBetter |= refineWeights(tap, o, o + together);
    }
  }
}

/// The squared error of a channel's results with another number added to each.
double TapwiseLayer::errorWithOffset(int64_t o, float offset) const {
  double sum = 0;
  for (int64_t index = o * count * pixels; index < (o + 1) * count * pixels; ++index) {
    float error = clamp(results[index] + residuals[index] + offset) - clamp(results[index]);
    sum += static_cast<double>(error) * error;
  }
  return sum;
}

/// What is clamped says nothing of the mean error.
void TapwiseLayer::correctBias() {
  corrections.assign(channels, 0);
  for (int64_t o = 0; o < channels; ++o) {
    double sum = 0;
    int64_t known = 0;
    for (int64_t index = o * count * pixels; index < (o + 1) * count * pixels; ++index)
      if (results[index] > lowest && results[index] < highest) {
        sum += residuals[index];
        ++known;
      }
    if (known == 0)
      continue;
    double mean = sum / static_cast<double>(known);
    auto correction = static_cast<int32_t>(std::lround(-mean / multipliers[o]));
    auto offset = static_cast<float>(correction) * multipliers[o];
    double error = errorWithOffset(o, offset);
    if (error >= channelErrors[o])
      continue;
    corrections[o] = correction;
    channelErrors[o] = error;
  }
}

void TapwiseLayer::fit() {
  fitApart();
  channelErrors.assign(channels, 0);
  for (int64_t tap = 0; tap < taps; ++tap) {
    tapErrors[tap].assign(channels * count, 0);
    quantizeCodes(tap);
    quantizeWeights(tap, 0, channels);
    for (int64_t o = 0; o < channels; ++o) {
      std::vector<float> fresh = errorsOf(tap, o);
      double error = errorWith(tap, o, fresh);
      accept(tap, o, std::move(fresh), error);
    }
  }
  if ((options.fit == TapwiseFit::Greedy || isRefined()) && !options.isSingleScale) {
    refine();
    if (isRefined())
      fitWeights();
    correctBias();
  }
}

DenseIntElementsAttr TapwiseLayer::transformedWeights() const {
  std::vector<int8_t> numbers;
  for (int64_t o = 0; o < channels; ++o)
    for (const std::vector<int16_t> &ofTap : weights)
      for (int16_t weight : ArrayRef(ofTap).slice(o * depth, depth))
        numbers.push_back(static_cast<int8_t>(weight));
  auto type = RankedTensorType::get({channels, taps, depth}, IntegerType::get(op->getContext(), 8));
  return llvm::cast<DenseIntElementsAttr>(DenseElementsAttr::get(type, ArrayRef<int8_t>(numbers)));
}

std::optional<qnn::AlgorithmAttr> TapwiseLayer::algorithm() {
  ArrayRef<int64_t> ofWeights = weightShifts;
  if (!options.isPerChannel)
    ofWeights = ofWeights.take_front(taps);
  std::vector<int64_t> codeShifts, factors;
  for (int64_t number : codeSteps) {
    CodeStep step = codeStep(number);
    codeShifts.push_back(step.shift);
    if (options.hasFactors)
      factors.push_back(step.factor);
  }
  ArrayRef<int64_t> offsets = hasOffsets() ? ArrayRef(codeOffsets) : ArrayRef<int64_t>();
  DenseIntElementsAttr transformed = isRefined() ? transformedWeights() : DenseIntElementsAttr();
  // With it, no sum is shifted to the right.
  int64_t fraction = -mostFraction, length = transforms.filterSize() * depth;
  for (auto [index, shift] : llvm::enumerate(ofWeights))
    fraction = std::max(fraction, shift - codeShifts[index % taps]);
  for (fraction = std::min(fraction, mostFraction); fraction >= -mostFraction; --fraction) {
    auto attribute =
        qnn::AlgorithmAttr::get(op->getContext(), qnn::AlgorithmKind::WinogradF4, options.points, options.bits,
                                codeShifts, ofWeights, fraction, factors, offsets, transformed);
    auto fits = [&](int64_t o) {
      return largestNumber(attribute, transforms, o, ArrayRef(filters).slice(o * length, length), depth, largestCode) <=
             mostNumber;
    };
    if (llvm::all_of(llvm::seq<int64_t>(0, channels), fits))
      return attribute;
  }
  return std::nullopt;
}
