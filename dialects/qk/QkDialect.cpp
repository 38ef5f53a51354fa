#include "dialects/qk/QkDialect.h"
#include "dialects/qk/QkOps.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::qk;

#include "dialects/qk/QkDialect.cpp.inc"
#include "dialects/qk/QkEnums.cpp.inc"
#include "dialects/qk/QkInterfaces.cpp.inc"

FailureOr<SmallVector<int64_t>> qcc::qk::parseInts(AsmParser &parser) {
  SmallVector<int64_t> values;
  auto parseOne = [&] { return parser.parseInteger(values.emplace_back()); };
  if (failed(parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne)))
    return failure();
  return values;
}

void qcc::qk::printInts(AsmPrinter &printer, ArrayRef<int64_t> values) {
  printer << '[';
  llvm::interleaveComma(values, printer);
  printer << ']';
}

#define GET_ATTRDEF_CLASSES
#include "dialects/qk/QkAttrs.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/qk/QkOps.cpp.inc"

static bool isWithin(int64_t value, int64_t low, int64_t high) { return low <= value && value <= high; }

/// The rule of `qnn::isFormatTensor` for sizes of at most 2^31 each.
static bool isTensorSize(ArrayRef<int64_t> sizes) {
  int64_t elements = 1;
  for (int64_t size : sizes) {
    if (size * elements > qnn::maxElements)
      return false;
    elements = std::max<int64_t>(1, size * elements);
  }
  return true;
}

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t batch, ArrayRef<int64_t> input,
                                 ArrayRef<int64_t> output, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                 ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads, int64_t groups,
                                 ArrayRef<int64_t> channels) {
  constexpr int64_t maxStep = 1 << 24;
  const struct {
    StringRef name;
    ArrayRef<int64_t> values;
    int64_t low, high;
  } pairs[] = {{"input", input, 0, qnn::maxElements},      {"output", output, 0, qnn::maxElements},
               {"kernel", kernel, 0, qnn::maxElements},    {"strides", strides, 1, maxStep},
               {"dilations", dilations, 1, maxStep},       {"pads", pads, 0, maxStep},
               {"channels", channels, 0, qnn::maxElements}};
  for (const auto &pair : pairs) {
    // window_c1
    if (pair.values.size() != 2)
      return emitError() << "expects two numbers as " << pair.name << ", but got " << pair.values.size();
    // window_c2
    for (int64_t value : pair.values)
      if (!isWithin(value, pair.low, pair.high))
        return emitError() << "expects " << pair.name << " from " << pair.low << " to " << pair.high << ", but got "
                           << value;
  }
  for (int64_t value : {batch, groups})
    if (!isWithin(value, 0, qnn::maxElements))
      return emitError() << "expects batch and groups from 0 to " << qnn::maxElements << ", but got " << value;
  // window_c3
  if (!isTensorSize({batch, input[0], input[1], groups, channels[0]}) ||
      !isTensorSize({batch, output[0], output[1], groups, channels[1]}))
    return emitError() << "expects input and output of at most " << qnn::maxElements << " elements";
  return success();
}

LogicalResult AccessAttr::verify(function_ref<InFlightDiagnostic()> emitError, Type format, int64_t offset,
                                 ArrayRef<int64_t> strides) {
  // access_c1
  if (!llvm::isa<qnn::NumberFormat>(format))
    return emitError() << "expects a number format, but got " << format;
  // access_c2
  if (offset < 0 || llvm::any_of(strides, [](int64_t stride) { return stride < 0; })) {
    InFlightDiagnostic error = emitError()
                               << "expects an offset and strides of at least 0, but got " << offset << " and [";
    llvm::interleaveComma(strides, error);
    return error << "]";
  }
  return success();
}

LogicalResult ScheduleAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef tile, int64_t m, int64_t n,
                                   int64_t k, int64_t lines, int64_t row, int64_t rows, int64_t channels, int64_t tiles,
                                   int64_t pieces, bool smallWeights, bool ofChannels) {
  // schedule_c1
  if (m < 1 || n < 1 || k < 0 || lines < 0 || row < 0 || rows < 0 || channels < 0 || tiles < 0)
    return emitError() << "expects m and n of at least 1, k, lines, row, rows, channels and tiles of at least 0, "
                       << "but got " << m << ", " << n << ", " << k << ", " << lines << ", " << row << ", " << rows
                       << ", " << channels << " and " << tiles;
  if (pieces < 1)
    return emitError() << "expects at least one piece, but got " << pieces;
  if (smallWeights && tiles == 0) // schedule_c2
    return emitError() << "expects tiles that small_weights are transformed for";
  if (ofChannels && (pieces == 1 || tiles > 0)) // schedule_c3
    return emitError() << "expects several pieces of_channels, and no tiles, but got " << pieces << " and " << tiles;
  return success();
}

ScheduleAttr ScheduleAttr::withRowPieces(int64_t pieces, int64_t row) const {
  return get(getContext(), getTile(), getM(), getN(), getK(), getLines(), row, getRows(), getChannels(), getTiles(),
             pieces, getSmallWeights(), /*of_channels=*/false);
}

ScheduleAttr ScheduleAttr::withChannelPieces(int64_t pieces) const {
  return get(getContext(), getTile(), getM(), getN(), getK(), getLines(), getRow(), getRows(), getChannels(),
             getTiles(), pieces, getSmallWeights(), /*of_channels=*/true);
}

LogicalResult StageAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t height, int64_t rows,
                                int64_t stride, int64_t pad, int64_t) {
  constexpr int64_t most = 1 << 24;
  // stage_c1
  for (int64_t number : {height, rows, stride})
    if (!isWithin(number, 1, most))
      return emitError() << "expects height, rows and stride from 1 to " << most << ", but got " << number;
  if (!isWithin(pad, 0, most))
    return emitError() << "expects a pad from 0 to " << most << ", but got " << pad;
  return success();
}

LogicalResult PartAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t first, int64_t of) {
  // part_c1
  if (!isWithin(first, 0, qnn::maxElements) || !isWithin(of, 1, qnn::maxElements))
    return emitError() << "expects a first channel of at least 0, of 1 to " << qnn::maxElements << ", but got " << first
                       << " of " << of;
  return success();
}

int64_t WindowAttr::inputElements() const {
  return getBatch() * getInput()[0] * getInput()[1] * getGroups() * getChannels()[0];
}

int64_t WindowAttr::outputElements() const {
  return getBatch() * getOutput()[0] * getOutput()[1] * getGroups() * getChannels()[1];
}

int64_t WindowAttr::macs() const { return outputElements() * getKernel()[0] * getKernel()[1] * getChannels()[0]; }

void QkDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/qk/QkAttrs.cpp.inc"
      >();
}

void QkDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/qk/QkOps.cpp.inc"
      >();
}

void qcc::qk::registerDialect(DialectRegistry &registry) {
  // What stands beside kernels is registered, too, so that text may begin with it.
  registry.insert<QkDialect, arith::ArithDialect, math::MathDialect, memref::MemRefDialect, tensor::TensorDialect>();
}
