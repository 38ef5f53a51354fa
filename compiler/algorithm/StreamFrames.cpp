// qnn-stream-frames: from a model that sees a window of frames to one that gets the new ones.
//
// A value x of the model has frames x[0..L), of which the last n are new in a run; the others are frames n.. of the run
// before. With the last W frames kept as state,
//   w = concat(state[n..W), the new frames);  state' = w
// gives every operator that reads at most W of them what it needs. A window of k frames that goes on by s needs, for
// the last m of its L' results, the frames from (L' - m) s on: its new results are
//   f(w[(L' - m) s - (L - W)..)),
// and an operator that has to see all of x gets it with W = L.
#include "compiler/algorithm/FrameFlow.h"
#include "compiler/algorithm/Passes.h"
#include "compiler/pipeline/ModelReport.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/State.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::algorithm;

namespace {

RankedTensorType withFrames(Type type, int64_t axis, int64_t count) {
  auto tensor = llvm::cast<RankedTensorType>(type);
  SmallVector<int64_t> shape(tensor.getShape());
  shape[axis] = count;
  return RankedTensorType::get(shape, tensor.getElementType());
}

int64_t bytesOf(RankedTensorType type) { return qnn::getFormat(type).getPackedBytes(type.getNumElements()); }

class Streamer {
public:
  Streamer(func::FuncOp model, const StreamOptions &options)
      : model(model), options(options), body(model.front()), b(model.getContext()) {}
  LogicalResult run();

private:
  LogicalResult verifyModel();
  LogicalResult verifyFormats(const FrameFlow &flow);
  void stream(Operation *op, const FrameFlow &flow);
  void addValue(Value original, Value fresh, const FrameFlow &flow);
  Value addState(Value fresh, Frames frames, int64_t count, Operation *reader);
  Value lastFrames(OpOperand &operand, const FrameFlow &flow);
  void setInterface(DictionaryAttr input, ArrayRef<DictionaryAttr> outputs);

