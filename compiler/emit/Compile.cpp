#include "compiler/emit/Compile.h"

#include "compiler/algorithm/Passes.h"
#include "compiler/codegen/Passes.h"
#include "compiler/compress/Passes.h"
#include "compiler/emit/Budgets.h"
#include "compiler/emit/EmitModule.h"
#include "compiler/emit/LargeConstants.h"
#include "compiler/emit/ObjectWriter.h"
#include "compiler/emit/PlanReport.h"
#include "compiler/emit/Versions.h"
#include "compiler/layout/Passes.h"
#include "compiler/memory/Passes.h"
#include "compiler/quantize/Passes.h"
#include "compiler/support/HostTensor.h"
#include "compiler/target/Target.h"
#include "compiler/tiling/Tuning.h"
#include "compiler/verify/ObjectInfo.h"
#include "dialects/qk/QkOps.h"
#include "dialects/qnn/QnnOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace qcc;

namespace {

/// The passes of one phase; see docs/pipeline.md.
using AddPasses = void (*)(PassManager &, const target::Machine &, const CompileOptions &);
struct Phase {
  StringRef name;
  AddPasses add;
  bool verifies = true; // the module after each pass
};

bool sizeMatters(const target::Target &target, const CompileOptions &options) {
  return (options.optimizeSize || target.isMicrocontroller) && options.optLevel < 3;
}

/// From kernel functions to the LLVM dialect.
void addLowering(PassManager &passes) {
  // Blocks repeat their addresses and constants, and stand in loops of one round; LLVM takes longer to see it. Only
  // now, as kernels are alike only while equal numbers stand apart.
  passes.addPass(codegen::createSimplifyLoopsPass());
  passes.addPass(createCSEPass());
  passes.addPass(codegen::createExpandScalarsPass());
  passes.addPass(codegen::createLowerToLLVMPass());
}

/// What these kernels take in an object, made as the model's own will be.
FailureOr<int64_t> measureBytes(ModuleOp module, const target::Machine &machine, const CompileOptions &options) {
  PassManager passes(module.getContext());
  addLowering(passes);
  if (failed(passes.run(module)))
    return failure();
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> kernels = translateModuleToLLVMIR(module, context, "kernels");
  if (!kernels)
    return failure();
  ObjectWriter writer(machine, options.optLevel, options.optimizeSize);
  writer.optimize(*kernels);
  FailureOr<ObjectInfo> info = readObjectInfo(module.getLoc(), writer.object(*kernels));
  if (failed(info))
    return failure();
  using Kind = ObjectSection::Kind;
  return info->bytes(Kind::Text) + info->bytes(Kind::Rodata) + info->bytes(Kind::Weights);
}

void addNothing(PassManager &, const target::Machine &, const CompileOptions &) {}

void addCompress(PassManager &passes, const target::Machine &, const CompileOptions &) {
  passes.addNestedPass<func::FuncOp>(compress::createRemoveDeadChannelsPass());
}

void addAlgorithm(PassManager &passes, const target::Machine &, const CompileOptions &options) {
  if (!options.algorithms.empty())
    passes.addNestedPass<func::FuncOp>(algorithm::createChooseAlgorithmPass(options.algorithms));
}

void addLayout(PassManager &passes, const target::Machine &machine, const CompileOptions &) {
  passes.addPass(createCanonicalizerPass());
  // Before batch norms become other operators, which round in another way.
  passes.addNestedPass<func::FuncOp>(quantize::createFoldThresholdsPass());
  passes.addPass(quantize::createFoldBatchNormPass());
  passes.addPass(quantize::createFuseActivationPass());
  if (machine.target->prefersUnsigned)
    passes.addNestedPass<func::FuncOp>(layout::createUnsignedActivationsPass());
  passes.addNestedPass<func::FuncOp>(layout::createConvertQnnToQkPass());
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(layout::createFitRegionsPass());
}

/// Of all memories together.
int64_t memoryBytes(const CompileOptions &options) {
  int64_t sum = 0;
  for (const memory::Memory &memory : options.memories)
    sum += memory.bytes;
  return sum;
}

void addTile(PassManager &passes, const target::Machine &machine, const CompileOptions &options) {
  tiling::ScheduleOptions schedule = options.schedule;
  bool isFast = !sizeMatters(*machine.target, options);
  bool hasMemory = options.ramBudget || !options.memories.empty() || options.transformsFreely;
  schedule.freedom = {.weightsMayGrow = isFast,
                      .transformsWeights = !isFast && options.transformsWeights && hasMemory,
                      .floatsMayTransform = isFast && options.floatsMayTransform,
                      .threads = options.split.threads};
  passes.addNestedPass<func::FuncOp>(tiling::createSchedulePass(&machine, schedule));
  memory::FitOptions fit{.leastMemory = options.optimize == Optimize::Ram,
                         .budget = options.ramBudget,
                         .stackBytes = options.stackBytes,
                         .stateBytes = options.stateBytes,
                         .schedule = schedule};
  // Stack and state have memories of their own then.
  if (int64_t bytes = memoryBytes(options); !options.memories.empty() && (!fit.budget || *fit.budget > bytes))
    fit.budget = bytes + fit.otherBytes();
  if (fit.leastMemory || fit.budget)
    passes.addNestedPass<func::FuncOp>(memory::createFitArenaPass(&machine, fit));
  else if (isFast && options.fusesLayers && options.split.threads == 1)
    passes.addNestedPass<func::FuncOp>(memory::createFuseRowsPass(&machine));
  if (options.split.threads > 1)
    passes.addNestedPass<func::FuncOp>(tiling::createSplitKernelsPass(&machine, options.split));
  passes.addNestedPass<func::FuncOp>(layout::createRoundProductsPass(&machine));
  // Behind it, as it knows epilogues that rescale and do nothing else.
  if (isFast && options.memories.empty() && options.fusesLayers)
    passes.addNestedPass<func::FuncOp>(memory::createFuseMapsPass(&machine));
  passes.addPass(layout::createPackWeightsPass(&machine, options.consumeConstants));
}

void addPlan(PassManager &passes, const target::Machine &machine, const CompileOptions &options) {
  // Where memory is scarce, gaps between tensors cost more than vectors that lie in two lines of the cache.
  bool isScarce = options.optimize == Optimize::Ram || options.ramBudget || !options.memories.empty();
  int64_t align = isScarce ? memory::scalarAlign : machine.target->bufferAlign;
  passes.addNestedPass<func::FuncOp>(memory::createPlanArenaPass(&machine, options.memories, align));
}

/// Smaller code counts more than faster code.
bool prefersSize(const CompileOptions &options) { return options.optimizeSize && options.optLevel < 3; }

void addCodegen(PassManager &passes, const target::Machine &machine, const CompileOptions &options) {
  passes.addPass(codegen::createEmitKernelsPass(
      &machine, {options.profile, options.fusesMultiplyAdd, prefersSize(options), options.split.threads > 1}));
  if (options.optLevel > 0 && sizeMatters(*machine.target, options))
    passes.addPass(codegen::createShareKernelsPass(
        /*onlyEqual=*/false, [&](ModuleOp kernels) { return measureBytes(kernels, machine, options); }));
  else if (options.optLevel > 0)
    passes.addPass(codegen::createShareKernelsPass(/*onlyEqual=*/true));
  addLowering(passes);
}

constexpr Phase phases[] = {{"import", addNothing},
                            {"compress", addCompress},
                            {"quantize", addNothing},
                            {"algorithm", addAlgorithm},
                            {"layout", addLayout},
                            {"tile", addTile},
                            {"plan", addPlan},
                            // Kernels are large; LLVM verifies what becomes of them.
                            {"codegen", addCodegen, /*verifies=*/false}};

class Compilation {
public:
  Compilation(ModuleOp module, const CompileOptions &options, Emit what)
      : module(module), options(options), what(what) {}
  FailureOr<CompileResult> run();

private:
  LogicalResult lower();
  LogicalResult runPhase(const Phase &phase);
  LogicalResult emitFiles();

