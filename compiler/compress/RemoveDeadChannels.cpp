// qnn-remove-dead-channels: constant and unread channels of integer tensors are no longer computed.
//
// Channels that operators pass on one by one form sets, which stay or go as a whole. A set stays if something reads one
// of its channels: a result, an operator that mixes channels, or a contraction with a weight for it whose product
// cannot go into the bias. Only channels that stay read others, so the least solution is the fixpoint.
#include "compiler/compress/ConstantChannels.h"
#include "compiler/compress/Passes.h"
#include "compiler/interpret/Evaluate.h"
#include "compiler/quantize/Constants.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::compress;

namespace {

//===-- Which channels stay ---------------------------------------------------------------===//

class Liveness {
public:
  explicit Liveness(Block &block);

  bool isKept(Value value, int64_t channel) { return sets.isRequired(numbers(value, channel)); }
  /// The channels of a value that stay, ascending.
  SmallVector<int64_t> kept(Value value);
  const ConstantChannels &getConstants() const { return constants; }
  ArrayRef<Contraction> getContractions() const { return contractions; }

private:
  void requireAll(Value value);
  void visit(Operation *op);
  void visitBinary(Operation *op);
  void visitContraction(const Contraction &contraction);
  void propagate();
  bool canFold(const Contraction &contraction, int64_t output, int64_t input) const;
  void keepOne(Value value);

  ChannelNumbers numbers;
  ChannelSets sets;
  ConstantChannels constants;
  std::vector<Contraction> contractions; ///< whose channels may go
};

/// Only channels of integers go: 0 * infinity is no constant.
bool mayLoseChannels(Value value) {
  return qnn::isFormatTensor(value.getType()) && qnn::getFormat(value).isAffine() &&
         !qnn::getFormat(value).getGroupSize();
}

Liveness::Liveness(Block &block) : numbers(block), sets(numbers.size()), constants(numbers) {
  for (Value argument : block.getArguments())
    requireAll(argument);
  for (Operation &op : block) {
    constants.visit(&op);
    visit(&op);
    for (Value result : op.getResults())
      if (!mayLoseChannels(result))
        requireAll(result);
  }
  propagate();
  for (Operation &op : block)
    for (Value result : op.getResults())
      keepOne(result);
}

void Liveness::requireAll(Value value) {
  for (int64_t c = 0; c < channelCount(value); ++c)
    sets.require(numbers(value, c));
}

void Liveness::visit(Operation *op) {
  if (llvm::isa<qnn::ConstantOp>(op))
    return;
  if (std::optional<Contraction> contraction = Contraction::get(op); contraction && contraction->isSeparable())
    return visitContraction(*contraction);
  if (llvm::isa<qnn::AddOp, qnn::SubOp, qnn::MulOp>(op))
    return visitBinary(op);
  bool isLinked = forEachLink(op, [&](Value output, int64_t outputChannel, Value input, int64_t inputChannel) {
    sets.unite(numbers(output, outputChannel), numbers(input, inputChannel));
  });
  if (isLinked)
    return;
  for (Value operand : op->getOperands())
    requireAll(operand);
  for (Value result : op->getResults())
    requireAll(result);
}

/// A broadcast operand of one channel is read by all.
void Liveness::visitBinary(Operation *op) {
  Value output = op->getResult(0);
  for (Value operand : op->getOperands()) {
    if (channelCount(operand) != channelCount(output)) {
      requireAll(operand);
      continue;
    }
    for (int64_t c = 0; c < channelCount(output); ++c)
      sets.unite(numbers(operand, c), numbers(output, c));
  }
}

void Liveness::visitContraction(const Contraction &contraction) {
  for (Value weights : contraction.op->getOperands().drop_front())
    requireAll(weights);
  if (contraction.isDepthwise)
    for (int64_t c = 0; c < contraction.outputs; ++c)
      sets.unite(numbers(contraction.output, c), numbers(contraction.input, *contraction.inputsOf(c).begin()));
  contractions.push_back(contraction);
}

/// c constant: sum over taps of w * (c - zero) is a number, if all positions have the same taps inside the input, or
/// those that they have not in common add nothing.
bool Liveness::canFold(const Contraction &contraction, int64_t output, int64_t input) const {
  std::optional<int64_t> code = constants.get(contraction.input, input);
  if (!code)
    return false;
  int32_t integer = contraction.inputInteger(*code);
  if (integer == 0)
    return true;
  std::optional<SmallVector<int32_t>> terms = contraction.contributions(output, input, integer);
  return terms && llvm::all_equal(*terms);
}

/// Channels that stay keep those that they read, until nothing changes.
void Liveness::propagate() {
  bool isChanged = true;
  while (isChanged) {
    isChanged = false;
    for (const Contraction &contraction : llvm::reverse(contractions)) {
      if (contraction.isDepthwise)
        continue;
      SmallVector<int64_t> open;
      for (int64_t i = 0; i < contraction.inputs; ++i)
        if (!isKept(contraction.input, i))
          open.push_back(i);
      for (int64_t o = 0; o < contraction.outputs && !open.empty(); ++o)
        if (isKept(contraction.output, o))
          llvm::erase_if(open, [&](int64_t i) {
            if (!contraction.reads(o, i) || canFold(contraction, o, i))
              return false;
            sets.require(numbers(contraction.input, i));
            return isChanged = true;
          });
    }
  }
}

/// No tensor loses all of its channels; the one that stays is a constant if possible, for that needs no others.
void Liveness::keepOne(Value value) {
  int64_t count = channelCount(value);
  if (count == 0 || !kept(value).empty())
    return;
  int64_t channel = 0;
  for (int64_t c = count - 1; c >= 0; --c)
    if (constants.get(value, c))
      channel = c;
  sets.require(numbers(value, channel));
  propagate();
}

SmallVector<int64_t> Liveness::kept(Value value) {
  SmallVector<int64_t> channels;
  for (int64_t c = 0; c < channelCount(value); ++c)
    if (isKept(value, c))
      channels.push_back(c);
  return channels;
}

//===-- The rewrite -----------------------------------------------------------------------===//

class Rewriter {
public:
  Rewriter(Block &block, Liveness &liveness) : block(block), liveness(liveness) {}
  void run();

private:
  void rewrite(const Contraction &contraction);
  Value keepWeights(const Contraction &contraction, ArrayRef<int64_t> outputs, ArrayRef<int64_t> inputs);
  Value keepBias(const Contraction &contraction, ArrayRef<int64_t> outputs);
  int32_t foldedBias(const Contraction &contraction, int64_t output, ArrayRef<int64_t> removed);
  void keepChannels(Value value);

