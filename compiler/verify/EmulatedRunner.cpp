// Runs an object on an emulated board: links it with the harness of runtime/port, starts the emulator, and exchanges
// samples and results through files.
#include "compiler/verify/Execution.h"
#include "compiler/verify/ObjectInfo.h"
#include "compiler/verify/Process.h"

#include "runtime/port/harness/result.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <map>

using namespace mlir;
using namespace qcc;

namespace {

constexpr StringRef inputName = "input.bin", outputName = "output.bin", resultName = "result.bin";
constexpr StringRef countsName = "counts.txt", emulatorLog = "emulator.log", programName = "program";

std::string quoteC(StringRef text) {
  std::string quoted;
  llvm::raw_string_ostream stream(quoted);
  stream << '"';
  stream.write_escaped(text, /*UseHexEscapes=*/false);
  stream << '"';
  return quoted;
}

/// Writes the definition of `port_model` (harness/port.h).
class ModelTable {
public:
  ModelTable(const ModelBinary &model, const TemporaryDirectory &directory, size_t samples, bool profiles)
      : model(model), directory(directory), samples(samples), profiles(profiles) {}

  std::string print() {
    std::string profiled = profiles ? model.name + "_run_profiled" : "0";
    bool hasState = model.stateBytes > 0;
    out << "#include \"port.h\"\n"
        << "int " << model.name << "_run(const void *inputs, const void *outputs, void *arena PORT_STATE(void *));\n";
    if (profiles)
      out << "int " << profiled
          << "(const void *inputs, const void *outputs, void *arena PORT_STATE(void *), port_hook, void *user);\n";
    if (hasState)
      out << "void " << model.name << "_reset(void *state);\n";
    printBuffers("inputs", model.inputs);
    printBuffers("outputs", model.outputs);
    printArena();
    printMemory("state", model.stateBytes);
    out << "static const struct port_buffer state = " << entry("state", model.stateBytes) << ";\n"
        << "const struct port_model port_model = {" << model.name << "_run, " << profiled << ", "
        << (hasState ? model.name + "_reset" : "0") << ", " << samples << ", " << model.inputs.size() << ", "
        << model.outputs.size() << ", " << memoriesOf(model).size()
        << ", inputs, outputs, memories, &state, inputs_pointers, outputs_pointers, " << arena();
    for (StringRef file : {inputName, outputName, resultName})
      out << ", " << quoteC(directory.path(file));
    out << "};\n";
    return text;
  }

private:
  void printMemory(const std::string &name, int64_t bytes) {
    out << "static unsigned char " << name << "_memory[" << bytes + 2 * guardBytes(model) << "] __attribute__((aligned("
        << model.arenaAlign << ")));\n";
  }
  std::string address(const std::string &name) {
    return llvm::formatv("{0}_memory + {1}", name, guardBytes(model)).str();
  }
  std::string entry(const std::string &name, int64_t bytes) {
    return llvm::formatv("{{{0}, {1}, {2}}", address(name), bytes, guardBytes(model)).str();
  }
  /// What a run gets as its last argument.
  std::string arena() { return model.memories.empty() ? address("memory0") : "(void *)memory_pointers"; }
  void printArena() {
    std::string entries, pointers;
    for (auto [index, memory] : llvm::enumerate(memoriesOf(model))) {
      std::string name = "memory" + std::to_string(index);
      printMemory(name, memory.bytes);
      entries += entry(name, memory.bytes) + ", ";
      pointers += address(name) + ", ";
    }
    // The last pointer is the function that copies weights: none, so memcpy.
    out << "static const struct port_buffer memories[] = {" << entries << "};\n"
        << "static void *const memory_pointers[] = {" << pointers << "0};\n";
  }
  void printBuffers(StringRef kind, ArrayRef<RankedTensorType> types) {
    std::string entries, pointers;
    for (auto [index, type] : llvm::enumerate(types)) {
      std::string name = (kind + llvm::Twine(index)).str();
      printMemory(name, packedBytes(type));
      entries += entry(name, packedBytes(type)) + ", ";
      pointers += address(name) + ", ";
    }
    // The extra element keeps the arrays valid C if there is none.
    out << "static const struct port_buffer " << kind << "[] = {" << entries << "{0, 0, 0}};\n"
        << "static void *const " << kind << "_pointers[] = {" << pointers << "0};\n";
  }

