// Cycles of code by LLVM's pipeline models: the figures that llvm-mca gives for the same loop.
#include "compiler/verify/CycleModel.h"
#include "catch2/catch.hpp"
#include "compiler/target/Target.h"
#include "test/unit/DiagnosticText.h"

using namespace qcc;

namespace {

constexpr llvm::StringRef armTriple = "thumbv7em-none-eabi";

/// ldr r2, [r0], #4; ldr r3, [r1], #4; smlad r4, r2, r3, r4; subs r5, r5, #1; bne
const std::vector<uint8_t> dotLoop = {0x50, 0xf8, 0x04, 0x2b, 0x51, 0xf8, 0x04, 0x3b,
                                      0x22, 0xfb, 0x03, 0x44, 0x6d, 0x1e, 0xfe, 0xd1};

mlir::FailureOr<CycleModel> makeModel(mlir::MLIRContext &context, llvm::StringRef triple, llvm::StringRef cpu) {
  target::initializeBackend(triple);
  return CycleModel::create(mlir::UnknownLoc::get(&context), triple, cpu, "");
}

} // namespace

TEST_CASE("a loop's body takes what llvm-mca says of it") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  // One issue a cycle, and the product waits one for what was loaded; two issues, but long loads.
  for (auto [cpu, cycles] : {std::pair<llvm::StringRef, double>("cortex-m4", 6), {"cortex-m7", 7}}) {
    INFO(cpu.str());
    auto model = makeModel(context, armTriple, cpu);
    REQUIRE(succeeded(model));
    CycleModel::Estimate estimate = model->estimate({{0x400, dotLoop, 1000}});
    CHECK(estimate.instructions == 5000);
    CHECK(estimate.unknown == 0);
    CHECK(estimate.cycles == Approx(1000 * cycles).epsilon(0.005));
  }
}

TEST_CASE("neighbours that ran equally often are one block") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto model = makeModel(context, armTriple, "cortex-m4");
  REQUIRE(succeeded(model));
  std::vector<uint8_t> loads(dotLoop.begin(), dotLoop.begin() + 8), rest(dotLoop.begin() + 8, dotLoop.end());
  double whole = model->estimate({{0x400, dotLoop, 1000}}).cycles;
  CHECK(model->estimate({{0x400, loads, 1000}, {0x408, rest, 1000}}).cycles == Approx(whole));
  // Apart, the product does not wait for the loads.
  CHECK(model->estimate({{0x400, loads, 1000}, {0x408, rest, 1001}}).cycles < 0.9 * whole);
}

TEST_CASE("code that the model does not know takes a cycle an instruction, and is counted") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  auto model = makeModel(context, armTriple, "cortex-m4");
  REQUIRE(succeeded(model));
  CycleModel::Estimate estimate = model->estimate({{0x400, {0xff, 0xff, 0xff, 0xff}, 10}});
  CHECK(estimate.unknown == estimate.instructions);
  CHECK(estimate.cycles == double(estimate.instructions));
}

TEST_CASE("a CPU without a model is an error that names others") {
  mlir::MLIRContext context(mlir::MLIRContext::Threading::DISABLED);
  std::string text;
  mlir::ScopedDiagnosticHandler handler(&context, [&](mlir::Diagnostic &diagnostic) { text = diagnostic.str(); });
  CHECK(failed(makeModel(context, "riscv32-unknown-elf", "generic-rv32")));
  CHECK_THAT(text, Catch::StartsWith("LLVM has no model of the CPU 'generic-rv32'; --mcpu names another") &&
                       Catch::Contains("sifive-e31") && !Catch::Contains("sifive-u74"));
  CHECK(failed(makeModel(context, "thumbv6m-none-eabi", "cortex-m0plus")));
  CHECK(text == "LLVM has no model of the CPU 'cortex-m0plus'");
}
