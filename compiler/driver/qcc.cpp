// qcc: the program.
#include "compiler/driver/Command.h"

#include "llvm/Support/InitLLVM.h"

/// What was printed may not have arrived: the disk is full, or the reader gone.
static bool flushOutput() {
  llvm::outs().flush();
  if (!llvm::outs().has_error())
    return true;
  llvm::errs() << "qcc: error: cannot write to stdout: " << llvm::outs().error().message() << '\n';
  llvm::outs().clear_error();
  return false;
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  int code = qcc::driver::runCommand({argv + 1, argv + argc}, llvm::outs(), llvm::errs());
  return flushOutput() ? code : 1;
}
