#include "compiler/memory/FormStream.h"

#include "compiler/memory/ArenaPlan.h"
#include "compiler/tiling/Schedule.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

/// True if the rows of an image begin and end with whole bytes.
static bool hasWholeRows(qk::WindowAttr window, Type format, bool isInput) {
  int64_t codes = isInput ? window.inputElements() : window.outputElements(),
          rows = isInput ? window.getInput()[0] : window.getOutput()[0];
  return codes / rows * llvm::cast<qnn::NumberFormat>(format).getBits() % 8 == 0;
}

/// Contractions that compute a row like any other rows.
static bool hasOwnRows(qk::ContractOp op) {
  auto isConstant = [](Value value) { return value.getDefiningOp<qk::ConstantOp>() != nullptr; };
  return !op.getPacked() && !op.getPart() && op.getScaleGroup() == 0 && isConstant(op.getRhs()) &&
         llvm::all_of(op.getParams(), isConstant) && !qnn::isWinograd(op.getAlgorithm()); // a row alone is no tile
}

/// What a stage of a stream can be, by itself: constant weights, rows of whole bytes, one image, rows that come and go.
static bool canStream(qk::WindowKernel op) {
  qk::WindowAttr window = op.getWindow();
  auto contract = llvm::dyn_cast<qk::ContractOp>(*op);
  if (window.getBatch() != 1 || window.inputElements() == 0 || window.outputElements() == 0 ||
      !hasWholeRows(window, op.getImageFormat(), true) || !hasWholeRows(window, op.getOutFormat(), false) ||
      !op.getDestination().get().getDefiningOp<tensor::EmptyOp>() || (contract && !hasOwnRows(contract)))
    return false;
  int64_t seen = window.seenBy(1), stride = window.getStrides()[0], pad = window.getPads()[0];
  int64_t end = window.seenBy(window.getOutput()[0]), last = pad + window.getInput()[0];
  if ((pad > 0 || end > last) && !op.getBorderCode())
    return false;
  constexpr int64_t mostRows = 32; // which a stage copies one by one
  return window.getInput()[0] > 1 && seen <= mostRows && seen >= stride && seen > pad && last - end < stride &&
         end - last < seen;
}

std::vector<Chain> memory::findChains(func::FuncOp model) {
  std::vector<Chain> chains;
  for (auto op : model.front().getOps<qk::WindowKernel>()) {
    if (!canStream(op))
      continue;
    qk::WindowKernel before = chains.empty() ? qk::WindowKernel() : chains.back().back();
    bool continues = before && op.getImage() == before->getResult(0) && before->getResult(0).hasOneUse() &&
                     op.getWindow().getInput() == before.getWindow().getOutput();
    if (!continues)
      chains.emplace_back();
    chains.back().push_back(op);
  }
  return chains;
}

/// Of the schedules for a row, the fastest, and the fastest of those that stage nothing; the slowest if each stages
/// something.
struct RowSchedules {
  tiling::Choice fastest, smallest;
};

/// Has the contraction take the smallest.
static RowSchedules chooseSchedule(qk::ContractOp op, const target::Machine &machine) {
  RowSchedules result;
  std::vector<tiling::Choice> choices = tiling::listChoices(op, machine);
  for (const tiling::Choice &choice : choices) {
    tiling::applyChoice(op, choice);
    result = {choices.front(), choice};
    if (!op.getScratch())
      break;
  }
  return result;
}

namespace {
class StreamFormer {
public:
  StreamFormer(ArrayRef<qk::WindowKernel> chain, ArrayRef<int64_t> rowsTogether, RowSchedule schedule,
               const target::Machine &machine)
      : chain(chain), rowsTogether(rowsTogether), schedule(schedule), machine(machine), b(chain.back()) {}
  qk::StreamOp form();

private:
  qk::StageAttr stageOf(qk::WindowKernel op);
  void addStage(qk::WindowKernel op, int64_t together, Block &body);