  const ModelBinary &model;
  const TemporaryDirectory &directory;
  size_t samples;
  bool profiles;
  std::string text;
  llvm::raw_string_ostream out{text};
};

/// What the plugin counted between two markers.
struct Count {
  int64_t instructions = 0;
  std::vector<ExecutedBlock> blocks;
};

/// One model on one board, from its sources to its results.
class EmulatedRun {
public:
  EmulatedRun(Location loc, const Board &board, const ModelBinary &model, const RunOptions &options,
              const TemporaryDirectory &directory)
      : loc(loc), board(board), model(model), options(options), directory(directory) {}

  FailureOr<Outputs> run(Samples samples, RunStatistics &statistics);

private:
  LogicalResult writeFiles(Samples samples);
  LogicalResult link();
  LogicalResult buildPlugin();
  LogicalResult emulate();
  LogicalResult readResult(size_t samples, RunStatistics &statistics);
  LogicalResult reportError(const port_result &result);
  FailureOr<Outputs> readOutputs(size_t samples);
  LogicalResult readInstructions(size_t samples, RunStatistics &statistics);
  FailureOr<std::vector<Count>> readCounts();
  LogicalResult readTimes(RunStatistics &statistics);
  bool counts() const { return options.measure && board.measure == Board::Measure::Instructions; }
  /// After the samples, the harness has each kernel counted.
  bool profiles() const { return counts() && model.profiledKernels > 0; }
  bool times() const { return options.measure && board.measure == Board::Measure::Time; }

