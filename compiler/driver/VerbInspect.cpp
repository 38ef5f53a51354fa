// qcc inspect: what a model consists of and what it takes on a target.
#include "compiler/driver/Report.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct InspectVerb {
  ModelOptions model;
  TargetOptions target;
  bool json = false;
};
} // namespace

static LogicalResult run(Session &session, const InspectVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  FailureOr<CompileResult> result = compileModel(*module, options.target.get(), Emit::Object);
  if (failed(result))
    return failure();
  (options.json ? printJson : printTable)(llvm::outs(), result->report);
  return success();
}

void qcc::driver::addInspect(CLI::App &app, Command &command) {
  auto options = std::make_shared<InspectVerb>();
  CLI::App &verb = addVerb(app, command, "inspect", "show layers, formats and sizes of a model", options, run);
  options->model.addTo(verb);
  options->target.addTo(verb);
  verb.add_flag("--json", options->json, "print JSON");
  verb.footer(
      "The arena is the working memory that the caller gives to the model; read-only data holds the weights.\n\n"
      "Example:\n"
      "  qcc inspect kws.tflite --target=cortex-m4\n"
      "  qcc inspect kws.tflite --json | jq .arena_bytes");
}