  ArrayRef<qk::WindowKernel> chain;
  ArrayRef<int64_t> rowsTogether;
  RowSchedule schedule;
  const target::Machine &machine;
  OpBuilder b;
};

qk::StageAttr StreamFormer::stageOf(qk::WindowKernel op) {
  qk::WindowAttr window = op.getWindow();
  return qk::StageAttr::get(b.getContext(), window.getInput()[0], window.getOutput()[0], window.getStrides()[0],
                            window.getPads()[0], op.getBorderCode().value_or(0));
}

/// The kernel of some rows. Rows of the border hold the code that does what the border does.
void StreamFormer::addStage(qk::WindowKernel op, int64_t together, Block &body) {
  qk::WindowAttr window = op.getWindow();
  int64_t input[] = {window.seenBy(together), window.getInput()[1]}, output[] = {together, window.getOutput()[1]};
  int64_t pads[] = {0, window.getPads()[1]};
  auto part = [&](Value whole, int64_t rows, int64_t height) {
    auto type = llvm::cast<RankedTensorType>(whole.getType());
    auto partType = RankedTensorType::get({type.getNumElements() / height * rows}, type.getElementType());
    return body.addArgument(partType, op.getLoc());
  };
  Value image = op.getImage(), init = op.getDestination().get();
  Value rows = part(image, input[0], window.getInput()[0]), row = part(init, together, window.getOutput()[0]);
  IRMapping mapping;
  mapping.map(image, rows);
  mapping.map(init, row);
  OpBuilder inside = OpBuilder::atBlockEnd(&body);
  if (auto contract = llvm::dyn_cast<qk::ContractOp>(*op))
    contract.getScratchMutable().clear();
  for (Value operand : op->getOperands())
    if (auto constant = operand.getDefiningOp<qk::ConstantOp>(); constant && !mapping.contains(operand))
      inside.clone(*constant, mapping);
  auto inner = llvm::cast<qk::WindowKernel>(inside.clone(*op, mapping));
  inner->getResult(0).setType(row.getType());
  inner->setAttr("window",
                 qk::WindowAttr::get(b.getContext(), 1, input, output, window.getKernel(), window.getStrides(),
                                     window.getDilations(), pads, window.getGroups(), window.getChannels()));
  auto contract = llvm::dyn_cast<qk::ContractOp>(*inner);
  if (!contract)
    return;
  RowSchedules schedules = chooseSchedule(contract, machine);
  if (schedule == RowSchedule::Fastest)
    tiling::applyChoice(contract, schedules.fastest);
}

/// Rows that a stage keeps live all the time, a row that is read at once from the step that writes it to the one that
/// reads it, scratch memory in its own step.
static void layOut(qk::StreamOp stream) {
  constexpr int64_t align = 4;
  SmallVector<qk::WindowKernel> stages = stream.kernels();
  auto count = static_cast<int64_t>(stages.size());
  std::vector<Buffer> buffers;
  for (int64_t i = 0; i < count; ++i) {
    bool isPassing = stream.passesRows(i);
    int64_t bytes = i == 0 && stream.readsInputInPlace() ? 0 : qk::bytesOf(stages[i].getImage());
    buffers.push_back({isPassing ? i - 1 : -1, isPassing ? i : count, bytes, align});
  }
  for (int64_t i = 0; i < count; ++i)
    buffers.push_back({i, i, stages[i].getScratch() ? qk::bytesOf(stages[i].getScratch()) : 0, align});
  Placement placement = *memory::place(buffers);
  stream.setOffsets(placement.offsets);
  OpBuilder b(stream);
  Operation *old = stream.getScratch().getDefiningOp();
  stream.getScratchMutable().assign(tensor::EmptyOp::create(b, stream.getLoc(), {placement.total}, b.getI8Type()));
  old->erase();
}

qk::StreamOp StreamFormer::form() {
  SmallVector<Attribute> stages;
  SmallVector<Location> locations;
  for (qk::WindowKernel op : chain) {
    stages.push_back(stageOf(op));
    locations.push_back(op.getLoc());
  }
  qk::WindowKernel first = chain.front(), last = chain.back();
  Value init = last.getDestination().get();
  Location loc = FusedLoc::get(b.getContext(), locations);
  SmallVector<int64_t> offsets(2 * chain.size(), 0);
  Value scratch = tensor::EmptyOp::create(b, loc, {int64_t(0)}, b.getI8Type());
  auto stream = qk::StreamOp::create(b, loc, init.getType(), first.getImage(), scratch, init, b.getArrayAttr(stages),
                                     b.getDenseI64ArrayAttr(offsets));
  Block &body = stream.getBody().emplaceBlock();
  for (auto [op, together] : llvm::zip_equal(chain, rowsTogether))
    addStage(op, together, body);
  layOut(stream);
  last->getResult(0).replaceAllUsesWith(stream.getResult());
  for (qk::WindowKernel op : llvm::reverse(chain))
    op.erase();
  return stream;
}

} // namespace

