#include "compiler/verify/Peers.h"

#include "compiler/verify/Execution.h"
#include "compiler/verify/Process.h"

#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace qcc;

static constexpr StringRef scriptName = "peers/compare.py", loopName = "peers/repeat.c";
static constexpr unsigned timeoutSeconds = 600;

/// The object and the timed loop as one shared library.
static LogicalResult linkLibrary(Location loc, const ModelBinary &model, const TemporaryDirectory &directory,
                                 StringRef library) {
  for (const EmbeddedFile &file : portFiles())
    if ((file.name == scriptName || file.name == loopName) && failed(directory.write(loc, file.name, file.text)))
      return failure();
  if (failed(directory.write(loc, "model.o", model.object)))
    return failure();
  std::vector<std::string> arguments = {
      "-O2", "-shared", "-fPIC", directory.path(loopName), directory.path("model.o"), "-o", directory.path(library)};
  return runTool(loc, {"cc", "gcc"}, arguments, directory, "link.log", timeoutSeconds);
}

static std::string listBytes(ArrayRef<RankedTensorType> types) {
  std::string text;
  for (RankedTensorType type : types)
    text += (text.empty() ? "" : ",") + std::to_string(packedBytes(type));
  return text;
}

FailureOr<std::string> qcc::compareWithPeers(Location loc, const ModelBinary &model, StringRef modelFile,
                                             ArrayRef<HostTensor> sample, bool isBfloat, bool json) {
  if (std::optional<std::string> reason = whyNotRunnable(model.target))
    return emitError(loc) << *reason;
  if (findBoard(model.target))
    return emitError(loc) << "cannot compare on target '" << model.target
                          << "': other runtimes are installed for this machine only";
  FailureOr<TemporaryDirectory> directory = TemporaryDirectory::create(loc, /*keep=*/false);
  if (failed(directory) || failed(linkLibrary(loc, model, *directory, "libmodel.so")))
    return failure();
  std::vector<char> input;
  for (const HostTensor &tensor : sample)
    input.insert(input.end(), tensor.bytes.begin(), tensor.bytes.end());
  SmallString<128> file(modelFile);
  if (std::error_code error = llvm::sys::fs::make_absolute(file))
    return emitError(loc) << "cannot find '" << modelFile << "': " << error.message();
  std::vector<std::string> arguments = {directory->path(scriptName),
                                        "--library=" + directory->path("libmodel.so"),
                                        "--name=" + model.name,
                                        "--model=" + file.str().str(),
                                        "--input=" + directory->path("input.bin"),
                                        "--input-bytes=" + listBytes(model.inputs),
                                        "--output-bytes=" + listBytes(model.outputs),
                                        "--arena-bytes=" + std::to_string(model.arenaBytes),
                                        std::string("--floats=") + (isBfloat ? "bf16" : "f32"),
                                        "--output=" + directory->path("result.txt")};
  if (json)
    arguments.push_back("--json");
  if (failed(directory->write(loc, "input.bin", input)) ||
      failed(runTool(loc, {"python3", "python3"}, arguments, *directory, "compare.log", timeoutSeconds)))
    return failure();
  FailureOr<std::vector<char>> result = directory->read(loc, "result.txt");
  if (failed(result))
    return failure();
  return std::string(result->begin(), result->end());
}
