#include "compiler/codegen/PackedCodes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include <numeric>

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- Words -----------------------------------------------------------------------------------------===//

/// `bits` ones, again and again each `distance` bits of a word that has bytes for so many codes.
static int64_t onesEach(int64_t bits, int64_t distance, int64_t codes) {
  int64_t mask = 0;
  for (int64_t at = 0; at < 8 * codes; at += distance)
    mask |= ((int64_t(1) << bits) - 1) << at;
  return mask;
}

/// Codes that lie side by side at the bottom of each word, moved apart to a byte each: first the upper half of them,
/// then the upper half of each half.
static Val spread(Val word, int64_t bits, int64_t codes) {
  for (int64_t half = codes / 2; half > 0; half /= 2) {
    int64_t low = onesEach(half * bits, 16 * half, codes), high = low << (8 * half);
    Val moved = word << (half * (8 - bits));
    // Up to 4 bits, what stays and what moves never meet.
    word = bits <= 4 ? (word | moved) & (low | high) : (word & low) | (moved & high);
  }
  return word;
}

/// The way back, of the low bits of each byte.
static Val gather(Val word, int64_t bits, int64_t codes) {
  word = word & onesEach(bits, 8, codes);
  for (int64_t half = 1; half < codes; half *= 2) {
    int64_t low = onesEach(half * bits, 16 * half, codes), high = low << (8 * half);
    Val distance = word.constant(half * (8 - bits));
    word = bits <= 4 ? (word | word.k->logicalShiftRight(word, distance)) & onesEach(2 * half * bits, 16 * half, codes)
                     : (word & low) | word.k->logicalShiftRight(word & high, distance);
  }
  return word;
}

/// Extends the codes in the bytes of each word by their highest bit, without a carry from byte to byte.
static Val extendSign(Val word, int64_t bits, int64_t codes) {
  int64_t sign = int64_t(1) << (bits - 1);
  return ((word ^ onesEach(1, 8, codes) * sign) + onesEach(1, 8, codes) * (128 - sign)) ^ onesEach(1, 8, codes) * 128;
}

static Val loadAligned(KernelBuilder &k, Val pointer, Type type, int64_t align) {
  return k.val(LLVM::LoadOp::create(k.b, k.loc, type, pointer, static_cast<unsigned>(align)));
}

//===-- Vectors ---------------------------------------------------------------------------------------===//

namespace {
/// Codes that divide a byte, in vectors whose elements hold the codes of one byte.
struct Vectors {
  Vectors(KernelBuilder &k, int64_t bits, int64_t count)
      : bits(bits), codes(8 / bits), bytes(count / codes),
        element(k.b.getIntegerType(static_cast<unsigned>(8 * codes))) {}

  int64_t bits, codes, bytes; // codes of a byte, bytes of a vector
  Type element;
  int64_t count() const { return bytes * codes; }
};
} // namespace

static bool divideBytes(int64_t bits) { return bits == 2 || bits == 4; }

/// A vector of codes in a byte each.
static Val loadBytes(KernelBuilder &k, const Vectors &vectors, Val from, bool isSigned) {
  Val words = k.widen(k.loadVector(from, k.b.getI8Type(), vectors.bytes, vectors.bytes), vectors.element, false);
  words = spread(words, vectors.bits, vectors.codes);
  Val bytes = k.val(LLVM::BitcastOp::create(k.b, k.loc, VectorType::get({vectors.count()}, k.b.getI8Type()), words));
  int64_t sign = int64_t(1) << (vectors.bits - 1);
  return isSigned ? (bytes ^ sign) - sign : bytes;
}

static void storeBytes(KernelBuilder &k, const Vectors &vectors, Val bytes, Val to) {
  Val words = k.val(LLVM::BitcastOp::create(k.b, k.loc, VectorType::get({vectors.bytes}, vectors.element), bytes));
  k.storeVector(to, k.narrow(gather(words, vectors.bits, vectors.codes), k.b.getI8Type()), vectors.bytes);
}

