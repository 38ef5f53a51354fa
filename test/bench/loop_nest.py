"""Times a product of 1024x1024 matrices, binary weights and 2-bit codes, against plain loops that a C compiler
optimizes, and prints the table of docs/rationale/BitPlanes.md.

    python3 test/bench/loop_nest.py

The loops have floats, as networks have where no kernels for bits are at hand, or bytes; rows are read in the order that
they lie in. All are timed in turn, in one thread, and the best of all rounds counts. Needs a built qcc and a C compiler.
"""

import argparse
import random
import tempfile
from pathlib import Path

from measure import least_us, run

ROOT = Path(__file__).resolve().parents[2]
SIZE = 1024
LOOPS = {"floats": ("float", "float"), "bytes": ("int8_t", "int32_t")}


def write_model(path):
    weights = random.Random(1).randbytes(SIZE * SIZE // 8)
    path.write_text(f"""!x = !quant.uniform<u2:f32, 1.0>
!y = !quant.uniform<i8:f32, 8.0:-5>
func.func @product(%x: tensor<{SIZE}x{SIZE}x!x>) -> tensor<{SIZE}x{SIZE}x!y> {{
  %w = qnn.constant dense<"0x{weights.hex()}"> : tensor<{len(weights)}xi8> : tensor<{SIZE}x{SIZE}x!qnn.binary>
  %y = qnn.dense %x, %w : (tensor<{SIZE}x{SIZE}x!x>, tensor<{SIZE}x{SIZE}x!qnn.binary>) -> tensor<{SIZE}x{SIZE}x!y>
  return %y : tensor<{SIZE}x{SIZE}x!y>
}}
""", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", type=Path, default=ROOT / "build" / "bin" / "qcc")
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = folder / "product.mlir"
        write_model(model)
        timed = {"qcc, w1a2": lambda: least_us(options.qcc, model)}
        for kind, (element, total) in LOOPS.items():
            for flags in (["-O3"], ["-O3", "-march=native"]):
                program = folder / f"{kind}{len(flags)}"
                run(options.cc, *flags, f"-DT={element}", f"-DSUM={total}", ROOT / "test/bench/loop_nest.c", "-o", program)
                timed[f"loops of {kind}, {' '.join(flags)}"] = lambda program=program: float(run(program, 3))
        best = {}
        for _ in range(options.rounds):
            for kind, measure in timed.items():
                best[kind] = min(measure(), best.get(kind, float("inf")))
    own = best["qcc, w1a2"]
    print("| 1024x1024x1024 | us | as long as qcc |\n| --- | --- | --- |")
    for kind, time in best.items():
        print(f"| {kind} | {time:,.0f} | {time / own:.1f} |")


if __name__ == "__main__":
    main()
