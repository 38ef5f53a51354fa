#include "compiler/frontend/Formats.h"
#include "compiler/import/weights/Arrays.h"

#include "mlir/Dialect/Quant/IR/QuantTypes.h"

#include <charconv>

using namespace mlir;
using namespace qcc::frontend;
using qcc::qnn::BasisType;
using qcc::qnn::BinaryType;
using qcc::qnn::CodebookType;
using qcc::qnn::GroupedType;
using qcc::qnn::TernaryType;

std::optional<FormatSpec> qcc::frontend::getFormatByName(StringRef name) {
  FormatSpec spec;
  if (name == "f32")
    return spec;
  if (name == "bf16") {
    spec.bits = 16;
    return spec;
  }
  if (name == "binary") {
    spec.kind = FormatSpec::Binary;
    spec.bits = 1;
    return spec;
  }
  if (name == "ternary") {
    spec.kind = FormatSpec::Ternary;
    spec.bits = 2;
    return spec;
  }
  bool isBook = name.consume_front("codebook");
  if (isBook || name.consume_front("basis")) {
    spec.kind = isBook ? FormatSpec::Codebook : FormatSpec::Basis;
    spec.isSigned = false;
    bool isKnown = !name.starts_with("0") && !name.getAsInteger(10, spec.bits) && spec.bits >= 1 && spec.bits <= 8;
    return isKnown ? std::optional(spec) : std::nullopt;
  }
  spec.isSigned = !name.consume_front("u");
  if (name.consume_front("int")) {
    spec.kind = FormatSpec::Affine;
  } else {
    spec.kind = FormatSpec::Plain;
    if (spec.isSigned && !name.consume_front("i"))
      return std::nullopt;
  }
  if (name.empty() || name.starts_with("0") || name.getAsInteger(10, spec.bits))
    return std::nullopt;
  bool isKnown = spec.kind == FormatSpec::Affine ? spec.bits >= (spec.isSigned ? 2 : 1) && spec.bits <= 32
                                                 : llvm::is_contained({8u, 16u, 32u, 64u}, spec.bits);
  return isKnown ? std::optional(spec) : std::nullopt;
}

ArrayRef<StringRef> qcc::frontend::getCommonFormatNames() {
  static constexpr StringRef names[] = {
      "f32",   "bf16",  "i8",     "i16",    "i32",     "i64",       "u8",        "u16",       "u32",    "u64",
      "int2",  "int3",  "int4",   "int5",   "int6",    "int8",      "int16",     "uint1",     "uint2",  "uint3",
      "uint4", "uint8", "uint16", "binary", "ternary", "codebook2", "codebook3", "codebook4", "basis2", "basis3"};
  return names;
}

std::string FormatSpec::name() const {
  switch (kind) {
  case Float:
    return bits == 16 ? "bf16" : "f32";
  case Binary:
    return "binary";
  case Ternary:
    return "ternary";
  case Codebook:
    return "codebook" + std::to_string(bits);
  case Plain:
    return (isSigned ? "i" : "u") + std::to_string(bits);
  case Basis:
    return "basis" + std::to_string(bits);
  case Affine:
    return (isSigned ? "int" : "uint") + std::to_string(bits);
  }
  llvm_unreachable("unknown kind of format");
}

std::pair<int64_t, int64_t> FormatSpec::codeRange() const {
  if (kind == Binary)
    return {0, 1};
  if (kind == Ternary)
    return {-1, 1};
  auto [low, high] = qnn::allCodes(bits, isSigned);
  if (isGrouped())
    low = -high;
  return {minimum.value_or(low), maximum.value_or(high)};
}

/// Scales must be positive and representable in f32; also the formats' own limits.
static LogicalResult verifyNumbers(const FormatSpec &spec, llvm::function_ref<InFlightDiagnostic()> error) {
  for (double scale : spec.scales)
    if (!(scale >= std::numeric_limits<float>::denorm_min() && scale <= std::numeric_limits<float>::max()))
      return error() << "expects positive scales within the range of f32, but got " << showNumber(scale);
  auto [least, most] = qcc::qnn::allCodes(spec.bits, spec.isSigned);
  for (int64_t zero : spec.zeros)
    if (zero < least || zero > most)
      return error() << "expects zero points of " << spec.name() << " from " << least << " to " << most << ", but got "
                     << zero;
  auto [low, high] = spec.codeRange();
  if (low < least || high > most || low >= high)
    return error() << "expects min and max of " << spec.name() << " within " << least << " to " << most << ", but got "
                   << low << " and " << high;
  return success();
}

