#include "compiler/frontend/ModelWriter.h"
#include "compiler/frontend/ConstantWriter.h"
#include "compiler/frontend/Formats.h"
#include "compiler/frontend/Operators.h"
#include "compiler/import/weights/Safetensors.h"
#include "compiler/support/Files.h"
#include "compiler/support/Names.h"
#include "compiler/support/SamePadding.h"
#include "dialects/qnn/State.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

namespace {
/// The arguments of a call, one after the other.
class CallText {
public:
  explicit CallText(StringRef op) : op(op) {}
  CallText &add(const Twine &argument) {
    arguments.push_back(argument.str());
    return *this;
  }
  CallText &named(StringRef name, const Twine &value) { return add(name + ": " + value); }

  /// The statement that assigns the call to a variable, in lines of at most 120 columns where that is possible.
  std::string assignedTo(StringRef variable) const {
    std::string text, line = ("  " + variable + " = " + op + "(").str();
    for (const std::string &argument : arguments) {
      bool isFirst = &argument == arguments.data(), isLast = &argument == &arguments.back();
      if (!isFirst && line.size() + argument.size() + 2 > 120) {
        text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
        line = "      ";
      }
      line += argument + (isLast ? "" : ", ");
    }
    return text + line + ")\n";
  }

private:
  std::string op;
  std::vector<std::string> arguments;
};

class ModelWriter {
public:
  explicit ModelWriter(func::FuncOp function) : function(function) {}
  /// The text of the model; its constants are in `arrays` afterwards.
  FailureOr<std::string> write(StringRef weightFile);
  std::vector<NamedArray> arrays;

private:
  LogicalResult writeSignature();
  LogicalResult writeOp(Operation *op);
  LogicalResult writeConstant(qnn::ConstantOp constant);

  // The families of operators.
  LogicalResult addWeights(CallText &call, Value filter, Value bias, Value scales, int64_t channelAxis,
                           StringRef layer);
  LogicalResult addParameter(CallText &call, Value value, StringRef layer, StringRef parameter);
  template <typename Op> FailureOr<CallText> convolution(Op op, StringRef name, StringRef layer, Value scales);
  FailureOr<CallText> dense(qnn::DenseOp op, StringRef layer);
  FailureOr<CallText> batchNorm(qnn::BatchNormOp op, StringRef layer);
  FailureOr<CallText> threshold(qnn::ThresholdOp op, StringRef layer);
  template <typename Op> CallText binary(Op op, StringRef name);
  template <typename Op> CallText pool(Op op, StringRef name);
  CallText relu(qnn::ReluOp op);
  FailureOr<CallText> describe(Operation *op, StringRef layer);

  // What many operators share.
  void addActivation(CallText &call, qnn::Activation activation, qnn::Activation otherwise = qnn::Activation::None);
  void addRescale(CallText &call, qnn::RescaleAttr rescale);
  void addPadding(CallText &call, ArrayRef<int64_t> pads, ArrayRef<int64_t> same, bool isSameDefault);
  LogicalResult addOut(CallText &call, Operation *op, Type otherwise = {});
  LogicalResult addFormat(CallText &call, StringRef parameter, Operation *op);

  // Names.
  std::string &nameOf(Value value) { return names[value]; }
  std::string makeVariable(StringRef wish);
  std::string makeNumbered(StringRef op);
  std::string makeLayerName(Operation *op, StringRef variable);

  func::FuncOp function;
  std::string text;
  DenseMap<Value, std::string> names;
  llvm::StringSet<> variables, layers;
  llvm::StringMap<unsigned> nextIndex;
  unsigned constants = 0;
};
} // namespace

//===-- Text of values ------------------------------------------------------------------===//

static std::string quote(StringRef text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '\n' || c == '\t') {
      result += c == '\n' ? "\\n" : "\\t";
      continue;
    }
    if (StringRef("\"\\{}").contains(c))
      result += '\\';
    result += c;
  }
  return result + '"';
}

static std::string pairText(ArrayRef<int64_t> pair) {
  return pair[0] == pair[1] ? std::to_string(pair[0]) : showShape(pair);
}

