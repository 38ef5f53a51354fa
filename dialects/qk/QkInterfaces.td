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
    InterfaceMethod<"How far apart the begins of the destination and of `operand` have to be for both to share memory: each "
                    "code is read for the last time before or in the step in which its place is written. This follows "
                    "from the order in which the kernel goes over its positions, and so from its window and its "
                    "schedule.",
                    "::qcc::qk::Distances", "distancesTo", (ins "::mlir::OpOperand &":$operand), "", "return {};">,
    InterfaceMethod<"True if the destination may begin exactly where `operand` does, and be longer or shorter: each code is "
                    "read before its place is written, whatever `distancesTo` says of other places.",
                    "bool", "mayReplace", (ins "::mlir::OpOperand &":$operand), "", "return false;">,
    InterfaceMethod<"Makes the kernel compute its last positions first; only where some `distancesTo` has an `above`.",
                    "void", "descend", (ins), "", "llvm_unreachable(\"computes in one order\");">,
  ];
}

#endif // QCC_DIALECTS_QK_QKINTERFACES_TD
