"""Times 3x3 binary convolutions of qcc and of Larq Compute Engine, and prints the table of docs/rationale/BitPlanes.md.

    build/larq/bin/python test/bench/larq.py

Each layer has as many channels behind it as before, ones around its input, and gives bits. A network of 6 and one of 1 such
layers are timed in turn, in one thread; the difference of the best of all rounds is the time of 5 layers, without what
surrounds them. docs/larq.md says how to install that engine.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "models"))

import numpy as np  # noqa: E402
from larq import SAME, Bits, LarqComputeEngine, LarqFile  # noqa: E402
from measure import least_us  # noqa: E402

SHAPES = [(56, 64), (28, 128), (14, 256), (7, 512)]
DEPTHS = (1, 6)


def network(path, size, channels, depth):
    rng = np.random.default_rng(1)
    model, shape = LarqFile(), (1, size, size, channels)
    bits = model.quantize(model.input(shape, np.float32), shape)
    for _ in range(depth):
        signs = rng.choice([-1.0, 1.0], (channels, 3, 3, channels))
        bits = model.conv(bits, signs, Bits, padding=SAME, thresholds=np.full(channels, 9 * channels // 2))
    model.save(path, [model.dequantize(bits)])


def time_engine(path, shape, seconds=0.5):
    """Microseconds of the CPU in the fastest run, by the faster of the kernels that are not for reference."""
    image, best = np.random.default_rng(2).normal(size=shape).astype(np.float32), float("inf")
    for is_indirect in (True, False):
        engine = LarqComputeEngine.load(path, use_indirect_bgemm=is_indirect)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            start = time.process_time()
            engine.predict(image)
            best = min(best, time.process_time() - start)
    return best * 1e6


def layer_times(options, folder, size, channels):
    """Microseconds of one layer: of qcc, and of Larq Compute Engine."""
    best = {}
    for _ in range(options.rounds):
        for depth in DEPTHS:
            path = Path(folder) / f"layers{depth}.tflite"
            network(path, size, channels, depth)
            times = least_us(options.qcc, path), time_engine(path, (1, size, size, channels))
            best[depth] = [min(pair) for pair in zip(times, best.get(depth, times))]
    return [(most - least) / (DEPTHS[1] - DEPTHS[0]) for most, least in zip(best[DEPTHS[1]], best[DEPTHS[0]])]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", default=str(ROOT / "build" / "bin" / "qcc"))
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("| layer | qcc, us | G/s | Larq Compute Engine, us | G/s | ratio |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for size, channels in SHAPES:
            own, other = layer_times(options, folder, size, channels)
            products = size * size * channels * channels * 9
            print(f"| 3x3 {size}x{size}x{channels} | {own:.1f} | {products / own / 1e3:,.0f} "
                  f"| {other:,.0f} | {products / other / 1e3:,.0f} | {other / own:.1f} |", flush=True)


if __name__ == "__main__":
    main()
