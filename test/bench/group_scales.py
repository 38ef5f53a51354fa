"""Measures contractions whose weights have one scale per group, or are indices of a code book, and prints the tables of
docs/rationale/GroupScales.md and CodeBooks.md.

    python3 test/bench/group_scales.py [--ggml=llama.cpp/ggml]

Products of matrices with 4-bit weights in groups are compared with those of int8 weights; products of a vector with a
matrix, as language models decode, with ggml's Q4_0 and with the bytes that memory gives in that time. All are timed in
turn, in one thread, and the best of all rounds counts. Needs a built qcc; with --ggml, the source of ggml, cmake and a C
compiler.
"""

import argparse
import json
import random
import struct
import sys
import tempfile
from pathlib import Path

from measure import run

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent

CMAKE = """cmake_minimum_required(VERSION 3.16)
project(peer C CXX)
set(BUILD_SHARED_LIBS OFF)
add_subdirectory({ggml} ggml)
add_executable(ggml_q4_0 {driver})
target_link_libraries(ggml_q4_0 ggml-cpu ggml-base m)
"""


def hexadecimal(data):
    return f'"0x{data.hex()}"'


TABLE = [-64, -49, -38, -29, -21, -14, -9, -4, 0, 4, 9, 14, 21, 30, 42, 64]


