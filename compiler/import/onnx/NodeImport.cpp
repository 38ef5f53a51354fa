// What the importers of single operators use, and the table that finds them.
#include "compiler/import/onnx/Importer.h"

#include "compiler/support/HostTensor.h"
#include "compiler/support/Names.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::onnx;

//===-- The table -----------------------------------------------------------------------===//

/// What an operator takes codes of QuantizeLinear for, where the file has them as such.
enum class Reads {
  Numbers,  // which they are not
  Codes,    // for codes
  Elements, // for elements to move: its results are of the same kind
};

struct qcc::onnx::Entry {
  StringRef kind;
  NodeImporter import;
  Reads reads = Reads::Numbers;
};

static constexpr Entry importers[] = {
    {"Abs", importFunction},
    {"Acos", importFunction},
    {"Acosh", importFunction},
    {"Add", importArithmetic},
    {"And", importComparison},
    {"ArgMax", importArgExtreme},
    {"ArgMin", importArgExtreme},
    {"Asin", importFunction},
    {"Asinh", importFunction},
    {"Atan", importFunction},
    {"Atanh", importFunction},
    {"Attention", importAttention},
    {"AveragePool", importPool},
    {"BatchNormalization", importBatchNormalization},
    {"BipolarQuant", importBipolarQuant},
    {"Cast", importCast},
    {"CastLike", importCastLike},
    {"Ceil", importFunction},
    {"Celu", importFunction},
    {"CenterCropPad", importCenterCropPad},
    {"Clip", importClip},
    {"Compress", importCompress, Reads::Elements},
    {"Concat", importConcat, Reads::Elements},
    {"Constant", importConstant},
    {"ConstantOfShape", importConstantOfShape},
    {"Conv", importConv},
    {"ConvInteger", importIntegerProduct},
    {"ConvTranspose", importConvTranspose},
    {"Cos", importFunction},
    {"Cosh", importFunction},
    {"CumProd", importCumProd},
    {"CumSum", importCumSum},
    {"DepthToSpace", importDepthToSpace, Reads::Elements},
    {"DequantizeLinear", importDequantizeLinear, Reads::Codes},
    {"Div", importArithmetic},
    {"Dropout", importDropout},
    {"DynamicQuantizeLinear", importDynamicQuantizeLinear},
    {"Elu", importFunction},
    {"Equal", importComparison},
    {"Erf", importFunction},
    {"Exp", importFunction},
    {"Expand", importExpand, Reads::Elements},
    {"EyeLike", importEyeLike},
    {"Flatten", importFlatten, Reads::Elements},
    {"Floor", importFunction},
    {"Gather", importGather, Reads::Elements},
    {"GatherElements", importGatherElements, Reads::Elements},
    {"GatherND", importGatherNd, Reads::Elements},
    {"Gelu", importFunction},
    {"Gemm", importGemm},
    {"GlobalAveragePool", importGlobalPool},
    {"GlobalMaxPool", importGlobalPool},
    {"Greater", importComparison},
    {"GreaterOrEqual", importComparison},
    {"GroupNormalization", importGroupNormalization},
    {"HardSigmoid", importFunction},
    {"HardSwish", importFunction},
    {"Hardmax", importSoftmax},
    {"Identity", importIdentity, Reads::Elements},
    {"InstanceNormalization", importGroupNormalization},
    {"IsInf", importFunction},
    {"IsNaN", importFunction},
    {"LRN", importLrn},
    {"LayerNormalization", importLayerNormalization},
    {"LeakyRelu", importFunction},
    {"Less", importComparison},
    {"LessOrEqual", importComparison},
    {"Log", importFunction},
    {"LogSoftmax", importSoftmax},
    {"LpNormalization", importLpNormalization},
    {"LpPool", importPool},
    {"MatMul", importMatMul},
    {"MatMulInteger", importIntegerProduct},
    {"Max", importVariadic},
    {"MaxPool", importPool, Reads::Elements},
    {"Mean", importVariadic},
    {"MeanVarianceNormalization", importMeanVarianceNormalization},
    {"Min", importVariadic},
    {"Mish", importFunction},
    {"Mod", importArithmetic},
    {"Mul", importArithmetic},
    {"Neg", importFunction},
    {"NonZero", importNonZero},
    {"Not", importFunction},
    {"OneHot", importOneHot},
    {"Or", importComparison},
    {"PRelu", importPRelu},
    {"Pad", importPad},
    {"Pow", importArithmetic},
    {"QGemm", importQGemm, Reads::Codes},
    {"QLinearAdd", importQLinearBinary, Reads::Codes},
    {"QLinearConv", importQLinearConv, Reads::Codes},
    {"QLinearGlobalAveragePool", importQLinearGlobalAveragePool, Reads::Codes},
    {"QLinearLeakyRelu", importQLinearFunction, Reads::Codes},
    {"QLinearMatMul", importQLinearMatMul, Reads::Codes},
    {"QLinearMul", importQLinearBinary, Reads::Codes},
    {"QLinearSigmoid", importQLinearFunction, Reads::Codes},
    {"Quant", importQuant},
    {"QuantizeLinear", importQuantizeLinear},
    {"RMSNormalization", importLayerNormalization},
    {"Range", importRange},
    {"Reciprocal", importFunction},
    {"ReduceL1", importReduce},
    {"ReduceL2", importReduce},
    {"ReduceLogSum", importReduce},
    {"ReduceLogSumExp", importReduce},
    {"ReduceMax", importReduce},
    {"ReduceMean", importReduce},
    {"ReduceMin", importReduce},
    {"ReduceProd", importReduce},
    {"ReduceSum", importReduce},
    {"ReduceSumSquare", importReduce},
    {"Relu", importFunction},
    {"Reshape", importReshape, Reads::Elements},
    {"Resize", importResize},
    {"Round", importFunction},
    {"Scatter", importScatterElements},
    {"ScatterElements", importScatterElements},
    {"ScatterND", importScatterNd},
    {"Selu", importFunction},
    {"Shape", importShape, Reads::Codes},
    {"Shrink", importFunction},
    {"Sigmoid", importFunction},
    {"Sign", importFunction},
    {"Sin", importFunction},
    {"Sinh", importFunction},
    {"Size", importSize, Reads::Codes},
    {"Slice", importSlice, Reads::Elements},
    {"Softmax", importSoftmax},
    {"Softplus", importFunction},
    {"Softsign", importFunction},
    {"SpaceToDepth", importDepthToSpace, Reads::Elements},
    {"Split", importSplit, Reads::Elements},
    {"Sqrt", importFunction},
    {"Squeeze", importSqueeze, Reads::Elements},
    {"Sub", importArithmetic},
    {"Sum", importVariadic},
    {"Swish", importFunction},
    {"Tan", importFunction},
    {"Tanh", importFunction},
    {"ThresholdedRelu", importFunction},
    {"Tile", importTile, Reads::Elements},
    {"Transpose", importTranspose, Reads::Elements},
    {"Trilu", importTrilu},
    {"Trunc", importTrunc},
    {"Unsqueeze", importUnsqueeze, Reads::Elements},
    {"Upsample", importResize},
    {"Where", importWhere},
    {"Xor", importComparison},
};

