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

def Qk_WindowKernel : OpInterface<"WindowKernel", [Qk_Kernel]> {
  let cppNamespace = "::qcc::qk";
  let description = [{
    A kernel that goes over an image with a window: its first operand has the codes of the image, its destination a position for
    each place of the window, and what else it reads are constants. Such kernels can be the stages of a stream.
  }];
  let methods = [
    InterfaceMethod<"The window.", "::qcc::qk::WindowAttr", "getWindow">,
    InterfaceMethod<"The codes that the window sees.", "::mlir::Value", "getImage", (ins), "", "return $_op->getOperand(0);">,
    InterfaceMethod<"Their format.", "::mlir::Type", "getImageFormat">,
    InterfaceMethod<"The format of the codes that are written.", "::mlir::Type", "getOutFormat">,
    InterfaceMethod<"Memory that the kernel writes and reads, and nobody after it; or null.", "::mlir::Value", "getScratch",
                    (ins), "", "return {};">,
    InterfaceMethod<"The code that does what a position outside of the image does, if there is one.",
                    "::std::optional<int64_t>", "getBorderCode">,
  ];
}

#endif // QCC_DIALECTS_QK_QKINTERFACES_TD
