#include "compiler/target/SumBound.h"

#include "dialects/qk/Queries.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

std::optional<std::vector<int64_t>> target::integersOf(Value value) {
  auto constant = value.getDefiningOp<qk::ConstantOp>();
  auto type = llvm::cast<ShapedType>(value.getType());
  unsigned bits = type.getElementTypeBitWidth();
  if (!constant || !type.getElementType().isInteger() || (bits != 8 && bits != 32))
    return std::nullopt;
  ArrayRef<char> bytes = qnn::rawBytes(constant.getValue());
  auto dense = llvm::dyn_cast<DenseElementsAttr>(constant.getValue());
  bool isSplat = dense && dense.isSplat();
  std::vector<int64_t> result;
  for (int64_t i = 0; i < type.getNumElements(); ++i) {
    const char *at = bytes.data() + (isSplat ? 0 : i * (bits / 8));
    result.push_back(bits == 8 ? static_cast<int8_t>(*at) : static_cast<int32_t>(llvm::support::endian::read32le(at)));
  }
  return result;
}

std::optional<std::vector<int64_t>> target::numbersOf(qk::ContractOp op, Value value) {
  if (std::optional<int64_t> number = qk::constantNumber(value))
    return std::vector<int64_t>{*number};
  if (auto extend = value.getDefiningOp<arith::ExtUIOp>())
    value = extend.getIn();
  auto argument = llvm::dyn_cast<BlockArgument>(value);
  return argument && argument.getArgNumber() > 0 ? integersOf(op.getParams()[argument.getArgNumber() - 1])
                                                 : std::nullopt;
}

/// Adds up a function of the weights of each output channel, or of each group that has a scale.
static std::vector<int64_t> sumWeights(qk::ContractOp op, llvm::function_ref<int64_t(int64_t)> function) {
  WeightReader weights(op);
  qk::WindowAttr window = op.getWindow();
  ArrayRef<int64_t> kernel = window.getKernel();
  int64_t depth = window.getChannels()[0], scaleGroup = static_cast<int64_t>(op.getScaleGroup());
  int64_t blocks = scaleGroup ? llvm::divideCeil(depth, scaleGroup) : 0;
  std::vector<int64_t> result(window.getGroups() * window.getChannels()[1] *
                              (scaleGroup ? kernel[0] * kernel[1] * blocks : 1));
  for (int64_t o = 0; o < window.getGroups() * window.getChannels()[1]; ++o)
    for (int64_t ky = 0; ky < kernel[0]; ++ky)
      for (int64_t kx = 0; kx < kernel[1]; ++kx)
        for (int64_t i = 0; i < depth; ++i) {
          int64_t sum = scaleGroup ? ((o * kernel[0] + ky) * kernel[1] + kx) * blocks + i / scaleGroup : o;
          result[sum] += function(weights(o, ky, kx, i));
        }
  return result;
}

/// What is taken off each code as the tile reads it.
static int64_t zeroOf(qk::ContractOp op, const BlockTile &tile) {
  return static_cast<int64_t>(op.getLhsZero()) + stageOffsetOf(op, tile);
}

std::vector<int64_t> target::zeroPointSums(qk::ContractOp op, const BlockTile &tile) {
  if (tile.asBits())
    return sumWeights(op, [planes = BitPlanes(op)](int64_t weight) { return -planes.known(weight); });
  return sumWeights(op, [zero = zeroOf(op, tile)](int64_t weight) { return zero * weight; });
}

/// The largest magnitude of what weights are multiplied by, and what the bias lacks for each weight.
static std::pair<int64_t, int64_t> codeBound(qk::ContractOp op, const BlockTile &tile) {
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat());
  if (tile.asBits()) {
    // Sums have the zero point taken off; what positions at the border see is no whole window.
    BitPlanes planes(op);
    int64_t largest = planes.largestCode();
    return {std::max(std::abs(planes.constant), std::abs(planes.constant + largest)), 0};
  }
  // Staged codes have the width of the codes, with or without a sign; a border's code is one of them.
  int64_t offset = stageOffsetOf(op, tile);
  auto [first, last] = codes.getAllCodes();
  return {std::max(std::abs(first + offset), std::abs(last + offset)), zeroOf(op, tile)};
}

std::vector<int64_t> target::largestProducts(qk::ContractOp op, const BlockTile &tile) {
  int64_t largestCode = codeBound(op, tile).first;
  return sumWeights(op, [largestCode](int64_t weight) { return largestCode * std::abs(weight); });
}

/// The biases, if there are any and they are known.
static std::optional<std::vector<int64_t>> biasesOf(qk::ContractOp op) {
  std::optional<unsigned> param = qk::biasParam(op);
  return param ? integersOf(op.getParams()[*param]) : std::nullopt;
}

std::optional<int64_t> target::largestSum(qk::ContractOp op, const BlockTile &tile) {
  std::optional<std::vector<int64_t>> bias = biasesOf(op);
  if (llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat() || (qk::biasParam(op) && !bias) ||
      qnn::isTapwise(op.getAlgorithm()) || op.getScaleGroup() > 0)
    return std::nullopt;
  auto zero = codeBound(op, tile).second;
  std::vector<int64_t> products = largestProducts(op, tile);
  std::vector<int64_t> zeros = sumWeights(op, [zero](int64_t weight) { return zero * weight; });
  int64_t largest = 0;
  for (auto [o, product] : llvm::enumerate(products)) {
    int64_t start = (bias ? (*bias)[o] : 0) - zeros[o];
    largest = std::max(largest, std::abs(start) + product);
  }
  return largest;
}

/// The smallest and the largest integer that any code stands for.
static std::pair<int64_t, int64_t> integersOfCodes(qnn::NumberFormat format) {
  qnn::IntegerDecode decode = format.getIntegerDecode();
  auto [first, last] = format.getAllCodes();
  if (decode.isLinear())
    return std::minmax({decode(first), decode(last)});
  std::pair<int64_t, int64_t> range(INT64_MAX, INT64_MIN);
  int64_t codes = decode.table.empty() ? last + 1 : static_cast<int64_t>(decode.table.size());
  for (int64_t code = 0; code < codes; ++code)
    range = {std::min(range.first, decode(code)), std::max(range.second, decode(code))};
  return range;
}

std::vector<int64_t> target::largestResults(qk::ContractOp op) {
  auto [first, last] = integersOfCodes(llvm::cast<qnn::NumberFormat>(op.getLhsFormat()));
  auto zero = static_cast<int64_t>(op.getLhsZero());
  // At a border, codes count nothing.
  int64_t low = std::min<int64_t>(first - zero, 0), high = std::max<int64_t>(last - zero, 0);
  std::vector<int64_t> least = sumWeights(op, [=](int64_t weight) { return std::min(weight * low, weight * high); });
  std::vector<int64_t> most = sumWeights(op, [=](int64_t weight) { return std::max(weight * low, weight * high); });
  std::optional<std::vector<int64_t>> bias = biasesOf(op);
  std::vector<int64_t> largest;
  for (auto [o, below] : llvm::enumerate(least)) {
    int64_t start = bias ? (*bias)[o] : 0;
    largest.push_back(std::max(std::abs(start + below), std::abs(start + most[o])));
  }
  return largest;
}