  ModuleOp module;
  CompileOptions options;
  Emit what;
  target::Machine machine;
  tiling::Tuning tuning;
  CompileResult result;
  std::string name;
};

LogicalResult Compilation::runPhase(const Phase &phase) {
  PassManager passes(module.getContext());
  passes.enableVerifier(phase.verifies);
  phase.add(passes, machine, options);
  if (failed(passes.run(module)))
    return failure();
  if (options.saveTemps && !passes.empty()) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    module.print(stream, OpPrintingFlags().elideLargeElementsAttrs().elideLargeResourceString());
    result.temporaries.emplace_back(("." + phase.name + ".mlir").str(), std::move(text));
  }
  return success();
}

LogicalResult Compilation::lower() {
  for (const Phase &phase : phases) {
    if (failed(runPhase(phase)))
      return failure();
    if (phase.name == "compress")
      recountLayers(*findModel(module), result.report);
    if (phase.name == "plan")
      for (func::FuncOp model : module.getOps<func::FuncOp>())
        if (model->hasAttr("qk.inputs"))
          readPlan(model, *machine.target, result.report);
    if (phase.name == options.until)
      return success();
  }
  return success();
}

/// Empties the resources that the module's globals refer to.
void releaseConstants(ModuleOp module) {
  for (auto global : module.getOps<LLVM::GlobalOp>())
    if (auto resource = llvm::dyn_cast_or_null<DenseResourceElementsAttr>(global.getValueOrNull()))
      releaseResource(module.getContext(), resource.getRawHandle().getKey());
}

