#ifndef QCC_DIALECTS_QK_QKINTERFACES_TD
#define QCC_DIALECTS_QK_QKINTERFACES_TD

include "mlir/IR/OpBase.td"

def Qk_Kernel : OpInterface<"Kernel"> {
  let cppNamespace = "::qcc::qk";
  let description = [{
    An operator that one kernel computes: it reads its operands and writes its destination.
  }];
  let methods = [
    InterfaceMethod<"The operand that is written.", "::mlir::OpOperand &", "getDestination", (ins), "",
                    "return $_op->getOpOperand($_op->getNumOperands() - 1);">,
    InterfaceMethod<"True if every element of the destination is written.", "bool", "writesAll", (ins), "", "return true;">,
    InterfaceMethod<"True if the destination may share the memory of `operand`, byte for byte from its "
                    "first byte: each code is read before or in the same step as its place is written.",
                    "bool", "mayOverwrite", (ins "::mlir::OpOperand &":$operand), "", "return false;">,
  ];
}

#endif // QCC_DIALECTS_QK_QKINTERFACES_TD
