// Objects on the host and on every emulated board: results, measurements and what must be caught.
#include "test/unit/verify/TestModel.h"
#include "llvm/Support/Process.h"

using namespace qcc;
using namespace qcc::test;

namespace {

std::vector<std::string> allTargets() {
  std::vector<std::string> targets = {"host", "x86-64-v3", "x86-64-v4"};
  for (std::string &target : emulatedTargets())
    targets.push_back(std::move(target));
  return targets;
}

struct PairModel : TestModel {
  explicit PairModel(llvm::StringRef target) : TestModel("pair", pairModel, target) {
    model.inputs = model.outputs = {bytes(16), bytes(8)};
  }

  std::vector<std::vector<HostTensor>> samples(int count) {
    std::vector<std::vector<HostTensor>> result;
    for (int sample = 0; sample < count; ++sample) {
      std::vector<int64_t> x(16), y(8);
      for (int index = 0; index < 16; ++index)
        x[index] = 7 * sample + index - 60;
      for (int index = 0; index < 8; ++index)
        y[index] = index - sample;
      result.push_back({tensor(x), tensor(y)});
    }
    return result;
  }
};

/// A model with one input byte and one output byte.
struct ByteModel : TestModel {
  ByteModel(llvm::StringRef body, llvm::StringRef target)
      : TestModel("m",
                  ("int m_run(const signed char *const *in, signed char *const *out, signed char *arena) {" + body +
                   " return 0; }")
                      .str(),
                  target) {
    model.inputs = model.outputs = {bytes(1)};
  }
  auto runOne(int64_t code = 5) { return run({{tensor({code})}}); }
};

bool isHost(llvm::StringRef target) { return target == "host" || target.starts_with("x86-64"); }

} // namespace

TEST_CASE("every target runs the object") {
  for (const std::string &target : allTargets()) {
    INFO(target);
    if (skips(target))
      continue;
    PairModel test(target);
    auto samples = test.samples(4);
    auto outputs = test.run(samples);
    INFO(test.error);
    REQUIRE(outputs);
    REQUIRE(outputs->size() == samples.size());
    for (size_t sample = 0; sample < samples.size(); ++sample) {
      std::vector<int64_t> u = samples[sample][0].codes(), v = samples[sample][1].codes();
      for (int64_t &code : u)
        code += 1;
      for (int64_t &code : v)
        code *= 2;
      CHECK((*outputs)[sample][0].codes() == u);
      CHECK((*outputs)[sample][1].codes() == v);
    }
    CHECK(test.statistics.arenaBytes == 16);
    CHECK(test.statistics.weightBytes == 8);
    CHECK(test.statistics.textBytes > 16);
    CHECK(test.statistics.instructions == -1);
    CHECK((test.statistics.stackBytes >= 0) == !(isHost(target) || target == "wasm32"));
  }
}

TEST_CASE("state lasts from sample to sample, and has guards") {
  for (const std::string &target : allTargets()) {
    INFO(target);
    if (skips(target))
      continue;
    for (llvm::StringRef index : {"0", "2"}) {
      TestModel test(
          "m",
          ("void m_reset(signed char *state) { state[0] = 7; state[1] = 1; }\n"
           "int m_run(const signed char *const *in, signed char *const *out, void *arena, signed char *state) {"
           " out[0][0] = state[0]; state[0] += in[0][0]; state[" +
           index + "] = state[0]; return 0; }")
              .str(),
          target);
      test.model.inputs = test.model.outputs = {test.bytes(1)};
      test.model.stateBytes = 2;
      auto outputs = test.run({{test.tensor({5})}, {test.tensor({10})}, {test.tensor({-1})}});
      INFO(test.error);
      CHECK(outputs.has_value() == (index == "0"));
      if (!outputs) {
        CHECK(test.error == "error: 'm_run' wrote outside of its state of 2 bytes for sample 0\n");
        continue;
      }
      CHECK((*outputs)[0][0].codes() == std::vector<int64_t>{7});
      CHECK((*outputs)[1][0].codes() == std::vector<int64_t>{12});
      CHECK((*outputs)[2][0].codes() == std::vector<int64_t>{22});
    }
  }
}

TEST_CASE("no samples, no outputs") {
  for (llvm::StringRef target : {"host", "cortex-m4"}) {
    if (skips(target))
      continue;
    PairModel test(target);
    auto outputs = test.run({});
    REQUIRE(outputs);
    CHECK(outputs->empty());
  }
}

