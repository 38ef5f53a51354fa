// Maps, tables and gathers.
#include "compiler/codegen/Emitters.h"
#include "compiler/codegen/PackedCodes.h"
#include "dialects/qk/Queries.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

/// The byte that the element at `position` begins.
static Val byteAt(KernelBuilder &k, qnn::NumberFormat format, Val pointer, Val position) {
  int64_t bits = format.getBits();
  Val bytes = bits % 8 == 0 ? position * (bits / 8) : k.logicalShiftRight(position * bits, position.constant(3));
  return k.advance(pointer, bytes);
}

/// Copies so many bytes of neighbouring elements; source and destination are apart, or the same.
static void copyCodes(KernelBuilder &k, qnn::NumberFormat format, Val from, Val fromPosition, Val to, Val toPosition,
                      Val bytes) {
  LLVM::MemcpyOp::create(k.b, k.loc, byteAt(k, format, to, toPosition), byteAt(k, format, from, fromPosition), bytes,
                         /*isVolatile=*/false);
}

/// Bytes that a buffer begins behind the begin of its memory; both views are planned.
static int64_t placeOf(memref::ViewOp view) {
  APInt offset;
  matchPattern(view.getByteShift(), m_ConstantInt(&offset));
  return offset.getSExtValue();
}

/// For a copy within one memory to lower addresses, all by one distance: that distance, in bytes.
static std::optional<int64_t> shiftWithinMemory(qk::MapOp op) {
  std::optional<int64_t> distance = qk::moveDistance(op);
  auto from = distance ? op.getInputs()[0].getDefiningOp<memref::ViewOp>() : memref::ViewOp();
  auto to = op.getInit().getDefiningOp<memref::ViewOp>();
  if (!from || !to || from.getSource() != to.getSource())
    return std::nullopt;
  return placeOf(from) + *distance - placeOf(to);
}

/// Copies a row of codes to a place `shift` bytes below, which is less than its length: from its begin, in parts of
/// that size, each of which is apart from its copy.
static void shiftCodes(KernelBuilder &k, Val from, Val to, int64_t bytes, int64_t shift) {
  auto copy = [&](Val position, int64_t count) {
    LLVM::MemcpyOp::create(k.b, k.loc, k.advance(to, position), k.advance(from, position), k.index(count),
                           /*isVolatile=*/false);
  };
  k.loop(k.index(bytes / shift), [&](Val i) { copy(i * k.index(shift), shift); });
  if (bytes % shift != 0)
    copy(k.index(bytes / shift * shift), bytes % shift);
}

namespace {

class MapEmitter {
public:
  MapEmitter(KernelBuilder &k, qk::MapOp op, Pointers pointers);
  void emit();

private:
  using Positions = SmallVector<Val>;
  bool hasVectors();
  bool hasPackedRows();
  std::optional<int64_t> filledByte();
  void emitCopy(const Positions &positions);
  void emitFill(const Positions &positions, int64_t byte);
  std::pair<Positions, Val> partOfPiece(const Positions &positions);
  void emitDimension(size_t dimension, const Positions &positions);
  void emitRow(const Positions &positions);
  void emitRest(const Positions &positions);
  void emitCodes(const Positions &positions, int64_t lanes, int64_t valid);
  Val load(size_t access, Val position, int64_t lanes, int64_t valid);
  /// Positions of all accesses `i` steps further along a dimension.
  Positions moved(const Positions &positions, size_t dimension, Val i);

