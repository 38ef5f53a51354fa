// qk-pack-weights: constant weights in the order in which the schedule's tile instruction reads them, and the
// zero points of both sides out of the inner loop:
//   sum (x - zx) w = sum (x + s) w  -  (zx + s) sum w
// where s is what staging adds to a code, and positions outside the input hold zx. The second term is constant for
// each output channel, and goes into the bias.
#include "compiler/layout/Passes.h"
#include "compiler/support/HostTensor.h"
#include "compiler/target/BitTile.h"
#include "compiler/target/MachinePass.h"
#include "compiler/target/PatchTile.h"
#include "compiler/target/SumBound.h"
#include "compiler/target/WinogradShape.h"
#include "dialects/qk/Queries.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::target;

namespace {

class Packing {
public:
  Packing(qk::ContractOp op, const BlockTile &tile) : op(op), shape(op, tile), weights(op), b(op) {}
  void run();

private:
  int64_t channels() const { return shape.groups * shape.breadth; }
  std::vector<char> packedBytes();
  std::vector<char> depthwiseBytes(const DepthwiseShape &depthwise);
  std::vector<char> patchBytes();
  std::vector<char> winogradBytes();
  std::vector<char> smallWinogradBytes();
  void forEachBlock(llvm::function_ref<void(int64_t first, int64_t last, int64_t channels)> visit);
  std::vector<int32_t> corrections();
  std::vector<int32_t> correctionsOfTotals();
  bool isBelow30Bits(Value value, Value sum, int64_t largest);
  void markNarrow();
  void markNarrowTotals();
  void addToBias(ArrayRef<int32_t> numbers);
  void addToGroups(ArrayRef<int32_t> numbers);
  void appendGroupParams(int64_t first, int64_t last, int64_t group, std::vector<char> &bytes);
  void setPadCode();
  void encodeZero();

