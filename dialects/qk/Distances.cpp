// Proofs, from the order in which kernels read and write, of how far input and output may overlap.
//
// A kernel is a sequence of steps, each of which reads a range of bits of the operand and then writes a range of the
// destination, counted from their begins: a code within a byte leaves the rest of it as it is. With the destination `d`
// bits before the operand, bit `w` of the one is bit `w - d` of the other. A write to [b, e) destroys nothing that a
// later step reads if it ends before all of that:
//   e - d <= begin of the later reads,  so  d >= e - begin, for all steps.
// Of descending kernels, a write begins behind all that later steps read: with the destination `d` bits behind the
// operand, d >= end of the later reads - b. Distances are whole bytes.
//
// Addresses are linear in the numbers of channels and elements, so the extremes of these differences are at the first
// and the last of them; with the one beside each, steps have their successor. Only these are looked at.
#include "dialects/qk/Distances.h"
#include "dialects/qk/Queries.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

namespace {

/// Bits from `begin` to `end`; nothing if `end` is not above `begin`.
struct Range {
  int64_t begin = 0, end = 0;
  bool isEmpty() const { return end <= begin; }
};

/// Collects the distance from a kernel's steps, from the last to the first.
class Trail {
public:
  explicit Trail(bool descends) : descends(descends) {}

  /// The step before the one that was added last.
  void add(Range read, Range write) {
    addWrite(write);
    addRead(read);
  }
  void addWrite(Range write) {
    if (!later.isEmpty() && !write.isEmpty())
      distance = std::max(distance, descends ? later.end - write.begin : write.end - later.begin);
  }
  void addRead(Range read) {
    if (read.isEmpty())
      return;
    later = later.isEmpty() ? read : Range{std::min(later.begin, read.begin), std::max(later.end, read.end)};
  }
  int64_t bytes() const { return llvm::divideCeilSigned(distance, 8); }

private:
  bool descends;
  Range later; // what the steps so far read
  int64_t distance = 0;
};

/// First and last numbers below `count`, two of each, from the last to the first.
SmallVector<int64_t, 4> extremes(int64_t count) {
  SmallVector<int64_t, 4> numbers;
  for (int64_t number : {count - 1, count - 2, int64_t(1), int64_t(0)})
    if (number >= 0 && number < count && (numbers.empty() || number < numbers.back()))
      numbers.push_back(number);
  return numbers;
}

/// Calls `visit` for the numbers below `count`, in the reverse of the order in which a kernel takes them.
template <typename Visit> void forEachBackwards(int64_t count, bool descends, Visit visit) {
  for (int64_t i = 0; i < count; ++i)
    visit(descends ? i : count - 1 - i);
}

int64_t bitsOf(Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits(); }

/// Codes that a kernel writes, where its emitter knows.
int64_t codesWritten(Operation *kernel) {
  if (auto op = llvm::dyn_cast<ContractOp>(kernel))
    return op.getPart() ? 0 : op.getWindow().outputElements();
  if (auto op = llvm::dyn_cast<PoolOp>(kernel))
    return op.getWindow().outputElements();
  auto op = llvm::dyn_cast<MapOp>(kernel);
  return op ? ShapedType::getNumElements(op.getShape()) : 0;
}

/// A window over codes of so many bits.
struct WindowSteps {
  WindowAttr window;
  int64_t inBits, outBits; // of a code

  int64_t height() const { return window.getInput()[0]; }
  int64_t rows() const { return window.getOutput()[0]; }
  int64_t pixelBits() const { return window.getGroups() * window.getChannels()[0] * inBits; }
  int64_t positionBits() const { return window.getGroups() * window.getChannels()[1] * outBits; }
  /// First and last place inside the input that output position `o` sees along an axis.
  std::optional<std::pair<int64_t, int64_t>> seen(int axis, int64_t o) const;