  KernelBuilder &k;
  qk::MapOp op;
  Pointers pointers;
  qk::Box box;
  ArrayRef<qk::AccessAttr> accesses; // of the inputs, then of the output
  ArrayRef<int64_t> shape;
  ArrayRef<SmallVector<int64_t>> strides; // [access][dimension]
};

MapEmitter::MapEmitter(KernelBuilder &k, qk::MapOp op, Pointers pointers)
    : k(k), op(op), pointers(pointers), box(op), accesses(box.accesses), shape(box.shape), strides(box.strides) {}

/// Along the last dimension, codes are neighbours or one that repeats.
bool MapEmitter::hasVectors() {
  if (shape.empty() || shape.back() < 2 || strides.back().back() != 1)
    return false;
  for (auto [access, stride] : llvm::zip(accesses, strides))
    if (stride.back() > 1 || !k.hasWholeCodes(formatOf(access.getFormat())))
      return false;
  return true;
}

/// The same with codes within a byte, of which all vectors begin and end with a byte.
bool MapEmitter::hasPackedRows() {
  if (shape.empty() || shape.back() < k.vectorLanes || strides.back().back() != 1)
    return false;
  for (size_t i = 0; i < accesses.size(); ++i) {
    qnn::NumberFormat format = formatOf(accesses[i].getFormat());
    bool isPacked = hasPackedVectors(k, format, k.vectorLanes) && box.beginsBytes(i);
    if (strides[i].back() > 1 || !(k.hasWholeCodes(format) || isPacked))
      return false;
  }
  return true;
}

/// The byte that a row of the output consists of, if one code below 8 bits is written to all of it.
std::optional<int64_t> MapEmitter::filledByte() {
  APInt code;
  int64_t bits = formatOf(accesses.back().getFormat()).getBits();
  if (accesses.size() != 1 || bits >= 8 || 8 % bits != 0 || shape.back() * bits % 8 != 0 || strides[0].back() != 1 ||
      !box.beginsBytes(0) || !matchPattern(op.getBody().front().getTerminator()->getOperand(0), m_ConstantInt(&code)))
    return std::nullopt;
  int64_t mask = (int64_t(1) << bits) - 1, byte = 0;
  for (int64_t bit = 0; bit < 8; bit += bits)
    byte |= (code.getSExtValue() & mask) << bit;
  return byte;
}

MapEmitter::Positions MapEmitter::moved(const Positions &positions, size_t dimension, Val i) {
  Positions result;
  for (auto [position, stride] : llvm::zip(positions, strides))
    result.push_back(position + i * k.index(stride[dimension]));
  return result;
}

void MapEmitter::emit() {
  Positions positions;
  for (qk::AccessAttr access : accesses)
    positions.push_back(k.index(access.getOffset()));
  emitDimension(0, positions);
}

void MapEmitter::emitDimension(size_t dimension, const Positions &positions) {
  if (dimension == shape.size())
    return emitCodes(positions, 1, 1);
  bool isLast = dimension + 1 == shape.size();
  if (isLast && qk::copiesRows(op, box))
    return emitCopy(positions);
  if (std::optional<int64_t> byte = isLast ? filledByte() : std::nullopt)
    return emitFill(positions, *byte);
  if (isLast && k.vectorLanes > 1 && (hasVectors() || hasPackedRows()))
    return emitRow(positions);
  auto body = [&](Val i) { emitDimension(dimension + 1, moved(positions, dimension, i)); };
  if (dimension > 0)
    return k.loop(k.index(shape[dimension]), body);
  k.loopOverPiece(shape[0], isLast ? qk::elementsTogether : 1, body);
}

/// Of a row of whole bytes, where the part begins that this piece writes, and its bytes; all of it below others.
std::pair<MapEmitter::Positions, Val> MapEmitter::partOfPiece(const Positions &positions) {
  int64_t bits = formatOf(accesses.back().getFormat()).getBits();
  if (shape.size() > 1 || k.pieces == 1)
    return {positions, k.index(shape.back() * bits / 8)};
  auto [begin, end] = k.rangeOfPiece(shape[0], qk::elementsTogether);
  Val bytes = k.logicalShiftRight(k.max(end - begin, k.index(0)) * bits, k.index(3));
  return {moved(positions, 0, begin), bytes};
}

/// The last dimension as bytes of one value.
void MapEmitter::emitFill(const Positions &positions, int64_t byte) {
  auto [first, bytes] = partOfPiece(positions);
  Val value = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getI8IntegerAttr(static_cast<int8_t>(byte))));
  LLVM::MemsetOp::create(k.b, k.loc, byteAt(k, formatOf(accesses[0].getFormat()), pointers[0], first[0]), value, bytes,
                         /*isVolatile=*/false);
}

/// The last dimension as a copy. What lies in its place already stays.
void MapEmitter::emitCopy(const Positions &positions) {
  qnn::NumberFormat format = formatOf(accesses[0].getFormat());
  int64_t bytes = shape.back() * format.getBits() / 8;
  std::optional<int64_t> shift = shiftWithinMemory(op);
  if (shift == 0)
    return;
  if (!shift || *shift < 0 || *shift >= bytes) {
    auto [first, bytesOfPart] = partOfPiece(positions);
    return copyCodes(k, format, pointers[0], first[0], pointers[1], first[1], bytesOfPart);
  }
  shiftCodes(k, byteAt(k, format, pointers[0], positions[0]), byteAt(k, format, pointers[1], positions[1]), bytes,
             *shift);
}

/// The last dimension in vectors. None reads or writes what another one does, so that the output may be an input.
void MapEmitter::emitRow(const Positions &positions) {
  size_t last = shape.size() - 1;
  int64_t lanes = k.vectorLanes, whole = shape.back() / lanes;
  auto emitVector = [&](Val i) { emitCodes(moved(positions, last, i * lanes), lanes, lanes); };
  bool isDivided = last == 0 && k.pieces > 1;
  if (isDivided) {
    auto [begin, end] = k.rangeOfPiece(llvm::divideCeil(shape[0], lanes), qk::elementsTogether / lanes);
    k.loop(begin, k.min(end, k.index(whole)), emitVector);
    k.ifThen(k.isLastPiece(), [&] { emitRest(positions); });
  } else {
    if (whole > 0)
      k.loop(k.index(whole), emitVector);
    emitRest(positions);
  }
}