def model(path, rows, units, inputs, bits, group, output, planes=1):
    """A dense layer of random weights, per channel if there is no group. One of floats quantizes its input itself. Weights of
    one bit are those of so many planes of binary coding; those of "book" are indices of 16 integers."""
    is_book = bits == "book"
    bits = 4 if is_book else bits
    copied, inputs = inputs, inputs * planes
    generator = random.Random(1)
    scales = units * (-(-inputs // group) if group else 1)
    values = [generator.uniform(0.02, 0.05) for _ in range(min(scales, 65536))]
    if bits == 8:
        legal = bytes(c if c != 128 else 0 for c in range(256))
        weights = generator.randbytes(units * inputs).translate(legal)
        stored = f"{units}x{inputs}"
    elif bits == 1:
        weights = generator.randbytes(units * inputs // 8)
        stored = f"{len(weights)}"
    else:
        legal = bytes(c if c % 16 != 8 and c // 16 != 8 else 0 for c in range(256))
        weights = generator.randbytes(units * inputs // 2).translate(legal)
        stored = f"{units * inputs // 2}"
    y = {"i8": "!quant.uniform<i8:f32, 4.0:-5>", "f32": "f32"}[output]
    given = "f32" if output == "f32" else "!x"
    quantized = f"  %x = qnn.quantize %input : (tensor<{rows}x{copied}xf32>) -> tensor<{rows}x{copied}x!x>"
    if given == "!x":
        quantized = ""
    x = "%x" if quantized else "%input"
    if planes > 1:
        kinds = ", ".join([f"tensor<{rows}x{copied}x!x>"] * planes)
        quantized += f"\n  %copies = qnn.concat {', '.join([x] * planes)} {{axis = 1}} : ({kinds}) -> tensor<{rows}x{inputs}x!x>"
        x = "%copies"
    per_channel = ", ".join(f"{value:g}" for value in values)
    largest = 2 ** (bits - 1) - 1
    w = f"!qnn.grouped<bits = {bits}, group = {group}>" if group else \
        f"!qnn.codebook<table = {TABLE}, axis = 0, alpha = [{per_channel}]>" if is_book else \
        f"!quant.uniform<i{bits}<-{largest}:{largest}>:f32:0, {{{per_channel}}}>"
    lines = [
        "!x = !quant.uniform<i8:f32, 5.0e-02:3>",
        f"!w = {w}",
        f"func.func @f(%input: tensor<{rows}x{copied}x{given}>) -> (tensor<{rows}x{units}x{y}>) {{",
        quantized,
        f"  %w = qnn.constant dense<{hexadecimal(weights)}> : tensor<{stored}xi8> : tensor<{units}x{inputs}x!w>",
    ]
    operand, kind = "", ""
    if group:
        shape = f"tensor<{units}x{-(-inputs // group)}xf32>"
        data = b"".join(struct.pack("<f", value) for value in values)
        data = (data * -(-scales // len(values)))[:4 * scales]
        lines.append(f"  %s = qnn.constant dense<{hexadecimal(data)}> : {shape} : {shape}")
        operand, kind = " scales %s", f", {shape}"
    lines += [
        f"  %y = qnn.dense {x}, %w{operand} : (tensor<{rows}x{inputs}x!x>, tensor<{units}x{inputs}x!w>{kind})"
        f" -> tensor<{rows}x{units}x{y}>",
        f"  return %y : tensor<{rows}x{units}x{y}>",
        "}",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    print("".join("| " + " | ".join(line) + " |\n" for line in lines))


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder

    def best(self, models, flags, others=()):
        """The least microseconds of each model, and bytes of its constants; and of what other functions print."""
        times = {}
        for name, arguments in models.items():
            model(self.folder / f"{name}.mlir", *arguments)
        for _ in range(self.options.rounds):
            for name in models:
                measured = json.loads(run(self.options.qcc, "bench", self.folder / f"{name}.mlir", "--json", *flags))
                entry = times.setdefault(name, [measured["min_us"], measured["rodata_bytes"]])
                entry[0] = min(entry[0], measured["min_us"])
            for other in others:
                for name, time in other().items():
                    entry = times.setdefault(name, [time, 0])
                    entry[0] = min(entry[0], time)
        return times

    def build_ggml(self):
        if not self.options.ggml:
            return None
        source = Path(self.options.ggml).resolve()
        if not (source / "CMakeLists.txt").exists():
            sys.exit(f"expects the source of ggml in '{source}', but there is no CMakeLists.txt")
        text = CMAKE.format(ggml=source, driver=HERE / "ggml_q4_0.c")
        (self.folder / "CMakeLists.txt").write_text(text, encoding="utf-8")
        build = self.folder / "build"
        run("cmake", "-S", self.folder, "-B", build, "-DCMAKE_BUILD_TYPE=Release", "-DGGML_NATIVE=ON", "-DGGML_OPENMP=OFF",
            "-DCMAKE_C_FLAGS=-w", "-DCMAKE_CXX_FLAGS=-w", "--log-level=ERROR")
        run("cmake", "--build", build, "--target", "ggml_q4_0")
        return build / "ggml_q4_0"

    def matrices(self):
        models = {"int8": (256, 256, 576, 8, 0, "i8"), "int4, per channel": (256, 256, 576, 4, 0, "i8")}
        models["code book of 16"] = (256, 256, 576, "book", 0, "i8")
        for group in (128, 64, 32):
            models[f"int4, groups of {group}"] = (256, 256, 576, 4, group, "i8")
        times = self.best(models, ["-Os"])
        table(["256x256x576, 8-bit codes, -Os", "us", "speed of int8", "read-only bytes"],
              [[name, f"{time:.1f}", f"{times['int8'][0] / time:.2f}", f"{size:,}"]
               for name, (time, size) in times.items()])

    def vectors(self, ggml):
        for units in self.options.units:
            def others(units=units):
                lines = run(ggml, str(units), "4096", "1000").split()
                return dict(zip(["ggml, a row at a time", "ggml, eight repacked rows"], map(float, lines)))

            models = {name: (1, units, 4096, bits, 0, "f32")
                      for name, bits in {"int8": 8, "int4, per channel": 4, "code book of 16": "book"}.items()}
            models |= {f"groups of {group}": (1, units, 4096, 4, group, "f32") for group in (32, 64, 128)}
            models["binary coding, 3 planes, groups of 128"] = (1, units, 4096, 1, 128, "f32", 3)
            times = self.best(models, [], [others] if ggml else [])
            size = units * 4096 // 32 * 18
            peer = times.get("ggml, a row at a time", [0])[0]
            rows = []
            for name, (time, own) in times.items():
                rows.append([name, f"{time:.0f}", f"{(own or size) / time / 1000:.1f}", f"{peer / time:.2f}" if peer else "-"])
            table([f"1x{units}x4096, 4-bit weights and less", "us", "GB/s", "speed of ggml"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", type=Path, default=ROOT / "build" / "bin" / "qcc")
    parser.add_argument("--ggml", help="folder of ggml's source")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--units", type=int, nargs="*", default=[4096, 28672], help="outputs of the products with a vector")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, Path(folder))
        ggml = bench.build_ggml()
        if not ggml:
            print("Without --ggml: its Q4_0 is not measured.\n")
        bench.matrices()
        bench.vectors(ggml)


if __name__ == "__main__":
    main()
