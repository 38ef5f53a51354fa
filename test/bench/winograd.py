#!/usr/bin/env python3
"""Whether the cost model chooses the fastest algorithm for 3x3 convolutions: measures direct blocks and Winograd's algorithms in turn
on 30 shapes, with codes of 8 bits and in f32, and prints the times and what the choice loses against the best.

With --tapwise, also F(4x4, 3x3) of 8 and 10 bits, tap by tap, which is no choice of the cost model; its shifts are not fitted to anything.
"""

import argparse
import random
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import least_us, run

# Height and width, input and output channels.
SHAPES = [(56, 64, 64), (28, 128, 128), (14, 256, 256), (7, 512, 512), (56, 32, 32), (28, 64, 64), (14, 128, 128), (7, 256, 256),
          (112, 16, 16), (112, 32, 32), (56, 16, 16), (56, 128, 128), (28, 32, 32), (28, 256, 256), (14, 64, 64), (14, 512, 512),
          (7, 64, 64), (7, 128, 128), (32, 16, 16), (32, 3, 16), (16, 32, 32), (16, 96, 96), (8, 64, 64), (8, 256, 256),
          (24, 48, 96), (24, 96, 48), (13, 192, 192), (10, 40, 80), (5, 128, 128), (4, 64, 64)]
ALGORITHMS = {"i8": {"direct": "direct", "F2": "winograd(f2,exact)"}, "f32": {"direct": "direct", "F4": "winograd(f4,float)"}}
NEAR = 1.05
FACTORS = "factors"  # reciprocal points, whose codes are multiplied before they are shifted
TEN_BITS = "10 bits"  # integer points; all others have 8
# Of codes without a sign and weights that use all their bits: shifts of codes and of weights, and the fraction, for each kind of points.
TAPWISE = {
    "integer": ([[7, 7, 7, 6, 6, 7]] * 3 + [[6] * 6] * 2 + [[7, 7, 7, 6, 6, 7]],
                [[3, 2, 2, 3, 3, 1], [2, 1, 1, 2, 2, 0], [2, 1, 1, 2, 2, 0], [3, 2, 2, 3, 3, 1], [3, 2, 2, 3, 3, 1], [1, 0, 0, 1, 1, -1]],
                -6),
    "reciprocal": ([[15] + [14] * 4 + [15]] + [[14] + [13] * 4 + [14]] * 4 + [[15] + [14] * 4 + [15]],
                   [[10] + [13] * 4 + [10]] + [[13] + [15] * 4 + [13]] * 4 + [[10] + [13] * 4 + [10]], -8),
}


def write_model(path, shape, kind, points=None):
    """A convolution with random weights."""
    size, depth, channels = shape
    source = random.Random(1)
    count = channels * 9 * depth
    attribute = ""
    if points:
        has_factors, more_bits = points == FACTORS, 2 if points == TEN_BITS else 0
        points = {FACTORS: "reciprocal", TEN_BITS: "integer"}.get(points, points)
        *shifts, fraction = TAPWISE[points]
        # Codes and weights that are multiplied and divided by 3, 5 or 7 are shifted by 2 or 3 more.
        factors, more = ([1, 3, 5, 7] * 9, [0, 2, 2, 3] * 9) if has_factors else ([1] * 36, [0] * 36)
        codes, weights = (", ".join(str(shift + by + finer) for shift, by in zip((shift for row in rows for shift in row), more))
                          for rows, finer in zip(shifts, (-more_bits, more_bits)))
        attribute = (f", algorithm = #qnn.algorithm<winograd = F_4_3, tapwise, bits = {8 + more_bits}, "
                     f"codes = [{codes}], weights = [{weights}], fraction = {fraction if depth < 512 else fraction - 4}, "
                     f"points = {points}{f', factors = {factors}' if has_factors else ''}>")
    if kind == "f32":
        data = struct.pack(f"<{count}f", *(source.gauss(0, 0.05) for _ in range(count)))
        types, stored = "", ("f32", "f32", "f32")
    else:
        deviation = 32 if depth < 512 else 24  # the sums of F(4x4, 3x3) have to fit 32 bits
        data = bytes(max(-127, min(127, round(source.gauss(0, deviation)))) & 255 for _ in range(count))
        scale = 0.02 * 0.01 * deviation * 74 * (9 * depth) ** 0.5 / 60
        types = ("!x = !quant.uniform<i8:f32, 0.02:-3>\n!w = !quant.uniform<i8:f32, 0.01>\n"
                 f"!y = !quant.uniform<i8:f32, {scale:e}:4>\n")
        stored = ("!x", "!w", "!y")
    x, y = (f"tensor<1x{size}x{size}x{number}x{element}>" for number, element in ((depth, stored[0]), (channels, stored[2])))
    w = f"tensor<{channels}x3x3x{depth}x"
    path.write_text(f"""{types}func.func @net(%x: {x} {{qnn.name = "x"}}) -> ({y} {{qnn.name = "y"}}) {{
  %w = qnn.constant dense<"0x{data.hex().upper()}"> : {w}{'f32' if kind == 'f32' else 'i8'}> : {w}{stored[1]}>
  %y = qnn.conv2d %x, %w {{pads = array<i64: 1, 1, 1, 1>{attribute}}} : ({x}, {w}{stored[1]}>) -> {y} loc("conv")
  return %y : {y}
}}
""")