/// What is no whole vector of the last dimension.
void MapEmitter::emitRest(const Positions &positions) {
  size_t last = shape.size() - 1;
  int64_t lanes = k.vectorLanes, rest = shape.back() % lanes, whole = shape.back() - rest;
  if (rest == 0)
    return;
  if (!hasVectors())
    return k.loop(k.index(rest), [&](Val i) { emitCodes(moved(positions, last, i + whole), 1, 1); });
  // Where a vector is four words, LLVM takes two of them for numbers of 64 bits.
  constexpr int64_t fewLanes = 4;
  int64_t tail = rest > 1 && lanes == fewLanes ? lanes : static_cast<int64_t>(llvm::PowerOf2Ceil(rest));
  emitCodes(moved(positions, last, k.index(whole)), tail, rest);
}

/// What an access reads, in lanes that it repeats if it has one code for all.
Val MapEmitter::load(size_t access, Val position, int64_t lanes, int64_t valid) {
  qnn::NumberFormat format = formatOf(accesses[access].getFormat());
  if (lanes > 1 && strides[access].back() == 0)
    return k.broadcast(k.load(pointers[access], format, position), lanes);
  return lanes == 1 || k.hasWholeCodes(format) ? k.loadCodes(pointers[access], format, position, lanes, valid)
                                               : loadPacked(k, pointers[access], format, position, lanes);
}

/// `valid` neighbours along the last dimension, in a vector of `lanes` if that is more than one.
void MapEmitter::emitCodes(const Positions &positions, int64_t lanes, int64_t valid) {
  SmallVector<Value> codes;
  for (size_t i = 0; i + 1 < accesses.size(); ++i)
    codes.push_back(load(i, positions[i], lanes, valid));
  Val code = k.inlineRegion(op.getBody(), codes);
  if (lanes > 1 && codes.empty())
    code = k.broadcast(code, lanes);
  qnn::NumberFormat format = formatOf(accesses.back().getFormat());
  if (lanes > 1 && !k.hasWholeCodes(format))
    return storePacked(k, pointers.back(), format, positions.back(), code);
  k.storeCodes(pointers.back(), format, positions.back(), code, valid);
}
} // namespace

void codegen::emitMap(KernelBuilder &k, qk::MapOp op, Pointers pointers) { MapEmitter(k, op, pointers).emit(); }

void codegen::emitLookup(KernelBuilder &k, qk::LookupOp op, Pointers pointers) {
  qnn::NumberFormat in = formatOf(op.getInFormat()), out = formatOf(op.getOutFormat());
  int64_t mask = (int64_t(1) << in.getBits()) - 1;
  k.loopOverPiece(op.getCount(), qk::elementsTogether, [&](Val i) {
    Val pattern = k.load(pointers[0], in, i) & mask;
    Type element = out.getUnpackedType();
    Val entry = k.loadRaw(pointers[1], element, k.toIndex(pattern));
    if (element.isInteger(8) || element.isInteger(16))
      entry = k.val(arith::ExtSIOp::create(k.b, k.loc, k.b.getI32Type(), entry));
    k.store(pointers[2], out, i, entry);
  });
}

void codegen::emitGather(KernelBuilder &k, qk::GatherOp op, Pointers pointers) {
  qnn::NumberFormat format = formatOf(op.getFormat());
  ArrayRef<int64_t> shape = op.getShape(), in = op.getInputShape();
  Val height = k.index(shape[1]), width = k.index(shape[2]), channels = k.index(shape[3]);
  auto emitRow = [&](Val n, Val y) {
    Val row = n * k.index(in[0]) + k.toIndex(k.loadRaw(pointers[1], k.b.getI32Type(), y));
    k.loop(width, [&](Val x) {
      Val from = row * k.index(in[1]) + k.toIndex(k.loadRaw(pointers[2], k.b.getI32Type(), x));
      Val to = (n * height + y) * width + x;
      if (k.hasWholeCodes(format))
        return copyCodes(k, format, pointers[0], from * channels, pointers[3], to * channels,
                         k.index(shape[3] * format.getBits() / 8));
      k.loop(channels, [&](Val c) {
        k.store(pointers[3], format, to * channels + c, k.load(pointers[0], format, from * channels + c));
      });
    });
  };
  if (k.pieces > 1)
    return k.loopOverPiece(shape[0] * shape[1], 1, [&](Val row) {
      Val n = row / height;
      emitRow(n, row - n * height);
    });
  k.loop(k.index(shape[0]), [&](Val n) { k.loop(height, [&](Val y) { emitRow(n, y); }); });
}
