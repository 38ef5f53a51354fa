#include "compiler/verify/Boards.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;
using namespace qcc;

namespace {

/// The table of runtime/port. It is a part of this program, so what does not fit is a defect of ours.
const json::Object &table() {
  static const json::Value value = [] {
    const EmbeddedFile *file =
        find_if(portFiles(), [](const EmbeddedFile &file) { return file.name == "boards.json"; });
    return cantFail(json::parse(file->text), "boards.json cannot be read");
  }();
  return *value.getAsObject();
}

/// Reads a board's fields: its own first, then those of its family.
class BoardReader {
public:
  explicit BoardReader(const json::Object &board)
      : board(board), family(*table().getObject("families")->getObject(*board.getString("family"))) {}

  Board read() const {
    std::vector<StringRef> emulatorFlags = list("emulatorFlags");
    append_range(emulatorFlags, list("programFlags"));
    return {*board.getString("target"),
            tool("compiler"),
            tool("emulator"),
            list("packages"),
            list("flags"),
            list("sources"),
            string("linkerScript").value_or(""),
            std::move(emulatorFlags),
            string("measure") == "time" ? Board::Measure::Time : Board::Measure::Instructions};
  }

private:
  std::optional<StringRef> string(StringRef key) const {
    std::optional<StringRef> own = board.getString(key);
    return own ? own : family.getString(key);
  }
  /// The family's entries, then the board's.
  std::vector<StringRef> list(StringRef key) const {
    std::vector<StringRef> entries;
    for (const json::Object *object : {&family, &board})
      if (const json::Array *array = object->getArray(key))
        for (const json::Value &entry : *array)
          entries.push_back(*entry.getAsString());
    return entries;
  }
  Tool tool(StringRef key) const {
    std::vector<StringRef> entries = list(key);
    return {entries.front(), entries.back()};
  }

  const json::Object &board, &family;
};

} // namespace

ArrayRef<Board> qcc::boards() {
  static const std::vector<Board> all = [] {
    std::vector<Board> boards;
    for (const json::Value &board : *table().getArray("boards"))
      boards.push_back(BoardReader(*board.getAsObject()).read());
    return boards;
  }();
  return all;
}

const Board *qcc::findBoard(StringRef target) {
  const Board *found = find_if(boards(), [&](const Board &board) { return board.target == target; });
  return found == boards().end() ? nullptr : found;
}
