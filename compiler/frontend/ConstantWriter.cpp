#include "compiler/frontend/ConstantWriter.h"
#include "compiler/frontend/Formats.h"

#include "llvm/Support/Endian.h"

using namespace mlir;
using namespace qcc;
using namespace qcc::frontend;

static void appendLittleEndian(std::vector<char> &bytes, uint64_t value, unsigned count) {
  for (unsigned byte = 0; byte < count; ++byte)
    bytes.push_back(static_cast<char>(value >> (8 * byte)));
}

/// Scales as f32 if that is exact, else as f64; of rank 0 if there is one for all.
static NamedArray makeScales(StringRef name, ArrayRef<double> scales, bool isPerChannel) {
  bool isExact = llvm::all_of(scales, [](double scale) { return static_cast<float>(scale) == scale; });
  NamedArray array{name.str() + ".scale", 'f', isExact ? 4u : 8u, {}, {}};
  if (isPerChannel)
    array.shape.push_back(scales.size());
  for (double scale : scales)
    appendLittleEndian(array.bytes,
                       isExact ? llvm::bit_cast<uint32_t>(static_cast<float>(scale)) : llvm::bit_cast<uint64_t>(scale),
                       array.bytesPerElement);
  return array;
}

/// Nothing if all are 0.
static std::optional<NamedArray> makeZeros(StringRef name, ArrayRef<int64_t> zeros, bool isPerChannel) {
  if (llvm::all_of(zeros, [](int64_t zero) { return zero == 0; }))
    return std::nullopt;
  NamedArray array{name.str() + ".zero", 'i', 8, {}, {}};
  if (isPerChannel)
    array.shape.push_back(zeros.size());
  for (int64_t zero : zeros)
    appendLittleEndian(array.bytes, zero, 8);
  return array;
}

/// One code per element of 1, 2, 4 or 8 bytes.
static std::vector<char> unpackedBytes(qnn::ConstantOp constant, unsigned width) {
  std::vector<char> bytes;
  bool isDense = qnn::getFormat(constant.getOutput()).getBits() == 8 * width && !constant.isSplat();
  if (isDense) {
    ArrayRef<char> stored = constant.getBytes();
    bytes.assign(stored.begin(), stored.end());
    return bytes;
  }
  for (int64_t code : constant.getCodes())
    appendLittleEndian(bytes, code, width);
  return bytes;
}

FailureOr<std::string> qcc::frontend::appendConstant(qnn::ConstantOp constant, StringRef name, int64_t channelAxis,
                                                     std::vector<NamedArray> &arrays) {
  auto type = llvm::cast<RankedTensorType>(constant.getOutput().getType());
  Type element = type.getElementType();
  qnn::NumberFormat format = qnn::getFormat(type);
  if (!showFormat(element, ShowChannels::Count))
    return emitError(constant.getLoc()) << "the model language cannot say the format " << element;
  bool isBinary = llvm::isa<qnn::BinaryType>(element);
  char kind = format.isFloat() ? 'f' : isBinary ? 'b' : format.isSignedCode() ? 'i' : 'u';
  unsigned bits = format.getBits(), width = bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
  arrays.push_back({name.str(), kind, width, SmallVector<int64_t>(type.getShape()), unpackedBytes(constant, width)});

  if (format.getGroupSize())
    return *showFormat(element);
  if (format.isFloat() || llvm::isa<IntegerType>(element))
    return std::string();
  int64_t axis = format.getChannelAxis();
  SmallVector<double> scales;
  SmallVector<int64_t> zeros;
  for (int64_t channel = 0; channel < format.getNumChannels(); ++channel) {
    scales.push_back(format.getScale(channel));
    zeros.push_back(format.getZeroPoint(channel));
  }
  bool isPlainBinary = isBinary && !llvm::cast<qnn::BinaryType>(element).getAlpha();
  if (!isPlainBinary)
    arrays.push_back(makeScales(name, scales, axis >= 0));
  if (std::optional<NamedArray> array = makeZeros(name, zeros, axis >= 0))
    arrays.push_back(std::move(*array));

  FormatSpec spec;
  spec.kind = isBinary ? FormatSpec::Binary : FormatSpec::Affine;
  spec.bits = bits;
  spec.isSigned = format.isSignedCode();
  auto [low, high] = format.getCodeRange();
  std::string arguments;
  auto add = [&](const Twine &text) { arguments += (arguments.empty() ? "" : ", ") + text.str(); };
  if (axis >= 0 && axis != channelAxis)
    add("axis: " + Twine(axis));
  if (low != spec.codeRange().first)
    add("min: " + Twine(low));
  if (high != spec.codeRange().second)
    add("max: " + Twine(high));
  if (!arguments.empty())
    return spec.name() + "(" + arguments + ")";
  return isBinary || bits == 8 * width ? std::string() : spec.name();
}
