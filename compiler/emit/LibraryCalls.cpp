#include "compiler/emit/LibraryCalls.h"

#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/SourceMgr.h"

using namespace qcc;
using llvm::StringRef;

namespace {
struct IntegerFunction {
  StringRef name, text;
};
} // namespace

// The names and types are those by which backends call them. A function stands after those that it calls.
static constexpr IntegerFunction integerFunctions[] = {
    // With a = 2^32 a1 + a0, and a0 = 2^16 h + l:  a b = 2^32 (a1 b0 + a0 b1) + a0 b0  (mod 2^64),
    // a0 b0 = 2^32 hh + 2^16 (hl + lh) + ll. lh + ll / 2^16 is below 2^32, the sum with hl may overflow once.
    {"__muldi3", R"(
define i64 @__muldi3(i64 %a, i64 %b) {
  %a.shifted = lshr i64 %a, 32
  %b.shifted = lshr i64 %b, 32
  %a0 = trunc i64 %a to i32
  %a1 = trunc i64 %a.shifted to i32
  %b0 = trunc i64 %b to i32
  %b1 = trunc i64 %b.shifted to i32
  %al = and i32 %a0, 65535
  %ah = lshr i32 %a0, 16
  %bl = and i32 %b0, 65535
  %bh = lshr i32 %b0, 16
  %ll = mul i32 %al, %bl
  %lh = mul i32 %al, %bh
  %hl = mul i32 %ah, %bl
  %hh = mul i32 %ah, %bh
  %ll.high = lshr i32 %ll, 16
  %middle.first = add i32 %lh, %ll.high
  %middle = add i32 %middle.first, %hl
  %overflows = icmp ult i32 %middle, %hl
  %carry = select i1 %overflows, i32 65536, i32 0
  %middle.high = lshr i32 %middle, 16
  %middle.low = shl i32 %middle, 16
  %ll.low = and i32 %ll, 65535
  %low = or i32 %middle.low, %ll.low
  %cross1 = mul i32 %a1, %b0
  %cross2 = mul i32 %a0, %b1
  %s1 = add i32 %hh, %middle.high
  %s2 = add i32 %s1, %carry
  %s3 = add i32 %s2, %cross1
  %high = add i32 %s3, %cross2
  %low.wide = zext i32 %low to i64
  %high.wide = zext i32 %high to i64
  %high.shifted = shl i64 %high.wide, 32
  %r = or i64 %high.shifted, %low.wide
  ret i64 %r
})"},
    // From 32 on the low half moves into the high one. Below, (x >> 1) >> (31 - n) is x >> (32 - n), for n = 0, too.
    {"__ashldi3", R"(
define i64 @__ashldi3(i64 %x, i32 %n) {
  %x.shifted = lshr i64 %x, 32
  %x0 = trunc i64 %x to i32
  %x1 = trunc i64 %x.shifted to i32
  %bits = and i32 %n, 31
  %rest = xor i32 %bits, 31
  %x0.moved = shl i32 %x0, %bits
  %x1.moved = shl i32 %x1, %bits
  %x0.half = lshr i32 %x0, 1
  %crossing = lshr i32 %x0.half, %rest
  %x1.near = or i32 %x1.moved, %crossing
  %far = and i32 %n, 32
  %is.far = icmp ne i32 %far, 0
  %low = select i1 %is.far, i32 0, i32 %x0.moved
  %high = select i1 %is.far, i32 %x0.moved, i32 %x1.near
  %low.wide = zext i32 %low to i64
  %high.wide = zext i32 %high to i64
  %high.shifted = shl i64 %high.wide, 32
  %r = or i64 %high.shifted, %low.wide
  ret i64 %r
})"},
    {"__ashrdi3", R"(
define i64 @__ashrdi3(i64 %x, i32 %n) {
  %x.shifted = lshr i64 %x, 32
  %x0 = trunc i64 %x to i32
  %x1 = trunc i64 %x.shifted to i32
  %bits = and i32 %n, 31
  %rest = xor i32 %bits, 31
  %x0.moved = lshr i32 %x0, %bits
  %x1.moved = ashr i32 %x1, %bits
  %x1.twice = shl i32 %x1, 1
  %crossing = shl i32 %x1.twice, %rest
  %x0.near = or i32 %x0.moved, %crossing
  %sign = ashr i32 %x1, 31
  %far = and i32 %n, 32
  %is.far = icmp ne i32 %far, 0
  %low = select i1 %is.far, i32 %x1.moved, i32 %x0.near
  %high = select i1 %is.far, i32 %sign, i32 %x1.moved
  %low.wide = zext i32 %low to i64
  %high.wide = zext i32 %high to i64
  %high.shifted = shl i64 %high.wide, 32
  %r = or i64 %high.shifted, %low.wide
  ret i64 %r
})"},
    // Bit i of the quotient, from the top, is 1 where n / 2^i >= d; then d 2^i, at most n, is taken off.
    {"__udivsi3", R"(
define i32 @__udivsi3(i32 %n, i32 %d) {
entry:
  br label %bit
bit:
  %i = phi i32 [ 31, %entry ], [ %next, %bit ]
  %left = phi i32 [ %n, %entry ], [ %left.new, %bit ]
  %q = phi i32 [ 0, %entry ], [ %q.new, %bit ]
  %top = lshr i32 %left, %i
  %fits = icmp uge i32 %top, %d
  %multiple = shl i32 %d, %i
  %taken = select i1 %fits, i32 %multiple, i32 0
  %left.new = sub i32 %left, %taken
  %one = zext i1 %fits to i32
  %q.twice = shl i32 %q, 1
  %q.new = or i32 %q.twice, %one
  %next = add i32 %i, -1
  %more = icmp sge i32 %next, 0
  br i1 %more, label %bit, label %exit
exit:
  ret i32 %q.new
})"},
    // |n| / |d| with the sign of n xor d; x xor s less s is -x for s = -1.
    {"__divsi3", R"(
declare i32 @__udivsi3(i32, i32)
define i32 @__divsi3(i32 %n, i32 %d) {
  %n.sign = ashr i32 %n, 31
  %d.sign = ashr i32 %d, 31
  %n.flipped = xor i32 %n, %n.sign
  %d.flipped = xor i32 %d, %d.sign
  %n.size = sub i32 %n.flipped, %n.sign
  %d.size = sub i32 %d.flipped, %d.sign
  %q = call i32 @__udivsi3(i32 %n.size, i32 %d.size)
  %sign = xor i32 %n.sign, %d.sign
  %q.flipped = xor i32 %q, %sign
  %r = sub i32 %q.flipped, %sign
  ret i32 %r
})"},
};

