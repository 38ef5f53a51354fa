// One file per verb; this one parses and keeps the exit codes.
#include "compiler/driver/Command.h"

#include "compiler/driver/Driver.h"

#include "llvm/Config/llvm-config.h"

#include <sstream>

using namespace mlir;
using namespace qcc::driver;

static constexpr int exitFailure = 1, exitUsage = 2;

static std::string joinLines(std::initializer_list<StringRef> lines) { return llvm::join(lines, "\n"); }

static void addVerbs(CLI::App &app, Command &command) {
  app.description("qcc turns trained neural networks into small C-callable object files.");
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", "qcc " QCC_VERSION " (LLVM " LLVM_VERSION_STRING ")", "print the version");
  app.require_subcommand(1);
  app.get_formatter()->column_width(28);
  app.get_formatter()->label("SUBCOMMAND", "VERB");
  app.footer(
      joinLines({"Start here:", "  qcc inspect model.tflite --target=cortex-m4              what it needs",
                 "  qcc compile model.tflite --target=cortex-m4 -o model.o   writes model.o and model.h",
                 "  qcc verify model.tflite --target=cortex-m4               runs it in an emulator, bit for bit",
                 "`qcc VERB --help` explains each verb with an example."}));
  addCompile(app, command);
  addRun(app, command);
  addVerify(app, command);
  addInspect(app, command);
  addEvaluate(app, command);
  addBench(app, command);
  addImport(app, command);
  addQuantize(app, command);
  addOps(app, command);
}

/// The verb that the command line names, for the hint.
static std::string helpCommand(const CLI::App &app) {
  auto verbs = app.get_subcommands();
  return "qcc " + (verbs.empty() ? "" : verbs.front()->get_name() + " ") + "--help";
}

static std::string describe(const CLI::App &app, const CLI::ParseError &error) {
  if (error.get_name() == "RequiredError" && app.get_subcommands().empty()) {
    std::vector<std::string> rest = app.remaining();
    return rest.empty() ? "a verb is required" : "'" + rest.front() + "' is no verb";
  }
  std::string text = error.what();
  if (!text.empty() && text[0] != '-')
    text[0] = llvm::toLower(text[0]);
  return StringRef(text).rtrim("\n").str();
}

static int reportUsage(const CLI::App &app, const CLI::ParseError &error, raw_ostream &err) {
  err << "qcc: error: " << describe(app, error) << "\nqcc: note: see '" << helpCommand(app) << "'\n";
  return exitUsage;
}

/// Help or version.
static int answer(const CLI::App &app, const CLI::Success &request, raw_ostream &out) {
  std::ostringstream text, errors;
  int code = app.exit(request, text, errors);
  out << text.str();
  return code;
}

int qcc::driver::runCommand(const std::vector<std::string> &arguments, raw_ostream &out, raw_ostream &err) {
  CLI::App app;
  app.name("qcc");
  Command command;
  addVerbs(app, command);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend())); // CLI11 takes them from the back.
  } catch (const CLI::Success &request) {
    return answer(app, request, out);
  } catch (const CLI::ParseError &error) {
    return reportUsage(app, error, err);
  }
  Session session(command.verbose, out, err);
  return succeeded(command.action(session)) ? 0 : exitFailure;
}
