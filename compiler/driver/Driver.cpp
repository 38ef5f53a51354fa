#include "compiler/driver/Driver.h"

#include "compiler/emit/Header.h"
#include "compiler/emit/ObserveCompiled.h"
#include "compiler/frontend/ModelWriter.h"
#include "compiler/support/Files.h"

#include "runtime/include/qcc/pool.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

static DialectRegistry makeRegistry() {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  return registry;
}

Session::Session(bool verbose, raw_ostream &out, raw_ostream &err)
    : context(makeRegistry()), stream(out), printer(&context, verbose, err) {
  context.printOpOnDiagnostic(false); // an operator's place says which it is
}

void ModelOptions::addTo(CLI::App &verb) {
  verb.add_option("model", path, "the model: a .qm, .tflite, .onnx or .mlir file")->required()->type_name("MODEL");
  verb.add_option("--rounding", rounding,
                  "whose integer rounding the model has: TensorFlow Lite Micro's (the default), LiteRT's reference "
                  "kernels', or one rounding everywhere")
      ->check(CLI::IsMember({"tflm", "litert", "single"}))
      ->type_name("PROFILE");
  verb.add_option("--scheme", scheme,
                  "which scheme of a .qm file quantizes the model: its only one by default, none for none")
      ->type_name("NAME");
  verb.add_option("--name", name, "the model's name in C; by default that of the file")->type_name("NAME");
}

void ModelOptions::addStreamTo(CLI::App &verb) {
  CLI::Option *stream =
      verb.add_option("--stream", streamAxis,
                      "the model sees a window of frames along this axis of its input; each run gets the new ones,\n"
                      "and what the layers need of those before is kept as state (docs/streaming.md)")
          ->check(CLI::NonNegativeNumber)
          ->type_name("AXIS");
  verb.add_option("--hop", hop, "how many new frames a run gets")
      ->needs(stream)
      ->check(CLI::PositiveNumber)
      ->type_name("FRAMES")
      ->capture_default_str();
}

LoadOptions ModelOptions::get() const {
  LoadOptions options;
  if (streamAxis)
    options.stream = {*streamAxis, hop};
  if (!rounding.empty())
    options.rounding = llvm::StringSwitch<RoundingProfile>(rounding)
                           .Case("litert", RoundingProfile::Litert)
                           .Case("single", RoundingProfile::Single)
                           .Default(RoundingProfile::Tflm);
  options.scheme = scheme;
  options.modelName = name;
  options.prepare = prepareCompiled;
  return options;
}

OwningOpRef<ModuleOp> ModelOptions::load(Session &session) const {
  FailureOr<LoadedModel> loaded = loadModel(session.getContext(), path, get());
  return succeeded(loaded) ? std::move(loaded->module) : nullptr;
}

std::optional<int64_t> qcc::driver::parseAmount(StringRef text, int64_t kilo) {
  int64_t unit = text.consume_back("K") ? kilo : text.consume_back("M") ? kilo * kilo : 1, amount;
  if (text.getAsInteger(10, amount) || amount < 1 || llvm::MulOverflow(amount, unit, amount))
    return std::nullopt;
  return amount;
}

static int64_t parseBytes(const std::string &name, const std::string &text) {
  if (std::optional<int64_t> bytes = parseAmount(text, 1024))
    return *bytes;
  throw CLI::ValidationError(name,
                             "expects a number of bytes of at least 1, such as 14000 or 14K, but got '" + text + "'");
}

/// `name=bytes,...`.
static std::vector<memory::Memory> parseMemories(const std::string &text) {
  const std::string option = "--memory";
  std::vector<memory::Memory> memories;
  SmallVector<StringRef> parts;
  StringRef(text).split(parts, ',');
  for (StringRef part : parts) {
    auto [name, bytes] = part.split('=');
    if (!isVariableName(name) || name == "copy" || !part.contains('='))
      throw CLI::ValidationError(
          option, "expects memories as name=bytes, such as dtcm=64K,sram=256K, whose names are identifiers in C other "
                  "than 'copy', but got '" +
                      part.str() + "'");
    bool isKnown = llvm::any_of(
        memories, [&](const memory::Memory &memory) { return StringRef(memory.name).equals_insensitive(name); });
    if (isKnown)
      throw CLI::ValidationError(option, "expects each memory once, but '" + name.str() + "' is there twice");
    memories.push_back({name.str(), parseBytes(option, bytes.str())});
    if (memories.back().bytes > INT32_MAX)
      throw CLI::ValidationError(option, "expects at most " + std::to_string(INT32_MAX) + " bytes in '" + name.str() +
                                             "', but got " + std::to_string(memories.back().bytes));
  }
  if (memories.size() > memory::maxMemories)
    throw CLI::ValidationError(option, "expects at most " + std::to_string(memory::maxMemories) +
                                           " memories, but got " + std::to_string(memories.size()));
  return memories;
}

/// A goal of `--optimize` that is no other schedule's arena, but another level.
static constexpr StringLiteral optimizeForSize = "size";

void MemoryOptions::addTo(CLI::App &verb) {
  verb.add_option("--optimize", optimize,
                  "what kernels are chosen for: speed; ram for the smallest arena and what is fastest within it; or "
                  "size for less code and fewer bytes of weights, as -Os")
      ->check(CLI::IsMember({nameOf(Optimize::Speed).str(), nameOf(Optimize::Ram).str(), optimizeForSize.str()}))
      ->type_name("GOAL")
      ->capture_default_str();
  auto addBudget = [&](const std::string &name, int64_t &bytes, const std::string &description) {
    verb.add_option_function<std::string>(
            name, [&bytes, name](const std::string &text) { bytes = parseBytes(name, text); }, description)
        ->type_name("BYTES");
  };
  addBudget("--budget-ram", ramBudget, "the most that arena, stack and state may take, such as 14K");
  addBudget("--budget-flash", flashBudget, "the most that code and read-only data may take");
  verb.add_option_function<std::string>(
          "--memory", [this](const std::string &text) { memories = parseMemories(text); },
          "divide the arena among memories, the fastest first, such as dtcm=64K,sram=256K: what is used most goes to "
          "the first ones")
      ->type_name("NAME=BYTES,...");
}