  int64_t byPositions(bool descends) const;
  int64_t byRows(int64_t lines, int64_t together, bool isReadFirst, bool descends) const;
  int64_t byRuns(int64_t length, bool descends) const;
  int64_t bySinglePositions(bool descends) const;
};

std::optional<std::pair<int64_t, int64_t>> WindowSteps::seen(int axis, int64_t o) const {
  int64_t dilation = window.getDilations()[axis];
  int64_t origin = o * window.getStrides()[axis] - window.getPads()[axis];
  int64_t first = origin >= 0 ? 0 : llvm::divideCeilSigned(-origin, dilation);
  int64_t last =
      std::min(window.getKernel()[axis] - 1, llvm::divideFloorSigned(window.getInput()[axis] - 1 - origin, dilation));
  if (first > last)
    return std::nullopt;
  return std::pair(origin + first * dilation, origin + last * dilation);
}

/// One output channel of a position after the other, each of which reads its group's codes of the whole window.
int64_t WindowSteps::byPositions(bool descends) const {
  Trail trail(descends);
  int64_t groups = window.getGroups(), depth = window.getChannels()[0], breadth = window.getChannels()[1];
  int64_t width = window.getInput()[1], columns = window.getOutput()[1];
  SmallVector<int64_t, 4> groupSteps = extremes(groups), channelSteps = extremes(breadth);
  auto addPosition = [&](int64_t n, int64_t y, int64_t x) {
    auto seenRows = seen(0, y), seenColumns = seen(1, x);
    int64_t first = 0, last = -1;
    if (seenRows && seenColumns) {
      first = (n * height() + seenRows->first) * width + seenColumns->first;
      last = (n * height() + seenRows->second) * width + seenColumns->second;
    }
    int64_t position = ((n * rows() + y) * columns + x) * positionBits();
    for (int64_t g : groupSteps)
      for (int64_t o : channelSteps) {
        int64_t write = position + (g * breadth + o) * outBits, group = g * depth * inBits;
        Range read;
        if (first <= last)
          read = {first * pixelBits() + group, last * pixelBits() + group + depth * inBits};
        trail.add(read, {write, write + outBits});
      }
  };
  forEachBackwards(window.getBatch(), descends, [&](int64_t n) {
    forEachBackwards(rows(), descends,
                     [&](int64_t y) { forEachBackwards(columns, descends, [&](int64_t x) { addPosition(n, y, x); }); });
  });
  return trail.bytes();
}

/// `together` rows of the output at a time: with `lines`, those of the input that come into the ring with a row of the
/// output are read before it is written; without, those that rows see are read until these rows are done, or
/// (`isReadFirst`) before the first of them is written. Where `together` does not divide the height, those at the
/// bottom are fewer with lines, and read as many rows; without, those that come last overlap those before them.
int64_t WindowSteps::byRows(int64_t lines, int64_t together, bool isReadFirst, bool descends) const {
  Trail trail(descends);
  int64_t stride = window.getStrides()[0], pad = window.getPads()[0];
  int64_t reach = window.seenBy(1), atOnce = std::min(together, rows());
  int64_t rowIn = window.getInput()[1] * pixelBits(), rowOut = window.getOutput()[1] * positionBits();
  auto addRows = [&](int64_t n, int64_t y, int64_t afterLast) {
    int64_t begin = y * stride - pad, end = begin + window.seenBy(atOnce);
    if (lines > 0 && !descends && y > 0)
      begin = std::max(begin, begin - stride + reach);
    if (lines > 0 && descends && afterLast < rows())
      end = std::min(end, afterLast * stride - pad);
    begin = std::clamp<int64_t>(begin, 0, height());
    end = std::clamp<int64_t>(end, 0, height());
    Range read{(n * height() + begin) * rowIn, (n * height() + end) * rowIn};
    Range write{(n * rows() + y) * rowOut, (n * rows() + afterLast) * rowOut};
    if (lines == 0 && !isReadFirst)
      trail.addRead(read);
    trail.add(read, write);
  };
  int64_t last = rows() - atOnce, count = llvm::divideCeilSigned(rows(), atOnce);
  forEachBackwards(window.getBatch(), descends, [&](int64_t n) {
    for (int64_t i = count - 1; i >= 0; --i) {
      int64_t y = descends ? std::max<int64_t>(last - i * atOnce, 0) : std::min(i * atOnce, last);
      if (lines > 0)
        y = (descends ? count - 1 - i : i) * atOnce;
      addRows(n, y, std::min(y + atOnce, rows()));
    }
  });
  return trail.bytes();
}

/// Positions that see only themselves, read where they lie in rows of `length`, until each is done. The last row ends
/// with the last position.
int64_t WindowSteps::byRuns(int64_t length, bool descends) const {
  Trail trail(descends);
  int64_t positions = window.getBatch() * rows() * window.getOutput()[1], last = positions - length;
  forEachBackwards(llvm::divideCeilSigned(positions, length), descends, [&](int64_t i) {
    int64_t begin = std::min(i * length, last), end = begin + length;
    Range read{begin * pixelBits(), end * pixelBits()};
    trail.addRead(read);
    trail.add(read, {begin * positionBits(), end * positionBits()});
  });
  return trail.bytes();
}

/// Positions that see only themselves, staged in rows of any length. With rows of `w` of `P` positions that grow from
/// `a` to `b` bytes, a write ends up to (P - w) (b - a) bytes behind where the later reads begin; most for w = 1.
/// Descending, the roles of a and b change.
int64_t WindowSteps::bySinglePositions(bool descends) const {
  int64_t positions = window.getBatch() * rows() * window.getOutput()[1];
  int64_t growth = descends ? pixelBits() - positionBits() : positionBits() - pixelBits();
  return llvm::divideCeilSigned(std::max<int64_t>(0, (positions - 1) * growth), 8);
}

} // namespace

