#ifndef QCC_DIALECTS_QK_QKOPS_TD
#define QCC_DIALECTS_QK_QKOPS_TD

include "mlir/IR/OpBase.td"
include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "dialects/qk/QkAttrs.td"
include "dialects/qk/QkInterfaces.td"
include "dialects/qnn/QnnAttrs.td"

// Storage: a tensor of packed codes, or the memory that holds one.
defvar Qk_Element = AnyTypeOf<[I8, I16, I32, I64, F32]>;
def Qk_Buffer : AnyTypeOf<[StaticShapeTensorOf<[Qk_Element]>, StaticShapeMemRefOf<[Qk_Element]>],
                          "packed codes in a tensor or memref of static shape">;

class Qk_Op<string mnemonic, list<Trait> traits = []> : Op<Qk_Dialect, mnemonic, traits>;

// An operator in destination style: `init` is the last operand. Its constraints kernel_c1 to kernel_c5 are those of
// the dialect's description.
class Qk_KernelOp<string mnemonic, list<Trait> traits = []>
    : Qk_Op<mnemonic, !listconcat([DeclareOpInterfaceMethods<MemoryEffectsOpInterface>, DeclareOpInterfaceMethods<Qk_Kernel, ["distancesTo"]>], traits)> {
  let results = (outs Optional<Qk_Buffer>:$result);
  let hasVerifier = 1;
}

// In how many pieces threads compute a kernel other than a contraction, whose schedule has them.
def Qk_Pieces : DefaultValuedOptionalAttr<ConfinedAttr<I64Attr, [IntPositive]>, "1">;

