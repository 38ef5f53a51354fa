#include "compiler/frontend/Frontend.h"
#include "compiler/frontend/Evaluator.h"
#include "compiler/frontend/Parser.h"
#include "compiler/frontend/SchemeBuilder.h"
#include "compiler/support/Diagnostics.h"
#include "compiler/support/Files.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

namespace {
/// Builds the one model of a file.
class ModelBuilder {
public:
  ModelBuilder(const Source &source, const File &file, const FrontendOptions &options)
      : source(source), file(file), options(options), builder(source.getContext()), context(source, builder),
        evaluator(context, [this](Position at, StringRef path) { return loadWeights(at, path); }) {}

  FailureOr<ParsedModel> run();

private:
  InFlightDiagnostic error(Position at) { return source.error(at); }
  LogicalResult declare();
  FailureOr<const ModelItem *> findModel();
  LogicalResult addInputs(const ModelItem &model, Scope &scope);
  LogicalResult addOutputs(const ModelItem &model, func::FuncOp function, ArrayRef<BoundArgument> values, Scope &scope);
  FailureOr<std::optional<QuantizeScheme>> chooseScheme(const ModelItem &model);
  FailureOr<std::string> resolvePath(Position at, StringRef path);
  FailureOr<std::vector<NamedArray>> loadWeights(Position at, StringRef path);

  const Source &source;
  const File &file;
  const FrontendOptions &options;
  OpBuilder builder;
  ModelContext context;
  Evaluator evaluator;
  std::vector<std::string> files;
};
} // namespace

/// A path inside the folder of the model file, so that a model cannot make the compiler read anything else.
FailureOr<std::string> ModelBuilder::resolvePath(Position at, StringRef path) {
  namespace sys = llvm::sys::path;
  bool leaves = path.empty() || sys::is_absolute(path) || path.contains('\0') ||
                llvm::is_contained(llvm::make_range(sys::begin(path), sys::end(path)), "..");
  if (leaves)
    return error(at) << "expects a file in the folder of the model file or below, but got '" << path << "'";
  llvm::SmallString<256> result = sys::parent_path(source.getPath());
  sys::append(result, path);
  return result.str().str();
}

FailureOr<std::vector<NamedArray>> ModelBuilder::loadWeights(Position at, StringRef path) {
  FailureOr<std::string> resolved = resolvePath(at, path);
  if (failed(resolved))
    return failure();
  if (options.weights)
    return *options.weights;
  files.push_back(*resolved);
  return readArrays(source.getLocation(at), *resolved);
}

/// Functions first, so that no variable or dimension takes the name of one.
LogicalResult ModelBuilder::declare() {
  for (const FunctionItem &function : file.functions)
    if (failed(evaluator.addFunction(function)))
      return failure();
  for (const DimItem &dim : file.dims)
    if (failed(evaluator.addDim(dim)))
      return failure();
  return success();
}

FailureOr<const ModelItem *> ModelBuilder::findModel() {
  if (file.models.empty())
    return error(0) << "expects a model, but the file has none; for example model m(x: f32[1, 4]) { return relu(x) }";
  if (file.models.size() > 1) {
    InFlightDiagnostic diagnostic = error(file.models[1].name.at) << "expects one model in a file, but '"
                                                                  << file.models[1].name.text << "' is a second one";
    diagnostic.attachNote(source.getLocation(file.models[0].name.at)) << "the first is here";
    return diagnostic;
  }
  return &file.models.front();
}

LogicalResult ModelBuilder::addInputs(const ModelItem &model, Scope &scope) {
  llvm::StringSet<> names;
  mlir::Block *body = builder.getInsertionBlock();
  for (auto [index, input] : llvm::enumerate(model.inputs)) {
    if (scope.variables.contains(input.variable.text))
      return error(input.variable.at) << "the input '" << input.variable.text << "' is there twice";
    if (!names.insert(input.name.text).second)
      return error(input.name.at) << "two inputs have the name '" << input.name.text << "'";
    FailureOr<RankedTensorType> type = evaluator.evaluateType(input.type, scope);
    if (failed(type))
      return failure();
    Location loc = NameLoc::get(builder.getStringAttr(input.name.text), source.getLocation(input.variable.at));
    mlir::Value argument = body->addArgument(*type, loc);
    if (failed(evaluator.assign(input.variable, Datum{argument}, scope)))
      return failure();
  }
  return success();
}

