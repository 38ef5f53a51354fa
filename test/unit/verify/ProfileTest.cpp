// What is measured kernel by kernel, and what the machine can do.
#include "compiler/verify/Peaks.h"
#include "test/unit/verify/TestModel.h"
#include "llvm/TargetParser/Host.h"

using namespace qcc;
using namespace qcc::test;

namespace {

/// Two kernels, the second of which does ten times as much as the first.
constexpr llvm::StringRef profiledModel = R"(
typedef void (*hook_type)(void *user, unsigned kernel, int begin);
static __attribute__((noinline)) void kernel(volatile int *arena, int count) {
  for (int i = 0; i < count; ++i) *arena += i;
}
int m_run_profiled(const signed char *const *in, signed char *const *out, int *arena, hook_type hook, void *user) {
  for (int index = 0; index < 2; ++index) {
    if (hook) hook(user, index, 1);
    kernel(arena, index ? 20000 : 2000);
    if (hook) hook(user, index, 0);
  }
  *out[0] = *in[0];
  return 0;
}
int m_run(const signed char *const *in, signed char *const *out, int *arena) {
  return m_run_profiled(in, out, arena, 0, 0);
}
)";

struct ProfiledModel : TestModel {
  explicit ProfiledModel(llvm::StringRef target) : TestModel("m", profiledModel, target) {
    model.inputs = model.outputs = {bytes(1)};
    model.profiledKernels = 2;
    options.measure = true;
    options.measureSeconds = 0.02;
  }
};

} // namespace

TEST_CASE("each kernel is timed on the host") {
  ProfiledModel test("host");
  REQUIRE(test.run({{test.tensor({5})}}));
  REQUIRE(test.statistics.kernels.size() == 2);
  for (const KernelStatistics &kernel : test.statistics.kernels) {
    CHECK(kernel.instructions == -1);
    CHECK(kernel.minMicroseconds > 0);
    CHECK(kernel.minMicroseconds <= kernel.medianMicroseconds);
  }
  CHECK(test.statistics.kernels[1].minMicroseconds > 4 * test.statistics.kernels[0].minMicroseconds);
  CHECK(test.statistics.minMicroseconds > 0);
}

TEST_CASE("the instructions of each kernel are counted on emulators") {
  for (llvm::StringRef target : {"cortex-m0plus", "cortex-m4", "rv32imc", "rv64gcv", "aarch64"}) {
    INFO(target.str());
    if (skips(target))
      continue;
    ProfiledModel test(target);
    test.options.traceBlocks = true;
    auto outputs = test.run({{test.tensor({5})}, {test.tensor({6})}});
    INFO(test.error);
    REQUIRE(outputs);
    REQUIRE(test.statistics.kernels.size() == 2);
    int64_t first = test.statistics.kernels[0].instructions, second = test.statistics.kernels[1].instructions;
    // The same loop ten times as often, and a handful of instructions around each.
    CHECK(first > 2000);
    CHECK(std::abs(10 * first - second) < 400);
    CHECK(test.statistics.instructions - first - second >= 0);
    CHECK(test.statistics.instructions - first - second < 100);
    // The loop is the block that ran most often, and once a turn but the first (unless LLVM unrolled it).
    for (auto [index, kernel] : llvm::enumerate(test.statistics.kernels)) {
      int64_t turns = index == 0 ? 2000 : 20000;
      auto hottest = llvm::max_element(
          kernel.blocks, [](const ExecutedBlock &a, const ExecutedBlock &b) { return a.executions < b.executions; });
      REQUIRE(hottest != kernel.blocks.end());
      CHECK(turns % (hottest->executions + 1) < 2);
      CHECK(llvm::is_sorted(kernel.blocks,
                            [](const ExecutedBlock &a, const ExecutedBlock &b) { return a.address < b.address; }));
    }
  }
}

TEST_CASE("without a profile, or where it cannot be taken, there is none") {
  for (llvm::StringRef target : {"host", "wasm32"}) {
    if (skips(target))
      continue;
    ProfiledModel test(target);
    test.model.profiledKernels = target == "host" ? 0 : 2;
    REQUIRE(test.run({{test.tensor({5})}}));
    CHECK(test.statistics.kernels.empty());
  }
}

TEST_CASE("peaks are those of the target's instruction sets") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  mlir::Location loc = mlir::UnknownLoc::get(&context);
  if (skips("x86-64-v3"))
    return;
  constexpr int64_t block = 1 << 16;
  auto old = measurePeaks(loc, "x86-64-v3", block), all = measurePeaks(loc, "host", block);
  REQUIRE(succeeded(old));
  REQUIRE(succeeded(all));
  CHECK(old->size() == 4);
  CHECK(all->size() >= old->size());
  for (const Peak &peak : *old) {
    CHECK(peak.instructions == "avx2");
    CHECK(peak.perSecond > 1e9);
  }
  for (Peak::Kind kind : {Peak::Kind::Int8, Peak::Kind::Float32, Peak::Kind::Memory}) {
    REQUIRE(findPeak(*all, kind));
    for (const Peak &peak : *all)
      if (peak.kind == kind)
        CHECK(peak.perSecond <= findPeak(*all, kind)->perSecond);
  }
  bool hasVnni = llvm::sys::getHostCPUFeatures().lookup("avx512vnni");
  CHECK(llvm::any_of(*all, [](const Peak &peak) { return peak.instructions == "avx512vnni"; }) == hasVnni);
  CHECK(findPeak({}, Peak::Kind::Int8) == nullptr);
}
