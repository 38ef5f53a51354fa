#include "compiler/target/arm_m/DspDepthwiseTile.h"

#include "compiler/target/arm_m/Dsp.h"
#include "compiler/target/arm_m/DspImages.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

DspDepthwiseTile::DspDepthwiseTile()
    : PlanarTile(/*lanes=*/1, /*products=*/1, /*weightBytes=*/1,
                 {.registers = 12, .multiplyAdds = 1.2, .loads = 1, .latency = 1, .depthwisePositions = 2}) {}

Type DspDepthwiseTile::stageFormat(Type codes) const {
  return IntegerType::get(codes.getContext(), 16, IntegerType::Signed);
}

bool DspDepthwiseTile::fits(int64_t smallestWeight, int64_t largestWeight) const {
  return llvm::isInt<8>(smallestWeight) && llvm::isInt<8>(largestWeight);
}

/// A window of one row whose weights are in the frame; four positions are computed at once.
static bool isStrip(qk::WindowAttr window) {
  constexpr int64_t mostTaps = 32, positions = 4;
  return window.getKernel()[0] == 1 && window.getKernel()[1] != 3 && window.getKernel()[1] <= mostTaps &&
         window.getStrides()[1] == 1 && window.getOutput()[1] >= positions;
}

/// There are registers for the weights of three lines.
bool DspDepthwiseTile::takes(qk::WindowAttr window) const {
  ArrayRef<int64_t> kernel = window.getKernel(), dilations = window.getDilations();
  bool isThree = kernel[1] == 3 && kernel[0] <= 3 && window.getStrides()[1] <= 2;
  return (isThree || isStrip(window)) && dilations[0] == 1 && dilations[1] == 1;
}

int64_t DspDepthwiseTile::positionsOf(qk::WindowAttr window) const {
  return isStrip(window) ? 4 : window.getStrides()[1] == 1 ? 2 : 1;
}

int64_t DspDepthwiseTile::packedTaps(qk::WindowAttr window) const {
  return isStrip(window) ? llvm::alignTo(window.getKernel()[1], 2) : window.getKernel()[1];
}

void DspDepthwiseTile::stagePair(KernelBuilder &k, Val first, Val second, Val to, int64_t planeBytes,
                                 bool isSigned) const {
  for (int64_t odd = 0; odd < 2; ++odd) {
    Val a = extendBytes(k, first, odd, isSigned), b = extendBytes(k, second, odd, isSigned);
    storeWord(k, k.advance(to, odd * planeBytes), pairLow(a, b));
    storeWord(k, k.advance(to, (2 + odd) * planeBytes), pairHigh(a, b));
  }
}

bool DspDepthwiseTile::storePlanes(KernelBuilder &k, const PlanarChannels &channels) const {
  callDspImages(k, channels);
  return true;
}
