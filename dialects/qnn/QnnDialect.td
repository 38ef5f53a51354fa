// The qnn dialect: tensors of numbers in stated formats, and operators whose
// every rounding and saturation is part of their meaning.
#ifndef QCC_DIALECTS_QNN_QNNDIALECT_TD
#define QCC_DIALECTS_QNN_QNNDIALECT_TD

include "mlir/IR/OpBase.td"

def Qnn_Dialect : Dialect {
  let name = "qnn";
  let cppNamespace = "::qcc::qnn";
  let summary = "Quantized, sparse and binarized neural-network operators";
  let description = [{
    `qnn` describes a model as it is meant: tensors whose element type is a
    number format, and operators with exact semantics. The reference
    interpreter runs this dialect directly; every compiled object agrees with
    it bit for bit for integers and within a stated bound for floats.

    A number format is any type with the `NumberFormat` interface: `f32`,
    the signless and unsigned integers (plain integers), the affine
    `!quant.uniform` types of the upstream `quant` dialect, and this dialect's
    own types. Image tensors are NHWC; convolution filters are
    `[output channels, height, width, input channels / groups]`.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::func::FuncDialect"];
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
  }];
}

#endif // QCC_DIALECTS_QNN_QNNDIALECT_TD
