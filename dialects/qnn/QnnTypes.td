#ifndef QCC_DIALECTS_QNN_QNNTYPES_TD
#define QCC_DIALECTS_QNN_QNNTYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "dialects/qnn/QnnDialect.td"
include "dialects/qnn/QnnInterfaces.td"

class Qnn_Type<string name, string typeMnemonic, list<Trait> traits = []>
    : TypeDef<Qnn_Dialect, name, traits> {
  let mnemonic = typeMnemonic;
}

// Numbers are printed with all their digits: a DenseF64ArrayAttr by itself prints six.
def Qnn_ExactNumbers : OptionalParameter<"::mlir::DenseF64ArrayAttr"> {
  let printer = "::qcc::qnn::printExactNumbers($_printer, $_self)";
}

def Qnn_BinaryType : Qnn_Type<"Binary", "binary", [
    DeclareTypeInterfaceMethods<Qnn_NumberFormat, ["getChannelAxis", "getNumChannels", "getScale"]>]> {
  let summary = "one bit that stands for +alpha or -alpha";
  let description = [{
    Bit 1 is `+alpha`, bit 0 is `-alpha`; encoding takes the sign, and zero is
    positive. `alpha` is one number, or one for each index of `axis`.

    ```mlir
    !qnn.binary                          // alpha = 1
    !qnn.binary<alpha = [5.0e-01]>
    !qnn.binary<axis = 0, alpha = [5.0e-01, 2.5e-01]>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "-1">:$axis,
                        Qnn_ExactNumbers:$alpha);
  let assemblyFormat = "(`<` struct(params)^ `>`)?";
  let hasCustomAssemblyFormat = 0;
  let genVerifyDecl = 1;
  let builders = [TypeBuilder<(ins), [{ return $_get($_ctxt, -1, ::mlir::DenseF64ArrayAttr()); }]>];
}

def Qnn_TernaryType : Qnn_Type<"Ternary", "ternary", [
    DeclareTypeInterfaceMethods<Qnn_NumberFormat, ["getChannelAxis", "getNumChannels", "getScale"]>]> {
  let summary = "two bits that stand for -alpha, 0 or +alpha";
  let description = [{
    The codes are -1, 0 and 1 in two's complement; -2 is not in use. `alpha` is one number, or one for
    each index of `axis`, as in `!qnn.binary`.

    ```mlir
    !qnn.ternary                         // alpha = 1
    !qnn.ternary<axis = 0, alpha = [5.0e-01, 2.5e-01]>
    ```
  }];
  let parameters = (ins DefaultValuedParameter<"int64_t", "-1">:$axis,
                        Qnn_ExactNumbers:$alpha);
  let assemblyFormat = "(`<` struct(params)^ `>`)?";
  let genVerifyDecl = 1;
  let builders = [TypeBuilder<(ins), [{ return $_get($_ctxt, -1, ::mlir::DenseF64ArrayAttr()); }]>];
}

def Qnn_CodebookType : Qnn_Type<"Codebook", "codebook", [
    DeclareTypeInterfaceMethods<Qnn_NumberFormat, ["getChannelAxis", "getNumChannels", "getScale"]>]> {
  let summary = "indices of a table of 8-bit integers";
  let description = [{
    Code `i`, without a sign, stands for `alpha * table[i]`. The table has 2, 4, 8, ... or 256 integers from -128 to 127, none
    below the one before it, and codes as many bits as its indices need: 1 to 8. Encoding takes the nearest number; between two as
    near, that of the larger magnitude, and of these the one with the value's sign. Of equal integers the first is taken. `alpha` is
    one number, or one for each index of `axis`, as in `!qnn.binary`.

    Weights clustered by k-means are such codes (Han, Mao and Dally 2016, Deep Compression, section 3), whose centres are of one
    tensor.

    ```mlir
    !qnn.codebook<table = [-60, -17, 0, 22]>             // alpha = 1
    !qnn.codebook<table = [-5, 9], alpha = [5.0e-01]>
    !qnn.codebook<table = [-60, -17, 0, 22], axis = 0, alpha = [5.0e-01, 2.5e-01]>
    ```
  }];
  let parameters = (ins "::mlir::DenseI64ArrayAttr":$table, DefaultValuedParameter<"int64_t", "-1">:$axis,
                        Qnn_ExactNumbers:$alpha);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Qnn_BasisType : Qnn_Type<"Basis", "basis", [
    DeclareTypeInterfaceMethods<Qnn_NumberFormat, ["getChannelAxis", "getNumChannels", "getScale"]>]> {
  let summary = "sums of a few magnitudes, one for each bit";
  let description = [{
    The learned bases of LQ-Nets (Zhang et al. 2018). Bit `i` of a code adds `steps[i]` if it is 1 and, with `signs`,
    takes that off if it is 0; `alpha` times this integer is the number, with one `alpha`, or one for each index of
    `axis`, as in `!qnn.binary`. Without `signs`, code 0 is zero, as activations behind a ReLU need it. Encoding takes
    the nearest number, as if it compared with thresholds in the middle between two of them. No step is less than the
    sum of those before it, so that a larger code is never a smaller number.

    ```mlir
    !qnn.basis<steps = [5, 11], alpha = [1.0e-02]>                          // 0, 0.05, 0.11, 0.16
    !qnn.basis<signs = true, steps = [1, 2], axis = 0, alpha = [0.5, 0.25]> // -1.5, -0.5, 0.5, 1.5 and the half
    ```

    Constraints: (C1) there are 1 to 8 steps of at least 1. (C2) none is less than the sum of those before it.
    (C3) their sum is at most 127 with `signs`, else 255. (C4) each `alpha` is positive and finite.
  }];
  let parameters = (ins DefaultValuedParameter<"bool", "false">:$signs, "::mlir::DenseI64ArrayAttr":$steps,
                        DefaultValuedParameter<"int64_t", "-1">:$axis, Qnn_ExactNumbers:$alpha);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Qnn_GroupedType : Qnn_Type<"Grouped", "grouped", [
    DeclareTypeInterfaceMethods<Qnn_NumberFormat, ["getGroupSize"]>]> {
  let summary = "symmetric integers with one scale per group of the last axis";
  let description = [{
    `bits`-bit two's-complement integers in `[-(2^(bits-1) - 1), 2^(bits-1) - 1]`,
    zero point 0; with 1 bit, 1 is +1 and 0 is -1, as in `!qnn.binary`. Every `group` consecutive elements of the last axis share a
    scale. The scales are the `scales` operand of the op that uses the tensor:
    an f32 tensor of the same shape but for its last axis, which is divided by
    `group` (rounded up). A type holds no scales, because there may be
    hundreds of thousands.

    ```mlir
    !qnn.grouped<bits = 4, group = 32>
    ```
  }];
  let parameters = (ins "unsigned":$bits, "int64_t":$group);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

#endif // QCC_DIALECTS_QNN_QNNTYPES_TD