LogicalResult ModelBuilder::addOutputs(const ModelItem &model, func::FuncOp function, ArrayRef<BoundArgument> values,
                                       Scope &scope) {
  if (!model.outputs.empty() && model.outputs.size() != values.size())
    return error(values.front().at) << "expects " << model.outputs.size() << " results as declared, but returns "
                                    << values.size();
  SmallVector<mlir::Value> results;
  std::vector<std::string> names;
  for (auto [index, value] : llvm::enumerate(values)) {
    auto *tensor = value.value.getIf<mlir::Value>();
    if (!tensor)
      return error(value.at) << "expects a tensor as result, but got " << value.value.describe();
    results.push_back(*tensor);
    std::string name = values.size() == 1 ? "output" : "output" + std::to_string(index);
    if (!model.outputs.empty()) {
      const ModelOutput &output = model.outputs[index];
      FailureOr<RankedTensorType> type = evaluator.evaluateType(output.type, scope);
      if (failed(type))
        return failure();
      if (*type != tensor->getType())
        return error(value.at) << "expects a result " << showType(*type) << " as declared, but got "
                               << showType(tensor->getType());
      if (!output.name.text.empty())
        name = output.name.text;
      if (llvm::is_contained(names, name))
        return error(output.name.at) << "two outputs have the name '" << name << "'";
    }
    names.push_back(name);
  }
  func::ReturnOp::create(builder, source.getLocation(values.front().at), results);
  mlir::Block *body = builder.getInsertionBlock();
  function.setFunctionType(builder.getFunctionType(body->getArgumentTypes(), ValueRange(results).getTypes()));
  for (auto [index, input] : llvm::enumerate(model.inputs))
    function.setArgAttr(index, "qnn.name", builder.getStringAttr(input.name.text));
  for (auto [index, name] : llvm::enumerate(names))
    function.setResultAttr(index, "qnn.name", builder.getStringAttr(name));
  return success();
}

/// All schemes are checked; the chosen one is returned.
FailureOr<std::optional<QuantizeScheme>> ModelBuilder::chooseScheme(const ModelItem &model) {
  std::optional<QuantizeScheme> chosen;
  std::vector<StringRef> names;
  for (const SchemeItem &item : file.schemes) {
    if (llvm::is_contained(names, item.name.text) || item.name.text == "none")
      return error(item.name.at) << "the name '" << item.name.text << "' of a scheme is taken";
    names.push_back(item.name.text);
    if (item.model.text != model.name.text)
      return error(item.model.at) << "the scheme is for the model '" << item.model.text << "', but the file has '"
                                  << model.name.text << "'";
    FailureOr<QuantizeScheme> scheme =
        buildScheme(item, context, evaluator, [this](Position at, StringRef path) { return resolvePath(at, path); });
    if (failed(scheme))
      return failure();
    if (item.name.text == options.scheme || (options.scheme.empty() && file.schemes.size() == 1))
      chosen = std::move(*scheme);
  }
  if (chosen || options.scheme == "none" || (options.scheme.empty() && names.empty()))
    return chosen;
  InFlightDiagnostic diagnostic = emitError(fileLoc(source.getContext(), source.getPath()));
  if (options.scheme.empty())
    diagnostic << "expects the choice of a scheme, because the file has " << names.size() << ": ";
  else
    diagnostic << "has no scheme '" << options.scheme << "'" << didYouMean(options.scheme, names)
               << (names.empty() ? "" : "; it has ");
  llvm::interleaveComma(names, diagnostic);
  return diagnostic;
}

FailureOr<ParsedModel> ModelBuilder::run() {
  FailureOr<const ModelItem *> model = findModel();
  if (failed(model) || failed(declare()))
    return failure();
  const ModelItem &item = **model;
  Location loc = source.getLocation(item.name.at);
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  builder.setInsertionPointToEnd(module->getBody());
  auto function = func::FuncOp::create(builder, loc, item.name.text, builder.getFunctionType({}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());

  Scope scope;
  scope.isModel = true;
  if (failed(addInputs(item, scope)))
    return failure();
  std::optional<std::vector<BoundArgument>> returned;
  if (failed(evaluator.run(item.body, scope, returned)))
    return failure();
  if (!returned)
    return error(item.name.at) << "the model '" << item.name.text << "' returns nothing; add a return statement";
  if (failed(addOutputs(item, function, *returned, scope)))
    return failure();
  FailureOr<std::optional<QuantizeScheme>> scheme = chooseScheme(item);
  if (failed(scheme))
    return failure();
  return ParsedModel{std::move(module), std::move(*scheme), std::move(files)};
}

FailureOr<ParsedModel> qcc::parseModel(MLIRContext &context, StringRef path, StringRef text,
                                       const FrontendOptions &options) {
  DialectRegistry registry;
  qnn::registerDialects(registry);
  context.appendDialectRegistry(registry);
  context.loadDialect<qnn::QnnDialect, quant::QuantDialect, func::FuncDialect>();
  if (text.size() > Source::maxBytes)
    return emitError(fileLoc(&context, path))
           << "expects a model file of at most " << Source::maxBytes << " bytes, but it has " << text.size();
  Source source(&context, path, text);
  size_t invalid = 0;
  if (!llvm::json::isUTF8(text, &invalid))
    return source.error(static_cast<Position>(invalid)) << "expects text in UTF-8, but this byte is not";
  FailureOr<File> file = frontend::parse(source);
  if (failed(file))
    return failure();
  return ModelBuilder(source, *file, options).run();
}

FailureOr<ParsedModel> qcc::parseModelFile(MLIRContext &context, StringRef path, const FrontendOptions &options) {
  auto text = readFile(UnknownLoc::get(&context), path);
  if (failed(text))
    return failure();
  return parseModel(context, path, (*text)->getBuffer(), options);
}
