"""tapwise.py FOLDER: writes net.mlir, in.npz and expected.npz: convolutions by tap-wise Winograd F(4x4, 3x3) and what
its definition (docs/ops/qnn.md, #qnn.algorithm) gives, in plain integers; c.npz and data.npz: samples for
convolutions.mlir, and the same with labels.
tapwise.py FOLDER OUT: says whether the output in OUT is the expected one. Standard library only.
"""

import random
import struct
import sys
import zipfile
from dataclasses import dataclass, replace

HEIGHT, WIDTH, INPUTS, CHANNELS, ZERO, BITS = 6, 7, 2, 3, -5, 8


@dataclass
class Points:
    codes: list  # B^T
    scale: int
    weights: list  # G, times the scale
    outputs: list  # A^T
    code_shifts: list
    weight_shifts: list
    fraction: int
    name: str
    factors: list
    offsets: list = None
    transformed: list = None  # [output channel][tap][input channel]


POINTS = {
    "integer": Points(
        [[4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0],
         [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1]],
        24, [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]],
        [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]],
        [4 + (tap * 7) % 4 for tap in range(36)], [(tap * 5) % 4 - 1 for tap in range(36)], -2, "integer", [1] * 36),
    "reciprocal": Points(
        [[36, 0, -97, 0, 36, 0], [0, -18, -27, 8, 12, 0], [0, 18, -27, -8, 12, 0],
         [0, -12, -8, 27, 18, 0], [0, 12, -8, -27, 18, 0], [0, 36, 0, -97, 0, 36]],
        4680, [[130, 0, 0], [-9, -6, -4], [-9, 6, -4], [4, 6, 9], [4, -6, 9], [0, 0, 130]],
        [[1, 27, 27, 8, 8, 0], [0, 18, -18, 12, -12, 0], [0, 12, 12, 18, 18, 0], [0, 8, -8, 27, -27, 1]],
        [10 + (tap * 7) % 4 for tap in range(36)], [10 + (tap * 5) % 4 for tap in range(36)], -2, "reciprocal", [1] * 36),
}
POINTS["factors"] = replace(POINTS["reciprocal"], factors=[1 + (tap * 2) % 8 for tap in range(36)])
POINTS["offsets"] = replace(POINTS["factors"], offsets=[(tap * 29) % 256 - 128 for tap in range(36)])
POINTS["transformed"] = replace(POINTS["offsets"], transformed=[
    [[(o * 31 + tap * 17 + c * 101) % 256 - 128 for c in range(INPUTS)] for tap in range(36)] for o in range(CHANNELS)])


def sandwich(matrix, inner):
    """matrix inner matrix^T"""
    left = [[sum(a * inner[k][j] for k, a in enumerate(row)) for j in range(len(inner[0]))] for row in matrix]
    return [[sum(a * row[k] for k, a in enumerate(other)) for other in matrix] for row in left]


def half_up(numerator, denominator):
    return (2 * numerator + denominator) // (2 * denominator)


def scaled(number, shift):
    return number << shift if shift >= 0 else half_up(number, 1 << -shift)


def clamp(number):
    return max(-(1 << BITS - 1), min((1 << BITS - 1) - 1, number))


def tile(points, x, w, y0, x0, o):
    total = [[0] * 6 for _ in range(6)]
    for c in range(INPUTS):
        def integer(y, column):
            inside = 0 <= y < HEIGHT and 0 <= column < WIDTH
            return x[y][column][c] - ZERO if inside else 0
        v = sandwich(points.codes, [[integer(y0 + i - 1, x0 + j - 1) for j in range(6)] for i in range(6)])
        u = sandwich(points.weights, [[w[o][ky][kx][c] for kx in range(3)] for ky in range(3)])
        for i in range(6):
            for j in range(6):
                factor = points.factors[6 * i + j]
                offset = points.offsets[6 * i + j] if points.offsets else 0
                code = clamp(scaled(v[i][j] * factor, -points.code_shifts[6 * i + j]) - offset) + offset
                shift = points.weight_shifts[6 * i + j]
                weight = clamp(half_up(u[i][j] << max(shift, 0), points.scale**2 * factor << max(-shift, 0)))
                if points.transformed:
                    weight = points.transformed[o][6 * i + j][c]
                total[i][j] += code * weight
    shifts = [c - u + points.fraction for c, u in zip(points.code_shifts, points.weight_shifts)]
    aligned = [[scaled(total[i][j], shifts[6 * i + j]) for j in range(6)] for i in range(6)]
    return [[scaled(sum_, -points.fraction) for sum_ in row] for row in sandwich(points.outputs, aligned)]