static Type elementOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()).getElementType(); }

/// A variable that is no keyword, operator, format or other variable.
std::string ModelWriter::makeVariable(StringRef wish) {
  static const llvm::StringSet<> taken = {"model", "fn",     "scheme",  "dim",  "for",   "in",   "if",
                                          "else",  "return", "weights", "true", "false", "none", "inf"};
  std::string base;
  for (char c : wish.take_front(60))
    base += llvm::isAlnum(c) || c == '_' ? c : '_';
  if (base.empty() || llvm::isDigit(base[0]))
    base = "x" + base;
  std::string name = base;
  while (taken.contains(name) || findLanguageOp(name) || getFormatByName(name) || !variables.insert(name).second)
    name = base + "_" + std::to_string(++nextIndex[base]);
  return name;
}

/// `conv2d_1`, `conv2d_2`, ...
std::string ModelWriter::makeNumbered(StringRef op) { return makeVariable((op + "_" + Twine(++nextIndex[op])).str()); }

/// The name of an operator's location, made unique. Of the names of several fused layers, as TensorFlow Lite joins
/// them by semicolons, the first is taken.
std::string ModelWriter::makeLayerName(Operation *op, StringRef variable) {
  StringRef wish = variable;
  if (auto loc = llvm::dyn_cast<NameLoc>(op->getLoc()); loc && !loc.getName().empty())
    wish = loc.getName().getValue().split(';').first;
  std::string base = llvm::json::fixUTF8(wish.empty() ? variable : wish.take_front(256)), name = base;
  for (unsigned i = 2; !layers.insert(name).second; ++i)
    name = base + "#" + std::to_string(i);
  return name;
}

//===-- Arguments that operators share ----------------------------------------------------===//

void ModelWriter::addActivation(CallText &call, qnn::Activation activation, qnn::Activation otherwise) {
  if (activation != otherwise)
    call.named("activation", stringifyActivation(activation));
}

void ModelWriter::addRescale(CallText &call, qnn::RescaleAttr rescale) {
  if (rescale.getRounding() != qnn::Rounding::Double)
    call.named("round", stringifyRounding(rescale.getRounding()));
  if (rescale.getProduct() != qnn::ScaleProduct::F64)
    call.named("product", stringifyScaleProduct(rescale.getProduct()));
  if (rescale.getOverflow() != qnn::Overflow::Saturate)
    call.named("overflow", stringifyOverflow(rescale.getOverflow()));
}

/// What `padding: same` means for an image.
static SmallVector<int64_t> samePads(ArrayRef<int64_t> in, ArrayRef<int64_t> kernel, ArrayRef<int64_t> stride,
                                     ArrayRef<int64_t> dilation) {
  SmallVector<int64_t> pads;
  for (int i = 0; i < 2; ++i) {
    auto [low, high] = samePadding(in[1 + i], (kernel[i] - 1) * dilation[i] + 1, stride[i]);
    pads.append({low, high});
  }
  return pads;
}

void ModelWriter::addPadding(CallText &call, ArrayRef<int64_t> pads, ArrayRef<int64_t> same, bool isSameDefault) {
  bool isSame = pads == same, isValid = llvm::all_of(pads, [](int64_t pad) { return pad == 0; });
  if (isSameDefault ? isSame : isValid)
    return;
  call.named("padding", isSame ? "same" : isValid ? "valid" : showShape(pads));
}

LogicalResult ModelWriter::addFormat(CallText &call, StringRef parameter, Operation *op) {
  Type element = elementOf(op->getResult(0));
  std::optional<std::string> format = showFormat(element);
  if (!format)
    return emitError(op->getLoc()) << "the model language cannot say the format " << element;
  call.named(parameter, *format);
  return success();
}

/// `otherwise` is the format of integer results without `out`.
LogicalResult ModelWriter::addOut(CallText &call, Operation *op, Type otherwise) {
  Type element = elementOf(op->getResult(0)), input = elementOf(op->getOperand(0));
  return element == (llvm::isa<FloatType>(input) ? input : otherwise) ? success() : addFormat(call, "out", op);
}

