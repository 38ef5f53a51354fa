"""Random contractions, for test/execute/contractions, and by hand for more of them.

Model N is always the same: short chains of convolutions, depthwise convolutions and dense layers that share nothing.
Their sizes, formats, weights and roundings come from the lists below, each value as often as the others, so that a few
models meet all of them. `qcc verify` compares them with the reference interpreter.

    contractions.py --qcc=build/bin/qcc --models=100 --target=host

With --least-ram, each is compiled for the smallest budget of RAM that it can have: with the schedules that take least memory, and
row by row.
"""

import argparse
import itertools
import math
import random
import re
import struct
import subprocess
import sys
import tempfile

import features

SAMPLES = 12  # the smallest codes, the largest, zeros, then random ones
CHAINS = 6  # of one model

CHOICES = {
    "operator": ["conv2d"] * 5 + ["depthwise_conv2d"] * 3 + ["dense"] * 2,
    "lhs": ["i8", "u8", "i8", "u8", "i8", "f32", "i5", "i16", "binary", "binary", "u2"],
    "batch": [1, 1, 1, 2],
    "height": [1, 2, 3, 4, 6, 9],
    "width": [1, 2, 3, 4, 5, 6, 7, 8, 9],
    "input channels": [1, 2, 3, 4, 5, 16],
    "bit channels": [1, 3, 16, 31, 32, 33, 64, 96],
    "output channels": [1, 2, 7, 8, 15, 16, 17, 33, 64],
    "depthwise channels": [1, 2, 3, 8, 15, 16, 17, 33],
    "features": [1, 3, 4, 5, 16, 67],
    "bit features": [1, 3, 32, 67, 128, 1100],
    "multiplier": [1, 1, 2],
    "groups": [1, 1, 1, 1, 2, 3],
    "kernel": [(1, 1), (3, 3), (1, 3), (5, 5), (2, 2), (3, 1)],
    "strides": [(1, 1), (1, 1), (2, 2), (3, 3), (1, 2), (2, 1)],
    "dilations": [(1, 1), (1, 1), (1, 1), (2, 1), (1, 2), (2, 3)],
    "pads": ["none", "same", "same", "any", "wide"],
    "rhs": ["i8", "i8 by channel", "u8", "i4", "i8 by channel", "i12", "binary", "ternary", "i4 narrow", "i3 narrow",
            "i2 narrow"],
    "bit rhs": ["binary", "binary", "i2", "binary", "u1", "ternary"],
    "weights": ["random", "extreme", "largest", "smallest", "zeros"],
    "bias": ["none", "random", "extreme", "splat"],
    "out": ["i8", "u8", "i8", "u8", "i8", "i16", "i32", "f32", "i5", "u2", "binary"],
    "bit out": ["i8", "u2", "i32", "i16", "u8", "binary", "f32"],
    "rounding": ["double", "double", "single"],
    "overflow": ["saturate", "saturate", "saturate", "wrap"],
    "activation": ["none", "relu", "relu6", "relu_n1_to_1"],
    # Of the quotient of scales: above 1, codes are shifted to the left.
    "exponent": [-20, -12, -9, -8, -6, -3, -1, 0, 1, 3],
    "layers": [1, 2, 3],
    "float rhs": ["f32"],
    "float out": ["f32"],
}

SCALE = {"i8": 0.0625, "u8": 0.0625, "i16": 0.001}  # of others 0.5
ZERO = {"i8": -3, "u8": 131, "i5": 4, "i16": 0, "u2": 1, "i2": 0, "i3": 1, "u3": 3, "i4": -1, "u4": 5, "i6": -7, "u7": 70}
BITS = ("binary", "u2")


