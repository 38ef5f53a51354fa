// qcc inspect: what a model consists of and what it takes on a target.
#include "compiler/driver/Report.h"
#include "compiler/support/Files.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct InspectVerb {
  ModelOptions model;
  TargetOptions target;
  std::string report;
  bool json = false;
};
} // namespace

static LogicalResult run(Session &session, const InspectVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  CompileOptions compileOptions = options.target.get();
  FailureOr<int64_t> otherArena = otherArenaBytes(*module, compileOptions);
  if (failed(otherArena))
    return failure();
  FailureOr<CompileResult> result = compileModel(*module, compileOptions, Emit::Object);
  if (failed(result))
    return failure();
  result->report.otherArenaBytes = *otherArena;
  auto writeHtml = [&](raw_ostream &stream) { printHtml(stream, result->report); };
  if (!options.report.empty() && failed(writeFile(session.nowhere(), options.report, writeHtml)))
    return failure();
  (options.json ? printJson : printTable)(session.out(), result->report);
  return success();
}

void qcc::driver::addInspect(CLI::App &app, Command &command) {
  auto options = std::make_shared<InspectVerb>();
  CLI::App &verb = addVerb(app, command, "inspect", "show layers, formats and sizes of a model", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  options->target.addTo(verb);
  verb.add_flag("--json", options->json, "print JSON");
  addReportOption(verb, options->report);
  verb.footer(
      "The arena is the working memory that the caller gives to the model, here of both builds, --optimize=speed\n"
      "and --optimize=ram; read-only data holds the weights.\n\n"
      "Example:\n"
      "  qcc inspect kws.tflite --target=cortex-m4\n"
      "  qcc inspect kws.tflite --json | jq .arena_bytes\n"
      "  qcc inspect kws.tflite --target=cortex-m4 --report kws.html");
}
