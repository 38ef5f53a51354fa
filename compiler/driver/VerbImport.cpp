// qcc import: a model of another framework, written in qcc's own form.
#include "compiler/driver/Driver.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
struct ImportVerb {
  ModelOptions model;
  std::string output;

  void check() const { checkModelOutput(output); }
};
} // namespace

static LogicalResult run(Session &session, const ImportVerb &options) {
  OwningOpRef<ModuleOp> module = options.model.load(session);
  if (!module)
    return failure();
  return writeModelFile(session, options.output, *module);
}

void qcc::driver::addImport(CLI::App &app, Command &command) {
  auto options = std::make_shared<ImportVerb>();
  CLI::App &verb =
      addVerb(app, command, "import", "write a model of another framework in qcc's own form", options, run);
  options->model.addTo(verb);
  verb.add_option("-o", options->output,
                  "the model, a .qm file (its weights go beside it as .safetensors) or a .mlir file")
      ->required()
      ->type_name("FILE");
  verb.footer("Example:\n"
              "  qcc import person_detect.tflite -o person_detect.qm");
}
