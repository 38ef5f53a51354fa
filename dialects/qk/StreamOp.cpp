// qk.stream: what its stages do at borders, its verifier, and how far its output may overlap its input.
#include "dialects/qk/QkOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

Type ContractOp::getImageFormat() { return getLhsFormat(); }
Type PoolOp::getImageFormat() { return getInFormat(); }

/// Where a code of the border is given, or one stands for the zero point, which contributes nothing.
std::optional<int64_t> ContractOp::getBorderCode() {
  auto format = llvm::cast<qnn::NumberFormat>(getLhsFormat());
  if (format.isFloat())
    return 0;
  if (std::optional<uint64_t> code = getPadCode())
    return static_cast<int64_t>(*code);
  qnn::IntegerDecode decode = format.getIntegerDecode();
  if (!decode.table.empty())
    return std::nullopt;
  auto zero = static_cast<int64_t>(getLhsZero());
  int64_t code = decode.invert(zero);
  auto [low, high] = format.getCodeRange();
  return code >= low && code <= high && decode(code) == zero ? std::optional(code) : std::nullopt;
}

/// No number is below the lowest code. A sum counts its positions.
std::optional<int64_t> PoolOp::getBorderCode() {
  auto format = llvm::cast<qnn::NumberFormat>(getInFormat());
  return getKind() == PoolKind::Max && !format.isFloat() ? std::optional(format.getCodeRange().first) : std::nullopt;
}

int64_t StreamOp::rowsBelow(size_t i) {
  StageAttr stage = this->stage(i);
  return std::max<int64_t>(0, rowsSeenByAll(i) - stage.getPad() - stage.getHeight());
}

int64_t StreamOp::bytesOfInputRow(size_t i) { return bytesOf(getBody().front().getArgument(2 * i)) / rowsSeen(i); }
int64_t StreamOp::bytesOfOutputRow(size_t i) {
  return bytesOf(getBody().front().getArgument(2 * i + 1)) / rowsTogether(i);
}

/// stream_c2, stream_c3
static LogicalResult verifyStage(WindowKernel op, StageAttr stage, Value rows, Value row) {
  if (op.getImage() != rows || op.getDestination().get() != row)
    return op->emitOpError() << "expects the rows and the row of its stage as image and destination";
  for (Value operand : op->getOperands().drop_front().drop_back())
    if (operand != op.getScratch() && !operand.getDefiningOp<ConstantOp>())
      return op->emitOpError() << "expects constants beside the rows of a stream";
  WindowAttr window = op.getWindow();
  if (window.getStrides()[0] != stage.getStride())
    return op->emitOpError() << "expects a window with a stride of " << stage.getStride() << " like its stage, but got "
                             << window.getStrides()[0];
  int64_t reach = window.seenBy(1), together = window.getOutput()[0], needed = window.seenBy(together);
  if (window.getBatch() != 1 || together < 1 || stage.getRows() % together != 0 || window.getPads()[0] != 0 ||
      window.getInput()[0] != needed)
    return op->emitOpError() << "expects a window of rows of output that divide " << stage.getRows() << ", over the "
                             << needed << " rows of input that these need, without a border above or below";
  if (reach < stage.getStride() || needed <= stage.getPad())
    return op->emitOpError() << "expects a window of at least " << stage.getStride() << " rows and more than "
                             << stage.getPad() << ", but it has " << needed;
  return success();
}

namespace {
/// Counts rows as they go through the stages.
class RowCounter {
public:
  explicit RowCounter(StreamOp op) : op(op) {
    for (size_t i = 0; i < op.getStages().size(); ++i) {
      filled.push_back(op.stage(i).getPad());
      done.push_back(0);
    }
  }
  /// Some rows come into stage `i`, with the last of its input or not. False if it, or a stage after it, has no room
  /// for them.
  bool feed(size_t i, int64_t rows, bool isLast) {
    for (int64_t below = isLast ? op.rowsBelow(i) : 0; below >= 0; --below, rows = 1) {
      filled[i] += rows;
      if (filled[i] > op.rowsSeen(i))
        return false;
      if (filled[i] < op.rowsSeen(i))
        continue;
      filled[i] = op.rowsKept(i);
      done[i] += op.rowsTogether(i);
      if (i + 1 < filled.size() && !feed(i + 1, op.rowsTogether(i), done[i] == op.stage(i).getRows()))
        return false;
    }
    return true;
  }
  int64_t rowsDone() const { return done.back(); }

private:
  StreamOp op;
  SmallVector<int64_t> filled, done;
};
} // namespace

