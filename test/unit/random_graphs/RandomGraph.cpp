// Types, constants and the walk; the operators are in RandomOperators.cpp.
#include "RandomGraph.h"

#include "compiler/support/HostTensor.h"

using namespace mlir;
using namespace qcc;

RandomGraph::RandomGraph(MLIRContext *context, uint64_t seed, int deadPercent)
    : b(context), loc(UnknownLoc::get(context)), random(seed), deadPercent(deadPercent) {}

//===-- Shapes and formats --------------------------------------------------------------===//

int64_t RandomGraph::drawSize() {
  if (random.chance(1))
    return 0;
  return random.chance(80) ? random.between(1, 6) : random.between(7, 19);
}

RandomGraph::Shape RandomGraph::drawShape(int64_t rank) {
  constexpr int64_t maxElements = 3000;
  Shape shape;
  int64_t elements = 1;
  for (int64_t i = 0; i < rank; ++i) {
    bool isBatch = i == 0 && rank > 1 && random.chance(70);
    int64_t size = isBatch ? 1 : drawSize();
    shape.push_back(elements * size > maxElements ? 1 : size);
    elements *= std::max<int64_t>(1, shape.back());
  }
  return shape;
}

/// An affine format that covers numbers up to about `magnitude`: a few times more or less.
Type RandomGraph::drawAffine(double magnitude, unsigned minBits, unsigned maxBits) {
  unsigned bits = random.chance(50) ? 8 : random.pick<unsigned>({2, 3, 4, 5, 7, 9, 12, 15, 16});
  bits = std::clamp(bits, std::max(minBits, 2u), maxBits);
  bool isSigned = random.chance(70);
  int64_t low = isSigned ? llvm::minIntN(bits) : 0, high = isSigned ? llvm::maxIntN(bits) : llvm::maxUIntN(bits);
  if (isSigned && random.chance(30))
    ++low;
  else if (random.chance(5))
    high = random.between(low + 1, high);
  int64_t zero = random.chance(40) ? std::clamp<int64_t>(0, low, high) : random.between(low, high);
  if (random.chance(15))
    zero = random.pick({low, high});
  double scale = magnitude * std::exp2(random.real(-2.5, 1)) / (0.5 * static_cast<double>(high - low));
  if (random.chance(3)) // Multipliers far from 1: shifts at both ends.
    scale *= std::exp2(random.real(-40, 40));
  scale = std::clamp(scale, 1e-30, 1e30);
  if (random.chance(70))
    scale = static_cast<float>(scale);
  return quant::UniformQuantizedType::get(isSigned ? quant::QuantizationFlags::Signed : 0, b.getIntegerType(bits),
                                          b.getF32Type(), scale, zero, low, high);
}

Type RandomGraph::drawInteger(double magnitude, const Formats &formats) {
  if (formats.plain32 && random.chance(30))
    return b.getI32Type();
  if (formats.binary && formats.minBits <= 1 && random.chance(deadPercent > 0 ? 1 : 8)) {
    auto alpha = random.chance(50) ? DenseF64ArrayAttr() : b.getDenseF64ArrayAttr(magnitude * random.real(0.3, 1));
    return qnn::BinaryType::get(b.getContext(), -1, alpha);
  }
  if (formats.maxBits >= 8 && random.chance(5)) {
    unsigned bits = formats.maxBits >= 16 && random.chance(30) ? 16 : 8;
    return b.getIntegerType(bits, random.chance(50));
  }
  return drawAffine(magnitude, formats.minBits, formats.maxBits);
}

Type RandomGraph::drawFormat(const Formats &formats) {
  if (!formats.integers || (formats.floats && random.chance(deadPercent > 0 ? 2 : 15)))
    return b.getF32Type();
  return drawInteger(std::exp2(random.real(-4, 6)), formats);
}

RankedTensorType RandomGraph::tensor(ArrayRef<int64_t> shape, Type format) {
  return RankedTensorType::get(shape, format);
}

//===-- Constants and arguments -----------------------------------------------------------===//

int64_t RandomGraph::drawCode(qnn::NumberFormat format, int mode, double magnitude) {
  if (format.isFloat())
    return format.encode(random.real(-magnitude, magnitude));
  auto [low, high] = format.getCodeRange();
  if (magnitude > 0)
    return static_cast<int64_t>(std::clamp<double>(std::round(random.real(-magnitude, magnitude)), low, high));
  switch (mode) {
  case 0:
    return low;
  case 1:
    return high;
  case 2:
    return format.encode(0);
  case 3:
    return random.pick({low, high});
  default:
    return random.between(low, high);
  }
}

