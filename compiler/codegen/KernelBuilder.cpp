#include "compiler/codegen/KernelBuilder.h"

#include "compiler/codegen/ConstantBytes.h"
#include "compiler/codegen/Scalars.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;

//===-- Operators -----------------------------------------------------------------------------===//

static bool isFloat(Type type) { return llvm::isa<FloatType>(getElementTypeOrSelf(type)); }

/// A constant of a scalar type, or a vector that repeats it.
static Val constantOf(KernelBuilder &k, Type type, TypedAttr number) {
  if (auto vector = llvm::dyn_cast<VectorType>(type))
    number = DenseElementsAttr::get(vector, ArrayRef<Attribute>(number));
  return k.val(arith::ConstantOp::create(k.b, k.loc, number));
}

Val Val::constant(int64_t number) const {
  Type element = getElementTypeOrSelf(type());
  if (isFloat(element))
    return constantOf(*k, type(), k->b.getFloatAttr(element, static_cast<double>(number)));
  return constantOf(*k, type(), IntegerAttr::get(element, APInt(element.getIntOrFloatBitWidth(), number, true, true)));
}

Val Val::real(float number) const { return constantOf(*k, type(), k->b.getF32FloatAttr(number)); }

Type Val::typeOf(Type element) const {
  auto vector = llvm::dyn_cast<VectorType>(type());
  return vector ? Type(VectorType::get(vector.getShape(), element)) : element;
}

template <typename IntOp, typename FloatOp> static Val build(Val a, Val b) {
  KernelBuilder &k = *a.k;
  if (isFloat(a.type()))
    return k.val(FloatOp::create(k.b, k.loc, a, b));
  return k.val(IntOp::create(k.b, k.loc, a, b));
}

template <typename IntOp> static Val buildInt(Val a, Val b) { return a.k->val(IntOp::create(a.k->b, a.k->loc, a, b)); }

static Val compare(Val a, Val b, arith::CmpIPredicate integers, arith::CmpFPredicate floats) {
  KernelBuilder &k = *a.k;
  if (isFloat(a.type()))
    return k.val(arith::CmpFOp::create(k.b, k.loc, floats, a, b));
  return k.val(arith::CmpIOp::create(k.b, k.loc, integers, a, b));
}

namespace qcc::codegen {
Val operator+(Val a, Val b) { return build<arith::AddIOp, arith::AddFOp>(a, b); }
Val operator-(Val a, Val b) { return build<arith::SubIOp, arith::SubFOp>(a, b); }
Val operator*(Val a, Val b) { return build<arith::MulIOp, arith::MulFOp>(a, b); }
Val operator/(Val a, Val b) { return build<arith::DivSIOp, arith::DivFOp>(a, b); }
Val operator&(Val a, Val b) { return buildInt<arith::AndIOp>(a, b); }
Val operator|(Val a, Val b) { return buildInt<arith::OrIOp>(a, b); }
Val operator^(Val a, Val b) { return buildInt<arith::XOrIOp>(a, b); }
Val operator<<(Val a, Val b) { return buildInt<arith::ShLIOp>(a, b); }
Val operator>>(Val a, Val b) { return buildInt<arith::ShRSIOp>(a, b); }
Val operator<(Val a, Val b) { return compare(a, b, arith::CmpIPredicate::slt, arith::CmpFPredicate::OLT); }
Val operator>(Val a, Val b) { return compare(a, b, arith::CmpIPredicate::sgt, arith::CmpFPredicate::OGT); }
Val operator==(Val a, Val b) { return compare(a, b, arith::CmpIPredicate::eq, arith::CmpFPredicate::OEQ); }
Val operator-(Val a) {
  if (isFloat(a.type()))
    return a.k->val(arith::NegFOp::create(a.k->b, a.k->loc, a));
  return a.constant(0) - a;
}
} // namespace qcc::codegen

//===-- Numbers ---------------------------------------------------------------------------------===//

Val KernelBuilder::index(int64_t number) {
  return val(arith::ConstantOp::create(b, loc, b.getIntegerAttr(b.getIntegerType(indexBits), number)));
}

Val KernelBuilder::i32(int64_t number) {
  return val(arith::ConstantOp::create(b, loc, b.getI32IntegerAttr(static_cast<int32_t>(number))));
}

