#include "compiler/compress/ConstantChannels.h"

#include "compiler/interpret/Evaluate.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::compress;

static RankedTensorType typeOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()); }

/// Constants are sought in tensors of integers that are not empty.
static bool isSought(Value value) {
  return qnn::isFormatTensor(value.getType()) && typeOf(value).getNumElements() > 0 && !qnn::getFormat(value).isFloat();
}

/// A format whose parameters, if there is one for each channel, are those of the last axis.
static bool hasChannelsLast(Value value) {
  int64_t axis = qnn::getFormat(value).getChannelAxis();
  return axis < 0 || axis + 1 == typeOf(value).getRank();
}

void ConstantChannels::visit(Operation *op) {
  if (!llvm::all_of(op->getOperands(), isSought) || !llvm::all_of(op->getResults(), isSought))
    return;
  if (std::optional<Contraction> contraction = Contraction::get(op))
    return visitContraction(*contraction);
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](qnn::ConstantOp op) { visitConstant(op); })
      .Case<qnn::ReshapeOp, qnn::TransposeOp, qnn::PadOp, qnn::SliceOp, qnn::ResizeNearestOp, qnn::ConcatOp,
            qnn::SplitOp>([&](Operation *op) { visitMove(op); })
      .Case<qnn::ReluOp, qnn::LeakyReluOp, qnn::LogisticOp, qnn::TanhOp, qnn::RequantizeOp>(
          [&](Operation *op) { visitMapped(op); })
      .Case<qnn::AddOp, qnn::SubOp, qnn::MulOp>([&](Operation *op) { visitBinary(op); })
      .Case<qnn::MaxPool2dOp, qnn::AvgPool2dOp>([&](auto op) { visitPool(op); })
      .Case([&](qnn::MeanOp op) { visitMean(op); });
}

//===-- Constants and moves -----------------------------------------------------------------===//

void ConstantChannels::visitConstant(qnn::ConstantOp op) {
  int64_t channels = channelCount(op.getOutput()), elements = typeOf(op.getOutput()).getNumElements();
  // Filters and biases are read as such.
  if (llvm::all_of(op->getUsers(), [](Operation *user) { return Contraction::get(user).has_value(); }))
    return;
  Codes all(op);
  for (int64_t c = 0; c < channels; ++c) {
    int64_t at = c + channels;
    while (at < elements && all[at] == all[c])
      at += channels;
    if (at >= elements)
      set(op.getOutput(), c, all[c]);
  }
}

/// A channel is made of the elements of one channel, or of several with the same code (and, if padded, of new ones).
void ConstantChannels::visitMove(Operation *op) {
  std::optional<int64_t> fill;
  if (auto pad = llvm::dyn_cast<qnn::PadOp>(op); pad && pad.getInput().getType() != pad.getOutput().getType())
    fill = qnn::getFormat(pad.getInput()).encode(pad.getValue().convertToDouble());
  llvm::DenseSet<size_t> differing, seen;
  forEachLink(op, [&](Value output, int64_t outputChannel, Value input, int64_t inputChannel) {
    std::optional<int64_t> code = get(input, inputChannel), &known = codes[numbers(output, outputChannel)];
    size_t number = numbers(output, outputChannel);
    bool isFirst = seen.insert(number).second;
    if (!code || (fill && code != fill) || (!isFirst && known != code))
      differing.insert(number);
    known = code;
  });
  for (size_t number : differing)
    codes[number].reset();
}

//===-- Contractions ------------------------------------------------------------------------===//

/// The different sums, with the bias, that positions of an output channel have; none if one depends on the inputs.
std::optional<SmallVector<int32_t>> ConstantChannels::constantSums(const Contraction &contraction,
                                                                   int64_t output) const {
  SmallVector<int32_t> sums(std::max<size_t>(1, contraction.numCases()), contraction.biasOf(output));
  for (int64_t input : contraction.inputsOf(output)) {
    std::optional<int64_t> code = get(contraction.input, input);
    int32_t integer = code ? contraction.inputInteger(*code) : 1;
    if (integer == 0 || !contraction.reads(output, input))
      continue;
    auto more = code ? contraction.contributions(output, input, integer) : std::nullopt;
    if (!more)
      return std::nullopt;
    for (auto [sum, term] : llvm::zip_equal(sums, *more))
      sum = static_cast<int32_t>(static_cast<uint32_t>(sum) + static_cast<uint32_t>(term));
  }
  llvm::sort(sums);
  sums.erase(llvm::unique(sums), sums.end());
  return sums;
}

void ConstantChannels::visitContraction(const Contraction &contraction) {
  SmallVector<int64_t> channels;
  SmallVector<int32_t> sums;
  for (int64_t output = 0; output < contraction.outputs; ++output)
    if (auto constant = constantSums(contraction, output)) {
      channels.append(constant->size(), output);
      llvm::append_range(sums, *constant);
    }
  if (channels.empty())
    return;
  SmallVector<int64_t> results = contraction.resultCodes(channels, sums);
  // Sums of one channel may differ at the border and still give one code.
  for (size_t begin = 0, end; begin < channels.size(); begin = end) {
    end = begin + 1;
    while (end < channels.size() && channels[end] == channels[begin])
      ++end;
    if (llvm::all_equal(ArrayRef(results).slice(begin, end - begin)))
      set(contraction.output, channels[begin], results[begin]);
  }
}

//===-- Functions of channels ----------------------------------------------------------------===//

