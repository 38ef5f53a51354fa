// Registration of the qnn dialect.
#include "dialects/qnn/QnnDialect.h"
#include "dialects/qnn/QnnOps.h"
#include "dialects/qnn/Winograd.h"

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

/// `[number, ...]`
static ParseResult parseList(AsmParser &parser, SmallVectorImpl<int64_t> &numbers) {
  auto parseNumber = [&] { return parser.parseInteger(numbers.emplace_back()); };
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseNumber);
}

/// `, name = [number, ...]`
static ParseResult parseShifts(AsmParser &parser, StringRef name, SmallVectorImpl<int64_t> &shifts) {
  return failure(parser.parseComma() || parser.parseKeyword(name) || parser.parseEqual() || parseList(parser, shifts));
}

/// `, name = number`
static ParseResult parseNumber(AsmParser &parser, StringRef name, int64_t &number) {
  return failure(parser.parseComma() || parser.parseKeyword(name) || parser.parseEqual() ||
                 parser.parseInteger(number));
}

/// `name`
static ParseResult parsePoints(AsmParser &parser, WinogradPoints &points) {
  StringRef name;
  llvm::SMLoc place = parser.getCurrentLocation();
  if (parser.parseKeyword(&name))
    return failure();
  std::optional<WinogradPoints> known = symbolizeWinogradPoints(name);
  if (!known)
    return parser.emitError(place) << "expects points 'integer' or 'reciprocal', but got '" << name << "'";
  points = *known;
  return success();
}

namespace {
/// What the tap-wise algorithm may have besides its shifts.
struct TapwiseOptions {
  WinogradPoints points = WinogradPoints::Integer;
  SmallVector<int64_t> factors, offsets;
  DenseIntElementsAttr transformed;
};
} // namespace

/// `, points = name`, `, factors = [..]`, `, offsets = [..]` and `, transformed = dense<..>`, those that are there.
static ParseResult parseOptions(AsmParser &parser, TapwiseOptions &options) {
  while (succeeded(parser.parseOptionalComma())) {
    StringRef name;
    llvm::SMLoc place = parser.getCurrentLocation();
    if (parser.parseKeyword(&name) || parser.parseEqual())
      return failure();
    ParseResult parsed = success();
    if (name == "points")
      parsed = parsePoints(parser, options.points);
    else if (name == "factors")
      parsed = parseList(parser, options.factors);
    else if (name == "offsets")
      parsed = parseList(parser, options.offsets);
    else if (name == "transformed")
      parsed = parser.parseAttribute(options.transformed);
    else
      parsed = parser.emitError(place) << "expects 'points', 'factors', 'offsets' or 'transformed', but got '" << name
                                       << "'";
    if (failed(parsed))
      return failure();
  }
  return success();
}

/// What follows `F_4_3,`.
static ParseResult parseF4(AsmParser &parser, AlgorithmKind &kind, bool &isTapwise) {
  if (succeeded(parser.parseOptionalKeyword("float")))
    return success();
  if (succeeded(parser.parseOptionalKeyword("exact"))) {
    kind = AlgorithmKind::WinogradF4Exact;
    return success();
  }
  isTapwise = true;
  return parser.parseKeyword("tapwise");
}

/// `<direct>`, `<winograd = F_2_3, exact>`, `<winograd = F_2_3, exact, small>`, `<winograd = F_4_3, exact>`, `<winograd
/// = F_4_3, float>` or `<winograd = F_4_3, tapwise, bits = b, codes = [..], weights = [..], fraction = f, points = p,
/// factors = [..], offsets = [..], transformed = dense<..>>`, where integer points, factors of 1, offsets of 0 and what
/// is only rounded need not be named.
Attribute AlgorithmAttr::parse(AsmParser &parser, Type) {
  StringRef name;
  llvm::SMLoc place = parser.getCurrentLocation();
  auto error = [&](StringRef expected) {
    parser.emitError(place) << "expects " << expected << ", but got '" << name << "'";
    return Attribute();
  };
  if (parser.parseLess() || parser.parseKeyword(&name))
    return {};
  AlgorithmKind kind = AlgorithmKind::Direct;
  TapwiseOptions options;
  int64_t bits = 0, fraction = 0;
  SmallVector<int64_t> codes, weights;
  if (name == "winograd") {
    if (parser.parseEqual() || parser.parseKeyword(&name))
      return {};
    std::optional<AlgorithmKind> transform = symbolizeAlgorithmKind(name);
    if (transform != AlgorithmKind::WinogradF2 && transform != AlgorithmKind::WinogradF4)
      return error("'F_2_3' or 'F_4_3'");
    kind = *transform;
    bool isTapwise = false;
    if (parser.parseComma() ||
        (kind == AlgorithmKind::WinogradF2 ? parser.parseKeyword("exact") : parseF4(parser, kind, isTapwise)))
      return {};
    if (kind == AlgorithmKind::WinogradF2 && succeeded(parser.parseOptionalComma())) {
      if (parser.parseKeyword("small"))
        return {};
      kind = AlgorithmKind::WinogradF2Small;
    }
    if (isTapwise && (parseNumber(parser, "bits", bits) || parseShifts(parser, "codes", codes) ||
                      parseShifts(parser, "weights", weights) || parseNumber(parser, "fraction", fraction) ||
                      parseOptions(parser, options)))
      return {};
  } else if (name != stringifyAlgorithmKind(kind)) {
    return error("'direct' or 'winograd'");
  }
  if (parser.parseGreater())
    return {};
  auto emitError = [&] { return parser.emitError(place); };
  return AlgorithmAttr::getChecked(emitError, parser.getContext(), kind, options.points, bits, codes, weights, fraction,
                                   options.factors, options.offsets, options.transformed);
}

