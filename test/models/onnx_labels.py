#!/usr/bin/env python3
"""Compares the labels that QONNX's networks give to MNIST images with those of the graphs evaluated in floats."""

import subprocess
import sys
import tempfile
from pathlib import Path

import models

try:
    import numpy as np
    from onnx import load
    from onnx.reference import ReferenceEvaluator
    from onnx.reference.op_run import OpRun
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

DATA = models.SHARED / "data" / "mnist_test.npz"
# What each is known to reach at least.
MODELS = {"TFC_1W1A": 0.915, "TFC_2W2A": 0.953}


class BipolarQuant(OpRun):
    op_domain = "onnx.brevitas"

    def _run(self, x, scale):
        return (np.where(x >= 0, scale, -scale).astype(np.float32),)


class BatchNormalization(OpRun):
    """The evaluator's own takes a momentum, which is for training, as a sign that the network is trained."""

    def _run(self, x, gamma, beta, mean, variance, epsilon=1e-5, **training):
        return ((gamma * (x - mean) / np.sqrt(variance + np.float32(epsilon)) + beta).astype(np.float32),)


class Quant(OpRun):
    op_domain = "onnx.brevitas"

    def _run(self, x, scale, zero, bits, signed=1, narrow=0, rounding_mode="ROUND"):
        assert rounding_mode == "ROUND"
        low = -(2 ** (bits - 1)) + narrow if signed else 0
        high = 2 ** (bits - 1) - 1 if signed else 2**bits - 1 - narrow
        return (((np.clip(np.rint(x / scale + zero), low, high) - zero) * scale).astype(np.float32),)


def reference_labels(path, images):
    model = load(path)
    model.opset_import.add(domain="onnx.brevitas", version=1)
    evaluator = ReferenceEvaluator(model, new_ops=[BatchNormalization, BipolarQuant, Quant])
    name = model.graph.input[0].name
    return np.array([int(np.argmax(evaluator.run(None, {name: image[None]})[0])) for image in images])


def qcc_labels(options, path, images, labels):
    """(predicted labels, what `qcc evaluate` prints)"""
    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder, "data.npz"), Path(folder, "predictions.npz")
        np.savez(data, images=images, labels=labels)
        command = [options.qcc, "evaluate", path, "--data", data, "--predictions", result]
        process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        with np.load(result) as arrays:
            return arrays["labels"], process.stdout.strip()


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--images", type=int, default=500, help="default: %(default)s, at most 5000")
    options = parser.parse_args()
    if not DATA.exists():
        print("skipped: no mnist_test.npz in ../shared/data")
        return 0
    with np.load(DATA) as arrays:
        images = (arrays["images"][:options.images] / np.float32(255)).reshape(-1, 1, 28, 28).astype(np.float32)
        labels = arrays["labels"][:options.images]
    failures = 0
    for name, least in MODELS.items():
        path = models.SHARED / "models" / "qonnx" / f"{name}.onnx"
        if not path.exists():
            print(f"{name}: skipped, not in ../shared/models")
            continue
        expected = reference_labels(path, images)
        predicted, summary = qcc_labels(options, path, images, labels)
        equal = int(np.sum(expected == predicted))
        print(f"{name}: {equal} of {len(images)} labels as in floats; qcc: {summary}")
        failures += equal != len(images) or np.mean(predicted == labels) < least
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
