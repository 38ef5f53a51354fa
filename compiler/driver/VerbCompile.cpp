// qcc compile: an object file and its C header, or what stands before them.
#include "compiler/driver/Report.h"
#include "compiler/driver/Tune.h"

#include "compiler/emit/Package.h"
#include "compiler/support/Files.h"
#include "compiler/support/Zip.h"
#include "compiler/target/Target.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <deque>

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace {
/// A value of `--emit`.
struct Kind {
  StringRef name;
  Emit emit;
  /// Of the file that is written; text without a file goes to stdout.
  StringRef extension;
  bool isText;
  /// What is written is a folder.
  std::optional<Package> package = std::nullopt;
};

struct CompileVerb {
  ModelOptions model;
  TargetOptions target;
  std::string output, emit, until, depfile, report, tune;
  bool saveTemps = false, profile = false;

  const Kind &kind() const;
  /// Files beside the output.
  bool writesMore() const { return saveTemps || !depfile.empty() || !report.empty(); }
  void check() const;
  std::string outputPath() const;
};
} // namespace

static constexpr Kind kinds[] = {
    {"obj", Emit::Object, ".o", false},
    {"lib", Emit::Library, ".a", false},
    {"asm", Emit::Assembly, ".s", true},
    {"llvm", Emit::LLVM, ".ll", true},
    {"mlir", Emit::Mlir, ".mlir", true},
    {"header", Emit::Header, ".h", true},
    {"json", Emit::Object, ".json", true},
    {"arduino", Emit::Library, "", false, Package::Arduino},
    {"zephyr", Emit::Library, "", false, Package::Zephyr},
    {"platformio", Emit::Library, "", false, Package::PlatformIO},
};

/// IR is what stands after a phase, and an object is what is wanted otherwise.
const Kind &CompileVerb::kind() const {
  StringRef name = !emit.empty() ? StringRef(emit) : until.empty() || until == "object" ? "obj" : "mlir";
  return *llvm::find_if(kinds, [&](const Kind &kind) { return kind.name == name; });
}

void CompileVerb::check() const {
  if (!until.empty() && until != "object" && kind().emit != Emit::Mlir)
    throw CLI::ValidationError("--until", "stops before there is what --emit=" + emit + " asks for");
  if (until == "import" && model.streamAxis)
    throw CLI::ValidationError("--stream", "has no effect before the phase that --until=import stops after");
  if (qcc::target::areSeveral(target.target) && kind().emit == Emit::Mlir)
    throw CLI::ValidationError("--target", "expects a single target where IR is printed, but got " + target.target);
  if (output == "-" && !kind().isText)
    throw CLI::ValidationError("-o", kind().package ? "'-' is for text; a package is a folder or a .zip file"
                                                    : "'-' is for text; an object goes to a file");
  if (output == "-" && writesMore())
    throw CLI::ValidationError("-o", "expects a file with --save-temps, --depfile or --report");
  if (kind().package && !target.memory.memories.empty())
    throw CLI::ValidationError("--memory", "expects an object or a library; the examples of packages have one arena");
  bool hasPlan = until.empty() || llvm::find(phaseNames, until) >= llvm::find(phaseNames, "plan");
  if (!report.empty() && !hasPlan)
    throw CLI::ValidationError("--report", "expects a phase from 'plan' on, but --until=" + until + " stops before it");
}

/// `-` for stdout.
std::string CompileVerb::outputPath() const {
  if (!output.empty())
    return output;
  if (kind().isText && !writesMore())
    return "-";
  return (llvm::sys::path::stem(model.path) + kind().extension).str();
}

/// A path as a make rule has it.
static std::string escapeForMake(StringRef path) {
  std::string text;
  for (char c : path) {
    if (c == ' ' || c == '#' || c == '\\')
      text += '\\';
    text += c == '$' ? "$$" : std::string(1, c);
  }
  return text;
}