//===-- Weights ---------------------------------------------------------------------------===//

/// A constant used once is stored under the layer's name; any other value is handed over as `parameter`.
LogicalResult ModelWriter::addParameter(CallText &call, Value value, StringRef layer, StringRef parameter) {
  if (!nameOf(value).empty()) {
    call.named(parameter, nameOf(value));
    return success();
  }
  std::string name = (layer + "." + parameter).str();
  return appendConstant(value.getDefiningOp<qnn::ConstantOp>(), name, -1, arrays);
}

LogicalResult ModelWriter::addWeights(CallText &call, Value filter, Value bias, Value scales, int64_t channelAxis,
                                      StringRef layer) {
  if (!nameOf(filter).empty()) {
    call.named("filter", nameOf(filter));
  } else {
    auto format =
        appendConstant(filter.getDefiningOp<qnn::ConstantOp>(), (layer + ".weight").str(), channelAxis, arrays);
    if (failed(format))
      return failure();
    if (!format->empty())
      call.named("weight", *format);
  }
  if (bias && failed(addParameter(call, bias, layer, "bias")))
    return failure();
  if (!scales)
    return success();
  if (!nameOf(scales).empty()) {
    call.named("scales", nameOf(scales));
    return success();
  }
  return appendConstant(scales.getDefiningOp<qnn::ConstantOp>(), (layer + ".weight.scale").str(), -1, arrays);
}

/// True for operators that read tensors under their layer's name, which the language gives before all else.
static bool readsStored(Operation *op) {
  return llvm::isa<qnn::Conv2dOp, qnn::DepthwiseConv2dOp, qnn::DenseOp, qnn::BatchNormOp, qnn::ThresholdOp>(op);
}

/// True if an operator reads the constant under its own layer's name.
static bool isStoredWithLayer(qnn::ConstantOp constant) {
  if (!constant->hasOneUse())
    return false;
  OpOperand &use = *constant->use_begin();
  return use.getOperandNumber() > 0 && readsStored(use.getOwner());
}

LogicalResult ModelWriter::writeConstant(qnn::ConstantOp constant) {
  if (isStoredWithLayer(constant))
    return success();
  std::string tensor = "constant." + std::to_string(++constants), variable = makeNumbered("constant");
  auto format = appendConstant(constant, tensor, -1, arrays);
  if (failed(format))
    return failure();
  CallText call("constant");
  call.add(quote(tensor));
  if (!format->empty())
    call.named("format", *format);
  text += call.assignedTo(variable);
  nameOf(constant.getOutput()) = variable;
  return success();
}

//===-- Operators ---------------------------------------------------------------------------===//

static std::vector<char> bytesOf(DenseIntElementsAttr numbers) {
  auto values = numbers.getValues<int8_t>();
  return {values.begin(), values.end()};
}