LogicalResult Compilation::emitFiles() {
  LargeConstants constants;
  if (isObject(what) && !options.saveTemps && llvm::Triple(machine.triple).isOSBinFormatELF())
    constants.take(module);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> llvmModule = translateModuleToLLVMIR(module, context, name);
  if (!llvmModule)
    return failure();
  if (options.consumeConstants)
    releaseConstants(module);
  ObjectWriter writer(machine, options.optLevel, options.optimizeSize);
  writer.optimize(*llvmModule);
  return emitModule(module.getLoc(), writer, *llvmModule, constants, options, what, result);
}

FailureOr<CompileResult> Compilation::run() {
  std::string error;
  if (!target::resolveMachine(options.target, options.cpu, options.features, machine, error))
    return emitError(UnknownLoc::get(module.getContext())) << error;
  if (!options.tuningFile.empty()) {
    FailureOr<tiling::Tuning> read =
        tiling::readTuning(UnknownLoc::get(module.getContext()), options.tuningFile, machine);
    if (failed(read))
      return failure();
    tuning = std::move(*read);
    options.schedule.tuning = &tuning;
  }
  if (prefersSize(options))
    llvm::erase_if(machine.tiles, [](const target::TileInstruction *tile) { return tile->isLarge; });
  FailureOr<func::FuncOp> model = findModel(module);
  if (failed(model))
    return failure();
  if (!options.modelName.empty())
    model->setName(options.modelName);
  name = model->getName().str();
  namePorts(*model);
  result.report = describeModel(*model);
  result.report.target = options.target;
  result.report.optimize = nameOf(options.optimize);
  result.report.threads = options.split.threads;
  result.hash = contentHash(*model);
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  // They are still printed, or dropped, by who listens already.
  std::vector<std::pair<Location, std::string>> said;
  ScopedDiagnosticHandler remarks(module.getContext(), [&](Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == DiagnosticSeverity::Remark)
      said.emplace_back(diagnostic.getLocation(), diagnostic.str());
    return failure();
  });
  if (failed(lower()))
    return failure();
  bool needsNoCode = !options.until.empty() && options.until != "codegen" && options.until != "object";
  if (what != Emit::Mlir && !needsNoCode && failed(emitFiles()))
    return failure();
  for (auto &[location, text] : said)
    result.report.remarks.push_back({std::move(text), layersAt(location, result.report.layers)});
  return std::move(result);
}
} // namespace

std::string qcc::contentHash(func::FuncOp model) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  // A function prints the names of its resources only; the module would print all their bytes.
  model->print(stream, OpPrintingFlags().elideLargeElementsAttrs(1).enableDebugInfo(false));
  llvm::SHA256 sha;
  sha.update(text);
  model.walk([&](qnn::ConstantOp op) { sha.update(StringRef(op.getBytes().data(), op.getBytes().size())); });
  return llvm::toHex(sha.final(), /*LowerCase=*/true);
}

FailureOr<int64_t> qcc::otherArenaBytes(ModuleOp module, CompileOptions options) {
  options.optimize = options.optimize == Optimize::Ram ? Optimize::Speed : Optimize::Ram;
  options.ramBudget = options.flashBudget = std::nullopt;
  options.memories.clear();
  options.until = "plan"; // No code is needed.
  options.saveTemps = options.consumeConstants = false;
  OwningOpRef<ModuleOp> clone = module.clone();
  // What is decided in the build that is asked for is said there.
  ScopedDiagnosticHandler errorsOnly(module.getContext(), [](Diagnostic &diagnostic) {
    return success(diagnostic.getSeverity() != DiagnosticSeverity::Error);
  });
  FailureOr<CompileResult> result = compileModel(*clone, options, Emit::Mlir);
  if (failed(result))
    return failure();
  return result->report.arenaBytes;
}

StringRef qcc::nameOf(Optimize optimize) { return optimize == Optimize::Ram ? "ram" : "speed"; }

/// For one target or several, with the schedules that these options have.
static FailureOr<CompileResult> compileOnce(ModuleOp module, const CompileOptions &options, Emit what) {
  return target::areSeveral(options.target) ? compileVersions(module, options, what)
                                            : Compilation(module, options, what).run();
}

/// Leaves what is said to the caller.
static FailureOr<CompileResult> compileQuietly(ModuleOp module, std::vector<Diagnostic> &said,
                                               llvm::function_ref<FailureOr<CompileResult>()> compile) {
  said.clear();
  ScopedDiagnosticHandler keep(module.getContext(), [&](Diagnostic &diagnostic) {
    said.push_back(std::move(diagnostic));
    return success();
  });
  return compile();
}