static Val byteOf(KernelBuilder &k, Val pointer, int64_t bits, Val position) {
  return k.advance(pointer, k.logicalShiftRight(position * bits, position.constant(3)));
}

bool codegen::hasPackedVectors(const KernelBuilder &k, qnn::NumberFormat format, int64_t lanes) {
  int64_t bits = format.getBits();
  return k.vectorLanes > 1 && (bits == 1 ? lanes % 8 == 0 : divideBytes(bits) && lanes * bits % 32 == 0);
}

Val codegen::loadPacked(KernelBuilder &k, Val pointer, qnn::NumberFormat format, Val position, int64_t lanes) {
  int64_t bits = format.getBits();
  bool isSigned = format.isSignedCode();
  if (bits == 1) {
    Type word = k.b.getIntegerType(static_cast<unsigned>(lanes));
    Val loaded = loadAligned(k, byteOf(k, pointer, bits, position), word, /*align=*/1);
    Val mask = k.val(LLVM::BitcastOp::create(k.b, k.loc, VectorType::get({lanes}, k.b.getI1Type()), loaded));
    return k.widen(mask, k.b.getI32Type(), isSigned);
  }
  Val bytes = loadBytes(k, Vectors(k, bits, lanes), byteOf(k, pointer, bits, position), isSigned);
  return k.widen(bytes, k.b.getI32Type(), isSigned);
}

void codegen::storePacked(KernelBuilder &k, Val pointer, qnn::NumberFormat format, Val position, Val codes) {
  int64_t bits = format.getBits(), lanes = llvm::cast<VectorType>(codes.type()).getNumElements();
  if (bits == 1)
    return k.storeBits(pointer, position, codes, lanes);
  storeBytes(k, Vectors(k, bits, lanes), k.narrow(codes, k.b.getI8Type()), byteOf(k, pointer, bits, position));
}

//===-- Eight codes -----------------------------------------------------------------------------------===//

/// Eight codes fill as many bytes as a code has bits: four of them at the bottom of each of two words.
static std::pair<Val, Val> loadEight(KernelBuilder &k, Val from, int64_t bits, int64_t align) {
  if (bits == 4) {
    Val word = loadAligned(k, from, k.b.getI32Type(), std::min<int64_t>(align, 4));
    return {word & 0xffff, k.logicalShiftRight(word, word.constant(16))};
  }
  Val low = k.i32(0), high = k.i32(0);
  for (int64_t i = 0; i < bits; ++i) {
    Val byte = k.widen(k.loadRaw(from, k.b.getI8Type(), k.index(i)), k.b.getI32Type(), false);
    int64_t at = 8 * i, middle = 4 * bits;
    if (at < middle)
      low = low | (byte << at);
    if (at + 8 > middle)
      high = high | (at < middle ? k.logicalShiftRight(byte, byte.constant(middle - at)) : byte << (at - middle));
  }
  return {low & ((int64_t(1) << (4 * bits)) - 1), high};
}

static void storeEight(KernelBuilder &k, Val low, Val high, Val to, int64_t bits, int64_t align) {
  if (bits == 4) {
    LLVM::StoreOp::create(k.b, k.loc, low | (high << 16), to, static_cast<unsigned>(std::min<int64_t>(align, 4)));
    return;
  }
  for (int64_t i = 0; i < bits; ++i) {
    int64_t at = 8 * i, middle = 4 * bits;
    Val byte = at < middle ? k.logicalShiftRight(low, low.constant(at))
                           : k.logicalShiftRight(high, high.constant(at - middle));
    if (at < middle && at + 8 > middle)
      byte = byte | (high << (middle - at));
    k.storeRaw(to, k.b.getI8Type(), k.index(i), k.narrow(byte, k.b.getI8Type()));
  }
}

//===-- Rows ------------------------------------------------------------------------------------------===//

namespace {
/// Goes through codes in the largest steps there are.
class Steps {
public:
  Steps(KernelBuilder &k, const PackedCodes &codes) : k(k), codes(codes), bits(codes.format.getBits()) {}

