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

/// Copies `count` neighbouring elements, which are whole bytes; source and destination are apart, or the same.
static void copyCodes(KernelBuilder &k, qnn::NumberFormat format, Val from, Val fromPosition, Val to, Val toPosition,
                      int64_t count) {
  LLVM::MemcpyOp::create(k.b, k.loc, byteAt(k, format, to, toPosition), byteAt(k, format, from, fromPosition),
                         k.index(count * format.getBits() / 8), /*isVolatile=*/false);
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
  bool beginsBytes(size_t access);
  bool hasPackedRows();
  bool isCopy();
  std::optional<int64_t> filledByte();
  void emitCopy(const Positions &positions);
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
  SmallVector<qk::AccessAttr> accesses; // of the inputs, then of the output
  qk::Box box;
  ArrayRef<int64_t> shape;
  ArrayRef<SmallVector<int64_t>> strides; // [access][dimension]
};

MapEmitter::MapEmitter(KernelBuilder &k, qk::MapOp op, Pointers pointers)
    : k(k), op(op), pointers(pointers), accesses(op.getAccesses().getAsRange<qk::AccessAttr>()), box(op),
      shape(box.shape), strides(box.strides) {}

/// Along the last dimension, codes are neighbours or one that repeats.
bool MapEmitter::hasVectors() {
  if (shape.empty() || shape.back() < 2 || strides.back().back() != 1)
    return false;
  for (auto [access, stride] : llvm::zip(accesses, strides))
    if (stride.back() > 1 || !k.hasWholeCodes(formatOf(access.getFormat())))
      return false;
  return true;
}

/// True if all rows of an access along the last dimension begin a byte.
bool MapEmitter::beginsBytes(size_t access) {
  int64_t bits = formatOf(accesses[access].getFormat()).getBits();
  return accesses[access].getOffset() * bits % 8 == 0 &&
         llvm::all_of(ArrayRef(strides[access]).drop_back(), [&](int64_t step) { return step * bits % 8 == 0; });
}

/// The same with codes within a byte, of which all vectors begin and end with a byte.
bool MapEmitter::hasPackedRows() {
  if (shape.empty() || shape.back() < k.vectorLanes || strides.back().back() != 1)
    return false;
  for (size_t i = 0; i < accesses.size(); ++i) {
    qnn::NumberFormat format = formatOf(accesses[i].getFormat());
    bool isPacked = hasPackedVectors(k, format, k.vectorLanes) && beginsBytes(i);
    if (strides[i].back() > 1 || !(k.hasWholeCodes(format) || isPacked))
      return false;
  }
  return true;
}

/// True if the region yields its argument, and a row of the output is a row of the input, of whole bytes.
bool MapEmitter::isCopy() {
  Block &body = op.getBody().front();
  if (body.getNumArguments() != 1 || body.getTerminator()->getOperand(0) != body.getArgument(0) ||
      strides[0].back() != 1 || strides[1].back() != 1)
    return false;
  int64_t bits = formatOf(accesses[0].getFormat()).getBits();
  return bits == formatOf(accesses[1].getFormat()).getBits() && shape.back() > 1 && shape.back() * bits % 8 == 0 &&
         beginsBytes(0) && beginsBytes(1);
}

/// The byte that a row of the output consists of, if one code below 8 bits is written to all of it.
std::optional<int64_t> MapEmitter::filledByte() {
  APInt code;
  int64_t bits = formatOf(accesses.back().getFormat()).getBits();
  if (accesses.size() != 1 || bits >= 8 || 8 % bits != 0 || shape.back() * bits % 8 != 0 || strides[0].back() != 1 ||
      !beginsBytes(0) || !matchPattern(op.getBody().front().getTerminator()->getOperand(0), m_ConstantInt(&code)))
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
  if (isLast && isCopy())
    return emitCopy(positions);
  if (std::optional<int64_t> byte = isLast ? filledByte() : std::nullopt) {
    qnn::NumberFormat format = formatOf(accesses[0].getFormat());
    Val value = k.val(arith::ConstantOp::create(k.b, k.loc, k.b.getI8IntegerAttr(static_cast<int8_t>(*byte))));
    LLVM::MemsetOp::create(k.b, k.loc, byteAt(k, format, pointers[0], positions[0]), value,
                           k.index(shape.back() * format.getBits() / 8), /*isVolatile=*/false);
    return;
  }
  if (isLast && k.vectorLanes > 1 && (hasVectors() || hasPackedRows()))
    return emitRow(positions);
  auto body = [&](Val i) { emitDimension(dimension + 1, moved(positions, dimension, i)); };
  if (dimension > 0)
    return k.loop(k.index(shape[dimension]), body);
  k.loopOverPiece(shape[0], isLast ? qk::elementsTogether : 1, body);
}

/// The last dimension as a copy. What lies in its place already stays.
void MapEmitter::emitCopy(const Positions &positions) {
  qnn::NumberFormat format = formatOf(accesses[0].getFormat());
  int64_t bytes = shape.back() * format.getBits() / 8;
  std::optional<int64_t> shift = shiftWithinMemory(op);
  if (shift == 0)
    return;
  if (!shift || *shift < 0 || *shift >= bytes)
    return copyCodes(k, format, pointers[0], positions[0], pointers[1], positions[1], shape.back());
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
  k.loop(k.index(shape[0]), [&](Val n) {
    k.loop(height, [&](Val y) {
      Val row = n * k.index(in[0]) + k.toIndex(k.loadRaw(pointers[1], k.b.getI32Type(), y));
      k.loop(width, [&](Val x) {
        Val from = row * k.index(in[1]) + k.toIndex(k.loadRaw(pointers[2], k.b.getI32Type(), x));
        Val to = (n * height + y) * width + x;
        if (k.hasWholeCodes(format))
          return copyCodes(k, format, pointers[0], from * channels, pointers[3], to * channels, shape[3]);
        k.loop(channels, [&](Val c) {
          k.store(pointers[3], format, to * channels + c, k.load(pointers[0], format, from * channels + c));
        });
      });
    });
  });
}
