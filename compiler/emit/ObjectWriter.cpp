#include "compiler/emit/ObjectWriter.h"

#include "compiler/emit/LibraryCalls.h"
#include "compiler/emit/VectorSpills.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace qcc;

ObjectWriter::ObjectWriter(const target::Machine &machine, int optLevel, bool optimizeSize)
    : machine(machine), optLevel(optLevel), optimizeSize(optimizeSize || machine.target->isMicrocontroller) {}

std::unique_ptr<llvm::TargetMachine> ObjectWriter::createMachine(llvm::StringRef stackUsageFile) const {
  llvm::Triple triple(machine.triple);
  std::string error;
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, error);
  assert(backend && "the machine was resolved");
  llvm::TargetOptions options;
  // Other EABIs call __aeabi_memcpy4 and reference unwinding tables.
  options.EABIVersion = llvm::EABI::GNU;
  options.StackUsageOutput = stackUsageFile.str();
  if (triple.isARM() || triple.isThumb())
    options.FloatABIType = llvm::FloatABI::Soft;
  bool isBareMetal = machine.target->isMicrocontroller || triple.isRISCV();
  std::optional<llvm::CodeModel::Model> codeModel;
  if (triple.isRISCV())
    codeModel = llvm::CodeModel::Medium; // code may be linked anywhere
  // Whatever features `--mattr` adds: an object with another ABI does not link.
  if (triple.isRISCV())
    options.MCOptions.ABIName = triple.isRISCV64() ? "lp64d" : "ilp32";
  llvm::CodeGenOptLevel level = optLevel == 0   ? llvm::CodeGenOptLevel::None
                                : optLevel == 1 ? llvm::CodeGenOptLevel::Less
                                : optLevel == 2 ? llvm::CodeGenOptLevel::Default
                                                : llvm::CodeGenOptLevel::Aggressive;
  return std::unique_ptr<llvm::TargetMachine>(
      backend->createTargetMachine(triple, machine.cpu, machine.features, options,
                                   isBareMetal ? llvm::Reloc::Static : llvm::Reloc::PIC_, codeModel, level));
}

void ObjectWriter::setAttributes(llvm::Function &function) const {
  if (optimizeSize)
    function.addFnAttr(llvm::Attribute::OptimizeForSize);
  function.addFnAttr("target-cpu", machine.cpu);
  function.addFnAttr("target-features", machine.features);
  if (llvm::Triple(machine.triple).isRISCV()) {
    // Frames that are aligned to more than the stack is are larger than LLVM says.
    function.addFnAttr("no-realign-stack");
    // Vectors that fill memory are kept through a whole kernel, and spilled.
    function.addFnAttr(llvm::Attribute::NoImplicitFloat);
  }
}

/// Kernels are written for speed already, and have no calls, no branches worth a thought and few redundancies: one
/// round of what moves and shortens code does as much for them as LLVM's own pipeline, in a third of its time. Where
/// size counts, that is not so: LLVM's pipeline leaves 2 to 4 % less code.
static std::string kernelPasses(bool vectorizes) {
  return std::string("globaldce,function(early-cse<memssa>,simplifycfg,loop-mssa(loop-rotate,licm),"
                     "loop(loop-idiom,indvars,loop-deletion,loop-unroll-full),instcombine<no-verify-fixpoint>,") +
         (vectorizes ? "loop-vectorize," : "") + "loop-unroll,loop-mssa(licm),simplifycfg)";
}

llvm::ModulePassManager ObjectWriter::buildPasses(llvm::PassBuilder &builder, bool vectorizes) const {
  using Level = llvm::OptimizationLevel;
  if (optLevel == 0)
    return builder.buildO0DefaultPipeline(Level::O0);
  if (optimizeSize || optLevel == 3)
    return builder.buildPerModuleDefaultPipeline(optimizeSize ? Level::Os : Level::O3);
  llvm::ModulePassManager passes;
  llvm::cantFail(builder.parsePassPipeline(passes, kernelPasses(vectorizes)));
  return passes;
}

/// For a conversion between integers and floats beside a product with a power of two, MVE has one instruction, with a
/// number of fraction bits. LLVM 22 loads that number into a register and encodes the register, so a fence keeps the
/// two apart.
static void separateConversions(llvm::Module &module) {
  auto isProduct = [](llvm::Value *value) {
    auto *operation = llvm::dyn_cast<llvm::BinaryOperator>(value);
    return operation && operation->getOpcode() == llvm::Instruction::FMul && operation->getType()->isVectorTy();
  };
  auto fence = [](llvm::Instruction &user, unsigned operand) {
    llvm::IRBuilder<> builder(&user);
    llvm::Value *value = user.getOperand(operand);
    user.setOperand(operand, builder.CreateIntrinsic(llvm::Intrinsic::arithmetic_fence, {value->getType()}, {value}));
  };
  for (llvm::Function &function : module)
    for (llvm::Instruction &user : llvm::make_early_inc_range(llvm::instructions(function))) {
      if (isProduct(&user))
        for (unsigned operand : {0U, 1U})
          if (llvm::isa<llvm::SIToFPInst, llvm::UIToFPInst>(user.getOperand(operand)))
            fence(user, operand);
      if (llvm::isa<llvm::FPToSIInst, llvm::FPToUIInst>(user) && isProduct(user.getOperand(0)))
        fence(user, 0);
    }
}