Value RandomGraph::constant(RankedTensorType type, double magnitude) {
  qnn::NumberFormat format = qnn::getFormat(type);
  int mode = static_cast<int>(random.between(0, 15));
  if (format.isFloat() && magnitude == 0)
    magnitude = 1;
  std::vector<int64_t> codes(type.getNumElements());
  for (int64_t &code : codes)
    code = drawCode(format, mode, magnitude);
  RankedTensorType storage = qnn::getStorageType(type);
  auto value = DenseElementsAttr::getFromRawBuffer(storage, HostTensor(type, codes).bytes);
  return qnn::ConstantOp::create(b, loc, type, value, StringAttr());
}

Value RandomGraph::argument(RankedTensorType type) { return block->addArgument(type, loc); }

Value RandomGraph::constantOrArgument(RankedTensorType type, double magnitude) {
  return random.chance(90) ? constant(type, magnitude) : argument(type);
}

Value RandomGraph::killChannels(Value filter, int64_t axis) {
  auto constant = filter.getDefiningOp<qnn::ConstantOp>();
  qnn::NumberFormat format = qnn::getFormat(filter);
  if (deadPercent == 0 || !constant || !format.isAffine() || format.getGroupSize())
    return filter;
  auto type = llvm::cast<RankedTensorType>(filter.getType());
  int64_t last = type.getRank() - 1;
  std::vector<bool> isDead[2];
  for (int side = 0; side < 2; ++side)
    for (int64_t c = 0; c < type.getDimSize(side ? last : axis); ++c)
      isDead[side].push_back(random.chance(deadPercent));
  SmallVector<int64_t> codes = constant.getCodes();
  int64_t inner = 1, columns = type.getDimSize(last);
  for (int64_t size : type.getShape().drop_front(axis + 1))
    inner *= size;
  for (size_t i = 0; i < codes.size(); ++i) {
    int64_t channel = static_cast<int64_t>(i) / inner % type.getDimSize(axis);
    if (isDead[0][channel] || isDead[1][i % columns])
      codes[i] = format.getZeroPoint(format.getChannelAxis() < 0 ? 0 : channel);
  }
  constant.setValueAttr(DenseElementsAttr::getFromRawBuffer(qnn::getStorageType(type), HostTensor(type, codes).bytes));
  return filter;
}

//===-- Values -----------------------------------------------------------------------------===//

bool RandomGraph::fits(Value value, const Formats &formats) {
  qnn::NumberFormat format = qnn::getFormat(value);
  if (format.isFloat())
    return formats.floats && !(formats.exact && approximate.contains(value));
  if (!formats.integers || (format.getIntegerDecode().slope != 1 && !formats.binary))
    return false;
  if (format.getBits() == 32)
    return formats.plain32;
  return format.getBits() >= formats.minBits && format.getBits() <= formats.maxBits;
}

Value RandomGraph::operand(int64_t rank, const Formats &formats) {
  SmallVector<Value> fitting;
  for (Value value : values)
    if ((rank < 0 || llvm::cast<RankedTensorType>(value.getType()).getRank() == rank) && fits(value, formats))
      fitting.push_back(value);
  if (!fitting.empty() && deadPercent > 0 && random.chance(60)) // Long chains: what is not read is a result.
    return fitting.back();
  if (!fitting.empty() && random.chance(80))
    return random.pickFrom(fitting);
  RankedTensorType type = tensor(drawShape(rank < 0 ? random.between(1, 4) : rank), drawFormat(formats));
  Value fresh = random.chance(8) ? constant(type) : argument(type);
  values.push_back(fresh);
  return fresh;
}

double RandomGraph::magnitude(Value value) {
  if (auto known = magnitudes.find(value); known != magnitudes.end())
    return known->second;
  qnn::NumberFormat format = qnn::getFormat(value);
  if (format.isFloat())
    return 1;
  if (format.getBits() == 32)
    return 1e6;
  auto [low, high] = format.getCodeRange();
  double largest = 0;
  for (int64_t channel = 0; channel < format.getNumChannels(); ++channel)
    largest = std::max({largest, std::abs(format.decode(low, channel)), std::abs(format.decode(high, channel))});
  return largest;
}