  func::FuncOp model;
  StreamOptions options;
  Block &body;
  OpBuilder b;
  /// Of a value of the original model with frames: the new ones, or, if it is kept as state, the last ones.
  IRMapping streamed;
  struct State {
    Value next;
    std::optional<std::string> name;
  };
  SmallVector<State> states;
};

LogicalResult Streamer::verifyModel() {
  if (qnn::stateCount(model) > 0)
    return model.emitError() << "cannot stream '" << model.getName() << "', which has state already";
  if (!model.getBody().hasOneBlock())
    return model.emitError() << "expects a model of one block, but it has " << model.getBody().getBlocks().size();
  if (model.getNumArguments() != 1 || !qnn::isFormatTensor(model.getArgumentTypes()[0]))
    return model.emitError() << "expects one input to stream, a tensor of a number format, but the model has "
                             << model.getNumArguments() << " inputs";
  ArrayRef<int64_t> shape = shapeOf(model.getArgument(0));
  auto rank = static_cast<int64_t>(shape.size());
  if (options.axis < 0 || options.axis >= rank)
    return model.emitError() << "expects an axis from 0 to " << rank - 1 << " of the input " << showShape(shape)
                             << " to stream, but got " << options.axis;
  int64_t frames = shape[options.axis];
  if (options.hop < 1 || options.hop >= frames)
    return model.emitError() << "expects fewer new frames in a run than the " << frames << " of the input "
                             << showShape(shape) << " along axis " << options.axis << ", and at least 1, but got "
                             << options.hop;
  return success();
}

/// The most frames that a reader needs.
int64_t framesKept(Value value, const FrameFlow &flow) {
  int64_t most = 0;
  for (OpOperand &use : value.getUses())
    most = std::max(most, flow.framesRead(use));
  return most;
}

/// The first reader that needs so many.
Operation *readerOf(Value value, int64_t frames, const FrameFlow &flow) {
  Operation *first = nullptr;
  for (OpOperand &use : value.getUses())
    if (flow.framesRead(use) == frames && (!first || use.getOwner()->isBeforeInBlock(first)))
      first = use.getOwner();
  return first;
}

/// Frames are kept and taken by moves, which channel parameters do not survive.
LogicalResult Streamer::verifyFormats(const FrameFlow &flow) {
  auto verifyValue = [&](Value value) -> LogicalResult {
    if (!flow.find(value) || qnn::getFormat(value).getChannelAxis() < 0)
      return success();
    return emitError(value.getLoc()) << "cannot stream frames of " << value.getType()
                                     << "; expects a format without channel parameters";
  };
  for (Operation &op : body)
    for (Value result : op.getResults())
      if (failed(verifyValue(result)))
        return failure();
  return verifyValue(model.getArgument(0));
}

/// A further argument and result for the last `count` frames of a value, which it returns. It is called after the first
/// layer that needs so many.
Value Streamer::addState(Value fresh, Frames frames, int64_t count, Operation *reader) {
  RankedTensorType type = withFrames(fresh.getType(), frames.axis, count);
  Location loc = reader->getLoc();
  Value state = body.addArgument(type, loc);
  SmallVector<int64_t> starts(type.getRank(), 0), strides(type.getRank(), 1);
  starts[frames.axis] = frames.fresh;
  RankedTensorType keptType = withFrames(type, frames.axis, count - frames.fresh);
  Value kept = qnn::SliceOp::create(b, loc, keptType, state, starts, strides);
  Value last = qnn::ConcatOp::create(b, loc, type, ValueRange{kept, fresh}, frames.axis);
  states.push_back({last, layerName(loc)});
  reader->emitRemark() << "keeps " << count << " frames of its input, " << bytesOf(type) << " bytes of state";
  return last;
}

void Streamer::addValue(Value original, Value fresh, const FrameFlow &flow) {
  std::optional<Frames> frames = flow.find(original);
  int64_t kept = frames ? framesKept(original, flow) : 0;
  if (frames && kept > frames->fresh)
    fresh = addState(fresh, *frames, kept, readerOf(original, kept, flow));
  streamed.map(original, fresh);
}

/// What an operator reads of a value with frames.
Value Streamer::lastFrames(OpOperand &operand, const FrameFlow &flow) {
  Value value = streamed.lookup(operand.get());
  Frames frames = *flow.find(operand.get());
  int64_t count = flow.framesRead(operand), have = shapeOf(value)[frames.axis];
  if (count == have)
    return value;
  SmallVector<int64_t> starts(shapeOf(value).size(), 0), strides(starts.size(), 1);
  starts[frames.axis] = have - count;
  return qnn::SliceOp::create(b, operand.getOwner()->getLoc(), withFrames(value.getType(), frames.axis, count), value,
                              starts, strides);
}

void Streamer::stream(Operation *op, const FrameFlow &flow) {
  b.setInsertionPoint(op);
  IRMapping operands;
  for (OpOperand &operand : op->getOpOperands())
    if (flow.find(operand.get()))
      operands.map(operand.get(), lastFrames(operand, flow));
    else
      operands.map(operand.get(), streamed.lookupOrDefault(operand.get()));
  Operation *fresh = b.clone(*op, operands);
  bool hasFrames = flow.hasFrames(op), isWhole = hasFrames && !flow.following(op).whyNot.empty();
  if (isWhole)
    op->emitRemark() << "is computed as a whole in each run: it " << flow.following(op).whyNot;
  if (auto slice = llvm::dyn_cast<qnn::SliceOp>(fresh); slice && hasFrames && !isWhole) {
    SmallVector<int64_t> starts(slice.getStarts());
    starts[flow.following(op).axis] = 0; // the operand begins with the first frame that is taken
    slice.setStarts(starts);
  }
  for (auto [original, result] : llvm::zip_equal(op->getResults(), fresh->getResults())) {
    if (std::optional<Frames> frames = flow.find(original))
      result.setType(withFrames(result.getType(), frames->axis, frames->fresh));
    addValue(original, result, flow);
  }
}

void Streamer::setInterface(DictionaryAttr input, ArrayRef<DictionaryAttr> outputs) {
  Operation *terminator = body.getTerminator();
  SmallVector<Value> results(terminator->getOperands());
  for (const State &state : states)
    results.push_back(state.next);
  terminator->setOperands(results);
  model.setArgAttrsAttr(nullptr);
  model.setResAttrsAttr(nullptr);
  model.setFunctionType(b.getFunctionType(body.getArgumentTypes(), ValueRange(results).getTypes()));
  model.setArgAttrs(0, input);
  for (auto [index, attributes] : llvm::enumerate(outputs))
    model.setResultAttrs(index, attributes);
  for (auto [index, state] : llvm::enumerate(states)) {
    model.setArgAttr(1 + index, qnn::stateAttrName, b.getF64FloatAttr(0));
    if (state.name)
      model.setArgAttr(1 + index, "qnn.name", b.getStringAttr(*state.name));
    model.setResultAttr(outputs.size() + index, qnn::stateAttrName, b.getUnitAttr());
  }
}

LogicalResult Streamer::run() {
  if (failed(verifyModel()))
    return failure();
  int64_t macs = describeModel(model).totals.macs;
  BlockArgument input = model.getArgument(0);
  FrameFlow flow(model, {options.axis, shapeOf(input)[options.axis], options.hop});
  if (failed(verifyFormats(flow)))
    return failure();
  DictionaryAttr inputAttributes = model.getArgAttrDict(0);
  SmallVector<DictionaryAttr> outputAttributes;
  for (unsigned index = 0; index < model.getNumResults(); ++index)
    outputAttributes.push_back(model.getResultAttrDict(index));

  SmallVector<Operation *> old;
  b.setInsertionPointToStart(&body);
  addValue(input, body.addArgument(withFrames(input.getType(), options.axis, options.hop), input.getLoc()), flow);
  for (Operation &op : llvm::make_early_inc_range(body.without_terminator()))
    if (llvm::any_of(op.getOperands(), [&](Value operand) { return streamed.contains(operand); })) {
      stream(&op, flow);
      old.push_back(&op);
    }
  Operation *terminator = body.getTerminator();
  b.setInsertionPoint(terminator);
  for (OpOperand &output : terminator->getOpOperands())
    output.set(flow.find(output.get()) ? lastFrames(output, flow) : streamed.lookupOrDefault(output.get()));
  for (Operation *op : llvm::reverse(old))
    op->erase();
  body.eraseArgument(0);
  setInterface(inputAttributes, outputAttributes);
  model.emitRemark() << describeModel(model).totals.macs << " products in a run instead of " << macs;
  return success();
}

struct StreamFramesPass : PassWrapper<StreamFramesPass, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(StreamFramesPass)
  StreamFramesPass() = default;
  explicit StreamFramesPass(const StreamOptions &options) {
    axis = options.axis;
    hop = options.hop;
  }
  StreamFramesPass(const StreamFramesPass &other) : PassWrapper(other) {}
  StringRef getArgument() const override { return "qnn-stream-frames"; }
  StringRef getDescription() const override { return "Make a model of a window of frames one of the new frames"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<qnn::QnnDialect>(); }
  void runOnOperation() override {
    if (!getOperation().isExternal() && failed(Streamer(getOperation(), {axis, hop}).run()))
      signalPassFailure();
  }
  Option<int64_t> axis{*this, "axis", llvm::cl::desc("dimension of the input along which frames follow each other"),
                       llvm::cl::init(1)};
  Option<int64_t> hop{*this, "hop", llvm::cl::desc("new frames in each run"), llvm::cl::init(1)};
};
} // namespace

std::unique_ptr<Pass> algorithm::createStreamFramesPass(const StreamOptions &options) {
  return std::make_unique<StreamFramesPass>(options);
}
