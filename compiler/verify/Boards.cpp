#include "compiler/verify/Boards.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;
using namespace qcc;

namespace {

/// Where qemu's Cortex-M boards have their memories; arm/board.ld reads these. Weights and buffers go to the
/// large memory: PSRAM on the MPS2 boards, DDR on the MPS3.
constexpr StringRef mps2Code = "-Wl,--defsym=VECTOR_BASE=0,--defsym=CODE_BASE=0x400,--defsym=CODE_BYTES=0x3ffc00,"
                               "--defsym=STACK_BASE=0x20000000";
constexpr StringRef mps2Psram = "-Wl,--defsym=BULK_BASE=0x21000000,--defsym=BULK_BYTES=16M";
constexpr StringRef an500Psram = "-Wl,--defsym=BULK_BASE=0x60000000,--defsym=BULK_BYTES=16M";
constexpr StringRef an505Code = "-Wl,--defsym=VECTOR_BASE=0x10000000,--defsym=CODE_BASE=0x10000400,"
                                "--defsym=CODE_BYTES=0x3ffc00,--defsym=STACK_BASE=0x38000000";
constexpr StringRef an505Psram = "-Wl,--defsym=BULK_BASE=0x80000000,--defsym=BULK_BYTES=16M";
constexpr StringRef an547Code = "-Wl,--defsym=VECTOR_BASE=0x10000000,--defsym=CODE_BASE=0x11000000,"
                                "--defsym=CODE_BYTES=2M,--defsym=STACK_BASE=0x31000000";
constexpr StringRef an547Ddr = "-Wl,--defsym=BULK_BASE=0x60000000,--defsym=BULK_BYTES=512M";

/// The base procedure-call standard: it links with objects that pass only pointers, whatever units the core has.
constexpr StringRef softfp = "-mfloat-abi=softfp";

Board cortexM(StringRef target, StringRef cpuFlag, StringRef floatFlag, StringRef machine,
              std::vector<StringRef> memories) {
  std::vector<StringRef> flags = {cpuFlag, "-mthumb", floatFlag, "-nostartfiles"};
  flags.insert(flags.end(), memories.begin(), memories.end());
  return {target,
          {"arm-none-eabi-gcc", "gcc-arm-none-eabi"},
          {"qemu-system-arm", "qemu-system-arm"},
          {"libnewlib-arm-none-eabi"},
          flags,
          {"semihosting/semihosting.c", "arm/startup.c"},
          "arm/board.ld",
          {"-machine", machine, "-display", "none", "-monitor", "none", "-serial", "none", "-semihosting-config",
           "enable=on,target=native", "-kernel"},
          Board::Measure::Instructions};
}

Board riscv(StringRef target, std::vector<StringRef> flags, Tool emulator, StringRef cpu) {
  flags.insert(flags.end(), {"--specs=picolibc.specs", "-mcmodel=medany", "-nostartfiles"});
  return {target,
          {"riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf"},
          emulator,
          {"picolibc-riscv64-unknown-elf"},
          flags,
          {"semihosting/semihosting.c", "riscv/startup.S"},
          "riscv/board.ld",
          {"-machine", "virt", "-cpu", cpu, "-bios", "none", "-display", "none", "-monitor", "none", "-serial", "none",
           "-semihosting-config", "enable=on,target=native", "-kernel"},
          Board::Measure::Instructions};
}

std::vector<Board> makeBoards() {
  return {
      // qemu has no large enough Cortex-M0+ board; a Cortex-M3 executes the same instructions.
      cortexM("cortex-m0plus", "-mcpu=cortex-m0plus", "-mfloat-abi=soft", "mps2-an385", {mps2Code, mps2Psram}),
      cortexM("cortex-m3", "-mcpu=cortex-m3", "-mfloat-abi=soft", "mps2-an385", {mps2Code, mps2Psram}),
      cortexM("cortex-m4", "-mcpu=cortex-m4", softfp, "mps2-an386", {mps2Code, mps2Psram}),
      cortexM("cortex-m7", "-mcpu=cortex-m7", softfp, "mps2-an500", {mps2Code, an500Psram}),
      cortexM("cortex-m33", "-mcpu=cortex-m33", softfp, "mps2-an505", {an505Code, an505Psram}),
      cortexM("cortex-m55", "-mcpu=cortex-m55", softfp, "mps3-an547", {an547Code, an547Ddr}),
      // Only the extensions of the target's name: an object that uses others traps.
      riscv("rv32imc", {"-march=rv32imc", "-mabi=ilp32"}, {"qemu-system-riscv32", "qemu-system-misc"},
            "rv32,a=off,f=off,d=off"),
      // The harness itself needs no vectors, and older compilers know none.
      riscv("rv64gcv", {"-march=rv64gc", "-mabi=lp64d"}, {"qemu-system-riscv64", "qemu-system-misc"},
            "rv64,v=true,vlen=128"),
      {"aarch64",
       {"aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu"},
       {"qemu-aarch64", "qemu-user"},
       {"libc6-dev-arm64-cross"},
       {"-static"},
       {"linux/posix.c"},
       "",
       {"-cpu", "max"},
       Board::Measure::Instructions},
      {"wasm32",
       {"clang-22", "clang-22"},
       {"node", "nodejs"},
       {"lld-22"},
       {"--target=wasm32-unknown-unknown", "-mbulk-memory", "-nostdlib", "-fuse-ld=lld",
        "-Wl,--no-entry,--allow-undefined,--stack-first,-z,stack-size=262144",
        "-Wl,--export=port_main,--export=port_repeat"},
       {"wasm/libc.c"},
       "",
       {"wasm/run.mjs"},
       Board::Measure::Time},
  };
}

} // namespace

ArrayRef<Board> qcc::boards() {
  static const std::vector<Board> all = makeBoards();
  return all;
}

const Board *qcc::findBoard(StringRef target) {
  const Board *found = find_if(boards(), [&](const Board &board) { return board.target == target; });
  return found == boards().end() ? nullptr : found;
}
