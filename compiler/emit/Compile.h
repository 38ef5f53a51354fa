// From a model in qnn to an object file, its C header and a report.
#ifndef QCC_COMPILER_EMIT_COMPILE_H
#define QCC_COMPILER_EMIT_COMPILE_H

#include "compiler/memory/Memories.h"
#include "compiler/pipeline/ModelReport.h"
#include "compiler/tiling/Passes.h"

#include <string>
#include <vector>

namespace qcc {

/// The phases in their order, as `--until` names them.
inline constexpr llvm::StringLiteral phaseNames[] = {"import", "compress", "quantize", "algorithm", "layout",
                                                     "tile",   "plan",     "codegen",  "object"};

/// What schedules are chosen for.
enum class Optimize {
  Speed, ///< the fewest cycles; lines of inputs may be staged in the arena
  Ram    ///< the smallest arena that there is, and the fewest cycles within it
};

/// The name that `--optimize` has for it.
llvm::StringRef nameOf(Optimize optimize);

struct CompileOptions {
  std::string target = "host"; ///< as `qcc compile --target` names it; one object may be for several, as `a+b`
  std::string cpu;             ///< LLVM's name of a CPU; if empty, the target's usual one
  std::string features;        ///< `+name,-name`, in addition to the target's
  int optLevel = 2;            ///< 0 to 3
  bool optimizeSize = false;
  Optimize optimize = Optimize::Speed;
  std::optional<int64_t> ramBudget;   ///< bytes that arena and stack may take; an error if they cannot
  int64_t stackBytes = 0;             ///< of that budget, what the stack is known to need
  int64_t stateBytes = 0;             ///< and what the caller's state is
  std::optional<int64_t> flashBudget; ///< bytes that code and read-only data may take
  /// Where weights may not grow, those of 3x3 convolutions may be transformed while the program runs, in memory that
  /// there is. If the flash budget has no room for the code, they are not; if it took speed away that -O3 asked for,
  /// any memory may be taken.
  bool transformsWeights = true, transformsFreely = false;
  /// What the arena is divided into, the fastest first; in one piece if there are none. An error if they are too small.
  std::vector<memory::Memory> memories;
  std::string until;      ///< the last phase that is run; if empty, all
  bool saveTemps = false; ///< fills `CompileResult::temporaries`
  std::string modelName;  ///< prefix of all C names; if empty, the function's name
  /// f32 products are added without being rounded first, where the machine has an instruction for it: faster and more
  /// accurate, but not the bits of runtimes that round twice.
  bool fusesMultiplyAdd = true;
  /// 3x3 convolutions of f32 may be computed by Winograd's algorithm, which rounds otherwise.
  bool floatsMayTransform = false;
  /// Which convolutions are computed by which algorithm (algorithm/ChooseAlgorithm.h); the others are left open.
  std::vector<std::string> algorithms;
  std::string tuningFile;           ///< blocks that were measured (tiling/Tuning.h); none if empty
  tiling::ScheduleOptions schedule; ///< the same in memory, and which candidates contractions get
  /// Threads that a run may be shared among; if more than one, also `<name>_run_parallel`.
  tiling::SplitOptions split;
  /// Kernels whose tensor in between exceeds a cache are computed together (qk-fuse-rows), but not by several threads,
  /// and elementwise ones in the epilogues of contractions (qk-fuse-maps).
  bool fusesLayers = true;
  bool profile = false; ///< also `<name>_run_profiled`, which calls a hook around each kernel; with threads, also
                        ///< `<name>_run_parallel_profiled`
  /// Gives up the memory of the module's constants as soon as LLVM or the object has its copy. The module is then of no
  /// further use, nor are others that share its resources.
  bool consumeConstants = false;
};

/// What is made at the end of the last phase.
enum class Emit {
  Object,
  Library, ///< a static library with the object
  Assembly,
  LLVM,    ///< LLVM IR as text
  Bitcode, ///< and as bytes
  Mlir,    ///< nothing: the module itself is the result
  Header   ///< alone, but it has what only the object tells
};

/// True if an object is made on the way.
inline bool isObject(Emit what) { return what == Emit::Object || what == Emit::Library || what == Emit::Header; }

struct CompileResult {
  std::vector<char> object; ///< of Object and Library; or Bitcode
  std::string header;       ///< of Object, Library and Header: plain C
  std::string assembly, llvmIR;
  ModelReport report; ///< as `describeModel` gives it, with what the last phase fixed
  std::string hash;   ///< `contentHash` of the model
  /// With `saveTemps`: what stands between the phases, as (suffix with its dot, text) in their order, for
  /// instance `.layout.mlir`, `.ll`, `.s`; of an object with several versions, those of each, which begin with its
  /// target, before the `.ll` and `.s` of all together.
  std::vector<std::pair<std::string, std::string>> temporaries;
};

/// Lowers the module in place, up to the phase `until`, and makes what is asked for. Unknown targets, CPUs and
/// features, what the target cannot do and budgets that cannot be met are diagnosed, once. Only objects have a bound of
/// their stack: before them, all of the budget is the arena's.
mlir::FailureOr<CompileResult> compileModel(mlir::ModuleOp module, const CompileOptions &options, Emit what);

/// SHA-256 of what a model says, in hexadecimal: its operators and the bytes of its constants.
std::string contentHash(mlir::func::FuncOp model);

/// The bytes of the arena in the build for the other of `Optimize`, without budgets. Leaves the module as it is.
mlir::FailureOr<int64_t> otherArenaBytes(mlir::ModuleOp module, CompileOptions options);

} // namespace qcc

#endif // QCC_COMPILER_EMIT_COMPILE_H
