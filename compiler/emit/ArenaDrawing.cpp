#include "compiler/emit/Report.h"

#include "llvm/Support/Format.h"

using namespace mlir;
using namespace qcc;

namespace {

/// Pixels. Columns are as wide as the drawing allows, within limits; many kernels make it wider.
constexpr double plotHeight = 340, wantedWidth = 1000, leastColumn = 16, mostColumn = 110;
constexpr double left = 76, top = 18, right = 190, bottom = 34;
constexpr double characterWidth = 5.6, textHeight = 11;

class ArenaDrawing {
public:
  ArenaDrawing(llvm::raw_ostream &out, const ModelReport &report, size_t memory)
      : out(out), report(report), memory(memory), title("arena"), bytes(report.arenaBytes),
        lowerBound(report.arenaLowerBound), columns(static_cast<double>(report.kernels.size()) + 2),
        column(std::clamp(wantedWidth / columns, leastColumn, mostColumn)), plotWidth(column * columns) {
    if (report.memories.empty())
      return;
    const MemoryReport &part = report.memories[memory];
    title = part.name;
    bytes = part.bytes;
    lowerBound = part.lowerBound;
  }
  void draw();

private:
  /// The left edge of a step's column, and the height of a byte.
  double x(int64_t step) const { return left + static_cast<double>(step + 1) * column; }
  double y(int64_t byte) const {
    return top + plotHeight * (1 - static_cast<double>(byte) / static_cast<double>(std::max<int64_t>(bytes, 1)));
  }
  void drawGrid();
  void drawBuffer(const BufferReport &buffer);
  void drawLabel(const BufferReport &buffer);
  void drawShared(const BufferReport &a, const BufferReport &b);
  void drawBound(int64_t byte, StringRef style, const std::string &text);
  void drawBounds();
  void rectangle(StringRef style, int64_t first, int64_t last, int64_t begin, int64_t end);
  void text(double x, double y, StringRef anchor, StringRef style, StringRef content) {
    out << llvm::format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"", x, y) << anchor << "\" class=\"" << style << "\">"
        << escapeHtml(content) << "</text>\n";
  }

  llvm::raw_ostream &out;
  const ModelReport &report;
  size_t memory;
  std::string title;
  int64_t bytes, lowerBound;
  double columns, column, plotWidth;
};

/// A round number of bytes for about five lines.
int64_t gridStep(int64_t bytes) {
  int64_t step = 1;
  for (int64_t factor = 1;; factor *= 10)
    for (int64_t digit : {1, 2, 5})
      if (step = digit * factor; bytes / step <= 5)
        return step;
}

void ArenaDrawing::drawGrid() {
  for (int64_t byte = 0, step = gridStep(bytes); byte <= bytes; byte += step) {
    out << llvm::format("<line class=\"grid\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", left,
                        left + plotWidth, y(byte), y(byte));
    text(left - 6, y(byte) + 3, "end", "quiet", grouped(byte));
  }
  auto kernels = static_cast<int64_t>(report.kernels.size());
  auto every = static_cast<int64_t>(std::ceil(24 / column));
  auto name = [&](int64_t step, StringRef content) {
    text(x(step) + column / 2, top + plotHeight + 14, "middle", "quiet", content);
  };
  name(-1, "in");
  for (int64_t kernel = 0; kernel < kernels; kernel += every)
    name(kernel, std::to_string(kernel));
  name(kernels, "out");
  text(left + plotWidth / 2, top + plotHeight + 30, "middle", "quiet", "kernels in their order");
}

void ArenaDrawing::rectangle(StringRef style, int64_t first, int64_t last, int64_t begin, int64_t end) {
  out << "<rect class=\"" << style << '"'
      << llvm::format(" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"", x(first) + 1, y(end),
                      x(last + 1) - x(first) - 2, y(begin) - y(end));
}

void ArenaDrawing::drawBuffer(const BufferReport &buffer) {
  StringRef kind = kindName(buffer.kind);
  int64_t end = buffer.offset + buffer.bytes;
  rectangle(("buffer " + kind).str(), buffer.first, buffer.last, buffer.offset, end);
  std::string title = llvm::formatv("{0} {1}: {2} bytes at {3}, kernels {4} to {5}", kind, buffer.name,
                                    grouped(buffer.bytes), grouped(buffer.offset), std::max<int64_t>(buffer.first, 0),
                                    std::min<int64_t>(buffer.last, report.kernels.size() - 1));
  out << "><title>" << escapeHtml(title) << "</title></rect>\n";
  drawLabel(buffer);
}

