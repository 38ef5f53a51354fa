// Constants and changes of format.
#ifndef QCC_DIALECTS_QNN_QNNFORMATOPS_TD
#define QCC_DIALECTS_QNN_QNNFORMATOPS_TD

include "dialects/qnn/QnnOpBase.td"
include "mlir/IR/OpAsmInterface.td"

def Qnn_ConstantOp : Qnn_Op<"constant", [ConstantLike, DeclareOpInterfaceMethods<OpAsmOpInterface, ["getAsmResultNames"]>]> {
  let summary = "a tensor known at compile time";
  let description = [{
    `value` holds the codes, packed as `NumberFormat` says, as a tensor of the storage type: the
    unpacked builtin type and the result's shape if an element has 8, 16 or 32 bits, otherwise a
    one-dimensional tensor of i8 with the packed bytes. `dense_resource` and `dense` are both taken.
    `name`, if given, is the name of the tensor in the model.

    Constraints: (C1) `value` has the storage type of the result. (C2) a resource is present and has
    exactly the storage type's bytes. (C3) a channel axis of the result lies within its rank and
    has one parameter per index.
  }];
  let arguments = (ins ElementsAttr:$value, OptionalAttr<StrAttr>:$name);
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$value attr-dict `:` type($output)";
  let hasFolder = 1;
  let extraClassDeclaration = [{
    /// The packed bytes of the value (one element only if `isSplat()`).
    ::llvm::ArrayRef<char> getBytes();
    /// True if a `dense` value holds one element for all.
    bool isSplat();
    /// All codes, extended by the format's signedness (floats: bit patterns).
    ::llvm::SmallVector<int64_t> getCodes();
  }];
}

class Qnn_CastOp<string mnemonic> : Qnn_Op<mnemonic> {
  let results = (outs Qnn_Tensor:$output);
  let assemblyFormat = "$input attr-dict `:` functional-type(operands, results)";
}

def Qnn_QuantizeOp : Qnn_CastOp<"quantize"> {
  let arguments = (ins Qnn_FloatTensor:$input, UnitAttr:$ties_to_even);
  let summary = "f32 to an integer format, or to bf16";
  let description = [{
    `sat(zero + round(x / f32(scale)))`, division in f32, ties away from zero (as in TensorFlow Lite) or, with
    `ties_to_even`, to the even number (as in ONNX). Binary: the sign bit of `x >= 0`. NaN counts as 0.
    To bf16: the nearest number, ties to even in any case; NaN stays NaN.

    Constraints: (C1) same shape. (C2) the result is bf16 or an integer format that is not grouped.
    (C3) a channel axis lies within the rank and has one parameter per index.
  }];
  let hasFolder = 1;
}

def Qnn_DequantizeOp : Qnn_CastOp<"dequantize"> {
  let arguments = (ins Qnn_Tensor:$input);
  let summary = "an integer format, or bf16, to f32";
  let description = [{
    `f32(scale * (integer(x) - zero))`, product in f64; of bf16, the number itself.

    Constraints: (C1) same shape. (C2) the input is bf16 or an integer format that is not grouped, the result f32.
    (C3) as C3 of `qnn.quantize`.
  }];
}

def Qnn_RequantizeOp : Qnn_CastOp<"requantize"> {
  let arguments = (ins Qnn_Tensor:$input, Qnn_RescaleDefault:$rescale);
  let summary = "one integer format to another";
  let description = [{
    *To affine formats.* `sat(zero(output) + rescale(integer(input) - zero(input), scale(input) / scale(output)))`.
    *To other formats.* The nearest code to the input's real value.

    Constraints: (C1) same shape. (C2) both are integer formats that are not grouped; the input has at most 16 bits or 32.
    (C3) as C3 of `qnn.quantize`, for both.
  }];
}

#endif // QCC_DIALECTS_QNN_QNNFORMATOPS_TD