  qk::ContractOp op;
  BlockShape shape;
  WeightReader weights;
  OpBuilder b;
};

/// The blocks of channels: from one number up to another, filled up to so many.
void Packing::forEachBlock(llvm::function_ref<void(int64_t first, int64_t last, int64_t channels)> visit) {
  int64_t block = op.getSchedule()->getN(), lanes = shape.tile.lanes;
  for (int64_t g = 0; g < shape.groups; ++g)
    for (int64_t n = 0; n < shape.breadth; n += block) {
      bool isWhole = shape.tile.repeatsChannels() && block <= shape.breadth;
      int64_t count = isWhole ? block : llvm::alignTo(std::min(block, shape.breadth - n), lanes);
      int64_t first = g * shape.breadth + firstChannel(n, count, shape.breadth);
      visit(first, std::min(first + count, (g + 1) * shape.breadth),
            llvm::alignTo(count, lanes * shape.tile.channelUnit()));
    }
}

std::vector<char> Packing::packedBytes() {
  std::vector<char> bytes;
  bytes.reserve(shape.groups * shape.groupBytes(op.getSchedule()->getN() / shape.tile.lanes));
  forEachBlock([&](int64_t first, int64_t last, int64_t channels) {
    if (shape.bits)
      return packBitPlanes(shape, weights, first, last, channels, bytes);
    int64_t step = 0, group = 0, stepsOfGroup = llvm::divideCeil(shape.scaleGroup, shape.tile.products);
    forEachStep(shape, weights, first, last, channels, [&](ArrayRef<int64_t> codes) {
      shape.packWeights(codes, bytes);
      if (++step; shape.scaleGroup && (step % shape.steps % stepsOfGroup == 0))
        appendGroupParams(first, last, group++, bytes);
    });
  });
  return bytes;
}

/// What `combine` takes for group number `group` of each channel's, behind the weights of that group.
void Packing::appendGroupParams(int64_t first, int64_t last, int64_t group, std::vector<char> &bytes) {
  int64_t vectors = llvm::divideCeil(last - first, shape.tile.lanes);
  bytes.resize(llvm::alignTo(bytes.size(), 4));
  for (Value param : op.getGroupParams()) {
    auto type = llvm::cast<ShapedType>(param.getType());
    ArrayRef<char> values = qnn::rawBytes(param.getDefiningOp<qk::ConstantOp>().getValue());
    int64_t size = type.getElementTypeBitWidth() / 8, groups = type.getNumElements() / this->channels();
    bool isSplat = static_cast<int64_t>(values.size()) < type.getNumElements() * size;
    size_t end = bytes.size() + shape.groupParamBytes(vectors, type.getElementType());
    for (int64_t o = first; o < last; ++o) {
      ArrayRef<char> value = values.slice(isSplat ? 0 : (o * groups + group) * size, size);
      llvm::append_range(bytes, value);
    }
    bytes.resize(end);
  }
}

/// The weights of each block of channels as bytes, one of a filter after the other, in the order of transformed ones.
std::vector<char> Packing::smallWinogradBytes() {
  WinogradShape winograd(op, shape.tile);
  std::vector<char> bytes;
  int64_t together = shape.tile.widenedAtOnce();
  forEachBlock([&](int64_t first, int64_t last, int64_t channels) {
    for (int64_t k = 0; k < winograd.transforms.filterSize(); ++k) {
      std::vector<char> wide;
      forEachStep(
          winograd.products, [&](int64_t o, int64_t, int64_t, int64_t i) { return weights(o, k / 3, k % 3, i); }, first,
          last, channels, [&](ArrayRef<int64_t> codes) { shape.tile.packStep(codes, wide); });
      size_t begin = bytes.size();
      bytes.resize(begin + winograd.smallWeightBytes(channels / shape.tile.lanes));
      for (int64_t i = 0; i < winograd.smallWeights(channels / shape.tile.lanes); ++i)
        bytes[begin + i / together * together + shape.tile.placeOfWidened(i % together)] =
            wide[i * shape.tile.weightBytes];
    }
  });
  return bytes;
}

/// The transformed weights of each block of channels, tap by tap, and behind them the shifts of its sums, where
/// channels have their own.
std::vector<char> Packing::winogradBytes() {
  WinogradShape winograd(op, shape.tile);
  std::vector<char> bytes;
  forEachBlock([&](int64_t first, int64_t last, int64_t channels) {
    size_t begin = bytes.size();
    llvm::DenseMap<std::pair<int64_t, int64_t>, SmallVector<int64_t>> transformed;
    for (int64_t tap = 0; tap < winograd.taps; ++tap)
      forEachStep(
          winograd.products,
          [&](int64_t o, int64_t, int64_t, int64_t i) {
            SmallVector<int64_t> &ofTaps = transformed[{o, i}];
            if (ofTaps.empty())
              ofTaps = winograd.transformedWeights(weights, o, i);
            return ofTaps[tap];
          },
          first, last, channels, [&](ArrayRef<int64_t> codes) { shape.tile.packStep(codes, bytes); });
    auto appendNumbers = [&](int64_t offset, llvm::function_ref<int64_t(int64_t tap, int64_t o)> numberOf) {
      bytes.resize(begin + offset);
      for (int64_t tap = 0; tap < winograd.taps; ++tap)
        for (int64_t o = first; o < first + channels; ++o) {
          char word[4];
          llvm::support::endian::write32le(word, static_cast<uint32_t>(numberOf(tap, std::min(o, last - 1))));
          llvm::append_range(bytes, word);
        }
    };
    int64_t vectors = channels / shape.tile.lanes;
    if (winograd.hasChannelShifts())
      appendNumbers(winograd.shiftsOffset(vectors),
                    [&](int64_t tap, int64_t o) { return winograd.tapwise->sumShift(tap, o); });
    if (winograd.hasStarts())
      appendNumbers(winograd.startsOffset(vectors), [&](int64_t tap, int64_t o) {
        int64_t sum = 0, shift = winograd.tapwise->sumShift(tap, o);
        for (int64_t i = 0; i < winograd.products.depth; ++i)
          sum += transformed[{o, i}][tap];
        return (shift < 0 ? int64_t(1) << (-shift - 1) : 0) +
               (winograd.storedOffset(tap) - winograd.codeOffset()) * sum;
      });
  });
  return bytes;
}

std::vector<char> Packing::depthwiseBytes(const DepthwiseShape &depthwise) {
  std::vector<char> bytes;
  bytes.reserve(depthwise.packedBytes(depthwise.vectors));
  forEachStep(depthwise, weights, [&](ArrayRef<int64_t> codes) { depthwise.tile.packStep(codes, bytes); });
  bytes.resize(depthwise.packedBytes(depthwise.vectors)); // what is read behind the last weight
  return bytes;
}

/// The taps of each channel, [column][row].
std::vector<char> Packing::patchBytes() {
  std::vector<char> bytes;
  for (int64_t o = 0; o < channels(); ++o)
    for (int64_t kx = 0; kx < shape.window.getKernel()[1]; ++kx)
      for (int64_t ky = 0; ky < shape.window.getKernel()[0]; ++ky)
        bytes.push_back(static_cast<char>(weights(o, ky, kx, 0)));
  return bytes;
}

std::vector<int32_t> Packing::corrections() {
  std::vector<int32_t> result;
  // Modulo 2^32, as the accumulator.
  for (int64_t sum : zeroPointSums(op, shape.tile))
    result.push_back(static_cast<int32_t>(static_cast<uint32_t>(-sum)));
  return result;
}

/// The same for totals of groups: of each channel, what its groups lack times their factors.
std::vector<int32_t> Packing::correctionsOfTotals() {
  std::vector<int64_t> factors = *integersOf(op.getGroupParams().front());
  std::vector<uint32_t> totals(channels());
  std::vector<int32_t> groups = corrections();
  for (auto [i, sum] : llvm::enumerate(groups))
    totals[i / (groups.size() / totals.size())] += static_cast<uint8_t>(factors[i]) * static_cast<uint32_t>(sum);
  return std::vector<int32_t>(totals.begin(), totals.end());
}

/// True if the magnitude of a sum, or of `(sum << fraction) + offset`, is below 2^30, where that of the sum is at most
/// `largest`.
bool Packing::isBelow30Bits(Value value, Value sum, int64_t largest) {
  constexpr int64_t bound = int64_t(1) << 30;
  if (value == sum)
    return largest < bound;
  auto add = value.getDefiningOp<arith::AddIOp>();
  auto shift = add ? add.getLhs().getDefiningOp<arith::ShLIOp>() : arith::ShLIOp();
  std::optional<int64_t> fraction = shift ? qk::constantNumber(shift.getRhs()) : std::nullopt;
  std::optional<std::vector<int64_t>> offsets = fraction ? numbersOf(op, add.getRhs()) : std::nullopt;
  return offsets && shift.getLhs() == sum && largest < bound >> *fraction &&
         llvm::all_of(*offsets, [&](int64_t offset) { return (largest << *fraction) + std::abs(offset) < bound; });
}

/// Promises to rescalings in double rounding what the constants show.
void Packing::markNarrow() {
  std::optional<int64_t> largest = largestSum(op, shape.tile);
  if (!largest)
    return;
  auto areIn = [&](Value value, int64_t low, int64_t high) {
    std::optional<std::vector<int64_t>> values = numbersOf(op, value);
    return values && llvm::all_of(*values, [&](int64_t number) { return number >= low && number <= high; });
  };
  Value sum = qk::biasedSum(op);
  for (auto requantize : op.getEpilogue().getOps<qk::RequantizeOp>())
    requantize.setNarrow(isBelow30Bits(requantize.getInput(), sum, *largest) &&
                         requantize.getRounding() == qnn::Rounding::Double && areIn(requantize.getLeft(), 0, 0) &&
                         areIn(requantize.getShift(), 1, qk::narrowShifts));
}

/// The same to those of totals of groups, where a machine computes them as the rescaling of a sum and adds the bias to
/// the result.
void Packing::markNarrowTotals() {
  constexpr int64_t bound = int64_t(1) << 30;
  std::optional<qk::FractionalRescaling> rescaling = qk::fractionalRescaling(op);
  if (!shape.tile.stagesWithoutZero() || !rescaling || !qk::addsMultipliedSums(op))
    return;
  std::vector<int64_t> factors = *integersOf(op.getGroupParams().front()), sums = largestProducts(op, shape.tile);
  std::vector<int64_t> totals(channels());
  for (auto [i, sum] : llvm::enumerate(sums))
    totals[i / (sums.size() / totals.size())] += static_cast<uint8_t>(factors[i]) * sum;
  auto areIn = [&](std::optional<std::vector<int64_t>> values, int64_t low, int64_t high) {
    return values && llvm::all_of(*values, [&](int64_t number) { return number >= low && number <= high; });
  };
  qk::RequantizeOp requantize = rescaling->requantize;
  requantize.setNarrow(areIn(totals, 0, bound - 1) && requantize.getRounding() == qnn::Rounding::Double &&
                       areIn(numbersOf(op, requantize.getLeft()), 0, 0) &&
                       areIn(numbersOf(op, requantize.getShift()), 1, qk::narrowShifts) &&
                       (!rescaling->bias || areIn(integersOf(op.getParams()[*rescaling->bias]), -bound, bound)));
}

/// Adds a number to each channel's sum: to the constant that the epilogue adds first, or as another one.
void Packing::addToBias(ArrayRef<int32_t> numbers) {
  Block &epilogue = op.getEpilogue().front();
  SmallVector<int32_t> sums(numbers);
  auto type = RankedTensorType::get({static_cast<int64_t>(numbers.size())}, b.getI32Type());
  std::optional<unsigned> bias = qk::biasParam(op);
  auto constant = bias ? op.getParams()[*bias].getDefiningOp<qk::ConstantOp>() : nullptr;
  if (constant) {
    std::vector<int64_t> old = *integersOf(constant);
    for (auto [sum, number] : llvm::zip(sums, old))
      sum = static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(number));
    auto merged = qk::ConstantOp::create(b, op.getLoc(), type, DenseElementsAttr::get(type, ArrayRef<int32_t>(sums)),
                                         constant.getNameAttr());
    op.getParamsMutable()[*bias].set(merged);
    return;
  }
  if (llvm::all_of(sums, [](int32_t sum) { return sum == 0; }))
    return;
  Value added = qk::ConstantOp::create(b, op.getLoc(), type, DenseElementsAttr::get(type, ArrayRef<int32_t>(sums)),
                                       b.getStringAttr("zero"));
  BlockArgument argument = qk::addParam(op, added);
  OpBuilder inside = OpBuilder::atBlockBegin(&epilogue);
  Value acc = epilogue.getArgument(0);
  auto sum = arith::AddIOp::create(inside, op.getLoc(), acc, argument);
  acc.replaceAllUsesExcept(sum, sum);
}

