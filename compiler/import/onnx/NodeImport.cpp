// What the importers of single operators use, and the table that finds them.
#include "compiler/import/onnx/Importer.h"

#include "compiler/support/HostTensor.h"
#include "compiler/support/Names.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

//===-- The table -----------------------------------------------------------------------===//

namespace {
struct Entry {
  StringRef kind;
  NodeImporter import;
};
} // namespace

static constexpr Entry importers[] = {
    {"Add", importBinary},
    {"AveragePool", importPool},
    {"BatchNormalization", importBatchNormalization},
    {"BipolarQuant", importBipolarQuant},
    {"Cast", importCast},
    {"Clip", importClip},
    {"Concat", importConcat},
    {"Constant", importConstant},
    {"Conv", importConv},
    {"DequantizeLinear", importDequantizeLinear},
    {"Div", importBinary},
    {"Dropout", importIdentity},
    {"Flatten", importFlatten},
    {"Gather", importGather},
    {"Gemm", importGemm},
    {"GlobalAveragePool", importGlobalPool},
    {"GlobalMaxPool", importGlobalPool},
    {"Identity", importIdentity},
    {"LeakyRelu", importActivation},
    {"LogSoftmax", importSoftmax},
    {"MatMul", importMatMul},
    {"MaxPool", importPool},
    {"Mul", importBinary},
    {"Pad", importPad},
    {"Pow", importBinary},
    {"Quant", importQuant},
    {"QuantizeLinear", importQuantizeLinear},
    {"Relu", importActivation},
    {"Reshape", importReshape},
    {"Shape", importShape},
    {"Sigmoid", importActivation},
    {"Softmax", importSoftmax},
    {"Squeeze", importSqueeze},
    {"Sub", importBinary},
    {"Tanh", importActivation},
    {"Transpose", importTranspose},
    {"Unsqueeze", importUnsqueeze},
};

/// Operators of ONNX itself, and the quantizers of QONNX under the names that its exporters have had.
static constexpr StringRef domains[] = {"", "ai.onnx", "onnx.brevitas", "qonnx.custom_op.general",
                                        "finn.custom_op.general"};

LogicalResult NodeImport::run() {
  for (int i = 0; i < node.input_size(); ++i)
    if (hasInput(i) && !importer.find(node.input(i)))
      return error() << "reads '" << printableName(node.input(i)) << "', which nothing before it defines";
  if (node.output_size() == 0)
    return error() << "has no output";
  if (llvm::is_contained(domains, StringRef(node.domain())))
    for (const Entry &entry : importers)
      if (entry.kind == kind())
        return entry.import(*this);
  InFlightDiagnostic diagnostic = error() << "is not supported";
  if (!node.domain().empty())
    diagnostic << " (domain '" << printableName(node.domain()) << "')";
  Diagnostic &note = diagnostic.attachNote() << "supported are ";
  llvm::interleaveComma(importers, note, [&](const Entry &entry) { note << entry.kind; });
  return diagnostic;
}

NodeImport::NodeImport(Importer &importer, const schema::NodeProto &node, size_t index)
    : builder(importer.builder),
      location(node.output_size() ? importer.locationOf(node.output(0)) : importer.fileLocation), importer(importer),
      node(node), index(index) {}

InFlightDiagnostic NodeImport::error() const {
  return emitError(location) << "operator " << index << " (" << printableName(kind()) << ") ";
}

//===-- Attributes ----------------------------------------------------------------------===//

const schema::AttributeProto *NodeImport::attribute(StringRef name) const {
  for (const schema::AttributeProto &attribute : node.attribute())
    if (attribute.name() == name)
      return &attribute;
  return nullptr;
}

int64_t NodeImport::integer(StringRef name, int64_t standard) const {
  const schema::AttributeProto *found = attribute(name);
  return found ? found->i() : standard;
}

double NodeImport::number(StringRef name, double standard) const {
  const schema::AttributeProto *found = attribute(name);
  return found ? found->f() : standard;
}

std::string NodeImport::text(StringRef name, StringRef standard) const {
  const schema::AttributeProto *found = attribute(name);
  return found ? found->s() : standard.str();
}

std::optional<Shape> NodeImport::integers(StringRef name) const {
  const schema::AttributeProto *found = attribute(name);
  if (!found)
    return std::nullopt;
  return Shape(found->ints().begin(), found->ints().end());
}

FailureOr<Shape> NodeImport::integers(StringRef name, size_t count, int64_t standard, int64_t least) const {
  Shape result = integers(name).value_or(Shape(count, standard));
  constexpr int64_t most = 1 << 24;
  if (result.size() != count || llvm::any_of(result, [&](int64_t n) { return n < least || n > most; }))
    return error() << "expects " << count << " integers from " << least << " to " << most << " as " << name;
  return result;
}

LogicalResult NodeImport::expectAttributes(ArrayRef<AttributeKind> known) const {
  using schema::AttributeProto;
  for (const AttributeProto &attribute : node.attribute()) {
    const AttributeKind *found =
        llvm::find_if(known, [&](const AttributeKind &kind) { return kind.name == attribute.name(); });
    if (found == known.end()) {
      InFlightDiagnostic diagnostic = error() << "has the attribute '" << printableName(attribute.name())
                                              << "', which is not supported";
      Diagnostic &note = diagnostic.attachNote() << (known.empty() ? "it has none" : "supported are ");
      llvm::interleaveComma(known, note, [&](const AttributeKind &kind) { note << kind.name; });
      return diagnostic;
    }
    bool isInteger = found->type == AttributeProto::INT;
    // Old files do not say the type.
    bool isRight = attribute.has_type() ? attribute.type() == found->type
                   : isInteger          ? attribute.has_i()
                                        : attribute.has_s();
    if (!isRight)
      return error() << "expects " << (isInteger ? "an integer" : "a text") << " as " << found->name
                     << ", but got a value of another type";
  }
  return success();
}

