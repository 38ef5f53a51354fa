#include "compiler/memory/FormStream.h"

#include "compiler/memory/ArenaPlan.h"
#include "compiler/tiling/Schedule.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

static int64_t rowsSeen(qk::WindowAttr window) { return (window.getKernel()[0] - 1) * window.getDilations()[0] + 1; }

/// What a stage of a stream can be, by itself: constant weights, whole codes, one image, rows that come and go.
static bool canStream(qk::ContractOp op) {
  auto isWhole = [](Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits() % 8 == 0; };
  auto isConstant = [](Value value) { return value.getDefiningOp<qk::ConstantOp>() != nullptr; };
  qk::WindowAttr window = op.getWindow();
  int64_t seen = rowsSeen(window), stride = window.getStrides()[0], pad = window.getPads()[0];
  if (window.getBatch() != 1 || window.inputElements() == 0 || window.outputElements() == 0 || op.getPacked() ||
      !isWhole(op.getLhsFormat()) || !isWhole(op.getOutFormat()) || op.getScaleGroup() > 0 || !isConstant(op.getRhs()))
    return false;
  // A row alone is no tile.
  if (qnn::isWinograd(op.getAlgorithm()) || !llvm::all_of(op.getParams(), isConstant) ||
      !op.getInit().getDefiningOp<tensor::EmptyOp>())
    return false;
  int64_t end = (window.getOutput()[0] - 1) * stride + seen, last = pad + window.getInput()[0];
  constexpr int64_t mostRows = 32; // which a stage copies one by one
  return window.getInput()[0] > 1 && seen <= mostRows && seen >= stride && seen > pad && last - end < stride &&
         end - last < seen;
}

/// The longest chains of contractions that a stream can compute.
static std::vector<std::vector<qk::ContractOp>> findChains(func::FuncOp model) {
  std::vector<std::vector<qk::ContractOp>> chains;
  for (auto op : model.front().getOps<qk::ContractOp>()) {
    if (!canStream(op))
      continue;
    qk::ContractOp before = chains.empty() ? qk::ContractOp() : chains.back().back();
    bool continues = before && op.getLhs() == before.getResult() && before.getResult().hasOneUse() &&
                     op.getWindow().getInput() == before.getWindow().getOutput();
    if (!continues)
      chains.emplace_back();
    chains.back().push_back(op);
  }
  return chains;
}

namespace {
class StreamFormer {
public:
  StreamFormer(ArrayRef<qk::ContractOp> chain, const target::Machine &machine)
      : chain(chain), machine(machine), b(chain.back()) {}
  qk::StreamOp form();

private:
  qk::StageAttr stageOf(qk::ContractOp op);
  void addContraction(qk::ContractOp op, Block &body);
  void chooseSchedule(qk::ContractOp op);
  Placement layOut(qk::StreamOp stream);

