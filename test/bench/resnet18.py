#!/usr/bin/env python3
"""What Winograd's algorithms are worth in a whole model: a network of ResNet-18's shape (224x224 images, 1,000 classes; He et al.,
arXiv:1512.03385) with random weights, quantized to 8 bits, whose 3x3 convolutions with strides of 1 are computed in each way in turn.

Needs NumPy. Layers of 512 channels stay direct in the tap-wise ways, as the cost model has it for the others.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np

from measure import least_us, run

STAGES = ((64, 1), (128, 2), (256, 2), (512, 2))
# Layers are called s<stage>b<block>c<convolution>; those of strides of 2 are s2b1c1, s3b1c1 and s4b1c1.
TAPWISE = "s[123]b.c.=winograd(f4,{way})"
DIRECT = "s[23]b1c1=direct"


def write_model(folder):
    """The model in f32: convolutions as batch norms folded into them leave them."""
    source = np.random.default_rng(1)
    tensors, lines = {}, ["model resnet18(x: f32[1, 224, 224, 3]) {", '  weights "weights.npz"']

    def conv(result, name, argument, depth, channels, kernel, stride, activation=True):
        deviation = np.sqrt(2 / (kernel * kernel * depth)) * (1 if activation else 0.5)
        tensors[f"{name}.weight"] = source.normal(0, deviation, (channels, kernel, kernel, depth)).astype(np.float32)
        tensors[f"{name}.bias"] = source.normal(0, 0.1, channels).astype(np.float32)
        lines.append(f'  {result} = conv2d({argument}, "{name}", filters: {channels}, kernel: {kernel}, stride: {stride}'
                     f'{", activation: relu" if activation else ""})')

    conv("x", "stem", "x", 3, 64, 7, 2)
    lines.append("  x = max_pool(x, kernel: 3, stride: 2, padding: same)")
    depth = 64
    for stage, (channels, first) in enumerate(STAGES, 1):
        for block, stride in enumerate((first, 1), 1):
            name = f"s{stage}b{block}"
            conv("y", f"{name}c1", "x", depth, channels, 3, stride)
            conv("y", f"{name}c2", "y", channels, channels, 3, 1, activation=False)
            if stride != 1:
                conv("x", f"{name}d", "x", depth, channels, 1, stride, activation=False)
            lines.append("  x = relu(x + y)")
            depth = channels
    tensors["fc.weight"] = source.normal(0, 0.05, (1000, 512)).astype(np.float32)
    tensors["fc.bias"] = np.zeros(1000, np.float32)
    lines += ["  x = mean(x, [1, 2])", '  return dense(x, "fc", units: 1000)', "}"]
    np.savez(folder / "weights.npz", **tensors)
    np.savez(folder / "samples.npz", x=source.normal(0, 1, (8, 224, 224, 3)).astype(np.float32))
    (folder / "resnet18.qm").write_text("\n".join(lines) + "\n")
    return folder / "resnet18.qm"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", default="build/bin/qcc", help="default: %(default)s")
    parser.add_argument("--target", default="host", help="default: %(default)s")
    parser.add_argument("--rounds", type=int, default=3, help="in which all ways take turns; the fastest counts (default: %(default)s)")
    options = parser.parse_args()
    target = f"--target={options.target}"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        floats, direct = write_model(folder), folder / "direct.qm"
        run(options.qcc, "quantize", floats, "--calibrate", folder / "samples.npz", "-o", direct)
        ways = {"int8, direct": (direct, "--algorithm=.*=direct"), "int8, as chosen": (direct,),
                "int8, F2": (direct, "--algorithm=s.b.c.=winograd(f2,exact)")}
        # Refined weights take minutes to fit, and as long to compute as others.
        for way in ("tapwise,10", "tapwise,8,greedy,integer", "tapwise,8,greedy"):
            model = folder / f"{way}.qm"
            run(options.qcc, "quantize", floats, f"--algorithm={TAPWISE.format(way=way)}", f"--algorithm={DIRECT}", "--calibrate",
                folder / "samples.npz", "-o", model)
            ways[f"int8, F4 ({way})"] = (model, "--algorithm=s4.*=direct")
        ways |= {"f32, direct": (floats, "--algorithm=.*=direct"), "f32, as chosen": (floats, "--fp-contract=transform")}
        times = {}
        for _ in range(options.rounds):
            for way, command in ways.items():
                times[way] = min(times.get(way, float("inf")), least_us(options.qcc, *command, target))
    print("| model | us | direct to this |\n| --- | ---: | ---: |")
    for way, time in times.items():
        print(f"| {way} | {time:,.0f} | {times[way.split(',')[0] + ', direct'] / time:.2f} |")


if __name__ == "__main__":
    main()
