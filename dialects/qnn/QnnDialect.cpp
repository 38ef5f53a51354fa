// Registration of the qnn dialect.
#include "dialects/qnn/QnnDialect.h"
#include "dialects/qnn/QnnOps.h"

using namespace mlir;
using namespace qcc::qnn;

#include "dialects/qnn/QnnDialect.cpp.inc"
#include "dialects/qnn/QnnEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/qnn/QnnAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/qnn/QnnTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/qnn/QnnOps.cpp.inc"

std::string qcc::showShape(ArrayRef<int64_t> shape) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << '[';
  llvm::interleaveComma(shape, stream);
  stream << ']';
  return text;
}

void qcc::qnn::printExactNumbers(AsmPrinter &printer, DenseF64ArrayAttr numbers) {
  printer << '[';
  llvm::interleaveComma(numbers.asArrayRef(), printer.getStream(),
                        [&](double number) { printer.printFloat(APFloat(number)); });
  printer << ']';
}

/// `<direct>` or `<winograd = F_2_3, exact>`.
Attribute AlgorithmAttr::parse(AsmParser &parser, Type) {
  StringRef name;
  llvm::SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&name))
    return {};
  std::optional<AlgorithmKind> kind = symbolizeAlgorithmKind(name);
  if (!kind) {
    parser.emitError(place) << "expects 'direct' or 'winograd', but got '" << name << "'";
    return {};
  }
  if (*kind == AlgorithmKind::WinogradF2 &&
      (parser.parseEqual() || parser.parseKeyword("F_2_3") || parser.parseComma() || parser.parseKeyword("exact")))
    return {};
  return parser.parseGreater() ? Attribute() : AlgorithmAttr::get(parser.getContext(), *kind);
}

void AlgorithmAttr::print(AsmPrinter &printer) const {
  printer << '<' << stringifyAlgorithmKind(getKind());
  if (getKind() == AlgorithmKind::WinogradF2)
    printer << " = F_2_3, exact";
  printer << '>';
}

void QnnDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/qnn/QnnTypes.cpp.inc"
      >();
}

void QnnDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/qnn/QnnAttrs.cpp.inc"
      >();
}

void QnnDialect::initialize() {
  registerTypes();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/qnn/QnnOps.cpp.inc"
      >();
}