# With --packed: codes of less than a byte come in and go out.
PACKED = {
    "lhs": ["i4", "i4", "u4", "u4", "i4", "i2", "i3", "u3", "i5", "i6", "u7", "i8"],
    "out": ["i4", "u4", "i4", "u4", "i2", "i3", "u3", "u7", "i6", "i8", "f32", "i5"],
}
# With --books: weights, and some codes that come in, are those of tables.
BOOKS = {
    "lhs": ["i8", "u8", "i8", "u8", "i4", "i8", "u8", "u8"],
    "rhs": ["book4", "book4", "book3", "book2", "book1", "book5", "book8", "book4 by channel", "book4 by channel", "narrow book4",
            "narrow book4", "narrow book4", "narrow book3"],
}
GROUPS = r"\d \d+"
# With --scales: most weights have one scale for a group, "2 12" being groups of 12 weights of 2 bits.
SCALES = {
    "operator": ["conv2d", "conv2d", "dense"],
    "lhs": ["i8", "u8", "i8", "u8", "i4", "u7"],
    "input channels": [1, 3, 4, 14, 16, 33, 48, 64],
    "features": [1, 5, 16, 67, 96, 130],
    "output channels": [1, 2, 7, 8, 15, 17, 33],
    "height": [1, 2, 3, 5],
    "width": [1, 2, 3, 5, 8],
    "groups": [1, 1, 1, 2],
    "kernel": [(1, 1), (3, 3), (1, 3), (2, 2), (1, 1)],
    "rhs": ["4 16", "4 32", "4 16", "8 16", "2 16", "4 128", "4 8", "3 12", "4 6", "2 32", "8 32", "1 16", "4 48", "i8"],
    "out": ["i8", "u8", "i8", "f32", "i16", "u8", "i8", "i4"],
    "rounding": ["double", "double", "double", "single"],
    "activation": ["none", "none", "none", "relu", "relu6"],
    "exponent": [-8, -7, -6, -5, -4, -8, -7, -6, -3, -1, -20, 1],
    "layers": [1, 1, 2],
}
# With --matrices: shapes that machines which multiply matrices compute by these, with all tails.
MATRICES = {
    "operator": ["conv2d", "conv2d", "dense"],
    "lhs": ["i8", "u8", "i8", "u8", "u8", "i4", "u7"],
    "height": [1, 2, 3, 5],
    "width": [3, 8, 13, 16, 17, 21, 31, 32, 33],
    "input channels": [4, 16, 32, 40, 64, 67, 128],
    "output channels": [15, 16, 17, 33, 48, 64, 80],
    "features": [63, 64, 67, 128, 300],
    "kernel": [(1, 1), (3, 3), (1, 3), (1, 1), (2, 2)],
    "groups": [1, 1, 1, 2],
    "layers": [1, 1, 2],
}
# With --floats: bf16, alone and beside f32, with runs of codes that are no whole pairs.
FLOATS = {
    "lhs": ["bf16", "bf16", "bf16", "bf16", "f32"],
    "float rhs": ["bf16", "bf16", "bf16", "f32"],
    "float out": ["bf16", "f32"],
    "input channels": [1, 2, 3, 5, 16, 33, 64],
    "features": [1, 2, 3, 67, 128, 129],
    "layers": [1, 1, 2],
}
FLOAT_FORMATS = ("f32", "bf16")
# With --winograd: convolutions that Winograd's algorithm computes, most of them.
WINOGRAD = {
    "operator": ["conv2d"],
    "lhs": ["i8", "u8"],
    "kernel": [(3, 3), (3, 3), (1, 3), (3, 1)],
    "strides": [(1, 1)],
    "dilations": [(1, 1)],
    "out": ["i8", "u8", "i8", "u8", "i8", "i16", "i32", "f32"],
}
# With --small: the same with weights of 9 bytes.
SMALL = WINOGRAD | {"rhs": ["i8", "i8 by channel", "i4", "i3 narrow"]}
# With --tapwise: the same by F(4x4, 3x3), which rounds in its own way.
TAPWISE = WINOGRAD | {"rhs": ["i8", "i8 by channel", "u8", "i4"]}


