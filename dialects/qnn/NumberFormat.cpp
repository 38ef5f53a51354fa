// The NumberFormat interface: what all formats share, the models for builtin and
// quant types, and the methods of qnn's own formats.
#include "dialects/qnn/Bfloat.h"
#include "dialects/qnn/QnnDialect.h"

using namespace mlir;
using namespace qcc::qnn;

#include "dialects/qnn/QnnInterfaces.cpp.inc"

//===-- What all formats share ------------------------------------------------===//

static uint32_t floatBits(float value) { return llvm::bit_cast<uint32_t>(value); }
static float floatFromBits(int64_t code) { return llvm::bit_cast<float>(static_cast<uint32_t>(code)); }

static int64_t extendCode(uint64_t code, unsigned bits, bool isSigned) {
  return isSigned ? llvm::SignExtend64(code, bits) : static_cast<int64_t>(code);
}

int64_t NumberFormat::encode(double value, int64_t channel) {
  if (isFloat())
    return getBits() == 16 ? bfloatBits(static_cast<float>(value)) : floatBits(static_cast<float>(value));
  auto [low, high] = getCodeRange();
  IntegerDecode decode = getIntegerDecode();
  if (std::isnan(value))
    value = 0;
  double scaled = value / getScale(channel);
  if (decode.isLinear() && decode.slope == 1) {
    double code = std::round(scaled) + getZeroPoint(channel) - decode.offset;
    return static_cast<int64_t>(std::clamp<double>(code, low, high));
  }
  // The few codes of a non-integer format: nearest, the larger magnitude and then the value's sign of equals.
  // Saturation comes first, for the distances to a huge value are all equal.
  auto [smallest, largest] = getIntegerRange();
  double target = std::clamp<double>(scaled + getZeroPoint(channel), smallest, largest);
  auto isBetter = [&](int64_t a, int64_t b) {
    double da = std::abs(decode(a) - target), db = std::abs(decode(b) - target);
    if (da != db)
      return da < db;
    int64_t sign = target < 0 ? -1 : 1;
    return std::pair(std::abs(decode(a)), sign * decode(a)) > std::pair(std::abs(decode(b)), sign * decode(b));
  };
  int64_t best = low;
  for (int64_t code = low + 1; code <= high; ++code)
    if (isBetter(code, best))
      best = code;
  return best;
}

double NumberFormat::decode(int64_t code, int64_t channel) {
  if (isFloat())
    return getBits() == 16 ? fromBfloatBits(code) : floatFromBits(code);
  return getScale(channel) * static_cast<double>(getIntegerDecode()(code) - getZeroPoint(channel));
}

bool NumberFormat::isAffine() const {
  IntegerDecode decode = getIntegerDecode();
  return !isFloat() && decode.isLinear() && decode.slope == 1 && decode.offset == 0;
}

bool NumberFormat::isOrdered() const {
  IntegerDecode decode = getIntegerDecode();
  return isFloat() || !decode.steps.empty() ||
         (decode.table.empty() ? decode.slope > 0 : llvm::is_sorted(decode.table));
}

std::pair<int64_t, int64_t> NumberFormat::getAllCodes() const { return allCodes(getBits(), isSignedCode()); }

std::pair<int64_t, int64_t> NumberFormat::getIntegerRange() const {
  IntegerDecode decode = getIntegerDecode();
  auto [low, high] = getCodeRange();
  std::pair<int64_t, int64_t> range = std::minmax(decode(low), decode(high));
  if (!decode.table.empty())
    for (int64_t code = low; code <= high; ++code)
      range = {std::min(range.first, decode(code)), std::max(range.second, decode(code))};
  return range;
}

int64_t NumberFormat::getLargestInteger() const {
  auto [low, high] = getIntegerRange();
  int64_t largest = 0;
  for (int64_t channel = 0; channel < getNumChannels(); ++channel) {
    int64_t zero = getZeroPoint(channel);
    largest = std::max({largest, std::abs(low - zero), std::abs(high - zero)});
  }
  return largest;
}

Type NumberFormat::getUnpackedType() {
  MLIRContext *context = getContext();
  if (isFloat() && getBits() == 32)
    return Float32Type::get(context);
  for (unsigned bits : {8, 16, 32})
    if (getBits() <= bits)
      return IntegerType::get(context, bits);
  return IntegerType::get(context, 64);
}

int64_t NumberFormat::getPackedBytes(int64_t elements) {
  return llvm::divideCeil(static_cast<uint64_t>(elements) * getBits(), 8);
}