Val KernelBuilder::immediate(int64_t number, unsigned bits) {
  return val(LLVM::ConstantOp::create(b, loc, b.getIntegerAttr(b.getIntegerType(bits), number)));
}

Val KernelBuilder::f32(float number) { return val(arith::ConstantOp::create(b, loc, b.getF32FloatAttr(number))); }

Val KernelBuilder::select(Val condition, Val x, Val y) { return val(arith::SelectOp::create(b, loc, condition, x, y)); }

Val KernelBuilder::min(Val x, Val y, bool areSigned) {
  if (isFloat(x.type()))
    return select(y < x, y, x);
  return areSigned ? val(arith::MinSIOp::create(b, loc, x, y)) : val(arith::MinUIOp::create(b, loc, x, y));
}

Val KernelBuilder::max(Val x, Val y, bool areSigned) {
  if (isFloat(x.type()))
    return select(y > x, y, x);
  return areSigned ? val(arith::MaxSIOp::create(b, loc, x, y)) : val(arith::MaxUIOp::create(b, loc, x, y));
}

Val KernelBuilder::logicalShiftRight(Val x, Val y) { return val(arith::ShRUIOp::create(b, loc, x, y)); }
Val KernelBuilder::unsignedDivide(Val x, Val y) { return val(arith::DivUIOp::create(b, loc, x, y)); }
Val KernelBuilder::unsignedRemainder(Val x, Val y) { return val(arith::RemUIOp::create(b, loc, x, y)); }

Val KernelBuilder::narrow(Val x, Type element) {
  Type from = getElementTypeOrSelf(x.type());
  if (isFloat(from) || from.getIntOrFloatBitWidth() <= element.getIntOrFloatBitWidth())
    return x;
  return val(arith::TruncIOp::create(b, loc, x.typeOf(element), x));
}

Val KernelBuilder::widen(Val x, Type element, bool isSigned) {
  return isSigned ? val(arith::ExtSIOp::create(b, loc, x.typeOf(element), x))
                  : val(arith::ExtUIOp::create(b, loc, x.typeOf(element), x));
}

Val KernelBuilder::toIndex(Val x) {
  return indexBits == 32 ? x : val(arith::ExtSIOp::create(b, loc, b.getI64Type(), x));
}
Val KernelBuilder::toI32(Val x) {
  return x.type().isInteger(32) ? x : val(arith::TruncIOp::create(b, loc, b.getI32Type(), x));
}
Val KernelBuilder::extend64(Val x) { return val(arith::ExtSIOp::create(b, loc, x.typeOf(b.getI64Type()), x)); }
Val KernelBuilder::truncate32(Val x) { return val(arith::TruncIOp::create(b, loc, x.typeOf(b.getI32Type()), x)); }
Val KernelBuilder::toFloat(Val x) { return val(arith::SIToFPOp::create(b, loc, x.typeOf(b.getF32Type()), x)); }
Val KernelBuilder::bitcast(Val x, Type element) { return val(arith::BitcastOp::create(b, loc, x.typeOf(element), x)); }

//===-- Control flow --------------------------------------------------------------------------------===//

SmallVector<Val> KernelBuilder::loop(Val low, Val high, ArrayRef<Val> init,
                                     llvm::function_ref<SmallVector<Val>(Val, ArrayRef<Val>)> body) {
  SmallVector<Value> initial(init.begin(), init.end());
  auto loop = scf::ForOp::create(b, loc, low, high, low.constant(1), initial);
  {
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    SmallVector<Val> carried;
    for (Value argument : loop.getRegionIterArgs())
      carried.push_back(val(argument));
    SmallVector<Val> next = body(val(loop.getInductionVar()), carried);
    // Without carried values the loop made its own terminator.
    if (!init.empty())
      scf::YieldOp::create(b, loc, SmallVector<Value>(next.begin(), next.end()));
  }
  SmallVector<Val> results;
  for (Value result : loop.getResults())
    results.push_back(val(result));
  return results;
}

