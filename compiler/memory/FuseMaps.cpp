// qk-fuse-maps: what is done to each code of a contraction's result, in its epilogue.
//   map(contract(x), r)[i] = f(e(sum of i), r[i])
// The epilogue f(e(sum), held) reads r where the result goes, so that the map's two reads and the contraction's write
// of each code become one read, and the contraction's result takes no memory.
#include "compiler/memory/Passes.h"
#include "compiler/target/BlockTile.h"
#include "compiler/target/MachinePass.h"
#include "dialects/qk/Pieces.h"
#include "dialects/qk/Queries.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

namespace {
/// A map, the contraction of which it takes the result, and what else it takes, if anything.
struct Candidate {
  qk::MapOp map;
  qk::ContractOp contract;
  Value held;
};

struct FuseMapsPass : target::MachinePass<FuseMapsPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseMapsPass)
  using MachinePass::MachinePass;
  StringRef getArgument() const override { return "qk-fuse-maps"; }
  StringRef getDescription() const override { return "Compute maps in the epilogues of contractions"; }
  void runOnOperation() override;

private:
  void fuse(Candidate candidate, const target::Machine &machine);
};
} // namespace

static int64_t bitsOf(Type format) { return llvm::cast<qnn::NumberFormat>(format).getBits(); }

/// True if the map takes and writes all elements of its tensors in the order in which they lie, in whole bytes.
static bool isElementwise(qk::MapOp map) {
  qk::Box box(map);
  auto isAll = [&](qk::AccessAttr access, Value tensor) {
    auto type = llvm::cast<ShapedType>(tensor.getType());
    int64_t bits = bitsOf(access.getFormat());
    return access.getOffset() == 0 && bits % 8 == 0 &&
           box.shape[0] * bits == type.getNumElements() * static_cast<int64_t>(type.getElementTypeBitWidth());
  };
  bool isInOrder = box.shape.size() == 1 && llvm::all_of(box.strides, [&](ArrayRef<int64_t> strides) {
                     return strides[0] == 1 || box.shape[0] == 1;
                   });
  auto accesses = map.getAccesses().getAsRange<qk::AccessAttr>();
  return isInOrder && llvm::all_of(llvm::zip_equal(accesses, map->getOperands()),
                                   [&](auto pair) { return isAll(std::get<0>(pair), std::get<1>(pair)); });
}

/// True if the epilogue may read the tensor for the last time, and write over it.
static bool mayBeHeld(Value tensor, qk::ContractOp contract, qk::MapOp map) {
  Operation *writer = tensor.getDefiningOp();
  if (!llvm::isa_and_present<qk::Kernel>(writer) || !writer->isBeforeInBlock(contract))
    return false;
  return llvm::all_of(tensor.getUsers(), [&](Operation *user) {
    return user == map || (user->isBeforeInBlock(contract) && !llvm::isa<qk::ViewOp>(user));
  });
}

static bool isOwnedBy(qk::ContractOp contract, qk::MapOp map) {
  bool isReadElsewhere = llvm::any_of(contract->getUsers(), [&](Operation *user) { return user != map; });
  return !isReadElsewhere && !contract.getInitFormat() && !contract.getPart() && qk::yieldsCodes(contract) &&
         contract.getInit().getDefiningOp<tensor::EmptyOp>();
}

static std::optional<Candidate> findCandidate(qk::MapOp map) {
  constexpr size_t mostOperations = 40; // that come again in each block
  bool isOutput =
      llvm::any_of(map->getUsers(), [](Operation *user) { return user->hasTrait<OpTrait::IsTerminator>(); });
  if (isOutput || map.getInputs().empty() || llvm::range_size(map.getBody().front()) > mostOperations ||
      !isElementwise(map))
    return std::nullopt;
  // Of two contractions, the later one.
  Candidate candidate{map, {}, {}};
  for (Value input : map.getInputs())
    if (auto op = input.getDefiningOp<qk::ContractOp>();
        op && isOwnedBy(op, map) && (!candidate.contract || candidate.contract->isBeforeInBlock(op)))
      candidate.contract = op;
  if (!candidate.contract)
    return std::nullopt;
  for (Value input : map.getInputs()) {
    if (input == candidate.contract.getResult() || input == candidate.held)
      continue;
    if (candidate.held || !mayBeHeld(input, candidate.contract, map))
      return std::nullopt;
    candidate.held = input;
  }
  return candidate;
}

