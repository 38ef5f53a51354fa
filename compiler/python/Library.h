// What libqcc.so gives to those that link it: nothing but standard C++.
#ifndef QCC_COMPILER_PYTHON_LIBRARY_H
#define QCC_COMPILER_PYTHON_LIBRARY_H

#include <string>
#include <vector>

namespace qcc {

/// What came of a command line: `code` as the program's exit code, and what it would have printed to stdout and stderr.
struct CommandResult {
  int code;
  std::string output, errors;
};

/// Does what `qcc ARGUMENTS...` does, in this process. Threads may run commands at once.
CommandResult runCommand(const std::vector<std::string> &arguments);

} // namespace qcc

#endif // QCC_COMPILER_PYTHON_LIBRARY_H
