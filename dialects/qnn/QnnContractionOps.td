// Contractions: convolution, depthwise convolution, dense, matmul.
#ifndef QCC_DIALECTS_QNN_QNNCONTRACTIONOPS_TD
#define QCC_DIALECTS_QNN_QNNCONTRACTIONOPS_TD

include "dialects/qnn/QnnOpBase.td"

def Qnn_Conv2dOp : Qnn_Op<"conv2d", [AttrSizedOperandSegments]> {
  let summary = "2-D convolution with optional groups, bias and clamp";
  let description = [{
    `output[n, y, x, o] = act(bias[o] + sum over ky, kx, i of
    input[n, y * s0 + ky * d0 - pad_top, x * s1 + kx * d1 - pad_left, g * I + i]
    * filter[o, ky, kx, i])` with `g = o / (O / groups)`. Positions outside the
    input contribute the real number zero.

    *Integers.* The accumulator is the 32-bit sum of
    `(integer(input) - zero(input)) * (integer(filter) - zero(filter[o]))` plus
    the bias code, wrapping in two's complement. The result code is
    `act(zero(output) + rescale(acc, m[o]))` with
    `m[o] = scale(input) * scale(filter, o) / scale(output)`, see
    `#qnn.rescale`. A bias is i32 with the implied scale `scale(input) * scale(filter, o)`.
    An output of type i32 receives the accumulator itself; one of type f32
    receives `f32(acc) * f32(scale(input) * scale(filter, o))`, an f32 product, clamped.

    *Grouped filters* need `scales` (see `!qnn.grouped`), which are positive constants.
    For an f32 output, `f32(acc) * f32(scale(input) * scales[group])` of each group is
    added to a sum in f32, in the order of the filter, every product and every sum
    rounded; then the sum is clamped. For integer outputs, scales have two levels
    (VS-Quant, Dai et al. 2021, section 4.4): with the largest scale `s` of a channel, those of
    its groups are the integers `m = round(255 * scales[group] / s)` times `s / 255`.
    The sum of `m * ((acc + 2^(r - 1)) >> r)` (`acc` for `r = 0`) over the groups, in 32 bits, is
    rescaled to `scale(output) / 256`, added to the bias, which has that scale, too, and
    shifted right by 8 with rounding half away from zero. `r` is the least with `255 * ((K >> r) + G) < 2^31`,
    where `K` is the largest sum of a channel's products that the formats allow, and `G`
    its number of groups.

    *Floats.* Real arithmetic, rounded once to f32; operands may be bf16, whose products f32 holds
    exactly, and a result of bf16 is rounded once more, after bias and activation.

    *Floats times codes* (BinaryConnect, Courbariaux et al. 2015, where weights are binary). Real arithmetic, rounded once to f32:
    `scale(filter, o) * (sum of input * (integer(filter) - zero(filter[o]))) + bias[o]`, clamped. The bias is f32.

    Constraints: (C1) input and filter have rank 4, the result has rank 4.
    (C2) the input's channels are the filter's last dimension times `groups`.
    (C3) the result's shape is the one that strides, dilations and pads give.
    (C4) the result's channels are the filter's first dimension and divisible by `groups`.
    (C5) a bias has one element per result channel; i32 for integer formats, f32 for floats.
    (C6) input and filter are both integer formats or both floats (f32 or bf16, each by itself), and so is the result,
    where an integer contraction may also give i32 or a float. Beside an input of floats, the filter may have any integer
    format that is not grouped, unless there is an `algorithm` of Winograd, which takes floats of f32 only; the result is
    a float.
    (C7) channel parameters of the filter lie on axis 0; the input and the result have none.
    (C8) strides and dilations are positive, pads are not negative.
    (C9) `scales` is there exactly if the filter's format is grouped, with the right shape;
    then the result is neither i32 nor, with a bias, f32.
    (C10) a contraction of integers to i32 has no activation.
    (C11) an `algorithm` of Winograd has integers, or f32 if it is one of these, strides and dilations of
    1, no `scales`, and a filter of 3x3 (not F_4_3, exact), 1x3 or 3x1 (not F_2_3). (C12) the accumulator of tap-wise F_4_3, whose meaning `#qnn.algorithm` defines, has `weights`
    for one channel or for each of the result's, and codes and filter of at most 8 bits. (C13) its sums fit 32 bits, whatever the codes are.
  }];
  let arguments = (ins Qnn_Tensor:$input, Qnn_Tensor:$filter, Optional<Qnn_Tensor>:$bias,
                       Optional<Qnn_FloatTensor>:$scales,
                       DefaultValuedAttr<Qnn_Pair, "{1, 1}">:$strides,
                       DefaultValuedAttr<Qnn_Pair, "{1, 1}">:$dilations,
                       DefaultValuedAttr<Qnn_Pads, "{0, 0, 0, 0}">:$pads,
                       DefaultValuedAttr<I64Attr, "1">:$groups, OptionalAttr<Qnn_AlgorithmAttr>:$algorithm,
                       Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? (`scales` $scales^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = "static constexpr int64_t filterChannelAxis = 0;";
  let hasVerifier = 1;
}

def Qnn_DepthwiseConv2dOp : Qnn_Op<"depthwise_conv2d"> {
  let summary = "2-D convolution of each channel by itself";
  let description = [{
    `output[n, y, x, c * M + m] = act(bias[c * M + m] + sum over ky, kx of
    input[n, ..., ..., c] * filter[0, ky, kx, c * M + m])` with the channel
    multiplier `M`; positions, integer and float arithmetic as in `qnn.conv2d`.

    Constraints: (C1) input, filter and result have rank 4 and the filter's first dimension is 1.
    (C2) the filter's last dimension is a multiple of the input's channels.
    (C3) the result's shape is the one that strides, dilations and pads give, its channels
    are the filter's last dimension. (C4) to (C6) as C5, C6 and C8 of `qnn.conv2d`.
    (C7) channel parameters of the filter lie on axis 3; the input and the result have none.
    (C8) the filter's format is not grouped. (C9) as C10 of `qnn.conv2d`.
  }];
  let arguments = (ins Qnn_Tensor:$input, Qnn_Tensor:$filter, Optional<Qnn_Tensor>:$bias,
                       DefaultValuedAttr<Qnn_Pair, "{1, 1}">:$strides,
                       DefaultValuedAttr<Qnn_Pair, "{1, 1}">:$dilations,
                       DefaultValuedAttr<Qnn_Pads, "{0, 0, 0, 0}">:$pads,
                       Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = "static constexpr int64_t filterChannelAxis = 3;";
}

def Qnn_DenseOp : Qnn_Op<"dense", [AttrSizedOperandSegments]> {
  let summary = "matrix product with constant-like weights [units, features]";
  let description = [{
    `output[..., o] = act(bias[o] + sum over k of input[..., k] * filter[o, k])`.
    Integer and float arithmetic as in `qnn.conv2d`.

    Constraints: (C1) the filter has rank 2, the input at least rank 1.
    (C2) the input's last dimension is the filter's last.
    (C3) the result's shape is the input's with the last dimension replaced by the units.
    (C4) bias, (C5) formats and (C7) `scales` as C5, C6 and C9 of `qnn.conv2d`.
    (C6) channel parameters of the filter lie on axis 0; the input and the result have none.
    (C8) as C10 of `qnn.conv2d`.
  }];
  let arguments = (ins Qnn_Tensor:$input, Qnn_Tensor:$filter, Optional<Qnn_Tensor>:$bias,
                       Optional<Qnn_FloatTensor>:$scales,
                       Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = [{
    $input `,` $filter (`bias` $bias^)? (`scales` $scales^)?
    attr-dict `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = "static constexpr int64_t filterChannelAxis = 0;";
}

def Qnn_MatmulOp : Qnn_Op<"matmul"> {
  let summary = "batched matrix product of two activations";
  let description = [{
    `output[b..., m, n] = act(sum over k of lhs[b..., m, k] * rhs[b..., k, n])`;
    with `transpose_rhs`, `rhs[b..., n, k]`. Integer and float arithmetic as in
    `qnn.conv2d`, without a bias and with one multiplier.

    Constraints: (C1) both operands have the same rank, at least 2, and equal batch dimensions.
    (C2) the contracted dimensions are equal. (C3) the result's shape is `[b..., m, n]`.
    (C4) formats as C6 of `qnn.conv2d`, where floats go with floats only. (C5) all formats are per tensor and not grouped.
    (C6) as C10 of `qnn.conv2d`.
  }];
  let arguments = (ins Qnn_Tensor:$lhs, Qnn_Tensor:$rhs, UnitAttr:$transpose_rhs,
                       Qnn_ActivationDefault:$activation, Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
}

#endif // QCC_DIALECTS_QNN_QNNCONTRACTIONOPS_TD
