#ifndef QCC_DIALECTS_QNN_QNNOPBASE_TD
#define QCC_DIALECTS_QNN_QNNOPBASE_TD

include "mlir/IR/OpBase.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/qnn/QnnDialect.td"
include "dialects/qnn/QnnAttrs.td"
include "dialects/qnn/QnnTypes.td"

// A tensor of static shape whose element type has the NumberFormat interface.
def Qnn_StaticFormatPred : CPred<"::qcc::qnn::isFormatTensor($_self)">;
def Qnn_Tensor : Type<Qnn_StaticFormatPred, "tensor of static shape, at most 2^31 elements, with a number format as element type",
                      "::mlir::RankedTensorType">;
def Qnn_FloatTensor : Type<And<[Qnn_StaticFormatPred, CPred<"::llvm::cast<::mlir::RankedTensorType>($_self).getElementType().isF32()">]>,
                      "tensor of f32 of static shape", "::mlir::RankedTensorType">;
def Qnn_IndexTensor : Type<And<[Qnn_StaticFormatPred, CPred<"::llvm::cast<::mlir::RankedTensorType>($_self).getElementType().isSignlessInteger(32)">]>,
                      "tensor of i32 of static shape", "::mlir::RankedTensorType">;

class Qnn_Op<string mnemonic, list<Trait> traits = []> : Op<Qnn_Dialect, mnemonic, !listconcat([Pure], traits)> {
  let hasVerifier = 1;
}

defvar Qnn_Pair = ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<2>]>;
defvar Qnn_Pads = ConfinedAttr<DenseI64ArrayAttr, [DenseArrayCount<4>]>;
defvar Qnn_RescaleDefault = DefaultValuedAttr<Qnn_RescaleAttr, 
    "::qcc::qnn::Rounding::Double, ::qcc::qnn::ScaleProduct::F64, ::qcc::qnn::Overflow::Saturate">;
defvar Qnn_ActivationDefault = DefaultValuedAttr<Qnn_ActivationAttr, "::qcc::qnn::Activation::None">;

#endif // QCC_DIALECTS_QNN_QNNOPBASE_TD
