#include "compiler/emit/Report.h"

#include "compiler/emit/Compile.h"

using namespace mlir;
using namespace qcc;

SmallVector<SizeRow> qcc::listSizes(const ModelReport &report) {
  bool isRam = report.optimize == nameOf(Optimize::Ram);
  SmallVector<SizeRow> rows = {{"arena_bytes", "arena", report.arenaBytes},
                               {isRam ? "arena_bytes_for_speed" : "arena_bytes_for_ram",
                                isRam ? "arena for speed" : "arena for ram", report.otherArenaBytes},
                               {"arena_align", "arena alignment", report.arenaAlign},
                               {"state_bytes", "state", report.stateBytes},
                               {"text_bytes", "code", report.textBytes},
                               {"rodata_bytes", "read-only data", report.rodataBytes},
                               {"stack_bytes", "stack bound", report.stackBytes}};
  llvm::erase_if(rows, [](const SizeRow &row) { return row.value < 0; }); // Only some phases know them.
  return rows;
}

std::string qcc::grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (int64_t position = text.size() - 3; position > (number < 0 ? 1 : 0); position -= 3)
    text.insert(position, ",");
  return text;
}

std::string qcc::shorten(StringRef name, size_t width) {
  name = name.split(';').first;
  return name.size() <= width ? name.str() : ("..." + name.take_back(width - 3)).str();
}

std::string qcc::showFormats(const LayerReport &layer) {
  std::string text = layer.inputFormat;
  if (!layer.weightFormat.empty())
    text += (text.empty() ? "" : " x ") + layer.weightFormat;
  return text + " -> " + layer.outputFormat;
}

StringRef qcc::kindName(BufferReport::Kind kind) {
  switch (kind) {
  case BufferReport::Kind::Input:
    return "input";
  case BufferReport::Kind::Output:
    return "output";
  case BufferReport::Kind::Tensor:
    return "tensor";
  case BufferReport::Kind::Scratch:
    return "scratch";
  case BufferReport::Kind::Weights:
    return "weights";
  }
  llvm_unreachable("unknown kind");
}
