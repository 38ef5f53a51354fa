// unit-random_graphs: random models in the reference interpreter and as objects on a target must agree.
//
//   unit-random_graphs [--graphs=N] [--seed=S] [--first=K] [--operators=M] [--samples=N] [--dead=PERCENT] [--threads=N]
//   [--target=T] [--print]
//
// Graph K of seed S is always the same; a mismatch prints both numbers and the model, and the exit code is 1.
#include "RandomGraph.h"

#include "compiler/emit/Compile.h"
#include "compiler/interpret/Interpreter.h"
#include "compiler/pipeline/Samples.h"
#include "compiler/verify/Compare.h"
#include "compiler/verify/ObjectInfo.h"
#include "compiler/verify/Runner.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using namespace qcc;

namespace {

struct Options {
  int64_t graphs = 500, first = 0, operators = 8, samples = 8, dead = 0, threads = 1;
  uint64_t seed = 1;
  std::string target = "host";
  bool print = false;
};

constexpr double ulps = 256; // A chain of float operators adds up its roundings.

/// Everything about one graph; the context dies with it, and with it the constants.
class Trial {
public:
  Trial(const Options &options, int64_t number) : options(options), number(number) {
    DialectRegistry registry;
    qnn::registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    context.disableMultithreading();
    context.getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { errors += diagnostic.str() + "\n"; });
  }

  /// What is wrong, or nothing.
  std::optional<std::string> run() {
    module = RandomGraph(&context, options.seed * 1'000'003 + number, static_cast<int>(options.dead))
                 .build(options.operators);
    if (options.print)
      module->print(llvm::outs());
    if (failed(verify(*module)))
      return "the generator made an invalid model\n" + errors;
    FailureOr<func::FuncOp> model = findModel(*module);
    if (failed(model))
      return errors;
    Samples inputs = makeRandomSamples(modelInputs(*model), options.samples, number);
    FailureOr<Samples> expected = interpret(*model, inputs), got = execute(*model, inputs);
    if (failed(expected) || failed(got))
      return errors;
    Comparison comparison = compareOutputs(*expected, *got, ulps);
    if (!comparison.first)
      return std::nullopt;
    const Difference &at = *comparison.first;
    return llvm::formatv("output {0} of sample {1} differs at element {2}: the interpreter gives {3}, the object {4}\n",
                         at.output, at.sample, at.element, at.expected, at.got)
        .str();
  }

  void printModel() { module->print(llvm::errs()); }

private:
  FailureOr<Samples> interpret(func::FuncOp model, const Samples &inputs) {
    FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
    if (failed(interpreter))
      return failure();
    Samples outputs;
    for (const std::vector<HostTensor> &sample : inputs) {
      FailureOr<std::vector<HostTensor>> output = interpreter->run(sample);
      if (failed(output))
        return failure();
      outputs.push_back(std::move(*output));
    }
    return outputs;
  }

  FailureOr<Samples> execute(func::FuncOp model, const Samples &inputs) {
    ModelBinary binary;
    for (const ModelPort &port : modelInputs(model))
      binary.inputs.push_back(port.type);
    for (const ModelPort &port : modelOutputs(model))
      binary.outputs.push_back(port.type);
    OwningOpRef<ModuleOp> clone = module->clone();
    CompileOptions compileOptions;
    compileOptions.target = options.target;
    // Optimisation is LLVM's; size shares kernels, which is qcc's own.
    compileOptions.optLevel = number % 4 == 0 ? 2 : 1;
    compileOptions.optimizeSize = number % 3 == 0;
    compileOptions.split = {.threads = options.threads, .leastMacs = 1, .leastElements = 1};
    compileOptions.optimize = number % 2 == 0 ? Optimize::Speed : Optimize::Ram;
    FailureOr<CompileResult> compiled = compileModel(*clone, compileOptions, Emit::Object);
    if (failed(compiled))
      return failure();
    if (failed(checkSymbols(model, compiled->object)))
      return failure();
    binary.name = compiled->report.name;
    binary.object = compiled->object;
    binary.arenaBytes = compiled->report.arenaBytes;
    binary.arenaAlign = compiled->report.arenaAlign;
    binary.target = options.target;
    binary.threads = options.threads;
    RunStatistics used;
    FailureOr<Samples> outputs = runModel(&context, binary, inputs, {}, &used);
    if (int64_t bound = compiled->report.stackBytes; bound >= 0 && used.stackBytes > bound)
      return emitError(UnknownLoc::get(&context))
             << "used " << used.stackBytes << " bytes of stack, more than the " << bound << " of the report";
    return outputs;
  }

  /// Integer models need no library but the C functions that compilers call by themselves.
  LogicalResult checkSymbols(func::FuncOp model, ArrayRef<char> object) {
    Location loc = UnknownLoc::get(&context);
    auto isFloat = [](Type type) { return qnn::getFormat(type).isFloat(); };
    bool hasFloats = false;
    model.walk([&](Operation *op) {
      bool isValue = !llvm::isa<func::FuncOp>(op);
      hasFloats |=
          isValue && (llvm::any_of(op->getOperandTypes(), isFloat) || llvm::any_of(op->getResultTypes(), isFloat));
    });
    FailureOr<ObjectInfo> info = readObjectInfo(loc, object);
    if (failed(info) || hasFloats || info->arch == llvm::Triple::wasm32)
      return info;
    for (StringRef symbol : info->undefinedSymbols)
      if (symbol != "memcpy" && symbol != "memset")
        return emitError(loc) << "an integer model needs the symbol '" << symbol << "'";
    return success();
  }

  const Options &options;
  int64_t number;
  MLIRContext context;
  std::string errors;
  OwningOpRef<ModuleOp> module;
};

/// Reads `--name=number`; false if the argument is something else.
bool parse(StringRef argument, Options &options) {
  if (argument == "--print")
    return options.print = true;
  auto [name, number] = argument.split('=');
  if (name == "--seed")
    return !number.getAsInteger(10, options.seed);
  if (name == "--target")
    return !(options.target = number.str()).empty();
  for (auto [known, value] : {std::pair("--graphs", &options.graphs), std::pair("--first", &options.first),
                              std::pair("--operators", &options.operators), std::pair("--samples", &options.samples),
                              std::pair("--dead", &options.dead), std::pair("--threads", &options.threads)})
    if (name == known)
      return !number.getAsInteger(10, *value) && *value >= 0;
  return false;
}

} // namespace

int main(int argc, char **argv) {
  Options options;
  for (StringRef argument : ArrayRef(argv, argc).drop_front())
    if (!parse(argument, options)) {
      llvm::errs() << "unknown argument '" << argument << "'; see the head of test/unit/random_graphs/Main.cpp\n";
      return 2;
    }
  int64_t failures = 0;
  for (int64_t number = options.first; number < options.first + options.graphs; ++number) {
    Trial trial(options, number);
    std::optional<std::string> problem = trial.run();
    if (!problem)
      continue;
    ++failures;
    llvm::errs() << "--seed=" << options.seed << " --first=" << number << " --graphs=1\n" << *problem;
    trial.printModel();
  }
  llvm::outs() << options.graphs - failures << " of " << options.graphs << " graphs agree\n";
  return failures ? 1 : 0;
}