bool qcc::qk::fillsDestination(Operation *kernel, Type format) {
  int64_t bits = bitsOf(format);
  auto type = llvm::cast<ShapedType>(kernel->getOperand(kernel->getNumOperands() - 1).getType());
  return bits % 8 == 0 || codesWritten(kernel) * bits == 8 * type.getNumElements();
}

Distances ContractOp::distancesTo(OpOperand &operand) {
  WindowSteps steps{getWindow(), bitsOf(getLhsFormat()), bitsOf(getOutFormat())};
  if (&operand != &getLhsMutable() || getPart() || !fillsDestination(*this, getOutFormat()) ||
      piecesOf(*this) > 1) // pieces have no order
    return {};
  std::optional<ScheduleAttr> schedule = getSchedule();
  if (schedule && schedule->getChannels() > 0)
    return {}; // see mayReplace
  int64_t lines = schedule ? schedule->getLines() : 0;
  if (!schedule || schedule->getK() == 0)
    return {steps.byPositions(false), steps.byPositions(true)};
  bool isSingle = seesOnePosition(getWindow()) && schedule->getRows() == 0;
  if (isSingle && lines == 0) {
    int64_t row = schedule->getRow(),
            positions = getWindow().getBatch() * getWindow().getOutput()[0] * getWindow().getOutput()[1];
    if (row == 0 || row > positions)
      return {}; // all positions may be one row
    return {steps.byRuns(row, false), steps.byRuns(row, true)};
  }
  if (isSingle)
    return {steps.bySinglePositions(false), steps.bySinglePositions(true)};
  if (int64_t together = schedule->getRows()) {
    bool isReadFirst = schedule->getN() >= getWindow().getGroups() * getWindow().getChannels()[1];
    return {steps.byRows(lines, together, isReadFirst, false), steps.byRows(lines, together, isReadFirst, true)};
  }
  return {steps.byRows(lines, 1, false, false), steps.byRows(lines, 1, false, true)};
}

