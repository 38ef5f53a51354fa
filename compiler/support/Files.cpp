#include "compiler/support/Files.h"

#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
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

/// True for devices and pipes, whose place a file must not take.
static bool isDevice(StringRef path) {
  fs::file_status status;
  return !fs::status(path, status) && fs::exists(status) && !fs::is_directory(status) &&
         status.type() != fs::file_type::regular_file;
}

/// A complete temporary file beside `path`.
static llvm::Expected<fs::TempFile> stage(StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  if (fs::is_directory(path))
    return llvm::errorCodeToError(std::make_error_code(std::errc::is_a_directory));
  llvm::Expected<fs::TempFile> file = fs::TempFile::create(path + ".tmp-%%%%%%%%");
  if (!file)
    return file;
  if (std::error_code code = writeTo(file->FD, write)) {
    llvm::consumeError(file->discard());
    return llvm::errorCodeToError(code);
  }
  return file;
}

static InFlightDiagnostic writeError(Location loc, StringRef path, const std::error_code &code) {
  return emitError(loc) << "cannot write '" << path << "': " << reason(code);
}

LogicalResult qcc::writeFile(Location loc, StringRef path, llvm::function_ref<void(llvm::raw_ostream &)> write) {
  std::error_code code;
  if (isDevice(path)) {
    code = writeDirectly(path, write);
  } else {
    llvm::Expected<fs::TempFile> file = stage(path, write);
    code = llvm::errorToErrorCode(file ? file->keep(path) : file.takeError());
  }
  if (code)
    return writeError(loc, path, code);
  return success();
}

LogicalResult qcc::writeFiles(Location loc, ArrayRef<OutputFile> files) {
  SmallVector<std::pair<fs::TempFile, const OutputFile *>> staged;
  // Files that no longer exist after `keep` are not discarded again.
  llvm::scope_exit discard([&] {
    for (auto &[file, output] : staged)
      if (!file.TmpName.empty())
        llvm::consumeError(file.discard());
  });
  for (const OutputFile &output : files) {
    auto write = [&](llvm::raw_ostream &stream) { stream.write(output.bytes.data(), output.bytes.size()); };
    if (isDevice(output.path)) {
      if (failed(writeFile(loc, output.path, write)))
        return failure();
      continue;
    }
    llvm::Expected<fs::TempFile> file = stage(output.path, write);
    if (!file)
      return writeError(loc, output.path, llvm::errorToErrorCode(file.takeError()));
    staged.emplace_back(std::move(*file), &output);
  }
  for (auto &[file, output] : staged)
    if (llvm::Error error = file.keep(output->path))
      return writeError(loc, output->path, llvm::errorToErrorCode(std::move(error)));
  return success();
}

/// Makes a folder and those above it; the new ones go to `made`, outermost first.
static std::error_code makeFolder(StringRef path, SmallVectorImpl<std::string> &made) {
  if (path.empty() || fs::is_directory(path))
    return {};
  if (fs::exists(path))
    return std::make_error_code(std::errc::not_a_directory);
  if (std::error_code code = makeFolder(llvm::sys::path::parent_path(path), made))
    return code;
  if (std::error_code code = fs::create_directory(path, /*IgnoreExisting=*/false))
    return code;
  made.push_back(path.str());
  return {};
}

LogicalResult qcc::writeTree(Location loc, StringRef root, ArrayRef<OutputFile> files) {
  SmallVector<std::string> made;
  llvm::scope_exit undo([&] {
    for (StringRef folder : llvm::reverse(made))
      fs::remove(folder);
  });
  for (const OutputFile &file : files) {
    StringRef folder = llvm::sys::path::parent_path(file.path);
    if (folder != root && !folder.starts_with((root + "/").str()))
      continue;
    if (std::error_code code = makeFolder(folder, made))
      return writeError(loc, folder, code);
  }
  if (failed(writeFiles(loc, files)))
    return failure();
  undo.release();
  return success();
}
