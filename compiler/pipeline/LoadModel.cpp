#include "compiler/pipeline/LoadModel.h"

#include "compiler/frontend/Frontend.h"
#include "compiler/import/onnx/ImportOnnx.h"
#include "compiler/pipeline/ApplyScheme.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"
#include "compiler/support/Names.h"
#include "dialects/qnn/QnnDialect.h"

#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace qcc;

using Loaded = FailureOr<LoadedModel>;

/// Options that the format of the file cannot follow are errors: an option is never ignored.
static LogicalResult refuse(Location loc, bool isGiven, StringRef option, StringRef reason) {
  if (isGiven)
    return emitError(loc) << option << " does not apply: " << reason;
  return success();
}

static LogicalResult refuseScheme(Location loc, const LoadOptions &options) {
  return refuse(loc, !options.scheme.empty() && options.scheme != "none", "a scheme", "only .qm files have schemes");
}

static Loaded asLoaded(OwningOpRef<ModuleOp> module) {
  if (!module)
    return failure();
  LoadedModel loaded;
  loaded.module = std::move(module);
  return loaded;
}

/// Of formats with fewer codes than their bits could hold: what is outside of them has no meaning that all machines
/// share. Importers and the language write none, so weights are looked at here alone, once.
static LogicalResult verifyCodes(ModuleOp module) {
  WalkResult walked = module.walk([](qnn::ConstantOp op) {
    qnn::NumberFormat format = qnn::getFormat(op.getOutput());
    auto [low, high] = format.getCodeRange();
    if (format.getCodeRange() == format.getAllCodes())
      return WalkResult::advance();
    SmallVector<int64_t> codes = op.getCodes();
    auto isOutside = [low, high](int64_t code) { return code < low || code > high; };
    const int64_t *outside = llvm::find_if(codes, isOutside);
    if (outside == codes.end())
      return WalkResult::advance();
    op.emitOpError() << "has the code " << *outside << " at index " << outside - codes.begin() << ", but codes of "
                     << format << " are " << low << " to " << high;
    return WalkResult::interrupt();
  });
  return failure(walked.wasInterrupted());
}

static Loaded loadMlir(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Location loc = fileLoc(&context, path);
  if (failed(refuse(loc, options.rounding.has_value(), "a rounding profile",
                    "the operators of a .mlir file state their rounding")) ||
      failed(refuseScheme(loc, options)))
    return failure();
  // MLIR's lexer needs the zero after the last character, which a plain read of the file gives.
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(loc) << "cannot be read: " << buffer.getError().message();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, ParserConfig(&context));
  if (!module || failed(verifyCodes(*module)))
    return failure();
  return asLoaded(std::move(module));
}

static Loaded loadTflite(MLIRContext &context, StringRef path, const LoadOptions &options) {
  if (failed(refuseScheme(fileLoc(&context, path), options)))
    return failure();
  ImportOptions importOptions;
  importOptions.rounding = options.rounding.value_or(RoundingProfile::Tflm);
  importOptions.modelName = options.modelName;
  return asLoaded(importTflite(context, path, importOptions));
}

static Loaded loadOnnx(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Location loc = fileLoc(&context, path);
  if (failed(refuse(loc, options.rounding.has_value(), "a rounding profile",
                    "ONNX states the rounding of each operator")) ||
      failed(refuseScheme(loc, options)))
    return failure();
  return asLoaded(importOnnx(context, path, options.modelName));
}

static Loaded loadLanguage(MLIRContext &context, StringRef path, const LoadOptions &options) {
  FrontendOptions frontendOptions;
  frontendOptions.scheme = options.scheme;
  FailureOr<ParsedModel> parsed = parseModelFile(context, path, frontendOptions);
  if (failed(parsed))
    return failure();
  LoadedModel loaded;
  loaded.module = std::move(parsed->module);
  loaded.scheme = std::move(parsed->scheme);
  loaded.files = std::move(parsed->files);
  return loaded;
}

namespace {
struct Format {
  StringRef extension;
  Loaded (*load)(MLIRContext &, StringRef, const LoadOptions &);
};
} // namespace

static constexpr Format formats[] = {
    {".qm", loadLanguage}, {".tflite", loadTflite}, {".onnx", loadOnnx}, {".mlir", loadMlir}};

static const Format *findFormat(Location loc, StringRef path) {
  StringRef extension = llvm::sys::path::extension(path);
  for (const Format &format : formats)
    if (format.extension == extension)
      return &format;
  std::string known = llvm::join(llvm::map_range(formats, [](const Format &each) { return each.extension; }), ", ");
  emitError(loc) << "'" << path << "' has no extension of a model; expects one of " << known;
  return nullptr;
}

Loaded qcc::readModel(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Location nowhere = UnknownLoc::get(&context);
  // C names are made from it.
  if (!options.modelName.empty() && !isIdentifier(options.modelName))
    return emitError(nowhere) << "expects letters, digits and '_' as the model's name, but got '" << options.modelName
                              << "'";
  // A first look at the file, so that what is not there is told before what it might be.
  if (failed(readFile(nowhere, path)))
    return failure();
  const Format *format = findFormat(nowhere, path);
  if (!format)
    return failure();
  Loaded loaded = format->load(context, path, options);
  if (failed(loaded))
    return failure();
  FailureOr<func::FuncOp> model = findModel(*loaded->module);
  if (failed(model))
    return failure();
  if (!options.modelName.empty())
    model->setName(options.modelName);
  namePorts(*model);
  loaded->files.insert(loaded->files.begin(), path.str());
  return loaded;
}

/// The model as it is compiled for all its frames.
static Loaded loadWhole(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Loaded loaded = readModel(context, path, options);
  if (failed(loaded))
    return failure();
  if (!loaded->scheme) {
    bool ignoresRounding = options.rounding && llvm::sys::path::extension(path) == ".qm";
    if (failed(refuse(fileLoc(&context, path), ignoresRounding, "a rounding profile",
                      "the operators of a .qm file state their rounding, if no scheme quantizes them")))
      return failure();
    return loaded;
  }
  RoundingProfile profile = options.rounding.value_or(RoundingProfile::Tflm);
  if (profile == RoundingProfile::Litert)
    return emitError(fileLoc(&context, path)) << "LiteRT's rounding is for models of LiteRT; a scheme takes tflm or "
                                                 "single";
  qnn::Rounding rounding = profile == RoundingProfile::Single ? qnn::Rounding::Single : qnn::Rounding::Double;
  if (failed(applyScheme(*loaded->module, *loaded->scheme, rounding, options.prepare)))
    return failure();
  if (!loaded->scheme->calibrate.empty())
    loaded->files.push_back(loaded->scheme->calibrate);
  for (const SchemeRule &rule : loaded->scheme->rules)
    if (rule.activations && !rule.activations->thresholds.empty())
      loaded->files.push_back(rule.activations->thresholds);
  loaded->flashBudget = loaded->scheme->flashBudget;
  loaded->ramBudget = loaded->scheme->ramBudget;
  loaded->scheme.reset();
  return loaded;
}

Loaded qcc::loadModel(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Loaded loaded = loadWhole(context, path, options);
  if (failed(loaded) || !options.stream)
    return loaded;
  PassManager passes(&context);
  passes.addNestedPass<func::FuncOp>(algorithm::createStreamFramesPass(*options.stream));
  if (failed(passes.run(*loaded->module)))
    return failure();
  namePorts(*findModel(*loaded->module));
  return loaded;
}
