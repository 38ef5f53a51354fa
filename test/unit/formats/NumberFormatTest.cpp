// NumberFormat: encode, decode, pack and unpack of every format.
#include "catch2/catch.hpp"
#include "compiler/support/HostTensor.h"
#include "dialects/qnn/QnnDialect.h"
#include "mlir/AsmParser/AsmParser.h"

using namespace mlir;
using namespace qcc::qnn;

namespace {

/// A context with qnn, and the format that a text names.
struct Formats {
  Formats() {
    DialectRegistry registry;
    registerDialects(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  NumberFormat operator()(llvm::StringRef text) {
    Type type = parseType(text, &context);
    REQUIRE(type);
    INFO(text.str());
    auto format = llvm::dyn_cast<NumberFormat>(type);
    REQUIRE(format);
    return format;
  }

  RankedTensorType tensor(llvm::ArrayRef<int64_t> shape, llvm::StringRef text) {
    return RankedTensorType::get(shape, (*this)(text));
  }

  MLIRContext context{MLIRContext::Threading::DISABLED};
};

/// `count` codes that step through the whole range with both ends.
std::vector<int64_t> someCodes(NumberFormat format, int64_t count) {
  auto [low, high] = format.getCodeRange();
  uint64_t span = std::max<uint64_t>(static_cast<uint64_t>(high) - static_cast<uint64_t>(low), 1);
  std::vector<int64_t> codes;
  for (int64_t i = 0; i < count; ++i)
    codes.push_back(i == 0 ? high : static_cast<int64_t>(low + static_cast<uint64_t>(i - 1) * 40503u % span));
  return codes;
}

const char *const allFormats[] = {
    "f32",
    "bf16",
    "i8",
    "ui8",
    "i16",
    "i32",
    "ui32",
    "i1",
    "i64",
    "!quant.uniform<i2:f32, 2.5e-01>",
    "!quant.uniform<u2:f32, 2.5e-01:1>",
    "!quant.uniform<i3:f32, 1.25e-01:-2>",
    "!quant.uniform<u3:f32, 1.25e-01:5>",
    "!quant.uniform<i4<-7:7>:f32, 5.0e-01>",
    "!quant.uniform<u4:f32, 5.0e-01:15>",
    "!quant.uniform<i5:f32, 3.0e-02:3>",
    "!quant.uniform<i6:f32, 3.0e-02:-32>",
    "!quant.uniform<u7:f32, 1.0e-03:64>",
    "!quant.uniform<i8:f32, 5.0e-02:-128>",
    "!quant.uniform<i8<-127:127>:f32, 5.0e-02>",
    "!quant.uniform<u8:f32, 7.0e-03:128>",
    "!quant.uniform<i9:f32, 1.0e+02:17>",
    "!quant.uniform<i11:f32, 1.0e-10>",
    "!quant.uniform<i13:f32, 2.0>",
    "!quant.uniform<i16:f32, 3.0e-05>",
    "!quant.uniform<u16:f32, 3.0e-05:32768>",
    "!quant.uniform<i4:f32:0, {1.0e-01, 2.0e-01:3, 3.0e-01}>",
    "!quant.uniform<i8<-127:127>:f32:2, {1.0, 2.0}>",
    "!qnn.binary",
    "!qnn.binary<alpha = [2.5e-01]>",
    "!qnn.binary<axis = 1, alpha = [5.0e-01, 4.0]>",
    "!qnn.ternary",
    "!qnn.ternary<axis = 1, alpha = [5.0e-01, 4.0]>",
    "!qnn.codebook<table = [-5, 9]>",
    "!qnn.codebook<table = [-128, -3, 0, 127], alpha = [2.5e-01]>",
    "!qnn.codebook<table = [-7, -5, -4, -3, -2, -1, 1, 2], axis = 1, alpha = [5.0e-01, 4.0]>",
    "!qnn.basis<steps = [5, 11]>",
    "!qnn.basis<steps = [3, 4, 9, 50], alpha = [2.5e-01]>",
    "!qnn.basis<signs = true, steps = [1, 2], axis = 1, alpha = [5.0e-01, 4.0]>",
    "!qnn.grouped<bits = 2, group = 1>",
    "!qnn.grouped<bits = 4, group = 32>",
    "!qnn.grouped<bits = 7, group = 3>",
    "!qnn.grouped<bits = 16, group = 128>"};

} // namespace

TEST_CASE("every format packs and unpacks any number of codes") {
  Formats formats;
  for (const char *text : allFormats) {
    INFO(text);
    NumberFormat format = formats(text);
    for (int64_t count : {0, 1, 2, 3, 5, 7, 8, 9, 13, 64, 1001}) {
      std::vector<int64_t> codes = someCodes(format, count);
      llvm::SmallVector<char> bytes;
      format.pack(codes, bytes);
      REQUIRE(static_cast<int64_t>(bytes.size()) == format.getPackedBytes(count));
      REQUIRE(static_cast<int64_t>(bytes.size()) == (count * format.getBits() + 7) / 8);
      for (int64_t i = 0; i < count; ++i)
        REQUIRE(format.unpack(bytes, i) == codes[i]);
      // The last byte is padded with zeros.
      if (int64_t used = count * format.getBits() % 8)
        REQUIRE(static_cast<uint8_t>(bytes.back()) >> used == 0);
    }
  }
}

TEST_CASE("the code of a code's value is that code") {
  Formats formats;
  for (const char *text : allFormats) {
    NumberFormat format = formats(text);
    // A 64-bit code is not exact in a double.
    if (format.isFloat() || format.getBits() > 32)
      continue;
    INFO(text);
    auto [low, high] = format.getCodeRange();
    for (int64_t channel = 0; channel < format.getNumChannels(); ++channel) {
      for (int64_t code : someCodes(format, 300))
        REQUIRE(format.encode(format.decode(code, channel), channel) == code);
      REQUIRE(format.encode(HUGE_VAL, channel) == high);
      REQUIRE(format.encode(-HUGE_VAL, channel) == low);
      REQUIRE(format.encode(1e300, channel) == high);
      REQUIRE(format.encode(-1e300, channel) == low);
      REQUIRE(format.encode(std::nan(""), channel) == format.encode(0.0, channel));
    }
  }
}

TEST_CASE("elements lie densely, least significant bit first") {
  Formats formats;
  llvm::SmallVector<char> bytes;
  formats("!quant.uniform<i4:f32, 1.0>").pack({1, -1, 7}, bytes);
  REQUIRE(bytes == llvm::SmallVector<char>{char(0xf1), char(0x07)});
  formats("!quant.uniform<u3:f32, 1.0>").pack({7, 0, 5}, bytes);
  REQUIRE(bytes == llvm::SmallVector<char>{char(0x47), char(0x01)});
  formats("!qnn.binary").pack({1, 0, 0, 1, 0, 0, 0, 0, 1}, bytes);
  REQUIRE(bytes == llvm::SmallVector<char>{char(0x09), char(0x01)});
  formats("!quant.uniform<i16:f32, 1.0>").pack({-2}, bytes);
  REQUIRE(bytes == llvm::SmallVector<char>{char(0xfe), char(0xff)});
  formats("!quant.uniform<i12:f32, 1.0>").pack({0x123, -1}, bytes);
  REQUIRE(bytes == llvm::SmallVector<char>{char(0x23), char(0xf1), char(0xff)});
}

TEST_CASE("a code of a table is that of the nearest integer") {
  Formats formats;
  NumberFormat format = formats("!qnn.codebook<table = [-60, -17, 0, 22], alpha = [5.0e-01]>");
  CHECK(format.getBits() == 2);
  CHECK(format.isOrdered());
  CHECK_FALSE(format.isAffine());
  CHECK(format.getIntegerRange() == std::pair<int64_t, int64_t>(-60, 22));
  CHECK(format.decode(1) == -8.5);
  CHECK(format.encode(-8.0) == 1);
  CHECK(format.encode(5.4) == 2);
  CHECK(format.encode(5.5) == 3); // between 0 and 22: the larger magnitude
  CHECK(format.encode(-19.25) == 0);
  NumberFormat opposite = formats("!qnn.codebook<table = [-4, -4, 4, 4]>");
  CHECK(opposite.encode(0.0) == 2); // between two of one magnitude: the value's sign, and of equal integers the first
  CHECK(opposite.encode(-0.5) == 0);
  CHECK(formats("!qnn.codebook<table = [-1, 0], axis = 0, alpha = [2.0, 3.0]>").decode(0, 1) == -3);
}

TEST_CASE("affine codes round half away from zero and saturate") {
  Formats formats;
  NumberFormat format = formats("!quant.uniform<i8:f32, 5.0e-01:10>");
  REQUIRE(format.encode(0) == 10);
  REQUIRE(format.encode(0.25) == 11);
  REQUIRE(format.encode(-0.25) == 9);
  REQUIRE(format.encode(0.2499) == 10);
  REQUIRE(format.encode(58.5) == 127);
  REQUIRE(format.encode(1000) == 127);
  REQUIRE(format.encode(-69) == -128);
  REQUIRE(format.decode(-128) == -69);
  REQUIRE(format.decode(10) == 0);

  NumberFormat narrow = formats("!quant.uniform<i8<-127:127>:f32, 1.0>");
  REQUIRE(narrow.encode(-1000) == -127);
  REQUIRE(narrow.getCodeRange() == std::pair<int64_t, int64_t>(-127, 127));
}

TEST_CASE("channel parameters are per index of the axis") {
  Formats formats;
  NumberFormat format = formats("!quant.uniform<i4:f32:3, {1.0e-01, 2.0:3}>");
  REQUIRE(format.getChannelAxis() == 3);
  REQUIRE(format.getNumChannels() == 2);
  REQUIRE(format.decode(7, 0) == Approx(0.7));
  REQUIRE(format.decode(7, 1) == 8.0);
  REQUIRE(format.encode(-4.0, 1) == 1);
  REQUIRE(format.getZeroPoint(1) == 3);
}

TEST_CASE("binary takes the sign, and zero is positive") {
  Formats formats;
  for (const char *text : {"!qnn.binary", "!qnn.binary<alpha = [2.5e-01]>"}) {
    NumberFormat format = formats(text);
    REQUIRE(format.encode(0.0) == 1);
    REQUIRE(format.encode(-0.0) == 1);
    REQUIRE(format.encode(1e-30) == 1);
    REQUIRE(format.encode(-1e-30) == 0);
    REQUIRE(format.decode(1) == -format.decode(0));
    REQUIRE(format.getProductRule() == ProductRule::BitPlane);
  }
  NumberFormat perAxis = formats("!qnn.binary<axis = 0, alpha = [5.0e-01, 2.0]>");
  REQUIRE(perAxis.decode(1, 0) == 0.5);
  REQUIRE(perAxis.decode(0, 1) == -2.0);
}

TEST_CASE("all codes of some bits are those that the bits can hold, and narrow ones leave one out") {
  using Range = std::pair<int64_t, int64_t>;
  CHECK(allCodes(1, true) == Range(-1, 0));
  CHECK(allCodes(8, true) == Range(-128, 127));
  CHECK(allCodes(8, false) == Range(0, 255));
  CHECK(allCodes(8, true, /*isNarrow=*/true) == Range(-127, 127));
  CHECK(allCodes(8, false, /*isNarrow=*/true) == Range(0, 254));
  CHECK(allCodes(64, true) == Range(INT64_MIN, INT64_MAX));
  CHECK(allCodes(64, false) == Range(0, INT64_MAX));
}

TEST_CASE("grouped integers are symmetric with scale 1") {
  Formats formats;
  NumberFormat format = formats("!qnn.grouped<bits = 4, group = 32>");
  REQUIRE(format.getCodeRange() == std::pair<int64_t, int64_t>(-7, 7));
  REQUIRE(format.getGroupSize() == 32);
  REQUIRE(format.encode(-9) == -7);
  REQUIRE(format.decode(-7) == -7);
}

TEST_CASE("floats are their bit patterns") {
  Formats formats;
  NumberFormat format = formats("f32");
  REQUIRE(format.isFloat());
  REQUIRE(format.encode(1.0) == 0x3f800000);
  REQUIRE(format.encode(-0.0) == 0x80000000);
  REQUIRE(format.decode(0xff800000) == -HUGE_VAL);
  REQUIRE(std::isnan(format.decode(format.encode(std::nan("")))));
  REQUIRE(format.getUnpackedType().isF32());
}

TEST_CASE("bf16 is the upper half of the nearest f32, ties to even") {
  Formats formats;
  NumberFormat format = formats("bf16");
  REQUIRE(format.isFloat());
  REQUIRE(format.getUnpackedType().isInteger(16));
  for (int64_t code = 0; code < 1 << 16; ++code)
    if (double number = format.decode(code); !std::isnan(number))
      REQUIRE(format.encode(number) == code);
  REQUIRE(format.decode(0x3f81) == 1.0078125);
  REQUIRE(format.encode(1.00390625) == 0x3f80);
  REQUIRE(format.encode(1.01171875) == 0x3f82);
  REQUIRE(format.encode(-1.003907) == 0xbf81);
  REQUIRE(format.encode(3.4e38) == 0x7f80);
  REQUIRE(format.encode(1e-45) == 0);
  REQUIRE(format.encode(HUGE_VAL) == 0x7f80);
  REQUIRE(std::isnan(format.decode(format.encode(std::nan("")))));
  // A payload that lies in the lower half alone must not become infinity.
  REQUIRE(std::isnan(format.decode(format.encode(llvm::bit_cast<float>(0x7f800001)))));
}

TEST_CASE("the unpacked type is the smallest that holds a code") {
  Formats formats;
  REQUIRE(formats("!qnn.binary").getUnpackedType().isSignlessInteger(8));
  REQUIRE(formats("!quant.uniform<u7:f32, 1.0>").getUnpackedType().isSignlessInteger(8));
  REQUIRE(formats("!quant.uniform<u8:f32, 1.0>").getUnpackedType().isSignlessInteger(8));
  REQUIRE(formats("!quant.uniform<i9:f32, 1.0>").getUnpackedType().isSignlessInteger(16));
  REQUIRE(formats("!qnn.grouped<bits = 16, group = 8>").getUnpackedType().isSignlessInteger(16));
  REQUIRE(formats("i32").getUnpackedType().isSignlessInteger(32));
}

TEST_CASE("constants are stored in the shape, or as bytes where elements are packed") {
  Formats formats;
  auto i8 = [&](llvm::ArrayRef<int64_t> shape) {
    return RankedTensorType::get(shape, IntegerType::get(&formats.context, 8));
  };
  REQUIRE(getStorageType(formats.tensor({3, 5}, "!quant.uniform<i8:f32, 1.0>")) == i8({3, 5}));
  REQUIRE(getStorageType(formats.tensor({3, 5}, "!quant.uniform<i4:f32, 1.0>")) == i8({8}));
  REQUIRE(getStorageType(formats.tensor({3, 3}, "!qnn.binary")) == i8({2}));
  REQUIRE(getStorageType(formats.tensor({0, 5}, "!qnn.binary")) == i8({0}));
  REQUIRE(getStorageType(formats.tensor({}, "!quant.uniform<i12:f32, 1.0>")) == i8({2}));
}

TEST_CASE("a host tensor holds the packed codes") {
  Formats formats;
  for (const char *text : allFormats) {
    INFO(text);
    for (llvm::SmallVector<int64_t> shape : {llvm::SmallVector<int64_t>{}, {0, 3}, {3, 1, 7}}) {
      RankedTensorType type = formats.tensor(shape, text);
      std::vector<int64_t> codes = someCodes(formats(text), type.getNumElements());
      qcc::HostTensor tensor(type, codes);
      REQUIRE(tensor.codes() == codes);
      REQUIRE(tensor.bytes.size() == qcc::HostTensor(type).bytes.size());
    }
  }
}

TEST_CASE("only number formats make format tensors") {
  Formats formats;
  for (const char *text : {"f64", "f16", "index", "complex<f32>"})
    REQUIRE_FALSE(llvm::isa<NumberFormat>(parseType(text, &formats.context)));
  REQUIRE_FALSE(isFormatTensor(parseType("tensor<?x3xf32>", &formats.context)));
  REQUIRE_FALSE(isFormatTensor(parseType("tensor<*xf32>", &formats.context)));
  REQUIRE_FALSE(isFormatTensor(parseType("memref<3xf32>", &formats.context)));
  REQUIRE_FALSE(isFormatTensor(parseType("tensor<3xi65>", &formats.context)));
  REQUIRE(isFormatTensor(parseType("tensor<3x!qnn.binary>", &formats.context)));
}

TEST_CASE("types refuse parameters that mean nothing") {
  Formats formats;
  ScopedDiagnosticHandler quiet(&formats.context, [](Diagnostic &) { return success(); });
  for (const char *text : {"!qnn.binary<axis = 0>", "!qnn.binary<alpha = []>", "!qnn.binary<alpha = [1.0, 2.0]>",
                           "!qnn.binary<alpha = [0.0]>", "!qnn.binary<alpha = [-1.0]>",
                           "!qnn.binary<alpha = [0x7FF0000000000000]>", "!qnn.binary<axis = -2, alpha = [1.0]>",
                           "!qnn.grouped<bits = 0, group = 4>", "!qnn.grouped<bits = 17, group = 4>",
                           "!qnn.grouped<bits = 4, group = 0>", "!qnn.grouped<bits = 4, group = -1>"}) {
    INFO(text);
    REQUIRE_FALSE(parseType(text, &formats.context));
  }
}

TEST_CASE("numbers of a basis are sums of its steps, in the order of the codes, and integers are inverted") {
  Formats formats;
  NumberFormat levels = formats("!qnn.basis<steps = [5, 11], alpha = [1.0e-01]>");
  NumberFormat signs = formats("!qnn.basis<signs = true, steps = [1, 2], alpha = [5.0e-01]>");
  for (auto [code, level, sign] :
       {std::tuple(0, 0.0, -1.5), std::tuple(1, 0.5, -0.5), std::tuple(2, 1.1, 0.5), std::tuple(3, 1.6, 1.5)}) {
    CHECK(levels.decode(code) == Approx(level));
    CHECK(signs.decode(code) == Approx(sign));
    for (NumberFormat format : {levels, signs}) {
      CHECK(format.encode(format.decode(code)) == code);
      CHECK(format.getIntegerDecode().invert(format.getIntegerDecode()(code)) == code);
    }
  }
  // Thresholds are midpoints; of two numbers as near, the one of larger magnitude.
  CHECK(levels.encode(0.249) == 0);
  CHECK(levels.encode(0.25) == 1);
  CHECK(levels.encode(-7) == 0);
  CHECK(levels.encode(1e9) == 3);
  CHECK(signs.encode(-1) == 0);
  CHECK(signs.encode(1) == 3);
  CHECK((levels.isOrdered() && !levels.isAffine()));
  CHECK(signs.getIntegerRange() == std::pair<int64_t, int64_t>(-3, 3));
}