/// Channels that are still to be read have places of their own in each position, where positions of the input and of
/// the output have as many bytes. Images that are still to be read begin behind those that have been written. Of
/// channels that are computed, all rows have been read (planes), or those above the end of what is written (lines).
bool ContractOp::mayReplace(OpOperand &operand) {
  std::optional<ScheduleAttr> schedule = getSchedule();
  WindowAttr window = getWindow();
  auto sizeOf = [](ArrayRef<int64_t> image) { return image[0] * image[1]; };
  int64_t bits = bitsOf(getLhsFormat());
  if (!schedule || getPart() || schedule->getChannels() == 0 || schedule->getPieces() != 1 ||
      &operand != &getLhsMutable() || bits % 8 != 0 || bits != bitsOf(getOutFormat()) ||
      window.getChannels()[0] != window.getChannels()[1])
    return false;
  if (int64_t lines = schedule->getLines())
    return WindowSteps{window, bits, bits}.byRows(lines, 1, /*isReadFirst=*/false, /*descends=*/false) == 0;
  return window.getBatch() == 1 || sizeOf(window.getOutput()) <= sizeOf(window.getInput());
}

Distances PoolOp::distancesTo(OpOperand &operand) {
  WindowSteps steps{getWindow(), bitsOf(getInFormat()), bitsOf(getOutFormat())};
  if (&operand != &getInputMutable() || !fillsDestination(*this, getOutFormat()) || getPieces() > 1)
    return {};
  return {steps.byPositions(false), Distances::apart};
}

/// First bit of the element that an access has at a point.
static int64_t bitAt(AccessAttr access, ArrayRef<int64_t> point) {
  int64_t element = access.getOffset();
  for (auto [index, stride] : llvm::zip_equal(point, access.getStrides()))
    element += index * stride;
  return element * bitsOf(access.getFormat());
}

std::optional<int64_t> qcc::qk::moveDistance(MapOp op) {
  Block &body = op.getBody().front();
  if (body.getNumArguments() != 1 || body.getTerminator()->getOperand(0) != body.getArgument(0))
    return std::nullopt;
  auto read = llvm::cast<AccessAttr>(op.getAccesses()[0]), write = llvm::cast<AccessAttr>(op.getAccesses()[1]);
  int64_t bits = bitsOf(read.getFormat());
  for (auto [size, from, to] : llvm::zip_equal(op.getShape(), read.getStrides(), write.getStrides()))
    if (size > 1 && from != to)
      return std::nullopt;
  if (bits % 8 != 0 || bits != bitsOf(write.getFormat()))
    return std::nullopt;
  return (read.getOffset() - write.getOffset()) * bits / 8;
}

Distances MapOp::distancesTo(OpOperand &operand) {
  // Codes that are only moved are copied row by row, and a copy's source and destination must not overlap; where all
  // move by one distance, they are copied in parts of that size.
  Block &body = getBody().front();
  bool isMove = llvm::is_contained(body.getArguments(), body.getTerminator()->getOperand(0));
  if ((isMove && !moveDistance(*this)) || operand.getOperandNumber() >= getInputs().size())
    return {};
  auto read = llvm::cast<AccessAttr>(getAccesses()[operand.getOperandNumber()]);
  auto write = llvm::cast<AccessAttr>(getAccesses()[getInputs().size()]);
  if (!fillsDestination(*this, write.getFormat()) || getPieces() > 1)
    return {};
  int64_t inBits = bitsOf(read.getFormat()), outBits = bitsOf(write.getFormat());
  Trail trail(/*descends=*/false);
  SmallVector<int64_t> point(getShape().size());
  auto visit = [&](auto &self, size_t dimension) -> void {
    if (dimension < point.size()) {
      for (int64_t index : extremes(getShape()[dimension])) {
        point[dimension] = index;
        self(self, dimension + 1);
      }
      return;
    }
    int64_t from = bitAt(read, point), to = bitAt(write, point);
    trail.add({from, from + inBits}, {to, to + outBits});
  };
  visit(visit, 0);
  return {trail.bytes(), Distances::apart};
}