  Block &block;
  Liveness &liveness;
};

Value makeLike(qnn::ConstantOp like, RankedTensorType type, ArrayRef<int64_t> codes) {
  OpBuilder builder(like);
  return quantize::makeConstant(builder, like.getLoc(), type, codes, like.getNameAttr());
}

Value Rewriter::keepWeights(const Contraction &contraction, ArrayRef<int64_t> outputs, ArrayRef<int64_t> inputs) {
  qnn::ConstantOp filter = contraction.filter;
  Codes codes(filter);
  auto oldType = llvm::cast<RankedTensorType>(filter.getOutput().getType());
  SmallVector<int64_t> shape(oldType.getShape());
  std::vector<int64_t> kept;
  int64_t axis = contraction.isDepthwise ? static_cast<int64_t>(shape.size()) - 1 : 0;
  if (contraction.isDepthwise) {
    for (int64_t tap = 0; tap < contraction.taps; ++tap)
      for (int64_t o : outputs)
        kept.push_back(codes[contraction.weightIndex(o, tap, 0)]);
  } else {
    for (int64_t o : outputs)
      for (int64_t tap = 0; tap < contraction.taps; ++tap)
        for (int64_t i : inputs)
          kept.push_back(codes[contraction.weightIndex(o, tap, i)]);
    shape.back() = static_cast<int64_t>(inputs.size());
  }
  shape[axis] = static_cast<int64_t>(outputs.size());
  Type format = interpret::selectChannels(oldType.getElementType(), outputs, axis);
  return makeLike(filter, RankedTensorType::get(shape, format), kept);
}

/// The bias with what removed channels, which are constants or have no weights, add to the sum; it wraps as sums do.
int32_t Rewriter::foldedBias(const Contraction &contraction, int64_t output, ArrayRef<int64_t> removed) {
  auto bias = static_cast<uint32_t>(contraction.biasOf(output));
  for (int64_t i : removed) {
    std::optional<int64_t> code = liveness.getConstants().get(contraction.input, i);
    int32_t integer = code ? contraction.inputInteger(*code) : 0;
    if (integer != 0 && contraction.reads(output, i))
      bias += static_cast<uint32_t>(contraction.contributions(output, i, integer)->front());
  }
  return static_cast<int32_t>(bias);
}

/// Null if the bias neither changes nor is needed.
Value Rewriter::keepBias(const Contraction &contraction, ArrayRef<int64_t> outputs) {
  SmallVector<int64_t> removed, biases;
  for (int64_t i = 0; i < contraction.inputs && !contraction.isDepthwise; ++i)
    if (!liveness.isKept(contraction.input, i))
      removed.push_back(i);
  for (int64_t o : outputs)
    biases.push_back(foldedBias(contraction, o, removed));
  if (!contraction.bias && llvm::all_of(biases, [](int64_t bias) { return bias == 0; }))
    return {};
  auto type =
      RankedTensorType::get(static_cast<int64_t>(biases.size()), IntegerType::get(contraction.op->getContext(), 32));
  if (contraction.bias)
    return makeLike(contraction.bias, type, biases);
  OpBuilder builder(contraction.op);
  return quantize::makeConstant(builder, contraction.op->getLoc(), type, biases, StringAttr());
}

void Rewriter::rewrite(const Contraction &contraction) {
  SmallVector<int64_t> outputs = liveness.kept(contraction.output), inputs = liveness.kept(contraction.input);
  int64_t removed = contraction.outputs - static_cast<int64_t>(outputs.size());
  if (removed == 0 && static_cast<int64_t>(inputs.size()) == contraction.inputs)
    return;
  Value weights = keepWeights(contraction, outputs, inputs), bias = keepBias(contraction, outputs);
  llvm::TypeSwitch<Operation *>(contraction.op).Case<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp>([&](auto op) {
    op.getFilterMutable().assign(weights);
    if (bias)
      op.getBiasMutable().assign(bias);
  });
  if (removed > 0)
    contraction.op->emitRemark() << "removed " << removed << " of " << contraction.outputs << " channels";
}

void Rewriter::keepChannels(Value value) {
  SmallVector<int64_t> channels = liveness.kept(value);
  int64_t count = channelCount(value);
  if (static_cast<int64_t>(channels.size()) == count)
    return;
  auto type = llvm::cast<RankedTensorType>(value.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.back() = static_cast<int64_t>(channels.size());
  int64_t last = type.getRank() - 1;
  Type format = type.getElementType();
  if (qnn::getFormat(type).getChannelAxis() == last)
    format = interpret::selectChannels(format, channels, last);
  auto smaller = RankedTensorType::get(shape, format);
  auto constant = value.getDefiningOp<qnn::ConstantOp>();
  if (!constant)
    return value.setType(smaller);
  Codes codes(constant);
  std::vector<int64_t> kept;
  for (int64_t position = 0; position < type.getNumElements(); position += count)
    for (int64_t c : channels)
      kept.push_back(codes[position + c]);
  value.replaceAllUsesWith(makeLike(constant, smaller, kept));
}

void Rewriter::run() {
  SmallVector<Operation *> ops(llvm::make_pointer_range(block));
  for (const Contraction &contraction : liveness.getContractions())
    rewrite(contraction);
  for (Operation *op : ops)
    for (Value result : op->getResults())
      keepChannels(result);
  for (Operation *op : ops)
    if (llvm::isa<qnn::ConstantOp>(op) && op->use_empty())
      op->erase();
}

class RemoveDeadChannelsPass : public PassWrapper<RemoveDeadChannelsPass, OperationPass<func::FuncOp>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(RemoveDeadChannelsPass)
  StringRef getArgument() const override { return "qnn-remove-dead-channels"; }
  StringRef getDescription() const override { return "remove channels that are constant or that nobody reads"; }

  void runOnOperation() override {
    if (!getOperation().getBody().hasOneBlock())
      return;
    Block &block = getOperation().getBody().front();
    Liveness liveness(block);
    Rewriter(block, liveness).run();
  }
};

} // namespace

std::unique_ptr<Pass> compress::createRemoveDeadChannelsPass() { return std::make_unique<RemoveDeadChannelsPass>(); }
