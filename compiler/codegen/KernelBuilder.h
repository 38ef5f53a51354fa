// Writes the code of kernels: arithmetic on scalars and vectors with operators,
// counted loops, and access to packed codes.
//
// Index arithmetic uses the target's own width (i32 or i64), never `index`, so
// that 32-bit machines compute in 32 bits.
#ifndef QCC_COMPILER_CODEGEN_KERNELBUILDER_H
#define QCC_COMPILER_CODEGEN_KERNELBUILDER_H

#include "dialects/qnn/QnnDialect.h"
#include "mlir/IR/Builders.h"

namespace qcc::codegen {

class KernelBuilder;

/// A scalar or vector in a kernel. Operators build the operation; an integer operand becomes a constant of the same
/// type. Integers are signed where it matters (`<`, `/`, `>>`).
struct Val {
  KernelBuilder *k = nullptr;
  mlir::Value value;

  operator mlir::Value() const { return value; }
  mlir::Type type() const { return value.getType(); }
  /// A number of the same type.
  Val constant(int64_t number) const;
  /// A number of the same type, which holds f32.
  Val real(float number) const;
  /// `element`, or a vector of it as long as this one.
  mlir::Type typeOf(mlir::Type element) const;
};

Val operator+(Val a, Val b);
Val operator-(Val a, Val b);
Val operator*(Val a, Val b);
Val operator/(Val a, Val b);
Val operator&(Val a, Val b);
Val operator|(Val a, Val b);
Val operator^(Val a, Val b);
Val operator<<(Val a, Val b);
Val operator>>(Val a, Val b);
Val operator<(Val a, Val b);
Val operator>(Val a, Val b);
Val operator==(Val a, Val b);
Val operator-(Val a);
#define QCC_WITH_CONSTANT(OP)                                                                                          \
  inline Val operator OP(Val a, int64_t b) { return a OP a.constant(b); }
QCC_WITH_CONSTANT(+)
QCC_WITH_CONSTANT(-)
QCC_WITH_CONSTANT(*)
QCC_WITH_CONSTANT(/)
QCC_WITH_CONSTANT(&)
QCC_WITH_CONSTANT(|)
QCC_WITH_CONSTANT(^)
QCC_WITH_CONSTANT(<<)
QCC_WITH_CONSTANT(>>)
QCC_WITH_CONSTANT(<)
QCC_WITH_CONSTANT(>)
QCC_WITH_CONSTANT(==)
#undef QCC_WITH_CONSTANT

/// What is known of a rescaling's operands and of what follows it: a zero point is added, then results are clamped.
struct RescalingUse {
  bool isNarrow = false;        // as `qk.requantize` promises it
  int64_t zero = 0;             // is added to the result
  bool isClampedAtZero = false; // every result below 0 becomes 0: max(x + z, low) with low >= z
  bool isByte = false;          // min(max(x + z, -128), 127)
};

/// qk.requantize with double rounding of i32 vectors, in a machine's own instructions; nothing where it has none. The
/// result may be any that what follows makes the same codes of.
using RequantizeVector = std::optional<Val> (*)(KernelBuilder &k, Val x, Val multiplier, Val shift,
                                                const RescalingUse &use);

class KernelBuilder {
public:
  /// Kernels that need not be of one width compute `vectorLanes` codes at a time.
  KernelBuilder(mlir::OpBuilder &b, mlir::Location loc, unsigned indexBits, int64_t vectorLanes = 1)
      : b(b), loc(loc), indexBits(indexBits), vectorLanes(vectorLanes) {}

  Val val(mlir::Value value) { return {this, value}; }
  /// A number of the index type: sizes, strides, offsets.
  Val index(int64_t number);
  Val i32(int64_t number);
  /// A number that is part of an instruction, and has to be known when code is generated.
  Val immediate(int64_t number, unsigned bits = 32);
  Val f32(float number);

