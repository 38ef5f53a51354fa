#!/usr/bin/env python3
"""Compares the labels that resnet8 gives to CIFAR-10 images with those of LiteRT's reference kernels, one by one."""

import subprocess
import sys
import tempfile
from pathlib import Path

import models

try:
    import numpy as np
    import ai_edge_litert  # noqa: F401
    import peers
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

MODEL = models.SHARED / "models" / "mlperf_tiny" / "pretrainedResnet_quant.tflite"
DATA = models.SHARED / "data" / "cifar10_test.npz"


def litert_labels(images):
    peer = peers.Litert(MODEL)
    # The model's input has scale 1 and zero point -128.
    codes = (images.astype(np.int16) - 128).astype(np.int8)
    return np.array([int(np.argmax(peer.run([code[None]])[0])) for code in codes])


def qcc_labels(options, images, labels):
    """(predicted labels, what `qcc evaluate` prints)"""
    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder, "data.npz"), Path(folder, "predictions.npz")
        np.savez(data, images=images, labels=labels)
        command = [options.qcc, "evaluate", MODEL, "--data", data, "--scale", "1", "--rounding=litert",
                   "--predictions", result]
        process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        with np.load(result) as arrays:
            return arrays["labels"], process.stdout.strip()


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--images", type=int, default=100, help="default: %(default)s, at most 2000")
    options = parser.parse_args()
    if not MODEL.exists() or not DATA.exists():
        print("skipped: no resnet8 in ../shared/models or no cifar10_test.npz in ../shared/data")
        return 0
    with np.load(DATA) as arrays:
        images, labels = arrays["images"][:options.images], arrays["labels"][:options.images]
    expected = litert_labels(images)
    predicted, summary = qcc_labels(options, images, labels)
    equal = int(np.sum(expected == predicted))
    print(f"resnet8: {equal} of {len(images)} labels as LiteRT's; qcc: {summary}; "
          f"LiteRT: accuracy {np.mean(expected == labels):.4f}")
    return 0 if equal == len(images) else 1


if __name__ == "__main__":
    sys.exit(main())