def flatten(value):
    return [number for part in value for number in flatten(part)] if isinstance(value, list) else [value]


def npy(kind, shape, values):
    order = {"b": "|i1", "i": "<i4"}[kind]
    header = f"{{'descr': '{order}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}{kind}",
                                                                                               *values)


def convolve(points, x, w):
    y = [[[0] * CHANNELS for _ in range(WIDTH)] for _ in range(HEIGHT)]
    for y0 in range(0, HEIGHT, 4):
        for x0 in range(0, WIDTH, 4):
            for o in range(CHANNELS):
                for k, row in enumerate(tile(points, x, w, y0, x0, o)):
                    for l, number in enumerate(row):
                        if y0 + k < HEIGHT and x0 + l < WIDTH:
                            y[y0 + k][x0 + l][o] = number
    return y


def optional(points):
    shape = f"tensor<{CHANNELS}x36x{INPUTS}xi8>"
    return "".join([f", factors = {points.factors}" if max(points.factors) > 1 else "",
                    f", offsets = {points.offsets}" if points.offsets else "",
                    f", transformed = dense<{points.transformed}> : {shape}" if points.transformed else ""])


def write(folder):
    draw = random.Random(1)
    x = [[[draw.randint(-128, 127) for _ in range(INPUTS)] for _ in range(WIDTH)] for _ in range(HEIGHT)]
    w = [[[[draw.randint(-128, 127) for _ in range(INPUTS)] for _ in range(3)] for _ in range(3)]
         for _ in range(CHANNELS)]
    outputs = [(f"{name}.npy", npy("i", (1, HEIGHT, WIDTH, CHANNELS), flatten(convolve(points, x, w))))
               for name, points in POINTS.items()]
    inputs = [("x.npy", npy("b", (1, HEIGHT, WIDTH, INPUTS), flatten(x)))]
    image = ("image.npy", npy("b", (3, 6, 6, 4), [draw.randint(-128, 127) for _ in range(3 * 6 * 6 * 4)]))
    for name, arrays in (("in", inputs), ("expected", outputs), ("c", [image]), ("data", [image, ("labels.npy", npy("i", (3,), [0, 1, 2]))])):
        with zipfile.ZipFile(f"{folder}/{name}.npz", "w") as archive:
            for array in arrays:
                archive.writestr(*array)
    image = f"tensor<1x{HEIGHT}x{WIDTH}x{CHANNELS}xi32>"
    layers = [f"""  %{name} = qnn.conv2d %x, %w {{pads = array<i64: 1, 1, 1, 1>, algorithm = #qnn.algorithm<winograd = F_4_3, tapwise,
    bits = {BITS}, codes = {points.code_shifts}, weights = {points.weight_shifts}, fraction = {points.fraction},
    points = {points.name}{optional(points)}>}} : (tensor<1x{HEIGHT}x{WIDTH}x{INPUTS}x!x>, tensor<{CHANNELS}x3x3x{INPUTS}x!w>) -> {image} loc("{name}")
""" for name, points in POINTS.items()]
    results = ", ".join(f'{image} {{qnn.name = "{name}"}}' for name in POINTS)
    with open(f"{folder}/net.mlir", "w") as file:
        file.write(f"""!x = !quant.uniform<i8:f32, 1.0:{ZERO}>
!w = !quant.uniform<i8:f32, 1.0>
func.func @net(%x: tensor<1x{HEIGHT}x{WIDTH}x{INPUTS}x!x> {{qnn.name = "x"}})
    -> ({results}) {{
  %w = qnn.constant dense<{w}> : tensor<{CHANNELS}x3x3x{INPUTS}xi8> : tensor<{CHANNELS}x3x3x{INPUTS}x!w>
{"".join(layers)}  return {", ".join(f"%{name}" for name in POINTS)} : {", ".join(image for _ in POINTS)}
}}
""")


def numbers(path):
    with zipfile.ZipFile(path) as archive:
        arrays = [archive.read(f"{name}.npy") for name in POINTS]
    return [data[10 + struct.unpack("<H", data[8:10])[0]:] for data in arrays]


if len(sys.argv) == 2:
    write(sys.argv[1])
else:
    same = numbers(f"{sys.argv[1]}/expected.npz") == numbers(sys.argv[2])
    print("as defined" if same else "not as defined")