namespace {
/// The files of one compilation, written together.
class Output {
public:
  /// Of large bytes there is no copy: they have to live until they are written.
  void add(const Twine &path, ArrayRef<char> bytes) { files.push_back({path.str(), bytes}); }
  void add(const Twine &path, std::string text) { add(path, ArrayRef<char>(texts.emplace_back(std::move(text)))); }
  /// `root` is the folder of a package, or empty.
  LogicalResult write(Session &session, StringRef root = "") const {
    for (const OutputFile &file : files)
      if (llvm::count_if(files, [&](const OutputFile &other) { return other.path == file.path; }) > 1)
        return session.error() << "two files would be written to '" << file.path << "'";
    return root.empty() ? writeFiles(session.nowhere(), files) : writeTree(session.nowhere(), root, files);
  }
  /// After all files that depend on `inputs`.
  void addDepfile(StringRef path, ArrayRef<std::string> inputs) {
    std::string rule;
    for (const OutputFile &file : files)
      rule += (rule.empty() ? "" : " ") + escapeForMake(file.path);
    rule += ':';
    for (StringRef input : inputs)
      rule += " " + escapeForMake(input);
    add(path, rule + "\n");
  }

private:
  std::vector<OutputFile> files;
  std::deque<std::string> texts; // of files, at addresses that stay
};
} // namespace

static std::string textOf(const CompileVerb &options, ModuleOp module, const CompileResult &result) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  if (options.kind().name == "json")
    printJson(stream, result.report);
  else if (options.kind().emit == Emit::Mlir)
    printModel(module, stream);
  else if (options.kind().emit == Emit::LLVM)
    stream << result.llvmIR;
  else if (options.kind().emit == Emit::Assembly)
    stream << result.assembly;
  else
    stream << result.header;
  return text;
}

static std::string htmlOf(const ModelReport &report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  printHtml(stream, report);
  return text;
}

/// Beside a device, as in `-o /dev/null`, there is no place for a header.
static bool hasPlaceBeside(StringRef path) {
  return !llvm::sys::fs::exists(path) || llvm::sys::fs::is_regular_file(path) || llvm::sys::fs::is_directory(path);
}

/// Packages are folders, or these files.
static bool isZip(StringRef path) { return path.ends_with_insensitive(".zip"); }

/// A package goes to a new or empty folder, or replaces one of the same model for the same target.
static LogicalResult checkFolder(Session &session, StringRef path, const Twine &archive) {
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status))
    return success();
  if (!llvm::sys::fs::is_directory(status))
    return session.error() << "expects a folder for the package, but '" << path << "' is a file";
  std::error_code code;
  llvm::sys::fs::directory_iterator first(path, code);
  if (code || first == llvm::sys::fs::directory_iterator() || llvm::sys::fs::exists(archive))
    return success();
  return session.error()
         << "expects a new or empty folder for the package, or an earlier one of this model and target, "
            "but '"
         << path << "' has other files";
}

/// One file that holds the folder `name`.
static std::string zipPackage(StringRef name, ArrayRef<PackageFile> files) {
  SmallVector<OutputFile> entries;
  for (const PackageFile &file : files)
    entries.push_back({(name + "/" + file.path).str(), file.bytes});
  return zipArchive(entries);
}

static LogicalResult addPackage(Session &session, Package package, StringRef path, const CompileResult &result,
                                Output &output) {
  const ModelReport &report = result.report;
  FailureOr<std::vector<PackageFile>> files = makePackage(session.nowhere(), package, result);
  if (failed(files))
    return failure();
  if (isZip(path)) {
    output.add(path, zipPackage(report.name, *files));
    return success();
  }
  if (failed(checkFolder(session, path, path + "/" + archivePath(package, report.target, report.name))))
    return failure();
  for (PackageFile &file : *files)
    output.add(path + "/" + file.path, std::move(file.bytes));
  return success();
}

static LogicalResult writeResult(Session &session, const CompileVerb &options, const LoadedModel &model,
                                 const CompileResult &result) {
  std::string path = options.outputPath();
  if (path == "-") {
    session.out() << textOf(options, *model.module, result);
    return success();
  }
  SmallString<128> stem(path);
  llvm::sys::path::replace_extension(stem, "");
  Output output;
  if (options.kind().package) {
    path = StringRef(path).rtrim('/').str();
    if (failed(addPackage(session, *options.kind().package, path, result, output)))
      return failure();
  } else {
    if (options.kind().isText)
      output.add(path, textOf(options, *model.module, result));
    else
      output.add(path, result.object);
    if (!options.kind().isText && hasPlaceBeside(path))
      output.add(stem + ".h", result.header);
  }
  for (auto &[suffix, text] : result.temporaries)
    output.add(stem + suffix, text);
  if (!options.report.empty())
    output.add(options.report, htmlOf(result.report));
  if (!options.depfile.empty()) {
    std::vector<std::string> inputs = model.files;
    if (!options.target.tuning.empty())
      inputs.push_back(options.target.tuning);
    output.addDepfile(options.depfile, inputs);
  }
  return output.write(session, options.kind().package && !isZip(path) ? StringRef(path) : "");
}

