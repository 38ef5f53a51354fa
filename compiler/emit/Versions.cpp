#include "compiler/emit/Versions.h"

#include "compiler/emit/EmitModule.h"
#include "compiler/emit/LargeConstants.h"
#include "compiler/emit/ObjectWriter.h"
#include "compiler/tiling/Tuning.h"
#include "compiler/verify/ObjectInfo.h"
#include "runtime/include/qcc/runtime.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"

using namespace mlir;
using namespace qcc;

namespace {
/// One of the versions before they are linked.
struct Version {
  const target::Target *target;
  CompileOptions options;
  CompileResult compiled = {}; // the object is bitcode
};

class VersionedCompilation {
public:
  VersionedCompilation(ModuleOp module, const CompileOptions &options, Emit what)
      : module(module), options(options), what(what) {}
  FailureOr<CompileResult> run();

private:
  InFlightDiagnostic error() { return emitError(UnknownLoc::get(module.getContext())); }
  LogicalResult readTunings();
  LogicalResult prepare();
  LogicalResult compile(Version &version);
  LogicalResult addReport(const ModelReport &report);
  LogicalResult join();
  LogicalResult measureFlash(const Version &version, VersionReport &report);
  LogicalResult link();

  ModuleOp module;
  CompileOptions options;
  Emit what;
  std::vector<Version> versions;
  CompileResult result; // with the report of the last version, but for what holds for all
};
} // namespace

LogicalResult qcc::findVersions(Location loc, const CompileOptions &options,
                                SmallVectorImpl<const target::Target *> &versions) {
  std::string text;
  if (!target::findVersions(options.target, versions, text))
    return emitError(loc) << text;
  if (!options.cpu.empty() || !options.features.empty())
    return emitError(loc) << "expects a single target with " << (options.cpu.empty() ? "--mattr" : "--mcpu")
                          << ", but got '" << options.target << "'";
  return success();
}

/// Versions that the tuning file does not know do without.
LogicalResult VersionedCompilation::readTunings() {
  Location loc = UnknownLoc::get(module.getContext());
  FailureOr<std::vector<tiling::Tuning>> tunings = tiling::readTunings(loc, options.tuningFile);
  if (failed(tunings))
    return failure();
  std::vector<StringRef> unknown;
  for (Version &version : versions) {
    target::Machine machine;
    std::string text;
    if (!target::resolveMachine(version.target->name, "", "", machine, text))
      return error() << text;
    if (tiling::findTuning(*tunings, machine))
      continue;
    unknown.push_back(version.target->name);
    version.options.tuningFile.clear();
  }
  if (unknown.size() == versions.size())
    return error() << "'" << options.tuningFile << "' was measured for none of '" << options.target << "'";
  for (StringRef name : unknown)
    emitWarning(loc) << "'" << options.tuningFile << "' has nothing that was measured for " << name
                     << ", whose blocks are the default ones";
  return success();
}

LogicalResult VersionedCompilation::prepare() {
  SmallVector<const target::Target *> targets;
  if (failed(findVersions(UnknownLoc::get(module.getContext()), options, targets)))
    return failure();
  for (const target::Target *target : targets) {
    versions.push_back({target, options});
    CompileOptions &own = versions.back().options;
    own.target = target->name.str();
    own.consumeConstants = false; // clones share them
  }
  return options.tuningFile.empty() ? success() : readTunings();
}

LogicalResult VersionedCompilation::compile(Version &version) {
  ScopedDiagnosticHandler name(module.getContext(), [&](Diagnostic &diagnostic) {
    diagnostic << " (in the version for " << version.target->name << ")";
    return failure(); // and on to whom it is for
  });
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> compiled =
      compileModel(*clone, version.options, what == Emit::Mlir ? Emit::Mlir : Emit::Bitcode);
  if (failed(compiled))
    return failure();
  version.compiled = std::move(*compiled);
  return success();
}

/// What holds for all versions together, from what held for those before. What callers see has to be the same.
LogicalResult VersionedCompilation::addReport(const ModelReport &before) {
  ModelReport &report = result.report;
  auto haveSameLayout = [](const StateReport &a, const StateReport &b) {
    return a.type == b.type && a.offset == b.offset && a.initial == b.initial;
  };
  if (!llvm::equal(before.states, report.states, haveSameLayout))
    return error() << "the state of '" << report.name << "' differs between " << before.target << " and "
                   << report.target << "; compile an object for each";
  report.arenaBytes = std::max(report.arenaBytes, before.arenaBytes);
  report.arenaAlign = std::max(report.arenaAlign, before.arenaAlign);
  report.arenaLowerBound = std::max(report.arenaLowerBound, before.arenaLowerBound);
  for (auto [memory, other] : llvm::zip_equal(report.memories, before.memories)) {
    memory.bytes = std::max(memory.bytes, other.bytes);
    memory.lowerBound = std::max(memory.lowerBound, other.lowerBound);
  }
  for (auto [tensors, others] :
       {std::pair(&report.inputs, &before.inputs), std::pair(&report.outputs, &before.outputs)})
    for (auto [tensor, other] : llvm::zip_equal(*tensors, *others))
      if (tensor.offset != other.offset || tensor.memory != other.memory)
        tensor.offset = -1;
  return success();
}

