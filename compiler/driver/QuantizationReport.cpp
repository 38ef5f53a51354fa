#include "compiler/driver/QuantizationReport.h"

#include "compiler/driver/ComparedModels.h"
#include "compiler/emit/Report.h"
#include "compiler/interpret/Tensor.h"
#include "compiler/support/Files.h"
#include "compiler/target/Target.h"
#include "dialects/qnn/QnnOps.h"

#include "llvm/Support/Base64.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/SHA256.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

namespace json = llvm::json;

CLI::Option *QuantizationReportOptions::addTo(CLI::App &verb) {
  auto check = [](const std::string &file) {
    StringRef extension = llvm::sys::path::extension(file);
    return extension == ".html" || extension == ".json"
               ? std::string()
               : "expects a file ending in .html or .json, but got '" + file + "'";
  };
  return verb
      .add_option("--report", path,
                  "also write one HTML page with what became of each layer: bits, histograms, noise, memory, and\n"
                  "sizes before and after; or, to a .json file, its data")
      ->check(check)
      ->type_name("FILE");
}

void QuantizationReportOptions::addTargetTo(CLI::App &verb, CLI::Option *report) {
  // Known before what takes long.
  auto check = [](const std::string &names) {
    SmallVector<const target::Target *> versions;
    std::string error;
    if (!target::areSeveral(names))
      return target::findTarget(names) ? error : "unknown target '" + names + "'; docs/targets.md lists the targets";
    return target::findVersions(names, versions, error) ? std::string() : error;
  };
  verb.add_option("--report-target", target, "what the sizes in the report are for")
      ->needs(report)
      ->check(check)
      ->type_name("TARGET")
      ->capture_default_str();
}

//===-- Histograms ----------------------------------------------------------------------------===//

/// 64 equal steps from the least to the greatest value.
static json::Object histogramOf(const quantize::Statistics &statistics) {
  double low = statistics.minimum, high = statistics.maximum;
  constexpr int64_t bins = 64;
  std::vector<int64_t> counts(bins);
  double width = (high - low) / bins;
  for (auto [value, count] : statistics.getDistribution())
    counts[width > 0 ? std::clamp<int64_t>(static_cast<int64_t>((value - low) / width), 0, bins - 1) : 0] += count;
  return json::Object{{"low", low}, {"high", high}, {"counts", json::Array(counts)}};
}

/// The least and the greatest number of a format, over all channels; null for floats.
static json::Value clipOf(qnn::NumberFormat format) {
  if (format.isFloat())
    return nullptr;
  double low = std::numeric_limits<double>::infinity(), high = -low;
  auto [first, last] = format.getCodeRange();
  for (int64_t channel = 0; channel < format.getNumChannels(); ++channel)
    for (int64_t code : {first, last}) {
      low = std::min(low, format.decode(code, channel));
      high = std::max(high, format.decode(code, channel));
    }
  return json::Array{low, high};
}

static json::Value activationsOf(const LayerNoise &layer) {
  const quantize::Statistics &values = layer.values;
  if (values.count == 0 || values.nonFinite)
    return nullptr;
  json::Object object = histogramOf(values);
  object["clip"] = clipOf(qnn::getFormat(layer.op->getResult(0)));
  return object;
}

//===-- Weights -------------------------------------------------------------------------------===//

/// The constant filter of an operator; null if it has none.
static qnn::ConstantOp filterOf(Operation *op) {
  return op->getNumOperands() > 1 && llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::MatmulOp>(op)
             ? op->getOperand(1).getDefiningOp<qnn::ConstantOp>()
             : qnn::ConstantOp();
}

/// The filter of a layer, whose last operator is given: a requantization may stand behind the contraction.
static qnn::ConstantOp filterOfLayer(Operation *last) {
  StringRef name = nameOfLayer(last);
  for (Operation *op = last; op; op = op->getPrevNode())
    if (qnn::ConstantOp filter = filterOf(op); filter && nameOfLayer(op) == name)
      return filter;
  return {};
}

static std::vector<double> realsOf(qnn::ConstantOp constant) {
  auto type = cast<RankedTensorType>(constant.getType());
  return interpret::Tensor(HostTensor(type, constant.getCodes())).reals();
}

/// The float weights, and how near the quantized ones are. Weights in groups have their scales elsewhere.
static json::Value weightsOf(const LayerNoise &layer) {
  qnn::ConstantOp own = filterOfLayer(layer.op), reference = filterOfLayer(layer.reference);
  if (!own || !reference || shapeOf(own) != shapeOf(reference) || qnn::getFormat(own).getGroupSize())
    return nullptr;
  std::vector<double> expected = realsOf(reference), got = realsOf(own);
  double signal = 0, noise = 0;
  for (auto [a, b] : llvm::zip_equal(expected, got)) {
    signal += a * a;
    noise += (a - b) * (a - b);
  }
  quantize::Statistics values(/*keepsValues=*/true);
  values.add(std::vector<float>(expected.begin(), expected.end()));
  json::Object object = histogramOf(values);
  object["clip"] = clipOf(qnn::getFormat(own));
  object["sqnr_db"] = noise > 0 && signal > 0 ? json::Value(10 * std::log10(signal / noise)) : nullptr;
  return object;
}

//===-- The document --------------------------------------------------------------------------===//

