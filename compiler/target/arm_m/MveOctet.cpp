#include "compiler/target/arm_m/MveOctet.h"

#include "compiler/codegen/Assembly.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

/// Registers that vmladava takes its sums from, the others, and vectors.
static constexpr llvm::StringLiteral even = "^Te", odd = "^To", vector = "t";

static int64_t wholeSteps(const BlockRun &run, int64_t products) {
  return run.tail < products ? run.steps - 1 : run.steps;
}

/// Long runs are loops.
MveOctet::MveOctet(const BlockRun &run)
    : run(run), whole(wholeSteps(run, products)), unroll(BlockTile::largestDivisor(whole, 12)),
      codes(codesOf(pointers())), weights(weightsOfBody()) {}

/// In a loop, pointers have moved to the last step when it begins.
MveOctet::Stream MveOctet::codesOf(int64_t pointers) const {
  int64_t farthest = (positions / pointers - 1) * run.positionBytes;
  return {.lowest = hasTail() && isLoop() ? -back() : 0,
          .highest = farthest + (unroll - 1) * products + (hasTail() && !isLoop() ? run.tail : 0),
          .isWords = run.lhsAlign % 4 == 0 && run.positionBytes % 4 == 0 && run.tail % 4 == 0};
}

MveOctet::Stream MveOctet::weightsOfBody() const {
  int64_t last = (vectors * unroll - 1) * products;
  return {.lowest = hasTail() && isLoop() ? -back() : 0,
          .highest = hasTail() && !isLoop() ? last + 2 * run.tail : last,
          .isWords = run.rhsAlign % 4 == 0 && run.tail % 4 == 0};
}

void MveOctet::load(AssemblyText &block, const Stream &stream, StringRef to, StringRef pointer, int64_t offset,
                    bool isMasked) const {
  block.line("{0}{1}.{2} {3}, [{4}, #{5}]", stream.isWords ? "vldrw" : "vldrb", isMasked ? "t" : "",
             stream.isWords ? "u32" : "u8", to, pointer, offset - stream.base());
}

/// A step's products; `offset` is that of its codes.
void MveOctet::emitProducts(AssemblyText &block, const Registers &registers, int64_t offset, bool isFirst) const {
  int64_t perPointer = positions / pointers();
  for (int64_t i = 0; i < positions; ++i) {
    const std::string &code = registers.loaded[i % 2];
    load(block, codes, code, registers.codes[i / perPointer], offset + i % perPointer * run.positionBytes);
    for (int64_t j = 0; j < vectors; ++j)
      block.line("{0}.s8 {1}, {2}, {3}", isFirst ? "vmladav" : "vmladava", registers.sums[i * vectors + j], code,
                 registers.channels[j]);
  }
}

void MveOctet::emitSteps(AssemblyText &block, const Registers &registers, bool isFirst,
                         llvm::function_ref<void()> loadMask) const {
  if (isLoop())
    block.line("1:");
  for (int64_t s = 0; s < unroll; ++s) {
    for (int64_t j = 0; j < vectors; ++j)
      load(block, weights, registers.channels[j], registers.weights, (s * vectors + j) * products);
    emitProducts(block, registers, s * products, isFirst && !isLoop() && s == 0);
  }
  if (isLoop()) {
    for (const std::string &pointer : registers.codes)
      block.line("adds {0}, #{1}", pointer, unroll * products);
    block.line("add {0}, {0}, #{1}", registers.weights, unroll * vectors * products);
    block.line("cmp {0}, {1}", registers.weights, registers.end);
    block.line("bne 1b");
  }
  if (!hasTail())
    return;
  loadMask();
  emitTail(block, registers);
}

/// The last step begins before its first product, where weights are masked.
void MveOctet::emitTail(AssemblyText &block, const Registers &registers) const {
  int64_t begin = isLoop() ? 0 : unroll;
  block.line("vmsr p0, {0}", registers.mask);
  block.line("vpstt");
  for (int64_t j = 0; j < vectors; ++j)
    load(block, weights, registers.channels[j], registers.weights, begin * vectors * products + j * run.tail - back(),
         /*isMasked=*/true);
  emitProducts(block, registers, begin * products - back(), /*isFirst=*/false);
}

/// The first register of vmov goes to the lower lane, which stands second.
void MveOctet::gather(AssemblyText &block, const Registers &registers) const {
  for (int64_t j = 0; j < vectors; ++j)
    for (int64_t i = 0; i < positions / 2; ++i)
      block.line("vmov {0}[{1}], {0}[{2}], {3}, {4}", registers.loaded[j], i + 2, i, registers.sums[i * vectors + j],
                 registers.sums[(i + 2) * vectors + j]);
}

static bool areZero(const Accumulators &sums) {
  return llvm::all_of(sums, [](Val sum) { return matchPattern(sum.value, m_Zero()); });
}

static Val lane(KernelBuilder &k, Val words, int64_t number) {
  return k.val(LLVM::ExtractElementOp::create(k.b, k.loc, words, k.i32(number)));
}

Accumulators MveOctet::emit(KernelBuilder &k, const Accumulators &first) const {
  Assembly block(k);
  Registers registers;
  size_t firstSum = 0;
  auto inOut = [&](Val value) {
    ++firstSum;
    return block.inOut(value, odd);
  };
  for (int64_t i = 0; i < pointers(); ++i)
    registers.codes.push_back(inOut(k.advance(run.lhs, codesBase(i))));
  registers.weights = inOut(k.advance(run.rhs, weightsBase()));
  if (isLoop())
    registers.end = inOut(k.advance(run.rhs, weightsBase() + wholeWeights()));
  if (hasTail())
    registers.mask = inOut(k.i32(mask()));
  bool isFirst = !isLoop() && areZero(first);
  for (Val sum : first)
    registers.sums.push_back(isFirst ? block.temporary(sum.type(), even) : block.inOut(sum, even));
  auto words = VectorType::get({positions}, k.b.getI32Type());
  for (int64_t j = 0; j < vectors; ++j)
    registers.loaded.push_back(block.temporary(words, vector));
  for (int64_t j = 0; j < vectors; ++j)
    registers.channels.push_back(block.temporary(words, vector));

  emitSteps(block, registers, isFirst, [] {});
  gather(block, registers);
  if (hasTail())
    block.clobber("vpr");
  block.emit();
  Accumulators results;
  for (int64_t i = 0; i < sums; ++i)
    results.push_back(lane(k, block.result(firstSum + sums + i % vectors), i / vectors));
  return results;
}
