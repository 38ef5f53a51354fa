#include "compiler/emit/Versions.h"

#include "compiler/emit/EmitModule.h"
#include "compiler/emit/ObjectWriter.h"
#include "compiler/tiling/Tuning.h"
#include "runtime/include/qcc/runtime.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"

using namespace mlir;
using namespace qcc;

namespace {
class VersionedCompilation {
public:
  VersionedCompilation(ModuleOp module, const CompileOptions &options, Emit what)
      : module(module), options(options), what(what) {}
  FailureOr<CompileResult> run();

private:
  InFlightDiagnostic error() { return emitError(UnknownLoc::get(module.getContext())); }
  LogicalResult readTunings();
  LogicalResult compile(const target::Target &target);
  LogicalResult addReport(const ModelReport &report);
  LogicalResult link();

  ModuleOp module;
  CompileOptions options;
  Emit what;
  SmallVector<const target::Target *> versions;
  llvm::SmallPtrSet<const target::Target *, 8> tuned; // those that the tuning file knows
  std::vector<std::vector<char>> bitcode;             // of each version
  CompileResult result;                               // with the report of the last version
};
} // namespace

LogicalResult qcc::findVersions(Location loc, const CompileOptions &options,
                                SmallVectorImpl<const target::Target *> &versions) {
  std::string text;
  if (!target::findVersions(options.target, versions, text))
    return emitError(loc) << text;
  struct {
    StringRef name;
    bool isUsed;
  } const requests[] = {{"--mcpu", !options.cpu.empty()},
                        {"--mattr", !options.features.empty()},
                        {"--memory", !options.memories.empty()},
                        {"--budget-ram", options.ramBudget.has_value()},
                        {"--budget-flash", options.flashBudget.has_value()},
                        {"--profile", options.profile},
                        {"--save-temps", options.saveTemps}};
  for (auto [name, isUsed] : requests)
    if (isUsed)
      return emitError(loc) << "expects a single target with " << name << ", but got '" << options.target << "'";
  return success();
}

/// Which versions the tuning file knows: at least one.
LogicalResult VersionedCompilation::readTunings() {
  Location loc = UnknownLoc::get(module.getContext());
  FailureOr<std::vector<tiling::Tuning>> tunings = tiling::readTunings(loc, options.tuningFile);
  if (failed(tunings))
    return failure();
  for (const target::Target *version : versions) {
    target::Machine machine;
    std::string text;
    if (!target::resolveMachine(version->name, "", "", machine, text))
      return error() << text;
    if (tiling::findTuning(*tunings, machine))
      tuned.insert(version);
  }
  if (tuned.empty())
    return error() << "'" << options.tuningFile << "' was measured for none of '" << options.target << "'";
  for (const target::Target *version : versions)
    if (!tuned.contains(version))
      emitWarning(loc) << "'" << options.tuningFile << "' has nothing that was measured for " << version->name
                       << ", whose blocks are the default ones";
  return success();
}

LogicalResult VersionedCompilation::compile(const target::Target &target) {
  CompileOptions own = options;
  own.target = target.name.str();
  if (!tuned.contains(&target))
    own.tuningFile.clear();
  own.consumeConstants = false; // clones share them
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> compiled = compileModel(*clone, own, what == Emit::Mlir ? Emit::Mlir : Emit::Bitcode);
  if (failed(compiled))
    return failure();
  bitcode.push_back(std::move(compiled->object));
  compiled->object.clear();
  std::vector<VersionReport> before = std::move(result.report.versions);
  ModelReport last = std::move(result.report);
  result = std::move(*compiled);
  result.report.versions = std::move(before);
  result.report.versions.push_back({own.target, result.report.arenaBytes});
  if (bitcode.size() == 1)
    return success();
  return addReport(last);
}

/// What holds for all versions together, from what held for those before. What callers see has to be the same.
LogicalResult VersionedCompilation::addReport(const ModelReport &before) {
  ModelReport &report = result.report;
  auto haveSameLayout = [](const StateReport &a, const StateReport &b) {
    return a.type == b.type && a.offset == b.offset && a.initial == b.initial;
  };
  if (!llvm::equal(before.states, report.states, haveSameLayout))
    return error() << "the state of '" << report.name << "' differs between " << report.versions.front().target
                   << " and " << report.versions.back().target << "; compile an object for each";
  report.arenaBytes = std::max(report.arenaBytes, before.arenaBytes);
  report.arenaAlign = std::max(report.arenaAlign, before.arenaAlign);
  for (auto [tensors, others] :
       {std::pair(&report.inputs, &before.inputs), std::pair(&report.outputs, &before.outputs)})
    for (auto [tensor, other] : llvm::zip_equal(*tensors, *others))
      if (tensor.offset != other.offset)
        tensor.offset = -1;
  return success();
}

