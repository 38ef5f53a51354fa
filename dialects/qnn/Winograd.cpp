#include "dialects/qnn/Winograd.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace qcc::qnn;
using namespace qcc::qnn::winograd;

// Points 0, p, -p, q, -q and infinity: rows of B^T are the coefficients of the products of x less all other points,
// those of A^T the powers of the points, and those of G the powers over those products at the point itself. What makes
// rows of B^T and columns of A^T integers divides the rows of G.
static constexpr Axis integerPoints = {
    6,
    4,
    {{4, 0, -5, 0, 1, 0},
     {0, -4, -4, 1, 1, 0},
     {0, 4, -4, -1, 1, 0},
     {0, -2, -1, 2, 1, 0},
     {0, 2, -1, -2, 1, 0},
     {0, 4, 0, -5, 0, 1}},
    {{6, 0, 0}, {-4, -4, -4}, {-4, 4, -4}, {1, 2, 4}, {1, -2, 4}, {0, 0, 24}},
    24,
    {{1, 1, 1, 1, 1, 0}, {0, 1, -1, 2, -2, 0}, {0, 1, 1, 4, 4, 0}, {0, 1, -1, 8, -8, 1}}};
static constexpr Axis reciprocalPoints = {
    6,
    4,
    {{36, 0, -97, 0, 36, 0},
     {0, -18, -27, 8, 12, 0},
     {0, 18, -27, -8, 12, 0},
     {0, -12, -8, 27, 18, 0},
     {0, 12, -8, -27, 18, 0},
     {0, 36, 0, -97, 0, 36}},
    {{130, 0, 0}, {-9, -6, -4}, {-9, 6, -4}, {4, 6, 9}, {4, -6, 9}, {0, 0, 130}},
    4680,
    {{1, 27, 27, 8, 8, 0}, {0, 18, -18, 12, -12, 0}, {0, 12, 12, 18, 18, 0}, {0, 8, -8, 27, -27, 1}}};
// F(2, 3), at 0, 1, -1 and infinity.
static constexpr Axis smallTiles = {4,
                                    2,
                                    {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}},
                                    {{2, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 2}},
                                    2,
                                    {{1, 1, 1, 0}, {0, 1, -1, -1}}};
static constexpr Axis identity = {1, 1, {{1}}, {{1}}, 1, {{1}}};

static const Axis &axisOf(int64_t weights, const Axis &transform) {
  return weights == mostWeights ? transform : identity;
}

Transforms winograd::transformsOf(WinogradPoints points, int64_t height, int64_t width) {
  const Axis &transform = points == WinogradPoints::Reciprocal ? reciprocalPoints : integerPoints;
  return {axisOf(height, transform), axisOf(width, transform)};
}

Transforms winograd::exactTransforms(int64_t height, int64_t width) {
  const Axis &transform = height == width ? smallTiles : integerPoints;
  return {axisOf(height, transform), axisOf(width, transform)};
}

bool winograd::isTransformable(int64_t height, int64_t width) {
  return std::max(height, width) == mostWeights && (std::min(height, width) == 1 || height == width);
}

static bool isOfSquares(AlgorithmKind kind) {
  return kind == AlgorithmKind::WinogradF2 || kind == AlgorithmKind::WinogradF2Small;
}

bool winograd::computes(AlgorithmKind kind, int64_t height, int64_t width) {
  if (kind == AlgorithmKind::Direct)
    return true;
  return isTransformable(height, width) &&
         !(height == width ? kind == AlgorithmKind::WinogradF4Exact : isOfSquares(kind));
}

StringRef winograd::filterSizesOf(AlgorithmKind kind) {
  return kind == AlgorithmKind::Direct            ? "any"
         : isOfSquares(kind)                      ? "3x3"
         : kind == AlgorithmKind::WinogradF4Exact ? "1x3 or 3x1"
                                                  : "3x3, 1x3 or 3x1";
}

Shifts winograd::mostShifts(WinogradPoints points) {
  // With integer points, codes of 16 bits still hold what is added before they are shifted. With reciprocal ones, sums
  // of weights of 31 bits, shifted by so much, need no more than 64.
  return points == WinogradPoints::Reciprocal ? Shifts{20, 24} : Shifts{12, 15};
}

int64_t Transforms::quantizeWeight(int64_t transformed, int64_t factor, int64_t shift, int64_t bits) const {
  int64_t numerator = shift > 0 ? transformed << shift : transformed, denominator = (filterScale() * factor)
                                                                                    << std::max<int64_t>(-shift, 0);
  int64_t rounded = llvm::divideFloorSigned(2 * numerator + denominator, 2 * denominator);
  return std::clamp(rounded, llvm::minIntN(bits), llvm::maxIntN(bits));
}