/// Adds a number to the sum of each group, of 16 bits where they suffice: kernels may wait for every byte.
void Packing::addToGroups(ArrayRef<int32_t> numbers) {
  if (llvm::all_of(numbers, [](int32_t number) { return number == 0; }))
    return;
  bool isShort = llvm::all_of(numbers, [](int32_t number) { return llvm::isInt<16>(number); });
  Type element = isShort ? b.getI16Type() : b.getI32Type();
  auto type = RankedTensorType::get({static_cast<int64_t>(numbers.size())}, element);
  auto value = isShort ? DenseElementsAttr::get(type, ArrayRef(llvm::to_vector_of<int16_t>(numbers)))
                       : DenseElementsAttr::get(type, numbers);
  Value constant = qk::ConstantOp::create(b, op.getLoc(), type, value, b.getStringAttr("zero"));
  op.getGroupParamsMutable().append(constant);
  shape.groupParams.push_back(element);
  Block &combine = op.getCombine().front();
  Value added = combine.addArgument(element, op.getLoc()), products = combine.getArgument(1);
  OpBuilder inside = OpBuilder::atBlockBegin(&combine);
  if (isShort)
    added = arith::ExtSIOp::create(inside, op.getLoc(), b.getI32Type(), added);
  auto sum = arith::AddIOp::create(inside, op.getLoc(), products, added);
  products.replaceAllUsesExcept(sum, sum);
}

