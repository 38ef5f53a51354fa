#ifndef QCC_DIALECTS_QNN_QNNINTERFACES_TD
#define QCC_DIALECTS_QNN_QNNINTERFACES_TD

include "mlir/IR/OpBase.td"

def Qnn_NumberFormat : TypeInterface<"NumberFormat"> {
  let cppNamespace = "::qcc::qnn";
  let description = [{
    How the codes of a tensor element stand for real numbers.

    A code is an integer of `getBits()` bits. The real value of a code is
    `scale(c) * (integer(code) - zeroPoint(c))` for channel `c`, where
    `integer` is given by `getIntegerDecode()`. For floating-point formats, f32
    and bf16, the code is the bit pattern and `isFloat()` is true. Operators
    compute bf16 in f32: they take its numbers as they are, and a result is what
    it would be in f32, rounded to the nearest bf16, ties to even.

    In memory, elements are stored row-major and densely, `getBits()` bits
    each, least significant bit first; the last byte is padded with zeros.
  }];
  let methods = [
    InterfaceMethod<"Bits of one stored element.", "unsigned", "getBits">,
    InterfaceMethod<"True for floating-point formats.", "bool", "isFloat", (ins), "", "return false;">,
    InterfaceMethod<"True if the code is a two's-complement number.", "bool", "isSignedCode">,
    InterfaceMethod<"Smallest and largest code in use (as sign- or zero-extended integers).",
                    "std::pair<int64_t, int64_t>", "getCodeRange">,
    InterfaceMethod<"How a product of two such codes is best computed.", "::qcc::qnn::ProductRule",
                    "getProductRule">,
    InterfaceMethod<"The integer that a code stands for before zero point and scale.",
                    "::qcc::qnn::IntegerDecode", "getIntegerDecode">,
    InterfaceMethod<"The axis along which scale and zero point vary, or -1.", "int64_t",
                    "getChannelAxis", (ins), "", "return -1;">,
    InterfaceMethod<"Number of channel parameters, 1 if per tensor.", "int64_t", "getNumChannels",
                    (ins), "", "return 1;">,
    InterfaceMethod<"Scale of a channel.", "double", "getScale", (ins "int64_t":$channel), "",
                    "return 1.0;">,
    InterfaceMethod<"Zero point of a channel, in integer(code) units.", "int64_t", "getZeroPoint",
                    (ins "int64_t":$channel), "", "return 0;">,
    InterfaceMethod<"Elements that share one scale along the last axis, or 0. The scales of a "
                    "grouped format are an operand of the op that uses it, not part of the type.",
                    "int64_t", "getGroupSize", (ins), "", "return 0;">,
  ];
  let extraClassDeclaration = [{
    /// The nearest code to a real value in channel `channel`: scaled, rounded
    /// half away from zero, saturated to the code range. NaN encodes as zero.
    int64_t encode(double value, int64_t channel = 0);
    /// The real value of a code.
    double decode(int64_t code, int64_t channel = 0);
    /// True if each code is the integer itself, so that a zero point plus a rescaled integer is a code.
    bool isAffine() const;
    /// True if a larger code stands for a larger number.
    bool isOrdered() const;
    /// The smallest and the largest code that the bits can hold, be they in use or not.
    std::pair<int64_t, int64_t> getAllCodes() const;
    /// The smallest and the largest integer that codes in use stand for.
    std::pair<int64_t, int64_t> getIntegerRange() const;
    /// The largest magnitude of such an integer less its zero point, over all channels.
    int64_t getLargestInteger() const;
    /// The signless builtin type that holds one unpacked code: i8, i16, i32, f32. The bits of bf16 are i16.
    ::mlir::Type getUnpackedType();
    /// Bytes that `elements` packed elements take.
    int64_t getPackedBytes(int64_t elements);
    /// Packs codes (sign- or zero-extended) to bytes.
    void pack(::llvm::ArrayRef<int64_t> codes, ::llvm::SmallVectorImpl<char> &bytes);
    /// Reads element `index` of a packed buffer, extended by the code's signedness.
    int64_t unpack(::llvm::ArrayRef<char> bytes, int64_t index);
  }];
}

#endif // QCC_DIALECTS_QNN_QNNINTERFACES_TD
