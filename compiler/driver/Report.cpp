#include "compiler/driver/Report.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/Support/Format.h"
#include <map>

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

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

/// Which buffers lie in which memory, in the order of their first kernels. Those of a layer's parts are alike.
static void printMemories(raw_ostream &stream, const ModelReport &report) {
  for (auto [number, memory] : llvm::enumerate(report.memories)) {
    stream << "\n" << memory.name << ": " << grouped(memory.bytes) << " of " << grouped(memory.capacity) << " bytes\n";
    llvm::MapVector<Row, int64_t, std::map<Row, unsigned>> times;
    for (const BufferReport &buffer : report.buffers)
      if (buffer.memory == number)
        ++times[{"", kindName(buffer.kind).str(), shorten(buffer.name), grouped(buffer.bytes), "bytes at",
                 grouped(buffer.offset)}];
    std::vector<Row> rows;
    for (auto &[row, count] : times) {
      rows.push_back(row);
      rows.back().push_back(count > 1 ? std::to_string(count) + " times" : "");
    }
    if (!rows.empty())
      printColumns(stream, rows, {3, 5});
  }
}

void qcc::driver::printTable(raw_ostream &stream, const ModelReport &report) {
  stream << report.name << (report.target.empty() ? "" : " for ") << report.target
         << (report.optimize.empty() ? "" : ", optimized for ") << report.optimize << '\n';
  std::vector<Row> ports;
  for (auto &[label, tensors] : {std::pair("  input", &report.inputs), std::pair("  output", &report.outputs)})
    for (const TensorReport &tensor : *tensors)
      ports.push_back({label, tensor.name, showShape(tensor.shape), tensor.type, tensor.format});
  for (const StateReport &state : report.states)
    ports.push_back({"  state", state.name, showShape(state.shape), state.type, state.format});
  printColumns(stream, ports, {});
  stream << '\n';
  std::vector<Row> rows = {
      {"layer", "op", "output", "MACs", "bit ops", "high-precision ops", "parameters", "weight bytes", "formats"}};
  for (const LayerReport &layer : report.layers)
    rows.push_back({shorten(layer.name), layer.op, showShape(layer.outputShape), grouped(layer.macs),
                    grouped(layer.operations.bits), grouped(layer.operations.highPrecision), grouped(layer.parameters),
                    grouped(layer.weightBytes), showFormats(layer)});
  auto addTotals = [&](StringRef label, const LayerTotals &totals, const std::string &bits, const std::string &others) {
    rows.push_back({label.str(), "", "", grouped(totals.macs), bits, others, grouped(totals.parameters),
                    grouped(totals.weightBytes), ""});
  };
  addTotals("total", report.totals, grouped(report.operations.bits), grouped(report.operations.highPrecision));
  if (report.imported != report.totals)
    addTotals("as imported", report.imported, "", "");
  printColumns(stream, rows, {3, 4, 5, 6, 7});
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
  for (const VersionReport &version : report.versions) {
    stream << "a version for " << version.target << ": ";
    if (version.memories.empty())
      stream << "arena " << grouped(version.arenaBytes);
    llvm::interleaveComma(version.memories, stream,
                          [&](const MemoryReport &memory) { stream << memory.name << ' ' << grouped(memory.bytes); });
    stream << " bytes\n";
  }
  printMemories(stream, report);
}

void qcc::driver::addReportOption(CLI::App &verb, std::string &path) {
  verb.add_option_function<std::string>(
          "--report",
          [&path](const std::string &file) {
            if (file.empty() || file == "-")
              throw CLI::ValidationError("--report", "expects a file, such as report.html, but got '" + file + "'");
            path = file;
          },
          "also write one HTML page with the sizes, the arena over time, layers and kernels")
      ->type_name("FILE");
}
