// qcc ops: the operators and formats of the model language.
#include "compiler/driver/Driver.h"

#include "compiler/frontend/Formats.h"
#include "compiler/frontend/Operators.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;
using namespace qcc::frontend;

namespace {
struct OpsVerb {
  std::string name;
};
} // namespace

static void printOp(raw_ostream &stream, const OpInfo &op) {
  stream << op.describeSignature() << "\n    " << op.documentation << '\n';
  size_t width = 0;
  for (const ParameterInfo &parameter : op.parameters)
    width = std::max(width, parameter.name.size());
  for (const ParameterInfo &parameter : op.parameters)
    stream << "      " << llvm::left_justify(parameter.name, width) << "  " << parameter.documentation << '\n';
}

static void printAll(raw_ostream &stream) {
  size_t width = 0;
  for (const OpInfo &op : getLanguageOps())
    width = std::max(width, op.name.size());
  stream << "Operators and functions of the model language (`qcc ops NAME` tells more):\n";
  for (const OpInfo &op : getLanguageOps())
    stream << "  " << llvm::left_justify(op.name, width) << "  " << op.documentation << '\n';
  stream << "\nFormats of elements:\n  ";
  llvm::interleaveComma(getCommonFormatNames(), stream);
  stream << '\n';
}

static LogicalResult run(Session &session, const OpsVerb &options) {
  if (options.name.empty()) {
    printAll(session.out());
    return success();
  }
  const OpInfo *op = findLanguageOp(options.name);
  if (!op)
    return session.error() << "the model language has no operator '" << options.name << "'; `qcc ops` lists them";
  printOp(session.out(), *op);
  return success();
}

void qcc::driver::addOps(CLI::App &app, Command &command) {
  auto options = std::make_shared<OpsVerb>();
  CLI::App &verb = addVerb(app, command, "ops", "list the operators of the model language", options, run);
  verb.add_option("name", options->name, "one operator, to see its parameters")->type_name("NAME");
  verb.footer("Example:\n"
              "  qcc ops conv2d");
}