SmallVector<Val> KernelBuilder::loopAsIs(Val low, Val high, ArrayRef<Val> init,
                                         llvm::function_ref<SmallVector<Val>(Val, ArrayRef<Val>)> body) {
  SmallVector<Val> results = loop(low, high, init, body);
  auto no = LLVM::LoopUnrollAttr::get(b.getContext(), /*disable=*/b.getBoolAttr(true), {}, {}, {}, {}, {}, {});
  auto annotation =
      LLVM::LoopAnnotationAttr::get(b.getContext(), {}, {}, {}, no, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});
  // The loop is what was built last.
  std::prev(b.getInsertionPoint())->setAttr("llvm.loop_annotation", annotation);
  return results;
}

SmallVector<Val> KernelBuilder::loopOrCopies(bool isLoop, int64_t count, ArrayRef<Val> init,
                                             llvm::function_ref<SmallVector<Val>(Val, ArrayRef<Val>)> body) {
  if (isLoop)
    return loopAsIs(index(0), index(count), init, body);
  SmallVector<Val> carried(init);
  for (int64_t i = 0; i < count; ++i)
    carried = body(index(i), carried);
  return carried;
}

void KernelBuilder::loop(Val low, Val high, llvm::function_ref<void(Val)> body) {
  loop(low, high, ArrayRef<Val>(), [&](Val i, ArrayRef<Val>) {
    body(i);
    return SmallVector<Val>();
  });
}

std::pair<Val, Val> KernelBuilder::rangeOfPiece(int64_t count, int64_t together) {
  if (pieces == 1)
    return {index(0), index(count)};
  int64_t size = llvm::divideCeil(llvm::divideCeil(count, together), pieces) * together;
  Val first = piece * size;
  return {first, min(first + size, index(count))};
}

void KernelBuilder::loopOverPiece(int64_t count, int64_t together, llvm::function_ref<void(Val)> body) {
  auto [low, high] = rangeOfPiece(count, together);
  loop(low, high, body);
}

void KernelBuilder::loopInOrder(int64_t count, bool descends, llvm::function_ref<void(Val)> body) {
  loop(index(count), [&](Val i) { body(descends ? index(count - 1) - i : i); });
}

Val KernelBuilder::loop(Val low, Val high, Val init, llvm::function_ref<Val(Val, Val)> body) {
  return loop(low, high, ArrayRef<Val>(init),
              [&](Val i, ArrayRef<Val> carried) { return SmallVector<Val>{body(i, carried[0])}; })[0];
}

void KernelBuilder::loopInBlocks(int64_t count, int64_t block, llvm::function_ref<void(Val)> body) {
  loop(index(llvm::divideCeilSigned(count, block)), [&](Val i) {
    Val first = i * block;
    body(count % block ? min(first, index(count - block)) : first);
  });
}

void KernelBuilder::loopInBlocks(int64_t count, int64_t block, bool isCounted, llvm::function_ref<void(Val)> body) {
  // Below, a second loop costs more than it saves.
  constexpr int64_t fewBlocks = 6;
  if (!isCounted || count % block == 0 || count / block < fewBlocks)
    return loopInBlocks(count, block, body);
  // All whole blocks, then the last one: two rounds of one loop.
  loopAsIs(index(0), index(2), {}, [&](Val round, ArrayRef<Val>) {
    // Selects would become part of the loop's condition.
    Val first = round * (count - block), blocks = index(count / block) - round * (count / block - 1);
    loop(blocks, [&](Val i) { body(first + i * block); });
    return SmallVector<Val>();
  });
}

void KernelBuilder::ifThen(Val condition, llvm::function_ref<void()> body) { ifThenElse(condition, body, nullptr); }

void KernelBuilder::ifThenElse(Val condition, llvm::function_ref<void()> isTrue, llvm::function_ref<void()> isFalse) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/static_cast<bool>(isFalse));
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  isTrue();
  if (!isFalse)
    return;
  b.setInsertionPointToStart(branch.elseBlock());
  isFalse();
}

Val KernelBuilder::ifThenElse(Val condition, Type type, llvm::function_ref<Val()> isTrue,
                              llvm::function_ref<Val()> isFalse) {
  auto branch = scf::IfOp::create(b, loc, type, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, loc, isTrue().value);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, isFalse().value);
  return val(branch.getResult(0));
}

