// The emulated targets as a table, and the files of runtime/port that run on them.
#ifndef QCC_COMPILER_VERIFY_BOARDS_H
#define QCC_COMPILER_VERIFY_BOARDS_H

#include "compiler/support/EmbeddedFile.h"

#include <vector>

namespace qcc {

/// The files of runtime/port.
llvm::ArrayRef<EmbeddedFile> portFiles();

/// A program and the Debian package that holds it.
struct Tool {
  llvm::StringRef program, package;
};

/// How a target's objects are linked with the harness and run: a row of runtime/port/boards.json.
struct Board {
  llvm::StringRef target;
  Tool compiler, emulator;
  /// What linking needs besides the compiler's own package.
  std::vector<llvm::StringRef> packages;
  /// Flags of the compiler, and the sources by their names in runtime/port (harness.c is implied).
  std::vector<llvm::StringRef> flags, sources;
  /// The linker script's name in runtime/port, or empty.
  llvm::StringRef linkerScript;
  /// What the emulator gets before the linked program; a file of runtime/port by its name there.
  std::vector<llvm::StringRef> emulatorFlags;
  /// What counts: qemu's plugin, or the loader's clock.
  enum class Measure { Instructions, Time } measure;
};

/// The board for a target, or null if it is not emulated.
const Board *findBoard(llvm::StringRef target);
llvm::ArrayRef<Board> boards();

} // namespace qcc

#endif // QCC_COMPILER_VERIFY_BOARDS_H
