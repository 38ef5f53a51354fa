#include "compiler/driver/Backend.h"

#include "compiler/driver/Progress.h"
#include "compiler/interpret/Interpreter.h"

#include "mlir/IR/Threading.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

void qcc::driver::addBackendOption(CLI::App &verb, std::string &backend) {
  verb.add_option("--backend", backend, "jit: compile for this machine; reference: the interpreter, slow and exact")
      ->check(CLI::IsMember({"jit", "reference"}))
      ->type_name("BACKEND")
      ->capture_default_str();
}

FailureOr<Samples> qcc::driver::runReference(func::FuncOp model, const Samples &samples, StringRef verb) {
  FailureOr<interpret::Interpreter> interpreter = interpret::Interpreter::create(model);
  if (failed(interpreter))
    return failure();
  Samples outputs(samples.size());
  Progress progress(verb.str(), samples.size());
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