//===-- Memory -----------------------------------------------------------------------------------------===//

Val KernelBuilder::address(Val pointer, Type type, Val position) {
  return val(LLVM::GEPOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext()), type, pointer,
                                 ArrayRef<LLVM::GEPArg>{position.value}));
}

static unsigned alignmentOf(Type type) { return std::max(1u, getElementTypeOrSelf(type).getIntOrFloatBitWidth() / 8); }

Val KernelBuilder::loadRaw(Val pointer, Type type, Val position) {
  return val(LLVM::LoadOp::create(b, loc, type, address(pointer, type, position), alignmentOf(type)));
}

void KernelBuilder::storeRaw(Val pointer, Type type, Val position, Val value) {
  LLVM::StoreOp::create(b, loc, value, address(pointer, type, position), alignmentOf(type));
}

/// The bytes that hold one code of less than 8, or between 8 and 16 bits, and the place of the code in them.
namespace {
struct BitPlace {
  Val firstByte, lastByte, shift; // shift as i32
  unsigned bytes;                 // how many bytes a code touches at most
};
} // namespace

static BitPlace placeOf(KernelBuilder &k, unsigned bits, Val position) {
  Val firstBit = position * static_cast<int64_t>(bits);
  Val first = k.logicalShiftRight(firstBit, firstBit.constant(3));
  // A code of 1, 2 or 4 bits never crosses a byte.
  bool staysInside = 8 % bits == 0;
  Val lastBit = firstBit + static_cast<int64_t>(bits - 1);
  Val last = staysInside ? first : k.logicalShiftRight(lastBit, lastBit.constant(3));
  return {first, last, k.toI32(firstBit & 7), staysInside ? 1u : static_cast<unsigned>(llvm::divideCeil(bits + 7, 8))};
}

/// Bits of bf16 as f32, whose upper half they are.
static Val widenBfloat(KernelBuilder &k, Val stored) {
  return k.bitcast(k.widen(stored, k.b.getI32Type(), /*isSigned=*/false) << 16, k.b.getF32Type());
}

/// The bits of the nearest bf16 in the lower half of i32, as `qnn::bfloatBits` has them. In integers: machines'
/// instructions flush small numbers to 0, and without one, LLVM calls a function. So is the question whether it is a
/// number at all, which comes out wrong for MVE where floats are compared.
static Val roundToBfloat(KernelBuilder &k, Val value) {
  Val bits = k.bitcast(value, k.b.getI32Type()), upper = k.logicalShiftRight(bits, bits.constant(16));
  Val rounded = k.logicalShiftRight(bits + (upper & 1) + 0x7fff, bits.constant(16));
  Val isNone = (bits & INT32_MAX) > 0x7f800000;
  return k.select(isNone, upper | 0x40, rounded);
}

Val KernelBuilder::load(Val pointer, qnn::NumberFormat format, Val position) {
  unsigned bits = format.getBits();
  if (bits == 32)
    return loadRaw(pointer, format.getUnpackedType(), position);
  if (format.isFloat())
    return widenBfloat(*this, loadRaw(pointer, format.getUnpackedType(), position));
  bool isSigned = format.isSignedCode();
  if (bits == 8 || bits == 16) {
    Val code = loadRaw(pointer, b.getIntegerType(bits), position);
    return isSigned ? val(arith::ExtSIOp::create(b, loc, b.getI32Type(), code))
                    : val(arith::ExtUIOp::create(b, loc, b.getI32Type(), code));
  }
  BitPlace place = placeOf(*this, bits, position);
  Val word = i32(0);
  for (unsigned i = 0; i < place.bytes; ++i) {
    // Bytes past the last one are read again in its place; their bits are masked off below.
    Val at = i == 0 ? place.firstByte : min(place.firstByte + static_cast<int64_t>(i), place.lastByte);
    Val byte = val(arith::ExtUIOp::create(b, loc, b.getI32Type(), loadRaw(pointer, b.getI8Type(), at)));
    word = i == 0 ? byte : (word | (byte << static_cast<int64_t>(8 * i)));
  }
  Val code = logicalShiftRight(word, place.shift);
  int64_t unused = 32 - static_cast<int64_t>(bits);
  code = code << unused;
  return isSigned ? code >> unused : logicalShiftRight(code, i32(unused));
}

