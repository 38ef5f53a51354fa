#ifndef QCC_DIALECTS_QNN_QNNATTRS_TD
#define QCC_DIALECTS_QNN_QNNATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "dialects/qnn/QnnDialect.td"

def Qnn_Rounding : I32EnumAttr<"Rounding", "how an accumulator is scaled by a fixed-point multiplier", [
    I32EnumAttrCase<"Double", 0, "double">,
    I32EnumAttrCase<"Single", 1, "single">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_RoundingAttr : EnumAttr<Qnn_Dialect, Qnn_Rounding, "rounding"> {
  let assemblyFormat = "`<` $value `>`";
}

def Qnn_ScaleProduct : I32EnumAttr<"ScaleProduct", "precision of the product of the operands' scales", [
    I32EnumAttrCase<"F64", 0, "f64">,
    I32EnumAttrCase<"F32", 1, "f32">,
    I32EnumAttrCase<"F32Quotient", 2, "f32_quotient">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_Overflow : I32EnumAttr<"Overflow", "what happens to a result outside the output's code range", [
    I32EnumAttrCase<"Saturate", 0, "saturate">,
    I32EnumAttrCase<"Wrap", 1, "wrap">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_RescaleAttr : AttrDef<Qnn_Dialect, "Rescale"> {
  let mnemonic = "rescale";
  let summary = "the integer arithmetic of a change of scale";
  let description = [{
    A real multiplier `m` (a quotient of scales, computed in double) is held as
    `m = q * 2^(e - 31)`: `q = round(frexp(m) * 2^31)`, halved with `e + 1` if
    that is `2^31`; `e < -31` gives `q = e = 0`, `m >= 2^30` gives the largest
    multiplier, `q = 2^31 - 1` and `e = 30`.

    - `double` rounds twice: `x << max(e, 0)`, a saturating rounding doubling
      high multiplication by `q`, ties upwards, then a rounding shift right by
      `max(-e, 0)`, ties away from zero (gemmlowp, TensorFlow Lite Micro, CMSIS-NN).
    - `single` rounds once: `(x * q + 2^(30 - e)) >> (31 - e)` in 64 bits, ties
      upwards; the low 32 bits are the result.

    All other numbers have 32 bits and wrap in two's complement: accumulators,
    shifts to the left, differences of integers and zero points, and the sum
    of a zero point and a rescaled number.

    Operators give the result of a rescale as `act(zero(output) + ...)` or
    `sat(zero(output) + ...)`: `sat` clamps to the output's code range, `act` to
    that and to the codes of the activation's bounds. With `overflow = wrap`,
    only the activation's own bounds clamp, and then the code is truncated to
    the output's bits. This is for affine outputs; one in another format
    (`!qnn.binary`) receives the nearest code to the real number that was to
    be rescaled, computed in f64 and clamped to the activation's real bounds.

    `product` says in which precision the product of the two input scales is
    formed before it is divided by the output's scale in f64; with
    `f32_quotient` the quotient is rounded to f32, too (docs/rounding.md says
    which peer does which). `overflow` says what happens outside the output's range.
  }];
  let parameters = (ins
    DefaultValuedParameter<"Rounding", "Rounding::Double">:$rounding,
    DefaultValuedParameter<"ScaleProduct", "ScaleProduct::F64">:$product,
    DefaultValuedParameter<"Overflow", "Overflow::Saturate">:$overflow);
  let assemblyFormat = "`<` struct(params) `>`";
  let constBuilderCall = "::qcc::qnn::RescaleAttr::get($_builder.getContext(), $0)";
}

def Qnn_Activation : I32EnumAttr<"Activation", "a clamp fused into an operator", [
    I32EnumAttrCase<"None", 0, "none">,
    I32EnumAttrCase<"Relu", 1, "relu">,
    I32EnumAttrCase<"Relu6", 2, "relu6">,
    I32EnumAttrCase<"ReluN1To1", 3, "relu_n1_to_1">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}
def Qnn_ActivationAttr : EnumAttr<Qnn_Dialect, Qnn_Activation, "activation"> {
  let assemblyFormat = "`<` $value `>`";
}

def Qnn_AlgorithmKind : I32EnumAttr<"AlgorithmKind", "how a convolution is computed", [
    I32EnumAttrCase<"Direct", 0, "direct">,
    I32EnumAttrCase<"WinogradF2", 1, "winograd">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_AlgorithmAttr : AttrDef<Qnn_Dialect, "Algorithm"> {
  let mnemonic = "algorithm";
  let summary = "how a convolution is computed, where it is not left to the compiler";
  let description = [{
    `#qnn.algorithm<direct>` multiplies codes and weights as they are. `#qnn.algorithm<winograd = F_2_3, exact>` computes
    tiles of 2x2 outputs from 4x4 transformed codes and weights, with 16 products instead of 36 for each tile and pair of
    channels (docs/rationale/Winograd.md). No bit of any result depends on it.
  }];
  let parameters = (ins "AlgorithmKind":$kind);
  let hasCustomAssemblyFormat = 1;
}

def Qnn_ProductRule : I32EnumAttr<"ProductRule", "how products of codes are computed", [
    I32EnumAttrCase<"IntDot", 0, "int_dot">,
    I32EnumAttrCase<"BitPlane", 1, "bit_plane">,
    I32EnumAttrCase<"ShiftAdd", 2, "shift_add">,
    I32EnumAttrCase<"Table", 3, "table">,
    I32EnumAttrCase<"LogAdd", 4, "log_add">,
    I32EnumAttrCase<"DecodeThenInt", 5, "decode_then_int">,
    I32EnumAttrCase<"Float", 6, "float">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

#endif // QCC_DIALECTS_QNN_QNNATTRS_TD
