#include "dialects/qk/Pieces.h"

#include "dialects/qk/Queries.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

int64_t qk::piecesOf(Operation *kernel) {
  if (auto contraction = llvm::dyn_cast<ContractOp>(kernel)) {
    std::optional<ScheduleAttr> schedule = contraction.getSchedule();
    return schedule ? schedule->getPieces() : 1;
  }
  auto pieces = kernel->getAttrOfType<IntegerAttr>("pieces");
  return pieces ? pieces.getInt() : 1;
}

static bool isOfChannels(ContractOp op) { return op.getSchedule() && op.getSchedule()->getOfChannels(); }

int64_t qk::rowPiecesOf(ContractOp op) { return isOfChannels(op) ? 1 : piecesOf(op); }
int64_t qk::channelPiecesOf(ContractOp op) { return isOfChannels(op) ? piecesOf(op) : 1; }

Box::Box(MapOp op) : shape(op.getShape()), accesses(op.getAccesses().getAsRange<AccessAttr>()) {
  for (AccessAttr access : accesses)
    strides.emplace_back(access.getStrides());
  for (size_t i = shape.size(); i-- > 1;) {
    bool merges = llvm::all_of(strides, [&](ArrayRef<int64_t> s) { return s[i - 1] == s[i] * shape[i]; });
    if (!merges && shape[i] != 1 && shape[i - 1] != 1)
      continue;
    // A dimension of size 1 gives way to its neighbour.
    bool keepsInner = merges || shape[i - 1] == 1;
    for (SmallVector<int64_t> &s : strides)
      s.erase(s.begin() + (keepsInner ? i - 1 : i));
    shape[i - 1] *= shape[i];
    shape.erase(shape.begin() + i);
  }
}

static int64_t bitsOf(Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits(); }

bool Box::beginsBytes(size_t access) const {
  int64_t bits = bitsOf(accesses[access].getFormat());
  return accesses[access].getOffset() * bits % 8 == 0 &&
         llvm::all_of(ArrayRef(strides[access]).drop_back(), [&](int64_t step) { return step * bits % 8 == 0; });
}

bool qk::copiesRows(MapOp op, const Box &box) {
  Block &body = op.getBody().front();
  if (box.shape.empty() || body.getNumArguments() != 1 || body.getTerminator()->getOperand(0) != body.getArgument(0) ||
      box.strides[0].back() != 1 || box.strides[1].back() != 1)
    return false;
  int64_t bits = bitsOf(box.accesses[0].getFormat());
  return bits == bitsOf(box.accesses[1].getFormat()) && box.shape.back() > 1 && box.shape.back() * bits % 8 == 0 &&
         box.beginsBytes(0) && box.beginsBytes(1);
}

/// Two pieces must not write bits of one byte.
static bool isWhole(int64_t elements, Type format) { return elements * bitsOf(format) % 8 == 0; }

/// True if what is written in so many steps along the first dimension of a box begins a byte, and ends before what the
/// next steps write.
static bool hasOwnBytes(const Box &box, int64_t steps) {
  AccessAttr write = box.accesses.back();
  if (isWhole(1, write.getFormat()))
    return true;
  ArrayRef<int64_t> strides = box.strides.back();
  int64_t end = (steps - 1) * strides[0] + 1;
  for (auto [size, stride] : llvm::drop_begin(llvm::zip(box.shape, strides)))
    end += (size - 1) * stride;
  return isWhole(write.getOffset(), write.getFormat()) && isWhole(steps * strides[0], write.getFormat()) &&
         end <= steps * strides[0];
}

/// Moves by one distance are left alone: many of them stay where they are, or go to the place of what they read.
static int64_t unitsOf(MapOp op) {
  Box box(op);
  int64_t steps = box.shape.size() > 1 ? 1 : elementsTogether;
  if (moveDistance(op) || box.shape.empty() || !hasOwnBytes(box, steps))
    return 1;
  return llvm::divideCeil(box.shape[0], steps);
}

int64_t qk::pieceUnitsOf(Operation *kernel) {
  return llvm::TypeSwitch<Operation *, int64_t>(kernel)
      .Case([](PoolOp op) -> int64_t {
        WindowAttr window = op.getWindow();
        ArrayRef<int64_t> output = window.getOutput();
        return isWhole(output[1] * window.getGroups(), op.getOutFormat()) ? window.getBatch() * output[0] : 1;
      })
      .Case([](MapOp op) { return unitsOf(op); })
      .Case([](LookupOp op) { return llvm::divideCeil(op.getCount(), elementsTogether); })
      .Case([](GatherOp op) {
        ArrayRef<int64_t> shape = op.getShape();
        return isWhole(shape[2] * shape[3], op.getFormat()) ? shape[0] * shape[1] : 1;
      })
      .Case([](ArgmaxOp op) {
        ArrayRef<int64_t> shape = op.getShape();
        return shape[0] == 1 ? llvm::divideCeilSigned(shape[2], elementsTogether) : shape[0];
      })
      .Case([](SoftmaxOp op) { return static_cast<int64_t>(op.getRows()); })
      .Case([](FloatSoftmaxOp op) { return static_cast<int64_t>(op.getRows()); })
      .Default([](Operation *) { return 1; });
}