static int64_t sumOfMagnitudes(ArrayRef<int64_t> numbers) {
  int64_t sum = 0;
  for (int64_t number : numbers)
    sum += std::abs(number);
  return sum;
}

int64_t Transforms::codeGrowth(int64_t tap) const {
  return sumOfMagnitudes(rows.codeMatrix[tap / columns.side]) * sumOfMagnitudes(columns.codeMatrix[tap % columns.side]);
}

int64_t Transforms::weightGrowth(int64_t tap) const {
  return sumOfMagnitudes(rows.weightMatrix[tap / columns.side]) *
         sumOfMagnitudes(columns.weightMatrix[tap % columns.side]);
}

SmallVector<int64_t> winograd::tapWeights(AlgorithmAttr algorithm, const Transforms &transforms, int64_t output,
                                          int64_t input, ArrayRef<int64_t> filter) {
  int64_t taps = transforms.taps();
  if (DenseIntElementsAttr stated = algorithm.getTransformed()) {
    int64_t depth = stated.getType().getDimSize(2);
    auto numbers = stated.getValues<int8_t>();
    return llvm::map_to_vector(llvm::seq<int64_t>(0, taps),
                               [&](int64_t tap) -> int64_t { return numbers[(output * taps + tap) * depth + input]; });
  }
  SmallVector<int64_t> weights = transforms.transformFilter(filter);
  for (int64_t tap = 0; tap < taps; ++tap)
    weights[tap] = transforms.quantizeWeight(weights[tap], algorithm.codeFactor(tap),
                                             algorithm.weightShift(tap, output), algorithm.getBits());
  return weights;
}

/// `round(number * 2^shift)` of a magnitude, ties rounded up.
static int64_t shiftMagnitude(int64_t number, int64_t shift) {
  return shift >= 0 ? number << shift : (number + (int64_t(1) << (-shift - 1))) >> -shift;
}

/// The sums of the magnitudes of a channel's weights, for each tap.
static SmallVector<int64_t> weightSums(AlgorithmAttr algorithm, const Transforms &transforms, int64_t channel,
                                       ArrayRef<int64_t> filters, int64_t depth) {
  SmallVector<int64_t> sums(transforms.taps(), 0);
  for (int64_t i = 0; i < depth; ++i)
    for (auto [sum, weight] :
         llvm::zip_equal(sums, tapWeights(algorithm, transforms, channel, i, transforms.filterOf(filters, depth, i))))
      sum += std::abs(weight);
  return sums;
}

int64_t winograd::largestNumber(AlgorithmAttr algorithm, const Transforms &transforms, int64_t channel,
                                ArrayRef<int64_t> filters, int64_t depth, int64_t largestCode) {
  constexpr int64_t tooLarge = int64_t(1) << 33; // of which no sum needs 64 bits
  SmallVector<int64_t> weights = weightSums(algorithm, transforms, channel, filters, depth), aligned(weights.size());
  int64_t taps = transforms.taps(), onTheWay = 0, largest = 0;
  for (int64_t tap = 0; tap < taps; ++tap) {
    int64_t grown = transforms.codeGrowth(tap) * largestCode * algorithm.codeFactor(tap),
            code = shiftMagnitude(grown, -algorithm.getCodes()[tap]), shift = algorithm.sumShift(tap, channel),
            offset = std::abs(algorithm.codeOffset(tap)), most = offset - llvm::minIntN(algorithm.getBits()),
            sum = std::min(weights[tap] * std::min(code, most), tooLarge);
    // Offsets may be taken off before codes are shifted.
    onTheWay = std::max(onTheWay,
                        grown + (int64_t(1) << algorithm.getCodes()[tap]) / 2 + (offset << algorithm.getCodes()[tap]));
    aligned[tap] = shift > 29 && sum > 0 ? tooLarge : std::min(shiftMagnitude(sum, shift), tooLarge);
    onTheWay = std::max(onTheWay, shift < 0 ? sum + (int64_t(1) << (-shift - 1)) : sum);
  }
  for (int64_t output = 0; output < transforms.pixels(); ++output) {
    int64_t sum = 0;
    for (int64_t tap = 0; tap < taps; ++tap)
      sum += std::abs(transforms.outputFactor(output, tap)) * aligned[tap];
    largest = std::max(largest, sum);
  }
  int64_t fraction = algorithm.getFraction();
  return std::max(onTheWay, fraction > 0 ? largest + (int64_t(1) << (fraction - 1)) : largest << -fraction);
}
