#!/usr/bin/env python3
"""What outliers cost in 8 bits, and what it costs to multiply them in f32 (LLM.int8()): a dense layer of 2048 x 2048, and
two blocks of a transformer with random weights.

Numbers of a normal distribution go in, but for 0.1 % of the columns, whose magnitudes are 20 to 60 times its standard
deviation. The tables have the relative error of what comes out, the share of the products that are of 8 bits, and times
of both layers, f32 in and f32 out, measured in turn; of the rounds, the fastest run. The last table has the ratio of signal
to noise of what the blocks of Inputs/transformer.qm give, whose norms scale 2 of 64 channels by 40.

With --assert, the exit code says whether the errors are what docs/accuracy.md says.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import models

SIZE, ROWS = 2048, 256
OUTLIERS = [300, 1500]
RULES = {"8 bits": "fc=w8a8", "outliers in f32": "fc=w8a8(outliers: 6.0)"}
QUANTIZERS = ["auto", "mse"]
NETWORK_RULES = {".*=w8a8": 0, "block.*(q|k|v|fc1)=w8a8(outliers: 6.0)": 28}  # the least ratio, in dB
MOST_ERROR, LEAST_GAIN, LEAST_SHARE = 0.01, {"auto": 9.5, "mse": 10}, 0.999


def inputs(source, np, count):
    x = source.normal(size=(count, ROWS, SIZE)).astype("f4")
    for column in OUTLIERS:
        x[..., column] = source.uniform(20, 60, x.shape[:2]) * source.choice([-1, 1], x.shape[:2])
    return x


def write_layer(folder, np):
    """Models of ROWS rows and of one, and calibration and test data; gives the right results."""
    source = np.random.default_rng(1)
    weights = (source.normal(size=(SIZE, SIZE)) / SIZE**0.5).astype("f4")
    bias = (source.normal(size=SIZE) / 10).astype("f4")
    np.savez(folder / "fc.npz", **{"fc.weight": weights, "fc.bias": bias})
    for rows in (ROWS, 1):
        text = f'model fc(x: f32[{rows}, {SIZE}]) {{\n  weights "fc.npz"\n  return dense(x, "fc")\n}}\n'
        (folder / f"fc{rows}.qm").write_text(text)
    calibration, test = inputs(source, np, 2), inputs(source, np, 2)
    np.savez(folder / f"calibration{ROWS}.npz", x=calibration)
    np.savez(folder / "calibration1.npz", x=calibration.reshape(-1, SIZE))
    np.savez(folder / "test.npz", x=test)
    return test.astype("f8") @ weights.T.astype("f8") + bias


def quantize(options, folder, rows, rule, quantizer):
    path = folder / f"{rows}-{quantizer}-{list(RULES).index(rule)}.qm"
    models.qcc(options, "quantize", folder / f"fc{rows}.qm", "--calibrate", folder / f"calibration{rows}.npz",
               "--float-interface", "--quantizer", quantizer, "--precision", RULES[rule], "-o", path)
    return path


def relative_error(options, folder, path, expected, np):
    models.qcc(options, "run", path, "--inputs", folder / "test.npz", "--outputs", folder / "out.npz")
    with np.load(folder / "out.npz") as arrays:
        return np.linalg.norm(arrays["output"] - expected) / np.linalg.norm(expected)


def share_of_bytes(options, path):
    """Of all products, those of two codes of 8 bits."""
    layers = json.loads(models.qcc(options, "inspect", path, "--json"))["layers"]
    of_bytes = sum(layer["macs"] for layer in layers if layer["formats"]["input"] == "int8")
    return of_bytes / sum(layer["macs"] for layer in layers)


def measure_times(options, paths):
    """The fastest run of each, in microseconds."""
    best = dict.fromkeys(paths, float("inf"))
    for _ in range(options.rounds):
        for path in paths:
            best[path] = min(best[path], json.loads(models.qcc(options, "bench", path, "--json"))["min_us"])
    return [best[path] for path in paths]


def write_network(folder, np):
    source = np.random.default_rng(0)
    width, large = 64, [3, 40]
    arrays = {}
    for block in ("block0", "block1"):
        for name in ("norm1", "norm2"):
            arrays[f"{block}.{name}.scale"] = 1 + source.normal(size=width) / 10
            arrays[f"{block}.{name}.scale"][large] = 40
            arrays[f"{block}.{name}.shift"] = source.normal(size=width) / 10
        for name, depth, units in [("q", 64, 64), ("k", 64, 64), ("v", 64, 64), ("proj", 64, 64), ("fc1", 64, 256), ("fc2", 256, 64)]:
            weights = source.normal(size=(units, depth)) / depth**0.5
            if name not in ("proj", "fc2"):
                weights[:, large] /= 8
            arrays[f"{block}.{name}.weight"] = weights
            arrays[f"{block}.{name}.bias"] = source.normal(size=units) / 10
    np.savez(folder / "net.npz", **{name: array.astype("f4") for name, array in arrays.items()})
    for name in ("samples", "tests"):
        np.savez(folder / f"{name}.npz", x=source.normal(size=(64, 12, width)).astype("f4"))
    shutil.copy(Path(__file__).parent / "Inputs" / "transformer.qm", folder / "net.qm")


def compare_network(options, folder, np):
    """The ratio of signal to noise by rule, in dB."""
    def outputs(model):
        models.qcc(options, "run", model, "--inputs", folder / "tests.npz", "--outputs", folder / "out.npz")
        with np.load(folder / "out.npz") as arrays:
            return arrays["output"].astype("f8")

    write_network(folder, np)
    expected = outputs(folder / "net.qm")
    for rule in NETWORK_RULES:
        models.qcc(options, "quantize", folder / "net.qm", "--calibrate", folder / "samples.npz", "--float-interface",
                   "--precision", rule, "-o", folder / "net-int8.qm")
        yield rule, 20 * np.log10(np.linalg.norm(expected) / np.linalg.norm(outputs(folder / "net-int8.qm") - expected))


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="of measuring times; default: %(default)s")
    parser.add_argument("--assert", dest="asserts", action="store_true", help="fail where figures are worse than said")
    options = parser.parse_args()
    import numpy as np
    failures = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = write_layer(folder, np)
        print("| quantizer | layer | relative error | products in 8 bits |\n| --- | --- | ---: | ---: |")
        for quantizer in QUANTIZERS:
            errors = {}
            for rule in RULES:
                path = quantize(options, folder, ROWS, rule, quantizer)
                errors[rule] = relative_error(options, folder, path, expected, np)
                share = share_of_bytes(options, path)
                print(f"| `{quantizer}` | {rule} | {errors[rule]:.5f} | {100 * share:.2f} % |", flush=True)
                if share < LEAST_SHARE:
                    failures.append(f"{rule}: only {100 * share:.3f} % of the products are of 8 bits")
            plain, split = errors.values()
            if split > MOST_ERROR or plain / split < LEAST_GAIN[quantizer]:
                failures.append(f"{quantizer}: {split:.5f} is {plain / split:.1f} times less than {plain:.5f}")
        if options.rounds:
            print("\n| rows | 8 bits, us | outliers in f32, us | ratio |\n| ---: | ---: | ---: | ---: |")
            for rows in (ROWS, 1):
                paths = [quantize(options, folder, rows, rule, "auto") for rule in RULES]
                plain, split = measure_times(options, paths)
                print(f"| {rows} | {plain:.1f} | {split:.1f} | {split / plain:.2f} |", flush=True)
        print("\n| rule | signal to noise, dB |\n| --- | ---: |")
        for rule, ratio in compare_network(options, folder, np):
            print("| `" + rule.replace("|", "\\|") + f"` | {ratio:.1f} |", flush=True)
            if ratio < NETWORK_RULES[rule]:
                failures.append(f"two blocks with {rule}: {ratio:.1f} dB")
    if options.asserts and failures:
        sys.exit("\n".join(failures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
