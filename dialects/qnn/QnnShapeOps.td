// Operators that move elements without changing their codes.
#ifndef QCC_DIALECTS_QNN_QNNSHAPEOPS_TD
#define QCC_DIALECTS_QNN_QNNSHAPEOPS_TD

include "dialects/qnn/QnnOpBase.td"

class Qnn_MoveOp<string mnemonic, dag args> : Qnn_Op<mnemonic> {
  let arguments = args;
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Qnn_ReshapeOp : Qnn_MoveOp<"reshape", (ins Qnn_Tensor:$input)> {
  let summary = "the same elements in row-major order under another shape";
  let description = [{
    Constraints: (C1) the number of elements is the same. (C2) the element type is the same, per tensor
    unless the shapes are equal.
  }];
  let hasFolder = 1;
}

def Qnn_TransposeOp : Qnn_MoveOp<"transpose", (ins Qnn_Tensor:$input, DenseI64ArrayAttr:$permutation)> {
  let summary = "dimension i of the result is dimension permutation[i] of the input";
  let description = [{
    Constraints: (C1) `permutation` is one of the input's dimensions. (C2) the result's shape is the permuted
    shape. (C3) the element type is the same and per tensor.
  }];
}

def Qnn_PadOp : Qnn_MoveOp<"pad", (ins Qnn_Tensor:$input, DenseI64ArrayAttr:$low, DenseI64ArrayAttr:$high,
                                   DefaultValuedAttr<F64Attr, "0.0">:$value)> {
  let summary = "elements of a constant value around the input";
  let description = [{
    `value` is a real number; the new elements hold its nearest code.

    Constraints: (C1) `low` and `high` have one entry per dimension, none negative. (C2) the result's shape is
    the sum. (C3) the element type is the same and per tensor.
  }];
}

def Qnn_SliceOp : Qnn_MoveOp<"slice", (ins Qnn_Tensor:$input, DenseI64ArrayAttr:$starts, DenseI64ArrayAttr:$strides)> {
  let summary = "every strides[i]-th element from starts[i] on";
  let description = [{
    `output[i...] = input[starts + i * strides]`.

    Constraints: (C1) `starts` and `strides` have one entry per dimension; starts are not negative, strides
    positive. (C2) the last element taken lies within the input. (C3) the element type is the same
    and per tensor.
  }];
}

def Qnn_GatherOp : Qnn_MoveOp<"gather", (ins Qnn_Tensor:$input, I64Attr:$axis, DenseI64ArrayAttr:$indices)> {
  let summary = "elements chosen along an axis";
  let description = [{
    `output[..., i, ...] = input[..., indices[i], ...]`: parts in another order, some of them often, others not at all.

    Constraints: (C1) `axis` is within the rank. (C2) indices lie within the input. (C3) the result has the input's shape with as many
    elements along `axis` as there are indices. (C4) the element type is the same and per tensor.
  }];
}

def Qnn_ResizeNearestOp : Qnn_MoveOp<"resize_nearest", (ins Qnn_Tensor:$input, UnitAttr:$align_corners, UnitAttr:$half_pixel_centers)> {
  let summary = "nearest-neighbour change of height and width";
  let description = [{
    For each axis, with sizes `n` in and `m` out, `s = f32(n - 1) / f32(m - 1)` if `align_corners` and
    `m > 1`, else `f32(n) / f32(m)`, and `h = 0.5` if `half_pixel_centers` else 0, source index
    `min(n - 1, round(i * s))` with `align_corners`, else `min(n - 1, floor((i + h) * s))`, in f32
    (as in TensorFlow Lite).

    Constraints: (C1) rank 4, equal batch and channels. (C2) the element type is the same and per tensor.
    (C3) not both attributes are set.
  }];
}

def Qnn_ConcatOp : Qnn_Op<"concat"> {
  let summary = "inputs one after the other along an axis";
  let description = [{
    Constraints: (C1) at least one input. (C2) `axis` is within the rank. (C3) all shapes are equal but for
    `axis`, whose sum the result has. (C4) all element types are the same and per tensor.
  }];
  let arguments = (ins Variadic<Qnn_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$inputs attr-dict `:` functional-type(operands, results)";
}

def Qnn_SplitOp : Qnn_Op<"split"> {
  let summary = "consecutive parts along an axis";
  let description = [{
    The inverse of `qnn.concat`: the results' sizes along `axis` say how the input is divided.

    Constraints: (C1) at least one result. (C2) to (C4) as in `qnn.concat`, with inputs and result exchanged.
  }];
  let arguments = (ins Qnn_Tensor:$input, I64Attr:$axis);
  let results = (outs Variadic<Qnn_Tensor>:$outputs);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

#endif // QCC_DIALECTS_QNN_QNNSHAPEOPS_TD