TEST_CASE("times are measured on the host and in WebAssembly") {
  for (llvm::StringRef target : {"host", "wasm32"}) {
    if (skips(target))
      continue;
    PairModel test(target);
    test.options.measure = true;
    test.options.measureSeconds = 0.02;
    auto outputs = test.run(test.samples(1));
    INFO(test.error);
    REQUIRE(outputs);
    CHECK(test.statistics.minMicroseconds > 0);
    CHECK(test.statistics.minMicroseconds <= test.statistics.medianMicroseconds);
    CHECK(test.statistics.medianMicroseconds < 1000);
  }
}

TEST_CASE("executed instructions are counted exactly") {
  // 1 + 2 * 1000 for the loop, 2 for the return.
  struct {
    llvm::StringRef target, loop;
  } const cases[] = {
      {"cortex-m0plus", "movs r3, #250; lsls r3, r3, #2; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"cortex-m3", "movw r3, #1000; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"cortex-m4", "movw r3, #1000; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"cortex-m7", "movw r3, #1000; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"cortex-m33", "movw r3, #1000; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"cortex-m55", "movw r3, #1000; 1: subs r3, #1; bne 1b; movs r0, #0; bx lr"},
      {"rv32imc", "li a3, 1000; 1: addi a3, a3, -1; bnez a3, 1b; li a0, 0; ret"},
      {"rv64gcv", "li a3, 1000; 1: addi a3, a3, -1; bnez a3, 1b; li a0, 0; ret"},
      {"aarch64", "mov x3, 1000; 1: subs x3, x3, 1; b.ne 1b; mov w0, 0; ret"},
  };
  for (auto [target, loop] : cases) {
    INFO(target.str());
    if (skips(target))
      continue;
    std::string source = ("__attribute__((naked)) int m_run(const void *in, const void *out, void *arena) "
                          "{ __asm__ volatile(\"" +
                          loop + "\"); }")
                             .str();
    TestModel test("m", source, target);
    test.model.inputs = test.model.outputs = {test.bytes(1)};
    test.options.measure = true;
    auto outputs = test.run({{test.tensor({1})}, {test.tensor({2})}});
    INFO(test.error);
    REQUIRE(outputs);
    CHECK(test.statistics.instructions == 2003 + (target == "cortex-m0plus"));
    CHECK(test.statistics.stackBytes == 0);
    CHECK(test.statistics.arenaBytes == 0);
  }
}

TEST_CASE("the stack is measured") {
  for (llvm::StringRef target : {"cortex-m4", "cortex-m55", "rv32imc", "rv64gcv", "aarch64"}) {
    INFO(target.str());
    if (skips(target))
      continue;
    ByteModel test(
        "volatile char local[4096]; for (int i = 0; i < 4096; ++i) local[i] = 1; out[0][0] = local[in[0][0]];", target);
    auto outputs = test.runOne();
    INFO(test.error);
    REQUIRE(outputs);
    CHECK(test.statistics.stackBytes >= 4096);
    CHECK(test.statistics.stackBytes <= 4096 + 64);
  }
}

TEST_CASE("a core without an FPU gets the soft-float library") {
  for (llvm::StringRef target : {"cortex-m0plus", "rv32imc"}) {
    INFO(target.str());
    if (skips(target))
      continue;
    ByteModel test("volatile float x = in[0][0]; out[0][0] = (signed char)(x * 2.5f + 0.5f);", target);
    auto outputs = test.runOne(4);
    INFO(test.error);
    REQUIRE(outputs);
    CHECK(outputs->front()[0].codes() == std::vector<int64_t>{10});
  }
}

TEST_CASE("weights may be larger than a board's code memory") {
  for (llvm::StringRef target : {"cortex-m4", "cortex-m55"}) {
    INFO(target.str());
    if (skips(target))
      continue;
    constexpr llvm::StringRef source = R"(
      static const signed char weights[6000000] __attribute__((section(".rodata.qcc.weights.w"))) = {[5999999] = 7};
      int m_run(const signed char *const *in, signed char *const *out, void *arena) {
        const volatile signed char *w = weights;
        out[0][0] = in[0][0] + w[sizeof weights - 1];
        return 0;
      }
    )";
    TestModel test("m", source, target);
    test.model.inputs = test.model.outputs = {test.bytes(1)};
    auto outputs = test.run({{test.tensor({3})}});
    INFO(test.error);
    REQUIRE(outputs);
    CHECK(outputs->front()[0].codes() == std::vector<int64_t>{10});
    CHECK(test.statistics.weightBytes == 6000000);
  }
}

