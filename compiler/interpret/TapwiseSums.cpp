#include "compiler/interpret/TapwiseSums.h"

#include "compiler/interpret/Arithmetic.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::interpret;
using namespace qcc::qnn::winograd;

/// `round(number * 2^-amount)`, ties upwards, wrapping, for an amount of any sign.
static int32_t shiftRight(int32_t number, int64_t amount) {
  if (amount <= 0)
    return wrapShiftLeft(number, static_cast<int>(-amount));
  if (amount > 31)
    return 0;
  return wrapAdd(number, wrapShiftLeft(1, static_cast<int>(amount - 1))) >> amount;
}

TapwiseSums::TapwiseSums(qnn::Conv2dOp op, const std::vector<int32_t> &filter)
    : algorithm(*op.getAlgorithm()),
      transforms(transformsOf(algorithm.getPoints(), shapeOf(op.getFilter())[1], shapeOf(op.getFilter())[2])),
      inputShape(shapeOf(op.getInput())), outputShape(shapeOf(op.getOutput())), padTop(op.getPads()[0]),
      padLeft(op.getPads()[2]), groups(op.getGroups()), depth(shapeOf(op.getFilter())[3]) {
  int64_t taps = transforms.taps(), length = transforms.filterSize() * depth;
  weights.resize(outputShape[3] * taps * depth);
  for (int64_t o = 0; o < outputShape[3]; ++o)
    for (int64_t c = 0; c < depth; ++c) {
      SmallVector<int64_t> kernel = transforms.filterOf(ArrayRef(filter).slice(o * length, length), depth, c);
      for (auto [tap, weight] : llvm::enumerate(tapWeights(algorithm, transforms, o, c, kernel)))
        weights[(o * taps + static_cast<int64_t>(tap)) * depth + c] = static_cast<int32_t>(weight);
    }
}

/// V of the tile whose first output is (y, x): `codes` are [tap][depth].
void TapwiseSums::transformCodes(const std::vector<int32_t> &input, int64_t n, int64_t y, int64_t x, int64_t group,
                                 std::vector<int32_t> &codes) const {
  int64_t height = inputShape[1], width = inputShape[2], channels = inputShape[3];
  const Axis &rows = transforms.rows, &columns = transforms.columns;
  for (int64_t c = 0; c < depth; ++c) {
    int32_t tile[mostSide][mostSide], alongRows[mostSide][mostSide] = {};
    for (int64_t i = 0; i < rows.side; ++i)
      for (int64_t j = 0; j < columns.side; ++j) {
        int64_t row = y + i - padTop, column = x + j - padLeft;
        bool isInside = row >= 0 && row < height && column >= 0 && column < width;
        tile[i][j] = isInside ? input[((n * height + row) * width + column) * channels + group * depth + c] : 0;
      }
    for (int64_t i = 0; i < rows.side; ++i)
      for (int64_t j = 0; j < columns.side; ++j)
        for (int64_t k = 0; k < rows.side; ++k)
          alongRows[i][j] += static_cast<int32_t>(rows.codeMatrix[i][k]) * tile[k][j];
    for (int64_t i = 0; i < rows.side; ++i)
      for (int64_t j = 0; j < columns.side; ++j) {
        int32_t sum = 0;
        for (int64_t k = 0; k < columns.side; ++k)
          sum += static_cast<int32_t>(columns.codeMatrix[j][k]) * alongRows[i][k];
        int64_t tap = columns.side * i + j, bits = algorithm.getBits(), offset = algorithm.codeOffset(tap);
        int32_t rounded = shiftRight(sum * static_cast<int32_t>(algorithm.codeFactor(tap)), algorithm.getCodes()[tap]);
        codes[tap * depth + c] =
            static_cast<int32_t>(std::clamp(rounded - offset, llvm::minIntN(bits), llvm::maxIntN(bits)) + offset);
      }
  }
}

/// L of one tap.
int32_t TapwiseSums::alignedSum(const std::vector<int32_t> &codes, int64_t channel, int64_t tap) const {
  int32_t sum = 0;
  for (int64_t c = 0; c < depth; ++c)
    sum = wrapAdd(sum, wrapMul(codes[tap * depth + c], weights[(channel * transforms.taps() + tap) * depth + c]));
  return shiftRight(sum, -algorithm.sumShift(tap, channel));
}

void TapwiseSums::forEach(const std::vector<int32_t> &input, Visit visit) const {
  const Axis &rows = transforms.rows, &columns = transforms.columns;
  std::vector<int32_t> codes(transforms.taps() * depth), aligned(transforms.taps());
  int64_t height = outputShape[1], width = outputShape[2], channels = outputShape[3];
  auto visitTile = [&](int64_t n, int64_t y, int64_t x, int64_t channel) {
    for (auto [tap, sum] : llvm::enumerate(aligned))
      sum = alignedSum(codes, channel, static_cast<int64_t>(tap));
    for (int64_t k = 0; k < rows.outputs && y + k < height; ++k)
      for (int64_t l = 0; l < columns.outputs && x + l < width; ++l) {
        int32_t sum = 0;
        for (auto [tap, ofTap] : llvm::enumerate(aligned)) {
          int64_t factor = transforms.outputFactor(k * columns.outputs + l, static_cast<int64_t>(tap));
          sum = wrapAdd(sum, wrapMul(static_cast<int32_t>(factor), ofTap));
        }
        visit((n * height + y + k) * width + x + l, channel, shiftRight(sum, algorithm.getFraction()));
      }
  };
  for (int64_t n = 0; n < outputShape[0]; ++n)
    for (int64_t y = 0; y < height; y += rows.outputs)
      for (int64_t x = 0; x < width; x += columns.outputs)
        for (int64_t group = 0; group < groups; ++group) {
          transformCodes(input, n, y, x, group, codes);
          for (int64_t o = channels / groups * group; o < channels / groups * (group + 1); ++o)
            visitTile(n, y, x, o);
        }
}
