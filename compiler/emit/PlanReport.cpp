#include "compiler/emit/PlanReport.h"

#include "compiler/emit/CountOperations.h"
#include "compiler/memory/Passes.h"
#include "compiler/tiling/Tuning.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;

static std::string layerOf(Operation *kernel) {
  return layerName(kernel->getLoc()).value_or(kernel->getName().stripDialect().str());
}

/// Names by the operator's number where it has no name of its own.
static std::string layerOf(Operation *kernel, const ModelReport &report) {
  std::vector<size_t> layers = layersAt(kernel->getLoc(), report.layers);
  return layers.empty() ? layerOf(kernel) : report.layers[layers.front()].name;
}

static StreamReport describeStream(qk::StreamOp stream) {
  SmallVector<qk::WindowKernel> layers = stream.kernels();
  return {layerOf(layers.front()), layerOf(layers.back()), static_cast<int64_t>(layers.size()),
          llvm::cast<ShapedType>(stream.getScratch().getType()).getNumElements()};
}

//===-- Kernels ----------------------------------------------------------------------------===//

/// Adds operations to those of a kernel, and of the largest of the operators that they are of.
static void addOperations(OperationCounts counts, Location location, KernelReport &kernel, ModelReport &model) {
  kernel.operations += counts;
  model.operations += counts;
  std::vector<size_t> layers = layersAt(location, model.layers);
  auto byMacs = [&](size_t a, size_t b) { return model.layers[a].macs < model.layers[b].macs; };
  if (auto largest = llvm::max_element(layers, byMacs); largest != layers.end())
    model.layers[*largest].operations += counts;
}

static OperationCounts countOperations(qk::Kernel kernel, const target::Target &target) {
  auto contract = llvm::dyn_cast<qk::ContractOp>(*kernel);
  return contract ? countOperations(contract, target) : countOperations(kernel);
}

static std::string algorithmOf(qk::ContractOp op) { return qk::algorithmName(op, qk::scheduledAlgorithm(op)).str(); }

/// Adds a kernel, or a stage of one that is computed `times` times.
static void addStage(qk::Kernel stage, int64_t times, const target::Target &target, KernelReport &report,
                     ModelReport &model) {
  OperationCounts counts = countOperations(stage, target);
  addOperations({counts.bits * times, counts.highPrecision * times}, stage->getLoc(), report, model);
  auto contract = llvm::dyn_cast<qk::ContractOp>(*stage);
  if (!contract)
    return;
  report.macs += contract.getWindow().macs() * times;
  auto lhs = llvm::cast<qnn::NumberFormat>(contract.getLhsFormat()),
       rhs = llvm::cast<qnn::NumberFormat>(contract.getRhsFormat());
  report.isFloat |= lhs.isFloat();
  report.isBfloat |= contract.getLhsFormat().isBF16() && contract.getRhsFormat().isBF16();
  report.isBits |= lhs.getBits() == 1 && rhs.getBits() == 1;
  std::optional<qk::ScheduleAttr> schedule = contract.getSchedule();
  if (!schedule)
    return;
  // The contractions of a stream may differ.
  auto add = [](std::string &list, const std::string &text) {
    SmallVector<StringRef> known;
    StringRef(list).split(known, ", ");
    if (!llvm::is_contained(known, text))
      list += (list.empty() ? "" : ", ") + text;
  };
  std::string algorithm = schedule->getTiles() == 0 ? "" : ", " + algorithmOf(contract);
  add(report.tile, schedule->getTile().str() + algorithm);
  add(report.block, llvm::formatv("{0} x {1}", schedule->getM(), schedule->getN()).str());
  report.lines += schedule->getLines();
}