/// The tensor whose codes a buffer has.
static Value withoutViews(Value buffer) {
  while (auto view = buffer.getDefiningOp<ViewOp>())
    buffer = view.getInput();
  return buffer;
}

/// Of pieces, each reads nothing but what it writes: whatever reads the operand does so where the result is written.
bool MapOp::mayReplace(OpOperand &operand) {
  auto accesses = llvm::to_vector(getAccesses().getAsRange<AccessAttr>());
  AccessAttr write = accesses.back();
  if (getPieces() == 1 || operand.getOperandNumber() >= getInputs().size() || bitsOf(write.getFormat()) % 8 != 0)
    return false;
  auto isInPlace = [&](AccessAttr read) {
    return read.getOffset() == write.getOffset() && bitsOf(read.getFormat()) == bitsOf(write.getFormat()) &&
           llvm::all_of(llvm::zip_equal(getShape(), read.getStrides(), write.getStrides()), [](auto dimension) {
             auto [size, from, to] = dimension;
             return size <= 1 || from == to;
           });
  };
  Value tensor = withoutViews(operand.get());
  return llvm::all_of(llvm::zip_first(getInputs(), accesses), [&](auto input) {
    auto [buffer, access] = input;
    return withoutViews(buffer) != tensor || isInPlace(access);
  });
}

namespace {
/// Elements one after the other. Those of pieces have no order, but each is written where it was read.
struct Elementwise {
  OpOperand &input;
  int64_t count, inBits, outBits, pieces;

  /// Upwards.
  Distances distancesTo(OpOperand &operand) const {
    if (&operand != &input || outBits % 8 != 0 || pieces > 1)
      return {};
    Trail trail(/*descends=*/false);
    for (int64_t i : extremes(count))
      trail.add({i * inBits, (i + 1) * inBits}, {i * outBits, (i + 1) * outBits});
    return {trail.bytes(), Distances::apart};
  }
  bool mayReplace(OpOperand &operand) const {
    return &operand == &input && pieces > 1 && inBits == outBits && outBits % 8 == 0;
  }
};
} // namespace

static Elementwise elementsOf(LookupOp op) {
  return {op.getInputMutable(), static_cast<int64_t>(op.getCount()), bitsOf(op.getInFormat()),
          bitsOf(op.getOutFormat()), static_cast<int64_t>(op.getPieces())};
}

// Each pass over a row reads codes before the last one writes them in the same order; both formats are as wide.
static Elementwise elementsOf(SoftmaxOp op) {
  return {op.getInputMutable(), static_cast<int64_t>(op.getRows() * op.getColumns()), bitsOf(op.getInFormat()),
          bitsOf(op.getOutFormat()), static_cast<int64_t>(op.getPieces())};
}
static Elementwise elementsOf(FloatSoftmaxOp op) {
  return {op.getInputMutable(), static_cast<int64_t>(op.getRows() * op.getColumns()), 32, 32,
          static_cast<int64_t>(op.getPieces())};
}

Distances LookupOp::distancesTo(OpOperand &operand) { return elementsOf(*this).distancesTo(operand); }
Distances SoftmaxOp::distancesTo(OpOperand &operand) { return elementsOf(*this).distancesTo(operand); }
Distances FloatSoftmaxOp::distancesTo(OpOperand &operand) { return elementsOf(*this).distancesTo(operand); }
bool LookupOp::mayReplace(OpOperand &operand) { return elementsOf(*this).mayReplace(operand); }
bool SoftmaxOp::mayReplace(OpOperand &operand) { return elementsOf(*this).mayReplace(operand); }
bool FloatSoftmaxOp::mayReplace(OpOperand &operand) { return elementsOf(*this).mayReplace(operand); }

// Rows are gathered in any order, and copied.
Distances GatherOp::distancesTo(OpOperand &) { return {}; }

// An index is wider than most codes, and the axis is read before the first of them is written.
Distances ArgmaxOp::distancesTo(OpOperand &) { return {}; }

Distances FetchOp::distancesTo(OpOperand &) { return {}; }
