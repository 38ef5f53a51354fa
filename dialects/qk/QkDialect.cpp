#include "dialects/qk/QkDialect.h"
#include "dialects/qk/QkOps.h"
#include "mlir/Interfaces/FoldInterfaces.h"

using namespace mlir;
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

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t batch, ArrayRef<int64_t> input,
                                 ArrayRef<int64_t> output, ArrayRef<int64_t> kernel, ArrayRef<int64_t> strides,
                                 ArrayRef<int64_t> dilations, ArrayRef<int64_t> pads, int64_t groups,
                                 ArrayRef<int64_t> channels) {
  for (auto [name, values] : {std::pair("input", input), std::pair("output", output), std::pair("kernel", kernel),
                              std::pair("strides", strides), std::pair("dilations", dilations), std::pair("pads", pads),
                              std::pair("channels", channels)})
    if (values.size() != 2 || values[0] < 0 || values[1] < 0)
      return emitError() << "expects two numbers of at least 0 as " << name;
  if (batch < 0 || groups < 0 || strides[0] < 1 || strides[1] < 1 || dilations[0] < 1 || dilations[1] < 1)
    return emitError() << "expects a batch and groups of at least 0, strides and dilations of at least 1";
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

namespace {
/// Constants of a kernel's region stay in it: the region is moved into a function of its own later.
struct QkFolds : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const override { return true; }
};
} // namespace

void QkDialect::initialize() {
  addInterfaces<QkFolds>();
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialects/qk/QkOps.cpp.inc"
      >();
}

void qcc::qk::registerDialect(DialectRegistry &registry) { registry.insert<QkDialect>(); }
