#include "compiler/pipeline/LoadModel.h"

#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"

#include "mlir/Parser/Parser.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SourceMgr.h"

using namespace mlir;
using namespace qcc;

using Loaded = OwningOpRef<ModuleOp>;

/// Options that the format of the file cannot follow are errors: an option is never ignored.
static LogicalResult refuse(Location loc, bool isGiven, StringRef option, StringRef reason) {
  return isGiven ? emitError(loc) << option << " does not apply: " << reason : success();
}

static Loaded loadMlir(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Location loc = fileLoc(&context, path);
  if (failed(refuse(loc, options.rounding.has_value(), "a rounding profile",
                    "a .mlir file states the rounding of each operator")) ||
      failed(refuse(loc, !options.scheme.empty(), "a scheme", "only .qm files have schemes")))
    return {};
  // MLIR's lexer needs the zero after the last character, which a plain read of the file gives.
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return emitError(loc) << "cannot read '" << path << "': " << buffer.getError().message(), Loaded();
  llvm::SourceMgr sources;
  sources.AddNewSourceBuffer(std::move(*buffer), llvm::SMLoc());
  return parseSourceFile<ModuleOp>(sources, ParserConfig(&context));
}

static Loaded loadTflite(MLIRContext &context, StringRef path, const LoadOptions &options) {
  if (failed(refuse(fileLoc(&context, path), !options.scheme.empty(), "a scheme", "only .qm files have schemes")))
    return {};
  ImportOptions importOptions;
  importOptions.rounding = options.rounding.value_or(RoundingProfile::Tflm);
  importOptions.modelName = options.modelName;
  return importTflite(context, path, importOptions);
}

namespace {
struct Format {
  StringRef extension;
  Loaded (*load)(MLIRContext &, StringRef, const LoadOptions &);
};
} // namespace

static constexpr Format formats[] = {{".tflite", loadTflite}, {".mlir", loadMlir}};

/// C names are made from it.
static bool isIdentifier(StringRef name) {
  return !llvm::isDigit(name.front()) && llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

Loaded qcc::loadModel(MLIRContext &context, StringRef path, const LoadOptions &options) {
  Location nowhere = UnknownLoc::get(&context);
  if (!options.modelName.empty() && !isIdentifier(options.modelName)) {
    emitError(nowhere) << "expects letters, digits and '_' as the model's name, but got '" << options.modelName << "'";
    return {};
  }
  // A first look at the file, so that what is not there is told before what it might be.
  if (failed(readFile(nowhere, path)))
    return {};
  StringRef extension = llvm::sys::path::extension(path);
  const Format *format = llvm::find_if(formats, [&](const Format &each) { return each.extension == extension; });
  if (format == std::end(formats)) {
    std::string known = llvm::join(llvm::map_range(formats, [](const Format &each) { return each.extension; }), ", ");
    emitError(nowhere) << "'" << path << "' has no extension of a model; expects one of " << known;
    return {};
  }
  Loaded module = format->load(context, path, options);
  if (!module)
    return {};
  FailureOr<func::FuncOp> model = findModel(*module);
  if (failed(model))
    return {};
  if (!options.modelName.empty())
    model->setName(options.modelName);
  namePorts(*model);
  return module;
}