def choice(options, model):
    """The algorithm that is chosen where none is asked for."""
    text = run(options.qcc, "compile", model, f"--target={options.target}", "--fp-contract=transform", "--verbose",
               "-o", model.with_suffix(".o"), errors=subprocess.STDOUT)
    found = re.search(r"winograd\((f[24])", text)
    return found[1].upper() if found else "direct"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", default="build/bin/qcc", help="default: %(default)s")
    parser.add_argument("--target", default="host", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="in which all ways take turns; the fastest counts (default: %(default)s)")
    parser.add_argument("--kinds", nargs="+", choices=ALGORITHMS, default=list(ALGORITHMS), help="default: all")
    parser.add_argument("--shapes", type=int, default=len(SHAPES), help="the first so many (default: all)")
    parser.add_argument("--tapwise", action="store_true", help="also F(4x4, 3x3) tap by tap, of 8 bits at both kinds of points, and of 10")
    options = parser.parse_args()
    print("| type | size, channels | us | chosen | best to chosen | within 5 % |\n| --- | --- | --- | --- | ---: | --- |")
    near = count = 0
    with tempfile.TemporaryDirectory() as name:
        for kind in options.kinds:
            for shape in SHAPES[:options.shapes]:
                model = Path(name) / "conv.mlir"
                write_model(model, shape, kind)
                ways = {way: (model, f"--algorithm=.*={rule}") for way, rule in ALGORITHMS[kind].items()}
                for points in [*TAPWISE, FACTORS, TEN_BITS] if options.tapwise and kind == "i8" else []:
                    ways[f"F4 {points}"] = (Path(name) / f"{points}.mlir",)
                    write_model(ways[f"F4 {points}"][0], shape, kind, points)
                times = {}
                for _ in range(options.rounds):
                    for way, command in ways.items():
                        times[way] = min(times.get(way, float("inf")), least_us(options.qcc, *command, f"--target={options.target}"))
                chosen = choice(options, model)
                ratio = min(times[way] for way in ALGORITHMS[kind]) / times[chosen]
                near += ratio * NEAR >= 1
                count += 1
                size, depth, channels = shape
                shown = ", ".join(f"{way} {time:.1f}" for way, time in times.items())
                print(f"| {kind} | {size}x{size}, {depth}{'' if depth == channels else f' to {channels}'} | {shown} | {chosen} | "
                      f"{ratio:.2f} | {'yes' if ratio * NEAR >= 1 else 'no'} |", flush=True)
    print(f"\n{near} of {count} choices are within 5 % of the best")
    return 0


if __name__ == "__main__":
    sys.exit(main())
