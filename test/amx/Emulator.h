// The instructions of AMX for tiles and products of bytes (Intel SDM, volume 2), on CPUs that lack them: these raise
// SIGILL, and its handler does what the instruction would have done. Tests run the code of AMX targets with it. For
// Linux on x86-64.
#ifndef QCC_TEST_AMX_EMULATOR_H
#define QCC_TEST_AMX_EMULATOR_H

#include <csignal>
#include <cstdint>
#include <ucontext.h>

namespace qcc::test::amx {

/// What a thread's tiles hold: palette 1, or 0 as long as none are configured.
struct TileState {
  static constexpr int tiles = 8, maxRows = 16, maxBytes = 64;
  struct Tile {
    uint16_t bytes; // of a row
    uint8_t rows;
    uint8_t data[maxRows][maxBytes];
  };
  uint8_t palette;
  uint8_t startRow;
  Tile tile[tiles];
};

/// Executes the instruction at the context's instruction pointer and steps behind it; false, with nothing changed, if
/// it is none that is emulated, or if a CPU with AMX would not execute it either.
bool execute(ucontext_t &context, TileState &state);

/// Handles SIGILL by `execute`, with a state for each thread; what is no such instruction goes to the handler that was
/// there before.
void install();

/// A handler of SIGILL that is called for what `execute` does not execute, in place of the one before `install`. Null
/// ends the program, as without a handler.
void setFallback(void (*handler)(int, siginfo_t *, void *));

} // namespace qcc::test::amx

#endif // QCC_TEST_AMX_EMULATOR_H