FailureOr<Type> FormatSpec::toType(MLIRContext *context, llvm::function_ref<InFlightDiagnostic()> error) const {
  if (kind == Float)
    return bits == 16 ? Type(BFloat16Type::get(context)) : Type(Float32Type::get(context));
  auto signedness = isSigned ? IntegerType::Signless : IntegerType::Unsigned;
  if (kind == Plain)
    return Type(IntegerType::get(context, bits, signedness));
  if (hasAlpha()) {
    for (double scale : scales)
      if (!std::isfinite(scale) || scale <= 0)
        return error() << "expects positive scales, but got " << showNumber(scale);
    auto alpha = scales.empty() ? DenseF64ArrayAttr() : DenseF64ArrayAttr::get(context, scales);
    if (kind == Codebook && table.size() != size_t(1) << bits)
      return error() << "expects a table of " << (1 << bits) << " integers for " << name() << ", but got "
                     << table.size();
    if (kind == Codebook)
      return Type(CodebookType::getChecked(error, context, DenseI64ArrayAttr::get(context, table), axis, alpha));
    if (kind == Basis && steps.size() != bits)
      return error() << "expects " << bits << " steps for " << name() << ", as in basis2(steps: [5, 11]), but got "
                     << steps.size();
    if (kind == Basis)
      return Type(BasisType::getChecked(error, context, hasSigns, DenseI64ArrayAttr::get(context, steps), axis, alpha));
    return kind == Binary ? Type(BinaryType::getChecked(error, context, axis, alpha))
                          : Type(TernaryType::getChecked(error, context, axis, alpha));
  }
  if (kind != Binary && failed(verifyNumbers(*this, error)))
    return failure();
  if (isGrouped())
    return Type(GroupedType::getChecked(error, context, bits, group));
  if (scales.empty())
    return error() << "expects a scale for " << name() << ", as in " << name() << "(scale: 0.05, zero: 0)";
  unsigned flags = isSigned ? quant::QuantizationFlags::Signed : 0;
  auto [low, high] = codeRange();
  Type storage = IntegerType::get(context, bits), expressed = Float32Type::get(context);
  std::vector<int64_t> filled = zeros.empty() ? std::vector<int64_t>(scales.size()) : zeros;
  if (axis < 0)
    return Type(
        quant::UniformQuantizedType::getChecked(error, flags, storage, expressed, scales[0], filled[0], low, high));
  return Type(quant::UniformQuantizedPerAxisType::getChecked(error, flags, storage, expressed, scales, filled,
                                                             static_cast<int32_t>(axis), low, high));
}

//===-- Text ------------------------------------------------------------------------===//

std::string qcc::frontend::showNumber(double number) {
  char text[32];
  auto [end, code] = std::to_chars(text, text + sizeof(text), number);
  return std::string(text, end);
}

/// `[1, 2]`, or the number alone if there is no axis.
template <typename Range, typename Show>
static std::string showPerChannel(const Range &values, int64_t axis, ShowChannels channels, Show show) {
  if (axis < 0)
    return show(*values.begin());
  if (channels == ShowChannels::Count)
    return "[" + std::to_string(values.size()) + " values]";
  std::string text = "[";
  for (auto value : values)
    text += (text.size() > 1 ? ", " : "") + show(value);
  return text + "]";
}

std::string FormatSpec::describe(ShowChannels channels) const {
  std::string text;
  auto add = [&](StringRef parameter, const Twine &value) {
    text += (text.empty() ? "" : ", ") + (parameter + ": " + value).str();
  };
  auto showInteger = [](int64_t integer) { return std::to_string(integer); };
  if (!table.empty())
    add("table", showPerChannel(table, /*axis=*/0, ShowChannels::All, showInteger));
  if (!scales.empty())
    add("scale", showPerChannel(scales, axis, channels, showNumber));
  if (llvm::any_of(zeros, [](int64_t zero) { return zero != 0; }))
    add("zero", showPerChannel(zeros, axis, channels, showInteger));
  if (axis >= 0)
    add("axis", Twine(axis));
  if (minimum)
    add("min", Twine(*minimum));
  if (maximum)
    add("max", Twine(*maximum));
  if (isGrouped())
    add("group", Twine(group));
  if (!steps.empty())
    add("steps", showPerChannel(steps, /*axis=*/0, ShowChannels::All, showInteger));
  if (hasSigns)
    add("signs", "true");
  return text.empty() ? name() : name() + "(" + text + ")";
}

//===-- From types --------------------------------------------------------------------===//

static void setStorage(FormatSpec &spec, quant::QuantizedType type) {
  spec.kind = FormatSpec::Affine;
  spec.bits = type.getStorageTypeIntegralWidth();
  spec.isSigned = type.isSigned();
  auto [low, high] = spec.codeRange();
  if (type.getStorageTypeMin() != low)
    spec.minimum = type.getStorageTypeMin();
  if (type.getStorageTypeMax() != high)
    spec.maximum = type.getStorageTypeMax();
}