/// stream_c5, of rows that are written together.
static LogicalResult verifyRoom(StreamOp op) {
  RowCounter counter(op);
  for (int64_t row = 0, height = op.stage(0).getHeight(); row < height; ++row)
    if (!counter.feed(0, 1, row + 1 == height))
      return op.emitOpError() << "expects the rows that a stage writes together to end with what the next one sees";
  return success();
}

LogicalResult StreamOp::verify() {
  if (failed(verifyKernel(*this)))
    return failure();
  SmallVector<WindowKernel> chain = kernels();
  Block &block = getBody().front();
  size_t count = getStages().size();
  // stream_c1
  if (count == 0 || chain.size() != count || block.getNumArguments() < 2 * count)
    return emitOpError() << "expects one kernel and two arguments for each stage, but got " << count << " stages, "
                         << chain.size() << " kernels and " << block.getNumArguments() << " arguments";
  // stream_c7
  if (getOffsets().size() != 2 * count)
    return emitOpError() << "expects two offsets for each of " << count << " stages, but got " << getOffsets().size();
  for (auto [i, op] : llvm::enumerate(chain)) {
    StageAttr its = stage(i);
    if (failed(verifyStage(op, its, block.getArgument(2 * i), block.getArgument(2 * i + 1))))
      return failure();
    // stream_c4
    int64_t end = rowsSeenByAll(i), last = its.getPad() + its.getHeight();
    if (last - end >= its.getStride() || rowsBelow(i) >= rowsSeen(i))
      return op->emitOpError() << "expects windows over all of " << last << " rows, but " << its.getRows()
                               << " windows end at row " << end;
    // stream_c5
    if (i + 1 < count && (its.getRows() != stage(i + 1).getHeight() || bytesOfOutputRow(i) != bytesOfInputRow(i + 1)))
      return op->emitOpError() << "writes " << its.getRows() << " rows of " << bytesOfOutputRow(i)
                               << " bytes, but the next stage reads " << stage(i + 1).getHeight() << " of "
                               << bytesOfInputRow(i + 1);
    // stream_c7
    int64_t rowsEnd = getOffsets()[i] + (i == 0 && readsInputInPlace() ? 0 : bytesOf(op.getImage()));
    int64_t scratchEnd = getOffsets()[count + i] + (op.getScratch() ? bytesOf(op.getScratch()) : 0);
    if (getOffsets()[i] < 0 || getOffsets()[count + i] < 0 || std::max(rowsEnd, scratchEnd) > bytesOf(getScratch()))
      return op->emitOpError() << "expects its rows and scratch memory within the stream's " << bytesOf(getScratch())
                               << " bytes, but they lie at " << getOffsets()[i] << " and " << getOffsets()[count + i];
  }
  // stream_c6
  if (bytesOf(getInput()) != stage(0).getHeight() * bytesOfInputRow(0) ||
      bytesOf(getInit()) != stage(count - 1).getRows() * bytesOfOutputRow(count - 1))
    return emitOpError() << "expects an input of " << stage(0).getHeight() << " rows of " << bytesOfInputRow(0)
                         << " bytes and a destination of " << stage(count - 1).getRows() << " rows of "
                         << bytesOfOutputRow(count - 1);
  return verifyRoom(*this);
}

/// A row of the input is read or copied before any row of the output is written that needs it.
Distances StreamOp::distancesTo(OpOperand &operand) {
  if (&operand != &getInputMutable())
    return {};
  RowCounter counter(*this);
  int64_t height = stage(0).getHeight(), rowIn = bytesOfInputRow(0), rowOut = bytesOfOutputRow(getStages().size() - 1);
  int64_t below = 0;
  for (int64_t row = 0; row + 1 < height; ++row) {
    counter.feed(0, 1, false);
    // The next row of the input is the first that is still to be read.
    below = std::max(below, counter.rowsDone() * rowOut - (row + 1) * rowIn);
  }
  return {below, Distances::apart};
}
