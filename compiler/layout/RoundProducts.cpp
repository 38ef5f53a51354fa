// qk-round-products: where a machine multiplies, adds and rounds floats in one instruction, the rescaling of a
// contraction's sums is a product of floats. A fixed-point multiplier takes products of 64 bits, two for each vector of
// sums, and its two roundings. But of a sum nothing is left but a code, 255 steps at most; numbers of 24 bits are
// searched for that have all of them at the same sums.
#include "compiler/layout/RoundProducts.h"
#include "compiler/layout/Passes.h"
#include "compiler/target/MachinePass.h"
#include "compiler/target/SumBound.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qk/Queries.h"

#include <cmath>

using namespace mlir;
using namespace qcc;
using namespace qcc::layout;

//===-- Search ------------------------------------------------------------------------------------===//

int64_t RoundedProduct::apply(int64_t x) const {
  auto real = static_cast<float>(x);
  float moved = std::fma(real, multiple, hasSign ? std::copysign(offset, real) : offset);
  // Two numbers of 24 bits: their product is exact.
  return static_cast<int64_t>(std::nearbyint(static_cast<double>(moved) * factor));
}

/// The least sum whose code is at least `code`, or `largest + 1`.
static int64_t firstSum(const RescaledSum &sum, int64_t code) {
  auto reaches = [&](int64_t x) { return sum.rescale.apply(static_cast<int32_t>(x)) + sum.zero >= code; };
  // Where the exact quotient lies, within two roundings.
  double guess = (static_cast<double>(code - sum.zero) - 0.5) / sum.scale;
  double end = static_cast<double>(sum.largest) + 1;
  int64_t step = 4, near = static_cast<int64_t>(std::clamp(guess, -end, end));
  int64_t low = std::max(near - step, -sum.largest), high = std::min(near + step, sum.largest + 1);
  for (; low > -sum.largest && reaches(low); step *= 2)
    low = std::max(low - step, -sum.largest);
  for (; high <= sum.largest && !reaches(high); step *= 2)
    high = std::min(high + step, sum.largest + 1);
  while (low < high) {
    int64_t middle = low + (high - low) / 2;
    if (reaches(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

namespace {
/// Sums on both sides of a step, and the real number that separates their products.
struct SumStep {
  int64_t first; // the sum from which on the product is above
  double border;
};

struct Interval {
  double low, high;
};
} // namespace

/// The offsets that, with this factor and multiple, put all steps where they are.
static Interval offsetsFor(const std::vector<SumStep> &steps, const RescaledSum &sum, double factor, double multiple) {
  // Beyond half a code, an offset would move the code of sum 0. One with the sign of the sum may not
  // go below -0.5, so that the form only rises.
  Interval offsets{sum.isClampedAtZero() ? -0.5 / factor : -0.5, 0.5 / factor};
  for (const SumStep &step : steps) {
    double needed = step.border / factor;
    auto narrow = [&](int64_t x, bool isAbove) {
      if (std::abs(x) > sum.largest)
        return;
      bool isNegative = x < 0 && !sum.isClampedAtZero();
      double real = static_cast<double>(x) * multiple;
      double offset = isNegative ? real - needed : needed - real;
      if (isAbove != isNegative)
        offsets.low = std::max(offsets.low, offset);
      else
        offsets.high = std::min(offsets.high, offset);
    };
    narrow(step.first, true);
    narrow(step.first - 1, false);
  }
  return offsets;
}

/// The number of fewest fractional bits between two others: a sum with it is rounded last.
static std::optional<float> simplestNumber(Interval interval) {
  constexpr int mostBits = 20;
  for (int bits = 0; bits <= mostBits; ++bits) {
    double number = std::ldexp(std::nearbyint(std::ldexp((interval.low + interval.high) / 2, bits)), -bits);
    if (number > interval.low && number < interval.high)
      return static_cast<float>(number);
  }
  return std::nullopt;
}

static bool isExact(const RoundedProduct &product, const std::vector<SumStep> &steps, const RescaledSum &sum) {
  return llvm::all_of(steps, [&](const SumStep &step) {
    auto isAbove = [&](int64_t x) { return static_cast<double>(product.apply(x)) > step.border; };
    return (step.first > sum.largest || isAbove(step.first)) &&
           (step.first - 1 < -sum.largest || !isAbove(step.first - 1));
  });
}

std::optional<RoundedProduct> layout::fitProduct(const RescaledSum &sum) {
  // The form of the emitted code: 1.5 * 2^23 plus the product has no fraction.
  constexpr double largestProduct = 1 << 22;
  // Of 256 scales that are typical of 576 weights, 15 leave 83 without a product, 255 none.
  constexpr float mostMultiple = 1023;
  constexpr int nearby = 4; // factors on each side
  if (!(sum.scale > 0) || static_cast<double>(sum.largest) * sum.scale + 1 >= largestProduct)
    return std::nullopt;
  std::vector<SumStep> steps;
  for (int64_t code = sum.low + 1; code <= sum.high; ++code)
    steps.push_back({firstSum(sum, code), static_cast<double>(code - sum.zero) - 0.5});

  for (float multiple = 1; multiple <= mostMultiple; multiple += 2) {
    auto nearest = static_cast<float>(sum.scale / multiple);
    float below = nearest, above = nearest;
    for (int i = 0; i < nearby; ++i) {
      for (float factor : {below, above}) {
        std::optional<float> offset = simplestNumber(offsetsFor(steps, sum, factor, multiple));
        RoundedProduct product{factor, offset.value_or(0), multiple, !sum.isClampedAtZero()};
        if (offset && isExact(product, steps, sum))
          return product;
      }
      below = std::nextafter(below, 0.0F);
      above = std::nextafter(above, HUGE_VALF);
    }
  }
  return std::nullopt;
}

//===-- Regions -----------------------------------------------------------------------------------===//

namespace {
/// An epilogue that rescales a sum to few codes: the numbers of each channel, or one for all.
struct Rescaling {
  qk::ClampedRescaling form;
  std::vector<int64_t> multipliers, lefts, shifts;
  size_t channels() const { return std::max({multipliers.size(), lefts.size(), shifts.size()}); }
};
} // namespace

/// Nothing for other epilogues.
static std::optional<Rescaling> rescalingOf(qk::ContractOp op) {
  std::optional<qk::ClampedRescaling> form = qk::clampedRescaling(op);
  constexpr int64_t mostCodes = 256;
  if (!form || form->high - form->low >= mostCodes || form->high < form->low || !qk::biasedSum(op).hasOneUse())
    return std::nullopt;
  auto multipliers = target::numbersOf(op, form->requantize.getMultiplier());
  auto lefts = target::numbersOf(op, form->requantize.getLeft());
  auto shifts = target::numbersOf(op, form->requantize.getShift());
  if (!multipliers || !lefts || !shifts)
    return std::nullopt;
  return Rescaling{*form, std::move(*multipliers), std::move(*lefts), std::move(*shifts)};
}

/// The products of all channels; none if one of them has none. `largest` is of the sums of each channel.
static std::vector<RoundedProduct> fitProducts(Rescaling &rescaling, ArrayRef<int64_t> largest) {
  std::vector<RoundedProduct> products;
  auto at = [](const std::vector<int64_t> &numbers, size_t c) { return numbers[numbers.size() == 1 ? 0 : c]; };
  for (size_t c = 0; c < rescaling.channels(); ++c) {
    int64_t left = at(rescaling.lefts, c), right = at(rescaling.shifts, c);
    qnn::Multiplier multiplier{static_cast<int32_t>(at(rescaling.multipliers, c)), static_cast<int>(left - right)};
    int64_t ofChannel = rescaling.channels() == 1 ? *llvm::max_element(largest) : largest[c];
    // The sum, shifted to the left first, is an i32.
    if ((ofChannel << left) > INT32_MAX)
      return {};
    RescaledSum sum{.rescale = qk::FixedPoint(multiplier, rescaling.form.requantize.getRounding()),
                    .scale = std::ldexp(multiplier.mantissa, multiplier.exponent - 31),
                    .zero = rescaling.form.zero.value_or(0),
                    .low = rescaling.form.low,
                    .high = rescaling.form.high,
                    .largest = ofChannel};
    std::optional<RoundedProduct> product = fitProduct(sum);
    if (!product)
      return {};
    products.push_back(*product);
  }
  return products;
}

/// A number of each product as a value of the epilogue: a constant, or a new parameter.
static Value addNumbers(qk::ContractOp op, OpBuilder &inside, ArrayRef<RoundedProduct> products,
                        float RoundedProduct::*number, StringRef name) {
  if (products.size() == 1)
    return arith::ConstantOp::create(inside, op.getLoc(), inside.getF32FloatAttr(products[0].*number));
  SmallVector<float> numbers;
  for (const RoundedProduct &product : products)
    numbers.push_back(product.*number);
  OpBuilder b(op);
  auto type = RankedTensorType::get({static_cast<int64_t>(numbers.size())}, b.getF32Type());
  Value constant = qk::ConstantOp::create(b, op.getLoc(), type, DenseElementsAttr::get(type, ArrayRef<float>(numbers)),
                                          b.getStringAttr(name));
  return qk::addParam(op, constant);
}

/// Parameters that the epilogue does not use go.
static void eraseUnusedParams(qk::ContractOp op) {
  Block &block = op.getEpilogue().front();
  IRRewriter rewriter(op.getContext());
  for (Operation &inner : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&inner))
      rewriter.eraseOp(&inner);
  for (unsigned param = op.getParams().size(); param-- > 0;)
    if (block.getArgument(param + 1).use_empty()) {
      block.eraseArgument(param + 1);
      op.getParamsMutable().erase(param);
    }
}

static void rewrite(qk::ContractOp op, const Rescaling &rescaling, ArrayRef<RoundedProduct> products) {
  qk::RequantizeOp requantize = rescaling.form.requantize;
  OpBuilder b(requantize);
  Location loc = requantize.getLoc();
  std::string name = "sum";
  if (auto argument = llvm::dyn_cast<BlockArgument>(requantize.getMultiplier()))
    if (auto constant = op.getParams()[argument.getArgNumber() - 1].getDefiningOp<qk::ConstantOp>())
      name = constant.getName().value_or(name).str();
  Value real = arith::SIToFPOp::create(b, loc, b.getF32Type(), requantize.getInput());
  Value offset = addNumbers(op, b, products, &RoundedProduct::offset, name + ".offset");
  if (products[0].hasSign)
    offset = math::CopySignOp::create(b, loc, offset, real);
  bool isSum = llvm::all_of(products, [](const RoundedProduct &product) { return product.multiple == 1; });
  Value moved;
  if (isSum)
    moved = arith::AddFOp::create(b, loc, real, offset);
  else
    moved = math::FmaOp::create(b, loc, real,
                                addNumbers(op, b, products, &RoundedProduct::multiple, name + ".multiple"), offset);
  Value factor = addNumbers(op, b, products, &RoundedProduct::factor, name + ".factor");
  requantize.replaceAllUsesWith(qk::RoundProductOp::create(b, loc, b.getI32Type(), moved, factor).getResult());
  eraseUnusedParams(op);
}

namespace {
struct RoundProductsPass : target::MachinePass<RoundProductsPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RoundProductsPass)
  using MachinePass::MachinePass;
  StringRef getArgument() const override { return "qk-round-products"; }
  StringRef getDescription() const override { return "Make one rounded product of floats of the rescaling of sums"; }
  void runOnOperation() override {
    FailureOr<target::Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    const target::Target &target = *chosen->target;
    if (!target.roundsProducts)
      return;
    getOperation().walk([&](qk::ContractOp op) {
      const target::BlockTile *tile = target::blockTileOf(op, target);
      if (tile && tile->lanes > 1 && !op.getPacked() && target::hasBlockForm(op, *tile))
        roundProducts(op, *tile);
    });
  }

private:
  static void roundProducts(qk::ContractOp op, const target::BlockTile &tile) {
    std::optional<Rescaling> rescaling = rescalingOf(op);
    std::optional<int64_t> largest = rescaling ? target::largestSum(op, tile) : std::nullopt;
    if (!largest || *largest >= int64_t(1) << 30)
      return;
    std::vector<RoundedProduct> products = fitProducts(*rescaling, target::largestResults(op));
    if (products.empty()) {
      op.emitRemark() << "is rescaled by integers: no rounded product of floats gives all codes";
      return;
    }
    rewrite(op, *rescaling, products);
  }
};
} // namespace

std::unique_ptr<Pass> layout::createRoundProductsPass(const target::Machine *machine) {
  return std::make_unique<RoundProductsPass>(machine);
}