/// Name and bytes, in the upper left corner, as far as no later buffer covers it.
void ArenaDrawing::drawLabel(const BufferReport &buffer) {
  int64_t top = buffer.offset + buffer.bytes, last = buffer.last;
  auto bytesOfLabel = static_cast<int64_t>(2.5 * textHeight / plotHeight * static_cast<double>(bytes));
  for (const BufferReport &other : report.buffers)
    if (other.memory == memory && other.first > buffer.first && other.offset < top &&
        other.offset + other.bytes > top - bytesOfLabel)
      last = std::min(last, other.first - 1);
  double room = x(last + 1) - x(buffer.first) - 6, height = y(buffer.offset) - y(top), line = y(top);
  auto write = [&](const std::string &content) {
    if (static_cast<double>(content.size()) * characterWidth > room || line + textHeight > y(top) + height)
      return;
    line += textHeight;
    text(x(buffer.first) + 4, line, "start", "", content);
  };
  // Of a long name, a few letters say nothing.
  constexpr size_t telling = 12;
  write(shorten(buffer.name, std::max(telling, static_cast<size_t>(std::max(0.0, room / characterWidth)))));
  write(grouped(buffer.bytes));
}

/// The bytes that two buffers have in common while both are live: where a result overlaps what it is computed from.
void ArenaDrawing::drawShared(const BufferReport &a, const BufferReport &b) {
  int64_t first = std::max(a.first, b.first), last = std::min(a.last, b.last);
  int64_t begin = std::max(a.offset, b.offset), end = std::min(a.offset + a.bytes, b.offset + b.bytes);
  if (first > last || begin >= end)
    return;
  rectangle("shared", first, last, begin, end);
  out << "/>\n";
}

void ArenaDrawing::drawBound(int64_t byte, StringRef style, const std::string &content) {
  out << "<line class=\"bound " << style << '"'
      << llvm::format(" x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%.1f\"/>\n", left, left + plotWidth, y(byte), y(byte));
  text(left + plotWidth + 6, y(byte) + 3, "start", "bound", content);
}

void ArenaDrawing::drawBounds() {
  drawBound(bytes, "", title + " " + grouped(bytes) + (lowerBound >= bytes ? " (lower bound)" : ""));
  if (lowerBound < bytes)
    drawBound(lowerBound, "dashed", "lower bound " + grouped(lowerBound));
  if (!report.memories.empty() || report.otherArenaBytes < 0 || report.otherArenaBytes >= bytes)
    return;
  for (const SizeRow &size : listSizes(report))
    if (size.value == report.otherArenaBytes && size.key.starts_with("arena_bytes_for"))
      drawBound(size.value, "dotted", (size.label + " " + grouped(size.value)).str());
}

void ArenaDrawing::draw() {
  double width = left + plotWidth + right, height = top + plotHeight + bottom;
  out << llvm::format("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%.0f\" height=\"%.0f\" "
                      "viewBox=\"0 0 %.0f %.0f\">\n",
                      width, height, width, height)
      << "<title>" << escapeHtml(title) << " over time</title>\n"
      << "<defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><line class=\"hatch\" x1=\"0\" y1=\"0\" x2=\"0\" "
         "y2=\"6\"/></pattern></defs>\n";
  drawGrid();
  std::vector<const BufferReport *> buffers;
  for (const BufferReport &buffer : report.buffers)
    if (buffer.memory == memory)
      buffers.push_back(&buffer);
  for (const BufferReport *buffer : buffers)
    drawBuffer(*buffer);
  for (size_t i = 0; i < buffers.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      drawShared(*buffers[j], *buffers[i]);
  drawBounds();
  out << "</svg>\n";
}
} // namespace

void qcc::drawArena(llvm::raw_ostream &stream, const ModelReport &report, size_t memory) {
  ArenaDrawing(stream, report, memory).draw();
}