template <typename Op>
FailureOr<CallText> ModelWriter::convolution(Op op, StringRef name, StringRef layer, Value scales) {
  CallText call(name);
  call.add(nameOf(op.getInput())).add(quote(layer));
  ArrayRef<int64_t> in = shapeOf(op.getInput()), filter = shapeOf(op.getFilter());
  if constexpr (std::is_same_v<Op, qnn::Conv2dOp>)
    call.named("filters", Twine(filter[0]));
  call.named("kernel", pairText(filter.slice(1, 2)));
  if (op.getStrides() != ArrayRef<int64_t>{1, 1})
    call.named("stride", pairText(op.getStrides()));
  if (op.getDilations() != ArrayRef<int64_t>{1, 1})
    call.named("dilation", pairText(op.getDilations()));
  SmallVector<int64_t> same = samePads(in, filter.slice(1, 2), op.getStrides(), op.getDilations());
  addPadding(call, op.getPads(), same, /*isSameDefault=*/true);
  if constexpr (std::is_same_v<Op, qnn::Conv2dOp>)
    if (op.getGroups() != 1)
      call.named("groups", Twine(op.getGroups()));
  if constexpr (std::is_same_v<Op, qnn::Conv2dOp>)
    if (std::optional<qnn::AlgorithmAttr> algorithm = op.getAlgorithm(); qnn::isTapwise(algorithm)) {
      call.named("tapwise", showShape({algorithm->getBits(), algorithm->getFraction()}));
      call.named("code_shifts", showShape(algorithm->getCodes()));
      call.named("weight_shifts", showShape(algorithm->getWeights()));
      if (algorithm->getPoints() != qnn::WinogradPoints::Integer)
        call.named("points", qnn::stringifyWinogradPoints(algorithm->getPoints()));
      if (!algorithm->getFactors().empty())
        call.named("code_factors", showShape(algorithm->getFactors()));
      if (!algorithm->getOffsets().empty())
        call.named("code_offsets", showShape(algorithm->getOffsets()));
      if (DenseIntElementsAttr transformed = algorithm->getTransformed())
        arrays.push_back({(layer + ".transformed").str(), 'i', 1,
                          SmallVector<int64_t>(transformed.getType().getShape()), bytesOf(transformed)});
    }
  addActivation(call, op.getActivation());
  if (failed(addWeights(call, op.getFilter(), op.getBias(), scales, Op::filterChannelAxis, layer)) ||
      failed(addOut(call, op)))
    return failure();
  addRescale(call, op.getRescale());
  return call;
}

FailureOr<CallText> ModelWriter::dense(qnn::DenseOp op, StringRef layer) {
  CallText call("dense");
  call.add(nameOf(op.getInput())).add(quote(layer)).named("units", Twine(shapeOf(op.getFilter())[0]));
  addActivation(call, op.getActivation());
  if (failed(addWeights(call, op.getFilter(), op.getBias(), op.getScales(), 0, layer)) || failed(addOut(call, op)))
    return failure();
  addRescale(call, op.getRescale());
  return call;
}

FailureOr<CallText> ModelWriter::batchNorm(qnn::BatchNormOp op, StringRef layer) {
  CallText call("batch_norm");
  call.add(nameOf(op.getInput())).add(quote(layer)).named("epsilon", showNumber(op.getEpsilon().convertToDouble()));
  for (auto [parameter, value] : {std::pair("gamma", op.getGamma()), std::pair("beta", op.getBeta()),
                                  std::pair("mean", op.getMean()), std::pair("variance", op.getVariance())})
    if (failed(addParameter(call, value, layer, parameter)))
      return failure();
  return call;
}

FailureOr<CallText> ModelWriter::threshold(qnn::ThresholdOp op, StringRef layer) {
  if (!op.getFalling().empty())
    return op.emitError() << "the model language cannot say that thresholds are falling";
  CallText call("threshold");
  call.add(nameOf(op.getInput())).add(quote(layer));
  if (failed(addFormat(call, "to", op)) || failed(addParameter(call, op.getThresholds(), layer, "thresholds")))
    return failure();
  return call;
}

template <typename Op> CallText ModelWriter::binary(Op op, StringRef name) {
  CallText call(name);
  call.add(nameOf(op.getLhs())).add(nameOf(op.getRhs()));
  addActivation(call, op.getActivation());
  addRescale(call, op.getRescale());
  return call;
}

template <typename Op> CallText ModelWriter::pool(Op op, StringRef name) {
  CallText call(name);
  call.add(nameOf(op.getInput())).add(pairText(op.getKernel()));
  if (op.getStrides() != op.getKernel())
    call.named("stride", pairText(op.getStrides()));
  SmallVector<int64_t> same = samePads(shapeOf(op.getInput()), op.getKernel(), op.getStrides(), {1, 1});
  addPadding(call, op.getPads(), same, /*isSameDefault=*/false);
  addActivation(call, op.getActivation());
  return call;
}

CallText ModelWriter::relu(qnn::ReluOp op) {
  StringRef name = op.getActivation() == qnn::Activation::Relu6       ? "relu6"
                   : op.getActivation() == qnn::Activation::ReluN1To1 ? "relu_n1_to_1"
                                                                      : "relu";
  CallText call(name);
  call.add(nameOf(op.getInput()));
  if (op.getActivation() == qnn::Activation::None)
    call.named("activation", "none");
  addRescale(call, op.getRescale());
  return call;
}

