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
  std::optional<FormatSpec> spec = getFormatOf(type.getElementType());
  if (!spec)
    return emitError(constant.getLoc()) << "the model language cannot say the format " << type.getElementType();
  char kind = spec->kind == FormatSpec::Float    ? 'f'
              : spec->kind == FormatSpec::Binary ? 'b'
              : spec->isSigned                   ? 'i'
                                                 : 'u';
  unsigned width = llvm::PowerOf2Ceil(llvm::divideCeil(spec->bits, 8));
  arrays.push_back({name.str(), kind, width, SmallVector<int64_t>(type.getShape()), unpackedBytes(constant, width)});

  // Scales and zero points go into arrays of their own; the call says the rest.
  bool isPerChannel = spec->axis >= 0;
  if (!spec->scales.empty())
    arrays.push_back(makeScales(name, spec->scales, isPerChannel));
  if (std::optional<NamedArray> array = makeZeros(name, spec->zeros, isPerChannel))
    arrays.push_back(std::move(*array));
  spec->scales.clear();
  spec->zeros.clear();
  if (spec->axis == channelAxis)
    spec->axis = -1;
  std::string text = spec->describe();
  // Codes of a whole number of bytes, and binary ones, say their format themselves; bf16 is widened when it is read.
  bool isNarrowFloat = spec->kind == FormatSpec::Float && spec->bits < 32;
  bool isImplied =
      text == spec->name() && !isNarrowFloat && (spec->kind == FormatSpec::Binary || spec->bits == 8 * width);
  return isImplied ? std::string() : text;
}
