// qcc run: outputs of a model for the samples of a file.
#include "compiler/driver/Backend.h"

#include "compiler/import/weights/Npz.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct RunVerb {
  ModelOptions model;
  std::string inputs, outputs;
  BackendOptions backend;
};
} // namespace

static LogicalResult run(Session &session, const RunVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  func::FuncOp model = *findModel(*module);
  FailureOr<Samples> inputs = readSamples(session, options.inputs, modelInputs(model));
  if (failed(inputs))
    return failure();
  FailureOr<Samples> outputs = runBackend(options.backend, *module, *inputs, "run");
  if (failed(outputs))
    return failure();
  return writeNpz(&session.getContext(), options.outputs, arraysFromSamples(modelOutputs(model), *outputs));
}

void qcc::driver::addRun(CLI::App &app, Command &command) {
  auto options = std::make_shared<RunVerb>();
  CLI::App &verb = addVerb(app, command, "run", "run a model on the samples of a file", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  verb.add_option("--inputs", options->inputs, "the samples, an .npz, .npy or .safetensors file")
      ->required()
      ->type_name("FILE");
  verb.add_option("--outputs", options->outputs, "where the outputs go, an .npz file")->required()->type_name("FILE");
  options->backend.addTo(verb);
  verb.footer("Arrays are named as the model's inputs and outputs, or input0, input1, ...; their first axis counts\n"
              "samples, the others are the model's without a batch of 1. The elements are codes: int8 for an int8\n"
              "model, float32 for a float one. `qcc inspect` shows names, shapes and formats. For a model with state,\n"
              "samples are the steps of one sequence.\n\n"
              "Example:\n"
              "  python3 -c 'import numpy; numpy.savez(\"in.npz\", input0=numpy.zeros((10, 49, 10, 1), \"int8\"))'\n"
              "  qcc run kws.tflite --inputs in.npz --outputs out.npz");
}
