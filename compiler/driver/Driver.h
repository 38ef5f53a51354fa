// What the verbs of qcc share: how they are added, the context they run in, their common options.
#ifndef QCC_COMPILER_DRIVER_DRIVER_H
#define QCC_COMPILER_DRIVER_DRIVER_H

#include "compiler/emit/Compile.h"
#include "compiler/pipeline/LoadModel.h"
#include "compiler/support/Diagnostics.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <memory>

namespace qcc::driver {

/// Where a verb runs: a context with qcc's dialects, what it prints, and its diagnostics.
class Session {
public:
  Session(bool verbose, llvm::raw_ostream &out, llvm::raw_ostream &err);
  llvm::raw_ostream &out() { return stream; }
  mlir::MLIRContext &getContext() { return context; }
  /// The place of errors that belong to no file.
  mlir::Location nowhere() { return mlir::UnknownLoc::get(&context); }
  mlir::InFlightDiagnostic error() { return mlir::emitError(nowhere()); }
  bool sawError() const { return printer.sawError(); }

private:
  mlir::MLIRContext context;
  llvm::raw_ostream &stream;
  DiagnosticPrinter printer;
};

/// What a verb does once the command line is parsed. A failure has been diagnosed.
using Action = std::function<mlir::LogicalResult(Session &)>;

/// The parsed command line.
struct Command {
  Action action;
  bool verbose = false;
};

void addBench(CLI::App &app, Command &command);
void addCompile(CLI::App &app, Command &command);
void addEvaluate(CLI::App &app, Command &command);
void addImport(CLI::App &app, Command &command);
void addInspect(CLI::App &app, Command &command);
void addOps(CLI::App &app, Command &command);
void addQuantize(CLI::App &app, Command &command);
void addRun(CLI::App &app, Command &command);
void addVerify(CLI::App &app, Command &command);

/// Adds a verb, its `--verbose`, and what it does with its parsed options. If the options have a member `check()`, it
/// throws CLI::ValidationError for those that do not go together.
template <typename Options>
CLI::App &addVerb(CLI::App &app, Command &command, std::string name, std::string description,
                  std::shared_ptr<Options> options, mlir::LogicalResult (*run)(Session &, const Options &)) {
  CLI::App &verb = *app.add_subcommand(std::move(name), std::move(description));
  verb.group("Verbs");
  verb.add_flag("--verbose", command.verbose, "also print what was decided, and why");
  verb.callback([&command, options, run] {
    if constexpr (requires { options->check(); })
      options->check();
    command.action = [=](Session &session) { return run(session, *options); };
  });
  return verb;
}

/// The model that a verb works on.
struct ModelOptions {
  std::string path, rounding, scheme, name;
  std::optional<int64_t> streamAxis;
  int64_t hop = 1;

  void addTo(CLI::App &verb);
  /// `--stream` and `--hop`, for the verbs that run a model or compile it.
  void addStreamTo(CLI::App &verb);
  LoadOptions get() const;
  /// `loadModel`; null after one diagnostic.
  mlir::OwningOpRef<mlir::ModuleOp> load(Session &session) const;
};

/// How much memory the compiled model may take.
struct MemoryOptions {
  std::string optimize = "speed";
  int64_t ramBudget = -1, flashBudget = -1; // -1 for any
  std::vector<memory::Memory> memories;

  void addTo(CLI::App &verb);
  void setIn(CompileOptions &options) const;
};

/// Adds `--fp-contract=fast|off|transform`.
void addContractOption(CLI::App &verb, std::string &contract);
/// Says what a mode of that option allows.
void setContract(CompileOptions &options, llvm::StringRef contract);

/// Adds `--algorithm=REGEX=ALGORITHM`.
void addAlgorithmOption(CLI::App &verb, std::vector<std::string> &algorithms);

/// What a model is compiled for.
struct TargetOptions {
  std::vector<std::string> algorithms;
  std::string target = "host", cpu, features, optLevel = "2", contract = "fast", tuning;
  MemoryOptions memory;
  int64_t threads = 1;

  void addTo(CLI::App &verb);
  /// The target alone, with its CPU and the level of optimization.
  void addMachineTo(CLI::App &verb);
  CompileOptions get() const;
};

/// A whole number of at least 1, or so many times `kilo` or its square with a K or an M behind it; else nothing.
std::optional<int64_t> parseAmount(llvm::StringRef text, int64_t kilo);

/// Throws CLI::ValidationError if a model cannot be written to a file of that name.
void checkModelOutput(const std::string &path);

/// Prints a module as MLIR, with the names of layers as locations. Other locations are places in files that whoever
/// reads the text need not have, and are left out.
void printModel(mlir::ModuleOp module, llvm::raw_ostream &stream);

/// Writes a model as `.qm` with its weights beside it, or as `.mlir`.
mlir::LogicalResult writeModelFile(Session &session, llvm::StringRef path, mlir::ModuleOp module);

/// Writes text to a file, or to the session's output if the path is empty or `-`.
mlir::LogicalResult writeText(Session &session, llvm::StringRef path,
                              llvm::function_ref<void(llvm::raw_ostream &)> write);

} // namespace qcc::driver

#endif // QCC_COMPILER_DRIVER_DRIVER_H