/// Operators of ONNX itself, the quantizers of QONNX under the names that its exporters have had, and onnxruntime's.
static constexpr StringRef domains[] = {
    "", "ai.onnx", "onnx.brevitas", "qonnx.custom_op.general", "finn.custom_op.general", "com.microsoft"};

/// The supported operator whose name is closest, if it is close.
static StringRef nearestKind(StringRef kind) {
  StringRef nearest;
  unsigned best = kind.size() / 4 + 1; // short names are close to many
  for (const Entry &entry : importers)
    if (unsigned distance = entry.kind.edit_distance_insensitive(kind, /*AllowReplacements=*/true, best);
        distance < best) {
      best = distance;
      nearest = entry.kind;
    }
  return nearest;
}

InFlightDiagnostic NodeImport::undefinedInput(StringRef name) const {
  InFlightDiagnostic diagnostic = error() << "reads '" << printableName(name) << "', which nothing before it defines";
  for (auto [i, other] : llvm::enumerate(importer.graph.node()))
    if (llvm::is_contained(other.output(), name))
      diagnostic.attachNote() << "operator " << i << " (" << printableName(other.op_type())
                              << ") computes it; operators are in the order of their data, without cycles";
  return diagnostic;
}

LogicalResult NodeImport::run() {
  for (int i = 0; i < node.input_size(); ++i) {
    if (!hasInput(i))
      continue;
    Imported *imported = importer.find(node.input(i));
    if (!imported)
      return undefinedInput(node.input(i));
    if (failed(importer.read(*imported)))
      return failure();
  }
  if (node.output_size() == 0)
    return error() << "has no output";
  if (llvm::is_contained(domains, StringRef(node.domain())))
    for (const Entry &entry : importers)
      if (entry.kind == kind())
        return import(entry);
  InFlightDiagnostic diagnostic = error() << "is not supported";
  if (!node.domain().empty())
    diagnostic << " (domain '" << printableName(node.domain()) << "')";
  if (StringRef nearest = nearestKind(kind()); !nearest.empty())
    diagnostic << "; did you mean " << nearest << "?";
  Diagnostic &note = diagnostic.attachNote() << "supported are ";
  llvm::interleaveComma(importers, note, [&](const Entry &entry) { note << entry.kind; });
  return diagnostic;
}