static void addKernel(qk::Kernel kernel, const target::Target &target, ModelReport &model) {
  KernelReport report;
  report.op = kernel->getName().stripDialect();
  report.layer = layerOf(kernel);
  report.pieces = qk::piecesOf(kernel);
  report.layers = layersAt(kernel->getLoc(), model.layers);
  if (auto stream = llvm::dyn_cast<qk::StreamOp>(*kernel)) {
    for (auto [index, stage] : llvm::enumerate(stream.kernels()))
      addStage(stage, stream.timesComputed(index), target, report, model);
    model.streams.push_back(describeStream(stream));
  } else {
    addStage(kernel, 1, target, report, model);
  }
  if (auto contract = llvm::dyn_cast<qk::ContractOp>(*kernel)) {
    report.contraction = tiling::describeContraction(contract);
    if (std::optional<qk::ScheduleAttr> schedule = contract.getSchedule(); schedule && schedule->getK() != 0) {
      report.instruction = schedule->getTile();
      report.algorithm = algorithmOf(contract);
      report.positions = schedule->getM();
      report.channels = schedule->getN();
    }
  }
  for (Value buffer : llvm::SmallSetVector<Value, 8>(kernel->operand_begin(), kernel->operand_end()))
    report.bytes += qk::bytesOf(buffer);
  model.kernels.push_back(std::move(report));
}

//===-- Buffers ----------------------------------------------------------------------------===//

namespace {
/// Follows the kernels of a model: what is read at a place is what was written there last.
class BufferReader {
public:
  explicit BufferReader(ModelReport &report) : report(report) {}
  void addInput(const TensorReport &input) {
    begin(BufferReport::Kind::Input, input.name, {input.memory, input.offset}, input.bytes, -1);
  }
  void addKernel(qk::Kernel kernel);
  void addOutput(const TensorReport &output);
  /// The next value of state, which is copied from the arena in the end.
  void addNextState(size_t memory, int64_t offset);

private:
  using Place = std::pair<size_t, int64_t>; // memory and offset
  static std::optional<Place> placeOf(Value buffer);
  void begin(BufferReport::Kind kind, StringRef name, Place place, int64_t bytes, int64_t step);

  ModelReport &report;
  llvm::DenseMap<Place, size_t> lastAt; // number of a buffer
  llvm::DenseSet<Value> written;
  int64_t step = 0;
};
} // namespace

void BufferReader::begin(BufferReport::Kind kind, StringRef name, Place place, int64_t bytes, int64_t step) {
  if (bytes == 0) // It has an offset, but no place.
    return;
  lastAt[place] = report.buffers.size();
  report.buffers.push_back({kind, name.str(), place.first, place.second, bytes, step, step});
}

/// Of a view of the arena; none for constants and for state.
std::optional<BufferReader::Place> BufferReader::placeOf(Value buffer) {
  APInt offset;
  auto view = buffer.getDefiningOp<memref::ViewOp>();
  if (!view || !matchPattern(view.getByteShift(), m_ConstantInt(&offset)))
    return std::nullopt;
  auto memory = llvm::cast<BlockArgument>(view.getSource());
  // Behind the parts of the arena is the state.
  bool hasState = memory.getOwner()->getParentOp()->hasAttr("qk.states");
  if (hasState && memory.getArgNumber() + 1 == memory.getOwner()->getNumArguments())
    return std::nullopt;
  return Place(memory.getArgNumber(), offset.getSExtValue());
}

void BufferReader::addKernel(qk::Kernel kernel) {
  SmallVector<SideEffects::EffectInstance<MemoryEffects::Effect>> effects;
  llvm::cast<MemoryEffectOpInterface>(*kernel).getEffects(effects);
  SmallVector<OpOperand *, 2> writes;
  for (const auto &effect : effects)
    if (llvm::isa<MemoryEffects::Write>(effect.getEffect()))
      writes.push_back(effect.getEffectValue<OpOperand *>());
  // A result may take the place of what this kernel reads.
  for (OpOperand &operand : kernel->getOpOperands())
    if (std::optional<Place> place = placeOf(operand.get()); place && !llvm::is_contained(writes, &operand))
      if (auto found = lastAt.find(*place); found != lastAt.end())
        report.buffers[found->second].last = step;
  for (OpOperand *operand : writes) {
    std::optional<Place> found = placeOf(operand->get());
    if (!found)
      continue;
    Place place = *found;
    using Kind = BufferReport::Kind;
    Kind kind = operand != &kernel.getDestination() ? Kind::Scratch
                : llvm::isa<qk::FetchOp>(*kernel)   ? Kind::Weights
                                                    : Kind::Tensor;
    if (written.insert(operand->get()).second)
      begin(kind, layerOf(kernel, report), place, qk::bytesOf(operand->get()), step);
    else if (auto found = lastAt.find(place); found != lastAt.end())
      report.buffers[found->second].last = step; // a part of a tensor that earlier kernels began
  }
  ++step;
}