/// The operators that the layers of a report describe, in their order.
static std::vector<Operation *> layerOps(func::FuncOp model) {
  std::vector<Operation *> ops;
  for (Operation &op : model.front())
    if (!isa<qnn::ConstantOp, func::ReturnOp>(op))
      ops.push_back(&op);
  return ops;
}

/// For each layer what it reads, as numbers of layers, or -1 - i for input i, and how many bits its numbers have.
static json::Array graphOf(func::FuncOp model, const std::vector<Operation *> &ops) {
  json::Array graph;
  for (Operation *op : ops) {
    json::Array inputs;
    for (Value operand : op->getOperands()) {
      Operation *producer = operand.getDefiningOp();
      if (!producer)
        inputs.push_back(-1 - static_cast<int64_t>(cast<BlockArgument>(operand).getArgNumber()));
      else if (auto at = llvm::find(ops, producer); at != ops.end())
        inputs.push_back(at - ops.begin());
    }
    json::Object node{{"inputs", std::move(inputs)}};
    if (op->getNumResults())
      node["output_bits"] = qnn::getFormat(op->getResult(0)).getBits();
    if (qnn::ConstantOp filter = filterOf(op))
      node["weight_bits"] = qnn::getFormat(filter).getBits();
    graph.push_back(std::move(node));
  }
  return graph;
}

static json::Value modelToJson(const ModelReport &report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  printJson(stream, report);
  return llvm::cantFail(json::parse(text));
}

static json::Array layersToJson(const ModelComparison &comparison, const std::vector<Operation *> &ops) {
  json::Array layers;
  for (const LayerNoise &layer : comparison.layers) {
    json::Object object = toJson(layer);
    object["number"] = llvm::find(ops, layer.op) - ops.begin();
    object["activations"] = activationsOf(layer);
    object["weights"] = weightsOf(layer);
    layers.push_back(std::move(object));
  }
  return layers;
}

static FailureOr<ModelReport> compiledReport(ModuleOp module, const CompileOptions &options) {
  OwningOpRef<ModuleOp> clone = module.clone();
  FailureOr<CompileResult> result = compileModel(*clone, options, Emit::Object);
  if (failed(result))
    return failure();
  return std::move(result->report);
}

//===-- The page ------------------------------------------------------------------------------===//

/// JSON inside of a script element: nothing in it can end the element or begin a comment.
static std::string escapeForScript(const json::Value &value) {
  std::string result;
  for (char c : llvm::formatv("{0}", value).str())
    result += c == '<' ? "\\u003c" : std::string(1, c);
  return result;
}

/// The source expression of a Content-Security-Policy for one script.
static std::string hashOf(StringRef script) {
  return "'sha256-" + llvm::encodeBase64(llvm::SHA256::hash(llvm::arrayRefFromStringRef(script))) + "'";
}

/// Fills the template: `@NAME@` on it stands for one of the parts.
static void writePage(raw_ostream &stream, const json::Value &document, const ModelReport &compiled) {
  std::string arena;
  llvm::raw_string_ostream drawing(arena);
  for (size_t memory = 0; memory < std::max<size_t>(compiled.memories.size(), 1); ++memory)
    drawArena(drawing, compiled, memory);
  StringRef script = reportFile("quantization.js");
  const std::pair<StringRef, std::string> parts[] = {
      {"TITLE", escapeHtml(compiled.name)},
      {"SCRIPT_HASH", hashOf(script)},
      {"STYLE", (reportFile("style.css") + reportFile("quantization.css")).str()},
      {"ARENA", arena},
      {"DATA", escapeForScript(document)},
      {"SCRIPT", script.str()}};
  for (StringRef rest = reportFile("quantization.html"); !rest.empty();) {
    StringRef text;
    std::tie(text, rest) = rest.split('@');
    stream << text;
    for (auto &[name, part] : parts)
      if (rest.consume_front((name + "@").str()))
        stream << part;
  }
}

LogicalResult qcc::driver::writeQuantizationReport(Session &session, StringRef path, const CompileOptions &compile,
                                                   const ModelComparison &comparison, json::Value pareto) {
  func::FuncOp model = *findModel(*comparison.model);
  FailureOr<ModelReport> before = compiledReport(*comparison.reference, compile);
  if (failed(before))
    return failure();
  FailureOr<ModelReport> after = compiledReport(*comparison.model, compile);
  if (failed(after))
    return failure();
  std::vector<Operation *> ops = layerOps(model);
  json::Value document = json::Object{{"format", "qcc-quantization"},
                                      {"version", 1},
                                      {"samples", comparison.samples},
                                      {"unmatched_layers", comparison.unmatched},
                                      {"model", modelToJson(describeModel(model))},
                                      {"graph", graphOf(model, ops)},
                                      {"layers", layersToJson(comparison, ops)},
                                      {"hurting", hurtingToJson(comparison.layers)},
                                      {"before", modelToJson(*before)},
                                      {"after", modelToJson(*after)},
                                      {"pareto", std::move(pareto)}};
  return writeFile(session.nowhere(), path, [&](raw_ostream &stream) {
    if (llvm::sys::path::extension(path) == ".json")
      stream << llvm::formatv("{0:2}", document) << '\n';
    else
      writePage(stream, document, *after);
  });
}
