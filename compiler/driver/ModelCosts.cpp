#include "compiler/driver/ModelCosts.h"

#include "compiler/emit/Budgets.h"
#include "compiler/tiling/Schedule.h"
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

/// Products of bits: those of a layer are its MACs, each of so many bits by so many.
static int64_t countBops(func::FuncOp model, const ModelReport &report) {
  int64_t sum = 0;
  auto layers = llvm::make_filter_range(model.front(),
                                        [](Operation &op) { return !llvm::isa<qnn::ConstantOp, func::ReturnOp>(op); });
  for (auto [op, layer] : llvm::zip_equal(layers, report.layers)) {
    auto bits = [&op = op](unsigned operand) -> int64_t { return qnn::getFormat(op.getOperand(operand)).getBits(); };
    if (layer.macs > 0)
      sum += layer.macs * bits(0) * bits(1);
  }
  return sum;
}

static FailureOr<int64_t> estimateCycles(ModuleOp module, CompileOptions options) {
  target::Machine machine;
  std::string error;
  if (!target::resolveMachine(options.target, options.cpu, options.features, machine, error))
    return emitError(module.getLoc()) << error;
  options.until = "layout"; // where contractions are there, and not scheduled
  OwningOpRef<ModuleOp> clone = module.clone();
  if (failed(compileModel(*clone, options, Emit::Mlir)))
    return failure();
  double cycles = 0;
  clone->walk([&](qk::ContractOp contract) {
    std::vector<tiling::Choice> choices = tiling::listChoices(contract, machine);
    if (!choices.empty())
      cycles += choices.front().cycles;
  });
  return static_cast<int64_t>(std::llround(cycles));
}

FailureOr<Costs> qcc::driver::measureCosts(ModuleOp module, CompileOptions options) {
  FailureOr<int64_t> cycles = estimateCycles(module, options);
  if (failed(cycles))
    return failure();
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> compiled = compileModel(*clone, options, Emit::Object);
  if (failed(compiled))
    return failure();
  const ModelReport &report = compiled->report;
  func::FuncOp model = *findModel(module);
  ModelReport ofModel = describeModel(model);
  Costs costs;
  auto cost = [&](Resource resource) -> int64_t & { return costs[static_cast<size_t>(resource)]; };
  cost(Resource::Flash) = flashBytes(report);
  cost(Resource::Ram) = ramBytes(report);
  cost(Resource::Time) = *cycles;
  cost(Resource::Bops) = countBops(model, ofModel);
  cost(Resource::Weights) = ofModel.totals.weightBytes;
  return costs;
}