static void say(ModuleOp module, std::vector<Diagnostic> &said) {
  for (Diagnostic &diagnostic : said)
    module.getContext()->getDiagEngine().emit(std::move(diagnostic));
  said.clear();
}

namespace {
/// Compiles clones of a module until one is within the budgets.
class BudgetedCompilation {
public:
  BudgetedCompilation(ModuleOp module, const CompileOptions &options, Emit what)
      : module(module), options(options), what(what) {
    this->options.consumeConstants = false;
  }
  FailureOr<CompileResult> run();

private:
  LogicalResult attempt(CompileOptions attempted);
  LogicalResult meetRamBudget();
  LogicalResult meetFlashBudget();
  int64_t stackBytes() const { return std::max<int64_t>(result.report.stackBytes, 0); }
  int64_t stateBytes() const { return std::max<int64_t>(result.report.stateBytes, 0); }

  ModuleOp module;
  CompileOptions options;
  Emit what;
  OwningOpRef<ModuleOp> clone;
  CompileResult result;
  std::vector<Diagnostic> said; // by the last attempt
};

LogicalResult BudgetedCompilation::attempt(CompileOptions attempted) {
  clone = module.clone();
  FailureOr<CompileResult> compiled =
      compileQuietly(module, said, [&] { return compileOnce(*clone, attempted, what); });
  if (failed(compiled)) {
    say(module, said);
    return failure();
  }
  result = std::move(*compiled);
  return success();
}

/// What the stack takes is known at the end only, and it is not the same for all schedules.
LogicalResult BudgetedCompilation::meetRamBudget() {
  if (!options.ramBudget)
    return attempt(options);
  CompileOptions smallest = options;
  smallest.optimize = Optimize::Ram;
  smallest.ramBudget = std::nullopt;
  if (failed(attempt(smallest)))
    return failure();
  int64_t leastArena = result.report.arenaBytes, budget = *options.ramBudget;
  bool hasRoom = ramBytes(result.report) <= budget; // or rows are streamed, if that helps
  options.stackBytes = stackBytes();
  options.stateBytes = stateBytes();
  for (int attempts = 0; attempts < 3 && (!hasRoom || leastArena + options.stackBytes + options.stateBytes <= budget);
       ++attempts) {
    if (failed(attempt(options)))
      return failure();
    if (ramBytes(result.report) <= budget)
      return success();
    options.stackBytes = std::max(options.stackBytes, stackBytes());
  }
  if (hasRoom)
    return attempt(smallest);
  return ramError(module.getLoc(), budget, result.report);
}

/// Code that is too large is made once more, for size.
LogicalResult BudgetedCompilation::meetFlashBudget() {
  if (!options.flashBudget || result.object.empty() || flashBytes(result.report) <= *options.flashBudget)
    return success();
  if (shrink(options))
    return success(succeeded(meetRamBudget()) && succeeded(meetFlashBudget()));
  return flashError(module, *options.flashBudget, result.report);
}

FailureOr<CompileResult> BudgetedCompilation::run() {
  if (failed(meetRamBudget()) || failed(meetFlashBudget()))
    return failure();
  say(module, said);
  module.getBodyRegion().takeBody(clone->getBodyRegion());
  return std::move(result);
}
} // namespace

/// Versions keep to the budgets of their object, which is made until it does.
static FailureOr<CompileResult> compileWithinBudgets(ModuleOp module, const CompileOptions &options, Emit what) {
  if ((options.ramBudget || options.flashBudget) && what != Emit::Bitcode)
    return BudgetedCompilation(module, options, what).run();
  return compileOnce(module, options, what);
}

/// With kernels that were chosen for one arena, the tensors may not fit in several memories. Then, the kernels that
/// take least memory have to do, and what they cannot do is the error.
static FailureOr<CompileResult> compileForMemories(ModuleOp module, CompileOptions options, Emit what) {
  std::vector<Diagnostic> said;
  CompileOptions fastest = options;
  fastest.consumeConstants = false;
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> result =
      compileQuietly(module, said, [&] { return compileWithinBudgets(*clone, fastest, what); });
  if (failed(result)) {
    module.emitRemark() << "the fastest kernels do not fit in the memories; those that take least memory are tried";
    options.optimize = Optimize::Ram;
    return compileWithinBudgets(module, options, what);
  }
  say(module, said);
  module.getBodyRegion().takeBody(clone->getBodyRegion());
  return result;
}

FailureOr<CompileResult> qcc::compileModel(ModuleOp module, const CompileOptions &options, Emit what) {
  // Each version goes to smaller kernels by itself.
  bool isOne = !target::areSeveral(options.target);
  if (isOne && !options.memories.empty() && options.optimize != Optimize::Ram)
    return compileForMemories(module, options, what);
  return compileWithinBudgets(module, options, what);
}