void RandomGraph::add(Value result, double magnitude, bool isApproximate) {
  values.push_back(result);
  if (magnitude > 0)
    magnitudes[result] = magnitude;
  if (isApproximate && qnn::getFormat(result).isFloat())
    approximate.insert(result);
}

void RandomGraph::addMoved(Value result, Value from) { add(result, magnitude(from), approximate.contains(from)); }

//===-- The walk -----------------------------------------------------------------------------===//

qnn::RescaleAttr RandomGraph::drawRescale() {
  auto product = random.pick({qnn::ScaleProduct::F64, qnn::ScaleProduct::F32, qnn::ScaleProduct::F32Quotient});
  return qnn::RescaleAttr::get(b.getContext(), random.pick({qnn::Rounding::Double, qnn::Rounding::Single}), product,
                               random.chance(10) ? qnn::Overflow::Wrap : qnn::Overflow::Saturate);
}

qnn::Activation RandomGraph::drawActivation() {
  return random.chance(50) ? qnn::Activation::None
                           : random.pick({qnn::Activation::Relu, qnn::Activation::Relu6, qnn::Activation::ReluN1To1});
}

void RandomGraph::addOperator() {
  using Add = void (RandomGraph::*)();
  static constexpr Add families[] = {
      &RandomGraph::addConv2d,     &RandomGraph::addConv2d,  &RandomGraph::addDepthwise, &RandomGraph::addDepthwise,
      &RandomGraph::addDense,      &RandomGraph::addDense,   &RandomGraph::addMatmul,    &RandomGraph::addArithmetic,
      &RandomGraph::addArithmetic, &RandomGraph::addUnary,   &RandomGraph::addUnary,     &RandomGraph::addSoftmax,
      &RandomGraph::addLogSoftmax, &RandomGraph::addArgmax,  &RandomGraph::addBatchNorm, &RandomGraph::addPool,
      &RandomGraph::addPool,       &RandomGraph::addMean,    &RandomGraph::addQuantize,  &RandomGraph::addDequantize,
      &RandomGraph::addRequantize, &RandomGraph::addReshape, &RandomGraph::addTranspose, &RandomGraph::addPad,
      &RandomGraph::addSlice,      &RandomGraph::addResize,  &RandomGraph::addConcat,    &RandomGraph::addSplit};
  // Those that pass channels on, one by one.
  static constexpr Add linked[] = {&RandomGraph::addConv2d,     &RandomGraph::addConv2d,     &RandomGraph::addConv2d,
                                   &RandomGraph::addDepthwise,  &RandomGraph::addDepthwise,  &RandomGraph::addDense,
                                   &RandomGraph::addArithmetic, &RandomGraph::addArithmetic, &RandomGraph::addUnary,
                                   &RandomGraph::addPool,       &RandomGraph::addMean,       &RandomGraph::addPad,
                                   &RandomGraph::addRequantize, &RandomGraph::addConcat,     &RandomGraph::addReshape};
  if (deadPercent > 0 && random.chance(80))
    return (this->*random.pickFrom(linked))();
  (this->*random.pickFrom(families))();
}

OwningOpRef<ModuleOp> RandomGraph::build(int maxOperators) {
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  b.setInsertionPointToEnd(module->getBody());
  auto model = func::FuncOp::create(b, loc, "model", b.getFunctionType({}, {}));
  block = model.addEntryBlock();
  b.setInsertionPointToEnd(block);
  for (int64_t count = random.between(1, maxOperators); count > 0; --count)
    addOperator();
  SmallVector<Value> results;
  for (Value value : values) {
    bool isResult = !llvm::isa<BlockArgument>(value);
    bool isUnread = value.use_empty() && (deadPercent == 0 || random.chance(40));
    if (isResult ? isUnread || random.chance(deadPercent > 0 ? 4 : 10) : random.chance(1))
      results.push_back(value);
  }
  if (results.empty()) // No operator took what it drew.
    results.push_back(values.back());
  if (random.chance(2))
    results.push_back(random.pickFrom(results));
  func::ReturnOp::create(b, loc, results);
  model.setFunctionType(b.getFunctionType(block->getArgumentTypes(), ValueRange(results).getTypes()));
  return module;
}
