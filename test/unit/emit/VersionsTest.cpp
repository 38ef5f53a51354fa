// One object for several x86-64 targets: whichever version a CPU gets, the codes are the same.
#include "test/unit/emit/LinkedModel.h"
#include "test/unit/runtime/PretendedCpu.h"

#include "compiler/emit/Binary.h"
#include "compiler/target/Target.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

#ifdef QCC_AMX_EMULATOR
#include "test/amx/Emulator.h"
#endif

using namespace qcc;
using namespace qcc::test;

static constexpr llvm::StringLiteral versions = "x86-64+v3+v3-vnni+v4+v4-vnni+v4-amx";

/// What the CPU is said to have.
static uint32_t pretended;
static uint32_t pretendedFeatures() { return pretended; }

static bool isX86() { return llvm::Triple(llvm::sys::getProcessTriple()).isX86(); }

/// Why a version cannot be run here. Where the CPU lacks nothing but AMX, that is emulated.
static std::optional<std::string> whyNotHere(llvm::StringRef target) {
#ifdef QCC_AMX_EMULATOR
  if (target == "x86-64-v4-amx" && whyNotRunnable(target) && !whyNotRunnable("x86-64-v4-vnni")) {
    amx::install();
    return std::nullopt;
  }
#endif
  return whyNotRunnable(target);
}

TEST_CASE("all versions of an object that this machine can run give the same codes") {
  if (!isX86()) {
    WARN("skipped: needs an x86-64 machine");
    return;
  }
  for (llvm::StringRef path :
       {"test/unit/emit/convolutions.mlir", "test/unit/emit/rows.mlir", "test/unit/emit/wide.mlir"}) {
    INFO(path.str());
    CompiledModel model(inTree(path), versions), host(inTree(path), "host");
    LinkedModel linked(model.binary, pretendedFeatures), expected(host.binary);
    Samples samples = makeRandomSamples(model.inputs, 20, 1);
    for (const VersionReport &version : model.result.report.versions) {
      if (std::optional<std::string> reason = whyNotHere(version.target)) {
        WARN("skipped: " << *reason);
        continue;
      }
      INFO(version.target);
      CHECK(version.arenaBytes <= model.result.report.arenaBytes);
      pretended = *target::findTarget(version.target)->cpuFeatures;
      CHECK(equal(runAll(linked.run, model.binary, samples, 1), runAll(expected.run, host.binary, samples, 1)));
    }
  }
}

TEST_CASE("a CPU gets a version whose instructions it has all of, or a status") {
  if (!isX86()) {
    WARN("skipped: needs an x86-64 machine");
    return;
  }
  CompiledModel model(inTree("test/unit/emit/rows.mlir"), "x86-64-v3+v4");
  LinkedModel linked(model.binary, pretendedFeatures);
  // With VNNI alone there is not all that either version needs.
  for (uint32_t features : {0u, QCC_CPU_X86_64_V4, QCC_CPU_AVX512_VNNI}) {
    pretended = features;
    CHECK(linked.run(nullptr, nullptr, nullptr) == QCC_ERROR_CPU);
    CHECK(!chooseVersion(model.result.report, features));
  }
  auto chosen = [&](uint32_t features) { return chooseVersion(model.result.report, features)->target; };
  CHECK(chosen(QCC_CPU_X86_64_V3 | QCC_CPU_AVX_VNNI) == "x86-64-v3");
  CHECK(chosen(QCC_CPU_X86_64_V3 | QCC_CPU_X86_64_V4 | QCC_CPU_AMX_INT8) == "x86-64-v4");
}

TEST_CASE("where Linux refuses tiles, the next version runs") {
  if (!isX86() || whyNotRunnable("x86-64-v4-vnni")) {
    WARN("skipped: needs AVX-512 VNNI");
    return;
  }
  // Nothing in it is for tiles, but with fused multiply-adds its floats are rounded less often.
  std::string path = inTree("test/unit/emit/floats.mlir");
  CompiledModel model(path, "x86-64+v4-amx"), plain(path, "x86-64"), amx(path, "x86-64-v4-amx");
  LinkedModel linked(model.binary, pretendedFeatures);
  Samples samples = makeRandomSamples(model.inputs, 20, 1);
  auto outputsOf = [&](const CompiledModel &single) {
    return runAll(LinkedModel(single.binary).run, single.binary, samples, 1);
  };
  Samples ofPlain = outputsOf(plain), ofAmx = outputsOf(amx);
  REQUIRE(!equal(ofPlain, ofAmx));
  PretendedCpu cpu = sapphireRapids();
  for (bool permits : {true, false}) {
    cpu.permits = permits;
    pretended = featuresOf(cpu);
    CHECK(equal(runAll(linked.run, model.binary, samples, 1), permits ? ofAmx : ofPlain));
  }
}
