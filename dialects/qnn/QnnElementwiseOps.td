// Elementwise operators and operators along a row (softmax, argmax).
#ifndef QCC_DIALECTS_QNN_QNNELEMENTWISEOPS_TD
#define QCC_DIALECTS_QNN_QNNELEMENTWISEOPS_TD

include "dialects/qnn/QnnOpBase.td"

class Qnn_BinaryOp<string mnemonic, list<Trait> traits = []> : Qnn_Op<mnemonic, traits> {
  let arguments = (ins Qnn_Tensor:$lhs, Qnn_Tensor:$rhs,
                       Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

defvar Qnn_BinaryConstraints = [{

    Constraints: (C1) shapes broadcast as in NumPy, and the result has the broadcast shape.
    (C2) operands and result are all f32 or all integer formats. (C3) formats are per tensor
    and not grouped.
  }];

def Qnn_AddOp : Qnn_BinaryOp<"add", [Commutative]> {
  let summary = "sum of two tensors with broadcasting and optional clamp";
  let description = !strconcat([{
    *Integers* (Jacob et al. 2018, as in TensorFlow Lite). With `L = 20` if operands
    and result have at most 8 bits, else 15, and `t = 2 * max(scale(lhs), scale(rhs))`:
    `a = rescale((integer(lhs) - zero(lhs)) << L, scale(lhs) / t)`, `b` likewise,
    `output = act(zero(output) + rescale(a + b, t / (2^L * scale(output))))`.

    *Plain i32 operands and result*: wrapping sum, then `act`. *Floats*: f32 sum, clamped.
  }], Qnn_BinaryConstraints);
}

def Qnn_SubOp : Qnn_BinaryOp<"sub"> {
  let summary = "difference of two tensors with broadcasting and optional clamp";
  let description = !strconcat("As `qnn.add` with `a - b` instead of `a + b`.\n", Qnn_BinaryConstraints);
}

def Qnn_MulOp : Qnn_BinaryOp<"mul", [Commutative]> {
  let summary = "product of two tensors with broadcasting and optional clamp";
  let description = !strconcat([{
    *Integers.* `output = act(zero(output) + rescale((integer(lhs) - zero(lhs)) *
    (integer(rhs) - zero(rhs)), scale(lhs) * scale(rhs) / scale(output)))`.
    *Plain i32*: wrapping product, then `act`. *Floats*: f32 product, clamped.
  }], Qnn_BinaryConstraints);
}

class Qnn_UnaryOp<string mnemonic, dag extra = (ins)> : Qnn_Op<mnemonic> {
  let arguments = !con((ins Qnn_Tensor:$input), extra);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

defvar Qnn_UnaryConstraints = [{

    Constraints: (C1) input and result have the same shape. (C2) both are f32 or both are
    integer formats, per tensor and not grouped. (C3) an integer input has at most 16 bits.
  }];

def Qnn_ReluOp : Qnn_UnaryOp<"relu", (ins Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale)> {
  let summary = "clamp to the bounds of `activation` (relu if none is given)";
  let description = !strconcat([{
    *Integers.* `output = act(zero(output) + rescale(integer(input) - zero(input),
    scale(input) / scale(output)))`: for equal affine formats, the code is only clamped.
    `activation = none` means `relu`.
  }], Qnn_UnaryConstraints);
}

def Qnn_LeakyReluOp : Qnn_UnaryOp<"leaky_relu", (ins F64Attr:$alpha, Qnn_RescaleDefault:$rescale)> {
  let summary = "x for x >= 0, alpha * x below";
  let description = !strconcat([{
    *Integers.* With `d = integer(input) - zero(input)`: `output = sat(zero(output) +
    rescale(d, (d >= 0 ? 1 : alpha) * scale(input) / scale(output)))`. `alpha` is not negative.
    *Floats.* The product in f64.
  }], Qnn_UnaryConstraints);
}

def Qnn_LogisticOp : Qnn_UnaryOp<"logistic"> {
  let summary = "1 / (1 + exp(-x))";
  let description = !strconcat([{
    *Integers.* The nearest code to the real function of the real value of the input,
    ties away from zero.
  }], Qnn_UnaryConstraints);
}

def Qnn_TanhOp : Qnn_UnaryOp<"tanh"> {
  let summary = "hyperbolic tangent";
  let description = !strconcat("*Integers.* As `qnn.logistic`.\n", Qnn_UnaryConstraints);
}

def Qnn_ApplyOp : Qnn_Op<"apply"> {
  let summary = "an elementary function of each float";
  let description = [{
    The function in real arithmetic, rounded once. `round` gives the nearest integer, halves go to the even one. `exp`, `log`, `sqrt`,
    `sin`, `atan` and `erf` are those of C: `log` and `sqrt` of a negative number are NaN, `log` of 0 is negative infinity.
    Compiled code computes `sin` to within 2^-20 for arguments up to 2^12.

    Constraints: (C1) input and result have the same shape and are f32.
  }];
  let arguments = (ins Qnn_FloatTensor:$input, Qnn_FunctionAttr:$function);
  let results = (outs Qnn_FloatTensor:$output);
  let assemblyFormat = "$function $input attr-dict `:` functional-type(operands, results)";
}

def Qnn_CombineOp : Qnn_Op<"combine"> {
  let summary = "a function of two floats with broadcasting";
  let description = [{
    `divide` is the f32 quotient, `power` is C's `pow` in f64, rounded once. `maximum` and `minimum` are NaN if an operand is.
    `equal`, `less` and `less_equal` give 1 where that holds for `lhs` and `rhs`, and 0 elsewhere.

    Constraints: (C1) shapes broadcast as in NumPy, and the result has the broadcast shape.
  }];
  let arguments = (ins Qnn_FloatTensor:$lhs, Qnn_FloatTensor:$rhs, Qnn_CombinationAttr:$combination);
  let results = (outs Qnn_FloatTensor:$output);
  let assemblyFormat = "$combination $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

def Qnn_SelectOp : Qnn_Op<"select"> {
  let summary = "one float or another, with broadcasting";
  let description = [{
    `condition != 0 ? accepted : rejected`.

    Constraints: (C1) shapes broadcast as in NumPy, and the result has the broadcast shape.
  }];
  let arguments = (ins Qnn_FloatTensor:$condition, Qnn_FloatTensor:$accepted, Qnn_FloatTensor:$rejected);
  let results = (outs Qnn_FloatTensor:$output);
  let assemblyFormat = "$condition `,` $accepted `,` $rejected attr-dict `:` functional-type(operands, results)";
}

def Qnn_SoftmaxOp : Qnn_UnaryOp<"softmax", (ins DefaultValuedAttr<F64Attr, "1.0">:$beta)> {
  let summary = "softmax along the last axis";
  let description = [{
    *Floats.* `exp(beta * (x - max)) / sum`, in real arithmetic, rounded once.

    *Integers* of at most 8 bits, in 32-bit fixed point as in gemmlowp and TensorFlow Lite's
    reference kernel. With `m = min(beta * scale(input) * 2^26, 2^31 - 1)` held as in
    `#qnn.rescale`, `radius = floor(31 * 2^(26 - max(e, 0)))` and `d = code - max code <= 0`:
    elements with `d < -radius` give the smallest output code. For the others
    `s = rescale(d, m)` (double) in Q5.26, `x = exp_on_negative_values(s)` in Q0.31,
    `sum = sum of RoundingDivideByPOT(x, 12)` in Q12.19, `z = clz(sum)`,
    `r = one_over_one_plus_x(((sum << z) - 2^31))` in Q0.31, and
    `code = sat(lowest + RoundingDivideByPOT(SRDHM(r, x), (12 - z) + 31 - 8))`
    with `lowest` the smallest code of the output (its scale is 1/256).

    Constraints: (C1) same shape, rank at least 1. (C2) both f32, or both integer formats of 8 bits,
    per tensor. (C3) an integer result has scale 1/256 and its smallest code as zero point.
    (C4) `beta` is positive. (C5) an integer row has at most 4096 elements.
  }];
}

def Qnn_LogSoftmaxOp : Qnn_UnaryOp<"log_softmax"> {
  let summary = "logarithm of softmax along the last axis";
  let description = [{
    `x - max - log(sum(exp(x - max)))`.

    Constraints: (C1) same shape, rank at least 1. (C2) both f32.
  }];
}

def Qnn_ArgmaxOp : Qnn_Op<"argmax"> {
  let summary = "index of the largest element along an axis, the first of equals";
  let description = [{
    Codes are compared as integers, floats as numbers.

    Constraints: (C1) `axis` is within the input's rank, and that dimension is not 0.
    (C2) the result is i32 with the input's shape without `axis`.
  }];
  let arguments = (ins Qnn_Tensor:$input, I64Attr:$axis);
  let results = (outs Qnn_IndexTensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Qnn_BatchNormOp : Qnn_Op<"batch_norm"> {
  let summary = "normalisation of the last axis by stored statistics";
  let description = [{
    `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, in f64, rounded once to f32.

    Constraints: (C1) input and result have the same shape and are f32.
    (C2) the parameters are f32 with one element per channel. (C3) `epsilon` is not negative.
  }];
  let arguments = (ins Qnn_FloatTensor:$input, Qnn_FloatTensor:$gamma, Qnn_FloatTensor:$beta,
                       Qnn_FloatTensor:$mean, Qnn_FloatTensor:$variance, F64Attr:$epsilon);
  let results = (outs Qnn_FloatTensor:$output);
  let assemblyFormat = [{ $input `,` $gamma `,` $beta `,` $mean `,` $variance attr-dict `:`
                          functional-type(operands, results) }];
}

def Qnn_ThresholdOp : Qnn_Op<"threshold"> {
  let summary = "a code of few bits: the number of thresholds that are reached";
  let description = [{
    `output[..., c] = lowest + the number of k with input[..., c] >= thresholds[c, k]`, where `lowest` is the smallest code of
    the result, and channels lie along the last axis; if there is one row of thresholds, it holds for all of them. In channels
    with `falling`, those with `input[..., c] <= thresholds[c, k]` are counted. NaN reaches no threshold.

    As integers, thresholds hold what follows a sum, up to its quantizer; as floats, they are the quantizer itself, like the learned ones of
    N2UQ (Liu et al. 2022) or a sign with a learned shift (RSign, Liu et al. 2020).

    Constraints: (C1) input and result have the same shape, of rank at least 1. (C2) input and thresholds are both f32 or both
    i32. (C3) the result's format is per tensor, has at most 4 bits, and its codes are in the order of the numbers that they stand for.
    (C4) the thresholds are of shape `[channels, n]` or `[1, n]`, where `n` is the number of codes in use, less one.
    (C5) `falling` is empty or has one element for each channel, and comes with i32 only.
  }];
  let arguments = (ins Qnn_Tensor:$input, Qnn_Tensor:$thresholds, DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$falling);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input `,` $thresholds attr-dict `:` functional-type(operands, results)";
}

def Qnn_RescaleOp : Qnn_Op<"rescale"> {
  let summary = "the code of an integer sum: a straight line for each channel";
  let description = [{
    `output[..., c] = zero(output) + clamp(r, low[c], high[c])`, where `r` is `(x << fraction) + offset[c]`, rescaled by
    `multiplier[c] * 2^(exponent[c] - 31)` with `double` rounding as `#qnn.rescale` says; channels lie along the last axis. `x` is
    `input[..., c]`, or its complement `~input[..., c]` in channels that are `falling`. An offset counts fractions of a sum,
    `2^-fraction`: unlike the bias of a contraction, it puts the steps between two codes wherever a batch norm in f32 has them.

    With `knee`, a channel has two lines, as a leaky ReLU does: `offset`, `multiplier` and `exponent` have the numbers of all
    channels for `x < knee[c]`, then those of all channels for other `x`.

    This is what TOSA's RESCALE does, with an offset between multiplier and code. It holds what follows a sum up to a
    quantizer of more codes than thresholds can say (docs/rationale/Thresholds.md).

    Constraints: (C1) input and result have the same shape, of rank at least 1. (C2) the input is i32; the result's format is affine,
    per tensor, of at most 16 bits. (C3) `offset`, `multiplier`, `exponent`, `low` and `high` have one element for each
    channel, the first three two elements with `knee`; `knee` and `falling` have one too, or are empty. (C4) multipliers are not negative, exponents are from -31 to -1, so
    that `r` has 31 bits, and `fraction` is from 0 to 30. (C5) `low[c] <= high[c]`, and these bounds plus the zero point are codes.
  }];
  let arguments = (ins Qnn_Tensor:$input, ConfinedAttr<I64Attr, [IntMinValue<0>, IntMaxValue<30>]>:$fraction,
                       DenseI32ArrayAttr:$offset, DenseI32ArrayAttr:$multiplier, DenseI32ArrayAttr:$exponent,
                       DenseI32ArrayAttr:$low, DenseI32ArrayAttr:$high, DefaultValuedAttr<DenseBoolArrayAttr, "{}">:$falling,
                       DefaultValuedAttr<DenseI32ArrayAttr, "{}">:$knee);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif // QCC_DIALECTS_QNN_QNNELEMENTWISEOPS_TD
