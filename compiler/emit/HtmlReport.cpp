#include "compiler/emit/Report.h"
#include "compiler/support/EmbeddedFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

using namespace mlir;
using namespace qcc;

namespace qcc {
/// compiler/emit/report.
llvm::ArrayRef<EmbeddedFile> reportFiles();
} // namespace qcc

StringRef qcc::reportFile(StringRef name) {
  return llvm::find_if(reportFiles(), [&](const EmbeddedFile &file) { return file.name == name; })->text;
}

std::string qcc::escapeHtml(StringRef text) {
  std::string valid = llvm::json::fixUTF8(text), result;
  for (char &c : valid)
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f')
      c = '?';
  llvm::raw_string_ostream stream(result);
  llvm::printHTMLEscaped(valid, stream);
  return result;
}

namespace {
class HtmlWriter {
public:
  HtmlWriter(llvm::raw_ostream &out, const ModelReport &report) : out(out), report(report) {}
  void write();

private:
  void writeHead();
  void writeSummary();
  void writePorts();
  void writeArena();
  void writeLayers();
  void writeLayer(size_t number);
  void writeKernels();
  void writeRemarks();

  void header(std::initializer_list<std::pair<StringRef, bool>> columns);
  /// A cell of a table: text, a name that may be long, a number, a number with a bar that shows its share of `most`.
  void cell(StringRef text) { out << "<td>" << escapeHtml(text) << "</td>"; }
  void nameCell(StringRef name) {
    out << "<td class=\"name\" title=\"" << escapeHtml(name) << "\">" << escapeHtml(shorten(name)) << "</td>";
  }
  void numberCell(int64_t value) { out << "<td class=\"number\">" << grouped(value) << "</td>"; }
  void barCell(int64_t value, int64_t most) {
    double percent = most > 0 ? 100.0 * static_cast<double>(value) / static_cast<double>(most) : 0;
    out << "<td class=\"number\" style=\"--part:" << llvm::format("%.1f", percent) << "%\">" << grouped(value)
        << "</td>";
  }
  void totalRow(StringRef label, const LayerTotals &totals);
  int64_t bytesInUse(int64_t step) const;

