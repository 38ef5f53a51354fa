#include "compiler/emit/Report.h"

#include "llvm/Support/JSON.h"

#include <set>

using namespace mlir;
using namespace qcc;

/// The formats in use, each once, sorted.
static std::set<std::string> formatsOf(const ModelReport &report) {
  std::set<std::string> formats;
  for (const LayerReport &layer : report.layers)
    formats.insert({layer.inputFormat, layer.weightFormat, layer.outputFormat});
  formats.erase("");
  return formats;
}

static void printTensor(llvm::json::OStream &json, const TensorReport &tensor) {
  json.attribute("name", llvm::json::fixUTF8(tensor.name));
  json.attribute("type", tensor.type);
  json.attribute("format", tensor.format);
  json.attribute("shape", llvm::json::Array(tensor.shape));
}

static void printTensors(llvm::json::OStream &json, StringRef key, ArrayRef<TensorReport> tensors) {
  json.attributeArray(key, [&] {
    for (const TensorReport &tensor : tensors)
      json.object([&] { printTensor(json, tensor); });
  });
}

static void printState(llvm::json::OStream &json, const StateReport &state) {
  json.object([&] {
    printTensor(json, state);
    json.attribute("bytes", state.bytes);
    json.attribute("initial", state.initial);
  });
}

static void printTotals(llvm::json::OStream &json, const LayerTotals &totals) {
  json.attribute("macs", totals.macs);
  json.attribute("parameters", totals.parameters);
  json.attribute("weight_bytes", totals.weightBytes);
}

static void printOperations(llvm::json::OStream &json, const OperationCounts &operations) {
  json.attribute("bit_operations", operations.bits);
  json.attribute("high_precision_operations", operations.highPrecision);
}

static void printLayer(llvm::json::OStream &json, const LayerReport &layer, bool isPlanned) {
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(layer.name));
    json.attribute("op", layer.op);
    printTotals(json, {layer.macs, layer.parameters, layer.weightBytes});
    if (isPlanned)
      printOperations(json, layer.operations);
    json.attributeObject("formats", [&] {
      for (auto &[key, format] : {std::pair("input", &layer.inputFormat), std::pair("weight", &layer.weightFormat),
                                  std::pair("output", &layer.outputFormat)})
        if (!format->empty())
          json.attribute(key, *format);
    });
    json.attribute("output_shape", llvm::json::Array(layer.outputShape));
  });
}

static void printStream(llvm::json::OStream &json, const StreamReport &stream) {
  json.object([&] {
    json.attribute("first", llvm::json::fixUTF8(stream.first));
    json.attribute("last", llvm::json::fixUTF8(stream.last));
    json.attribute("layers", stream.layers);
    json.attribute("bytes", stream.bytes);
  });
}

static llvm::json::Array numbersOf(ArrayRef<size_t> layers) {
  return llvm::json::Array(llvm::map_range(layers, [](size_t number) { return static_cast<int64_t>(number); }));
}

static void printKernel(llvm::json::OStream &json, const KernelReport &kernel) {
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(kernel.layer));
    json.attribute("op", kernel.op);
    json.attribute("layers", numbersOf(kernel.layers));
    if (!kernel.tile.empty()) {
      json.attribute("tile", kernel.tile);
      json.attribute("block", kernel.block);
      json.attribute("lines", kernel.lines);
      json.attribute("pieces", kernel.pieces);
    }
    json.attribute("macs", kernel.macs);
    printOperations(json, kernel.operations);
    json.attribute("bytes", kernel.bytes);
  });
}

static void printBuffer(llvm::json::OStream &json, const BufferReport &buffer) {
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(buffer.name));
    json.attribute("kind", kindName(buffer.kind));
    json.attribute("memory", static_cast<int64_t>(buffer.memory));
    json.attribute("offset", buffer.offset);
    json.attribute("bytes", buffer.bytes);
    json.attribute("first", buffer.first);
    json.attribute("last", buffer.last);
  });
}

static void printMemory(llvm::json::OStream &json, const MemoryReport &memory) {
  json.object([&] {
    json.attribute("name", memory.name);
    json.attribute("capacity", memory.capacity);
    json.attribute("bytes", memory.bytes);
    json.attribute("lower_bound", memory.lowerBound);
  });
}

static void printRemark(llvm::json::OStream &json, const RemarkReport &remark) {
  json.object([&] {
    json.attribute("text", llvm::json::fixUTF8(remark.text));
    json.attribute("layers", numbersOf(remark.layers));
  });
}

/// A list, if it has something.
template <typename Element>
static void printList(llvm::json::OStream &json, StringRef key, const std::vector<Element> &list,
                      void (*print)(llvm::json::OStream &, const Element &)) {
  if (list.empty())
    return;
  json.attributeArray(key, [&] {
    for (const Element &element : list)
      print(json, element);
  });
}

static void printVersion(llvm::json::OStream &json, const VersionReport &version) {
  json.object([&] {
    json.attribute("target", version.target);
    json.attribute("arena_bytes", version.arenaBytes);
    printList(json, "memories", version.memories, printMemory);
  });
}

void qcc::printJson(raw_ostream &stream, const ModelReport &report) {
  bool isPlanned = !report.kernels.empty();
  llvm::json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(report.name));
    if (!report.target.empty())
      json.attribute("target", report.target);
    if (!report.optimize.empty())
      json.attribute("optimize", report.optimize);
    if (report.threads > 1)
      json.attribute("threads", report.threads);
    printTensors(json, "inputs", report.inputs);
    printTensors(json, "outputs", report.outputs);
    printList(json, "states", report.states, printState);
    json.attributeArray("layers", [&] {
      for (const LayerReport &layer : report.layers)
        printLayer(json, layer, isPlanned);
    });
    json.attribute("formats", llvm::json::Array(formatsOf(report)));
    printTotals(json, report.totals);
    if (isPlanned)
      printOperations(json, report.operations);
    json.attributeObject("imported", [&] { printTotals(json, report.imported); });
    for (const SizeRow &size : listSizes(report))
      json.attribute(size.key, size.value);
    if (report.arenaLowerBound >= 0)
      json.attribute("arena_lower_bound", report.arenaLowerBound);
    printList(json, "versions", report.versions, printVersion);
    printList(json, "memories", report.memories, printMemory);
    printList(json, "streams", report.streams, printStream);
    printList(json, "kernels", report.kernels, printKernel);
    printList(json, "buffers", report.buffers, printBuffer);
    printList(json, "remarks", report.remarks, printRemark);
  });
  stream << '\n';
}
