// Targets as data: what LLVM needs to know, what a machine can do, and its tile
// instructions. A new target is a new row here; see docs/howto/AddATarget.md.
#ifndef QCC_COMPILER_TARGET_TARGET_H
#define QCC_COMPILER_TARGET_TARGET_H

#include "compiler/target/generic/TileTable.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

#include <optional>

namespace qcc::target {

struct Target {
  llvm::StringRef name;
  llvm::StringRef triple = {};
  llvm::StringRef cpu = {};
  llvm::StringRef features = {};
  /// What every CPU of the target has to have: its vectors need it.
  llvm::StringRef neededFeature = {};
  unsigned pointerBits = 64;
  /// Bare metal: code size matters.
  bool isMicrocontroller = false;
  /// f32 arithmetic in hardware.
  bool hasFloat = false;
  /// Machines of its vector tiles multiply, add and round f32 once, in one instruction, and have no better way to
  /// rescale vectors of sums.
  bool roundsProducts = false;
  /// Its fast products take unsigned activations.
  bool prefersUnsigned = false;
  llvm::ArrayRef<TileInstruction> (*tiles)() = genericTiles;
  /// The same with the costs of a CPU, where CPUs differ.
  llvm::ArrayRef<TileInstruction> (*tilesOfCpu)(llvm::StringRef cpu) = nullptr;
  /// 64-bit products and shifts, and divisions, are calls of functions, which the object then brings along.
  bool callsIntegerFunctions = false;
  /// Codes that kernels other than contractions compute at a time.
  int64_t vectorLanes = isMicrocontroller ? 1 : 16;
  /// Alignment of constants, and of buffers in the arena where memory is not scarce, in bytes: a line of the cache,
  /// since a vector that lies in two takes two loads; without a cache, what scalars need.
  int64_t bufferAlign = isMicrocontroller ? 4 : 64;
  /// Bytes of the cache behind the nearest one: the codes of larger tensors come from further away. 0 without one.
  int64_t cacheBytes = isMicrocontroller ? 0 : 512 * 1024;
  /// Bytes that the assembly of its tiles pushes at most, beside what LLVM knows of: within kernels, and in functions
  /// of their own.
  int64_t assemblyStackBytes = 0, functionStackBytes = 0;
  /// What `qcc_cpu_features` (qcc/runtime.h) has to say where its code runs, beside others for other machines of the
  /// architecture. Targets without are never one of several versions.
  std::optional<uint32_t> cpuFeatures = std::nullopt;
  /// What requantises vectors in fewer instructions than plain arithmetic, if anything does.
  codegen::RequantizeVector requantizeVector = nullptr;

  /// The tile instruction of that name, or null.
  const TileInstruction *findTile(llvm::StringRef tile) const;
};

/// All targets, "host" excepted.
llvm::ArrayRef<Target> allTargets();

/// The target of that name; "host" is the machine that runs the compiler. Null if there is none.
const Target *findTarget(llvm::StringRef name);

/// True for the names of several targets, as `x86-64-v3+v4`.
inline bool areSeveral(llvm::StringRef names) { return names.contains('+'); }

/// The targets whose versions one object is to have: names with '+' between them, of which later ones may leave out
/// what they begin with like the one before. In the order of the table: what runs later ones runs them faster. On
/// failure returns false and sets `error`.
bool findVersions(llvm::StringRef names, llvm::SmallVectorImpl<const Target *> &versions, std::string &error);

/// The triple, CPU and features that a name, `--mcpu` and `--mattr` stand for together.
struct Machine {
  const Target *target;
  std::string triple, cpu, features;
  /// The target's tile instructions that this CPU has.
  std::vector<const TileInstruction *> tiles;
};

/// Resolves "host", checks CPU and features against LLVM's tables. On failure returns false and sets `error`
/// to a text that names what exists.
bool resolveMachine(llvm::StringRef name, llvm::StringRef cpu, llvm::StringRef features, Machine &machine,
                    std::string &error);

/// The features, by LLVM's names, that code in this process may use or may not: what the CPU has, and AMX only if the
/// operating system lets this process use tiles, which it is asked for.
llvm::StringMap<bool> hostFeatures();

/// Initialises the LLVM backend that serves a triple.
void initializeBackend(llvm::StringRef triple);

} // namespace qcc::target

#endif // QCC_COMPILER_TARGET_TARGET_H
