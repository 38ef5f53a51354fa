// Preloaded into a program (LD_PRELOAD), makes it believe that the CPU has AMX, and emulates it. The program is the one
// that users have; it asks LLVM for the CPU's features, and Linux for the permission to use tiles.
#include "test/amx/Emulator.h"
#include "llvm/ADT/StringMap.h"

#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <sys/syscall.h>

using namespace qcc::test;

namespace {
bool isInstalled = false;

template <typename Function> Function *next(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

__attribute__((constructor)) void begin() {
  amx::install();
  isInstalled = true;
}
} // namespace

/// The CPU's features, and AMX.
namespace llvm::sys {
StringMap<bool> getHostCPUFeatures() {
  StringMap<bool> features = next<StringMap<bool>()>("_ZN4llvm3sys18getHostCPUFeaturesEv")();
  features["amx-tile"] = features["amx-int8"] = true;
  return features;
}
} // namespace llvm::sys

/// Handlers of SIGILL that the program installs get what is not emulated.
extern "C" int sigaction(int signal, const struct sigaction *action, struct sigaction *old) noexcept {
  bool isOther = signal != SIGILL || !action || action->sa_handler == SIG_DFL || !isInstalled;
  if (isOther)
    return next<int(int, const struct sigaction *, struct sigaction *)>("sigaction")(signal, action, old);
  if (old)
    *old = {};
  amx::setFallback(action->sa_sigaction);
  return 0;
}

/// Tiles may be used.
extern "C" long syscall(long number, ...) noexcept {
  constexpr long requestPermission = 0x1023, tileData = 18;
  va_list list;
  va_start(list, number);
  long arguments[6];
  for (long &argument : arguments)
    argument = va_arg(list, long);
  va_end(list);
  if (number == SYS_arch_prctl && arguments[0] == requestPermission && arguments[1] == tileData)
    return 0;
  return next<long(long, ...)>("syscall")(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
                                          arguments[5]);
}