/// The zero point is the border's code.
void Packing::setPadCode() {
  qnn::IntegerDecode decode = llvm::cast<qnn::NumberFormat>(op.getLhsFormat()).getIntegerDecode();
  if (!op.getPadCode())
    op.setPadCode(decode.invert(static_cast<int64_t>(op.getLhsZero())));
}

/// The same, and it is not taken off codes any more.
void Packing::encodeZero() {
  setPadCode();
  op.setLhsZero(-shape.stageOffset);
}

void Packing::run() {
  auto old = op.getRhs().getDefiningOp<qk::ConstantOp>();
  if (qnn::isTapwise(op.getAlgorithm())) {
    setPadCode(); // the zero is taken off transformed codes, before these are rounded
  } else if (shape.scaleGroup) {
    markNarrowTotals();
    if (qk::addsMultipliedSums(op))
      addToBias(correctionsOfTotals());
    else
      addToGroups(corrections());
    encodeZero();
  } else if (!shape.tile.isFloat()) {
    markNarrow();
    addToBias(corrections());
    if (!shape.hasBorderSums)
      encodeZero();
  }
  std::vector<char> bytes;
  if (shape.tile.asPatch())
    bytes = patchBytes();
  else if (op.getSchedule()->getTiles() > 0)
    bytes = op.getSchedule()->getSmallWeights() ? smallWinogradBytes() : winogradBytes();
  else if (DepthwiseShape::matches(shape.window))
    bytes = depthwiseBytes(DepthwiseShape(op, shape.tile));
  else
    bytes = packedBytes();
  auto type = RankedTensorType::get({static_cast<int64_t>(bytes.size())}, b.getI8Type());
  std::string name = old.getName().value_or("filter").str();
  auto packed =
      qk::ConstantOp::create(b, op.getLoc(), type, makeResource(type, name, std::move(bytes)), old.getNameAttr());
  op.getRhsMutable().assign(packed);
  op.getGroupParamsMutable().clear();
  op.setPacked(true);
}

