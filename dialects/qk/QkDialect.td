// The qk dialect: kernels on stored codes.
#ifndef QCC_DIALECTS_QK_QKDIALECT_TD
#define QCC_DIALECTS_QK_QKDIALECT_TD

include "mlir/IR/OpBase.td"

def Qk_Dialect : Dialect {
  let name = "qk";
  let cppNamespace = "::qcc::qk";
  let summary = "Kernels on stored codes: contractions, windows, maps, tables";
  let description = [{
    Below `qnn`, number formats are erased from the types: a tensor (later a memref) is the storage of
    packed codes, and each operator says in attributes how it walks over it. Integers are codes,
    rescaling is explicit, and what happens to an accumulator is a scalar region, the epilogue.

    Every operator is in destination style: it writes to its last operand `init`, and a tensor result is
    that destination after the write. On memrefs (after `qk-plan-arena`) there is no result.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::qcc::qnn::QnnDialect", "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::math::MathDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

#endif // QCC_DIALECTS_QK_QKDIALECT_TD
