// Reductions over windows and axes.
#ifndef QCC_DIALECTS_QNN_QNNPOOLOPS_TD
#define QCC_DIALECTS_QNN_QNNPOOLOPS_TD

include "dialects/qnn/QnnOpBase.td"

class Qnn_Pool2dOp<string mnemonic> : Qnn_Op<mnemonic> {
  let arguments = (ins Qnn_Tensor:$input, Qnn_Pair:$kernel,
                       DefaultValuedAttr<Qnn_Pair, "{1, 1}">:$strides,
                       DefaultValuedAttr<Qnn_Pads, "{0, 0, 0, 0}">:$pads,
                       Qnn_ActivationDefault:$activation);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

defvar Qnn_PoolConstraints = [{

    Constraints: (C1) input and result have rank 4, equal batch and channels, and the result the
    height and width that kernel, strides and pads give. (C2) input and result have the same
    element type, f32 or an integer format per tensor. (C3) kernel and strides are from 1 to 2^24, each
    pad is smaller than the kernel and not negative, and the input's height and width are not 0
    unless the result is empty (so that no window is empty).
  }];

def Qnn_MaxPool2dOp : Qnn_Pool2dOp<"max_pool2d"> {
  let summary = "largest element of each window";
  let description = !strconcat("Positions outside the input do not take part. The code is clamped to those "
                                "of the activation's bounds.\n", Qnn_PoolConstraints);
}

def Qnn_AvgPool2dOp : Qnn_Pool2dOp<"avg_pool2d"> {
  let summary = "mean of each window's elements inside the input";
  let description = !strconcat([{
    *Integers.* The sum of the codes, divided by their number with ties away from zero
    (`(sum + n / 2) / n` for a positive sum, `(sum - n / 2) / n` otherwise, truncating),
    clamped to the codes of the activation's bounds.
    *Floats.* The sum divided by the number, rounded once and clamped.
  }], Qnn_PoolConstraints, [{  (C4) integers are affine and have at most 16 bits, and a 32-bit sum cannot overflow:
    `n * (m + 1) < 2^31` for the `n` elements of the largest window and the largest magnitude `m` of a code.
  }]);
}

def Qnn_MeanOp : Qnn_Op<"mean"> {
  let summary = "mean over axes";
  let description = [{
    *Integers.* With `n` the number of elements of a mean: `output = sat(zero(output) +
    rescale(sum of (integer(input) - zero(input)), m / n))`, where `m = scale(input) / scale(output)`
    is held as `q * 2^(e - 31)` (see `#qnn.rescale`) and `m / n` as `floor(q * 2^s / n) * 2^(e - s - 31)`
    with `s = min(floor(log2(n)), 32, 31 + e)`, as TensorFlow Lite has it.
    *Floats.* The sum divided by `n`, rounded once.

    Constraints: (C1) `axes` are distinct, ascending and within the rank. (C2) the result has the input's
    shape with these axes removed, or 1 if `keep_dims`. (C3) both f32 or both integer formats per tensor of at
    most 16 bits. (C4) a mean is over at least 1 and at most 2^31 elements. (C5) a 32-bit sum of integers cannot
    overflow: `n * (m + 1) < 2^31` for the largest magnitude `m` of `integer(input) - zero(input)`.
  }];
  let arguments = (ins Qnn_Tensor:$input, DenseI64ArrayAttr:$axes, UnitAttr:$keep_dims,
                       Qnn_RescaleDefault:$rescale);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif // QCC_DIALECTS_QNN_QNNPOOLOPS_TD
