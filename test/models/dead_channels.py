#!/usr/bin/env python3
"""Checks on the integer models that removing dead channels changes no output, and how much it removes.

The interpreter runs each model as imported and after the phase `compress`, on random inputs.
"""

import json
import random
import subprocess
import sys
import tempfile
from array import array
from math import prod
from pathlib import Path

import models
import npz

# The most products that may be left of a model with channels that are known to be dead.
MACS = {"vww_96_int8": 3_740_000, "person_detect": 7_156_000}


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


def random_elements(kind, count, source):
    """Any codes, or floats within [-1, 1)."""
    if kind == "f32":
        return array("f", (source.uniform(-1, 1) for _ in range(count)))
    return array({"int8": "b", "uint8": "B"}[kind], source.randbytes(count))


def random_samples(ports, count):
    source = random.Random(1)
    samples = {}
    for index, port in enumerate(ports):
        shape = (count, *port["shape"][1:])
        samples[f"input{index}"] = shape, random_elements(port["format"], prod(shape), source)
    return samples


def check(model, options):
    report = json.loads(run(options.qcc, "inspect", model.path, "--target=cortex-m4", "--json"))
    with tempfile.TemporaryDirectory() as folder:
        smaller, inputs = Path(folder, "smaller.mlir"), Path(folder, "inputs.npz")
        smaller.write_bytes(run(options.qcc, "compile", model.path, "--until=compress"))
        npz.write(inputs, random_samples(report["inputs"], options.samples))
        results = []
        for path in (model.path, smaller):
            outputs = Path(folder, "outputs.npz")
            run(options.qcc, "run", path, "--backend=reference", "--inputs", inputs, "--outputs", outputs)
            results.append(list(npz.read(outputs).values()))
    before, after = report["imported"]["macs"], report["macs"]
    print(f"{model.name}: {before:,} products, {after:,} without dead channels", flush=True)
    if results[0] != results[1]:
        print(f"{model.name}: the outputs differ")
        return False
    if after > MACS.get(model.name, before):
        print(f"{model.name}: expected at most {MACS.get(model.name, before):,} products")
        return False
    return True


def main():
    parser = models.parser(__doc__)
    parser.add_argument("--samples", type=int, default=4, help="random samples per model (default: %(default)s)")
    options = parser.parse_args()
    results = [check(model, options) for model in models.chosen(options) if not model.is_float]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
