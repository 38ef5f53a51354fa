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

def Qnn_Function : I32EnumAttr<"Function", "a function of one real number", [
    I32EnumAttrCase<"Abs", 0, "abs">,
    I32EnumAttrCase<"Atan", 1, "atan">,
    I32EnumAttrCase<"Ceil", 2, "ceil">,
    I32EnumAttrCase<"Erf", 3, "erf">,
    I32EnumAttrCase<"Exp", 4, "exp">,
    I32EnumAttrCase<"Floor", 5, "floor">,
    I32EnumAttrCase<"Log", 6, "log">,
    I32EnumAttrCase<"Round", 7, "round">,
    I32EnumAttrCase<"Sin", 8, "sin">,
    I32EnumAttrCase<"Sqrt", 9, "sqrt">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}
def Qnn_FunctionAttr : EnumAttr<Qnn_Dialect, Qnn_Function, "function"> {
  let assemblyFormat = "`<` $value `>`";
}

def Qnn_Combination : I32EnumAttr<"Combination", "a function of two real numbers", [
    I32EnumAttrCase<"Divide", 0, "divide">,
    I32EnumAttrCase<"Equal", 1, "equal">,
    I32EnumAttrCase<"Less", 2, "less">,
    I32EnumAttrCase<"LessEqual", 3, "less_equal">,
    I32EnumAttrCase<"Maximum", 4, "maximum">,
    I32EnumAttrCase<"Minimum", 5, "minimum">,
    I32EnumAttrCase<"Power", 6, "power">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}
def Qnn_CombinationAttr : EnumAttr<Qnn_Dialect, Qnn_Combination, "combination"> {
  let assemblyFormat = "`<` $value `>`";
}