  Val select(Val condition, Val a, Val b);
  /// Integers are compared with their signs, or as if they had none.
  Val min(Val a, Val b, bool areSigned = true);
  Val max(Val a, Val b, bool areSigned = true);
  Val logicalShiftRight(Val a, Val b);
  Val unsignedDivide(Val a, Val b);
  Val unsignedRemainder(Val a, Val b);
  /// The low bits of integers as a narrower element type; others stay as they are.
  Val narrow(Val value, mlir::Type element);
  /// Integers as a wider element type.
  Val widen(Val value, mlir::Type element, bool isSigned);
  Val toIndex(Val i32Value);
  Val toI32(Val indexValue);
  Val extend64(Val i32Value);
  Val truncate32(Val i64Value);
  Val toFloat(Val i32Value);
  /// The bits of each element as another type of equal width.
  Val bitcast(Val value, mlir::Type element);

  /// `for (i = 0; i < count; ++i)`.
  void loop(Val count, llvm::function_ref<void(Val)> body) { loop(count.constant(0), count, body); }
  /// `for (i = low; i < high; ++i)`.
  void loop(Val low, Val high, llvm::function_ref<void(Val)> body);
  /// The same for those of `count` numbers that are of this piece: equal parts for all pieces, in which `together`
  /// neighbours, counted from 0, stay together.
  void loopOverPiece(int64_t count, int64_t together, llvm::function_ref<void(Val)> body);
  /// The first of these numbers, and what is behind the last.
  std::pair<Val, Val> rangeOfPiece(int64_t count, int64_t together);
  /// The same as `loop(count, body)`, or with `descends` `for (i = count - 1; i >= 0; --i)`.
  void loopInOrder(int64_t count, bool descends, llvm::function_ref<void(Val)> body);
  /// `for (i = low; i < high; ++i)`, carrying values from one iteration to the next.
  llvm::SmallVector<Val> loop(Val low, Val high, llvm::ArrayRef<Val> init,
                              llvm::function_ref<llvm::SmallVector<Val>(Val, llvm::ArrayRef<Val>)> body);
  /// The same, and LLVM does not unroll it: its body has been laid out for the registers there are.
  llvm::SmallVector<Val> loopAsIs(Val low, Val high, llvm::ArrayRef<Val> init,
                                  llvm::function_ref<llvm::SmallVector<Val>(Val, llvm::ArrayRef<Val>)> body);
  /// `loopAsIs` over the numbers below `count`, or a copy of `body` for each of them.
  llvm::SmallVector<Val> loopOrCopies(bool isLoop, int64_t count, llvm::ArrayRef<Val> init,
                                      llvm::function_ref<llvm::SmallVector<Val>(Val, llvm::ArrayRef<Val>)> body);
  /// `loop` with one carried value.
  Val loop(Val low, Val high, Val init, llvm::function_ref<Val(Val, Val)> body);
  /// `body` for the first of every `block` numbers below `count`, which is not less; the last block overlaps the one
  /// before it if `count` is no multiple. Overlapping saves a second copy of the body.
  void loopInBlocks(int64_t count, int64_t block, llvm::function_ref<void(Val)> body);
  /// The same; with `isCounted`, by loops in which the number is nothing but counted, as loops that count in hardware
  /// want it.
  void loopInBlocks(int64_t count, int64_t block, bool isCounted, llvm::function_ref<void(Val)> body);
  void ifThen(Val condition, llvm::function_ref<void()> body);
  void ifThenElse(Val condition, llvm::function_ref<void()> isTrue, llvm::function_ref<void()> isFalse);
  /// The value of one of two computations of the same type.
  Val ifThenElse(Val condition, mlir::Type type, llvm::function_ref<Val()> isTrue, llvm::function_ref<Val()> isFalse);

  /// Element `position` of packed codes: i32, extended by the format's signedness, or f32.
  Val load(Val pointer, qnn::NumberFormat format, Val position);
  /// Stores an i32 code (its low bits) or an f32.
  void store(Val pointer, qnn::NumberFormat format, Val position, Val code);
  /// The integer that a code stands for.
  Val integer(Val code, qnn::NumberFormat format);

  /// A copy of a region's single block with its arguments replaced; returns what it yields. What is computed from
  /// vectors is a vector; scalars beside them stand for all lanes.
  Val inlineRegion(mlir::Region &region, mlir::ValueRange arguments);