static constexpr StringLiteral runSuffixes[] = {"_run", "_run_parallel"};

/// Gives what a version exports a name of its own; `reset` is the same in all of them.
static void renameExports(llvm::Module &version, StringRef name, StringRef target, bool isFirst) {
  for (StringRef suffix : runSuffixes)
    if (llvm::Function *run = version.getFunction((name + suffix).str()))
      run->setName(run->getName() + "." + target);
  if (llvm::Function *reset = version.getFunction((name + "_reset").str()); reset && !isFirst)
    reset->eraseFromParent();
}

/// A function of that name: the last version whose features are all there.
static llvm::Function &writeDispatch(llvm::Module &linked, const std::string &name,
                                     ArrayRef<const target::Target *> versions) {
  llvm::LLVMContext &context = linked.getContext();
  auto versionOf = [&](const target::Target &target) { return linked.getFunction(name + "." + target.name.str()); };
  llvm::Function *first = versionOf(*versions.front());
  auto *run = llvm::Function::Create(first->getFunctionType(), llvm::GlobalValue::ExternalLinkage, name, linked);
  run->setDoesNotThrow();
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", run));
  llvm::FunctionCallee ask = linked.getOrInsertFunction("qcc_cpu_features", builder.getInt32Ty());
  llvm::Value *features = builder.CreateCall(ask);
  SmallVector<llvm::Value *> arguments(llvm::make_pointer_range(run->args()));
  for (const target::Target *target : llvm::reverse(versions)) {
    llvm::Value *needed = builder.getInt32(*target->cpuFeatures);
    llvm::Value *areThere = builder.CreateICmpEQ(builder.CreateAnd(features, needed), needed);
    auto *call = llvm::BasicBlock::Create(context, "", run), *next = llvm::BasicBlock::Create(context, "", run);
    builder.CreateCondBr(areThere, call, next);
    builder.SetInsertPoint(call);
    llvm::Function *version = versionOf(*target);
    version->setLinkage(llvm::GlobalValue::InternalLinkage); // only now: the linker leaves out what nobody calls
    llvm::CallInst *status = builder.CreateCall(version, arguments);
    status->setTailCallKind(llvm::CallInst::TCK_MustTail); // takes no stack of its own
    builder.CreateRet(status);
    builder.SetInsertPoint(next);
  }
  builder.CreateRet(builder.getInt32(QCC_ERROR_CPU));
  return *run;
}

LogicalResult VersionedCompilation::link() {
  StringRef name = result.report.name;
  // Whatever runs it has to get as far as the question.
  target::Machine machine;
  std::string text;
  if (!target::resolveMachine("x86-64", "", "", machine, text))
    return error() << text;
  llvm::LLVMContext context;
  llvm::Module linked(name, context);
  ObjectWriter writer(machine, options.optLevel, options.optimizeSize);
  llvm::Linker linker(linked);
  for (auto [target, bytes] : llvm::zip_equal(versions, bitcode)) {
    llvm::MemoryBufferRef buffer(StringRef(bytes.data(), bytes.size()), target->name);
    std::unique_ptr<llvm::Module> version = llvm::cantFail(llvm::parseBitcodeFile(buffer, context));
    bytes = {};
    renameExports(*version, name, target->name, target == versions.front());
    if (linker.linkInModule(std::move(version)))
      return error() << "cannot link the version for " << target->name;
  }
  for (StringRef suffix : runSuffixes)
    if (suffix == "_run" || options.split.threads > 1)
      writer.setAttributes(writeDispatch(linked, (name + suffix).str(), versions));
  return emitModule(module.getLoc(), writer, linked, options, what, result);
}

FailureOr<CompileResult> VersionedCompilation::run() {
  if (failed(findVersions(UnknownLoc::get(module.getContext()), options, versions)) ||
      (!options.tuningFile.empty() && failed(readTunings())))
    return failure();
  for (const target::Target *target : versions)
    if (failed(compile(*target)))
      return failure();
  result.report.target = options.target;
  if (what != Emit::Mlir && failed(link()))
    return failure();
  return std::move(result);
}

FailureOr<CompileResult> qcc::compileVersions(ModuleOp module, const CompileOptions &options, Emit what) {
  return VersionedCompilation(module, options, what).run();
}