void AlgorithmAttr::print(AsmPrinter &printer) const {
  printer << '<';
  if (isWinograd())
    printer << "winograd = ";
  bool isExactF4 = getKind() == AlgorithmKind::WinogradF4Exact, isSmall = getKind() == AlgorithmKind::WinogradF2Small;
  printer << stringifyAlgorithmKind(isExactF4 ? AlgorithmKind::WinogradF4
                                    : isSmall ? AlgorithmKind::WinogradF2
                                              : getKind());
  if (isExactF4 || isSmall || getKind() == AlgorithmKind::WinogradF2)
    printer << ", exact";
  if (isSmall)
    printer << ", small";
  if (isOfFloats())
    printer << ", float";
  if (isTapwise()) {
    printer << ", tapwise, bits = " << getBits() << ", codes = [";
    llvm::interleaveComma(getCodes(), printer.getStream());
    printer << "], weights = [";
    llvm::interleaveComma(getWeights(), printer.getStream());
    printer << "], fraction = " << getFraction();
    if (getPoints() != WinogradPoints::Integer)
      printer << ", points = " << stringifyWinogradPoints(getPoints());
    for (auto [name, numbers] : {std::pair("factors", getFactors()), std::pair("offsets", getOffsets())})
      if (!numbers.empty()) {
        printer << ", " << name << " = [";
        llvm::interleaveComma(numbers, printer.getStream());
        printer << ']';
      }
    if (getTransformed())
      printer << ", transformed = " << getTransformed();
  }
  printer << '>';
}

LogicalResult AlgorithmAttr::verify(llvm::function_ref<InFlightDiagnostic()> emitError, AlgorithmKind kind,
                                    WinogradPoints points, int64_t bits, ArrayRef<int64_t> codes,
                                    ArrayRef<int64_t> weights, int64_t fraction, ArrayRef<int64_t> factors,
                                    ArrayRef<int64_t> offsets, DenseIntElementsAttr transformed) {
  if (kind != AlgorithmKind::WinogradF4 || (bits == 0 && codes.empty() && weights.empty()))
    return success();
  if (bits < 8 || bits > 10) // algorithm_c1
    return emitError() << "expects 8, 9 or 10 bits, but got " << bits;
  size_t taps = codes.size();
  if (!llvm::is_contained(winograd::tapCounts, taps)) // algorithm_c2
    return emitError() << "expects shifts of codes for 36 taps, or for 6 along one axis, but got " << taps;
  if (weights.empty() || weights.size() % taps != 0) // algorithm_c3
    return emitError() << "expects " << taps << " shifts of weights, or as many for each channel, but got "
                       << weights.size();
  auto checkRange = [&](StringRef what, ArrayRef<int64_t> numbers, int64_t least, int64_t most) -> LogicalResult {
    for (int64_t number : numbers)
      if (number < least || number > most)
        return emitError() << "expects " << what << " from " << least << " to " << most << ", but got " << number;
    return success();
  };
  if (!factors.empty() && (points != WinogradPoints::Reciprocal || factors.size() != taps)) // algorithm_c5
    return emitError() << "expects no factors, or " << taps << " with reciprocal points, but got " << factors.size();
  for (int64_t factor : factors) // algorithm_c5
    if (!llvm::is_contained(winograd::codeFactors, factor))
      return emitError() << "expects factors 1, 3, 5 or 7, but got " << factor;
  if (!offsets.empty() && (points != WinogradPoints::Reciprocal || offsets.size() != taps)) // algorithm_c6
    return emitError() << "expects no offsets, or " << taps << " with reciprocal points, but got " << offsets.size();
  if (transformed) { // algorithm_c7
    ShapedType type = transformed.getType();
    if (bits != 8 || !type.getElementType().isSignlessInteger(8) || type.getRank() != 3 ||
        type.getDimSize(1) != static_cast<int64_t>(taps))
      return emitError() << "expects transformed weights of 8 bits and type tensor<CHANNELSx" << taps
                         << "xDEPTHxi8>, but got " << type << " for " << bits << " bits";
  }
  auto width = static_cast<unsigned>(bits);
  auto [mostCodeShift, mostWeightShift] = winograd::mostShifts(points);
  return success(
      succeeded(checkRange("shifts of codes", codes, 0, mostCodeShift)) && // algorithm_c2
      succeeded(
          checkRange("shifts of weights", weights, winograd::leastWeightShift, mostWeightShift)) && // algorithm_c3
      succeeded(checkRange("offsets", offsets, llvm::minIntN(width), llvm::maxIntN(width))) &&      // algorithm_c6
      succeeded(checkRange("a fraction", fraction, -winograd::mostFraction,
                           winograd::mostFraction))); // algorithm_c4
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
