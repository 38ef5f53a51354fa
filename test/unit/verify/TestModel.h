// Hand-written models in C, compiled for a target when a test runs.
#ifndef QCC_TEST_UNIT_VERIFY_TESTMODEL_H
#define QCC_TEST_UNIT_VERIFY_TESTMODEL_H

#include "catch2/catch.hpp"
#include "compiler/verify/Runner.h"
#include "test/unit/DiagnosticText.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/Program.h"

namespace qcc::test {

/// clang's flags for the objects that qcc makes for a target.
inline std::vector<llvm::StringRef> clangFlags(llvm::StringRef target) {
  // Base procedure-call standard, and (attribute 28, 3) no float arguments: links with soft, softfp and hard.
  llvm::StringRef pointersOnly = "-DATTRIBUTE=__asm__(\".eabi_attribute 28, 3\")";
  if (target == "host")
    return {};
  if (target.starts_with("x86-64"))
    return {"--target=x86_64-unknown-linux-gnu", target == "x86-64-v4" ? "-march=x86-64-v4" : "-march=x86-64-v3"};
  if (target.starts_with("aarch64"))
    return {"--target=aarch64-unknown-linux-gnu"};
  if (target == "cortex-m0plus")
    return {"--target=thumbv6m-none-eabi", "-mcpu=cortex-m0plus", "-mfloat-abi=soft"};
  if (target == "cortex-m3")
    return {"--target=thumbv7m-none-eabi", "-mcpu=cortex-m3", "-mfloat-abi=soft"};
  if (target == "cortex-m4")
    return {"--target=thumbv7em-none-eabi", "-mcpu=cortex-m4", "-mfloat-abi=softfp", pointersOnly};
  if (target == "cortex-m7")
    return {"--target=thumbv7em-none-eabi", "-mcpu=cortex-m7", "-mfloat-abi=softfp", pointersOnly};
  if (target == "cortex-m33")
    return {"--target=thumbv8m.main-none-eabi", "-mcpu=cortex-m33", "-mfloat-abi=softfp", pointersOnly};
  if (target == "cortex-m55")
    return {"--target=thumbv8.1m.main-none-eabi", "-mcpu=cortex-m55", "-mfloat-abi=softfp", pointersOnly};
  if (target == "rv32imc")
    return {"--target=riscv32-unknown-elf", "-march=rv32imc", "-mabi=ilp32"};
  if (target == "rv64gcv")
    return {"--target=riscv64-unknown-elf", "-march=rv64gcv", "-mabi=lp64d", "-mcmodel=medany"};
  if (target == "wasm32")
    return {"--target=wasm32-unknown-unknown", "-msimd128"};
  FAIL("no flags for target " << target.str());
  return {};
}

/// A model that adds 1 to 16 bytes through its arena and doubles 8 others with a weight table, so that memcpy, memset,
/// arena, weights and several inputs and outputs all take part. Vector units are used where there are any.
constexpr llvm::StringRef pairModel = R"(
void *memcpy(void *restrict, const void *restrict, __SIZE_TYPE__);
void *memset(void *, int, __SIZE_TYPE__);
typedef signed char int8;
typedef struct { const int8 *x; const int8 *y; } pair_inputs;
typedef struct { int8 *u; int8 *v; } pair_outputs;
static const int8 weights[8] __attribute__((section(".rodata.qcc.weights.w"))) = {2, 2, 2, 2, 2, 2, 2, 2};
int pair_run(const pair_inputs *in, const pair_outputs *out, void *arena) {
  if ((__UINTPTR_TYPE__)arena % 16) return 2;
  int8 *restrict work = arena;
  memset(work, 1, 16);
  for (int i = 0; i < 16; ++i) work[i] += in->x[i];
  memcpy(out->u, work, 16);
  const volatile int8 *w = weights;
  for (int i = 0; i < 8; ++i) out->v[i] = w[i] * in->y[i];
  return 0;
}
)";

/// Compiles C for a target and runs the object.
class TestModel {
public:
  TestModel(llvm::StringRef name, llvm::StringRef source, llvm::StringRef target) {
    mlir::DialectRegistry registry;
    qnn::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    compile(source, target);
    model.name = name.str();
    model.object = object;
    model.target = target.str();
    model.arenaBytes = 32;
  }

  mlir::RankedTensorType bytes(int64_t count) {
    return mlir::RankedTensorType::get({count}, mlir::IntegerType::get(&context, 8));
  }
  HostTensor tensor(llvm::ArrayRef<int64_t> codes) { return HostTensor(bytes(codes.size()), codes); }

  /// The outputs, or nothing and `error` is the text of the error.
  std::optional<std::vector<std::vector<HostTensor>>> run(llvm::ArrayRef<std::vector<HostTensor>> samples) {
    DiagnosticText diagnostics(&context);
    auto outputs = runModel(&context, model, samples, options, &statistics);
    error = diagnostics.take();
    if (failed(outputs))
      return std::nullopt;
    return std::move(*outputs);
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  ModelBinary model;
  RunOptions options;
  RunStatistics statistics;
  std::string error;

private:
  void compile(llvm::StringRef source, llvm::StringRef target) {
    llvm::SmallString<128> input, output;
    REQUIRE(!llvm::sys::fs::createTemporaryFile("qcc-test", "c", input));
    REQUIRE(!llvm::sys::fs::createTemporaryFile("qcc-test", "o", output));
    llvm::FileRemover removeInput(input), removeOutput(output);
    {
      std::error_code code;
      llvm::raw_fd_ostream stream(input, code);
      stream << "#ifdef ATTRIBUTE\nATTRIBUTE;\n#endif\n" << source;
    }
    std::string clang = llvm::sys::findProgramByName("clang-22").get();
    std::vector<llvm::StringRef> command = {clang, "-O2", "-ffreestanding", "-c", input, "-o", output};
    for (llvm::StringRef flag : clangFlags(target))
      command.push_back(flag);
    REQUIRE(llvm::sys::ExecuteAndWait(clang, command) == 0);
    auto buffer = llvm::MemoryBuffer::getFile(output);
    REQUIRE(buffer);
    object.assign((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
  }

  std::vector<char> object;
};

/// True, with a line that says why, if a test for the target cannot run here.
inline bool skips(llvm::StringRef target) {
  std::optional<std::string> reason = whyNotRunnable(target);
  if (reason)
    WARN("skipped: " << *reason);
  return reason.has_value();
}

} // namespace qcc::test

#endif // QCC_TEST_UNIT_VERIFY_TESTMODEL_H
