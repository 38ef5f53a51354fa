#include "compiler/python/Library.h"

#include "compiler/driver/Command.h"

#include "llvm/Support/raw_ostream.h"

qcc::CommandResult qcc::runCommand(const std::vector<std::string> &arguments) {
  CommandResult result;
  llvm::raw_string_ostream out(result.output), err(result.errors);
  result.code = driver::runCommand(arguments, out, err);
  return result;
}
