"""tapwise.py FOLDER: writes net.mlir, in.npz and expected.npz: a convolution by tap-wise Winograd F(4x4, 3x3) and what
its definition (docs/ops/qnn.md, #qnn.algorithm) gives, in plain integers; c.npz and data.npz: samples for
convolutions.mlir, and the same with labels.
tapwise.py FOLDER OUT: says whether the output in OUT is the expected one. Standard library only.
"""

import random
import struct
import sys
import zipfile

CODES = [[4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0],
         [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1]]
WEIGHTS = [[6, 0, 0], [-4, -4, -4], [-4, 4, -4], [1, 2, 4], [1, -2, 4], [0, 0, 24]]  # 24 G
OUTPUTS = [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]]
HEIGHT, WIDTH, INPUTS, CHANNELS, ZERO, BITS, FRACTION = 6, 7, 2, 3, -5, 8, -2
CODE_SHIFTS = [4 + (tap * 7) % 4 for tap in range(36)]
WEIGHT_SHIFTS = [(tap * 5) % 4 - 1 for tap in range(36)]


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


def tile(x, w, y0, x0, o):
    total = [[0] * 6 for _ in range(6)]
    for c in range(INPUTS):
        def integer(y, column):
            inside = 0 <= y < HEIGHT and 0 <= column < WIDTH
            return x[y][column][c] - ZERO if inside else 0
        v = sandwich(CODES, [[integer(y0 + i - 1, x0 + j - 1) for j in range(6)] for i in range(6)])
        u = sandwich(WEIGHTS, [[w[o][ky][kx][c] for kx in range(3)] for ky in range(3)])
        for i in range(6):
            for j in range(6):
                code = clamp(scaled(v[i][j], -CODE_SHIFTS[6 * i + j]))
                shift = WEIGHT_SHIFTS[6 * i + j]
                weight = clamp(half_up(u[i][j] << max(shift, 0), 576 << max(-shift, 0)))
                total[i][j] += code * weight
    aligned = [[scaled(total[i][j], CODE_SHIFTS[6 * i + j] - WEIGHT_SHIFTS[6 * i + j] + FRACTION) for j in range(6)]
               for i in range(6)]
    return [[scaled(sum_, -FRACTION) for sum_ in row] for row in sandwich(OUTPUTS, aligned)]


def flatten(value):
    return [number for part in value for number in flatten(part)] if isinstance(value, list) else [value]


def npy(kind, shape, values):
    order = {"b": "|i1", "i": "<i4"}[kind]
    header = f"{{'descr': '{order}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}{kind}",
                                                                                               *values)


def write(folder):
    draw = random.Random(1)
    x = [[[draw.randint(-128, 127) for _ in range(INPUTS)] for _ in range(WIDTH)] for _ in range(HEIGHT)]
    w = [[[[draw.randint(-128, 127) for _ in range(INPUTS)] for _ in range(3)] for _ in range(3)]
         for _ in range(CHANNELS)]
    y = [[[0] * CHANNELS for _ in range(WIDTH)] for _ in range(HEIGHT)]
    for y0 in range(0, HEIGHT, 4):
        for x0 in range(0, WIDTH, 4):
            for o in range(CHANNELS):
                for k, row in enumerate(tile(x, w, y0, x0, o)):
                    for l, number in enumerate(row):
                        if y0 + k < HEIGHT and x0 + l < WIDTH:
                            y[y0 + k][x0 + l][o] = number
    for name, array, kind, shape in (("in", x, "b", (1, HEIGHT, WIDTH, INPUTS)),
                                     ("expected", y, "i", (1, HEIGHT, WIDTH, CHANNELS))):
        with zipfile.ZipFile(f"{folder}/{name}.npz", "w") as archive:
            archive.writestr(("x" if name == "in" else "y") + ".npy", npy(kind, shape, flatten(array)))
    image = ("image.npy", npy("b", (3, 6, 6, 4), [draw.randint(-128, 127) for _ in range(3 * 6 * 6 * 4)]))
    for name, arrays in (("c", [image]), ("data", [image, ("labels.npy", npy("i", (3,), [0, 1, 2]))])):
        with zipfile.ZipFile(f"{folder}/{name}.npz", "w") as archive:
            for array in arrays:
                archive.writestr(*array)
    algorithm = (f"#qnn.algorithm<winograd = F_4_3, tapwise, bits = {BITS}, codes = {CODE_SHIFTS}, "
                 f"weights = {WEIGHT_SHIFTS}, fraction = {FRACTION}>")
    with open(f"{folder}/net.mlir", "w") as file:
        file.write(f"""!x = !quant.uniform<i8:f32, 1.0:{ZERO}>
!w = !quant.uniform<i8:f32, 1.0>
func.func @net(%x: tensor<1x{HEIGHT}x{WIDTH}x{INPUTS}x!x> {{qnn.name = "x"}})
    -> (tensor<1x{HEIGHT}x{WIDTH}x{CHANNELS}xi32> {{qnn.name = "y"}}) {{
  %w = qnn.constant dense<{w}> : tensor<{CHANNELS}x3x3x{INPUTS}xi8> : tensor<{CHANNELS}x3x3x{INPUTS}x!w>
  %y = qnn.conv2d %x, %w {{pads = array<i64: 1, 1, 1, 1>, algorithm = {algorithm}}}
    : (tensor<1x{HEIGHT}x{WIDTH}x{INPUTS}x!x>, tensor<{CHANNELS}x3x3x{INPUTS}x!w>)
    -> tensor<1x{HEIGHT}x{WIDTH}x{CHANNELS}xi32> loc("conv")
  return %y : tensor<1x{HEIGHT}x{WIDTH}x{CHANNELS}xi32>
}}
""")


def numbers(path):
    with zipfile.ZipFile(path) as archive:
        data = archive.read("y.npy")
    begin = 10 + struct.unpack("<H", data[8:10])[0]
    return struct.unpack(f"<{(len(data) - begin) // 4}i", data[begin:])


if len(sys.argv) == 2:
    write(sys.argv[1])
else:
    same = numbers(f"{sys.argv[1]}/expected.npz") == numbers(sys.argv[2])
    print("as defined" if same else "not as defined")