void MemoryOptions::setIn(CompileOptions &options) const {
  auto budget = [](int64_t bytes) { return bytes < 0 ? std::nullopt : std::optional(bytes); };
  options.optimize = optimize == nameOf(Optimize::Ram) ? Optimize::Ram : Optimize::Speed;
  options.ramBudget = budget(ramBudget);
  options.flashBudget = budget(flashBudget);
  options.memories = memories;
}

void qcc::driver::addContractOption(CLI::App &verb, std::string &contract) {
  verb.add_option("--fp-contract", contract,
                  "fast: add f32 products without rounding them first, where the machine can; off: round both, as "
                  "other runtimes' reference kernels do; transform: as fast, and 3x3 convolutions of f32 by "
                  "Winograd's algorithm where that is estimated to be faster, which rounds otherwise")
      ->check(CLI::IsMember({"fast", "off", "transform"}))
      ->type_name("MODE")
      ->capture_default_str();
}

void qcc::driver::setContract(CompileOptions &options, StringRef contract) {
  options.fusesMultiplyAdd = contract != "off";
  options.floatsMayTransform = contract == "transform";
}

void qcc::driver::addAlgorithmOption(CLI::App &verb, std::vector<std::string> &algorithms) {
  verb.add_option("--algorithm", algorithms,
                  "how the convolutions are computed whose names match, as REGEX=winograd(f2,exact), "
                  "REGEX=winograd(f2,exact,small), REGEX=winograd(f4,float) or REGEX=direct; no result of integers "
                  "changes; may be repeated")
      ->allow_extra_args(false)
      ->type_name("REGEX=ALGORITHM");
}

void TargetOptions::addMachineTo(CLI::App &verb) {
  verb.add_option("--target", target, "what the code runs on; docs/targets.md lists the targets")
      ->type_name("TARGET")
      ->capture_default_str();
  verb.add_option("--mcpu", cpu, "the CPU, by LLVM's name; by default the target's usual one")->type_name("CPU");
  verb.add_option("--mattr", features, "CPU features to add or leave out, as +name,-name")->type_name("FEATURES");
  verb.add_option("-O", optLevel, "optimization level: 0, 1, 2 (the default), 3, or s for size")
      ->check(CLI::IsMember({"0", "1", "2", "3", "s"}))
      ->type_name("LEVEL");
}

void TargetOptions::addTo(CLI::App &verb) {
  addMachineTo(verb);
  verb.add_option("--threads", threads,
                  "make <name>_run_parallel, too, which shares large layers among so many threads; no result "
                  "changes")
      ->check(CLI::Range(1, static_cast<int>(QCC_POOL_MAX_THREADS)))
      ->type_name("N")
      ->capture_default_str();
  verb.add_option("--tuning", tuning, "compute contractions in the blocks that a file of `qcc compile --tune` names")
      ->type_name("FILE");
  memory.addTo(verb);
  addContractOption(verb, contract);
  addAlgorithmOption(verb, algorithms);
}

CompileOptions TargetOptions::get() const {
  CompileOptions options;
  options.target = target;
  options.cpu = cpu;
  options.features = features;
  setContract(options, contract);
  options.algorithms = algorithms;
  options.tuningFile = tuning;
  options.split.threads = threads;
  options.optimizeSize = optLevel == "s" || memory.optimize == optimizeForSize;
  options.optLevel = optLevel == "s" ? 2 : optLevel[0] - '0';
  memory.setIn(options);
  return options;
}

void qcc::driver::checkModelOutput(const std::string &path) {
  StringRef extension = llvm::sys::path::extension(path);
  if (extension != ".qm" && extension != ".mlir")
    throw CLI::ValidationError("-o", "expects a file ending in .qm or .mlir, but got '" + path + "'");
}

void qcc::driver::printModel(ModuleOp module, raw_ostream &stream) {
  bool hasNames = false;
  OwningOpRef<ModuleOp> named = module.clone();
  auto keepName = [&](Location location) -> Location {
    std::optional<std::string> name = layerName(location);
    hasNames |= name.has_value();
    return name ? Location(NameLoc::get(StringAttr::get(module.getContext(), *name)))
                : Location(UnknownLoc::get(module.getContext()));
  };
  named->walk([&](Operation *op) {
    op->setLoc(keepName(op->getLoc()));
    for (Region &region : op->getRegions())
      for (BlockArgument argument : region.getArguments())
        argument.setLoc(UnknownLoc::get(module.getContext()));
  });
  named->print(stream, OpPrintingFlags().enableDebugInfo(hasNames));
}

LogicalResult qcc::driver::writeModelFile(Session &session, StringRef path, ModuleOp module) {
  if (llvm::sys::path::extension(path) == ".qm")
    return writeModel(module, path);
  return writeFile(session.nowhere(), path, [&](raw_ostream &stream) { printModel(module, stream); });
}

LogicalResult qcc::driver::writeText(Session &session, StringRef path, llvm::function_ref<void(raw_ostream &)> write) {
  if (!path.empty() && path != "-")
    return writeFile(session.nowhere(), path, write);
  write(session.out());
  return success();
}
