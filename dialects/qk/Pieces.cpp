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

Box::Box(MapOp op) : shape(op.getShape()) {
  for (auto access : op.getAccesses().getAsRange<AccessAttr>())
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

/// Two pieces must not write bits of one byte.
static bool isWhole(int64_t elements, Type format) {
  return elements * llvm::cast<qnn::NumberFormat>(format).getBits() % 8 == 0;
}

/// Moves by one distance are left alone: many of them stay where they are, or go to the place of what they read.
static int64_t unitsOf(MapOp op) {
  Box box(op);
  bool isDivisible =
      !moveDistance(op) && isWhole(1, llvm::cast<AccessAttr>(op.getAccesses().getValue().back()).getFormat());
  if (!isDivisible || box.shape.empty())
    return 1;
  return box.shape.size() > 1 ? box.shape[0] : llvm::divideCeil(box.shape[0], elementsTogether);
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
      .Case([](SoftmaxOp op) { return static_cast<int64_t>(op.getRows()); })
      .Case([](FloatSoftmaxOp op) { return static_cast<int64_t>(op.getRows()); })
      .Default([](Operation *) { return 1; });
}