void KernelBuilder::store(Val pointer, qnn::NumberFormat format, Val position, Val code) {
  unsigned bits = format.getBits();
  if (bits == 32)
    return storeRaw(pointer, format.getUnpackedType(), position, code);
  code = roundedCodes(code, format);
  if (bits == 8 || bits == 16) {
    Type type = b.getIntegerType(bits);
    return storeRaw(pointer, type, position, val(arith::TruncIOp::create(b, loc, type, code)));
  }
  BitPlace place = placeOf(*this, bits, position);
  int64_t mask = (int64_t(1) << bits) - 1;
  Val shiftedMask = i32(mask) << place.shift, shifted = (code & mask) << place.shift;
  for (unsigned i = 0; i < place.bytes; ++i) {
    Val at = i == 0 ? place.firstByte : min(place.firstByte + static_cast<int64_t>(i), place.lastByte);
    // Where byte i does not exist, the mask has no bits left and the last byte is written unchanged.
    Val part = logicalShiftRight(shifted, i32(8 * i)), partMask = logicalShiftRight(shiftedMask, i32(8 * i)) & 255;
    Val old = val(arith::ExtUIOp::create(b, loc, b.getI32Type(), loadRaw(pointer, b.getI8Type(), at)));
    Val merged = (old & (i32(255) - partMask)) | (part & 255);
    storeRaw(pointer, b.getI8Type(), at, val(arith::TruncIOp::create(b, loc, b.getI8Type(), merged)));
  }
}

Val KernelBuilder::integer(Val code, qnn::NumberFormat format) {
  qnn::IntegerDecode decode = format.getIntegerDecode();
  if (!decode.table.empty()) {
    Val table = constantBytes(*this, llvm::to_vector_of<int8_t>(decode.table));
    Val integer = loadRaw(table, b.getI8Type(), toIndex(code));
    return val(arith::ExtSIOp::create(b, loc, b.getI32Type(), integer));
  }
  if (decode.slope != 1)
    code = code * decode.slope;
  Val bits = code;
  for (auto [i, step] : llvm::enumerate(decode.steps)) {
    Val part = (logicalShiftRight(bits, bits.constant(static_cast<int64_t>(i))) & 1) * step;
    code = i ? code + part : part;
  }
  return decode.offset ? code + decode.offset : code;
}

/// The vector type among them, if there is one.
static VectorType vectorAmong(ValueRange values) {
  for (Value value : values)
    if (auto type = llvm::dyn_cast<VectorType>(value.getType()))
      return type;
  return nullptr;
}

Val KernelBuilder::inlineRegion(Region &region, ValueRange arguments) {
  IRMapping map;
  Block &block = region.front();
  map.map(block.getArguments(), arguments);
  // What is the same in all lanes stays a scalar until it meets a vector.
  auto asVector = [&](Value value, VectorType vector) {
    bool repeats = vector && !llvm::isa<VectorType>(value.getType());
    return repeats ? broadcast(val(value), vector.getNumElements()) : val(value);
  };
  for (Operation &op : block.without_terminator()) {
    SmallVector<Value> mapped;
    for (Value operand : op.getOperands())
      mapped.push_back(map.lookupOrDefault(operand));
    VectorType vector = vectorAmong(mapped);
    SmallVector<Val> operands;
    for (Value operand : mapped)
      operands.push_back(asVector(operand, vector));
    if (std::optional<Val> expanded = expandScalar(*this, &op, operands)) {
      map.map(op.getResult(0), expanded->value);
      continue;
    }
    Operation *clone = b.clone(op, map);
    clone->setOperands(llvm::to_vector_of<Value>(operands));
    if (vector)
      for (Value result : clone->getResults())
        result.setType(vector.clone(result.getType()));
  }
  return asVector(map.lookupOrDefault(block.getTerminator()->getOperand(0)), vectorAmong(arguments));
}

//===-- Vectors ------------------------------------------------------------------------------------------===//

