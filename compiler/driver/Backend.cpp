#include "compiler/driver/Backend.h"

#include "compiler/driver/Progress.h"
#include "compiler/emit/Binary.h"
#include "compiler/interpret/Interpreter.h"
#include "runtime/include/qcc/runtime.h"

#include "mlir/IR/Threading.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

//===-- Options -------------------------------------------------------------------------------===//

/// A positive number, or a fraction of two.
static std::optional<double> parseScale(StringRef text) {
  auto [top, bottom] = text.split('/');
  double numerator, denominator = 1;
  if (top.getAsDouble(numerator) || (text.contains('/') && bottom.getAsDouble(denominator)))
    return std::nullopt;
  double scale = numerator / denominator;
  return std::isfinite(scale) && scale > 0 ? std::optional(scale) : std::nullopt;
}

void InputOptions::addTo(CLI::App &verb) {
  verb.add_option("--input", array, "the array of samples; by default the first that fits the model")
      ->type_name("ARRAY");
  verb.add_option("--scale", scale, "a stored number times this is the real value, such as 1/255")
      ->type_name("NUMBER")
      ->capture_default_str();
}

void InputOptions::check() const {
  if (!parseScale(scale))
    throw CLI::ValidationError("--scale",
                               "expects a positive number or fraction such as 1/255, but got '" + scale + "'");
}

DataOptions InputOptions::get() const {
  DataOptions options;
  options.input = array;
  options.scale = *parseScale(scale);
  return options;
}

void BackendOptions::addTo(CLI::App &verb) {
  verb.add_option("--backend", name, "jit: compile for this machine; reference: the interpreter, slow and exact")
      ->check(CLI::IsMember({"jit", "reference"}))
      ->type_name("BACKEND")
      ->capture_default_str();
  addContractOption(verb, contract);
  addAlgorithmOption(verb, algorithms);
  memory.addTo(verb);
}

//===-- Running --------------------------------------------------------------------------------===//

FailureOr<SampleReader> qcc::driver::openSamples(Session &session, StringRef path, ArrayRef<ModelPort> ports) {
  FailureOr<std::vector<ArrayReader>> arrays = openArrays(session.nowhere(), path);
  if (failed(arrays))
    return failure();
  return SampleReader::create(fileLoc(&session.getContext(), path), ports, std::move(*arrays));
}

FailureOr<Samples> qcc::driver::readSamples(Session &session, StringRef path, ArrayRef<ModelPort> ports) {
  FailureOr<SampleReader> reader = openSamples(session, path, ports);
  if (failed(reader))
    return failure();
  return readAll(*reader);
}

Samples qcc::driver::sampleToMeasure(func::FuncOp model) {
  // The first three are extremes.
  return {makeRandomSamples(modelInputs(model), 4, 1).back()};
}

FailureOr<Samples> qcc::driver::runReference(func::FuncOp model, const Samples &samples, StringRef verb) {
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  if (failed(interpreter))
    return failure();
  Samples outputs(samples.size());
  Progress progress(verb.str(), samples.size());
  if (std::vector<HostTensor> state = interpreter->initialState(); !state.empty()) {
    for (auto [inputs, output] : llvm::zip_equal(samples, outputs)) {
      FailureOr<std::vector<HostTensor>> next = interpreter->step(inputs, state);
      if (failed(next))
        return failure();
      output = std::move(*next);
      progress.step();
    }
    return outputs;
  }
  LogicalResult result =
      failableParallelForEachN(model.getContext(), 0, samples.size(), [&](size_t index) -> LogicalResult {
        FailureOr<std::vector<HostTensor>> output = interpreter->run(samples[index]);
        if (failed(output))
          return failure();
        outputs[index] = std::move(*output);
        progress.step();
        return success();
      });
  if (failed(result))
    return failure();
  return outputs;
}

FailureOr<Execution> qcc::driver::runCompiled(ModuleOp module, const CompileOptions &options, const Samples &samples,
                                              const RunOptions &runOptions) {
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> compiled = compileModel(*clone, options, Emit::Object);
  if (failed(compiled))
    return failure();
  Execution execution;
  FailureOr<Samples> outputs =
      runModel(module.getContext(), makeBinary(*compiled, options), samples, runOptions, &execution.statistics);
  if (failed(outputs))
    return failure();
  execution.outputs = std::move(*outputs);
  execution.report = std::move(compiled->report);
  if (const VersionReport *version = chooseVersion(execution.report, qcc_cpu_features())) {
    execution.version = version->target;
    execution.report.kernels = version->kernels;
  }
  return execution;
}

FailureOr<Samples> qcc::driver::runBackend(const BackendOptions &backend, ModuleOp module, const Samples &samples,
                                           StringRef verb) {
  if (backend.name == "reference")
    return runReference(*findModel(module), samples, verb);
  CompileOptions options;
  backend.memory.setIn(options);
  setContract(options, backend.contract);
  options.algorithms = backend.algorithms;
  FailureOr<Execution> execution = runCompiled(module, options, samples);
  if (failed(execution))
    return failure();
  return std::move(execution->outputs);
}
