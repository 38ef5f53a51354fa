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

    A model is a function from tensors to tensors. What it keeps from one run to the next is its **state**: each of its
    last arguments with the attribute `qnn.state` holds what the result as far from the end, which has `qnn.state`, too,
    gave in the run before; in the first run, every element is the format's code for the number in the argument's
    attribute.

    ```mlir
    func.func @sum(%x: tensor<4xf32>, %s: tensor<4xf32> {qnn.state = 0.0 : f64})
        -> (tensor<4xf32>, tensor<4xf32> {qnn.state}) {
      %0 = qnn.add %x, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %1 = qnn.relu %0 : (tensor<4xf32>) -> tensor<4xf32>
      return %1, %0 : tensor<4xf32>, tensor<4xf32>
    }
    ```

    Constraints of the attribute, cited as `state_c1` and so on: (C1) on an argument it is a finite f64, on a result a
    unit attribute. (C2) all arguments and results of a function behind one with it have it. (C3) there are as many of
    the ones as of the others, and the types are equal.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
  let dependentDialects = ["::mlir::quant::QuantDialect", "::mlir::func::FuncDialect"];
  let extraClassDeclaration = [{
    void registerTypes();
    void registerAttributes();
  }];
}

#endif // QCC_DIALECTS_QNN_QNNDIALECT_TD