Val KernelBuilder::stackBuffer(Type type, int64_t count) {
  OpBuilder::InsertionGuard guard(b);
  auto function = b.getInsertionBlock()->getParentOp();
  while (!llvm::isa<LLVM::LLVMFuncOp>(function))
    function = function->getParentOp();
  b.setInsertionPointToStart(&llvm::cast<LLVM::LLVMFuncOp>(function).getBody().front());
  return val(LLVM::AllocaOp::create(b, loc, LLVM::LLVMPointerType::get(b.getContext()), type, index(count)));
}

Val KernelBuilder::advance(Val pointer, Val bytes) { return address(pointer, b.getI8Type(), bytes); }

Val KernelBuilder::hide(Val pointer) { return val(LLVM::LaunderInvariantGroupOp::create(b, loc, pointer)); }

Val KernelBuilder::firstLanes(int64_t lanes, int64_t valid) {
  SmallVector<bool> bits(lanes, false);
  std::fill_n(bits.begin(), valid, true);
  auto type = VectorType::get({lanes}, b.getI1Type());
  return val(arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, bits)));
}

Val KernelBuilder::loadVector(Val pointer, Type element, int64_t lanes, int64_t valid, int64_t align) {
  if (lanes == 1)
    return loadRaw(pointer, element, index(0));
  auto type = VectorType::get({lanes}, element);
  align = std::max<int64_t>(align, element.getIntOrFloatBitWidth() / 8);
  if (valid >= lanes)
    return val(LLVM::LoadOp::create(b, loc, type, pointer, align));
  Val zero = val(arith::ConstantOp::create(b, loc, b.getZeroAttr(type)));
  return val(
      LLVM::MaskedLoadOp::create(b, loc, type, pointer, firstLanes(lanes, valid), zero, b.getI32IntegerAttr(align)));
}

void KernelBuilder::storeVector(Val pointer, Val vector, int64_t valid) {
  auto type = llvm::dyn_cast<VectorType>(vector.type());
  if (!type)
    return storeRaw(pointer, vector.type(), index(0), vector);
  unsigned align = std::max(1u, type.getElementTypeBitWidth() / 8);
  if (valid >= type.getNumElements())
    LLVM::StoreOp::create(b, loc, vector, pointer, align);
  else if (valid == 1) // LLVM 22 stores four bytes for a masked store of one truncated lane.
    LLVM::StoreOp::create(b, loc, LLVM::ExtractElementOp::create(b, loc, vector, i32(0)), pointer, align);
  else
    LLVM::MaskedStoreOp::create(b, loc, vector, pointer, firstLanes(type.getNumElements(), valid), align);
}

Val KernelBuilder::shuffle(Val first, Val second, int64_t lanes, llvm::function_ref<int64_t(int64_t lane)> source) {
  SmallVector<int32_t> mask;
  for (int64_t lane = 0; lane < lanes; ++lane)
    mask.push_back(static_cast<int32_t>(source(lane)));
  return val(LLVM::ShuffleVectorOp::create(b, loc, first, second, mask));
}

bool KernelBuilder::hasWholeCodes(qnn::NumberFormat format) {
  unsigned bits = format.getBits();
  return bits == 8 || bits == 16 || bits == 32;
}

Val KernelBuilder::loadStored(Val pointer, qnn::NumberFormat format, Val position, int64_t lanes, int64_t valid) {
  Type element = format.getUnpackedType();
  return loadVector(address(pointer, element, position), element, lanes, valid);
}

Val KernelBuilder::extendCodes(Val stored, qnn::NumberFormat format) {
  if (format.getBits() == 32)
    return stored;
  if (format.isFloat())
    return widenBfloat(*this, stored);
  return widen(stored, b.getI32Type(), format.isSignedCode());
}

Val KernelBuilder::loadCodes(Val pointer, qnn::NumberFormat format, Val position, int64_t lanes, int64_t valid) {
  if (lanes == 1)
    return load(pointer, format, position);
  return extendCodes(loadStored(pointer, format, position, lanes, valid), format);
}

Val KernelBuilder::roundedCodes(Val codes, qnn::NumberFormat format) {
  return format.isFloat() && format.getBits() < 32 ? roundToBfloat(*this, codes) : codes;
}