TEST_CASE("a model that writes where it must not is caught") {
  struct {
    llvm::StringRef body, error;
  } const cases[] = {
      {"((volatile signed char *)out[0])[1] = 1;", "'m_run' wrote outside of output 0 of 1 bytes for sample 0"},
      {"((volatile signed char *)out[0])[-3] = 1;", "'m_run' wrote outside of output 0 of 1 bytes for sample 0"},
      {"((volatile signed char *)arena)[32] = 1;", "'m_run' wrote outside of its arena of 32 bytes for sample 0"},
      {"((volatile signed char *)in[0])[1] = 1;",
       "'m_run' wrote outside of its memory, at input 0 of 1 bytes for sample 0"},
  };
  for (llvm::StringRef target : {"host", "cortex-m4", "wasm32"}) {
    if (skips(target))
      continue;
    for (auto [body, error] : cases) {
      ByteModel test(body, target);
      CHECK(!test.runOne());
      CHECK(test.error == "error: " + error.str() + "\n");
    }
  }
}

TEST_CASE("a status other than 0 is an error") {
  for (llvm::StringRef target : {"host", "cortex-m4", "rv32imc"}) {
    if (skips(target))
      continue;
    ByteModel test("if (in[0][0] == 5) return 3;", target);
    CHECK(!test.run({{test.tensor({1})}, {test.tensor({5})}}));
    CHECK(test.error == "error: 'm_run' returned status 3 for sample 1\n");
  }
}

TEST_CASE("more stack than the harness watches is an error") {
  if (skips("cortex-m4"))
    return;
  ByteModel test("volatile char local[70000]; for (int i = 0; i < 70000; ++i) local[i] = 1;", "cortex-m4");
  CHECK(!test.runOne());
  CHECK(test.error == "error: 'm_run' needs more than 65536 bytes of stack for sample 0\n");
}

TEST_CASE("a fault ends the emulator") {
  for (llvm::StringRef target : {"cortex-m0plus", "cortex-m4", "cortex-m33", "cortex-m55", "rv32imc", "rv64gcv"}) {
    INFO(target.str());
    if (skips(target))
      continue;
    ByteModel test("__builtin_trap();", target);
    CHECK(!test.runOne());
    CHECK_THAT(test.error, Catch::Contains("failed with exit code 2") && Catch::Contains("the processor took a fault"));
  }
}

TEST_CASE("a model that does not end is stopped") {
  if (skips("cortex-m4"))
    return;
  ByteModel test("for (;;) *(volatile signed char *)arena = 1;", "cortex-m4");
  test.options.timeoutSeconds = 5; // the compiler has to end, too
  CHECK(!test.runOne());
  CHECK(test.error == "error: qemu-system-arm did not finish within 5 s\n");
}

TEST_CASE("only memcpy and memset are provided") {
  ByteModel test("extern int puts(const char *); puts(\"\");", "host");
  CHECK(!test.runOne());
  CHECK(test.error == "error: cannot link 'm' on this machine: Symbols not found: [ puts ]\n");
}

TEST_CASE("an object of another architecture is an error") {
  ByteModel test("", "rv32imc");
  test.model.target = "host";
  CHECK(!test.runOne());
  CHECK(test.error == "error: expects an object for x86_64 to run 'm' on this machine, but it is for riscv32\n");
}

TEST_CASE("samples must fit the model") {
  PairModel test("host");
  CHECK(!test.run({{test.tensor({1})}}));
  CHECK(test.error == "error: expects 2 inputs for 'pair', but sample 0 has 1\n");
  auto samples = test.samples(2);
  samples[1][1] = test.tensor({1, 2});
  CHECK(!test.run(samples));
  CHECK(test.error == "error: expects 8 bytes for input 1 of 'pair', but sample 1 has 2\n");
}

TEST_CASE("a missing program is named with its package") {
  const std::string path = llvm::sys::Process::GetEnv("PATH").value_or("");
  setenv("PATH", "/nonexistent", 1);
  std::optional<std::string> reason = whyNotRunnable("cortex-m4");
  setenv("PATH", path.c_str(), 1);
  CHECK(reason == "target 'cortex-m4' needs the program 'arm-none-eabi-gcc' (Debian package gcc-arm-none-eabi)");
}

TEST_CASE("a target that nothing can run says so") {
  CHECK(whyNotRunnable("pdp-11") == "there is no way to run objects for target 'pdp-11'");
  CHECK(whyNotRunnable("host") == std::nullopt);
  ByteModel test("", "host");
  test.model.target = "pdp-11";
  CHECK(!test.runOne());
  CHECK(test.error == "error: there is no way to run objects for target 'pdp-11'\n");
}
