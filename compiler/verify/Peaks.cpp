// The loops are assembly, so that nothing stands between the table and the processor: each is a run of independent
// instructions on registers that were loaded with random bytes (zeros let a processor run faster than it ever will).
#include "compiler/verify/Peaks.h"

#include "compiler/target/Target.h"
#include "compiler/verify/Execution.h"
#include "compiler/verify/HostModel.h"
#include "llvm/ExecutionEngine/Orc/CompileUtils.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"

#include <chrono>
#include <random>

using namespace mlir;
using namespace qcc;
using Clock = std::chrono::steady_clock;

namespace {

/// `void loop(const void *data, int64_t rounds)` in assembly.
struct Loop {
  Peak::Kind kind;
  StringRef instructions;
  std::vector<StringRef> features; ///< LLVM's names
  double perRound;                 ///< products, or bytes
  std::string setUp, body;
};

/// `text` once for each of `count` registers. `%0` is its number, `%t` that of a temporary (`count` further on); `%1`
/// and `%2` are those of two operands, which go round in the `operands` registers from `first` up.
std::string unroll(StringRef text, unsigned count, unsigned first = 0, unsigned operands = 1) {
  std::string result;
  for (unsigned index = 0; index < count; ++index) {
    std::string line = text.str();
    auto replace = [&](StringRef mark, unsigned number) {
      for (size_t at; (at = line.find(mark)) != std::string::npos;)
        line.replace(at, mark.size(), std::to_string(number));
    };
    replace("%0", index);
    replace("%t", index + count);
    replace("%1", first + index % operands);
    replace("%2", first + (index + index / operands + 1) % operands);
    result += line + "\n";
  }
  return result;
}

/// Loads 64 bytes of data into each register from `first` up.
std::string loadRegisters(StringRef kind, unsigned first, unsigned count) {
  std::string result;
  for (unsigned index = 0; index < count; ++index)
    result += llvm::formatv("vmovups {0}{1}, [rdi + {2}]\n", kind, first + index, 64 * index).str();
  return result;
}

/// Eight tiles of 16 rows of 64 bytes; their configuration lies between the instructions.
constexpr StringRef tileSetUp = "lea rax, [rip + .Ltiles]\n"
                                "ldtilecfg [rax]\n"
                                "mov rax, 64\n"
                                "tileloadd tmm4, [rdi + rax]\n"
                                "tileloadd tmm5, [rdi + rax + 1024]\n"
                                "tileloadd tmm6, [rdi + rax + 2048]\n"
                                "tileloadd tmm7, [rdi + rax + 3072]\n"
                                "jmp .Lconfigured\n"
                                ".balign 64\n"
                                ".Ltiles:\n"
                                ".byte 1\n.zero 15\n"
                                ".rept 8\n.short 64\n.endr\n.zero 16\n"
                                ".rept 8\n.byte 16\n.endr\n.zero 8\n"
                                ".Lconfigured:\n";
constexpr int64_t dataBytes = 4 * 1024;

/// Each of two tiles of codes by each of two of weights.
std::string multiplyTiles(StringRef instruction) {
  std::string text;
  for (int sum = 0; sum < 4; ++sum)
    text += llvm::formatv("{0} tmm{1}, tmm{2}, tmm{3}\n", instruction, sum, 4 + sum / 2, 6 + sum % 2).str();
  return text;
}

std::vector<Loop> makeLoops() {
  using Kind = Peak::Kind;
  constexpr double tile = 16 * 16 * 64;
  // vzeroall, with which every loop begins, leaves the upper half of the AVX-512 registers as it was.
  const std::string clear = unroll("vpxord zmm%0, zmm%0, zmm%0", 24);
  return {
      // vpmaddubsw may saturate: the products are exact for some weights only, the rate holds for all.
      {Kind::Int8,
       "avx2",
       {"avx2"},
       6 * 32,
       "vpcmpeqw ymm15, ymm15, ymm15\n" + loadRegisters("ymm", 12, 3),
       unroll("vpmaddubsw ymm%t, ymm%1, ymm%2\nvpmaddwd ymm%t, ymm%t, ymm15\nvpaddd ymm%0, ymm%0, ymm%t", 6, 12, 3)},
      {Kind::Int8,
       "avxvnni",
       {"avxvnni"},
       12 * 32,
       loadRegisters("ymm", 12, 4),
       unroll("{vex} vpdpbusd ymm%0, ymm%1, ymm%2", 12, 12, 4)},
      {Kind::Int8,
       "avx512vnni",
       {"avx512vnni"},
       24 * 64,
       clear + loadRegisters("zmm", 24, 8),
       unroll("vpdpbusd zmm%0, zmm%1, zmm%2", 24, 24, 8)},
      {Kind::Int8, "amx-int8", {"amx-int8"}, 4 * tile, tileSetUp.str(), multiplyTiles("tdpbusd")},
      {Kind::Bfloat16,
       "avx512bf16",
       {"avx512bf16"},
       24 * 32,
       clear + loadRegisters("zmm", 24, 8),
       unroll("vdpbf16ps zmm%0, zmm%1, zmm%2", 24, 24, 8)},
      {Kind::Bfloat16, "amx-bf16", {"amx-bf16"}, 4 * tile / 2, tileSetUp.str(), multiplyTiles("tdpbf16ps")},
      {Kind::Float32,
       "avx2",
       {"avx2", "fma"},
       12 * 8,
       loadRegisters("ymm", 12, 4),
       unroll("vfmadd231ps ymm%0, ymm%1, ymm%2", 12, 12, 4)},
      {Kind::Float32,
       "avx512f",
       {"avx512f"},
       24 * 16,
       clear + loadRegisters("zmm", 24, 8),
       unroll("vfmadd231ps zmm%0, zmm%1, zmm%2", 24, 24, 8)},
      // Words of bits: exclusive or, what counts their bits, addition. A table's bits of both nibbles take two
      // look-ups.
      {Kind::Bits,
       "avx2",
       {"avx2"},
       4 * 256,
       loadRegisters("ymm", 12, 4),
       unroll("vpxor ymm%t, ymm%1, ymm%2\nvpsrlw ymm8, ymm%t, 4\nvpand ymm8, ymm8, ymm12\nvpand ymm%t, ymm%t, ymm12\n"
              "vpshufb ymm%t, ymm13, ymm%t\nvpshufb ymm8, ymm13, ymm8\nvpaddb ymm%0, ymm%0, ymm%t\n"
              "vpaddb ymm%0, ymm%0, ymm8",
              4, 12, 4)},
      {Kind::Bits,
       "avx512bw",
       {"avx512bw"},
       8 * 512,
       clear + loadRegisters("zmm", 24, 8),
       unroll("vpxord zmm%t, zmm%1, zmm%2\nvpsrlw zmm16, zmm%t, 4\nvpandd zmm16, zmm16, zmm24\n"
              "vpandd zmm%t, zmm%t, zmm24\nvpshufb zmm%t, zmm25, zmm%t\nvpshufb zmm16, zmm25, zmm16\n"
              "vpaddb zmm%0, zmm%0, zmm%t\nvpaddb zmm%0, zmm%0, zmm16",
              8, 24, 8)},
      {Kind::Bits,
       "avx512vpopcntdq",
       {"avx512vpopcntdq"},
       12 * 512,
       clear + loadRegisters("zmm", 24, 8),
       unroll("vpxord zmm%t, zmm%1, zmm%2\nvpopcntd zmm%t, zmm%t\nvpaddd zmm%0, zmm%0, zmm%t", 12, 24, 8)},
      {Kind::Memory, "avx2", {"avx2"}, 16 * 32, "", unroll("vmovups ymm%0, [rdi + 32 * %0]", 16) + "add rdi, 512\n"},
      {Kind::Memory,
       "avx512f",
       {"avx512f"},
       16 * 64,
       "",
       unroll("vmovups zmm%0, [rdi + 64 * %0]", 16) + "add rdi, 1024\n"},
  };
}

std::string print(const Loop &loop, unsigned number) {
  bool hasTiles = loop.setUp == tileSetUp;
  return llvm::formatv(".globl loop{0}\nloop{0}:\nvzeroall\n{1}.balign 64\n.Lround{0}:\n{2}dec rsi\njnz .Lround{0}\n"
                       "{3}vzeroupper\nret\n",
                       number, loop.setUp, loop.body, hasTiles ? "tilerelease\n" : "")
      .str();
}

/// The loops that machine and target can execute; of several targets, the machine's best.
std::vector<Loop> loopsFor(StringRef target) {
  if (!llvm::Triple(llvm::sys::getProcessTriple()).isX86())
    return {};
  llvm::StringMap<bool> host = target::hostFeatures();
  const target::Target *one = target == "host" ? nullptr : target::findTarget(target);
  SmallVector<StringRef> features;
  if (one)
    features = x86FeaturesOf(*one);
  std::vector<Loop> loops = makeLoops();
  llvm::erase_if(loops, [&](const Loop &loop) {
    return !llvm::all_of(loop.features, [&](StringRef feature) {
      bool isAllowed = !one || llvm::is_contained(features, feature);
      return isAllowed && host.lookup(feature);
    });
  });
  return loops;
}

class Measurement {
public:
  Measurement(std::vector<Loop> loops) : loops(std::move(loops)) {}
  llvm::Error link();
  std::vector<Peak> run(int64_t blockBytes);

private:
  using Function = void (*)(const void *data, int64_t rounds);