//===-- Operands ------------------------------------------------------------------------===//

LogicalResult NodeImport::expectInputs(size_t least, size_t most) const {
  if (inputCount() > most)
    return error() << "expects at most " << most << " inputs, but has " << inputCount();
  for (size_t i = 0; i < least; ++i)
    if (!hasInput(i))
      return error() << "expects input " << i << ", but it is not given";
  return success();
}

FailureOr<Array *> NodeImport::constant(size_t i) const {
  if (!input(i).constant)
    return error() << "expects a constant as input " << i << ", but '" << printableName(inputName(i))
                   << "' depends on the model's inputs";
  return &*input(i).constant;
}

FailureOr<Shape> NodeImport::indices(size_t i) const {
  FailureOr<Array *> array = constant(i);
  if (failed(array))
    return failure();
  if ((*array)->isFloat)
    return error() << "expects integers as input " << i << ", but '" << printableName(inputName(i)) << "' has floats";
  return Shape((*array)->integers.begin(), (*array)->integers.end());
}

FailureOr<double> NodeImport::scalar(size_t i) const {
  FailureOr<Array *> array = constant(i);
  if (failed(array))
    return failure();
  if ((*array)->size() != 1)
    return error() << "expects one number as input " << i << ", but '" << printableName(inputName(i)) << "' has "
                   << (*array)->size();
  return (*array)->number(0);
}

FailureOr<int64_t> NodeImport::axis(int64_t value, int64_t rank) const {
  int64_t result = value < 0 ? value + rank : value;
  if (result < 0 || result >= rank)
    return error() << "expects an axis of a tensor of rank " << rank << ", but got " << value;
  return result;
}

Shape qcc::onnx::permuted(ArrayRef<int64_t> shape, ArrayRef<int64_t> permutation) {
  Shape result;
  for (int64_t dimension : permutation)
    result.push_back(shape[dimension]);
  return result;
}

RankedTensorType NodeImport::floatType(ArrayRef<int64_t> shape) const {
  return RankedTensorType::get(shape, builder.getF32Type());
}

Value NodeImport::makeConstant(const Array &array, Type format, StringRef name) {
  auto type = RankedTensorType::get(array.shape, format ? format : builder.getF32Type());
  qnn::NumberFormat number = qnn::getFormat(type);
  ChannelIndex channel(type);
  SmallVector<int64_t> codes;
  codes.reserve(array.size());
  for (int64_t i = 0, end = array.size(); i < end; ++i) {
    auto real = static_cast<float>(array.number(i));
    codes.push_back(number.isFloat() ? static_cast<int64_t>(llvm::bit_cast<uint32_t>(real))
                                     : number.encode(real, channel(i)));
  }
  HostTensor tensor(type, codes);
  std::string printable = printableName(name);
  auto resource = makeResource(type, printable, std::move(tensor.bytes));
  return qnn::ConstantOp::create(builder, location, type, resource, builder.getStringAttr(printable));
}

/// A transposition that moves no element is a reshape.
static Value transposeTo(NodeImport &node, Value value, ArrayRef<int64_t> permutation) {
  auto type = llvm::cast<RankedTensorType>(value.getType());
  auto result = RankedTensorType::get(permuted(type.getShape(), permutation), type.getElementType());
  SmallVector<int64_t> order; // of the dimensions that are more than 1
  for (int64_t dimension : permutation)
    if (type.getDimSize(dimension) != 1)
      order.push_back(dimension);
  if (llvm::is_sorted(order))
    return qnn::ReshapeOp::create(node.builder, node.location, result, value);
  return qnn::TransposeOp::create(node.builder, node.location, result, value, permutation);
}

Value NodeImport::value(Imported &imported, Layout layout) {
  bool wantsLast = layout == Layout::ChannelsLast;
  if (!imported.value) {
    if (!wantsLast)
      return makeConstant(*imported.constant, imported.format, imported.name);
    return makeConstant(transpose(*imported.constant, toChannelsLast), imported.format, imported.name);
  }
  if (wantsLast == imported.channelsLast)
    return imported.value;
  return transposeTo(*this, imported.value, wantsLast ? ArrayRef(toChannelsLast) : ArrayRef(toChannelsFirst));
}

Value NodeImport::floats(Imported &imported, Layout layout) {
  if (imported.constant) {
    Imported real = imported;
    real.format = {};
    return value(real, layout);
  }
  Value result = value(imported, layout);
  if (imported.isFloat())
    return result;
  auto type = llvm::cast<RankedTensorType>(result.getType());
  return qnn::DequantizeOp::create(builder, location, floatType(type.getShape()), result);
}

//===-- Results -------------------------------------------------------------------------===//

LogicalResult NodeImport::define(Imported imported) { return importer.define(node.output(0), std::move(imported)); }

LogicalResult NodeImport::define(Value value, Shape shape, bool channelsLast) {
  return define(Imported{.shape = std::move(shape), .value = value, .channelsLast = channelsLast});
}

LogicalResult NodeImport::define(Value value) {
  return define(value, Shape(llvm::cast<RankedTensorType>(value.getType()).getShape()));
}

LogicalResult NodeImport::defineConstant(Array array, Type format) {
  Shape shape = array.shape;
  return define(Imported{.shape = std::move(shape), .constant = std::move(array), .format = format});
}