qk::StreamOp memory::formStream(ArrayRef<qk::WindowKernel> chain, ArrayRef<int64_t> rowsTogether, RowSchedule schedule,
                                const target::Machine &machine) {
  return StreamFormer(chain, rowsTogether, schedule, machine).form();
}

/// The stream that needs least memory.
static qk::StreamOp formSmallest(ArrayRef<qk::WindowKernel> chain, const target::Machine &machine) {
  return formStream(chain, SmallVector<int64_t>(chain.size(), 1), RowSchedule::Smallest, machine);
}

namespace {
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
  Chain layers = findChains(*copy)[chain];
  qk::StreamOp stream = formSmallest(ArrayRef(layers).slice(begin, end - begin), machine);
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
    auto isTooFull = [&](qk::WindowKernel op) { return plan->liveBytes(op) > target; };
    auto first = llvm::find_if(chain, isTooFull);
    if (first == chain.end() || chain.size() < 2)
      continue;
    size_t begin = first - chain.begin(), end = chain.size();
    while (!isTooFull(chain[end - 1]))
      --end;
    Part part = choosePart(number, begin, end, chain.size());
    formSmallest(ArrayRef(chain).slice(part.begin, part.end - part.begin), machine);
    return true;
  }
  return false;
}
} // namespace

/// Gives contractions of streams their fastest schedules, staged lines included, where there is room for these: first
/// to those that lose most without. Returns the bytes of the arena, of which there are `bytes` before.
static FailureOr<int64_t> useRoom(func::FuncOp model, int64_t bytes, int64_t target, const target::Machine &machine) {
  struct Stage {
    qk::StreamOp stream;
    qk::ContractOp op;
    RowSchedules schedules;
  };
  std::multimap<double, Stage, std::greater<>> byLoss;
  for (auto stream : model.front().getOps<qk::StreamOp>())
    for (auto [index, kernel] : llvm::enumerate(stream.kernels()))
      if (auto op = llvm::dyn_cast<qk::ContractOp>(*kernel)) {
        RowSchedules schedules = chooseSchedule(op, machine);
        double lost = schedules.smallest.cycles - schedules.fastest.cycles;
        if (lost > 0)
          byLoss.insert({lost * static_cast<double>(stream.timesComputed(index)), {stream, op, schedules}});
      }
  for (auto &[cyclesLost, stage] : byLoss) {
    auto &[stream, op, schedules] = stage;
    tiling::applyChoice(op, schedules.fastest);
    layOut(stream);
    FailureOr<int64_t> grown = arenaBytes(model, {.capacity = target});
    if (failed(grown))
      return failure();
    if (*grown <= target) {
      bytes = *grown;
      continue;
    }
    tiling::applyChoice(op, schedules.smallest);
    layOut(stream);
  }
  return bytes;
}

FailureOr<int64_t> memory::formStreams(func::FuncOp model, int64_t target, const target::Machine &machine) {
  FailureOr<bool> isFormed = true;
  while (succeeded(isFormed) && *isFormed)
    isFormed = StreamChooser(model, target, machine).formNext();
  if (failed(isFormed))
    return failure();
  FailureOr<int64_t> bytes = arenaBytes(model, {.capacity = target});
  if (failed(bytes) || *bytes > target)
    return bytes;
  return useRoom(model, *bytes, target, machine);
}