def tapwise(channels, kernel, depth, random):
    """A tap-wise algorithm whose sums fit 32 bits for any codes and weights of 8 bits."""
    axes = sum(size > 1 for size in kernel)
    bits = random.choice([8, 9, 10] if depth < 16 else [8, 9])  # more channels of 10 may not fit
    points = random.choice(["integer", "reciprocal"])
    # How much codes grow at most, along each axis; weights, times a scale; and sums by A^T, in bits.
    if points == "integer":
        grown, weights, scale, sum_bits = [10, 10, 10, 6, 6, 10], [6, 12, 12, 7, 7, 24], 24, 9
    else:
        grown, weights, scale, sum_bits = [169, 65, 65, 65, 65, 169], [130, 19, 19, 19, 19, 130], 4680, 13
    most = 2 ** (bits - 1) - 1
    sum_bits = sum_bits * axes // 2 + 1
    taps = list(itertools.product(range(6), repeat=axes))
    has_factors = points == "reciprocal" and random.random() < 0.5
    factors = [random.choice([1, 3, 5, 7]) if has_factors else 1 for _ in taps]
    codes = [max(0, math.ceil(math.log2(255 * prod(grown[i] for i in tap) * factor / most)) - random.randint(0, 3))
             for tap, factor in zip(taps, factors)]
    shifts = [math.floor(math.log2(most * scale**axes * factor / (128 * prod(weights[i] for i in tap))))
              + random.randint(-1, 1)
              for _ in range(channels if random.random() < 0.3 else 1) for tap, factor in zip(taps, factors)]
    offsets = [random.randint(-most - 1, most) for _ in taps] if points == "reciprocal" and random.random() < 0.5 else []
    left = 31 - sum_bits - 2 * (bits - 1) - depth.bit_length() - bool(offsets)
    fraction = left - max(codes[k % len(taps)] - shift for k, shift in enumerate(shifts)) - random.choice([0, 0, 2])
    more = f", factors = {factors}" if has_factors else ""
    more += f", offsets = {offsets}" if offsets else ""
    if bits == 8 and random.random() < 0.5:
        weights = bytes(random.randint(0, 255) for _ in range(channels * len(taps) * depth)).hex().upper()
        more += f', transformed = dense<"0x{weights}"> : tensor<{channels}x{len(taps)}x{depth}xi8>'
    return (f"#qnn.algorithm<winograd = F_4_3, tapwise, bits = {bits}, codes = {codes}, weights = {shifts}, "
            f"fraction = {max(-15, fraction)}, points = {points}{more}>")


class Deck:
    """Draws the values of a list in random order, all of them before one comes again."""

    def __init__(self, values, source):
        self.values, self.source, self.left = values, source, []

    def draw(self):
        if not self.left:
            self.left = self.source.sample(self.values, len(self.values))
        return self.left.pop()


def prod(shape):
    result = 1
    for extent in shape:
        result *= extent
    return result


def tensor(shape, element):
    return f"tensor<{''.join(f'{extent}x' for extent in shape)}{element}>"


def constant(shape, element, format, data, bits=None):
    """A qnn.constant of raw bytes, of codes of so many bits if the format does not say it."""
    if bits is None:
        bits = 1 if format.startswith("!qnn.") else int(re.search(r"[iuf](\d+)", format)[1])
    stored = tensor([len(data)] if bits % 8 != 0 else shape, element)
    return f'qnn.constant dense<"0x{data.hex().upper()}"> : {stored} : {tensor(shape, format)}'


CODE = {"i8": "b", "i16": "h", "i32": "i", "f32": "f"}


CODES_OF = {"f32": "f32", "bf16": "i16"}


