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
  for (int64_t i = 0; i < lhs; ++i)
    codeSteps.push_back(decode.isLinear() ? decode.slope << i : decode.steps[i]);
  constant = decode.offset - codeSteps[0] * offset - static_cast<int64_t>(op.getLhsZero());
  readWeights(weights, static_cast<int64_t>(op.getRhsZero()));
}

void BitPlanes::readWeights(qnn::NumberFormat format, int64_t zero) {
  auto [low, high] = format.getIntegerRange();
  qnn::IntegerDecode decode = format.getIntegerDecode();
  isXor = decode.isLinear() ? low - zero == -1 && high - zero == 1 && format.getBits() == 1 : low < 0;
  isSigned = !isXor && low - zero < 0;
  rhs = 1;
  if (!decode.isLinear()) {
    rhs = format.getBits();
    for (int64_t step : decode.steps)
      weightSteps.push_back(isXor ? step / 2 : step);
    return;
  }
  while (!isXor && (isSigned ? !llvm::isIntN(rhs, low - zero) || !llvm::isIntN(rhs, high - zero)
                             : !llvm::isUIntN(rhs, high - zero)))
    ++rhs;
  for (int64_t j = 0; j < rhs; ++j)
    weightSteps.push_back(int64_t(1) << j);
}

int64_t BitPlanes::factor(int64_t i, int64_t j) const {
  int64_t product = codeSteps[i] * weightSteps[j];
  return isXor || (isSigned && j == rhs - 1) ? -product : product;
}

bool BitPlanes::hasDoublingCodes() const {
  return llvm::all_of(llvm::enumerate(codeSteps),
                      [&](auto step) { return step.value() == codeSteps[0] << step.index(); });
}

int64_t BitPlanes::largestCode() const { return llvm::sum_of(codeSteps, int64_t(0)); }

int64_t BitPlanes::largestWeight() const { return llvm::sum_of(weightSteps, int64_t(0)); }

bool BitPlanes::bitOf(int64_t weight, int64_t j) const {
  if (isSigned)
    return weight >> j & 1;
  // Of +-n_j, the sum of all n_j more is the sum of 2 n_j of planes with a 1.
  int64_t ofOnes = isXor ? (weight + largestWeight()) / 2 : weight;
  return qnn::codeOfSteps(weightSteps, ofOnes).first >> j & 1;
}

int64_t BitPlanes::known(int64_t weight) const {
  // All planes of a code: sum over i of u_i n_j popcount(b_j).
  int64_t counted = 0;
  for (int64_t j = 0; isXor && j < rhs; ++j)
    counted += bitOf(weight, j) ? largestCode() * weightSteps[j] : 0;
  return constant * weight + counted;
}

bool BitPlanes::hasZero() const { return qnn::codeOfSteps(codeSteps, -constant).second == 0; }

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