/// The contraction's epilogue, then the map's body.
static void writeEpilogue(qk::ContractOp fused, Candidate candidate) {
  Block &epilogue = fused.getEpilogue().front(), &body = candidate.map.getBody().front();
  Operation *yield = epilogue.getTerminator();
  IRMapping mapping;
  Value held;
  for (auto [input, argument] : llvm::zip_equal(candidate.map.getInputs(), body.getArguments())) {
    bool isResult = input == candidate.contract.getResult();
    if (!isResult && !held)
      held = epilogue.addArgument(argument.getType(), argument.getLoc());
    mapping.map(argument, isResult ? yield->getOperand(0) : held);
  }
  OpBuilder b(yield);
  for (Operation &op : body)
    b.clone(op, mapping);
  yield->erase();
}

void FuseMapsPass::fuse(Candidate candidate, const target::Machine &machine) {
  qk::MapOp map = candidate.map;
  qk::ContractOp contract = candidate.contract;
  const target::BlockTile *tile = target::blockTileOf(contract, *machine.target);
  if (!tile)
    return;
  ArrayRef<Attribute> accesses = map.getAccesses().getValue();
  auto formatAt = [&](size_t i) { return llvm::cast<qk::AccessAttr>(accesses[i]).getFormat(); };
  OpBuilder b(contract);
  auto fused = llvm::cast<qk::ContractOp>(b.clone(*contract));
  fused.setOutFormat(formatAt(accesses.size() - 1));
  fused.getResult().setType(map.getResult().getType());
  for (auto [i, input] : llvm::enumerate(map.getInputs()))
    if (input == candidate.held)
      fused.setInitFormat(formatAt(i));
  if (candidate.held)
    fused.getInitMutable().assign(candidate.held);
  bool hasSameBytes = bitsOf(fused.getOutFormat()) == bitsOf(contract.getOutFormat()) &&
                      fused.getInit().getType() == map.getResult().getType();
  if (!hasSameBytes || !target::takesHeldCodes(fused, *tile))
    return fused->erase();
  // Rows of any length are of whole blocks now.
  if (qk::ScheduleAttr schedule = *contract.getSchedule(); schedule.getRow() > 0 && !schedule.getOfChannels())
    fused.setScheduleAttr(schedule.withRowPieces(schedule.getPieces(), target::BlockShape(fused, *tile).width));
  writeEpilogue(fused, candidate);
  emitRemark(map.getLoc()) << "computed in the epilogue of the contraction before it";
  map.getResult().replaceAllUsesWith(fused.getResult());
  Operation *destinations[] = {map.getInit().getDefiningOp(), contract.getInit().getDefiningOp()};
  map->erase();
  contract->erase();
  for (Operation *destination : destinations)
    if (destination->use_empty())
      destination->erase();
}

void FuseMapsPass::runOnOperation() {
  func::FuncOp model = getOperation();
  if (model.isExternal())
    return;
  FailureOr<target::Machine> chosen = machine();
  if (failed(chosen))
    return signalPassFailure();
  for (auto map : llvm::make_early_inc_range(model.front().getOps<qk::MapOp>()))
    if (std::optional<Candidate> candidate = findCandidate(map))
      fuse(*candidate, *chosen);
}

std::unique_ptr<Pass> memory::createFuseMapsPass(const target::Machine *machine) {
  return std::make_unique<FuseMapsPass>(machine);
}