void NumberFormat::pack(ArrayRef<int64_t> codes, SmallVectorImpl<char> &bytes) {
  unsigned bits = getBits();
  bytes.assign(getPackedBytes(codes.size()), 0);
  if (bits % 8 == 0) {
    char *place = bytes.data();
    for (int64_t code : codes)
      for (unsigned bit = 0; bit < bits; bit += 8)
        *place++ = static_cast<char>(code >> bit);
    return;
  }
  for (auto [index, code] : llvm::enumerate(codes)) {
    uint64_t first = static_cast<uint64_t>(index) * bits;
    for (unsigned bit = 0; bit < bits; ++bit)
      if (code >> bit & 1)
        bytes[(first + bit) / 8] |= static_cast<char>(1u << ((first + bit) % 8));
  }
}

int64_t NumberFormat::unpack(ArrayRef<char> bytes, int64_t index) {
  unsigned bits = getBits();
  uint64_t first = static_cast<uint64_t>(index) * bits, code = 0;
  for (unsigned bit = 0; bit < bits;) {
    uint64_t position = first + bit;
    unsigned offset = position % 8, count = std::min(8 - offset, bits - bit);
    uint64_t part = static_cast<uint8_t>(bytes[position / 8]) >> offset & ((1u << count) - 1);
    code |= part << bit;
    bit += count;
  }
  return extendCode(code, bits, isSignedCode());
}

NumberFormat qcc::qnn::getFormat(Type tensorType) {
  return llvm::cast<NumberFormat>(llvm::cast<ShapedType>(tensorType).getElementType());
}

bool qcc::qnn::isFormatTensor(Type type) {
  auto tensor = llvm::dyn_cast<RankedTensorType>(type);
  auto format = tensor ? llvm::dyn_cast<NumberFormat>(tensor.getElementType()) : NumberFormat();
  // Codes are handled as int64_t; sizes are limited so that sums and products of a few of them cannot overflow.
  if (!format || format.getBits() > 64 || !tensor.hasStaticShape())
    return false;
  int64_t elements = 1;
  for (int64_t size : tensor.getShape()) {
    if (size > INT32_MAX || size * elements > maxElements)
      return false;
    elements = std::max<int64_t>(1, size * elements);
  }
  return true;
}

RankedTensorType qcc::qnn::getStorageType(RankedTensorType type) {
  NumberFormat format = getFormat(type);
  if (llvm::is_contained({8u, 16u, 32u, 64u}, format.getBits()))
    return RankedTensorType::get(type.getShape(), format.getUnpackedType());
  return RankedTensorType::get({format.getPackedBytes(type.getNumElements())}, IntegerType::get(type.getContext(), 8));
}

//===-- Models for builtin and quant types --------------------------------------===//

namespace {
/// Codes are the bits of the floats: f32 and bfloat16.
template <typename Float, unsigned bits>
struct FloatFormat : NumberFormat::ExternalModel<FloatFormat<Float, bits>, Float> {
  unsigned getBits(Type) const { return bits; }
  bool isFloat(Type) const { return true; }
  bool isSignedCode(Type) const { return false; }
  std::pair<int64_t, int64_t> getCodeRange(Type type) const { return allCodes(bits, isSignedCode(type)); }
  ProductRule getProductRule(Type) const { return ProductRule::Float; }
  IntegerDecode getIntegerDecode(Type) const { return {}; }
};

/// Plain integers: scale 1, zero point 0; signless counts as signed.
struct IntegerFormat : NumberFormat::ExternalModel<IntegerFormat, IntegerType> {
  unsigned getBits(Type type) const { return llvm::cast<IntegerType>(type).getWidth(); }
  bool isSignedCode(Type type) const { return !llvm::cast<IntegerType>(type).isUnsigned(); }
  std::pair<int64_t, int64_t> getCodeRange(Type type) const { return allCodes(getBits(type), isSignedCode(type)); }
  ProductRule getProductRule(Type) const { return ProductRule::IntDot; }
  IntegerDecode getIntegerDecode(Type) const { return {}; }
};

template <typename Derived, typename Quant> struct QuantFormat : NumberFormat::ExternalModel<Derived, Quant> {
  static quant::QuantizedType cast(Type type) { return llvm::cast<quant::QuantizedType>(type); }
  unsigned getBits(Type type) const { return cast(type).getStorageTypeIntegralWidth(); }
  bool isSignedCode(Type type) const { return cast(type).isSigned(); }
  std::pair<int64_t, int64_t> getCodeRange(Type type) const {
    return {cast(type).getStorageTypeMin(), cast(type).getStorageTypeMax()};
  }
  ProductRule getProductRule(Type) const { return ProductRule::IntDot; }
  IntegerDecode getIntegerDecode(Type) const { return {}; }
};

struct PerTensorFormat : QuantFormat<PerTensorFormat, quant::UniformQuantizedType> {
  double getScale(Type type, int64_t) const { return llvm::cast<quant::UniformQuantizedType>(type).getScale(); }
  int64_t getZeroPoint(Type type, int64_t) const {
    return llvm::cast<quant::UniformQuantizedType>(type).getZeroPoint();
  }
};

struct PerAxisFormat : QuantFormat<PerAxisFormat, quant::UniformQuantizedPerAxisType> {
  static quant::UniformQuantizedPerAxisType axis(Type type) {
    return llvm::cast<quant::UniformQuantizedPerAxisType>(type);
  }
  int64_t getChannelAxis(Type type) const { return axis(type).getQuantizedDimension(); }
  int64_t getNumChannels(Type type) const { return axis(type).getScales().size(); }
  double getScale(Type type, int64_t channel) const { return axis(type).getScales()[channel]; }
  int64_t getZeroPoint(Type type, int64_t channel) const { return axis(type).getZeroPoints()[channel]; }
};
} // namespace

