#include "compiler/driver/Report.h"

#include "llvm/Support/JSON.h"

#include <set>

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

SmallVector<SizeRow> qcc::driver::listSizes(const ModelReport &report) {
  bool isRam = report.optimize == nameOf(Optimize::Ram);
  SmallVector<SizeRow> rows = {{"arena_bytes", "arena", report.arenaBytes},
                               {isRam ? "arena_bytes_for_speed" : "arena_bytes_for_ram",
                                isRam ? "arena for speed" : "arena for ram", report.otherArenaBytes},
                               {"arena_align", "arena alignment", report.arenaAlign},
                               {"text_bytes", "code", report.textBytes},
                               {"rodata_bytes", "read-only data", report.rodataBytes},
                               {"stack_bytes", "stack bound", report.stackBytes}};
  llvm::erase_if(rows, [](const SizeRow &row) { return row.value < 0; }); // Only some phases know them.
  return rows;
}

/// The formats in use, each once, sorted.
static std::set<std::string> formatsOf(const ModelReport &report) {
  std::set<std::string> formats;
  for (const LayerReport &layer : report.layers)
    formats.insert({layer.inputFormat, layer.weightFormat, layer.outputFormat});
  formats.erase("");
  return formats;
}

//===-- JSON ------------------------------------------------------------------------------===//

static void printTensors(llvm::json::OStream &json, StringRef key, ArrayRef<TensorReport> tensors) {
  json.attributeArray(key, [&] {
    for (const TensorReport &tensor : tensors)
      json.object([&] {
        json.attribute("name", llvm::json::fixUTF8(tensor.name));
        json.attribute("type", tensor.type);
        json.attribute("format", tensor.format);
        json.attribute("shape", llvm::json::Array(tensor.shape));
      });
  });
}

static void printTotals(llvm::json::OStream &json, const LayerTotals &totals) {
  json.attribute("macs", totals.macs);
  json.attribute("parameters", totals.parameters);
  json.attribute("weight_bytes", totals.weightBytes);
}

static void printLayer(llvm::json::OStream &json, const LayerReport &layer) {
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(layer.name));
    json.attribute("op", layer.op);
    printTotals(json, {layer.macs, layer.parameters, layer.weightBytes});
    json.attributeObject("formats", [&] {
      for (auto &[key, format] : {std::pair("input", &layer.inputFormat), std::pair("weight", &layer.weightFormat),
                                  std::pair("output", &layer.outputFormat)})
        if (!format->empty())
          json.attribute(key, *format);
    });
    json.attribute("output_shape", llvm::json::Array(layer.outputShape));
  });
}

void qcc::driver::printJson(raw_ostream &stream, const ModelReport &report) {
  llvm::json::OStream json(stream, 2);
  json.object([&] {
    json.attribute("name", llvm::json::fixUTF8(report.name));
    if (!report.target.empty())
      json.attribute("target", report.target);
    if (!report.optimize.empty())
      json.attribute("optimize", report.optimize);
    printTensors(json, "inputs", report.inputs);
    printTensors(json, "outputs", report.outputs);
    json.attributeArray("layers", [&] {
      for (const LayerReport &layer : report.layers)
        printLayer(json, layer);
    });
    json.attribute("formats", llvm::json::Array(formatsOf(report)));
    printTotals(json, report.totals);
    json.attributeObject("imported", [&] { printTotals(json, report.imported); });
    for (const SizeRow &size : listSizes(report))
      json.attribute(size.key, size.value);
    if (!report.streams.empty())
      json.attributeArray("streams", [&] {
        for (const StreamReport &stream : report.streams)
          json.object([&] {
            json.attribute("first", llvm::json::fixUTF8(stream.first));
            json.attribute("last", llvm::json::fixUTF8(stream.last));
            json.attribute("layers", stream.layers);
            json.attribute("bytes", stream.bytes);
          });
      });
  });
  stream << '\n';
}

//===-- Table ------------------------------------------------------------------------------===//

std::string qcc::driver::grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (int64_t position = text.size() - 3; position > 0; position -= 3)
    text.insert(position, ",");
  return text;
}

void qcc::driver::printColumns(raw_ostream &stream, ArrayRef<Row> rows, ArrayRef<size_t> numbers) {
  std::vector<size_t> widths(rows.front().size());
  for (const Row &row : rows)
    for (auto [width, text] : llvm::zip_equal(widths, row))
      width = std::max(width, text.size());
  for (const Row &row : rows) {
    std::string line;
    llvm::raw_string_ostream text(line);
    for (auto [column, entry] : llvm::enumerate(row)) {
      bool isNumber = llvm::is_contained(numbers, column);
      text << (column ? "  " : "")
           << (isNumber ? llvm::right_justify(entry, widths[column]) : llvm::left_justify(entry, widths[column]));
    }
    stream << StringRef(line).rtrim() << '\n';
  }
}

std::string qcc::driver::shorten(StringRef name) {
  constexpr size_t width = 44;
  name = name.split(';').first;
  return name.size() <= width ? name.str() : ("..." + name.take_back(width - 3)).str();
}

static std::string showFormats(const LayerReport &layer) {
  std::string text = layer.inputFormat;
  if (!layer.weightFormat.empty())
    text += (text.empty() ? "" : " x ") + layer.weightFormat;
  return text + " -> " + layer.outputFormat;
}

void qcc::driver::printTable(raw_ostream &stream, const ModelReport &report) {
  stream << report.name << (report.target.empty() ? "" : " for ") << report.target
         << (report.optimize.empty() ? "" : ", optimized for ") << report.optimize << '\n';
  std::vector<Row> ports;
  for (auto &[label, tensors] : {std::pair("  input", &report.inputs), std::pair("  output", &report.outputs)})
    for (const TensorReport &tensor : *tensors)
      ports.push_back({label, tensor.name, showShape(tensor.shape), tensor.type, tensor.format});
  printColumns(stream, ports, {});
  stream << '\n';
  std::vector<Row> rows = {{"layer", "op", "output", "MACs", "parameters", "weight bytes", "formats"}};
  for (const LayerReport &layer : report.layers)
    rows.push_back({shorten(layer.name), layer.op, showShape(layer.outputShape), grouped(layer.macs),
                    grouped(layer.parameters), grouped(layer.weightBytes), showFormats(layer)});
  auto addTotals = [&](StringRef label, const LayerTotals &totals) {
    rows.push_back(
        {label.str(), "", "", grouped(totals.macs), grouped(totals.parameters), grouped(totals.weightBytes), ""});
  };
  addTotals("total", report.totals);
  if (report.imported != report.totals)
    addTotals("as imported", report.imported);
  printColumns(stream, rows, {3, 4, 5});
  for (const StreamReport &chain : report.streams)
    stream << "\nrow by row through " << grouped(chain.bytes) << " bytes: " << chain.layers << " layers from "
           << shorten(chain.first) << " to " << shorten(chain.last) << '\n';
  rows.clear();
  for (const SizeRow &size : listSizes(report))
    rows.push_back({size.label.str(), grouped(size.value), "bytes"});
  if (rows.empty())
    return;
  stream << '\n';
  printColumns(stream, rows, {1});
}