void BufferReader::addOutput(const TensorReport &output) {
  auto found = lastAt.find({output.memory, output.offset});
  if (found == lastAt.end() || output.bytes == 0)
    return;
  BufferReport &buffer = report.buffers[found->second];
  buffer.last = step;
  if (buffer.kind != BufferReport::Kind::Tensor)
    return; // an input that is an output, too
  buffer.kind = BufferReport::Kind::Output;
  buffer.name = output.name;
}

void BufferReader::addNextState(size_t memory, int64_t offset) {
  if (auto found = lastAt.find({memory, offset}); found != lastAt.end())
    report.buffers[found->second].last = step;
}

//===-- The model --------------------------------------------------------------------------===//

/// The arena in one piece, or its parts.
static void readMemories(func::FuncOp model, ModelReport &report) {
  report.arenaAlign = model->getAttrOfType<IntegerAttr>("qk.align").getInt();
  report.arenaBytes = 0;
  for (Type type : model.getArgumentTypes().drop_back(model->hasAttr("qk.states") ? 1 : 0))
    report.arenaBytes += llvm::cast<MemRefType>(type).getNumElements();
  auto parts = model->getAttrOfType<ArrayAttr>("qk.memories");
  if (!parts) {
    report.arenaLowerBound = model->getAttrOfType<IntegerAttr>("qk.lower_bound").getInt();
    return;
  }
  for (auto part : parts.getAsRange<DictionaryAttr>()) {
    auto number = [&](StringRef field) { return part.getAs<IntegerAttr>(field).getInt(); };
    report.memories.push_back(
        {part.getAs<StringAttr>("name").str(), number("capacity"), number("bytes"), number("lower_bound")});
  }
}

void qcc::readPlan(func::FuncOp model, const target::Target &target, ModelReport &report) {
  readMemories(model, report);
  auto readOffsets = [&](StringRef name, auto &tensors) {
    auto buffers = model->getAttrOfType<ArrayAttr>(name).getAsRange<DictionaryAttr>();
    for (auto [attribute, tensor] : llvm::zip(buffers, tensors)) {
      tensor.offset = attribute.template getAs<IntegerAttr>("offset").getInt();
      if (auto memory = attribute.template getAs<IntegerAttr>("memory"))
        tensor.memory = memory.getInt();
    }
  };
  readOffsets("qk.inputs", report.inputs);
  readOffsets("qk.outputs", report.outputs);
  if (auto states = model->getAttrOfType<ArrayAttr>("qk.states")) {
    readOffsets("qk.states", report.states);
    report.stateBytes = llvm::cast<MemRefType>(model.getArgumentTypes().back()).getNumElements();
  }

  BufferReader reader(report);
  for (const TensorReport &input : report.inputs)
    reader.addInput(input);
  for (auto kernel : model.getOps<qk::Kernel>()) {
    addKernel(kernel, target, report);
    reader.addKernel(kernel);
  }
  for (const TensorReport &output : report.outputs)
    reader.addOutput(output);
  if (auto states = model->getAttrOfType<ArrayAttr>("qk.states"))
    for (auto state : states.getAsRange<DictionaryAttr>())
      if (auto source = state.getAs<IntegerAttr>("source"))
        reader.addNextState(state.get("memory") ? state.getAs<IntegerAttr>("memory").getInt() : 0, source.getInt());
}