/// The same of a schedule with tiles.
LogicalResult verifyWinograd(qk::ContractOp op, const BlockTile &tile) {
  qk::ScheduleAttr schedule = *op.getSchedule();
  if (!WinogradShape::matches(op, tile))
    return op.emitError() << "has no form that '" << schedule.getTile() << "' computes by Winograd's algorithm";
  if (std::string problem = WinogradShape::problem(op, tile, schedule.getSmallWeights()); !problem.empty())
    return op.emitError() << problem;
  WinogradShape shape(op, tile);
  ArrayRef<int64_t> kernel = op.getWindow().getKernel();
  if (shape.hasSmallWeights &&
      !(shape.isExact() && qnn::winograd::computes(qnn::AlgorithmKind::WinogradF2Small, kernel[0], kernel[1])))
    return op.emitError() << "has small weights, which F(2x2, 3x3) alone transforms, but the schedule has " << schedule;
  // Blocks of neighbours in a row have their codes together: those of one are transformed at a time, unless there are
  // weights to be transformed, too; of several rows of tiles, all.
  int64_t ofRow = schedule.getTiles() / shape.rowsTogether;
  bool areBlocks =
      !shape.hasBlocks() ||
      (schedule.getTiles() % shape.rowsTogether == 0 &&
       (shape.hasSmallWeights ? ofRow >= schedule.getM() && (shape.rowsTogether == 1 || ofRow == shape.width()) &&
                                    (ofRow == shape.width() || ofRow % schedule.getM() == 0)
                              : schedule.getTiles() == schedule.getM() && shape.rowsTogether == 1));
  int64_t most = shape.tilesTogether(),
          rowsOfTiles = llvm::divideCeilSigned(op.getWindow().getOutput()[0], shape.transforms.rows.outputs);
  if (schedule.getM() > most || schedule.getTiles() > most || schedule.getTiles() < schedule.getM() ||
      schedule.getLines() != shape.lines() || schedule.getRows() != shape.rows() ||
      rowsOfTiles % shape.rowsTogether != 0 || !areBlocks ||
      !tile.holdsBlock(schedule.getM(), schedule.getN() / tile.lanes))
    return op.emitError() << "expects blocks of up to " << most << " tiles that registers hold, " << shape.lines()
                          << " lines and " << shape.rows() << " rows at a time, but the schedule has " << schedule;
  return success();
}

/// The form and the register block of a schedule without tiles.
LogicalResult verifyDirect(qk::ContractOp op, const BlockTile &tile) {
  qk::ScheduleAttr schedule = *op.getSchedule();
  StringRef name = schedule.getTile();
  if (!hasBlockForm(op, tile) || !computesWindow(tile, op.getWindow()) || tile.isForTransformed())
    return op.emitError() << "has no form that '" << name << "' computes: it needs constant weights and whole codes";
  if (!fitsWeights(op, tile))
    return op.emitError() << "has weights that '" << name << "' does not multiply exactly";
  if (schedule.getN() % tile.lanes != 0)
    return op.emitError() << "expects a multiple of " << tile.lanes << " channels at a time for '" << name
                          << "', but the schedule has " << schedule.getN();
  if (!DepthwiseShape::matches(op.getWindow()) && tile.planePositions() > 0) {
    int64_t positions = BlockShape(op, tile).hasPlanes ? tile.planePositions() : 1;
    if (schedule.getM() != positions || !tile.holdsBlock(positions, schedule.getN()))
      return op.emitError() << "expects " << positions
                            << " positions at a time, and as many channels as registers hold, "
                            << "but the schedule has " << schedule.getM() << " and " << schedule.getN();
  }
  bool isBlock = !DepthwiseShape::matches(op.getWindow()) && !tile.asPatch() && !tile.asPlanar();
  if (isBlock && !std::isfinite(tile.blockCycles(BlockShape(op, tile), schedule.getM(), schedule.getN() / tile.lanes)))
    return op.emitError() << "expects a block that '" << name << "' has, but the schedule has " << schedule.getM()
                          << " positions and " << schedule.getN() << " channels";
  return success();
}