  Location loc;
  const Board &board;
  const ModelBinary &model;
  const RunOptions &options;
  const TemporaryDirectory &directory;
};

LogicalResult EmulatedRun::writeFiles(Samples samples) {
  for (const EmbeddedFile &file : portFiles())
    if (failed(directory.write(loc, file.name, file.text)))
      return failure();
  std::vector<char> input;
  for (const std::vector<HostTensor> &sample : samples)
    for (const HostTensor &tensor : sample)
      input.insert(input.end(), tensor.bytes.begin(), tensor.bytes.end());
  std::string table = ModelTable(model, directory, samples.size(), profiles()).print();
  return success(succeeded(directory.write(loc, inputName, input)) &&
                 succeeded(directory.write(loc, "model.c", table)) &&
                 succeeded(directory.write(loc, "model.o", model.object)));
}

LogicalResult EmulatedRun::link() {
  std::vector<std::string> arguments(board.flags.begin(), board.flags.end());
  if (model.stateBytes > 0)
    arguments.push_back("-DPORT_HAS_STATE");
  for (StringRef flag : {"-O2", "-std=gnu99", "-ffreestanding", "-ffunction-sections", "-Wl,--gc-sections"})
    arguments.push_back(flag.str());
  for (StringRef folder : {"harness", "semihosting"})
    arguments.push_back("-I" + directory.path(folder));
  if (!board.linkerScript.empty())
    // Scripts include others of their folder.
    arguments.insert(arguments.end(), {"-T", directory.path(board.linkerScript),
                                       "-L" + directory.path(llvm::sys::path::parent_path(board.linkerScript))});
  for (StringRef source : board.sources)
    arguments.push_back(directory.path(source));
  for (StringRef source : {"harness/harness.c", "model.c", "model.o"})
    arguments.push_back(directory.path(source));
  arguments.insert(arguments.end(), {"-o", directory.path(programName)});
  return runTool(loc, board.compiler, arguments, directory, "link.log", options.timeoutSeconds, board.packages);
}

LogicalResult EmulatedRun::buildPlugin() {
  std::vector<std::string> arguments = {
      "-O2", "-shared", "-fPIC", directory.path("qemu/icount.c"), "-o", directory.path("libicount.so")};
  return runTool(loc, {"cc", "gcc"}, arguments, directory, "plugin.log", options.timeoutSeconds);
}

LogicalResult EmulatedRun::emulate() {
  std::vector<std::string> arguments;
  if (counts()) {
    if (failed(buildPlugin()))
      return failure();
    arguments = {"-plugin", directory.path("libicount.so") + ",out=" + directory.path(countsName) +
                                (options.traceBlocks ? ",blocks=on" : "")};
  }
  // A flag that names a file of runtime/port means that file.
  for (StringRef flag : board.emulatorFlags)
    arguments.push_back(llvm::any_of(portFiles(), [&](const EmbeddedFile &file) { return file.name == flag; })
                            ? directory.path(flag)
                            : flag.str());
  arguments.push_back(directory.path(programName));
  if (times())
    arguments.push_back(llvm::formatv("{0}", options.measureSeconds).str());
  return runTool(loc, board.emulator, arguments, directory, emulatorLog, options.timeoutSeconds);
}

LogicalResult EmulatedRun::reportError(const port_result &result) {
  switch (result.error) {
  case PORT_STATUS:
    return statusError(loc, model, result.samples, int32_t(result.detail));
  case PORT_GUARD:
    return guardError(loc, model, result.samples, result.detail);
  case PORT_STACK:
    return emitError(loc) << "'" << model.name << "_run' needs more than " << PORT_STACK_BYTES
                          << " bytes of stack for sample " << result.samples;
  case PORT_INPUT:
    return emitError(loc) << "the harness cannot read sample " << result.samples << " from '"
                          << directory.path(inputName) << "'";
  default:
    return emitError(loc) << "the harness cannot write sample " << result.samples << " to '"
                          << directory.path(outputName) << "'";
  }
}

LogicalResult EmulatedRun::readResult(size_t samples, RunStatistics &statistics) {
  FailureOr<std::vector<char>> bytes = directory.read(loc, resultName);
  if (failed(bytes))
    return failure();
  port_result result;
  if (bytes->size() != sizeof result)
    return emitError(loc) << "expects " << sizeof result << " bytes of results from the harness, but it wrote "
                          << bytes->size();
  std::memcpy(&result, bytes->data(), sizeof result);
  if (result.error != PORT_OK)
    return reportError(result);
  if (result.samples != samples)
    return emitError(loc) << "expects " << samples << " samples from the harness, but it ran " << result.samples;
  // WebAssembly keeps locals outside of its memory: what can be seen is only a part.
  if (board.measure == Board::Measure::Instructions)
    statistics.stackBytes = result.stack_bytes;
  statistics.arenaBytes = result.arena_bytes;
  return success();
}

FailureOr<Outputs> EmulatedRun::readOutputs(size_t samples) {
  FailureOr<std::vector<char>> bytes = directory.read(loc, outputName);
  if (failed(bytes))
    return failure();
  size_t sampleBytes = 0;
  for (RankedTensorType type : model.outputs)
    sampleBytes += packedBytes(type);
  if (bytes->size() != samples * sampleBytes)
    return emitError(loc) << "expects " << samples * sampleBytes << " bytes of outputs from the harness, but it wrote "
                          << bytes->size();
  Outputs outputs(samples);
  const char *next = bytes->data();
  for (std::vector<HostTensor> &sample : outputs)
    for (RankedTensorType type : model.outputs) {
      HostTensor &tensor = sample.emplace_back(type);
      std::copy_n(next, tensor.bytes.size(), tensor.bytes.begin());
      next += tensor.bytes.size();
    }
  return outputs;
}

/// Reads a line "block ADDRESS CODE EXECUTIONS".
static std::optional<ExecutedBlock> parseBlock(StringRef line) {
  SmallVector<StringRef> words;
  line.split(words, ' ');
  ExecutedBlock block;
  std::string code;
  if (words.size() != 4 || words[1].getAsInteger(16, block.address) || !llvm::tryGetFromHex(words[2], code) ||
      words[3].getAsInteger(10, block.executions))
    return std::nullopt;
  block.code.assign(code.begin(), code.end());
  return block;
}

FailureOr<std::vector<Count>> EmulatedRun::readCounts() {
  FailureOr<std::vector<char>> bytes = directory.read(loc, countsName);
  if (failed(bytes))
    return failure();
  SmallVector<StringRef> lines;
  StringRef(bytes->data(), bytes->size()).split(lines, '\n', /*MaxSplit=*/-1, /*KeepEmpty=*/false);
  std::vector<Count> counts;
  for (StringRef line : lines) {
    if (std::optional<ExecutedBlock> block = parseBlock(line); block && !counts.empty())
      counts.back().blocks.push_back(std::move(*block));
    else if (line.getAsInteger(10, counts.emplace_back().instructions))
      return emitError(loc) << "the instruction counter wrote '" << line << "' for a count";
  }
  return counts;
}

/// The blocks of `count` by address, each once, without what `around` has.
static std::vector<ExecutedBlock> kernelBlocks(const Count &count, const Count &around) {
  std::map<std::pair<uint64_t, std::vector<uint8_t>>, int64_t> executions;
  for (const ExecutedBlock &block : count.blocks)
    executions[{block.address, block.code}] += block.executions;
  for (const ExecutedBlock &block : around.blocks)
    executions[{block.address, block.code}] -= block.executions;
  std::vector<ExecutedBlock> blocks;
  for (const auto &[code, times] : executions)
    if (times > 0)
      blocks.push_back({code.first, code.second, times});
  return blocks;
}

LogicalResult EmulatedRun::readInstructions(size_t samples, RunStatistics &statistics) {
  // harness.c: the first count is a call of a function of two instructions, then come the samples, then a hook around
  // nothing and the kernels.
  constexpr int64_t calibrationInstructions = 2;
  FailureOr<std::vector<Count>> counts = readCounts();
  if (failed(counts))
    return failure();
  size_t expected = 1 + samples + (profiles() ? 1 + model.profiledKernels : 0);
  if (counts->size() != expected)
    return emitError(loc) << "expects " << expected << " counts from the instruction counter, but it gave "
                          << counts->size();
  statistics.instructions = (*counts)[1].instructions - (*counts)[0].instructions + calibrationInstructions;
  ArrayRef<Count> kernels = ArrayRef(*counts).drop_front(1 + samples);
  for (const Count &count : kernels.empty() ? kernels : kernels.drop_front()) {
    KernelStatistics &kernel = statistics.kernels.emplace_back();
    kernel.instructions = count.instructions - kernels.front().instructions;
    kernel.blocks = kernelBlocks(count, kernels.front());
  }
  return success();
}

LogicalResult EmulatedRun::readTimes(RunStatistics &statistics) {
  FailureOr<std::vector<char>> bytes = directory.read(loc, emulatorLog);
  if (failed(bytes))
    return failure();
  SmallVector<StringRef> lines;
  StringRef(bytes->data(), bytes->size()).split(lines, '\n');
  for (StringRef line : lines) {
    if (line.consume_front("min_us "))
      line.getAsDouble(statistics.minMicroseconds);
    else if (line.consume_front("median_us "))
      line.getAsDouble(statistics.medianMicroseconds);
  }
  if (statistics.minMicroseconds < 0 || statistics.medianMicroseconds < 0)
    return emitError(loc) << "the loader gave no times";
  return success();
}

FailureOr<Outputs> EmulatedRun::run(Samples samples, RunStatistics &statistics) {
  if (failed(writeFiles(samples)) || failed(link()) || failed(emulate()) ||
      failed(readResult(samples.size(), statistics)))
    return failure();
  if (counts() && failed(readInstructions(samples.size(), statistics)))
    return failure();
  if (times() && failed(readTimes(statistics)))
    return failure();
  return readOutputs(samples.size());
}

} // namespace

FailureOr<Outputs> qcc::runEmulated(Location loc, const Board &board, const ModelBinary &model, Samples samples,
                                    const RunOptions &options, RunStatistics &statistics) {
  if (samples.empty())
    return Outputs();
  FailureOr<TemporaryDirectory> directory = TemporaryDirectory::create(loc, options.keepFiles);
  if (failed(directory))
    return failure();
  return EmulatedRun(loc, board, model, options, *directory).run(samples, statistics);
}
