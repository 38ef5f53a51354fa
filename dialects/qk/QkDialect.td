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

    Pools, maps, lookups and softmaxes with `pieces = P > 1`, set by `qk-split-kernels`, are computed in `P` pieces, at the same time
    and in any order: equal parts of their rows or of their elements, the last of which may be smaller. Contractions have pieces in
    their schedule.

    Constraints of every operator that writes to an `init`, cited as `kernel_c1` and so on: (C1) its operands are all
    tensors, or all memrefs of row-major layout. (C2) on tensors it has one result of the destination's type, on memrefs
    none. (C3) a format of codes is a number format of at most 25 bits or of 32. (C4) a buffer holds at least the packed
    bytes of the codes that are read from it or written to it. (C5) a region takes and yields scalars of the stated
    types: i32 for integer codes, f32 for floats; it sees no value from outside.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::qcc::qnn::QnnDialect", "::mlir::arith::ArithDialect", "::mlir::tensor::TensorDialect",
                           "::mlir::memref::MemRefDialect", "::mlir::math::MathDialect"];
  let extraClassDeclaration = "void registerAttributes();";
}

#endif // QCC_DIALECTS_QK_QKDIALECT_TD