/// A schedule may be written by hand: what does not hold for it is an error here, so that codegen can rely on it.
LogicalResult verifySchedule(qk::ContractOp op, const BlockTile &tile) {
  qk::ScheduleAttr schedule = *op.getSchedule();
  bool hasTiles = schedule.getTiles() > 0;
  if (hasTiles ? failed(verifyWinograd(op, tile)) : failed(verifyDirect(op, tile)))
    return failure();
  Staging staging = stagingOf(op, tile);
  bool isRead = schedule.getLines() == 0 && staging.canReadInPlace;
  if (!isRead && schedule.getLines() != staging.lines)
    return op.emitError() << "expects " << staging.lines << " lines, but the schedule has " << schedule.getLines();
  // The planner counts on the order of rows.
  BlockShape shape(op, tile);
  int64_t row = isRead && qk::seesOnePosition(op.getWindow()) ? shape.width : 0;
  int64_t together = tile.asPatch() ? PatchShape(op.getWindow()).rowsTogether() : shape.scheduledRows();
  if ((schedule.getRow() != 0 && schedule.getRow() != row) || (!hasTiles && schedule.getRows() != together))
    return op.emitError() << "expects a row of " << row << " positions and " << together
                          << " rows at a time, but the schedule has " << schedule.getRow() << " and "
                          << schedule.getRows();
  bool isDepthwise = DepthwiseShape::matches(op.getWindow()) && !tile.asPatch();
  int64_t channels = isDepthwise ? DepthwiseShape(op, tile).channelsAtOnce : 0;
  if (schedule.getChannels() != channels)
    return op.emitError() << "expects " << channels << " channels with all their rows at a time, but the schedule has "
                          << schedule.getChannels();
  if (tile.asPatch() && schedule.getN() != PatchShape(op.getWindow()).chunk)
    return op.emitError() << "expects " << PatchShape(op.getWindow()).chunk
                          << " channels at a time, but the schedule has " << schedule.getN();
  int64_t there = op.getScratch() ? llvm::cast<ShapedType>(op.getScratch().getType()).getNumElements() : 0;
  int64_t bytes = (isRead ? staging.rowBytes : staging.bytes) * schedule.getPieces();
  if (there < bytes)
    return op.emitError() << "expects at least " << bytes << " bytes of scratch memory for its lines, but has "
                          << there;
  return success();
}

struct PackWeightsPass : MachinePass<PackWeightsPass, ModuleOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PackWeightsPass)
  PackWeightsPass() = default;
  PackWeightsPass(const Machine *machine, bool consumesConstants)
      : MachinePass(machine), consumesConstants(consumesConstants) {}
  StringRef getArgument() const override { return "qk-pack-weights"; }
  StringRef getDescription() const override { return "Order weights as the tile instructions read them"; }
  void runOnOperation() override {
    FailureOr<Machine> chosen = machine();
    if (failed(chosen))
      return signalPassFailure();
    owners.clear();
    getOperation().walk([&](qk::ConstantOp op) { ++owners[keyOf(op)]; });
    WalkResult result = getOperation().walk([&](qk::ContractOp op) {
      const BlockTile *tile = op.getPacked() ? nullptr : blockTileOf(op, *chosen->target);
      if (!tile)
        return WalkResult::advance();
      if (failed(verifySchedule(op, *tile)))
        return WalkResult::interrupt();
      auto weights = op.getRhs().getDefiningOp<qk::ConstantOp>();
      Packing(op, *tile).run();
      if (weights->use_empty())
        erase(weights);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
    // What has been folded into others, too.
    getOperation().walk([&](qk::ConstantOp op) {
      if (op->use_empty())
        erase(op);
    });
  }

private:
  static StringRef keyOf(qk::ConstantOp op) {
    auto resource = llvm::dyn_cast<DenseResourceElementsAttr>(op.getValue());
    return resource ? resource.getRawHandle().getKey() : StringRef();
  }

  /// A constant that is not needed any more; nor are its bytes, if no other has them and nobody has other uses of the
  /// module.
  void erase(qk::ConstantOp op) {
    StringRef key = keyOf(op);
    op.erase();
    if (--owners[key] == 0 && !key.empty() && consumesConstants)
      releaseResource(&getContext(), key);
  }

  bool consumesConstants = false;
  llvm::StringMap<int64_t> owners; // constants by the key of their bytes
};
} // namespace

std::unique_ptr<Pass> layout::createPackWeightsPass(const Machine *machine, bool consumesConstants) {
  return std::make_unique<PackWeightsPass>(machine, consumesConstants);
}
