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

/// Adds up a function of the weights of each output channel.
static std::vector<int64_t> sumWeights(qk::ContractOp op, int64_t (*function)(int64_t)) {
  WeightReader weights(op);
  qk::WindowAttr window = op.getWindow();
  std::vector<int64_t> result(window.getGroups() * window.getChannels()[1]);
  for (auto [o, sum] : llvm::enumerate(result))
    for (int64_t ky = 0; ky < window.getKernel()[0]; ++ky)
      for (int64_t kx = 0; kx < window.getKernel()[1]; ++kx)
        for (int64_t i = 0; i < window.getChannels()[0]; ++i)
          sum += function(weights(static_cast<int64_t>(o), ky, kx, i));
  return result;
}

std::vector<int64_t> target::zeroPointSums(qk::ContractOp op, const BlockTile &tile) {
  int64_t zero =
      static_cast<int64_t>(op.getLhsZero()) + stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getContext()));
  std::vector<int64_t> result = sumWeights(op, [](int64_t weight) { return weight; });
  for (int64_t &sum : result)
    sum *= zero;
  return result;
}

std::vector<int64_t> target::largestProducts(qk::ContractOp op, const BlockTile &tile) {
  // Staged codes have the width of the codes, with or without a sign; a border's code is one of them.
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat());
  int64_t offset = stageOffsetOf(op.getLhsFormat(), tile.stageFormat(op.getContext()));
  int64_t half = int64_t(1) << (codes.getBits() - 1), first = (codes.isSignedCode() ? -half : 0) + offset;
  int64_t largestCode = std::max(std::abs(first), std::abs(first + 2 * half - 1));
  std::vector<int64_t> result = sumWeights(op, [](int64_t weight) { return std::abs(weight); });
  for (int64_t &sum : result)
    sum *= largestCode;
  return result;
}

std::optional<int64_t> target::largestSum(qk::ContractOp op, const BlockTile &tile) {
  std::optional<unsigned> param = qk::biasParam(op);
  std::optional<std::vector<int64_t>> bias;
  if (param)
    bias = integersOf(op.getParams()[*param]);
  if (llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).isFloat() || (param && !bias))
    return std::nullopt;
  std::vector<int64_t> products = largestProducts(op, tile), zeros = zeroPointSums(op, tile);
  int64_t largest = 0;
  for (auto [o, product] : llvm::enumerate(products)) {
    int64_t start = (bias ? (*bias)[o] : 0) - zeros[o];
    largest = std::max(largest, std::abs(start) + product);
  }
  return largest;
}
