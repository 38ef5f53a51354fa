#ifndef QCC_DIALECTS_QK_QKATTRS_TD
#define QCC_DIALECTS_QK_QKATTRS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "dialects/qk/QkDialect.td"

class Qk_Attr<string name, string attrMnemonic> : AttrDef<Qk_Dialect, name> {
  let mnemonic = attrMnemonic;
  let assemblyFormat = "`<` struct(params) `>`";
}

defvar Qk_Ints = ArrayRefParameter<"int64_t">;
class Qk_IntsOf<string desc> : ArrayRefParameter<"int64_t", desc> {
  let parser = "::qcc::qk::parseInts($_parser)";
  let printer = "::qcc::qk::printInts($_printer, $_self)";
}

def Qk_WindowAttr : Qk_Attr<"Window", "window"> {
  let summary = "a window that slides over NHWC codes, in groups of channels";
  let description = [{
    Output position `(n, oy, ox)` of group `g` sees the input codes
    `(n, oy * strides[0] - pads[0] + ky * dilations[0], ox * strides[1] - pads[1] + kx * dilations[1],
    g * channels[0] + i)`; positions outside the input are left out. The output has
    `groups * channels[1]` channels. A dense layer is a window of 1x1 on a 1x1 image.

    Constraints: (C1) every pair has two numbers. (C2) sizes are from 0 to 2^31, strides and dilations from 1 to
    2^24, pads from 0 to 2^24. (C3) input and output have at most 2^31 elements.
  }];
  let parameters = (ins "int64_t":$batch, Qk_IntsOf<"height and width">:$input, Qk_IntsOf<"height and width">:$output,
                        Qk_IntsOf<"height and width">:$kernel, Qk_IntsOf<"vertical, horizontal">:$strides,
                        Qk_IntsOf<"vertical, horizontal">:$dilations, Qk_IntsOf<"top and left">:$pads,
                        "int64_t":$groups, Qk_IntsOf<"input and output channels of one group">:$channels);
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    int64_t inputElements() const;
    int64_t outputElements() const;
    /// Products of one contraction over the window, borders counted as if they were inside.
    int64_t macs() const;
    /// Neighbouring positions of the input, those outside included, from the first to the last that so many
    /// neighbouring positions of the output see along an axis: rows (0) or columns (1).
    int64_t seenBy(int64_t outputs, size_t axis = 0) const {
      return (outputs - 1) * getStrides()[axis] + (getKernel()[axis] - 1) * getDilations()[axis] + 1;
    }
  }];
}

def Qk_AccessAttr : Qk_Attr<"Access", "access"> {
  let summary = "where the element of an iteration lies: offset + sum of index * stride";
  let description = [{
    `format` is the number format of the codes; offset and strides count elements.

    Constraints: (C1) `format` is a number format. (C2) offset and strides are not negative.
  }];
  let parameters = (ins "::mlir::Type":$format, "int64_t":$offset, Qk_IntsOf<"one per dimension">:$strides);
  let genVerifyDecl = 1;
}

