#include "compiler/target/generic/ScalarTile.h"

#include "compiler/codegen/Assembly.h"
#include "compiler/codegen/ConstantBytes.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::codegen;
using namespace qcc::target;

Val ScalarTile::multiplyAdd(KernelBuilder &k, Val sum, Val lhs, Val rhs) const {
  Type wide = k.b.getI32Type();
  return opaque(sum + k.widen(lhs, wide, true) * k.widen(rhs, wide, true), "r");
}

double target::instructionsOfBlock(const BlockShape &shape, int64_t positions, int64_t vectors,
                                   double instructionsOfStep) {
  constexpr double ofBlock = 20, ofChannel = 5, ofSum = 10, ofRun = 10, ofGroup = 20;
  auto channels = static_cast<double>(vectors), sums = static_cast<double>(positions * vectors);
  double steps = static_cast<double>(shape.steps) * instructionsOfStep;
  double groups = 0;
  if (shape.scaleGroup)
    groups =
        static_cast<double>(llvm::divideCeil(shape.run, shape.scaleGroup)) * (ofGroup + sums * shape.combineOperations);
  return static_cast<double>(shape.runs()) * (steps + groups + ofRun) + ofBlock + ofChannel * channels + ofSum * sums;
}

Val ScalarTile::fieldOf(KernelBuilder &k, Val packed, int64_t field, ArrayRef<int8_t> table) const {
  if (!fields.areLookedUp())
    return IntegerVectorTile::fieldOf(k, packed, field, table);
  Val code = k.widen(packed, k.b.getI32Type(), /*isSigned=*/false);
  code = field ? k.logicalShiftRight(code, code.constant(fields.bits * field)) : code & ((1 << fields.bits) - 1);
  return k.loadRaw(constantBytes(k, table), k.b.getI8Type(), k.toIndex(code));
}

double ScalarTile::blockCycles(const BlockShape &shape, int64_t positions, int64_t vectors) const {
  int64_t packed = fields.packed(vectors);
  double loads = instructionsPerLoad * static_cast<double>(positions + packed);
  double prefixes = costs.prefix * static_cast<double>(fields.areLookedUp() ? vectors : vectors - packed);
  return instructionsOfBlock(shape, positions, vectors,
                             loads + prefixes + static_cast<double>(positions * vectors) / costs.multiplyAdds);
}

int64_t ScalarTile::stepsAtOnce(const BlockRun &run) const {
  return std::clamp<int64_t>(longestBody / (run.positions * run.vectors), 1, run.steps);
}

namespace {
/// Writes a run as one block of assembly.
class ScalarRun {
public:
  ScalarRun(KernelBuilder &k, const BlockRun &run, const ScalarInstructions &instructions, int64_t codeBytes,
            int64_t weightBytes, const WeightFields &fields)
      : block(k), run(run), instructions(instructions), codeBytes(codeBytes), weightBytes(weightBytes), fields(fields) {
    lhs = block.inOut(run.lhs);
    rhs = block.inOut(run.rhs);
    end = block.inOut(k.advance(run.rhs, run.steps * stepBytes()));
    if (fields.areLookedUp())
      table = block.input(constantBytes(k, run.table));
  }
  Accumulators emit(KernelBuilder &k, const Accumulators &sums, int64_t unroll);

private:
  int64_t stepBytes() const { return fields.packed(run.vectors) * weightBytes; }
  void loadWeights(int64_t number);
  void step(int64_t number);

  Assembly block;
  const BlockRun &run;
  const ScalarInstructions &instructions;
  int64_t codeBytes, weightBytes;
  const WeightFields &fields;
  std::string lhs, rhs, end, table, code, product;
  SmallVector<std::string> accumulators, weights;
};
} // namespace

/// Numbers are loaded to where the last of their weights goes, behind which all fields are 0.
void ScalarRun::loadWeights(int64_t number) {
  for (int64_t j = 0; j < run.vectors; j += fields.count) {
    int64_t last = std::min(j + fields.count, run.vectors) - 1;
    block.line(weightBytes == 1 ? instructions.load8 : instructions.load16, weights[last], rhs,
               number * stepBytes() + j / fields.count * weightBytes);
    for (int64_t i = j; i <= last && fields.areLookedUp(); ++i) {
      int64_t first = fields.bits * (i - j);
      block.line(instructions.lookUp, weights[i], weights[last], table, first, 32 - fields.bits - first);
    }
    for (int64_t i = j; i < last && fields.areLinked(); ++i) {
      int64_t bits = fields.bits * (i - j + 1);
      block.line(instructions.prefix, weights[i], weights[last], bits, 32 - bits);
    }
  }
}

void ScalarRun::step(int64_t number) {
  loadWeights(number);
  for (int64_t i = 0; i < run.positions; ++i) {
    block.line(codeBytes == 1 ? instructions.load8 : instructions.load16, code, lhs,
               number * codeBytes + i * run.positionBytes);
    for (int64_t j = 0; j < run.vectors; ++j)
      block.line(instructions.multiplyAdd, accumulators[i * run.vectors + j], code, weights[j], product);
  }
}

Accumulators ScalarRun::emit(KernelBuilder &k, const Accumulators &sums, int64_t unroll) {
  for (Val sum : sums)
    accumulators.push_back(block.inOut(sum));
  for (int64_t j = 0; j < run.vectors; ++j)
    weights.push_back(block.temporary(k.b.getI32Type()));
  code = block.temporary(k.b.getI32Type());
  if (StringRef(instructions.multiplyAdd).contains("{3}"))
    product = block.temporary(k.b.getI32Type());
  bool isLoop = run.steps > unroll;
  if (isLoop)
    block.line("1:");
  for (int64_t s = 0; s < unroll; ++s)
    step(s);
  if (isLoop) {
    block.line(instructions.add, lhs, unroll * codeBytes);
    block.line(instructions.add, rhs, unroll * stepBytes());
    block.line(instructions.loop, rhs, end);
  }
  block.emit();
  Accumulators results;
  constexpr size_t pointers = 3;
  for (size_t i = 0; i < sums.size(); ++i)
    results.push_back(block.result(pointers + i));
  return results;
}

Accumulators ScalarTile::run(KernelBuilder &k, const BlockRun &run, Accumulators sums) const {
  int64_t unroll = stepsAtOnce(run);
  while (run.steps % unroll)
    --unroll;
  if (!instructions || (run.positions - 1) * run.positionBytes + unroll * codeBytes > instructions->largestOffset)
    return VectorTile::run(k, run, std::move(sums));
  return ScalarRun(k, run, *instructions, codeBytes, weightBytes, fields).emit(k, sums, unroll);
}