/// Evaluates an operator of one operand for its constant channels, all elements of an input of the shape `shape` and
/// one more axis for the channels being the same.
void ConstantChannels::visitUnary(Operation *op, ArrayRef<int64_t> shape,
                                  llvm::function_ref<Value(OpBuilder &, Value, RankedTensorType)> build) {
  Value input = op->getOperand(0), output = op->getResult(0);
  if (!hasChannelsLast(input) || !hasChannelsLast(output))
    return;
  SmallVector<int64_t> channels, known;
  for (int64_t c = 0; c < channelCount(output); ++c)
    if (std::optional<int64_t> code = get(input, c)) {
      channels.push_back(c);
      known.push_back(*code);
    }
  if (channels.empty())
    return;
  SmallVector<int64_t> operandShape(shape);
  operandShape.push_back(static_cast<int64_t>(channels.size()));
  auto typeWith = [&](ArrayRef<int64_t> sizes, Value like) {
    auto axis = static_cast<int64_t>(sizes.size()) - 1;
    return RankedTensorType::get(sizes, interpret::selectChannels(qnn::getFormat(like), channels, axis));
  };
  RankedTensorType type = typeWith(operandShape, input);
  std::vector<int64_t> elements(type.getNumElements());
  for (size_t i = 0; i < elements.size(); ++i)
    elements[i] = known[i % known.size()];
  SmallVector<int64_t> resultShape(shape.size(), 1);
  resultShape.push_back(operandShape.back());
  RankedTensorType resultType = typeWith(resultShape, output);
  SmallVector<int64_t> results =
      interpret::evaluate(op->getLoc(), HostTensor(type, elements), [&](OpBuilder &builder, ValueRange arguments) {
        return build(builder, arguments[0], resultType);
      });
  for (auto [channel, code] : llvm::zip_equal(channels, results))
    set(output, channel, code);
}

/// A copy of an operator on other operands.
static Value copyWith(Operation *op, OpBuilder &builder, ValueRange operands, RankedTensorType type) {
  Operation *copy = builder.clone(*op);
  copy->setOperands(operands);
  copy->getResult(0).setType(type);
  return copy->getResult(0);
}

void ConstantChannels::visitMapped(Operation *op) {
  visitUnary(op, {}, [&](OpBuilder &builder, Value input, RankedTensorType type) {
    return copyWith(op, builder, input, type);
  });
}

/// Windows are never empty, and a window of equal elements gives what a window of one gives.
template <typename Pool> void ConstantChannels::visitPool(Pool op) {
  visitUnary(op, {1, 1, 1}, [&](OpBuilder &builder, Value input, RankedTensorType type) -> Value {
    constexpr int64_t one[] = {1, 1}, none[] = {0, 0, 0, 0};
    return Pool::create(builder, op.getLoc(), type, input, one, one, none, op.getActivation());
  });
}

void ConstantChannels::visitMean(qnn::MeanOp op) {
  constexpr int64_t maxElements = 1 << 20;
  int64_t count = 1;
  for (int64_t axis : op.getAxes())
    count *= typeOf(op.getInput()).getDimSize(axis);
  bool keepsChannels = forEachLink(op, [](Value, int64_t, Value, int64_t) {});
  if (!keepsChannels || count * channelCount(op.getInput()) > maxElements)
    return;
  visitUnary(op, count, [&](OpBuilder &builder, Value input, RankedTensorType type) -> Value {
    constexpr int64_t first[] = {0};
    return qnn::MeanOp::create(builder, op.getLoc(), type, input, first, /*keep_dims=*/true, op.getRescale());
  });
}

void ConstantChannels::visitBinary(Operation *op) {
  Value output = op->getResult(0);
  SmallVector<int64_t> channels, known[2];
  for (int64_t c = 0; c < channelCount(output); ++c) {
    std::optional<int64_t> code[2];
    for (int side = 0; side < 2; ++side)
      code[side] = get(op->getOperand(side), channelCount(op->getOperand(side)) == 1 ? 0 : c);
    // 0 * x == 0, and so is 0 * 0.
    for (int side = 0; side < 2 && llvm::isa<qnn::MulOp>(op); ++side) {
      qnn::NumberFormat format = qnn::getFormat(op->getOperand(side)), other = qnn::getFormat(op->getOperand(1 - side));
      bool isZero = code[side] && format.getIntegerDecode()(*code[side]) == format.getZeroPoint(0);
      if (isZero && !code[1 - side] && other.isAffine())
        code[1 - side] = other.getZeroPoint(0);
    }
    if (!code[0] || !code[1])
      continue;
    channels.push_back(c);
    for (int side = 0; side < 2; ++side)
      known[side].push_back(*code[side]);
  }
  if (channels.empty())
    return;
  auto typeOfSome = [&](Value like) {
    return RankedTensorType::get(static_cast<int64_t>(channels.size()), qnn::getFormat(like));
  };
  HostTensor operands[] = {HostTensor(typeOfSome(op->getOperand(0)), known[0]),
                           HostTensor(typeOfSome(op->getOperand(1)), known[1])};
  SmallVector<int64_t> results =
      interpret::evaluate(op->getLoc(), operands, [&](OpBuilder &builder, ValueRange arguments) {
        return copyWith(op, builder, arguments, typeOfSome(output));
      });
  for (auto [channel, code] : llvm::zip_equal(channels, results))
    set(output, channel, code);
}