/// The call that makes an operator, without `name` and, where it is handled below, `out`.
FailureOr<CallText> ModelWriter::describe(Operation *op, StringRef layer) {
  auto simple = [&](StringRef name) { return CallText(name).add(nameOf(op->getOperand(0))); };
  using Result = FailureOr<CallText>;
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](qnn::Conv2dOp conv) { return convolution(conv, "conv2d", layer, conv.getScales()); })
      .Case([&](qnn::DepthwiseConv2dOp conv) { return convolution(conv, "depthwise2d", layer, Value()); })
      .Case([&](qnn::DenseOp denseOp) { return dense(denseOp, layer); })
      .Case([&](qnn::BatchNormOp norm) { return batchNorm(norm, layer); })
      .Case([&](qnn::ThresholdOp op) { return threshold(op, layer); })
      .Case([&](qnn::MatmulOp matmul) -> Result {
        CallText call = binary(matmul, "matmul");
        return matmul.getTransposeRhs() ? call.named("transpose_b", "true") : call;
      })
      .Case([&](qnn::AddOp add) -> Result { return binary(add, "add"); })
      .Case([&](qnn::SubOp sub) -> Result { return binary(sub, "sub"); })
      .Case([&](qnn::MulOp mul) -> Result { return binary(mul, "mul"); })
      .Case([&](qnn::ReluOp reluOp) -> Result { return relu(reluOp); })
      .Case([&](qnn::LeakyReluOp leaky) -> Result {
        CallText call = simple("leaky_relu").named("alpha", showNumber(leaky.getAlpha().convertToDouble()));
        addRescale(call, leaky.getRescale());
        return call;
      })
      .Case([&](qnn::LogisticOp) -> Result { return simple("sigmoid"); })
      .Case([&](qnn::TanhOp) -> Result { return simple("tanh"); })
      .Case([&](qnn::ApplyOp apply) -> Result { return simple(qnn::stringifyFunction(apply.getFunction())); })
      .Case([&](qnn::CombineOp combine) -> Result {
        return simple(qnn::stringifyCombination(combine.getCombination())).add(nameOf(combine.getRhs()));
      })
      .Case([&](qnn::SelectOp select) -> Result {
        return simple("select").add(nameOf(select.getAccepted())).add(nameOf(select.getRejected()));
      })
      .Case([&](qnn::GatherOp gather) -> Result {
        return simple("gather").named("axis", Twine(gather.getAxis())).named("indices", showShape(gather.getIndices()));
      })
      .Case([&](qnn::SoftmaxOp softmax) -> Result {
        double beta = softmax.getBeta().convertToDouble();
        return beta == 1 ? simple("softmax") : simple("softmax").named("beta", showNumber(beta));
      })
      .Case([&](qnn::LogSoftmaxOp) -> Result { return simple("log_softmax"); })
      .Case([&](qnn::ArgmaxOp argmax) -> Result { return simple("argmax").named("axis", Twine(argmax.getAxis())); })
      .Case([&](qnn::DequantizeOp) -> Result { return simple("dequantize"); })
      .Case<qnn::QuantizeOp, qnn::RequantizeOp>([&](auto cast) -> Result {
        CallText call = simple(std::is_same_v<decltype(cast), qnn::QuantizeOp> ? "quantize" : "requantize");
        if (failed(addFormat(call, "to", cast)))
          return failure();
        if constexpr (std::is_same_v<decltype(cast), qnn::RequantizeOp>)
          addRescale(call, cast.getRescale());
        else if (cast.getTiesToEven())
          call.named("ties_to_even", "true");
        return call;
      })
      .Case([&](qnn::MaxPool2dOp poolOp) -> Result { return pool(poolOp, "max_pool"); })
      .Case([&](qnn::AvgPool2dOp poolOp) -> Result { return pool(poolOp, "avg_pool"); })
      .Case([&](qnn::MeanOp mean) -> Result {
        CallText call = simple("mean").named("axes", showShape(mean.getAxes()));
        if (mean.getKeepDims())
          call.named("keep_dims", "true");
        addRescale(call, mean.getRescale());
        return call;
      })
      .Case([&](qnn::PadOp pad) -> Result {
        CallText call = simple("pad").named("low", showShape(pad.getLow())).named("high", showShape(pad.getHigh()));
        if (double value = pad.getValue().convertToDouble(); value != 0 || std::signbit(value))
          call.named("value", value == 0 ? "-0.0" : showNumber(value));
        return call;
      })
      .Case([&](qnn::ReshapeOp) -> Result { return simple("reshape").add(showShape(shapeOf(op->getResult(0)))); })
      .Case([&](qnn::TransposeOp transpose) -> Result {
        return simple("transpose").add(showShape(transpose.getPermutation()));
      })
      .Case([&](qnn::SliceOp slice) -> Result {
        CallText call = simple("slice").named("start", showShape(slice.getStarts()));
        call.named("size", showShape(shapeOf(slice.getOutput())));
        bool isDense = llvm::all_of(slice.getStrides(), [](int64_t stride) { return stride == 1; });
        return isDense ? call : call.named("stride", showShape(slice.getStrides()));
      })
      .Case([&](qnn::ResizeNearestOp resize) -> Result {
        CallText call = simple("resize_nearest").named("size", pairText(shapeOf(resize.getOutput()).slice(1, 2)));
        if (resize.getAlignCorners())
          call.named("align_corners", "true");
        if (resize.getHalfPixelCenters())
          call.named("half_pixel_centers", "true");
        return call;
      })
      .Case([&](qnn::ConcatOp concat) -> Result {
        std::string parts;
        for (Value part : concat.getInputs())
          parts += (parts.empty() ? "" : ", ") + nameOf(part);
        return CallText("concat").add("[" + parts + "]").named("axis", Twine(concat.getAxis()));
      })
      .Case([&](qnn::SplitOp split) -> Result {
        SmallVector<int64_t> sizes;
        for (Value part : split.getOutputs())
          sizes.push_back(shapeOf(part)[split.getAxis()]);
        return simple("split").named("axis", Twine(split.getAxis())).named("sizes", showShape(sizes));
      })
      .Default([](Operation *unknown) -> Result {
        return emitError(unknown->getLoc())
               << "the model language has no operator '" << unknown->getName().getStringRef() << "'";
      });
}

