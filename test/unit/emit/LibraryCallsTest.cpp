// The integer functions of compiler/emit/LibraryCalls.cpp compute what a machine with the instructions does.
#include "compiler/emit/LibraryCalls.h"

#include "catch2/catch.hpp"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/TargetSelect.h"

#include <random>

using namespace qcc;
using namespace llvm::orc;

/// The functions under names of their own: this process has a library with the usual ones.
static std::unique_ptr<LLJIT> compileFunctions(llvm::ArrayRef<std::string> names) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto context = std::make_unique<llvm::LLVMContext>();
  auto module = std::make_unique<llvm::Module>("functions", *context);
  std::unique_ptr<LLJIT> jit = llvm::cantFail(LLJITBuilder().create());
  module->setDataLayout(jit->getDataLayout());
  for (llvm::Function *function : defineIntegerFunctions(*module, names)) {
    CHECK(function->hasInternalLinkage());
    function->setName("test" + function->getName());
    function->setLinkage(llvm::GlobalValue::ExternalLinkage);
  }
  llvm::cantFail(jit->addIRModule(ThreadSafeModule(std::move(module), std::move(context))));
  return jit;
}

/// Numbers with a few bits at either end, powers of two and their neighbours, and random ones.
static int64_t nextNumber(std::mt19937_64 &random) {
  uint64_t bits = random();
  uint64_t choice = random() % 6, shift = random() % 64;
  switch (choice) {
  case 0:
    return static_cast<int64_t>(bits >> shift);
  case 1:
    return -static_cast<int64_t>(bits >> shift);
  case 2:
    return static_cast<int64_t>(uint64_t(1) << shift);
  case 3:
    return static_cast<int64_t>((uint64_t(1) << shift) - 1);
  case 4:
    return static_cast<int64_t>(bits << shift);
  default:
    return static_cast<int64_t>(bits);
  }
}

TEST_CASE("integer functions agree with instructions") {
  auto jit = compileFunctions({"__muldi3", "__ashldi3", "__ashrdi3", "__divsi3", "memcpy"});
  auto address = [&](llvm::StringRef name) { return llvm::cantFail(jit->lookup(name)); };
  auto multiply = address("test__muldi3").toPtr<int64_t(int64_t, int64_t)>();
  auto left = address("test__ashldi3").toPtr<int64_t(int64_t, int32_t)>();
  auto right = address("test__ashrdi3").toPtr<int64_t(int64_t, int32_t)>();
  auto divide = address("test__divsi3").toPtr<int32_t(int32_t, int32_t)>();
  auto divideUnsigned = address("test__udivsi3").toPtr<uint32_t(uint32_t, uint32_t)>();
  std::mt19937_64 random(1);
  int64_t wrong = 0;
  for (int i = 0; i < 200000; ++i) {
    int64_t a = nextNumber(random), b = nextNumber(random);
    auto n = static_cast<int32_t>(random() % 64);
    wrong += multiply(a, b) != static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    wrong += left(a, n) != static_cast<int64_t>(static_cast<uint64_t>(a) << n);
    wrong += right(a, n) != a >> n;
    auto x = static_cast<int32_t>(a), y = static_cast<int32_t>(b);
    if (y == 0)
      continue;
    wrong += divideUnsigned(x, y) != static_cast<uint32_t>(x) / static_cast<uint32_t>(y);
    wrong += !(x == INT32_MIN && y == -1) && divide(x, y) != x / y;
  }
  CHECK(wrong == 0);
}
