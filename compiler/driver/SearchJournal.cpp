#include "compiler/driver/SearchJournal.h"

#include "compiler/support/Diagnostics.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

using namespace mlir;
using namespace qcc;
using namespace qcc::driver;

static std::string lastError() { return std::error_code(errno, std::generic_category()).message(); }

SearchJournal::SearchJournal(SearchJournal &&other)
    : loc(other.loc), path(std::move(other.path)), search(std::move(other.search)), file(std::exchange(other.file, -1)),
      measurements(std::move(other.measurements)) {}

SearchJournal::~SearchJournal() {
  if (file >= 0)
    ::close(file);
}

static std::optional<Measurement> measurementOf(const llvm::json::Object &object) {
  std::optional<double> noise = object.getNumber("noise"), divergence = object.getNumber("divergence");
  if (!noise || !divergence)
    return std::nullopt;
  Measurement measurement{*noise, *divergence, {}};
  for (auto [name, cost] : llvm::zip_equal(resourceNames, measurement.costs)) {
    std::optional<int64_t> value = object.getInteger(name);
    if (!value)
      return std::nullopt;
    cost = *value;
  }
  return measurement;
}

LogicalResult SearchJournal::addLine(StringRef line, size_t number) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
  if (!value)
    llvm::consumeError(value.takeError());
  const llvm::json::Object *object = value ? value->getAsObject() : nullptr;
  std::optional<StringRef> of = object ? object->getString("search") : std::nullopt;
  std::optional<StringRef> precisions = object ? object->getString("precisions") : std::nullopt;
  std::optional<Measurement> measurement = object ? measurementOf(*object) : std::nullopt;
  if (!of || !precisions || !measurement)
    return emitError(FileLineColLoc::get(loc.getContext(), path, number, 1)) << "expects a line of a search's journal";
  if (*of == search)
    measurements[precisions->str()] = *measurement;
  return success();
}

LogicalResult SearchJournal::reread() {
  if (path.empty())
    return success();
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                            /*IsVolatile=*/true);
  if (!buffer)
    return emitError(fileLoc(loc.getContext(), path)) << "cannot be read: " << buffer.getError().message();
  StringRef text = (*buffer)->getBuffer();
  for (size_t number = 1; !text.empty(); ++number) {
    size_t end = text.find('\n');
    if (end == StringRef::npos) // Its process was killed, or is writing.
      break;
    if (failed(addLine(text.take_front(end), number)))
      return failure();
    text = text.drop_front(end + 1);
  }
  return success();
}

/// How all lines begin: keys are sorted.
static constexpr StringLiteral lineBegin = "{\"bops\":";

/// Removes the line that a killed process has left unfinished.
LogicalResult SearchJournal::removeTornLine() {
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return emitError(fileLoc(loc.getContext(), path)) << "cannot be read: " << buffer.getError().message();
  StringRef text = (*buffer)->getBuffer();
  StringRef torn = text.drop_front(text.rfind('\n') + 1);
  if (torn.empty())
    return success();
  if (!torn.starts_with(lineBegin) && !lineBegin.starts_with(torn)) // Another file: it is to stay as it is.
    return addLine(torn, text.count('\n') + 1);
  if (::ftruncate(file, static_cast<off_t>(text.size() - torn.size())) != 0)
    return emitError(fileLoc(loc.getContext(), path)) << "cannot be written: " << lastError();
  return success();
}

FailureOr<SearchJournal> SearchJournal::open(Location loc, std::string path, std::string search) {
  SearchJournal journal(loc, std::move(path), std::move(search));
  if (journal.path.empty())
    return journal;
  journal.file = ::open(journal.path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (journal.file < 0)
    return emitError(fileLoc(loc.getContext(), journal.path)) << "cannot be written: " << lastError();
  if (failed(journal.reread()) || failed(journal.removeTornLine()))
    return failure();
  return journal;
}

const Measurement *SearchJournal::find(const std::string &precisions) const {
  auto found = measurements.find(precisions);
  return found == measurements.end() ? nullptr : &found->second;
}

LogicalResult SearchJournal::add(const std::string &precisions, const Measurement &measurement) {
  measurements[precisions] = measurement;
  if (file < 0)
    return success();
  llvm::json::Object object{{"search", search},
                            {"precisions", llvm::json::fixUTF8(precisions)},
                            {"noise", measurement.noise},
                            {"divergence", measurement.divergence}};
  for (auto [name, cost] : llvm::zip_equal(resourceNames, measurement.costs))
    object[name] = cost;
  std::string line;
  llvm::raw_string_ostream(line) << llvm::json::Value(std::move(object)) << '\n';
  if (::write(file, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    return emitError(fileLoc(loc.getContext(), path)) << "cannot be written: " << lastError();
  return success();
}