def packed(codes, bits):
    """Codes of `bits` bits one behind the other, the first in the lowest bits."""
    number = sum((code & ((1 << bits) - 1)) << (i * bits) for i, code in enumerate(codes))
    return number.to_bytes((len(codes) * bits + 7) // 8, "little")


class Model:
    def __init__(self, number, choices=CHOICES, is_tapwise=False, is_small=False):
        self.random = random.Random(number)
        self.algorithms = random.Random(number)  # of their own, so that all else is drawn as without them
        self.is_tapwise = is_tapwise
        self.is_small = is_small
        self.floats = random.Random(number)
        self.decks = {
            name: Deck(values, self.floats if name.startswith("float") else self.random) for name, values in choices.items()
        }
        self.names = (f"%{i}" for i in itertools.count())
        self.arguments, self.lines, self.results = [], [], []
        for _ in range(CHAINS):
            self.add_chain()

    def draw(self, name):
        return self.decks[name].draw()

    def emit(self, text):
        name = next(self.names)
        self.lines.append(f"  {name} = {text}")
        return name

    def activation_type(self, kind):
        """An element type for activations, with its scale."""
        if kind in (*FLOAT_FORMATS, "i32"):
            return kind, 1.0
        if kind == "binary":
            return "!qnn.binary", 1.0
        scale = SCALE.get(kind, 0.5) * self.random.uniform(0.5, 2)
        return f"!quant.uniform<{kind}:f32, {scale:.6e}:{ZERO[kind]}>", scale

    # ===-- Constants ---------------------------------------------------------------------------===

    def codes(self, count, low, high):
        kind = self.draw("weights")
        draw = {
            "random": lambda: self.random.randint(low, high),
            "extreme": lambda: self.random.choice([low, high]),
            "largest": lambda: high,
            "smallest": lambda: low,
            "zeros": lambda: 0,
        }[kind]
        return [draw() for _ in range(count)]

    def filter(self, shape, axis, is_float, is_bits):
        """A constant and its type's text; scales are between 1/128 and 1/32."""
        count, channels = prod(shape), shape[axis]
        if is_float:
            kind = self.draw("float rhs")
            data = struct.pack(f"<{count}f", *(self.random.uniform(-2, 2) for _ in range(count)))
            if kind == "bf16":  # the upper halves
                data = b"".join(data[i + 2 : i + 4] for i in range(0, 4 * count, 4))
            return self.emit(constant(shape, CODES_OF[kind], kind, data)), tensor(shape, kind)
        kind = self.draw("bit rhs" if is_bits else "rhs")
        if axis > 0 and re.fullmatch(GROUPS, kind):
            kind = "i4"  # depthwise
        scales = [2.0**-6 * self.random.uniform(0.5, 2) for _ in range(channels)]
        bits = None
        if kind == "binary":
            format, data = "!qnn.binary<alpha = [1.5625e-02]>", packed(self.codes(count, 0, 1), 1)
        elif kind == "ternary":
            format, data = "!qnn.ternary<alpha = [1.5625e-02]>", packed(self.codes(count, -1, 1), 2)
        elif kind == "i4":
            format, data = f"!quant.uniform<i4:f32, {scales[0]:.6e}>", packed(self.codes(count, -8, 7), 4)
        elif kind.endswith("narrow"):
            bits = int(kind[1])
            most = 2 ** (bits - 1) - 1
            format = f"!quant.uniform<i{bits}<{-most}:{most}>:f32, {scales[0]:.6e}>"
            data = packed(self.codes(count, -most, most), bits)
        elif "book" in kind:
            # Sums of two products with narrow ones fit 16 bits.
            bits, most = int(kind[kind.index("book") + 4]), 64 if kind.startswith("narrow") else 128
            table = sorted(self.random.choices(range(-most, most), k=2**bits))
            if self.random.random() < 0.5:
                table[sum(entry < 0 for entry in table) % 2**bits] = 0
            listed = f"axis = {axis}, alpha = {scales}" if kind.endswith("channel") else f"alpha = [{scales[0]}]"
            format = f"!qnn.codebook<table = {sorted(table)}, {listed}>"
            data = packed(self.codes(count, 0, 2**bits - 1), bits)
        elif re.fullmatch(GROUPS, kind):
            return self.grouped(shape, *map(int, kind.split()))
        elif kind in ("i2", "u1"):
            zero, low, high = (0, -2, 1) if kind == "i2" else (self.random.choice([0, 1]), 0, 1)
            format = f"!quant.uniform<{kind}:f32, {scales[0]:.6e}:{zero}>"
            data = packed(self.codes(count, low, high), int(kind[1]))
        elif kind == "i12":
            format, data = f"!quant.uniform<i12:f32, {scales[0]:.6e}>", packed(self.codes(count, -2048, 2047), 12)
        elif kind == "u8":
            zero = self.random.choice([0, 100, 128, 255])
            format = f"!quant.uniform<u8:f32, {scales[0]:.6e}:{zero}>"
            data = bytes(self.codes(count, 0, 255))
        elif kind == "i8":
            format = f"!quant.uniform<i8:f32, {scales[0]:.6e}>"
            data = struct.pack(f"{count}b", *self.codes(count, -128, 127))
        else:
            listed = ", ".join(f"{scale:.6e}" for scale in scales)
            format = f"!quant.uniform<i8<-127:127>:f32:{axis}, {{{listed}}}>"
            data = struct.pack(f"{count}b", *self.codes(count, -127, 127))
        return self.emit(constant(shape, "i8", format, data, bits)), tensor(shape, format)

    def grouped(self, shape, bits, group):
        """Weights of groups, whose scales are the operand that comes after the bias."""
        most = 2 ** (bits - 1) - 1
        low, high = (0, 1) if bits == 1 else (-most, most)
        format = f"!qnn.grouped<bits = {bits}, group = {group}>"
        weights = self.emit(constant(shape, "i8", format, packed(self.codes(prod(shape), low, high), bits), bits))
        groups = [*shape[:-1], -(-shape[-1] // group)]
        values = [2.0**-6 * self.random.choice([0.1, 0.5, 1, 2]) * self.random.uniform(0.5, 1) for _ in range(prod(groups))]
        scales = self.emit(constant(groups, "f32", "f32", struct.pack(f"<{len(values)}f", *values)))
        self.scales = f" scales {scales}", f", {tensor(groups, 'f32')}"
        return weights, tensor(shape, format)

    def bias(self, channels, is_float):
        kind = self.draw("bias")
        if kind == "none":
            return "", ""
        if is_float:
            values = [self.random.uniform(-2, 2) for _ in range(channels)]
            data, element = struct.pack(f"<{channels}f", *values), "f32"
        else:
            draw = {
                "random": lambda: self.random.randint(-(2**14), 2**14),
                "extreme": lambda: self.random.choice([-(2**31), 2**31 - 1]),
                "splat": lambda: 777,
            }[kind]
            data, element = struct.pack(f"<{channels}i", *(draw() for _ in range(channels))), "i32"
        type = tensor([channels], element)
        return f" bias {self.emit(constant([channels], element, element, data))}", f", {type}"

    # ===-- Layers ------------------------------------------------------------------------------===

    def window(self, size):
        """Attributes of a window over an image of this size, and the size of its result."""
        kernel, strides, dilations = self.draw("kernel"), self.draw("strides"), self.draw("dilations")
        kind, pads, result = self.draw("pads"), [], []
        for extent, k, s, d in zip(size, kernel, strides, dilations):
            reach = (k - 1) * d
            low, high = {
                "none": (0, 0),
                "same": (reach // 2, reach - reach // 2),
                "any": (self.random.randint(0, reach), self.random.randint(0, reach)),
                # Some windows lie outside of the image.
                "wide": (self.random.randint(0, reach + 3), self.random.randint(0, reach + 3)),
            }[kind]
            high += max(0, reach + 1 - (extent + low + high))
            pads += [low, high]
            result.append((extent + low + high - reach - 1) // s + 1)
        text = (
            f"strides = array<i64: {strides[0]}, {strides[1]}>, dilations = array<i64: {dilations[0]}, {dilations[1]}>, "
            f"pads = array<i64: {', '.join(map(str, pads))}>"
        )
        return kernel, result, text

    def add_chain(self):
        operator, lhs = self.draw("operator"), self.draw("lhs")
        bit = "bit " if lhs in BITS else ""
        if operator == "dense":
            shape = [self.draw("batch") * self.draw("width"), self.draw(f"{bit}features")]
        else:
            groups = self.draw("groups") if operator == "conv2d" else 1
            channels = self.draw(f"{bit or 'input '}channels" if operator == "conv2d" else "depthwise channels")
            shape = [self.draw("batch"), self.draw("height"), self.draw("width"), channels * groups]
        element, scale = self.activation_type(lhs)
        value = f"%in{len(self.arguments)}"
        self.arguments.append(f"{value}: {tensor(shape, element)}")
        layers = self.draw("layers")
        for layer in range(layers):
            # A layer that is read by another one has 8-bit codes, a few bits, or floats.
            is_float = element in FLOAT_FORMATS
            out = self.draw("float out" if is_float else "bit out" if lhs in BITS else "out")
            if layer + 1 < layers and out in ("i16", "i32", "f32", "i5") and not is_float:
                out = self.random.choice(BITS) if lhs in BITS else "i8"
            value, shape, element, scale = self.add_layer(operator, value, shape, element, scale, out)
            if operator != "dense":
                operator = self.random.choice(["conv2d", "depthwise_conv2d"])
        self.results.append((value, tensor(shape, element)))

    @staticmethod
    def has_tiles(window, filter_shape, groups, element, out):
        """Whether Winograd's algorithm computes the convolution on every target."""
        ones = "strides = array<i64: 1, 1>, dilations = array<i64: 1, 1>" in window
        codes = element.startswith(("!quant.uniform<i8", "!quant.uniform<u8")) and out not in ("i5", "u2", "binary")
        return ones and codes and filter_shape[1:3] in ([3, 3], [1, 3], [3, 1]) and (groups == 1 or filter_shape[3] > 1)

    def algorithm(self, filter_shape, filter_type):
        """The attribute of a convolution with tiles, of most of them."""
        channels, *kernel, depth = filter_shape
        is_square = kernel[0] == kernel[1]
        # Sums of more than 64 largest products need more than 32 bits, weights of 12 bits along one axis more than 16.
        fits = depth <= 64 if self.is_tapwise else is_square or "i12" not in filter_type
        if not fits or self.algorithms.random() >= 0.75:
            return []
        small = ", small" if self.is_small and is_square else ""
        exact = f"#qnn.algorithm<winograd = {'F_2_3' if is_square else 'F_4_3'}, exact{small}>"
        return [f"algorithm = {tapwise(channels, kernel, depth, self.algorithms) if self.is_tapwise else exact}"]

    def add_layer(self, operator, value, shape, element, scale, out):
        is_float, is_bits = element in FLOAT_FORMATS, element == "!qnn.binary" or "u2" in element
        attributes = [f"activation = #qnn.activation<{'none' if out in ('i32', 'binary') else self.draw('activation')}>"]
        if operator == "dense":
            filter_shape, axis = [self.draw("output channels"), shape[-1]], 0
            result = [shape[0], filter_shape[0]]
        else:
            kernel, size, text = self.window(shape[1:3])
            attributes.append(text)
            if operator == "conv2d":
                groups = self.draw("groups")
                groups = groups if shape[3] % groups == 0 else 1
                channels, depth = self.draw("output channels") * groups, shape[3] // groups
                filter_shape, axis = [channels, *kernel, depth], 0
                attributes.append(f"groups = {groups}")
                has_tiles = self.has_tiles(text, filter_shape, groups, element, out)
            else:
                channels = shape[3] * self.draw("multiplier")
                filter_shape, axis = [1, *kernel, channels], 3
            result = [shape[0], *size, channels]
        self.scales = "", ""
        name, filter_type = self.filter(filter_shape, axis, is_float, is_bits)
        if operator == "conv2d" and has_tiles and not self.scales[0]:
            attributes += self.algorithm(filter_shape, filter_type)
        bias, bias_type = ("", "") if self.scales[0] and out == "f32" else self.bias(filter_shape[axis], is_float)
        bias, bias_type = bias + self.scales[0], bias_type + self.scales[1]
        if not is_float:
            attributes.append(
                f"rescale = #qnn.rescale<rounding = {self.draw('rounding')}, overflow = {self.draw('overflow')}>"
            )
        out_element, out_scale = self.activation_type(out)
        if out_element.startswith("!quant"):
            # The weights' scale is near 2^-6.
            out_scale = scale * 2.0**-6 / 2.0 ** self.draw("exponent")
            out_element = f"!quant.uniform<{out}:f32, {out_scale:.6e}:{ZERO[out]}>"
        out_type = tensor(result, out_element)
        output = self.emit(
            f"qnn.{operator} {value}, {name}{bias} {{{', '.join(attributes)}}} : "
            f"({tensor(shape, element)}, {filter_type}{bias_type}) -> {out_type}"
        )
        return output, result, out_element, out_scale

    def text(self):
        values, types = zip(*self.results)
        return "\n".join(
            [
                f"func.func @contractions({', '.join(self.arguments)}) -> ({', '.join(types)}) {{",
                *self.lines,
                f"  return {', '.join(values)} : {', '.join(types)}",
                "}\n",
            ]
        )


def verification(qcc, model, machine, samples):
    """The command that compares a model with the interpreter; `machine` is a target, with features or not, and with `small`
    compiled for size: aarch64+dotprod+small."""
    target, *additions = machine.split("+")
    flags = ["-Os" if addition == "small" else f"--mattr=+{addition}" for addition in additions]
    return [*features.emulation(qcc, target), qcc, "verify", model, f"--target={target}", f"--samples={samples}", *flags]


def is_exact(exit_code, out, samples):
    return exit_code == 0 and out.startswith(f"{samples} of {samples} identical")


def least_ram(command):
    """The smallest budget that the compiler knows for what a command compiles: from the error for one that is too small.

    What the stack takes is known of a build only when it has been made, so that the second error may name a little more."""
    budget = 1
    for _ in range(4):
        result = subprocess.run([*command, f"--budget-ram={budget}"], capture_output=True, text=True, check=False)
        found = re.search(r"the smallest budget that can be met is (\d+)", result.stderr)
        if not found:
            break
        budget = int(found[1])
    return budget


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", default="build/bin/qcc")
    parser.add_argument("--models", type=int, default=100, help="how many models are tried")
    parser.add_argument("--first", type=int, default=0, help="the number of the first model")
    parser.add_argument("--target", default="host", help="a target, with features or compiled for size: aarch64+dotprod+small")
    parser.add_argument("--least-ram", action="store_true", help="try each with the smallest --budget-ram that it can have")
    parser.add_argument("--memory", help="try each with these memories: dtcm=2K,sram=256K has weights fetched, some in tiles")
    parser.add_argument("--winograd", action="store_true", help="convolutions of 3x3 windows, most by Winograd's algorithm")
    parser.add_argument("--small", action="store_true", help="the same with small weights")
    parser.add_argument("--packed", action="store_true", help="codes of less than a byte come in and go out")
    parser.add_argument("--books", action="store_true", help="weights are codes of tables")
    parser.add_argument("--scales", action="store_true", help="weights have one scale for a group")
    parser.add_argument("--floats", action="store_true", help="codes and weights are bf16 and f32")
    parser.add_argument("--matrices", action="store_true", help="shapes for machines that multiply matrices")
    parser.add_argument("--tapwise", action="store_true", help="the same by tap-wise F(4x4, 3x3), which rounds")
    parser.add_argument("--print", action="store_true", help="print the models, and try none")
    options = parser.parse_args()
    sets = {"books": BOOKS, "scales": SCALES, "floats": FLOATS, "tapwise": TAPWISE, "small": SMALL, "winograd": WINOGRAD, "packed": PACKED, "matrices": MATRICES}
    failures = 0
    for number in range(options.first, options.first + options.models):
        choices = next((sets[name] for name in sets if getattr(options, name)), {})
        text = Model(number, CHOICES | choices, options.tapwise, options.small).text()
        if options.print:
            print(text, end="")
            continue
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(text)
            file.flush()
            command = verification(options.qcc, file.name, options.target, SAMPLES)
            if options.memory:
                command.append(f"--memory={options.memory}")
            if options.least_ram:
                command.append(f"--budget-ram={least_ram(command)}")
            result = subprocess.run(command, capture_output=True, text=True, check=False)
        if not is_exact(result.returncode, result.stdout, SAMPLES):
            failures += 1
            print(f"model {number}: exit code {result.returncode}\n{result.stdout}{result.stderr}", flush=True)
    if not options.print:
        print(f"{options.models - failures} of {options.models} models agree on {options.target}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