LogicalResult NodeImport::import(const Entry &entry) {
  bool isConstant = inputCount() > 0;
  for (size_t i = 0; i < inputCount(); ++i) {
    if (!hasInput(i))
      continue;
    isConstant = isConstant && input(i).constant;
    if (input(i).isCodes && entry.reads == Reads::Numbers)
      return error() << "computes with codes: '" << printableName(inputName(i))
                     << "' is the result of QuantizeLinear, and goes to DequantizeLinear first";
  }
  if (failed(entry.import(*this)))
    return failure();
  for (size_t i = 0; i < outputCount(); ++i) {
    Imported *output = hasOutput(i) ? importer.find(node.output(static_cast<int>(i))) : nullptr;
    if (!output)
      continue;
    if (entry.reads == Reads::Elements && hasInput(0)) {
      output->type = input(0).type;
      output->isCodes = input(0).isCodes;
    }
    if (isConstant && output->value && failed(importer.fold(*output)))
      return failure();
  }
  return success();
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
  HostTensor tensor(type, [&](int64_t i) {
    auto real = static_cast<float>(array.number(i));
    return number.isFloat() ? static_cast<int64_t>(llvm::bit_cast<uint32_t>(real)) : number.encode(real, channel(i));
  });
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

LogicalResult NodeImport::define(size_t i, Imported imported) {
  return hasOutput(i) ? importer.define(node.output(static_cast<int>(i)), std::move(imported)) : success();
}

LogicalResult NodeImport::define(Value value, Shape shape, bool channelsLast) {
  return define(Imported{.shape = std::move(shape), .value = value, .channelsLast = channelsLast});
}

LogicalResult NodeImport::define(Value value) {
  return define(value, Shape(llvm::cast<RankedTensorType>(value.getType()).getShape()));
}

LogicalResult NodeImport::defineConstant(Array array, Type format) {
  Shape shape = array.shape;
  using schema::TensorProto;
  int32_t integer = array.type && array.type != TensorProto::FLOAT ? array.type : int32_t(TensorProto::INT64);
  return define(Imported{.shape = std::move(shape),
                         .type = array.isFloat ? int32_t(TensorProto::FLOAT) : integer,
                         .constant = std::move(array),
                         .format = format});
}
