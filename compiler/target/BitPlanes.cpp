#include "compiler/target/BitPlanes.h"

#include "compiler/target/BlockTile.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

/// Planes of codes that are numbers of any activations; each plane of weights is a table of its own.
static constexpr unsigned mostCodeBits = 16, mostWeightBits = 8;

bool BitPlanes::match(qk::ContractOp op) {
  auto fits = [](Type type, unsigned mostBits) {
    auto format = llvm::cast<qnn::NumberFormat>(type);
    return !format.isFloat() && format.getBits() <= mostBits && format.getIntegerDecode().table.empty();
  };
  return fits(op.getLhsFormat(), mostCodeBits) && fits(op.getRhsFormat(), mostWeightBits);
}

BitPlanes::BitPlanes(qk::ContractOp op) {
  auto codes = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()),
       weights = llvm::cast<qnn::NumberFormat>(op.getRhsFormat());
  qnn::IntegerDecode decode = codes.getIntegerDecode();
  // Two's complement is staged without a sign: 2^(A-1) is added.
  int64_t offset = codes.isSignedCode() ? int64_t(1) << (codes.getBits() - 1) : 0;
  lhs = codes.getBits();
  slope = decode.slope;
  constant = decode.offset - slope * offset - static_cast<int64_t>(op.getLhsZero());
  auto zero = static_cast<int64_t>(op.getRhsZero());
  auto [low, high] = weights.getIntegerRange();
  isXor = low - zero == -1 && high - zero == 1 && weights.getBits() == 1;
  isSigned = !isXor && low - zero < 0;
  rhs = 1;
  while (!isXor && (isSigned ? !llvm::isIntN(rhs, low - zero) || !llvm::isIntN(rhs, high - zero)
                             : !llvm::isUIntN(rhs, high - zero)))
    ++rhs;
}

int64_t BitPlanes::factor(int64_t j) const {
  int64_t weight = slope * (int64_t(1) << j);
  return isXor || (isSigned && j == rhs - 1) ? -weight : weight;
}

int64_t BitPlanes::known(int64_t weight) const {
  // All planes of a code: sum over i of 2^i popcount(b).
  int64_t counted = isXor && bitOf(weight, 0) ? slope * ((int64_t(1) << lhs) - 1) : 0;
  return constant * weight + counted;
}

BorderSums::BorderSums(qk::WindowAttr window) {
  for (int axis = 0; axis < 2; ++axis) {
    int64_t dilation = window.getDilations()[axis], taps = window.getKernel()[axis];
    for (int64_t o = 0; o < window.getOutput()[axis]; ++o) {
      int64_t origin = o * window.getStrides()[axis] - window.getPads()[axis];
      int64_t low = std::clamp<int64_t>(llvm::divideCeilSigned(-origin, dilation), 0, taps);
      int64_t high = std::clamp<int64_t>(llvm::divideCeilSigned(window.getInput()[axis] - origin, dilation), low, taps);
      if (axes[axis].empty() || axes[axis].back().low != low || axes[axis].back().high != high)
        axes[axis].push_back({o, low, high});
    }
  }
}