  double seconds(size_t loop, const std::vector<char> &data, int64_t rounds, int64_t calls) {
    auto start = Clock::now();
    for (int64_t call = 0; call < calls; ++call)
      functions[loop](data.data(), rounds);
    return std::chrono::duration<double>(Clock::now() - start).count();
  }

  std::vector<Loop> loops;
  std::unique_ptr<llvm::orc::LLJIT> jit;
  std::vector<Function> functions;
};

/// All loops as one object for this machine.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> assemble(ArrayRef<Loop> loops) {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  llvm::InitializeNativeTargetAsmParser();
  auto builder = llvm::orc::JITTargetMachineBuilder::detectHost();
  if (!builder)
    return builder.takeError();
  auto machine = builder->createTargetMachine();
  if (!machine)
    return machine.takeError();
  llvm::LLVMContext context;
  llvm::Module module("peaks", context);
  module.setTargetTriple((*machine)->getTargetTriple());
  module.setDataLayout((*machine)->createDataLayout());
  std::string text = ".intel_syntax noprefix\n";
  for (auto [number, loop] : llvm::enumerate(loops))
    text += print(loop, number);
  module.setModuleInlineAsm(text + ".att_syntax\n");
  return llvm::orc::SimpleCompiler(**machine)(module);
}

llvm::Error Measurement::link() {
  auto object = assemble(loops);
  if (!object)
    return object.takeError();
  auto made = makeHostLinker();
  if (!made)
    return made.takeError();
  jit = std::move(*made);
  if (llvm::Error error = jit->addObjectFile(std::move(*object)))
    return error;
  for (size_t number = 0; number < loops.size(); ++number) {
    auto address = jit->lookup("loop" + std::to_string(number));
    if (!address)
      return address.takeError();
    functions.push_back(address->toPtr<Function>());
  }
  return llvm::Error::success();
}