  ArrayRef<qk::ContractOp> chain;
  const target::Machine &machine;
  OpBuilder b;
};

qk::StageAttr StreamFormer::stageOf(qk::ContractOp op) {
  qk::WindowAttr window = op.getWindow();
  return qk::StageAttr::get(b.getContext(), window.getInput()[0], window.getOutput()[0], window.getStrides()[0],
                            window.getPads()[0], static_cast<int64_t>(op.getLhsZero()));
}

/// The contraction of one row. Rows of the border hold the zero point, which contributes nothing.
void StreamFormer::addContraction(qk::ContractOp op, Block &body) {
  qk::WindowAttr window = op.getWindow();
  int64_t input[] = {rowsSeen(window), window.getInput()[1]}, output[] = {1, window.getOutput()[1]};
  int64_t pads[] = {0, window.getPads()[1]};
  auto part = [&](Value whole, int64_t rows, int64_t height) {
    auto type = llvm::cast<RankedTensorType>(whole.getType());
    auto partType = RankedTensorType::get({type.getNumElements() / height * rows}, type.getElementType());
    return body.addArgument(partType, op.getLoc());
  };
  Value rows = part(op.getLhs(), input[0], window.getInput()[0]), row = part(op.getInit(), 1, window.getOutput()[0]);
  IRMapping mapping;
  mapping.map(op.getLhs(), rows);
  mapping.map(op.getInit(), row);
  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  op.getScratchMutable().clear();
  for (Value operand : op->getOperands())
    if (auto constant = operand.getDefiningOp<qk::ConstantOp>(); constant && !mapping.contains(operand))
      inside.clone(*constant, mapping);
  auto inner = llvm::cast<qk::ContractOp>(inside.clone(*op, mapping));
  inner->getResult(0).setType(row.getType());
  inner.setWindowAttr(qk::WindowAttr::get(b.getContext(), 1, input, output, window.getKernel(), window.getStrides(),
                                          window.getDilations(), pads, window.getGroups(), window.getChannels()));
  chooseSchedule(inner);
}

/// Of the schedules that stage nothing, the fastest. A row has no second one to share staged lines with.
void StreamFormer::chooseSchedule(qk::ContractOp op) {
  for (const tiling::Choice &choice : tiling::listChoices(op, machine)) {
    tiling::applyChoice(op, choice);
    if (!op.getScratch())
      return;
  }
}

/// Rows that a stage keeps live all the time, a row that is read at once from the step that writes it to the one that
/// reads it, scratch memory in its own step.
Placement StreamFormer::layOut(qk::StreamOp stream) {
  constexpr int64_t align = 4;
  SmallVector<qk::ContractOp> stages = stream.contractions();
  auto count = static_cast<int64_t>(stages.size());
  auto bytesOf = [](Value value) {
    auto type = llvm::cast<ShapedType>(value.getType());
    return type.getNumElements() * type.getElementTypeBitWidth() / 8;
  };
  std::vector<Buffer> buffers;
  for (int64_t i = 0; i < count; ++i) {
    bool isPassing = stream.rowsSeen(i) == 1;
    buffers.push_back({isPassing ? i - 1 : -1, isPassing ? i : count, bytesOf(stages[i].getLhs()), align});
  }
  for (int64_t i = 0; i < count; ++i)
    buffers.push_back({i, i, stages[i].getScratch() ? bytesOf(stages[i].getScratch()) : 0, align});
  return *memory::place(buffers);
}

qk::StreamOp StreamFormer::form() {
  SmallVector<Attribute> stages;
  SmallVector<Location> locations;
  for (qk::ContractOp op : chain) {
    stages.push_back(stageOf(op));
    locations.push_back(op.getLoc());
  }
  qk::ContractOp first = chain.front(), last = chain.back();
  Location loc = FusedLoc::get(b.getContext(), locations);
  SmallVector<int64_t> offsets(2 * chain.size(), 0);
  Value scratch = tensor::EmptyOp::create(b, loc, {int64_t(0)}, b.getI8Type());
  auto stream = qk::StreamOp::create(b, loc, last.getInit().getType(), first.getLhs(), scratch, last.getInit(),
                                     b.getArrayAttr(stages), b.getDenseI64ArrayAttr(offsets));
  Block &body = stream.getBody().emplaceBlock();
  for (qk::ContractOp op : chain)
    addContraction(op, body);
  Placement placement = layOut(stream);
  stream.setOffsets(placement.offsets);
  Operation *placeholder = scratch.getDefiningOp();
  b.setInsertionPoint(stream);
  stream.getScratchMutable().assign(tensor::EmptyOp::create(b, loc, {placement.total}, b.getI8Type()));
  placeholder->erase();
  last.getResult().replaceAllUsesWith(stream.getResult());
  for (qk::ContractOp op : llvm::reverse(chain))
    op.erase();
  return stream;
}

/// Neighbours in a chain, and the bytes that their stream needs with what lives beside it.
struct Part {
  int64_t bytes;
  size_t begin, end;
  bool operator<(const Part &other) const {
    return std::tuple(bytes, begin, end) < std::tuple(other.bytes, other.begin, other.end);
  }
};

class StreamChooser {
public:
  StreamChooser(func::FuncOp model, int64_t target, const target::Machine &machine)
      : model(model), target(target), machine(machine) {}
  /// Forms one more stream; false if there is no more to do.
  FailureOr<bool> formNext();

private:
  Part partOf(size_t chain, size_t begin, size_t end);
  Part choosePart(size_t chain, size_t begin, size_t end, size_t length);

  func::FuncOp model;
  int64_t target;
  const target::Machine &machine;
};

/// Tried on a copy.
Part StreamChooser::partOf(size_t chain, size_t begin, size_t end) {
  if (end - begin < 2)
    return {INT64_MAX, begin, end};
  OwningOpRef<func::FuncOp> copy = model.clone();
  std::vector<qk::ContractOp> layers = findChains(*copy)[chain];
  qk::StreamOp stream = StreamFormer(ArrayRef(layers).slice(begin, end - begin), machine).form();
  FailureOr<ArenaPlan> plan = ArenaPlan::create(*copy);
  return {failed(plan) ? INT64_MAX : plan->liveBytes(stream), begin, end};
}

/// The first part that is small enough, or the smallest, of those that have the layers from `begin` to `end`.
Part StreamChooser::choosePart(size_t chain, size_t begin, size_t end, size_t length) {
  Part last = partOf(chain, begin, end), smallest = last;
  while (last.bytes > target && (last.begin > 0 || last.end < length)) {
    Part earlier = {INT64_MAX, last.begin, length}, later = earlier;
    if (last.begin > 0)
      earlier = partOf(chain, last.begin - 1, last.end);
    if (last.end < length)
      later = partOf(chain, last.begin, last.end + 1);
    last = std::min(earlier, later);
    smallest = std::min(smallest, last);
  }
  return smallest;
}

FailureOr<bool> StreamChooser::formNext() {
  FailureOr<ArenaPlan> plan = ArenaPlan::create(model);
  if (failed(plan))
    return failure();
  for (auto [number, chain] : llvm::enumerate(findChains(model))) {
    auto isTooFull = [&](qk::ContractOp op) { return plan->liveBytes(op) > target; };
    auto first = llvm::find_if(chain, isTooFull);
    if (first == chain.end() || chain.size() < 2)
      continue;
    size_t begin = first - chain.begin(), end = chain.size();
    while (!isTooFull(chain[end - 1]))
      --end;
    Part part = choosePart(number, begin, end, chain.size());
    StreamFormer(ArrayRef(chain).slice(part.begin, part.end - part.begin), machine).form();
    return true;
  }
  return false;
}
} // namespace

FailureOr<int64_t> memory::formStreams(func::FuncOp model, int64_t target, const target::Machine &machine) {
  FailureOr<bool> isFormed = true;
  while (succeeded(isFormed) && *isFormed)
    isFormed = StreamChooser(model, target, machine).formNext();
  if (failed(isFormed))
    return failure();
  FailureOr<ArenaPlan> plan = ArenaPlan::create(model);
  if (failed(plan))
    return failure();
  FailureOr<Placement> placement = plan->place({.capacity = target});
  if (failed(placement))
    return failure();
  return placement->total;
}
