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
  CompileOptions compileOptions = options.target.get();
  // The arena of the other build, for which no code is needed.
  CompileOptions otherOptions = compileOptions;
  otherOptions.optimize = compileOptions.optimize == Optimize::Ram ? Optimize::Speed : Optimize::Ram;
  otherOptions.ramBudget = otherOptions.flashBudget = std::nullopt;
  otherOptions.until = "plan";
  OwningOpRef<ModuleOp> clone = module->clone();
  FailureOr<CompileResult> result = compileModel(*module, compileOptions, Emit::Object);
  if (failed(result))
    return failure();
  FailureOr<CompileResult> other = compileModel(*clone, otherOptions, Emit::Mlir);
  if (failed(other))
    return failure();
  result->report.otherArenaBytes = other->report.arenaBytes;
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
      "The arena is the working memory that the caller gives to the model, here of both builds, --optimize=speed\n"
      "and --optimize=ram; read-only data holds the weights.\n\n"
      "Example:\n"
      "  qcc inspect kws.tflite --target=cortex-m4\n"
      "  qcc inspect kws.tflite --json | jq .arena_bytes");
}