  llvm::raw_ostream &out;
  const ModelReport &report;
};

void HtmlWriter::writeHead() {
  out << "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      // Nothing is loaded or run, whatever a model calls its parts.
      << "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      << "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      << "<title>" << escapeHtml(report.name) << "</title>\n<style>\n"
      << reportFile("style.css") << "</style>\n</head>\n";
}

void HtmlWriter::writeSummary() {
  out << "<h1>" << escapeHtml(report.name) << "</h1>\n<p class=\"quiet\">compiled by qcc for "
      << escapeHtml(report.target) << ", optimized for " << escapeHtml(report.optimize);
  if (!report.versions.empty())
    out << ". Kernels and the arena over time are those of the version for "
        << escapeHtml(report.versions.back().target) << ".";
  out << "</p>\n<dl class=\"sizes\">\n";
  auto size = [&](StringRef label, int64_t value, StringRef unit) {
    out << "<div><dt>" << escapeHtml(label) << "</dt><dd>" << grouped(value) << unit << "</dd></div>\n";
  };
  for (const SizeRow &row : listSizes(report))
    size(row.label, row.value, " bytes");
  size("weights", report.totals.weightBytes, " bytes");
  size("products in a run", report.totals.macs, "");
  out << "</dl>\n";
}

void HtmlWriter::header(std::initializer_list<std::pair<StringRef, bool>> columns) {
  out << "<div class=\"wide\"><table>\n<thead><tr>";
  for (auto [title, isNumber] : columns)
    out << (isNumber ? "<th class=\"number\">" : "<th>") << escapeHtml(title) << "</th>";
  out << "</tr></thead>\n<tbody>\n";
}

void HtmlWriter::writePorts() {
  out << "<h2>Inputs and outputs</h2>\n";
  header({{"", false},
          {"name", false},
          {"shape", false},
          {"format", false},
          {"type", false},
          {"bytes", true},
          {"place in the arena", false}});
  auto writePort = [&](StringRef label, const TensorReport &tensor, const std::string &place) {
    out << "<tr>";
    cell(label);
    nameCell(tensor.name);
    cell(showShape(tensor.shape));
    cell(tensor.format);
    cell(tensor.type);
    numberCell(tensor.bytes);
    cell(place);
    out << "</tr>\n";
  };
  for (auto &[label, tensors] : {std::pair("input", &report.inputs), std::pair("output", &report.outputs)})
    for (const TensorReport &tensor : *tensors)
      writePort(label, tensor,
                tensor.offset < 0         ? "differs between versions"
                : report.memories.empty() ? grouped(tensor.offset)
                                          : report.memories[tensor.memory].name + " + " + grouped(tensor.offset));
  for (const StateReport &state : report.states)
    writePort("state", state, "none: the caller's");
  out << "</tbody></table></div>\n";
}

void HtmlWriter::writeArena() {
  out << "<h2>The arena over time</h2>\n<p class=\"quiet\">Each rectangle is what lies at these bytes from the first "
         "kernel that uses it to the last. Hatched: bytes of a result over those of its operand that have been read "
         "by then.</p>\n<div class=\"legend\">";
  using Kind = BufferReport::Kind;
  for (Kind kind : {Kind::Input, Kind::Tensor, Kind::Scratch, Kind::Weights, Kind::Output})
    if (kind != Kind::Weights || !report.memories.empty())
      out << "<span style=\"--kind:var(--" << kindName(kind) << ")\">" << kindName(kind) << "</span>";
  out << "</div>\n";
  for (size_t memory = 0; memory < std::max<size_t>(report.memories.size(), 1); ++memory) {
    if (!report.memories.empty())
      out << "<h3>" << escapeHtml(report.memories[memory].name) << "</h3>\n";
    out << "<div class=\"wide\">\n";
    drawArena(out, report, memory);
    out << "</div>\n";
  }
  for (const StreamReport &stream : report.streams)
    out << "<p>Row by row through " << grouped(stream.bytes) << " bytes: " << stream.layers << " layers from "
        << escapeHtml(shorten(stream.first)) << " to " << escapeHtml(shorten(stream.last)) << ".</p>\n";
}

/// How a kernel computes.
static std::string describe(const KernelReport &kernel) {
  std::string text = kernel.tile.empty() ? kernel.op : kernel.tile;
  if (!kernel.block.empty())
    text += ", " + kernel.block + " at a time";
  if (kernel.lines > 0)
    text += ", " + std::to_string(kernel.lines) + (kernel.lines == 1 ? " line staged" : " lines staged");
  if (kernel.pieces > 1)
    text += ", in " + std::to_string(kernel.pieces) + " pieces";
  return text;
}

void HtmlWriter::writeLayer(size_t number) {
  const LayerReport &layer = report.layers[number];
  int64_t mostMacs = 0, mostBytes = 0;
  for (const LayerReport &other : report.layers) {
    mostMacs = std::max(mostMacs, other.macs);
    mostBytes = std::max(mostBytes, other.weightBytes);
  }
  out << "<tr>";
  numberCell(static_cast<int64_t>(number));
  nameCell(layer.name);
  cell(layer.op);
  cell(showShape(layer.outputShape));
  cell(showFormats(layer));
  barCell(layer.macs, mostMacs);
  barCell(layer.weightBytes, mostBytes);
  out << "<td>";
  for (auto [index, kernel] : llvm::enumerate(report.kernels))
    if (llvm::is_contained(kernel.layers, number))
      out << "<a href=\"#kernel" << index << "\">" << index << "</a> " << escapeHtml(describe(kernel)) << "<br>";
  out << "</td><td>";
  StringRef open = "<ul>", close = "";
  for (const RemarkReport &remark : report.remarks)
    if (llvm::is_contained(remark.layers, number)) {
      out << open << "<li>" << escapeHtml(remark.text) << "</li>";
      open = "";
      close = "</ul>";
    }
  out << close << "</td></tr>\n";
}

void HtmlWriter::totalRow(StringRef label, const LayerTotals &totals) {
  out << "<tr class=\"total\"><td></td>";
  cell(label);
  out << "<td></td><td></td><td></td>";
  numberCell(totals.macs);
  numberCell(totals.weightBytes);
  out << "<td></td><td></td></tr>\n";
}

void HtmlWriter::writeLayers() {
  out << "<h2>Layers</h2>\n";
  header({{"", true},
          {"layer", false},
          {"op", false},
          {"output", false},
          {"formats", false},
          {"MACs", true},
          {"weight bytes", true},
          {"kernels", false},
          {"decisions", false}});
  for (size_t number = 0; number < report.layers.size(); ++number)
    writeLayer(number);
  totalRow("total", report.totals);
  if (report.imported != report.totals)
    totalRow("as imported", report.imported);
  out << "</tbody></table></div>\n";
}

/// Bytes of the arena that hold something in a step; what two buffers share counts once.
int64_t HtmlWriter::bytesInUse(int64_t step) const {
  std::vector<std::tuple<size_t, int64_t, int64_t>> parts;
  for (const BufferReport &buffer : report.buffers)
    if (buffer.first <= step && step <= buffer.last)
      parts.push_back({buffer.memory, buffer.offset, buffer.offset + buffer.bytes});
  llvm::sort(parts);
  int64_t sum = 0, end = 0;
  size_t last = 0;
  for (auto [memory, from, to] : parts) {
    end = memory == last ? end : 0;
    last = memory;
    sum += std::max<int64_t>(0, to - std::max(from, end));
    end = std::max(end, to);
  }
  return sum;
}

void HtmlWriter::writeKernels() {
  int64_t mostMacs = 0;
  for (const KernelReport &kernel : report.kernels)
    mostMacs = std::max(mostMacs, kernel.macs);
  out << "<h2>Kernels</h2>\n<p class=\"quiet\">In their order, as the columns of the drawing. Products on padding are "
         "counted; a kernel's bytes are those of all that it reads and writes, weights included.</p>\n";
  header({{"", true}, {"layer", false}, {"kernel", false}, {"MACs", true}, {"bytes", true}, {"arena in use", true}});
  for (auto [index, kernel] : llvm::enumerate(report.kernels)) {
    out << "<tr id=\"kernel" << index << "\">";
    numberCell(static_cast<int64_t>(index));
    nameCell(kernel.layers.empty() ? kernel.layer : report.layers[kernel.layers.front()].name);
    cell(kernel.tile.empty() ? kernel.op : kernel.op + ": " + describe(kernel));
    barCell(kernel.macs, mostMacs);
    numberCell(kernel.bytes);
    barCell(bytesInUse(static_cast<int64_t>(index)), report.arenaBytes);
    out << "</tr>\n";
  }
  out << "</tbody></table></div>\n";
}

/// What is said of no layer in particular.
void HtmlWriter::writeRemarks() {
  auto isOfModel = [](const RemarkReport &remark) { return remark.layers.empty(); };
  if (llvm::none_of(report.remarks, isOfModel))
    return;
  out << "<h2>Decisions for the whole model</h2>\n<ul>\n";
  for (const RemarkReport &remark : llvm::make_filter_range(report.remarks, isOfModel))
    out << "<li>" << escapeHtml(remark.text) << "</li>\n";
  out << "</ul>\n";
}

void HtmlWriter::write() {
  writeHead();
  out << "<body>\n";
  writeSummary();
  writeArena();
  writePorts();
  writeLayers();
  writeKernels();
  writeRemarks();
  out << "</body>\n</html>\n";
}
} // namespace

void qcc::printHtml(llvm::raw_ostream &stream, const ModelReport &report) { HtmlWriter(stream, report).write(); }
