#include "compiler/support/Files.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Process.h"

using namespace mlir;
using namespace qcc;
namespace fs = llvm::sys::fs;

/// The system's message in the style of ours: lower case.
static std::string reason(const std::error_code &code) {
  std::string text = code.message();
  if (!text.empty())
    text[0] = llvm::toLower(text[0]);
  return text;
}

FailureOr<std::unique_ptr<llvm::MemoryBuffer>> qcc::readFile(Location loc, StringRef path) {
  fs::file_status status;
  if (std::error_code code = fs::status(path, status))
    return emitError(loc) << "cannot read '" << path << "': " << reason(code);
  if (status.type() != fs::file_type::regular_file)
    return emitError(loc) << "cannot read '" << path << "': not a regular file";
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(loc) << "cannot read '" << path << "': " << reason(buffer.getError());
  return std::move(*buffer);
}

/// Writes to an open descriptor and leaves it open.
static std::error_code writeTo(int descriptor, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/false);
  write(stream);
  stream.flush();
  std::error_code code = stream.error();
  stream.clear_error(); // Otherwise its destructor ends the process.
  return code;
}

static std::error_code writeDirectly(StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  int descriptor;
  if (std::error_code code = fs::openFileForWrite(path, descriptor, fs::CD_OpenExisting))
    return code;
  std::error_code code = writeTo(descriptor, write);
  std::error_code closed = llvm::sys::Process::SafelyCloseFileDescriptor(descriptor);
  return code ? code : closed;
}

static std::error_code writeAtomically(StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(path + ".tmp-%%%%%%%%");
  if (!file)
    return llvm::errorToErrorCode(file.takeError());
  if (std::error_code code = writeTo(file->FD, write)) {
    llvm::consumeError(file->discard());
    return code;
  }
  return llvm::errorToErrorCode(file->keep(path));
}

LogicalResult qcc::writeFile(Location loc, StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  fs::file_status status;
  bool exists = !fs::status(path, status) && fs::exists(status);
  std::error_code code;
  if (exists && fs::is_directory(status))
    code = std::make_error_code(std::errc::is_a_directory);
  else if (exists && status.type() != fs::file_type::regular_file)
    code = writeDirectly(path, write);
  else
    code = writeAtomically(path, write);
  if (code)
    return emitError(loc) << "cannot write '" << path << "': " << reason(code);
  return success();
}