def Qk_ScheduleAttr : Qk_Attr<"Schedule", "schedule"> {
  let summary = "the tile instruction that computes a contraction, and its register block";
  let description = [{
    `tile` names an entry of the target's table; `m` (positions), `n` (channels) and `k` (products) say how
    much one block computes; `k = 0` stands for any number. With `lines = L > 0`, the input is read from a ring of
    `L` lines in the scratch buffer, into which its rows are staged as the tile needs them: converted, and
    with the borders of the window filled in; with 0 it is read where it lies. Where each position sees only itself and is read where
    it lies, positions are computed in rows of `row`, whatever the width of the image is; with 0, nothing is known of it. With
    `rows = R > 0`, `R` rows of the output are computed together, and all that `n` of their channels see is read before any of
    these is written. With `channels = C > 0`, a depthwise contraction stages all rows of up to `C` channels and computes these, then
    the next ones; with `lines`, each row when it is needed. With `tiles = T > 0`, the contraction is computed by Winograd's
    F(2x2, 3x3), or F(4x4, 3x3) of f32 or where its `algorithm` says so, or F(4, 3) of windows of 1x3 and 3x1: `m` counts tiles of
    2x2, 4x4, 1x4 or 4x1 positions, `rows` are those of one or more rows of tiles, and the codes of `T` neighbouring ones of these tiles, row by row, are transformed at a time. With `small_weights`,
    those of F(2x2, 3x3) stay 9 bytes, and the weights of a block are transformed in the scratch buffer before these tiles are
    multiplied by them. Set by `qk-schedule`; absent before it.

    With `pieces = P > 1`, set by `qk-split-kernels`, rows of the output are divided into `P` pieces, or with `of_channels`, its
    channels in whole blocks of `n`. Pieces may be computed at the same time and in any order; each has an equal part of the scratch
    buffer.

    Constraints: (C1) `m`, `n` and `pieces` are positive, `k`, `lines`, `row`, `rows`, `channels` and `tiles` are not negative.
    (C2) `small_weights` only with `tiles`. (C3) `of_channels` only with several pieces, and without `tiles`.
  }];
  let parameters = (ins StringRefParameter<"">:$tile, "int64_t":$m, "int64_t":$n, "int64_t":$k,
                        DefaultValuedParameter<"int64_t", "0">:$lines, DefaultValuedParameter<"int64_t", "0">:$row,
                        DefaultValuedParameter<"int64_t", "0">:$rows, DefaultValuedParameter<"int64_t", "0">:$channels,
                        DefaultValuedParameter<"int64_t", "0">:$tiles, DefaultValuedParameter<"int64_t", "1">:$pieces,
                        DefaultValuedParameter<"bool", "false">:$small_weights,
                        DefaultValuedParameter<"bool", "false">:$of_channels);
  let extraClassDeclaration = [{
    /// The same, its rows computed in so many pieces, in rows of `row`.
    ScheduleAttr withRowPieces(int64_t pieces, int64_t row) const;
    /// The same, its channels computed in so many pieces.
    ScheduleAttr withChannelPieces(int64_t pieces) const;
  }];
  let genVerifyDecl = 1;
}

def Qk_PartAttr : Qk_Attr<"Part", "part"> {
  let summary = "some of a tensor's channels: how many there are of all, and the number of the first";
  let description = [{
    Constraints: (C1) `first` is not negative, `of` from 1 to 2^31.
  }];
  let parameters = (ins "int64_t":$first, "int64_t":$of);
  let genVerifyDecl = 1;
}

def Qk_StageAttr : Qk_Attr<"Stage", "stage"> {
  let summary = "one kernel of a stream: the rows that go in and come out";
  let description = [{
    The stage has `height` rows of input, and `pad` rows of the border above them that hold the code `pad_code`; below them
    there are as many as its last row needs. It computes `rows` rows of output, each from the first rows that it has; then it gives
    up `stride` of them.

    Constraints: (C1) `height`, `rows` and `stride` are from 1 to 2^24, `pad` is from 0 to 2^24.
  }];
  let parameters = (ins "int64_t":$height, "int64_t":$rows, "int64_t":$stride, "int64_t":$pad, "int64_t":$pad_code);
  let genVerifyDecl = 1;
}

def Qk_PoolKind : I32EnumAttr<"PoolKind", "how the codes of a window are combined", [
    I32EnumAttrCase<"Max", 0, "max">, I32EnumAttrCase<"Sum", 1, "sum">]> {
  let cppNamespace = "::qcc::qk";
  let genSpecializedAttr = 0;
}
def Qk_PoolKindAttr : EnumAttr<Qk_Dialect, Qk_PoolKind, "pool"> { let assemblyFormat = "`<` $value `>`"; }

#endif // QCC_DIALECTS_QK_QKATTRS_TD
