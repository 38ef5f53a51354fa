#include "compiler/target/Target.h"

#include "compiler/target/arm_a/TileTable.h"
#include "compiler/target/arm_m/ArmFunction.h"
#include "compiler/target/arm_m/DspTile.h"
#include "compiler/target/arm_m/MveTile.h"
#include "compiler/target/arm_m/TileTable.h"
#include "compiler/target/generic/TileTable.h"
#include "compiler/target/riscv/RvvTile.h"
#include "compiler/target/riscv/TileTable.h"
#include "compiler/target/wasm/TileTable.h"
#include "compiler/target/x86/TileTable.h"
#include "runtime/include/qcc/runtime.h"
#include "llvm-c/Support.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"

#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

using namespace qcc::target;
using llvm::StringRef;

llvm::ArrayRef<Target> qcc::target::allTargets() {
  // Cortex-M objects pass pointers only, so soft-float calling fits both float ABIs of an application.
  static const Target targets[] = {
      {.name = "x86-64",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64",
       .hasFloat = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = 0},
      {.name = "x86-64-v3",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64-v3",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = QCC_CPU_X86_64_V3},
      {.name = "x86-64-v3-vnni",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64-v3",
       .features = "+avxvnni",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI},
      {.name = "x86-64-v4",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64-v4",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4},
      {.name = "x86-64-v4-vnni",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64-v4",
       .features = "+avx512vnni",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4 | QCC_CPU_AVX512_VNNI},
      {.name = "x86-64-v4-amx",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "x86-64-v4",
       .features = "+avx512vnni,+amx-tile,+amx-int8",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf,
       .cpuFeatures = QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4 | QCC_CPU_AVX512_VNNI | QCC_CPU_AMX_INT8},
      {.name = "sapphirerapids",
       .triple = "x86_64-unknown-linux-gnu",
       .cpu = "sapphirerapids",
       .hasFloat = true,
       .roundsProducts = true,
       .prefersUnsigned = true,
       .tiles = x86Tiles,
       .tilesOfCpu = x86TilesOf},
      {.name = "aarch64",
       .triple = "aarch64-unknown-linux-gnu",
       .cpu = "generic",
       .features = "+neon",
       .hasFloat = true,
       .tiles = armATiles,
       .requantizeVector = requantizeNeon},
      {.name = "aarch64-v8.6",
       .triple = "aarch64-unknown-linux-gnu",
       .cpu = "generic",
       .features = "+v8.6a",
       .hasFloat = true,
       .tiles = armATiles,
       .requantizeVector = requantizeNeon},
      {.name = "cortex-m0plus",
       .triple = "thumbv6m-none-eabi",
       .cpu = "cortex-m0plus",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .tiles = armMTiles,
       .callsIntegerFunctions = true},
      {.name = "cortex-m3",
       .triple = "thumbv7m-none-eabi",
       .cpu = "cortex-m3",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .tiles = armMTiles},
      {.name = "cortex-m4",
       .triple = "thumbv7em-none-eabi",
       .cpu = "cortex-m4",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .hasFloat = true,
       .tiles = armMTiles,
       .assemblyStackBytes = dspStackBytes,
       .functionStackBytes = armFunctionStackBytes},
      {.name = "cortex-m7",
       .triple = "thumbv7em-none-eabi",
       .cpu = "cortex-m7",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .hasFloat = true,
       .tiles = armMTiles,
       .assemblyStackBytes = dspStackBytes,
       .functionStackBytes = armFunctionStackBytes},
      {.name = "cortex-m33",
       .triple = "thumbv8m.main-none-eabi",
       .cpu = "cortex-m33",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .hasFloat = true,
       .tiles = armMTiles,
       .assemblyStackBytes = dspStackBytes,
       .functionStackBytes = armFunctionStackBytes},
      {.name = "cortex-m55",
       .triple = "thumbv8.1m.main-none-eabi",
       .cpu = "cortex-m55",
       .neededFeature = "mve",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .hasFloat = true,
       .tiles = mveTiles,
       .vectorLanes = 4,
       .functionStackBytes = armFunctionStackBytes,
       .requantizeVector = requantizeMve},
      {.name = "rv32imc",
       .triple = "riscv32-unknown-elf",
       .cpu = "generic-rv32",
       .features = "+m,+c",
       .pointerBits = 32,
       .isMicrocontroller = true,
       .tiles = riscvTiles,
       .requantizeVector = requantizeRvv},
      {.name = "rv64gcv",
       .triple = "riscv64-unknown-elf",
       .cpu = "generic-rv64",
       .features = "+m,+a,+f,+d,+c,+v",
       .neededFeature = "v",
       .hasFloat = true,
       .tiles = riscvTiles,
       .vectorLanes = 8,
       .requantizeVector = requantizeRvv},
      {.name = "wasm32",
       .triple = "wasm32-unknown-unknown",
       .cpu = "generic",
       .features = "+simd128",
       .pointerBits = 32,
       .hasFloat = true,
       .tiles = wasmTiles},
  };
  return targets;
}

const TileInstruction *Target::findTile(StringRef tile) const {
  for (const TileInstruction &entry : tiles())
    if (entry.name == tile)
      return &entry;
  return nullptr;
}

/// The machine that runs the compiler: what the last target of its architecture is, with triple, CPU and features left
/// open.
static Target hostTarget() {
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  Target host = {.name = "host", .pointerBits = triple.isArch32Bit() ? 32u : 64u, .hasFloat = true};
  for (const Target &target : allTargets())
    if (llvm::Triple(target.triple).getArch() == triple.getArch()) {
      host.prefersUnsigned = target.prefersUnsigned;
      host.tiles = target.tiles;
      host.tilesOfCpu = target.tilesOfCpu;
      host.roundsProducts = target.roundsProducts;
      host.requantizeVector = target.requantizeVector;
    }
  return host;
}

const Target *qcc::target::findTarget(StringRef name) {
  static const Target host = hostTarget();
  if (name == "host")
    return &host;
  for (const Target &target : allTargets())
    if (target.name == name)
      return &target;
  return nullptr;
}

/// The target that a part of a list stands for: by its name, or by the end of it if it begins like `before`.
static const Target *findVersion(StringRef part, StringRef before) {
  const Target *found = findTarget(part);
  for (size_t end = before.find('-'); !found && !before.empty(); end = before.find('-', end + 1)) {
    found = findTarget((before.take_front(end) + "-" + part).str());
    if (end == StringRef::npos)
      break;
  }
  return found;
}

bool qcc::target::findVersions(StringRef names, llvm::SmallVectorImpl<const Target *> &versions, std::string &error) {
  StringRef before;
  for (StringRef part : llvm::split(names, '+')) {
    const Target *target = findVersion(part, before);
    if (!target || !target->cpuFeatures) {
      error = "expects targets that one object can be for at a time, but got '" + part.str() + "' in '" + names.str() +
              "'; there are";
      for (const Target &known : allTargets())
        if (known.cpuFeatures)
          error += " " + known.name.str();
      return false;
    }
    if (llvm::is_contained(versions, target)) {
      error = "expects each target once, but '" + target->name.str() + "' is there twice in '" + names.str() + "'";
      return false;
    }
    versions.push_back(target);
    before = target->name;
  }
  llvm::sort(versions); // Targets are rows of one table.
  return true;
}

/// Armv8.1-M: LLVM 22 loses the end of loops whose vectors it gathers (MVE gather/scatter lowering); without gathers
/// such loops stay scalar. Only an option of the backend says so.
static void disableGathers() {
  static const bool isDone = [] {
    const char *arguments[] = {"qcc", "-enable-arm-maskedgatscat=false"};
    LLVMParseCommandLineOptions(2, arguments, nullptr);
    return true;
  }();
  (void)isDone;
}

void qcc::target::initializeBackend(StringRef triple) {
#define QCC_INITIALIZE(BACKEND)                                                                                        \
  LLVMInitialize##BACKEND##TargetInfo();                                                                               \
  LLVMInitialize##BACKEND##Target();                                                                                   \
  LLVMInitialize##BACKEND##TargetMC();                                                                                 \
  LLVMInitialize##BACKEND##AsmPrinter();                                                                               \
  LLVMInitialize##BACKEND##AsmParser();
  llvm::Triple parsed(triple);
  if (parsed.isX86()) {
    QCC_INITIALIZE(X86)
  } else if (parsed.isAArch64()) {
    QCC_INITIALIZE(AArch64)
  } else if (parsed.isARM() || parsed.isThumb()) {
    QCC_INITIALIZE(ARM)
    disableGathers();
  } else if (parsed.isRISCV()) {
    QCC_INITIALIZE(RISCV)
  } else if (parsed.isWasm()) {
    QCC_INITIALIZE(WebAssembly)
  }
#undef QCC_INITIALIZE
}

/// Linux lets a process use tiles after it has asked.
static bool mayUseTiles() {
#if defined(__linux__) && defined(__x86_64__)
  constexpr long requestPermission = 0x1023, tileData = 18;
  return syscall(SYS_arch_prctl, requestPermission, tileData) == 0;
#else
  return false;
#endif
}

llvm::StringMap<bool> qcc::target::hostFeatures() {
  llvm::StringMap<bool> features = llvm::sys::getHostCPUFeatures();
  if (features.lookup("amx-tile") && !mayUseTiles())
    for (auto &[name, isThere] : features)
      isThere = isThere && !name.starts_with("amx");
  return features;
}

static std::string hostFeatureList() {
  llvm::SubtargetFeatures features;
  for (const auto &[name, isThere] : hostFeatures())
    features.AddFeature(name, isThere);
  return features.getString();
}

static bool hasFeatures(const llvm::MCSubtargetInfo &info, StringRef features) {
  auto isThere = [&](StringRef feature) { return feature.empty() || info.checkFeatures(("+" + feature).str()); };
  return llvm::all_of(llvm::split(features, ','), isThere);
}

bool qcc::target::resolveMachine(StringRef name, StringRef cpu, StringRef features, Machine &machine,
                                 std::string &error) {
  if (areSeveral(name)) {
    error = "expects a single target here, but got '" + name.str() + "'";
    return false;
  }
  machine.target = findTarget(name);
  if (!machine.target) {
    error = "unknown target '" + name.str() + "'; the targets are host";
    for (const Target &target : allTargets())
      error += ", " + target.name.str();
    return false;
  }
  bool isHost = name == "host";
  machine.triple = isHost ? llvm::sys::getDefaultTargetTriple() : machine.target->triple.str();
  machine.cpu = !cpu.empty() ? cpu.str() : isHost ? llvm::sys::getHostCPUName().str() : machine.target->cpu.str();
  machine.features = isHost && cpu.empty() ? hostFeatureList() : machine.target->features.str();

  initializeBackend(machine.triple);
  llvm::Triple triple(machine.triple);
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!backend)
    return false;
  std::unique_ptr<llvm::MCSubtargetInfo> info(backend->createMCSubtargetInfo(triple, "", ""));
  if (!info->isCPUStringValid(machine.cpu)) {
    error = "unknown CPU '" + machine.cpu + "' for " + machine.triple + "; `llc -mcpu=help` lists them";
    return false;
  }
  for (StringRef feature : llvm::split(features, ',')) {
    feature = feature.trim();
    if (feature.empty())
      continue;
    StringRef bare = feature;
    if (!bare.consume_front("+") && !bare.consume_front("-")) {
      error = "expects '+' or '-' before each feature, but got '" + feature.str() + "'";
      return false;
    }
    bool isKnown = llvm::any_of(info->getAllProcessorFeatures(),
                                [&](const llvm::SubtargetFeatureKV &known) { return bare == known.Key; });
    if (!isKnown) {
      error = "unknown feature '" + bare.str() + "' for " + machine.triple;
      return false;
    }
    machine.features += (machine.features.empty() ? "" : ",") + feature.str();
  }
  info.reset(backend->createMCSubtargetInfo(triple, machine.cpu, machine.features));
  if (StringRef needed = machine.target->neededFeature; !hasFeatures(*info, needed)) {
    error = "target '" + name.str() + "' needs feature '" + needed.str() + "', which " + machine.cpu + " with '" +
            machine.features + "' lacks; a target without vectors takes any --mcpu";
    return false;
  }
  for (const TileInstruction &tile :
       machine.target->tilesOfCpu ? machine.target->tilesOfCpu(machine.cpu) : machine.target->tiles())
    if (hasFeatures(*info, tile.features))
      machine.tiles.push_back(&tile);
  return true;
}