void qcc::qnn::registerDialects(DialectRegistry &registry) {
  registry.insert<QnnDialect, quant::QuantDialect, func::FuncDialect>();
  registry.addExtension(+[](MLIRContext *context, quant::QuantDialect *, QnnDialect *) {
    Float32Type::attachInterface<FloatFormat<Float32Type, 32>>(*context);
    BFloat16Type::attachInterface<FloatFormat<BFloat16Type, 16>>(*context);
    IntegerType::attachInterface<IntegerFormat>(*context);
    quant::UniformQuantizedType::attachInterface<PerTensorFormat>(*context);
    quant::UniformQuantizedPerAxisType::attachInterface<PerAxisFormat>(*context);
  });
}

//===-- !qnn.binary, !qnn.ternary and !qnn.codebook ------------------------------------------------===//

/// One factor, or one for each index of an axis.
static LogicalResult verifyAlpha(function_ref<InFlightDiagnostic()> emitError, int64_t axis, DenseF64ArrayAttr alpha) {
  if (axis < -1)
    return emitError() << "expects an axis of at least 0, or none, but got " << axis;
  if (axis >= 0 && !alpha)
    return emitError() << "expects alpha with one value per index of axis " << axis;
  if (!alpha)
    return success();
  if (axis < 0 && alpha.size() != 1)
    return emitError() << "expects one alpha without an axis, but got " << alpha.size();
  for (double value : alpha.asArrayRef())
    if (!std::isfinite(value) || value <= 0)
      return emitError() << "expects finite positive alpha, but got " << value;
  return success();
}

template <typename Format> static int64_t alphaCount(Format format) {
  return format.getAlpha() ? format.getAlpha().size() : 1;
}

template <typename Format> static double alphaOf(Format format, int64_t channel) {
  return format.getAlpha() ? format.getAlpha().asArrayRef()[channel] : 1.0;
}

LogicalResult BinaryType::verify(function_ref<InFlightDiagnostic()> emitError, int64_t axis, DenseF64ArrayAttr alpha) {
  return verifyAlpha(emitError, axis, alpha);
}

unsigned BinaryType::getBits() const { return 1; }
bool BinaryType::isSignedCode() const { return false; }
std::pair<int64_t, int64_t> BinaryType::getCodeRange() const { return {0, 1}; }
ProductRule BinaryType::getProductRule() const { return ProductRule::BitPlane; }
IntegerDecode BinaryType::getIntegerDecode() const { return {2, -1, {}}; }
int64_t BinaryType::getChannelAxis() const { return getAxis(); }
int64_t BinaryType::getNumChannels() const { return alphaCount(*this); }
double BinaryType::getScale(int64_t channel) const { return alphaOf(*this, channel); }

LogicalResult TernaryType::verify(function_ref<InFlightDiagnostic()> emitError, int64_t axis, DenseF64ArrayAttr alpha) {
  return verifyAlpha(emitError, axis, alpha);
}

unsigned TernaryType::getBits() const { return 2; }
bool TernaryType::isSignedCode() const { return true; }
std::pair<int64_t, int64_t> TernaryType::getCodeRange() const { return {-1, 1}; }
ProductRule TernaryType::getProductRule() const { return ProductRule::BitPlane; }
IntegerDecode TernaryType::getIntegerDecode() const { return {}; }
int64_t TernaryType::getChannelAxis() const { return getAxis(); }
int64_t TernaryType::getNumChannels() const { return alphaCount(*this); }
double TernaryType::getScale(int64_t channel) const { return alphaOf(*this, channel); }