/// `out` for the operators whose integer results have a format without it, and for those that always need it.
static std::optional<Type> formatWithoutOut(Operation *op) {
  if (llvm::isa<qnn::AddOp, qnn::SubOp, qnn::MulOp>(op))
    return elementOf(op->getOperand(0)).isSignlessInteger(32) ? elementOf(op->getOperand(0)) : Type();
  if (llvm::isa<qnn::ReluOp, qnn::LeakyReluOp, qnn::MeanOp>(op))
    return elementOf(op->getOperand(0));
  if (llvm::isa<qnn::MatmulOp, qnn::LogisticOp, qnn::TanhOp, qnn::SoftmaxOp>(op))
    return Type();
  return std::nullopt;
}

LogicalResult ModelWriter::writeOp(Operation *op) {
  if (auto constant = llvm::dyn_cast<qnn::ConstantOp>(op))
    return writeConstant(constant);
  if (!op->getDiscardableAttrs().empty())
    return emitError(op->getLoc()) << "the model language cannot say the attribute '"
                                   << op->getDiscardableAttrs().begin()->getName().getValue() << "'";
  std::string variable = makeNumbered(op->getName().stripDialect());
  std::string layer = makeLayerName(op, variable);
  FailureOr<CallText> call = describe(op, layer);
  if (failed(call))
    return failure();
  if (std::optional<Type> otherwise = formatWithoutOut(op); otherwise && failed(addOut(*call, op, *otherwise)))
    return failure();
  if (!readsStored(op))
    call->named("name", quote(layer));
  text += call->assignedTo(variable);
  if (!llvm::isa<qnn::SplitOp>(op))
    nameOf(op->getResult(0)) = variable;
  else
    for (auto [index, part] : llvm::enumerate(op->getResults()))
      nameOf(part) = variable + "[" + std::to_string(index) + "]";
  return success();
}