/// The smaller of two budgets, of which either may be missing: that of the command and that of the model's scheme.
static std::optional<int64_t> smaller(std::optional<int64_t> a, std::optional<int64_t> b) {
  return a && b ? std::min(a, b) : a ? a : b;
}

static LogicalResult run(Session &session, const CompileVerb &options) {
  if (options.kind().package)
    if (std::optional<std::string> reason = whyNoPackage(*options.kind().package, options.target.target))
      return session.error() << *reason;
  auto load = options.until == "import" ? readModel : loadModel;
  FailureOr<LoadedModel> model = load(session.getContext(), options.model.path, options.model.get());
  if (failed(model))
    return failure();
  if (options.until == "import")
    return writeResult(session, options, *model, CompileResult());
  CompileOptions compileOptions = options.target.get();
  compileOptions.until = options.until;
  compileOptions.saveTemps = options.saveTemps;
  compileOptions.profile = options.profile;
  compileOptions.consumeConstants = true;
  compileOptions.ramBudget = smaller(compileOptions.ramBudget, model->ramBudget);
  compileOptions.flashBudget = smaller(compileOptions.flashBudget, model->flashBudget);
  if (!options.tune.empty()) {
    if (failed(tuneModel(session, *model->module, compileOptions, options.tune)))
      return failure();
    compileOptions.tuningFile = options.tune;
  }
  // Only a report says how the two builds compare.
  FailureOr<int64_t> otherArena = int64_t(-1);
  if (!options.report.empty())
    otherArena = otherArenaBytes(*model->module, compileOptions);
  if (failed(otherArena))
    return failure();
  FailureOr<CompileResult> result = compileModel(*model->module, compileOptions, options.kind().emit);
  if (failed(result))
    return failure();
  result->report.otherArenaBytes = *otherArena;
  return writeResult(session, options, *model, *result);
}

void qcc::driver::addCompile(CLI::App &app, Command &command) {
  auto options = std::make_shared<CompileVerb>();
  CLI::App &verb = addVerb(app, command, "compile", "compile a model to an object file and a C header", options, run);
  options->model.addTo(verb);
  options->model.addStreamTo(verb);
  options->target.addTo(verb);
  verb.add_option("-o", options->output,
                  "the file to write, '-' for text on stdout; by default, objects are named as the model and text "
                  "goes to stdout. A header goes beside an object; a package is a folder or a .zip file")
      ->type_name("FILE");
  std::vector<std::string> names, phases(std::begin(phaseNames), std::end(phaseNames));
  for (const Kind &kind : kinds)
    names.push_back(kind.name.str());
  verb.add_option("--emit", options->emit,
                  "what to write; obj is the default, mlir with --until. arduino, zephyr and platformio are libraries\n"
                  "for these tools, in a folder")
      ->check(CLI::IsMember(names))
      ->type_name("KIND");
  verb.add_option("--until", options->until, "stop after this phase and print the IR")
      ->check(CLI::IsMember(phases))
      ->type_name("PHASE");
  verb.add_flag("--save-temps", options->saveTemps, "also write what stands between the phases, beside the output");
  verb.add_flag("--profile", options->profile, "also make <name>_run_profiled, which calls a hook around each kernel");
  verb.add_option("--tune", options->tune,
                  "measure the blocks of contractions that look best, where the target runs, write what is fastest to "
                  "this file,\nand use it; contractions that it has already are not measured again")
      ->type_name("FILE")
      ->excludes("--tuning");
  addReportOption(verb, options->report);
  verb.add_option("--depfile", options->depfile, "also write what the output depends on, as a make rule")
      ->type_name("FILE");
  verb.footer("Example:\n"
              "  qcc compile kws.tflite --target=cortex-m4 -o kws.o      writes kws.o and kws.h\n"
              "  qcc compile kws.tflite --until=layout                   prints the kernels of the model\n"
              "  qcc compile kws.tflite --target=cortex-m4 --emit=arduino -o kws    writes a library for Arduino\n"
              "  qcc compile kws.tflite --tune=kws.tuning                measures kernels on this machine first\n"
              "  qcc compile wakeword.tflite --stream=1 -o ww.o          is run frame by frame\n"
              "kws.h declares `int kws_run(...)`, and says how many bytes of working memory it wants.");
}