bool qcc::isIntegerFunction(StringRef name) {
  return llvm::any_of(integerFunctions, [&](const IntegerFunction &known) { return known.name == name; });
}

llvm::SmallVector<llvm::Function *> qcc::defineIntegerFunctions(llvm::Module &module,
                                                                llvm::ArrayRef<std::string> names) {
  llvm::SmallVector<llvm::Function *> result;
  // Callers first, so that what they call is known to be needed when its turn comes.
  for (const IntegerFunction &known : llvm::reverse(integerFunctions)) {
    if (!llvm::is_contained(names, known.name) && !module.getFunction(known.name))
      continue;
    llvm::SMDiagnostic error;
    std::unique_ptr<llvm::Module> source = llvm::parseAssemblyString(known.text, error, module.getContext());
    assert(source && "the texts above are well-formed");
    source->setTargetTriple(module.getTargetTriple());
    source->setDataLayout(module.getDataLayout());
    bool isBroken = llvm::Linker::linkModules(module, std::move(source));
    assert(!isBroken && "nothing else has these names");
    (void)isBroken;
    llvm::Function *function = module.getFunction(known.name);
    function->setDoesNotThrow();
    result.push_back(function);
  }
  for (llvm::Function *function : result)
    function->setLinkage(llvm::GlobalValue::InternalLinkage);
  return result;
}

/// Of the same meaning under both names; see "Run-time ABI for the Arm Architecture", 5.1.2. The comparisons of the two
/// differ in what they return, but `__gtsf2` and the like are in every library.
static constexpr std::pair<StringRef, StringRef> armFloatFunctions[] = {
    {"__addsf3", "__aeabi_fadd"},      {"__subsf3", "__aeabi_fsub"},      {"__mulsf3", "__aeabi_fmul"},
    {"__divsf3", "__aeabi_fdiv"},      {"__fixsfsi", "__aeabi_f2iz"},     {"__floatsisf", "__aeabi_i2f"},
    {"__unordsf2", "__aeabi_fcmpun"},  {"__adddf3", "__aeabi_dadd"},      {"__muldf3", "__aeabi_dmul"},
    {"__floatsidf", "__aeabi_i2d"},    {"__extendsfdf2", "__aeabi_f2d"},  {"__truncdfsf2", "__aeabi_d2f"},
    {"__floatunsisf", "__aeabi_ui2f"}, {"__fixunssfsi", "__aeabi_f2uiz"}, {"__floatunsidf", "__aeabi_ui2d"},
    {"__subdf3", "__aeabi_dsub"},      {"__divdf3", "__aeabi_ddiv"},      {"__fixdfsi", "__aeabi_d2iz"},
};

void qcc::renameFloatFunctions(llvm::Module &module, llvm::ArrayRef<std::string> names) {
  if (!module.getTargetTriple().isARM() && !module.getTargetTriple().isThumb())
    return;
  for (auto [generic, arm] : armFloatFunctions)
    if (llvm::is_contained(names, generic))
      module.appendModuleInlineAsm((".set " + generic + ", " + arm).str());
}