//===-- The model ---------------------------------------------------------------------------===//

LogicalResult ModelWriter::writeSignature() {
  auto typeText = [&](Type type) -> FailureOr<std::string> {
    auto tensor = llvm::dyn_cast<RankedTensorType>(type);
    std::optional<std::string> format = tensor ? showFormat(tensor.getElementType()) : std::nullopt;
    if (!format)
      return emitError(function.getLoc()) << "the model language cannot say the type " << type;
    return *format + showShape(tensor.getShape());
  };
  auto nameAttr = [&](StringAttr name, const char *otherwise, unsigned index) {
    return name ? name.str() : otherwise + std::to_string(index);
  };
  StringRef name = function.getName();
  text += "model " + (isIdentifier(name) && makeVariable(name) == name ? name.str() : quote(name)) + "(";
  variables.clear();
  for (BlockArgument argument : function.getArguments()) {
    unsigned index = argument.getArgNumber();
    std::string given = nameAttr(function.getArgAttrOfType<StringAttr>(index, "qnn.name"), "input", index);
    std::string variable = nameOf(argument) = makeVariable(given);
    FailureOr<std::string> type = typeText(argument.getType());
    if (failed(type))
      return failure();
    text += (index ? ", " : "") + variable + (variable == given ? "" : " " + quote(given)) + ": " + *type;
  }
  text += ") -> ";
  for (auto [index, resultType] : llvm::enumerate(function.getResultTypes())) {
    FailureOr<std::string> type = typeText(resultType);
    if (failed(type))
      return failure();
    text += (index ? ", " : "") +
            quote(nameAttr(function.getResultAttrOfType<StringAttr>(index, "qnn.name"), "output", index)) + ": " +
            *type;
  }
  text += " {\n";
  return success();
}

FailureOr<std::string> ModelWriter::write(StringRef weightFile) {
  if (failed(writeSignature()))
    return failure();
  size_t weightsAt = text.size();
  for (Operation &op : function.getBody().front().without_terminator())
    if (failed(writeOp(&op)))
      return failure();
  text += "  return ";
  for (OpOperand &result : function.getBody().front().getTerminator()->getOpOperands())
    text += (result.getOperandNumber() ? ", " : "") + nameOf(result.get());
  text += "\n}\n";
  if (!arrays.empty())
    text.insert(weightsAt, "  weights " + quote(weightFile) + "\n");
  if (!llvm::json::isUTF8(text))
    return emitError(function.getLoc()) << "expects names in UTF-8";
  return text;
}

LogicalResult qcc::writeModel(ModuleOp module, StringRef path) {
  auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
  if (functions.size() != 1 || functions[0].isExternal() || !functions[0].getBody().hasOneBlock())
    return emitError(module.getLoc()) << "expects a module with one function of one block, but it has "
                                      << functions.size() << " functions";
  if (qnn::stateCount(functions[0]) > 0)
    return emitError(functions[0].getLoc())
           << "the model language cannot say the state of '" << functions[0].getName() << "'; a .mlir file can";
  llvm::SmallString<256> weightPath = path;
  llvm::sys::path::replace_extension(weightPath, ".safetensors");
  if (weightPath == path)
    return emitError(module.getLoc()) << "expects the name of a .qm file, but got '" << path << "'";
  ModelWriter writer(functions[0]);
  FailureOr<std::string> text = writer.write(llvm::sys::path::filename(weightPath));
  if (failed(text))
    return failure();
  if (!writer.arrays.empty() && failed(writeSafetensors(module.getContext(), weightPath, writer.arrays)))
    return failure();
  return writeFile(UnknownLoc::get(module.getContext()), path, [&](llvm::raw_ostream &stream) { stream << *text; });
}