void ObjectWriter::optimize(llvm::Module &module) {
  std::unique_ptr<llvm::TargetMachine> backend = createMachine();
  module.setTargetTriple(backend->getTargetTriple());
  module.setDataLayout(backend->createDataLayout());
  for (llvm::Function &function : module)
    setAttributes(function);
  // Tag_ABI_VFP_args = compatible: only pointers are passed, so the object links with every float ABI.
  const llvm::Triple &triple = module.getTargetTriple();
  if (triple.isARM() || triple.isThumb())
    module.appendModuleInlineAsm(".eabi_attribute 28, 3");
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PipelineTuningOptions tuning;
  // Scalable vectors spill to frames whose size no compiler knows, but the stack bound must hold.
  tuning.LoopVectorization = tuning.SLPVectorization = !triple.isRISCV();
  llvm::PassBuilder builder(backend.get(), tuning);
  // Loops may become calls of memcpy and memset, which every application has, and of nothing else.
  llvm::TargetLibraryInfoImpl library(backend->getTargetTriple());
  library.disableAllFunctions();
  library.setAvailable(llvm::LibFunc_memcpy);
  library.setAvailable(llvm::LibFunc_memset);
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  buildPasses(builder, tuning.LoopVectorization).run(module, modules);
  if (triple.isThumb() && backend->getMCSubtargetInfo()->checkFeatures("+mve.fp"))
    separateConversions(module);
  if (machine.target->callsIntegerFunctions)
    resolveLibraryCalls(module);
}

/// Which functions the backend calls is known only when it has done its work; that is done on a copy.
void ObjectWriter::resolveLibraryCalls(llvm::Module &module) {
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(module);
  std::vector<char> bytes;
  emit(*createMachine(), *copy, llvm::CodeGenFileType::ObjectFile, bytes);
  llvm::MemoryBufferRef buffer(llvm::StringRef(bytes.data(), bytes.size()), "copy");
  auto object = llvm::cantFail(llvm::object::ObjectFile::createObjectFile(buffer));
  std::vector<std::string> missing;
  for (const llvm::object::SymbolRef &symbol : object->symbols())
    if (llvm::cantFail(symbol.getFlags()) & llvm::object::SymbolRef::SF_Undefined)
      missing.push_back(llvm::cantFail(symbol.getName()).str());
  for (llvm::Function *function : defineIntegerFunctions(module, missing))
    setAttributes(*function);
  renameFloatFunctions(module, missing);
}

namespace {
/// Writes into a vector without a second copy of a large object.
class VectorStream : public llvm::raw_pwrite_stream {
public:
  explicit VectorStream(std::vector<char> &bytes) : raw_pwrite_stream(/*Unbuffered=*/true), bytes(bytes) {}

private:
  void write_impl(const char *data, size_t size) override { bytes.insert(bytes.end(), data, data + size); }
  void pwrite_impl(const char *data, size_t size, uint64_t offset) override {
    std::copy_n(data, size, bytes.begin() + static_cast<int64_t>(offset));
  }
  uint64_t current_pos() const override { return bytes.size(); }
  std::vector<char> &bytes;
};
} // namespace

void ObjectWriter::emit(llvm::TargetMachine &backend, llvm::Module &module, llvm::CodeGenFileType type,
                        std::vector<char> &bytes) {
  VectorStream stream(bytes);
  llvm::legacy::PassManager passes;
  bool isUnsupported = backend.addPassesToEmitFile(passes, stream, nullptr, type);
  assert(!isUnsupported && "every backend here writes assembly and objects");
  (void)isUnsupported;
  passes.run(module);
}

std::string ObjectWriter::assembly(llvm::Module &module) {
  // Code generation changes the module; a copy keeps it for the object.
  std::unique_ptr<llvm::Module> copy = llvm::CloneModule(module);
  std::vector<char> buffer;
  emit(*createMachine(), *copy, llvm::CodeGenFileType::AssemblyFile, buffer);
  return std::string(buffer.begin(), buffer.end());
}