void KernelBuilder::storeCodes(Val pointer, qnn::NumberFormat format, Val position, Val codes, int64_t valid) {
  if (!llvm::isa<VectorType>(codes.type()))
    return store(pointer, format, position, codes);
  if (!hasWholeCodes(format)) {
    int64_t lanes = llvm::cast<VectorType>(codes.type()).getNumElements();
    for (int64_t lane = 0; lane < std::min(lanes, valid); ++lane)
      store(pointer, format, position + lane, val(LLVM::ExtractElementOp::create(b, loc, codes, i32(lane))));
    return;
  }
  Type element = format.getUnpackedType();
  storeVector(address(pointer, element, position), narrow(roundedCodes(codes, format), element), valid);
}

void KernelBuilder::storeBits(Val pointer, Val position, Val codes, int64_t valid) {
  int64_t lanes = llvm::cast<VectorType>(codes.type()).getNumElements();
  Type word = b.getIntegerType(lanes);
  if (lanes < 8) { // A part of a byte, as one code of so many bits.
    SmallVector<int64_t> places = llvm::to_vector(llvm::seq<int64_t>(0, lanes));
    Val apart = (codes & 1) << multiples(places, 1);
    Val part = val(LLVM::vector_reduce_add::create(b, loc, b.getI32Type(), apart));
    Val number = logicalShiftRight(position, position.constant(llvm::Log2_64(lanes)));
    return store(pointer, llvm::cast<qnn::NumberFormat>(word), number, part);
  }
  Val bits = val(LLVM::BitcastOp::create(b, loc, word, narrow(codes, b.getI1Type())));
  Val at = advance(pointer, logicalShiftRight(position, position.constant(3)));
  if (valid == lanes) {
    LLVM::StoreOp::create(b, loc, bits, at, 1);
    return;
  }
  for (int64_t bit = 0; bit < valid; bit += 8)
    storeRaw(at, b.getI8Type(), index(bit / 8), narrow(logicalShiftRight(bits, bits.constant(bit)), b.getI8Type()));
}

Val KernelBuilder::broadcast(Val scalar, int64_t lanes) {
  if (lanes == 1)
    return scalar;
  auto type = VectorType::get({lanes}, scalar.type());
  Value poison = LLVM::PoisonOp::create(b, loc, type);
  Value first = LLVM::InsertElementOp::create(b, loc, type, poison, scalar, i32(0));
  return val(LLVM::ShuffleVectorOp::create(b, loc, first, poison, SmallVector<int32_t>(lanes, 0)));
}

Val KernelBuilder::multiples(ArrayRef<int64_t> factors, int64_t step) {
  auto lanes = static_cast<int64_t>(factors.size());
  auto type = VectorType::get({lanes}, b.getI32Type());
  SmallVector<int32_t> numbers(factors);
  Val constant = val(arith::ConstantOp::create(b, loc, DenseElementsAttr::get(type, ArrayRef<int32_t>(numbers))));
  return constant * broadcast(i32(step), lanes);
}

std::optional<Val> KernelBuilder::repeatedScalar(Val vector) {
  DenseElementsAttr elements;
  if (matchPattern(vector.value, m_Constant(&elements)) && elements.isSplat())
    return vector.k->val(arith::ConstantOp::create(vector.k->b, vector.k->loc, elements.getSplatValue<TypedAttr>()));
  auto shuffle = vector.value.getDefiningOp<LLVM::ShuffleVectorOp>();
  auto insert = shuffle ? shuffle.getV1().getDefiningOp<LLVM::InsertElementOp>() : nullptr;
  if (!insert || !matchPattern(insert.getPosition(), m_Zero()) ||
      !llvm::all_of(shuffle.getMask(), [](int32_t lane) { return lane == 0; }))
    return std::nullopt;
  return vector.k->val(insert.getValue());
}

Val KernelBuilder::intrinsic(StringRef name, Type result, ArrayRef<Val> operands) {
  SmallVector<Value> values(operands.begin(), operands.end());
  return val(LLVM::CallIntrinsicOp::create(b, loc, result, b.getStringAttr(name), values).getResult(0));
}

void KernelBuilder::intrinsic(StringRef name, ArrayRef<Val> operands) {
  SmallVector<Value> values(operands.begin(), operands.end());
  LLVM::CallIntrinsicOp::create(b, loc, b.getStringAttr(name), values);
}