LogicalResult CodebookType::verify(function_ref<InFlightDiagnostic()> emitError, DenseI64ArrayAttr table, int64_t axis,
                                   DenseF64ArrayAttr alpha) {
  int64_t size = table.size();
  if (size < 2 || size > 256 || !llvm::isPowerOf2_64(size))
    return emitError() << "expects a table of 2, 4, 8, ... or 256 integers, but got " << size;
  for (int64_t integer : table.asArrayRef())
    if (!llvm::isInt<8>(integer))
      return emitError() << "expects a table of integers from -128 to 127, but got " << integer;
  for (auto [before, after] : llvm::zip(table.asArrayRef(), table.asArrayRef().drop_front()))
    if (after < before)
      return emitError() << "expects a table in rising order, but got " << after << " behind " << before;
  return verifyAlpha(emitError, axis, alpha);
}

unsigned CodebookType::getBits() const { return llvm::Log2_64(getTable().size()); }
bool CodebookType::isSignedCode() const { return false; }
std::pair<int64_t, int64_t> CodebookType::getCodeRange() const { return {0, getTable().size() - 1}; }
ProductRule CodebookType::getProductRule() const { return ProductRule::DecodeThenInt; }
IntegerDecode CodebookType::getIntegerDecode() const { return {1, 0, getTable().asArrayRef().vec()}; }
int64_t CodebookType::getChannelAxis() const { return getAxis(); }
int64_t CodebookType::getNumChannels() const { return alphaCount(*this); }
double CodebookType::getScale(int64_t channel) const { return alphaOf(*this, channel); }

Type qcc::qnn::withAlpha(Type format, int64_t axis, ArrayRef<double> alpha) {
  MLIRContext *context = format.getContext();
  auto alphas = DenseF64ArrayAttr::get(context, alpha);
  return llvm::TypeSwitch<Type, Type>(format)
      .Case([&](BinaryType) { return BinaryType::get(context, axis, alphas); })
      .Case([&](TernaryType) { return TernaryType::get(context, axis, alphas); })
      .Case([&](CodebookType book) { return CodebookType::get(context, book.getTable(), axis, alphas); })
      .Case([&](BasisType basis) { return BasisType::get(context, basis.getSigns(), basis.getSteps(), axis, alphas); })
      .Default(Type());
}

//===-- !qnn.basis ----------------------------------------------------------------===//

LogicalResult BasisType::verify(function_ref<InFlightDiagnostic()> emitError, bool signs, DenseI64ArrayAttr steps,
                                int64_t axis, DenseF64ArrayAttr alpha) {
  if (steps.empty() || steps.size() > 8)
    return emitError() << "expects 1 to 8 steps, but got " << steps.size();
  int64_t sum = 0, most = signs ? INT8_MAX : UINT8_MAX;
  for (int64_t step : steps.asArrayRef()) {
    if (step < 1 || step > most)
      return emitError() << "expects steps from 1 to " << most << ", but got " << step;
    if (step < sum)
      return emitError() << "expects no step less than the sum of those before it, but got " << step << " after " << sum
                         << ": a larger code would be a smaller number";
    sum += step;
  }
  if (sum > most)
    return emitError() << "expects steps with a sum of at most " << most << ", but got " << sum;
  return verifyAlpha(emitError, axis, alpha);
}

unsigned BasisType::getBits() const { return getSteps().size(); }
bool BasisType::isSignedCode() const { return false; }
std::pair<int64_t, int64_t> BasisType::getCodeRange() const { return allCodes(getBits(), isSignedCode()); }
ProductRule BasisType::getProductRule() const { return ProductRule::BitPlane; }
IntegerDecode BasisType::getIntegerDecode() const {
  IntegerDecode decode;
  for (int64_t step : getSteps().asArrayRef()) {
    decode.steps.push_back(getSigns() ? 2 * step : step);
    decode.offset -= getSigns() ? step : 0;
  }
  return decode;
}
int64_t BasisType::getChannelAxis() const { return getAxis(); }
int64_t BasisType::getNumChannels() const { return alphaCount(*this); }
double BasisType::getScale(int64_t channel) const { return alphaOf(*this, channel); }

//===-- !qnn.grouped --------------------------------------------------------------===//

LogicalResult GroupedType::verify(function_ref<InFlightDiagnostic()> emitError, unsigned bits, int64_t group) {
  if (bits < 1 || bits > 16)
    return emitError() << "expects 1 to 16 bits, but got " << bits;
  if (group < 1)
    return emitError() << "expects a group of at least 1 element, but got " << group;
  return success();
}

bool GroupedType::isSignedCode() const { return getBits() > 1; }
std::pair<int64_t, int64_t> GroupedType::getCodeRange() const {
  return allCodes(getBits(), isSignedCode(), /*isNarrow=*/isSignedCode());
}
ProductRule GroupedType::getProductRule() const { return ProductRule::IntDot; }
IntegerDecode GroupedType::getIntegerDecode() const {
  return getBits() == 1 ? IntegerDecode{2, -1, {}} : IntegerDecode();
}
int64_t GroupedType::getGroupSize() const { return getGroup(); }
