#include "compiler/target/Target.h"

#include "compiler/target/arm_a/TileTable.h"
#include "compiler/target/generic/TileTable.h"
#include "compiler/target/wasm/TileTable.h"
#include "compiler/target/x86/TileTable.h"
#include "llvm-c/Support.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"
#include "llvm/TargetParser/Triple.h"

using namespace qcc::target;
using llvm::StringRef;

llvm::ArrayRef<Target> qcc::target::allTargets() {
  // Vectors of 4 on RISC-V fit one register each: spilled ones would take stack that depends on the core.
  // Cortex-M objects pass pointers only, so soft-float calling fits both float ABIs of an application.
  static const Target targets[] = {
      {"x86-64-v3", "x86_64-unknown-linux-gnu", "x86-64-v3", "", 64, false, true, true, x86Tiles},
      {"x86-64-v4", "x86_64-unknown-linux-gnu", "x86-64-v4", "", 64, false, true, true, x86Tiles},
      {"sapphirerapids", "x86_64-unknown-linux-gnu", "sapphirerapids", "", 64, false, true, true, x86Tiles},
      {"aarch64", "aarch64-unknown-linux-gnu", "generic", "+neon", 64, false, true, false, armATiles, false, 16,
       requantizeNeon},
      {"cortex-m0plus", "thumbv6m-none-eabi", "cortex-m0plus", "", 32, true, false, false, genericTiles, true},
      {"cortex-m3", "thumbv7m-none-eabi", "cortex-m3", "", 32, true, false, false, genericTiles},
      {"cortex-m4", "thumbv7em-none-eabi", "cortex-m4", "", 32, true, true, false, genericTiles},
      {"cortex-m7", "thumbv7em-none-eabi", "cortex-m7", "", 32, true, true, false, genericTiles},
      {"cortex-m33", "thumbv8m.main-none-eabi", "cortex-m33", "", 32, true, true, false, genericTiles},
      {"cortex-m55", "thumbv8.1m.main-none-eabi", "cortex-m55", "", 32, true, true, false, genericTiles},
      {"rv32imc", "riscv32-unknown-elf", "generic-rv32", "+m,+c", 32, true, false, false, genericTiles},
      {"rv64gcv", "riscv64-unknown-elf", "generic-rv64", "+m,+a,+f,+d,+c,+v", 64, false, true, false, genericTiles,
       false, /*vectorLanes=*/1}, // vectors spill to frames whose size no compiler knows, but the stack bound must hold
      {"wasm32", "wasm32-unknown-unknown", "generic", "+simd128", 32, false, true, false, wasmTiles},
  };
  return targets;
}

const TileInstruction *Target::findTile(StringRef tile) const {
  for (const TileInstruction &entry : tiles())
    if (entry.name == tile)
      return &entry;
  return nullptr;
}

/// The machine that runs the compiler: what the first target of its architecture is, with triple, CPU and features left
/// open.
static Target hostTarget() {
  llvm::Triple triple(llvm::sys::getDefaultTargetTriple());
  Target host = {"host", "", "", "", triple.isArch32Bit() ? 32u : 64u, false, true, false, genericTiles};
  for (const Target &target : llvm::reverse(allTargets()))
    if (llvm::Triple(target.triple).getArch() == triple.getArch()) {
      host.prefersUnsigned = target.prefersUnsigned;
      host.tiles = target.tiles;
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

static std::string hostFeatures() {
  llvm::SubtargetFeatures features;
  for (const auto &[name, isThere] : llvm::sys::getHostCPUFeatures())
    features.AddFeature(name, isThere);
  return features.getString();
}

static bool hasFeatures(const llvm::MCSubtargetInfo &info, StringRef features) {
  auto isThere = [&](StringRef feature) { return feature.empty() || info.checkFeatures(("+" + feature).str()); };
  return llvm::all_of(llvm::split(features, ','), isThere);
}

bool qcc::target::resolveMachine(StringRef name, StringRef cpu, StringRef features, Machine &machine,
                                 std::string &error) {
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
  machine.features = isHost && cpu.empty() ? hostFeatures() : machine.target->features.str();

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
  for (const TileInstruction &tile : machine.target->tiles())
    if (hasFeatures(*info, tile.features))
      machine.tiles.push_back(&tile);
  return true;
}
