// The command line, for the program `qcc` and for others that want what it does in their own process.
#ifndef QCC_COMPILER_DRIVER_COMMAND_H
#define QCC_COMPILER_DRIVER_COMMAND_H

#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace qcc::driver {

/// Does what `qcc ARGUMENTS...` does, and returns its exit code: 0 done, 1 the input or the request is wrong, 2 the
/// command line is wrong. What it prints goes to `out`, errors go to `err`. Threads may run commands at once.
int runCommand(const std::vector<std::string> &arguments, llvm::raw_ostream &out, llvm::raw_ostream &err);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_COMMAND_H