std::vector<char> ObjectWriter::object(llvm::Module &module) {
  llvm::SmallString<128> path;
  bool hasFile = !llvm::sys::fs::createTemporaryFile("qcc-stack", "su", path);
  std::vector<char> buffer;
  // Growing by doubling would hold up to three copies of large weights for a moment.
  size_t constantBytes = 0;
  for (const llvm::GlobalVariable &global : module.globals())
    constantBytes += module.getDataLayout().getTypeAllocSize(global.getValueType());
  buffer.reserve(constantBytes + (size_t(1) << 16));
  VectorSpills spills(module.getContext());
  hasAssemblyFunctions = llvm::any_of(
      module, [](const llvm::Function &function) { return function.hasFnAttribute(llvm::Attribute::Naked); });
  emit(*createMachine(hasFile ? path.str() : llvm::StringRef()), module, llvm::CodeGenFileType::ObjectFile, buffer);
  if (hasFile) {
    readStackUsage(path, spills);
    llvm::sys::fs::remove(path);
  }
  return buffer;
}

/// Lines of `file:function<tab>bytes<tab>static`.
void ObjectWriter::readStackUsage(llvm::StringRef path, const VectorSpills &spills) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return;
  llvm::StringRef rest = (*file)->getBuffer(), line;
  while (!rest.empty()) {
    std::tie(line, rest) = rest.split('\n');
    auto [place, numbers] = line.split('\t');
    llvm::StringRef function = place.rsplit(':').second;
    int64_t bytes;
    if (!numbers.split('\t').first.getAsInteger(10, bytes))
      stackOf.emplace_back(function.str(), bytes + spills.bytesOf(function));
  }
}

int64_t ObjectWriter::stackBytes(llvm::StringRef runFunction, llvm::ArrayRef<std::string> libraryFunctions) const {
  // Frames of the C library and of the compiler's soft-float library, which the backend does not know: newlib's
  // memcpy saves at most 8 registers, of as many bits as a pointer; the largest soft-float routines stay below 128
  // bytes.
  int64_t copying = 0, softFloat = 0;
  for (llvm::StringRef function : libraryFunctions)
    (function == "memcpy" || function == "memset" ? copying : softFloat) =
        function.starts_with("mem") ? machine.target->pointerBits : 128;
  int64_t own = -1, loop = -1, streams = 0, deepest = 0, integers = 0;
  llvm::StringMap<int64_t> versions = {{"", 0}};
  for (const auto &[function, bytes] : stackOf) {
    llvm::StringRef part = llvm::StringRef(function).rsplit('.').second;
    bool isRun = llvm::StringRef(function).starts_with(runFunction);
    if (isRun && llvm::StringRef(function).contains('.'))
      versions[llvm::StringRef(function).split('.').second] += bytes;
    else if (isRun)
      own = std::max<int64_t>(own, 0) + bytes; // `_run`, and `_run_profiled` below it; in versions, too
    else if (isIntegerFunction(function))
      integers += bytes; // one may call another
    else if (part.starts_with("loop"))
      loop = std::max(loop, bytes); // calls pieces
    else if (part.starts_with("stream") || part.starts_with("pieces"))
      streams = std::max(streams, bytes); // calls kernels
    else
      deepest = std::max(deepest, bytes);
  }
  // A call on x86 pushes its return address outside of any frame: for `run`, a kernel, perhaps below a stream, and a
  // library function; for `_run_parallel` below `run`, and the loop.
  int64_t calls = 3 + (streams > 0 ? 1 : 0) + (loop >= 0 ? 2 : 0);
  int64_t addresses = llvm::Triple(machine.triple).isX86() ? 8 * calls : 0;
  // No kernel calls a function from within its assembly.
  int64_t called = std::max({copying, softFloat, integers, machine.target->assemblyStackBytes,
                             hasAssemblyFunctions ? machine.target->functionStackBytes : 0});
  int64_t version =
      llvm::max_element(versions, [](const auto &a, const auto &b) { return a.second < b.second; })->second;
  return own < 0 ? -1 : own + version + std::max<int64_t>(loop, 0) + streams + deepest + called + addresses;
}

mlir::LogicalResult qcc::archiveObject(mlir::Location loc, llvm::StringRef member, std::vector<char> &object) {
  llvm::NewArchiveMember entry(llvm::MemoryBufferRef(llvm::StringRef(object.data(), object.size()), member));
  llvm::SmallVector<llvm::NewArchiveMember, 1> members;
  members.push_back(std::move(entry));
  auto archive = llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab,
                                            llvm::object::Archive::K_GNU, /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return mlir::emitError(loc) << "cannot make a library: " << llvm::toString(archive.takeError());
  llvm::StringRef bytes = (*archive)->getBuffer();
  object.assign(bytes.begin(), bytes.end());
  return mlir::success();
}
