#include "compiler/target/riscv/RvvTile.h"

#include "compiler/codegen/Assembly.h"
#include "compiler/target/generic/ScalarTile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

/// Registers of at least 128 bits that so many elements fill; part of one is one.
static int64_t registersOf(int64_t elements, int64_t bits) { return std::max<int64_t>(1, elements * bits / 128); }

/// `costs.registers` are groups of as many registers as a sum has. A product of a depthwise contraction is an
/// instruction beside the load of its code, and the widening of one of 8 bits. Its positions have columns in common,
/// which LLVM keeps in registers, too.
static BlockCosts costsOf(int64_t lanes, int64_t codeBytes) {
  constexpr int64_t registers = 32, depthwiseSumRegisters = 12;
  int64_t sumRegisters = registersOf(lanes, 32);
  return {.registers = registers / sumRegisters + 1,
          .multiplyAdds = 1,
          .loads = codeBytes == 1 ? 1 / 2.75 : 1 / 2.0,
          .latency = 1,
          .depthwisePositions = std::min<int64_t>(6, depthwiseSumRegisters / sumRegisters)};
}

RvvTile::RvvTile(int64_t lanes, int64_t codeBytes)
    : IntegerVectorTile(lanes, /*products=*/1, IntegerType::Signed, /*stageBits=*/8 * codeBytes,
                        /*weightBytes=*/codeBytes, costsOf(lanes, codeBytes)) {}

Val RvvTile::loadCodes(KernelBuilder &k, Val pointer, int64_t, int64_t) const {
  Val code = k.loadRaw(pointer, codesType(k.b), k.index(0));
  return k.broadcast(weightBytes == 1 ? k.widen(code, k.b.getI16Type(), true) : code, lanes);
}

Val RvvTile::loadWeights(KernelBuilder &k, Val pointer, int64_t before, int64_t valid, int64_t align) const {
  Val weights = IntegerVectorTile::loadWeights(k, pointer, before, valid, align);
  return weightBytes == 1 ? k.widen(weights, k.b.getI16Type(), true) : weights;
}

/// LLVM would load weights that positions have in common in front of the loop over positions, and spill what finds no
/// register.
static BlockRun withNewWeights(KernelBuilder &k, BlockRun run) {
  run.rhs = renew(k, run.rhs);
  return run;
}

Accumulators RvvTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  return IntegerVectorTile::run(k, withNewWeights(k, run), std::move(sums));
}

Val RvvTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  Type wide = k.b.getI32Type();
  return sum + k.widen(lhs, wide, true) * k.widen(rhs, wide, true);
}

/// Sums, weights of 16 bits, and those of 8 bits before they are widened. Vectors must not spill: the frame would be as
/// large as the core's registers are.
bool RvvTile::holdsBlock(int64_t positions, int64_t vectors) const {
  constexpr int64_t registers = 30;
  int64_t sums = positions * vectors * registersOf(lanes, 32), weights = vectors * registersOf(lanes, 16);
  return sums + weights + (weightBytes == 1 ? registersOf(lanes, 8) : 0) <= registers;
}

/// Each load, widening and product is an instruction. Weights of 16 bits take no widening, but twice the flash, and
/// codes of 16 bits are staged: only where 8 bits do not hold the weights.
double RvvTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  bool slides = positions + shape.taps() + 1 <= costs.registers;
  double codes = slides ? shape.codesOfStep(positions, vectors) : static_cast<double>(positions);
  double perStep = codes + static_cast<double>(vectors * (positions + 2));
  return instructionsOfBlock(shape, positions, vectors, perStep) * static_cast<double>(weightBytes);
}

/// Few, so that LLVM finds no loads to move ahead that no register is free for.
static int64_t stepsInBody(const BlockRun &run, int64_t longestBody) {
  int64_t most = std::max<int64_t>(1, longestBody / (run.positions * run.vectors * run.taps));
  return BlockTile::largestDivisor(run.steps / run.taps, most);
}

int64_t RvvTile::stepsAtOnce(const BlockRun &run) const { return stepsInBody(run, /*longestBody=*/32); }

/// Sixteen groups of two registers; some are for products before they are added, if they are rounded.
RvvFloatTile::RvvFloatTile()
    : FloatVectorTile(/*lanes=*/8,
                      {.registers = 13, .multiplyAdds = 1, .loads = 1, .latency = 4, .depthwisePositions = 4}) {}

int64_t RvvFloatTile::stepsAtOnce(const BlockRun &run) const { return stepsInBody(run, /*longestBody=*/16); }

Accumulators RvvFloatTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  return FloatVectorTile::run(k, withNewWeights(k, run), std::move(sums));
}

/// A vector of i32 as the intrinsics of the extension take it: 64 bits of it stand for each unit of the registers'
/// length, as many as 128 bits have of them.
static VectorType scalableOf(VectorType type) {
  return VectorType::get({type.getNumElements() / 2}, type.getElementType(), /*scalableDims=*/{true});
}

/// Fixed-point multiplication or shift, with rounding of halves upwards. A scalar that a vector repeats stays one, as
/// wide as `scalarBits`.
static Val fixedPoint(KernelBuilder &k, StringRef name, Val x, Val y, unsigned scalarBits) {
  auto type = llvm::cast<VectorType>(x.type()), scalable = scalableOf(type);
  std::string suffix = ("nxv" + llvm::Twine(scalable.getNumElements()) + "i32").str();
  Val poison = k.val(LLVM::PoisonOp::create(k.b, k.loc, scalable));
  auto toScalable = [&](Val v) { return k.val(LLVM::vector_insert::create(k.b, k.loc, poison, v, 0)); };
  std::optional<Val> scalar = KernelBuilder::repeatedScalar(y);
  Val operand = !scalar ? toScalable(y) : scalarBits == 64 ? k.extend64(*scalar) : *scalar;
  std::string ofOperand = scalar ? "i" + std::to_string(scalarBits) : suffix;
  Val roundUp = k.val(LLVM::ConstantOp::create(k.b, k.loc, k.index(0).type(), 0));
  std::string full = ("llvm.riscv." + name + "." + suffix + "." + ofOperand + ".i" + llvm::Twine(k.indexBits)).str();
  Val result = k.intrinsic(full, scalable, {poison, toScalable(x), operand, roundUp, k.index(type.getNumElements())});
  return k.val(LLVM::vector_extract::create(k.b, k.loc, type, result, 0));
}

/// SRDHM is vsmul: a multiplier is not negative, so that nothing saturates. vssra divides by 2^s and rounds halves
/// upwards, and halves away from zero if negative numbers are 1 less; without that, a negative number still does not
/// give a positive one. With a shift in any case, x tells the sign as well: a product that is 0 stays 0.
std::optional<Val> target::requantizeRvv(KernelBuilder &k, Val x, Val multiplier, Val shift, const RescalingUse &use) {
  int64_t lanes = llvm::cast<VectorType>(x.type()).getNumElements();
  if (lanes < 4 || !llvm::isPowerOf2_64(lanes) || lanes > 32)
    return std::nullopt;
  Val high = fixedPoint(k, "vsmul", x, multiplier, /*scalarBits=*/32);
  if (!use.isClampedAtZero)
    high = high + (use.isNarrow ? x >> 31 : (high & -shift) >> 31);
  return fixedPoint(k, "vssra", high, shift, /*scalarBits=*/k.indexBits);
}