/// All but the code.
LogicalResult VersionedCompilation::join() {
  result = {};
  std::vector<VersionReport> list;
  for (const Version &version : versions) {
    ModelReport before = std::move(result.report);
    result.report = version.compiled.report;
    list.push_back({.target = version.options.target,
                    .arenaBytes = result.report.arenaBytes,
                    .memories = result.report.memories,
                    .cpuFeatures = *version.target->cpuFeatures,
                    .kernels = result.report.kernels});
    if (list.size() > 1 && failed(addReport(before)))
      return failure();
    for (const auto &[suffix, text] : version.compiled.temporaries)
      result.temporaries.emplace_back("." + version.options.target + suffix, text);
  }
  result.hash = versions.front().compiled.hash;
  result.report.target = options.target;
  result.report.versions = std::move(list);
  if (!result.report.memories.empty()) {
    result.report.arenaBytes = 0;
    for (const MemoryReport &memory : result.report.memories)
      result.report.arenaBytes += memory.bytes;
  }
  return success();
}

static constexpr StringLiteral runSuffixes[] = {"_run", "_run_parallel", "_run_profiled", "_run_parallel_profiled"};

/// Gives a version's functions names of their own: `<name>_run.<target>`, `<name>.<target>.<kernel>`. `reset` is the
/// same in all of them.
static void renameFunctions(llvm::Module &version, StringRef name, StringRef target, bool isFirst) {
  if (llvm::Function *reset = version.getFunction((name + "_reset").str()); reset && !isFirst)
    reset->eraseFromParent();
  std::string kernels = (name + ".").str();
  for (llvm::Function &function : version) {
    std::string old = function.getName().str();
    if (function.hasLocalLinkage() && StringRef(old).starts_with(kernels))
      function.setName(kernels + target + "." + StringRef(old).drop_front(kernels.size()));
    for (StringRef suffix : runSuffixes)
      if (old == (name + suffix).str())
        function.setName(old + "." + target);
  }
}

/// A function of that name: the last version whose features are all there.
static llvm::Function &writeDispatch(llvm::Module &linked, const std::string &name, ArrayRef<Version> versions) {
  llvm::LLVMContext &context = linked.getContext();
  auto versionOf = [&](const target::Target &target) { return linked.getFunction(name + "." + target.name.str()); };
  llvm::Function *first = versionOf(*versions.front().target);
  auto *run = llvm::Function::Create(first->getFunctionType(), llvm::GlobalValue::ExternalLinkage, name, linked);
  run->setDoesNotThrow();
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "", run));
  llvm::FunctionCallee ask = linked.getOrInsertFunction("qcc_cpu_features", builder.getInt32Ty());
  llvm::Value *features = builder.CreateCall(ask);
  SmallVector<llvm::Value *> arguments(llvm::make_pointer_range(run->args()));
  for (const Version &candidate : llvm::reverse(versions)) {
    llvm::Value *needed = builder.getInt32(*candidate.target->cpuFeatures);
    llvm::Value *areThere = builder.CreateICmpEQ(builder.CreateAnd(features, needed), needed);
    auto *call = llvm::BasicBlock::Create(context, "", run), *next = llvm::BasicBlock::Create(context, "", run);
    builder.CreateCondBr(areThere, call, next);
    builder.SetInsertPoint(call);
    llvm::Function *version = versionOf(*candidate.target);
    version->setLinkage(llvm::GlobalValue::InternalLinkage); // only now: the linker leaves out what nobody calls
    llvm::CallInst *status = builder.CreateCall(version, arguments);
    status->setTailCallKind(llvm::CallInst::TCK_MustTail); // takes no stack of its own
    builder.CreateRet(status);
    builder.SetInsertPoint(next);
  }
  builder.CreateRet(builder.getInt32(QCC_ERROR_CPU));
  return *run;
}

static std::unique_ptr<llvm::Module> parse(const Version &version, llvm::LLVMContext &context) {
  const std::vector<char> &bytes = version.compiled.object;
  llvm::MemoryBufferRef buffer(StringRef(bytes.data(), bytes.size()), version.target->name);
  return llvm::cantFail(llvm::parseBitcodeFile(buffer, context));
}

/// What a version takes by itself.
LogicalResult VersionedCompilation::measureFlash(const Version &version, VersionReport &report) {
  target::Machine machine;
  std::string text;
  if (!target::resolveMachine(version.target->name, "", "", machine, text))
    return error() << text;
  llvm::LLVMContext context;
  ObjectWriter writer(machine, version.options.optLevel, version.options.optimizeSize);
  FailureOr<ObjectInfo> info = readObjectInfo(module.getLoc(), writer.object(*parse(version, context)));
  if (failed(info))
    return failure();
  using Kind = ObjectSection::Kind;
  report.flashBytes = info->bytes(Kind::Text) + info->bytes(Kind::Rodata) + info->bytes(Kind::Weights);
  return success();
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
  for (auto [version, report] : llvm::zip_equal(versions, result.report.versions)) {
    StringRef target = version.target->name;
    if (options.flashBudget && failed(measureFlash(version, report)))
      return failure();
    std::unique_ptr<llvm::Module> own = parse(version, context);
    version.compiled.object = {};
    renameFunctions(*own, name, target, &version == &versions.front());
    if (linker.linkInModule(std::move(own)))
      return error() << "cannot link the version for " << target;
  }
  for (StringRef suffix : runSuffixes)
    if (linked.getFunction((name + suffix + "." + versions.front().target->name).str()))
      writer.setAttributes(writeDispatch(linked, (name + suffix).str(), versions));
  return emitModule(module.getLoc(), writer, linked, LargeConstants(), options, what, result);
}

FailureOr<CompileResult> VersionedCompilation::run() {
  if (failed(prepare()))
    return failure();
  for (Version &version : versions)
    if (failed(compile(version)))
      return failure();
  if (failed(join()) || (what != Emit::Mlir && failed(link())))
    return failure();
  return std::move(result);
}

FailureOr<CompileResult> qcc::compileVersions(ModuleOp module, const CompileOptions &options, Emit what) {
  return VersionedCompilation(module, options, what).run();
}
