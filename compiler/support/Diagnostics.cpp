#include "compiler/support/Diagnostics.h"

using namespace mlir;
using namespace qcc;

/// The file position inside a location: names and call sites are looked through.
static FileLineColLoc findPosition(Location location) {
  if (auto position = llvm::dyn_cast<FileLineColLoc>(location))
    return position;
  if (auto name = llvm::dyn_cast<NameLoc>(location))
    return findPosition(name.getChildLoc());
  if (auto fused = llvm::dyn_cast<FusedLoc>(location)) {
    for (Location part : fused.getLocations())
      if (FileLineColLoc position = findPosition(part))
        return position;
    return {};
  }
  if (auto call = llvm::dyn_cast<CallSiteLoc>(location))
    return findPosition(call.getCallee());
  return {};
}

static StringRef findName(Location location) {
  if (auto name = llvm::dyn_cast<NameLoc>(location))
    return name.getName();
  return {};
}

static StringRef severityName(DiagnosticSeverity severity) {
  switch (severity) {
  case DiagnosticSeverity::Error:
    return "error";
  case DiagnosticSeverity::Warning:
    return "warning";
  case DiagnosticSeverity::Remark:
    return "remark";
  case DiagnosticSeverity::Note:
    return "note";
  }
  llvm_unreachable("unknown severity");
}

static void printSourceLine(raw_ostream &stream, StringRef path, unsigned line, unsigned column) {
  auto file = llvm::MemoryBuffer::getFile(path);
  if (!file)
    return;
  StringRef rest = (*file)->getBuffer(), text;
  for (unsigned i = 0; i < line; ++i)
    std::tie(text, rest) = rest.split('\n');
  text = text.rtrim('\r');
  if (text.empty() || text.size() > 400 || column > text.size() + 1)
    return;
  stream << text << '\n';
  for (char c : text.take_front(column - 1))
    stream << (c == '\t' ? '\t' : ' ');
  stream << "^\n";
}

void DiagnosticPrinter::printOne(Diagnostic &diagnostic) {
  FileLineColLoc position = findPosition(diagnostic.getLocation());
  if (position) {
    stream << position.getFilename().getValue() << ':';
    if (position.getLine())
      stream << position.getLine() << ':' << position.getColumn() << ':';
    stream << ' ';
  } else {
    stream << "qcc: ";
  }
  stream << severityName(diagnostic.getSeverity()) << ": ";
  if (StringRef name = findName(diagnostic.getLocation()); !name.empty())
    stream << "'" << name << "': ";
  stream << diagnostic.str() << '\n';
  if (position && position.getLine() && position.getColumn())
    printSourceLine(stream, position.getFilename().getValue(), position.getLine(), position.getColumn());
}

void DiagnosticPrinter::print(Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() == DiagnosticSeverity::Remark && !verbose)
    return;
  if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
    ++errors;
  printOne(diagnostic);
  for (Diagnostic &note : diagnostic.getNotes())
    printOne(note);
}

DiagnosticPrinter::DiagnosticPrinter(MLIRContext *context, bool verbose, raw_ostream &stream)
    : context(context), verbose(verbose), stream(stream) {
  handler = context->getDiagEngine().registerHandler([this](Diagnostic &diagnostic) { print(diagnostic); });
}

DiagnosticPrinter::~DiagnosticPrinter() { context->getDiagEngine().eraseHandler(handler); }