  Val loadRaw(Val pointer, mlir::Type type, Val position);
  void storeRaw(Val pointer, mlir::Type type, Val position, Val value);

  /// Memory for `count` elements on the function's stack.
  Val stackBuffer(mlir::Type type, int64_t count);
  /// The address `bytes` behind a pointer.
  Val advance(Val pointer, Val bytes);
  Val advance(Val pointer, int64_t bytes) { return bytes ? advance(pointer, index(bytes)) : pointer; }
  /// The same address, which LLVM does not see the origin of. It would step one pointer for each offset from a pointer
  /// that a loop steps, and load all that is the same in each iteration in front of the loop, to spill what finds no
  /// register.
  Val hide(Val pointer);
  /// `lanes` elements from `pointer` on, of which only the first `valid` are in memory; the others are 0. The address
  /// is a multiple of an element's bytes, and of `align`. Here and below, a vector of one lane is a scalar.
  Val loadVector(Val pointer, mlir::Type element, int64_t lanes, int64_t valid, int64_t align = 1);
  void storeVector(Val pointer, Val vector, int64_t valid);
  /// A vector of `lanes` lanes, each of which is lane `source(lane)` of `first` and `second`, one behind the other.
  Val shuffle(Val first, Val second, int64_t lanes, llvm::function_ref<int64_t(int64_t lane)> source);
  /// True if codes lie in memory as whole elements, which vectors of them need.
  static bool hasWholeCodes(qnn::NumberFormat format);
  /// `lanes` codes from element `position` on, as they are stored; only the first `valid` are in memory.
  Val loadStored(Val pointer, qnn::NumberFormat format, Val position, int64_t lanes, int64_t valid);
  /// Stored codes as `load` gives them.
  Val extendCodes(Val stored, qnn::NumberFormat format);
  /// What `narrow` makes codes of from i32 or f32: the same, unless they are f32 to be rounded to the bits of bf16.
  Val roundedCodes(Val codes, qnn::NumberFormat format);
  /// `load` and `store` of neighbouring codes at once. One lane is a scalar; to load more needs whole codes, and other
  /// codes are stored one by one.
  Val loadCodes(Val pointer, qnn::NumberFormat format, Val position, int64_t lanes, int64_t valid);
  void storeCodes(Val pointer, qnn::NumberFormat format, Val position, Val codes, int64_t valid);
  /// The same for a vector of codes of one bit that fill bytes, where `position`, lanes and `valid` are multiples of 8,
  /// or a half or a quarter of one, where `position` is a multiple of the lanes, and all are valid.
  void storeBits(Val pointer, Val position, Val codes, int64_t valid);
  /// One bit for each lane, of which the first `valid` are set.
  Val firstLanes(int64_t lanes, int64_t valid);
  /// A vector that repeats a scalar; the scalar itself for one lane.
  Val broadcast(Val scalar, int64_t lanes);
  /// A vector of i32: each of `factors` times `step`.
  Val multiples(llvm::ArrayRef<int64_t> factors, int64_t step);
  /// The scalar that a vector repeats, if it does.
  static std::optional<Val> repeatedScalar(Val vector);
  /// A call of a target's intrinsic, such as "llvm.x86.avx512.vpdpbusd.512".
  Val intrinsic(llvm::StringRef name, mlir::Type result, llvm::ArrayRef<Val> operands);
  /// The same of one that has no result.
  void intrinsic(llvm::StringRef name, llvm::ArrayRef<Val> operands);

  /// Of a kernel that computes one of several pieces of its output: how many there are, and the number of this one.
  int64_t pieces = 1;
  Val piece = {};
  Val isLastPiece() { return piece == pieces - 1; }
  mlir::OpBuilder &b;
  mlir::Location loc;
  unsigned indexBits;
  int64_t vectorLanes;
  RequantizeVector requantizeVector = nullptr;
  /// Whether f32 products are added without being rounded first, where a machine has an instruction for it.
  bool fusesMultiplyAdd = true;
  /// Whether smaller code counts more than faster code.
  bool prefersSize = false;

private:
  Val address(Val pointer, mlir::Type type, Val position);
};

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_KERNELBUILDER_H
