// qk-fuse-rows: a large tensor that one kernel writes and the next one reads goes to a far memory and comes back; if
// both go over it row by row, in turn, a few rows of it stay near.
#include "compiler/memory/FormStream.h"
#include "compiler/memory/Passes.h"
#include "compiler/target/MachinePass.h"
#include "compiler/tiling/Schedule.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::memory;

/// True if each row of the output needs one of the input, its own.
static bool isOfSingleRows(qk::WindowKernel op) {
  qk::WindowAttr window = op.getWindow();
  return window.getKernel()[0] == 1 && window.getStrides()[0] == 1 && window.getPads()[0] == 0 &&
         window.getInput()[0] == window.getOutput()[0];
}

/// The most rows of the output that divide all of them, and whose input takes at most so many bytes.
static int64_t mostRows(qk::WindowKernel op, int64_t bytes) {
  qk::WindowAttr window = op.getWindow();
  int64_t rowBytes = qk::bytesOf(op.getImage()) / window.getInput()[0], rows = window.getOutput()[0], most = 1;
  for (int64_t together = 2; together <= rows; ++together)
    if (rows % together == 0 && window.seenBy(together) * rowBytes <= bytes)
      most = together;
  return most;
}

/// Rows that each stage computes together. Windows overlap from row to row, so that rows have to come one by one; but
/// behind the last such window, rows can go on as they come.
static SmallVector<int64_t> chooseRows(ArrayRef<qk::WindowKernel> chain, int64_t bytes) {
  size_t last = chain.size() - 1; // of those with a window
  while (last > 0 && isOfSingleRows(chain[last]))
    --last;
  SmallVector<int64_t> rows(chain.size(), 1);
  std::fill(rows.begin() + static_cast<int64_t>(last), rows.end(), mostRows(chain[last], bytes));
  return rows;
}

/// Estimated cycles of a kernel. Pools take the same in a stream.
static double cyclesOf(qk::WindowKernel op, const target::Machine &machine) {
  auto contract = llvm::dyn_cast<qk::ContractOp>(*op);
  if (!contract)
    return 0;
  std::vector<tiling::Choice> choices = tiling::listChoices(contract, machine);
  return choices.empty() ? 0 : choices.front().cycles;
}

namespace {
/// Neighbours in a chain, and the bytes of the tensors between them.
struct Group {
  size_t chain, begin, end;
  int64_t bytes;
};

struct FuseRowsPass : target::MachinePass<FuseRowsPass, func::FuncOp> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(FuseRowsPass)
  using MachinePass::MachinePass;
  FuseRowsPass(const FuseRowsPass &other) : MachinePass(other) {}
  StringRef getArgument() const override { return "qk-fuse-rows"; }
  StringRef getDescription() const override { return "Compute kernels together whose tensor exceeds a cache"; }
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<tensor::TensorDialect>(); }
  void runOnOperation() override;

  Option<int64_t> cacheBytes{*this, "cache", llvm::cl::desc("bytes of the cache; -1 for what the target has"),
                             llvm::cl::init(-1)};
};
} // namespace

static std::vector<Group> findGroups(func::FuncOp model, int64_t cacheBytes) {
  std::vector<Group> groups;
  for (auto [number, chain] : llvm::enumerate(findChains(model)))
    for (size_t begin = 0, end = 1; begin < chain.size(); begin = end++) {
      int64_t bytes = 0;
      for (; end < chain.size() && qk::bytesOf(chain[end - 1]->getResult(0)) > cacheBytes; ++end)
        bytes += qk::bytesOf(chain[end - 1]->getResult(0));
      if (bytes > 0)
        groups.push_back({number, begin, end, bytes});
    }
  return groups;
}

static qk::StreamOp fuse(func::FuncOp model, const Group &group, int64_t cacheBytes, const target::Machine &machine) {
  Chain whole = findChains(model)[group.chain];
  ArrayRef<qk::WindowKernel> chain = ArrayRef(whole).slice(group.begin, group.end - group.begin);
  // The rest of the cache is for weights, lines, and what is read and written beside the rows.
  return formStream(chain, chooseRows(chain, cacheBytes / 4), RowSchedule::Fastest, machine);
}

/// Whether the stream is estimated to take no longer than the kernels, tried on a copy. What a byte takes on its way to
/// a far cache and back is what remains of it where processors fetch codes before they are asked for (Zen 4): hardly
/// anything, beside the memory that it takes, from all who share it.
static bool isWorthwhile(func::FuncOp model, const Group &group, int64_t cacheBytes, const target::Machine &machine) {
  constexpr double cyclesOfByte = 0.0125;
  OwningOpRef<func::FuncOp> copy = model.clone();
  Chain chain = findChains(*copy)[group.chain];
  double apart = cyclesOfByte * static_cast<double>(group.bytes), together = 0;
  for (size_t i = group.begin; i < group.end; ++i)
    apart += cyclesOf(chain[i], machine);
  qk::StreamOp stream = fuse(*copy, group, cacheBytes, machine);
  for (auto [i, op] : llvm::enumerate(stream.kernels()))
    together += cyclesOf(op, machine) * static_cast<double>(stream.timesComputed(i));
  return together <= apart;
}

void FuseRowsPass::runOnOperation() {
  func::FuncOp model = getOperation();
  if (model.isExternal())
    return;
  FailureOr<target::Machine> chosen = machine();
  if (failed(chosen))
    return signalPassFailure();
  int64_t bytes = cacheBytes >= 0 ? cacheBytes : chosen->target->cacheBytes;
  if (bytes == 0)
    return;
  // From the last on, so that the numbers of chains before stay what they are.
  std::vector<Group> groups = findGroups(model, bytes);
  for (const Group &group : llvm::reverse(groups)) {
    if (!isWorthwhile(model, group, bytes, *chosen))
      continue;
    qk::StreamOp stream = fuse(model, group, bytes, *chosen);
    size_t layers = group.end - group.begin;
    emitRemark(stream.getLoc()) << "computed with " << layers - 1 << " layers after it, "
                                << stream.rowsTogether(layers - 1) << " rows of the last at a time: " << group.bytes
                                << " bytes between them exceed the cache";
  }
}

std::unique_ptr<Pass> memory::createFuseRowsPass(const target::Machine *machine) {
  return std::make_unique<FuseRowsPass>(machine);
}
