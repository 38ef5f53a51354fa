#include "compiler/verify/Process.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace mlir;
using namespace qcc;

FailureOr<TemporaryDirectory> TemporaryDirectory::create(Location loc, bool keep) {
  SmallString<128> root;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("qcc", root))
    return emitError(loc) << "cannot make a temporary directory: " << error.message();
  return TemporaryDirectory(root.str().str(), keep);
}

TemporaryDirectory::~TemporaryDirectory() {
  if (root.empty())
    return;
  if (keep)
    llvm::errs() << "kept " << root << '\n';
  else
    llvm::sys::fs::remove_directories(root);
}

std::string TemporaryDirectory::path(StringRef name) const {
  SmallString<128> result(root);
  llvm::sys::path::append(result, name);
  return result.str().str();
}

LogicalResult TemporaryDirectory::write(Location loc, StringRef name, ArrayRef<char> bytes) const {
  std::string file = path(name);
  std::error_code error = llvm::sys::fs::create_directories(llvm::sys::path::parent_path(file));
  if (!error) {
    llvm::raw_fd_ostream stream(file, error);
    if (!error) {
      stream.write(bytes.data(), bytes.size());
      stream.close();
      error = stream.error();
      stream.clear_error();
    }
  }
  if (error)
    return emitError(loc) << "cannot write '" << file << "': " << error.message();
  return success();
}

FailureOr<std::vector<char>> TemporaryDirectory::read(Location loc, StringRef name) const {
  auto buffer = llvm::MemoryBuffer::getFile(path(name), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(loc) << "cannot read '" << path(name) << "': " << buffer.getError().message();
  return std::vector<char>((*buffer)->getBufferStart(), (*buffer)->getBufferEnd());
}

bool qcc::haveTool(Tool tool) { return bool(llvm::sys::findProgramByName(tool.program)); }

FailureOr<std::string> qcc::findTool(Location loc, Tool tool) {
  llvm::ErrorOr<std::string> found = llvm::sys::findProgramByName(tool.program);
  if (!found)
    return emitError(loc) << "needs the program '" << tool.program << "' (Debian package " << tool.package << ")";
  return *found;
}

/// The log's lines that say "error" or name what a linker does not find, or its last lines if none does; a handful at
/// most.
static std::string quoteLog(const TemporaryDirectory &directory, StringRef log) {
  constexpr size_t maxLines = 5;
  auto buffer = llvm::MemoryBuffer::getFile(directory.path(log));
  if (!buffer)
    return "";
  SmallVector<StringRef> lines, errors;
  (*buffer)->getBuffer().rtrim().split(lines, '\n');
  llvm::copy_if(lines, std::back_inserter(errors),
                [](StringRef line) { return line.contains("error") || line.contains("undefined reference"); });
  ArrayRef<StringRef> quoted =
      errors.empty() ? ArrayRef(lines).take_back(maxLines) : ArrayRef(errors).take_front(maxLines);
  return llvm::join(quoted, "\n");
}

LogicalResult qcc::runTool(Location loc, Tool tool, ArrayRef<std::string> arguments,
                           const TemporaryDirectory &directory, StringRef log, unsigned seconds,
                           ArrayRef<StringRef> packages) {
  FailureOr<std::string> program = findTool(loc, tool);
  if (failed(program))
    return failure();
  SmallVector<StringRef> command = {*program};
  command.append(arguments.begin(), arguments.end());
  std::string logPath = directory.path(log), message;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(logPath), StringRef(logPath)};
  int code = llvm::sys::ExecuteAndWait(*program, command, /*Env=*/std::nullopt, redirects, seconds, /*MemoryLimit=*/0,
                                       &message);
  if (code == 0)
    return success();
  InFlightDiagnostic diagnostic = emitError(loc) << tool.program;
  // -2 is also a crash; only a run out of time says so in its message.
  if (code == -2 && StringRef(message).contains("timed out"))
    diagnostic << " did not finish within " << seconds << " s";
  else if (code < 0)
    diagnostic << " failed: " << message;
  else
    diagnostic << " failed with exit code " << code;
  if (std::string quote = quoteLog(directory, log); !quote.empty())
    diagnostic.attachNote(loc) << quote;
  if (!packages.empty())
    diagnostic.attachNote(loc) << "it needs these Debian packages: " << tool.package << ' '
                               << llvm::join(packages, " ");
  return diagnostic;
}