template <typename Format> static void setAlpha(FormatSpec &spec, FormatSpec::Kind kind, Format format) {
  spec.kind = kind;
  spec.bits = format.getBits();
  if (format.getAlpha())
    spec.scales = format.getAlpha().asArrayRef().vec();
  spec.axis = format.getAxis();
}

/// The format that comes nearest to `type`.
static FormatSpec nearestFormat(Type type) {
  FormatSpec spec;
  if (type.isBF16()) {
    spec.bits = 16;
  } else if (auto integer = llvm::dyn_cast<IntegerType>(type)) {
    spec.kind = FormatSpec::Plain;
    spec.bits = integer.getWidth();
    spec.isSigned = !integer.isUnsigned();
  } else if (auto uniform = llvm::dyn_cast<quant::UniformQuantizedType>(type)) {
    setStorage(spec, uniform);
    spec.scales = {uniform.getScale()};
    spec.zeros = {uniform.getZeroPoint()};
  } else if (auto perAxis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(type)) {
    setStorage(spec, perAxis);
    spec.scales = perAxis.getScales().vec();
    spec.zeros = perAxis.getZeroPoints().vec();
    spec.axis = perAxis.getQuantizedDimension();
  } else if (auto binary = llvm::dyn_cast<BinaryType>(type)) {
    setAlpha(spec, FormatSpec::Binary, binary);
  } else if (auto ternary = llvm::dyn_cast<TernaryType>(type)) {
    setAlpha(spec, FormatSpec::Ternary, ternary);
  } else if (auto book = llvm::dyn_cast<CodebookType>(type)) {
    setAlpha(spec, FormatSpec::Codebook, book);
    spec.isSigned = false;
    spec.table = book.getTable().asArrayRef().vec();
  } else if (auto basis = llvm::dyn_cast<BasisType>(type)) {
    setAlpha(spec, FormatSpec::Basis, basis);
    spec.isSigned = false;
    spec.steps = basis.getSteps().asArrayRef().vec();
    spec.hasSigns = basis.getSigns();
  } else if (auto grouped = llvm::dyn_cast<GroupedType>(type)) {
    spec.kind = grouped.getBits() == 1 ? FormatSpec::Binary : FormatSpec::Affine;
    spec.bits = grouped.getBits();
    spec.group = grouped.getGroup();
  }
  return spec;
}

/// Quantized types keep a storage type such as si8, which says nothing: they print it as i8, and their sign is a flag.
static Type withSignlessStorage(Type type) {
  auto signless = [&](quant::QuantizedType quantized) {
    return IntegerType::get(type.getContext(), quantized.getStorageTypeIntegralWidth());
  };
  if (auto uniform = llvm::dyn_cast<quant::UniformQuantizedType>(type))
    return quant::UniformQuantizedType::get(uniform.getFlags(), signless(uniform), uniform.getExpressedType(),
                                            uniform.getScale(), uniform.getZeroPoint(), uniform.getStorageTypeMin(),
                                            uniform.getStorageTypeMax());
  if (auto perAxis = llvm::dyn_cast<quant::UniformQuantizedPerAxisType>(type))
    return quant::UniformQuantizedPerAxisType::get(
        perAxis.getFlags(), signless(perAxis), perAxis.getExpressedType(), perAxis.getScales(), perAxis.getZeroPoints(),
        perAxis.getQuantizedDimension(), perAxis.getStorageTypeMin(), perAxis.getStorageTypeMax());
  return type;
}

std::optional<FormatSpec> qcc::frontend::getFormatOf(Type type) {
  FormatSpec spec = nearestFormat(type);
  if (!getFormatByName(spec.name()))
    return std::nullopt;
  // What the words say is this very type, down to what they leave out, such as the type that a quantized one stands
  // for.
  FailureOr<Type> read = spec.toType(type.getContext(), [] { return InFlightDiagnostic(); });
  return succeeded(read) && *read == withSignlessStorage(type) ? std::optional(spec) : std::nullopt;
}

std::optional<std::string> qcc::frontend::showFormat(Type type, ShowChannels channels) {
  std::optional<FormatSpec> spec = getFormatOf(type);
  return spec ? std::optional(spec->describe(channels)) : std::nullopt;
}

std::string qcc::frontend::showType(Type type) {
  auto tensor = llvm::cast<RankedTensorType>(type);
  std::string format = showFormat(tensor.getElementType(), ShowChannels::Count).value_or("?");
  return format + showShape(tensor.getShape());
}