def Qk_ConstantOp : Qk_Op<"constant", [Pure]> {
  let summary = "read-only packed codes";
  let description = [{
    `value` is a `dense_resource` or `dense` attribute of the result's shape and element type. `name` becomes
    part of the symbol in the object.

    Constraints: (C1) `value` has the result's shape and element type. (C2) a resource is present and has exactly the
    bytes of that type.
  }];
  let arguments = (ins ElementsAttr:$value, OptionalAttr<StrAttr>:$name);
  let results = (outs Qk_Buffer:$result);
  let assemblyFormat = "$value attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Qk_ViewOp : Qk_Op<"view", [Pure]> {
  let summary = "the same bytes under another shape";
  let description = "Constraints: (C1) two tensors, or two memrefs of row-major layout. (C2) equal numbers of bytes.";
  let arguments = (ins Qk_Buffer:$input);
  let results = (outs Qk_Buffer:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Qk_ContractOp : Qk_KernelOp<"contract", [AttrSizedOperandSegments, IsolatedFromAbove, SingleBlock,
                                             DeclareOpInterfaceMethods<Qk_WindowKernel>]> {
  let summary = "sums of products of codes over a window, then the epilogue";
  let description = [{
    For each output position and channel `o` of group `g`, `acc` is the sum over `ky`, `kx`, `i` of
    `(integer(lhs) - lhs_zero) * (integer(rhs) - rhs_zero)`, in i32 (wrapping) or f32; floats stand for themselves. The element of `rhs` is
    at `n * rhs_strides[0] + (g * channels[1] + o) * rhs_strides[1] + ky * rhs_strides[2] +
    kx * rhs_strides[3] + i * rhs_strides[4]`. The epilogue receives `acc` and the element of each of `params`
    that belongs to the output channel, and yields the code of the output (an i32 or f32).

    With `scale_group = G > 0`, the products of every `G` consecutive `i` (fewer at the end) are summed by themselves, and
    the region `combine` adds such a sum to a total: it receives the total, the sum and the element of each of `group_params`
    at `((channel * kernel height + ky) * kernel width + kx) * ceil(channels[0] / G) + i / G`, and yields the
    new total (i32 or f32), which is what the epilogue receives. Without, `combine` is empty.

    Positions outside the input contribute nothing; with `pad_code = P`, they contribute as if the code `P` stood there.
    With `packed`, the bytes of `rhs` are in the order of the schedule's tile instruction, and `rhs_format`, `rhs_zero` and
    `rhs_strides` say what they were before; `group_params` are empty, as their elements lie among these bytes. `scratch` is memory that the kernel writes and reads, and nobody after it.

    With `init_format`, the destination holds codes of that format, and the epilogue also receives, after the elements of `params`, the one that stands
    where its result goes. Then each position and channel is computed once.

    With `part`, the window's output channels are some of those that the destination has: the contraction writes them, and nothing
    else, and `params` have an element for each channel of the destination. Window and `rhs` know only of the contraction's own.

    Rows of the output are computed one after the other, positions of a row from left to right; with `descending`, the last row
    first, and in it (where no lines are staged) the last position first. `qk-plan-arena` counts on the order in which codes are
    read and written, and sets `descending` where the output begins behind its input in the same memory:
    - Without lines and `packed`, a position's output channels are written in their order, each after all that it reads.
    - With lines, a row of the output is written after the rows of the input up to its window's last have been staged, each
      once. Where each position sees only itself, rows may have any other length.
    - By blocks (the schedule's `k` is not 0) without lines, rows of the input that a row of the output sees are read until that row
      is done. Where each position sees only itself, a row is the schedule's, and the last row ends with the last position: it
      overlaps the one before it if rows do not divide the positions. With the schedule's `rows`, so many rows of the output are
      as one, and where they do not divide the height, those that come last overlap those before them.
    - With the schedule's `tiles`, rows of tiles are as rows with lines, each of the schedule's `rows` of the output, or of fewer at the bottom.
    - With the schedule's `channels`, these channels of all images are computed before the next ones: without lines, all rows of an image are
      read, then those of its output are written; with lines, in the order of lines. The output may take the input's place, where
      rows stay in theirs, and no other place in the same memory.

    Constraints: (C1) five `rhs_strides`, none negative. (C2) `rhs` holds floats only if `lhs` does, and both hold
    integers if there is a `scale_group`. (C3) each of `params` has one element per output channel of the destination. (C4) `scale_group` is not
    negative; with one there is a `combine`, without neither `combine` nor `group_params`. (C5) each of `group_params` has one
    element per group of each row of the filter. (C6) `combine` yields i32 or f32. (C7) `lhs_zero`, `rhs_zero` and
    `pad_code` are in the range of i32. (C8) `packed` needs a schedule and has no `group_params`. (C9) with `part`, there is
    one group, no `scale_group`, output codes of whole bytes, and at least one channel, and the destination has them all. (C10) an
    `algorithm` of Winograd has integers, or two of f32 if it is one of these, strides and dilations of 1, a window of 3x3
    (not F_4_3, exact), 1x3 or 3x1 (not F_2_3), and no `scale_group`; that of tap-wise F_4_3 is the meaning of the accumulator, as in `qnn.conv2d`.
    (C11) `init_format` has as many bits as `out_format`, in whole bytes, and there is no `part`.
  }];
  let arguments = (ins Qk_Buffer:$lhs, Qk_Buffer:$rhs, Variadic<Qk_Buffer>:$params,
                       Variadic<Qk_Buffer>:$group_params, Optional<Qk_Buffer>:$scratch, Qk_Buffer:$init,
                       Qk_WindowAttr:$window, DenseI64ArrayAttr:$rhs_strides, TypeAttr:$lhs_format, TypeAttr:$rhs_format,
                       TypeAttr:$out_format, DefaultValuedAttr<I64Attr, "0">:$lhs_zero,
                       DefaultValuedAttr<I64Attr, "0">:$rhs_zero, DefaultValuedAttr<I64Attr, "0">:$scale_group,
                       OptionalAttr<I64Attr>:$pad_code, UnitAttr:$packed,
                       OptionalAttr<Qk_ScheduleAttr>:$schedule, UnitAttr:$descending,
                       OptionalAttr<Qk_PartAttr>:$part, OptionalAttr<Qnn_AlgorithmAttr>:$algorithm,
                       OptionalAttr<TypeAttr>:$init_format);
  let regions = (region SizedRegion<1>:$epilogue, MaxSizedRegion<1>:$combine);
  let extraClassDeclaration = [{
    void descend() { setDescending(true); }
    bool mayReplace(::mlir::OpOperand &operand);
  }];
  let assemblyFormat = [{
    `(` $lhs `,` $rhs (`params` $params^)? (`group_params` $group_params^)?
    (`scratch` $scratch^)? `into` $init `)` attr-dict-with-keyword
    $epilogue (`combine` $combine^)? `:` functional-type(operands, results)
  }];
}

def Qk_StreamOp : Qk_KernelOp<"stream", [IsolatedFromAbove, SingleBlock, NoTerminator]> {
  let summary = "a chain of contractions and pools, computed row by row";
  let description = [{
    The region has one kernel with a window, a contraction or a pool, for each of `stages`, and their constants. The window of a stage's
    kernel is that of one or a few rows of its output, over the rows of the input that these need. The region's arguments are, for each
    stage, what it reads and the rows that it writes; on memrefs, the scratch memory of each kernel that has some follows.

    Rows of `input` are copied, one after the other, behind those that the first stage has; if it sees one row at a time and is not
    the last, it reads them where they are. When a stage has all that its window
    sees, it computes the next rows of its output, behind the rows that the next stage has, or in `init`; then its first rows make
    way for the next ones. So each row is computed once, as early as it can be, and of the tensors in between only a
    few rows exist at a time. They lie in `scratch`: `offsets` has the place of each stage's rows, then the place of each
    kernel's own scratch memory.

    Constraints: (C1) as many kernels as stages, at least one, and two arguments for each. (C2) the kernel of stage `i`
    reads argument `2 i`, writes argument `2 i + 1`, and has constants beside them. (C3) its window has one image, rows of output
    that divide the stage's, no border above or below and no row that it does not need, and sees at least as many rows as it gives up,
    and more than `pad`. (C4) the rows of all windows of a
    stage are those of its height and borders: no window lies below them, and none is left out. (C5) a stage's rows are
    the next one's height, and its row is as long as the next one's rows; those that it writes together end no further than what the
    next one's window sees. (C6) `input` and `init` hold all rows of the first stage's
    input and the last one's output. (C7) there is an offset for each stage's rows and for its scratch memory, and `scratch` reaches as far.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$scratch, Qk_Buffer:$init,
                       TypedArrayAttrBase<Qk_StageAttr, "one for each kernel">:$stages, DenseI64ArrayAttr:$offsets);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `(` $input `scratch` $scratch `into` $init `)` attr-dict-with-keyword $body `:` functional-type(operands, results)
  }];
  let extraClassDeclaration = [{
    llvm::SmallVector<WindowKernel> kernels() { return llvm::to_vector(getBody().front().getOps<WindowKernel>()); }
    StageAttr stage(size_t i) { return llvm::cast<StageAttr>(getStages()[i]); }
    /// Rows that stage `i` writes together, and rows of the input that it needs for them.
    int64_t rowsTogether(size_t i) { return kernels()[i].getWindow().getOutput()[0]; }
    int64_t rowsSeen(size_t i) { return kernels()[i].getWindow().getInput()[0]; }
    /// How often it does so.
    int64_t timesComputed(size_t i) { return stage(i).getRows() / rowsTogether(i); }
    /// The same for all rows of its output, those of the border included.
    int64_t rowsSeenByAll(size_t i) { return kernels()[i].getWindow().seenBy(stage(i).getRows()); }
    /// Of those that it sees, the rows that it still needs for the next ones.
    int64_t rowsKept(size_t i) { return rowsSeen(i) - rowsTogether(i) * stage(i).getStride(); }
    /// Rows of the border below the input of stage `i`.
    int64_t rowsBelow(size_t i);
    /// Rows that come to stage `i` together.
    int64_t rowsComing(size_t i) { return i > 0 ? rowsTogether(i - 1) : 1; }
    /// True if what comes is always all that stage `i` sees.
    bool passesRows(size_t i) {
      return rowsSeen(i) == rowsComing(i) && stage(i).getPad() == 0 && (rowsSeen(i) == 1 || rowsBelow(i) == 0);
    }
    /// True if the first stage reads rows of the input where they are.
    bool readsInputInPlace() { return getStages().size() > 1 && passesRows(0); }
    /// Bytes of a row of what stage `i` reads, and of what it writes.
    int64_t bytesOfInputRow(size_t i);
    int64_t bytesOfOutputRow(size_t i);
  }];
}

def Qk_PoolOp : Qk_KernelOp<"pool", [IsolatedFromAbove, SingleBlock, DeclareOpInterfaceMethods<Qk_WindowKernel>]> {
  let summary = "largest or sum of the codes of a window in each channel, then the epilogue";
  let description = [{
    The window has one input and one output channel per group. Codes are combined as integers (i32) or f32; the
    epilogue receives the result and the number of elements of the window inside the input (i32), and
    yields the code of the output.

    Constraints: (C1) the window has one input and one output channel per group.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$init, Qk_WindowAttr:$window, Qk_PoolKindAttr:$kind,
                       TypeAttr:$in_format, TypeAttr:$out_format, Qk_Pieces:$pieces);
  let regions = (region SizedRegion<1>:$epilogue);
  let assemblyFormat = [{
    `(` $input `into` $init `)` attr-dict-with-keyword $epilogue `:` functional-type(operands, results)
  }];
}

def Qk_MapOp : Qk_KernelOp<"map", [IsolatedFromAbove, SingleBlock]> {
  let summary = "a scalar region applied at every point of a box";
  let description = [{
    For every index of the box `shape`, the region receives each input's code at its access (i32, extended by the
    format's signedness, or f32), and yields the code of the output. Strides of 0 broadcast. With no inputs, it fills.
    An input's access and the output's may differ, so slices, transposes, pads and
    concatenations are maps whose region yields its argument.

    Constraints: (C1) one access per input and one for the output. (C2) each has one stride per dimension of `shape`.
    (C3) no size is negative, and the box has at most 2^31 points.
  }];
  let arguments = (ins Variadic<Qk_Buffer>:$inputs, Qk_Buffer:$init, DenseI64ArrayAttr:$shape,
                       TypedArrayAttrBase<Qk_AccessAttr, "accesses of the inputs, then of the output">:$accesses,
                       Qk_Pieces:$pieces);
  let regions = (region SizedRegion<1>:$body);
  let extraClassDeclaration = "bool mayReplace(::mlir::OpOperand &operand);";
  let assemblyFormat = [{
    `(` ($inputs^)? `into` $init `)` attr-dict-with-keyword $body `:` functional-type(operands, results)
  }];
}

def Qk_LookupOp : Qk_KernelOp<"lookup"> {
  let summary = "each code replaced by a table's entry";
  let description = [{
    `output[i] = table[unsigned code of input[i]]` for `count` elements; the table has one entry per code of the input's bits,
    stored unpacked.

    Constraints: (C1) the input's codes have at most 16 bits, and the table one entry for each. (C2) its elements have the unpacked
    type of `out_format`. (C3) `count` is not negative.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$table, Qk_Buffer:$init, I64Attr:$count,
                       TypeAttr:$in_format, TypeAttr:$out_format, Qk_Pieces:$pieces);
  let extraClassDeclaration = "bool mayReplace(::mlir::OpOperand &operand);";
  let assemblyFormat = [{
    `(` $input `,` $table `into` $init `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Qk_GatherOp : Qk_KernelOp<"gather"> {
  let summary = "rows and columns of NHWC codes chosen by index tables";
  let description = [{
    `output[n, y, x, c] = input[n, rows[y], columns[x], c]`; `shape` is the output's
    `[n, height, width, c]`, `input_shape` the input's height and width.

    Constraints: (C1) `shape` has four sizes and `input_shape` two, none negative, of at most 2^31 elements. (C2) the tables
    are i32 with one element per row and per column. (C3) the elements of a table that is a `dense` constant lie within
    the input.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$rows, Qk_Buffer:$columns, Qk_Buffer:$init,
                       DenseI64ArrayAttr:$shape, DenseI64ArrayAttr:$input_shape, TypeAttr:$format, Qk_Pieces:$pieces);
  let assemblyFormat = [{
    `(` $input `,` $rows `,` $columns `into` $init `)` attr-dict `:` functional-type(operands, results)
  }];
}

def Qk_FetchOp : Qk_KernelOp<"fetch"> {
  let summary = "bytes copied to where a later kernel reads them faster";
  let description = [{
    `init` gets as many bytes as it has of `input`, those from `offset` on. `qk-plan-arena` makes these of weights that are read often, for
    machines with a memory that is faster than the one that holds constants. The caller of the compiled model may do the copy in its own way.

    Constraints: (C1) the input has the destination's element type. (C2) `offset` is not negative, and the input has all these bytes.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$init, DefaultValuedAttr<I64Attr, "0">:$offset);
  let assemblyFormat = "`(` $input `into` $init `)` attr-dict `:` functional-type(operands, results)";
}

class Qk_RowOp<string mnemonic, dag extra = (ins)> : Qk_KernelOp<mnemonic> {
  let arguments = !con((ins Qk_Buffer:$input, Qk_Buffer:$init, I64Attr:$rows, I64Attr:$columns), extra, (ins Qk_Pieces:$pieces));
  let extraClassDeclaration = "bool mayReplace(::mlir::OpOperand &operand);";
  let assemblyFormat = "`(` $input `into` $init `)` attr-dict `:` functional-type(operands, results)";
}

def Qk_SoftmaxOp : Qk_RowOp<"softmax", (ins TypeAttr:$in_format, TypeAttr:$out_format, I64Attr:$multiplier, I64Attr:$left, I64Attr:$right, I64Attr:$radius)> {
  let summary = "integer softmax of each row, as `qnn.softmax` defines it";
  let description = [{
    `multiplier`, `left` and `right` are the rescale of a difference of codes (as in `qk.requantize`), `radius` its limit.

    Constraints: (C1) `rows` and `columns` are not negative, and there are at most 2^31 elements. (C2) both formats are integers of
    8 bits, and a row has at most 4096 of them. (C3) `multiplier` and `radius` are i32 of at least 0, `left` and
    `right` as in `qk.requantize`.
  }];
}
def Qk_FloatSoftmaxOp : Qk_RowOp<"float_softmax", (ins F32Attr:$beta, UnitAttr:$logarithm)> {
  let summary = "softmax of each row in f32, or its logarithm";
  let description = [{
    `exp(beta * (x - max)) / sum of exp(beta * (x - max))`; with `logarithm`, `x - max - log(sum of exp(x - max))`.

    Constraints: (C1) as C1 of `qk.softmax`.
  }];
}

def Qk_ArgmaxOp : Qk_KernelOp<"argmax"> {
  let summary = "index of the largest code along the middle of [outer, axis, inner]";
  let description = [{
    `output[o, i]` is the first `a` for which `input[o, a, i]` is largest, as i32.

    Constraints: (C1) `shape` has three sizes, none negative, of at most 2^31 elements, and the axis is not empty.
  }];
  let arguments = (ins Qk_Buffer:$input, Qk_Buffer:$init, DenseI64ArrayAttr:$shape, TypeAttr:$format, Qk_Pieces:$pieces);
  let assemblyFormat = "`(` $input `into` $init `)` attr-dict `:` functional-type(operands, results)";
}

//===-- Scalar operators of regions ---------------------------------------------------===//

def Qk_RequantizeOp : Qk_Op<"requantize", [Pure, SameOperandsAndResultType]> {
  let summary = "an accumulator times a fixed-point multiplier";
  let description = [{
    `input * multiplier * 2^(left - shift - 31)` as `#qnn.rescale` says: with `double` rounding the
    input is shifted left by `left`, multiplied, and shifted right by `shift`; with `single` it is
    multiplied and shifted once by `31 + shift - left`.

    `narrow` is a promise that takes fewer instructions: `input` is from -2^30 to 2^30 - 1, and `shift` from 1 to 22.

    Constraints, on those operands that are constants: (C1) `multiplier` is not negative, `left` is from 0 to 30 and
    `shift` from 0 to 31. (C2) at most one of `left` and `shift` is not 0. (C3) with `narrow`, the rounding is `double`,
    `left` is 0, and `shift` is from 1 to 22.
  }];
  let arguments = (ins I32:$input, I32:$multiplier, I32:$left, I32:$shift, Qnn_RoundingAttr:$rounding, UnitAttr:$narrow);
  let results = (outs I32:$output);
  let assemblyFormat = "$input `,` $multiplier `left` $left `right` $shift attr-dict";
  let hasVerifier = 1;
}

def Qk_RoundOp : Qk_Op<"round", [Pure]> {
  let summary = "f32 to i32: nearest, ties away from zero or to even, saturating; NaN gives 0";
  let arguments = (ins F32:$input, UnitAttr:$ties_to_even);
  let results = (outs I32:$output);
  let assemblyFormat = "$input attr-dict";
}

def Qk_RoundProductOp : Qk_Op<"round_product", [Pure]> {
  let summary = "the nearest integer to a product of floats";
  let description = [{
    `lhs * rhs`, not rounded before it is rounded to the nearest integer, halves to the even one. The product is a promise:
    its magnitude is below 2^22.
  }];
  let arguments = (ins F32:$lhs, F32:$rhs);
  let results = (outs I32:$output);
  let assemblyFormat = "$lhs `,` $rhs attr-dict";
}

def Qk_YieldOp : Qk_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["ContractOp", "PoolOp", "MapOp"]>]> {
  let summary = "the code that a region computes";
  let arguments = (ins AnyTypeOf<[I32, F32]>:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

#endif // QCC_DIALECTS_QK_QKOPS_TD