/// Random bytes, and random floats.
std::pair<std::vector<char>, std::vector<char>> makeData() {
  std::mt19937 random(1);
  std::vector<char> bytes(dataBytes), floats(dataBytes);
  for (int64_t at = 0; at < dataBytes; at += 4) {
    uint32_t word = random();
    // Between 0.5 and 1, of either sign: sums neither grow much nor become subnormal.
    float number = std::uniform_real_distribution<float>(0.5f, 1.0f)(random) * (word & 1 ? 1 : -1);
    // Both halves are such a number as bf16, too.
    auto upper = llvm::bit_cast<uint32_t>(number) >> 16;
    uint32_t both = upper << 16 | upper;
    std::memcpy(&bytes[at], &word, 4);
    std::memcpy(&floats[at], &both, 4);
  }
  return {bytes, floats};
}

/// All loops in turn, so that a slow moment of the machine hits none of them in all of its windows.
std::vector<Peak> Measurement::run(int64_t blockBytes) {
  // Many short windows: on a busy machine some of them fall between the turns of others.
  constexpr double windowSeconds = 3e-4;
  constexpr int64_t windows = 150, maxBytesRead = int64_t(1) << 30;
  auto [bytes, floats] = makeData();
  std::vector<char> block(blockBytes, 1);
  std::vector<int64_t> calls(loops.size(), 1);
  std::vector<double> best(loops.size(), 0); // rounds per second
  for (int64_t repeat = 0; repeat < windows; ++repeat)
    for (auto [number, loop] : llvm::enumerate(loops)) {
      bool readsMemory = loop.kind == Peak::Kind::Memory;
      if (readsMemory && repeat * blockBytes > maxBytesRead)
        continue;
      bool isFloat = loop.kind == Peak::Kind::Float32 || loop.kind == Peak::Kind::Bfloat16;
      const std::vector<char> &data = readsMemory ? block : isFloat ? floats : bytes;
      int64_t rounds = readsMemory ? blockBytes / int64_t(loop.perRound) : 1000;
      if (readsMemory) // Brings into the caches what they hold.
        seconds(number, data, rounds, 1);
      while (repeat == 0 && seconds(number, data, rounds, calls[number]) < windowSeconds)
        calls[number] *= 2;
      double rate = rounds * calls[number] / seconds(number, data, rounds, calls[number]);
      best[number] = std::max(best[number], rate);
    }
  std::vector<Peak> peaks;
  for (auto [loop, rate] : llvm::zip_equal(loops, best))
    peaks.push_back({loop.kind, loop.instructions, rate * loop.perRound});
  return peaks;
}

} // namespace

FailureOr<std::vector<Peak>> qcc::measurePeaks(Location loc, StringRef target, int64_t blockBytes) {
  std::vector<Loop> loops = loopsFor(target);
  if (loops.empty())
    return std::vector<Peak>();
  Measurement measurement(std::move(loops));
  if (llvm::Error error = measurement.link())
    return emitError(loc) << "cannot measure the machine's peaks: " << llvm::toString(std::move(error));
  return measurement.run(blockBytes);
}

StringRef qcc::kindName(Peak::Kind kind) {
  switch (kind) {
  case Peak::Kind::Int8:
    return "int8";
  case Peak::Kind::Bfloat16:
    return "bf16";
  case Peak::Kind::Float32:
    return "f32";
  case Peak::Kind::Bits:
    return "bits";
  case Peak::Kind::Memory:
    return "memory";
  }
  llvm_unreachable("unknown kind");
}

const Peak *qcc::findPeak(ArrayRef<Peak> peaks, Peak::Kind kind) {
  const Peak *best = nullptr;
  for (const Peak &peak : peaks)
    if (peak.kind == kind && (!best || peak.perSecond > best->perSecond))
      best = &peak;
  return best;
}
