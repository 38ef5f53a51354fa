#!/usr/bin/env python3
"""What tap-wise Winograd F(4x4, 3x3) costs in accuracy: the ratio of signal to noise of a layer of Gaussian numbers and
of resnet8's layers, and resnet8's labels of CIFAR-10 images, for each number of bits and for a single scale.

With --assert, the exit code says whether tap-wise scales are 12 dB better than a single one with 8 bits, and how many
labels change is within what docs/rationale/Winograd.md says.
"""

import json
import random
import re
import struct
import sys
import tempfile
import zipfile
from pathlib import Path

import models

MODEL = models.SHARED / "models" / "mlperf_tiny" / "pretrainedResnet_quant.tflite"
DATA = models.SHARED / "data" / "cifar10_test.npz"
CALIBRATION = models.SHARED / "data" / "cifar10_calib.npz"
WAYS = ["single,8", "single,8,reciprocal", "tapwise,8,greedy,integer", "channelwise,8,greedy,integer", "tapwise,8,max", "tapwise,8,mse",
        "tapwise,8,greedy,shifts", "channelwise,8,greedy,shifts", "tapwise,8,greedy", "channelwise,8,greedy", "tapwise,8", "channelwise,8", "channelwise,9", "tapwise,10", "channelwise,10"]
CHANNELS, SIZE, SAMPLES = 32, 16, 4
LEAST_GAP = 12  # dB
MOST_LOST = {"tapwise,8": 0.02, "channelwise,10": 0.003}  # of all labels


def fit(options, model, way, calibration, output, *more):
    """The ratios of signal to noise that `qcc quantize` reports, by layer."""
    text = models.qcc(options, "quantize", model, f"--algorithm=.*=winograd(f4,{way})", "--calibrate", calibration,
                      "--verbose", "-o", output, *more)
    return {layer: float(ratio) for layer, ratio in re.findall(r"'([^']*)': computed by .* with ([-0-9.]+) dB", text)}


def write_gaussian(folder):
    """A convolution whose codes and weights are Gaussian, with samples."""
    source = random.Random(1)

    def codes(count):
        return bytes(max(-127, min(127, round(source.gauss(0, 32)))) & 255 for _ in range(count))

    weights = codes(CHANNELS * 9 * CHANNELS).hex().upper()
    samples = codes(SAMPLES * SIZE * SIZE * CHANNELS)
    header = f"{{'descr': '|i1', 'fortran_order': False, 'shape': ({SAMPLES}, {SIZE}, {SIZE}, {CHANNELS}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    with zipfile.ZipFile(folder / "gauss.npz", "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + samples)
    image = f"tensor<1x{SIZE}x{SIZE}x{CHANNELS}x"
    shape = f"tensor<{CHANNELS}x3x3x{CHANNELS}x"
    (folder / "gauss.mlir").write_text(f"""!q = !quant.uniform<i8:f32, 1.0>
func.func @net(%x: {image}!q> {{qnn.name = "x"}}) -> ({image}i32> {{qnn.name = "y"}}) {{
  %w = qnn.constant dense<"0x{weights}"> : {shape}i8> : {shape}!q>
  %y = qnn.conv2d %x, %w {{pads = array<i64: 1, 1, 1, 1>}} : ({image}!q>, {shape}!q>) -> {image}i32> loc("gauss")
  return %y : {image}i32>
}}
""")


def accuracy(options, model, against=None):
    """(accuracy, ratios of signal to noise against the direct model by layer)"""
    command = ["evaluate", model, "--data", options.data, "--json", f"--backend={options.backend}"]
    if against:
        command += ["--against", against, "--compare", options.compare]
    result = json.loads(models.qcc(options, *command))
    return result["accuracy"], {each["layer"]: each["sqnr_db"] for each in result.get("layers", [])}


def first_images(folder, count):
    """The first images of the test data, whose arrays are stored row by row."""
    import numpy as np
    with np.load(DATA) as arrays:
        np.savez(folder / "images.npz", images=arrays["images"][:count], labels=arrays["labels"][:count])
    return folder / "images.npz"


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--images", type=int, default=2000, help="default: %(default)s, at most 2000")
    parser.add_argument("--ways", nargs="+", default=WAYS, help="default: all")
    parser.add_argument("--backend", default="jit", help="of qcc evaluate")
    parser.add_argument("--compare", type=int, default=4, help="samples for each layer's ratio in the whole model")
    parser.add_argument("--assert", dest="asserts", action="store_true", help="fail where figures are worse than said")
    options = parser.parse_args()
    if not MODEL.exists() or not DATA.exists():
        print("skipped: no resnet8 in ../shared/models or no cifar10_test.npz in ../shared/data")
        return 0
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        options.data = first_images(folder, options.images)
        write_gaussian(folder)
        direct = accuracy(options, MODEL)[0]
        print(f"direct: accuracy {direct:.4f}")
        alone = {}
        for way in options.ways:
            ratios = fit(options, folder / "gauss.mlir", way, folder / "gauss.npz", folder / "fitted.mlir")
            ratios |= fit(options, MODEL, way, CALIBRATION, folder / "resnet8.qm", "--input", "images")
            alone[way] = ratios
            reached, layers = accuracy(options, folder / "resnet8.qm", MODEL)
            print(f"{way}: accuracy {reached:.4f} ({100 * (reached - direct):+.2f} points); each layer alone, and in the "
                  "model, in dB:")
            for layer, ratio in ratios.items():
                whole = layers.get(layer.split(";")[0])
                print(f"    {ratio:6.1f} {'' if whole is None else format(whole, '6.1f'):>6}  {layer.split(';')[0]}")
            if direct - reached > MOST_LOST.get(way, 1):
                failures.append(f"{way} loses {100 * (direct - reached):.2f} points")
        if "single,8" in alone and "tapwise,8" in alone:
            for layer, ratio in alone["tapwise,8"].items():
                gap = ratio - alone["single,8"][layer]
                if gap < LEAST_GAP:
                    failures.append(f"tap-wise scales are {gap:.1f} dB better than a single one in {layer}")
    print("\n".join(failures))
    return 1 if failures and options.asserts else 0


if __name__ == "__main__":
    sys.exit(main())