def Qnn_AlgorithmKind : I32EnumAttr<"AlgorithmKind", "how a convolution is computed", [
    I32EnumAttrCase<"Direct", 0, "direct">,
    I32EnumAttrCase<"WinogradF2", 1, "F_2_3">,
    I32EnumAttrCase<"WinogradF4", 2, "F_4_3">,
    I32EnumAttrCase<"WinogradF4Exact", 3, "F_4_3_exact">,
    I32EnumAttrCase<"WinogradF2Small", 4, "F_2_3_small">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_WinogradPoints : I32EnumAttr<"WinogradPoints", "at which points F(4x4, 3x3) evaluates polynomials", [
    I32EnumAttrCase<"Integer", 0, "integer">,
    I32EnumAttrCase<"Reciprocal", 1, "reciprocal">]> {
  let cppNamespace = "::qcc::qnn";
  let genSpecializedAttr = 0;
}

def Qnn_AlgorithmAttr : AttrDef<Qnn_Dialect, "Algorithm"> {
  let mnemonic = "algorithm";
  let summary = "how a convolution is computed, where it is not left to the compiler";
  let description = [{
    `#qnn.algorithm<direct>` multiplies codes and weights as they are. `#qnn.algorithm<winograd = F_2_3, exact>` computes
    tiles of 2x2 outputs from 4x4 transformed codes and weights, with 16 products instead of 36 for each tile and pair of
    channels (docs/rationale/Winograd.md). No bit of any result depends on it. `#qnn.algorithm<winograd = F_4_3, exact>` does
    so for filters of 1x3 and 3x1: tiles of 4 outputs from 6 transformed codes and weights, with 6 products instead of 12. The
    weights of a program are transformed before it runs, 16 numbers of 16 bits for 9; with `small` behind `exact`, those of F_2_3 stay
    9 numbers of 8 bits, and are transformed while it runs.

    `#qnn.algorithm<winograd = F_4_3, tapwise, bits = b, codes = [...], weights = [...], fraction = f>` is a meaning of its
    own, near that of the direct convolution: tiles of 4x4 outputs, from the top left, come from 6x6 codes by 36 products
    instead of 144. For tap `t = 6 i + j`, with `x` the integers of a tile's codes less their zero, 0 outside the input,
    and `g` those of a filter less their zero:

        V[t] = clamp(round((B^T x B)[i, j] * factors[t] / 2^codes[t]) - offsets[t]) + offsets[t]
        U[t] = clamp(round((G g G^T)[i, j] / factors[t] * 2^weights[t]))
        L[t] = round(sum over input channels of U[t] V[t] * 2^(codes[t] - weights[t] + f))
        accumulator = round((A^T L A) / 2^f)

    Ties are rounded up; `clamp` is to `b` bits with a sign; `L` and what follows is in 32 bits, wrapping in two's
    complement. `weights` has 36 shifts, or 36 for each output channel in turn. Equal shifts are a single scale. All
    `factors` are 1 if none are stated; with 1, 3, 5 and 7, four steps of codes are possible for each one of shifts alone,
    and weights take the same factor off again, so that sums need nothing but shifts. All `offsets` are 0 if none are stated:
    they are in the middle of the codes that are not clamped, which need not be as many on either side of 0. If
    `transformed` is stated, its elements [output channel, t, input channel of a group] are U: weights that are rounded
    together, so that they make up for each other's errors and those of the codes. Then

        B^T = [4 0 -5 0 1 0]    24 G = [ 6  0  0]    A^T = [1 1  1 1  1 0]
              [0 -4 -4 1 1 0]          [-4 -4 -4]          [0 1 -1 2 -2 0]
              [0 4 -4 -1 1 0]          [-4  4 -4]          [0 1  1 4  4 0]
              [0 -2 -1 2 1 0]          [ 1  2  4]          [0 1 -1 8 -8 1]
              [0 2 -1 -2 1 0]          [ 1 -2  4]
              [0 4 0 -5 0 1]           [ 0  0 24]

    These matrices belong to the points 0, 1, -1, 2, -2 and infinity. With `points = reciprocal` behind the
    fraction they are those
    of 0, 2/3, -2/3, 3/2, -3/2 and infinity, which amplify what is rounded away half as much, and make larger numbers of
    codes on the way:

        B^T = [36   0 -97   0 36  0]    4680 G = [130  0   0]    A^T = [1 27  27  8   8 0]
              [ 0 -18 -27   8 12  0]             [ -9 -6  -4]          [0 18 -18 12 -12 0]
              [ 0  18 -27  -8 12  0]             [ -9  6  -4]          [0 12  12 18  18 0]
              [ 0 -12  -8  27 18  0]             [  4  6   9]          [0  8  -8 27 -27 1]
              [ 0  12  -8 -27 18  0]             [  4 -6   9]
              [ 0  36   0 -97  0 36]             [  0  0 130]

    `#qnn.algorithm<winograd = F_4_3, float>` computes the same tiles of f32, all of it in f32. In real numbers that is the
    direct convolution, so it is no meaning of its own: `conv2d` gives a real sum rounded to f32, up to the order of additions, and
    only the bound of what rounding on the way may add is another one (docs/rationale/Winograd.md).

    For filters of 1x3 and 3x1, the same is meant with transforms along one axis: tiles of 4 outputs in a row or column come
    from 6 codes by 6 products instead of 12, with 6 taps in their order, V[t] of (B^T x)[t], U[t] of (G g)[t], and A^T L.

    Constraints of F_4_3, tapwise: (C1) `bits` is 8, 9 or 10. (C2) there are `codes` for 36 taps or for 6, each from 0 to
    12, or to 20 with reciprocal points. (C3) there are `weights` for all taps of each of at least one channel, each from
    -8 to 15, or to 24 with reciprocal points. (C4) `fraction` is from -15 to 15. (C5) there are no `factors`, or with
    reciprocal points one for each tap, 1, 3, 5 or 7. (C6) there are no `offsets`, or with reciprocal points one for each
    tap, of `bits` bits with a sign. (C7) there are no `transformed` weights, or with 8 bits some of i8, of rank 3 with
    taps as its second size.
  }];
  let parameters = (ins "AlgorithmKind":$kind,
                        DefaultValuedParameter<"WinogradPoints", "WinogradPoints::Integer">:$points,
                        DefaultValuedParameter<"int64_t", "0">:$bits,
                        OptionalArrayRefParameter<"int64_t">:$codes, OptionalArrayRefParameter<"int64_t">:$weights,
                        DefaultValuedParameter<"int64_t", "0">:$fraction,
                        OptionalArrayRefParameter<"int64_t">:$factors,
                        OptionalArrayRefParameter<"int64_t">:$offsets,
                        OptionalParameter<"::mlir::DenseIntElementsAttr">:$transformed);
  let builders = [AttrBuilder<(ins "AlgorithmKind":$kind), [{
    return $_get($_ctxt, kind, WinogradPoints::Integer, int64_t(0), llvm::ArrayRef<int64_t>(), llvm::ArrayRef<int64_t>(), int64_t(0),
                     llvm::ArrayRef<int64_t>(), llvm::ArrayRef<int64_t>(), ::mlir::DenseIntElementsAttr());
  }]>];
  let extraClassDeclaration = [{
    bool isWinograd() const { return getKind() != AlgorithmKind::Direct; }
    /// True for F_4_3 of integers, and false for that of f32.
    bool isTapwise() const { return getKind() == AlgorithmKind::WinogradF4 && getBits() > 0; }
    bool isOfFloats() const { return getKind() == AlgorithmKind::WinogradF4 && getBits() == 0; }
    /// Taps of F_4_3, tapwise: 36, or 6 of filters with one axis.
    int64_t taps() const { return static_cast<int64_t>(getCodes().size()); }
    bool hasChannelShifts() const { return getWeights().size() > getCodes().size(); }
    /// What a tap's codes are multiplied by, and its weights divided by.
    int64_t codeFactor(int64_t tap) const { return getFactors().empty() ? 1 : getFactors()[tap]; }
    /// In the middle of a tap's codes.
    int64_t codeOffset(int64_t tap) const { return getOffsets().empty() ? 0 : getOffsets()[tap]; }
    /// The shift of a tap's weights for an output channel.
    int64_t weightShift(int64_t tap, int64_t channel) const {
      return getWeights()[hasChannelShifts() ? taps() * channel + tap : tap];
    }
    /// The shift that aligns a tap's sums: to the left, or to the right if negative.
    int64_t sumShift(int64_t tap, int64_t channel) const {
      return getCodes()[tap] - weightShift(tap, channel) + getFraction();
    }
  }];
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
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