  /// `vector` and `eight` get the addresses of packed and of whole codes, `one` the number of a code among these.
  void forEach(Val bytes, llvm::function_ref<void(const Vectors &, Val packed, Val whole)> vector,
               llvm::function_ref<void(Val packed, Val whole)> eight, llvm::function_ref<void(Val)> one) {
    int64_t done = 0;
    auto forSteps = [&](int64_t size, llvm::function_ref<void(Val packed, Val whole)> body) {
      int64_t count = (codes.count - done) / size;
      if (count == 0)
        return;
      Val from = k.advance(packed(), done * bits / 8), to = k.advance(bytes, done);
      k.loop(k.index(count), [&](Val i) { body(k.advance(from, i * (size * bits / 8)), k.advance(to, i * size)); });
      done += count * size;
    };
    bool beginsByte = codes.unit * bits % 8 == 0;
    if (beginsByte && k.vectorLanes > 1 && divideBytes(bits)) {
      Vectors vectors(k, bits, 4 * k.vectorLanes);
      forSteps(vectors.count(), [&](Val packed, Val whole) { vector(vectors, packed, whole); });
    }
    if (beginsByte)
      forSteps(8, eight);
    k.loop(k.index(done), k.index(codes.count), ArrayRef<Val>(), [&](Val i, ArrayRef<Val>) {
      one(i);
      return SmallVector<Val>();
    });
  }
  /// Bytes of which the address of eight codes is a multiple: all buffers begin at multiples of four.
  int64_t alignment() const { return std::gcd<int64_t>(std::gcd(codes.unit * bits / 8, bits), 4); }

private:
  Val packed() { return byteOf(k, codes.pointer, bits, codes.first); }

  KernelBuilder &k;
  const PackedCodes &codes;
  int64_t bits;
};
} // namespace

void codegen::unpackCodes(KernelBuilder &k, const PackedCodes &codes, Val bytes) {
  Steps steps(k, codes);
  int64_t bits = codes.format.getBits();
  bool isSigned = codes.format.isSignedCode();
  Type word = k.b.getI32Type();
  auto unpackEight = [&](Val from, Val to) {
    auto [low, high] = loadEight(k, from, bits, steps.alignment());
    for (auto [i, four] : llvm::enumerate(SmallVector<Val>{low, high})) {
      Val whole = spread(four, bits, 4);
      k.storeRaw(to, word, k.index(static_cast<int64_t>(i)), isSigned ? extendSign(whole, bits, 4) : whole);
    }
  };
  steps.forEach(
      bytes,
      [&](const Vectors &vectors, Val from, Val to) {
        k.storeVector(to, loadBytes(k, vectors, from, isSigned), vectors.count());
      },
      unpackEight,
      [&](Val i) {
        Val code = k.load(codes.pointer, codes.format, codes.first + i);
        k.storeRaw(bytes, k.b.getI8Type(), i, k.narrow(code, k.b.getI8Type()));
      });
}

void codegen::packCodes(KernelBuilder &k, Val bytes, const PackedCodes &codes) {
  Steps steps(k, codes);
  int64_t bits = codes.format.getBits();
  Type word = k.b.getI32Type();
  auto packEight = [&](Val to, Val from) {
    Val low = gather(k.loadRaw(from, word, k.index(0)), bits, 4),
        high = gather(k.loadRaw(from, word, k.index(1)), bits, 4);
    storeEight(k, low, high, to, bits, steps.alignment());
  };
  steps.forEach(
      bytes,
      [&](const Vectors &vectors, Val to, Val from) {
        storeBytes(k, vectors, k.loadVector(from, k.b.getI8Type(), vectors.count(), vectors.count()), to);
      },
      packEight,
      [&](Val i) {
        Val code = k.widen(k.loadRaw(bytes, k.b.getI8Type(), i), word, false);
        k.store(codes.pointer, codes.format, codes.first + i, code);
      });
}
