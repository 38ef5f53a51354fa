#!/usr/bin/env python3
"""How long `qcc compile` takes, and how much memory: models of many parameters, made here, and any others that are named.

    compiling.py [--rounds=2] [--target=host] [model.tflite ...]

Memory is the largest resident set, and how many times the parameters' bytes it is above that of one layer without any. Needs numpy;
models in ONNX need onnx, and the MobileNets what test/models/mobilenet.py needs: without, they are left out.
"""

import argparse
import concurrent.futures
import json
import math
import os
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

try:
    import numpy as np
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)
try:
    import onnx
    from onnx import helper, numpy_helper
except ImportError:
    onnx = None

LAYERS, UNITS = 10, 3200
ROOT = Path(__file__).resolve().parents[2]


def matrices(kind):
    """A matrix of weights for each layer."""
    random = np.random.default_rng(0)
    for _ in range(LAYERS):
        if kind == "i8":
            yield random.integers(-127, 128, (UNITS, UNITS), dtype=np.int8)
        else:
            yield random.standard_normal((UNITS, UNITS), dtype=np.float32) / np.float32(math.sqrt(UNITS))


def write_language(folder):
    """Ten dense layers in f32: a model in qcc's language and its weights."""
    size = 4 * UNITS * UNITS
    header = {f"d{i}.weight": {"dtype": "F32", "shape": [UNITS, UNITS], "data_offsets": [i * size, (i + 1) * size]}
              for i in range(LAYERS)}
    text = json.dumps(header).encode()
    with open(folder / "dense.safetensors", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for matrix in matrices("f32"):
            file.write(matrix.tobytes())
    layers = " ".join(f'|> dense("d{i}") |> relu' for i in range(LAYERS))
    path = folder / "dense.qm"
    path.write_text(f'model dense(x: f32[1, {UNITS}]) -> f32[1, {UNITS}] {{\n  weights "dense.safetensors"\n  return x {layers}\n}}\n')
    return path


def write_onnx(folder, kind):
    """The same in ONNX; of i8, between QuantizeLinear and DequantizeLinear."""
    scalar = numpy_helper.from_array
    constants = [scalar(np.float32(0.05), "scale"), scalar(np.int8(0), "zero"), scalar(np.float32(0.001), "weight_scale")]
    nodes, before = [], "x"

    def node(operator, *inputs):
        nodes.append(helper.make_node(operator, inputs, [f"t{len(nodes)}"]))
        return nodes[-1].output[0]

    for i, matrix in enumerate(matrices(kind)):
        constants.append(numpy_helper.from_array(matrix, f"w{i}"))
        weights = f"w{i}"
        if kind == "i8":
            before = node("DequantizeLinear", node("QuantizeLinear", before, "scale", "zero"), "scale", "zero")
            weights = node("DequantizeLinear", weights, "weight_scale", "zero")
        before = node("Relu", node("MatMul", before, weights))
    if kind == "i8":
        before = node("DequantizeLinear", node("QuantizeLinear", before, "scale", "zero"), "scale", "zero")
    ports = [helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1, UNITS]) for name in ("x", before)]
    graph = helper.make_graph(nodes, "dense", ports[:1], ports[1:], constants)
    path = folder / f"dense_{kind}.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), path)
    return path


def write_mobilenet(folder, width):
    path = folder / f"mobilenet_v1_{width}.tflite"
    subprocess.run([sys.executable, ROOT / "test/models/mobilenet.py", "--version=1", f"--width={width}", "-o", path],
                   check=True, stdout=subprocess.DEVNULL)
    return path if path.exists() else None


def write_one_layer(folder):
    path = folder / "one.qm"
    path.write_text("model one(x: f32[1, 4]) -> f32[1, 4] { return relu(x) }\n")
    return path


def compile_model(qcc, model, folder, target):
    """Seconds, and bytes of memory at the most."""
    begin = time.monotonic()
    process = subprocess.Popen([qcc, "compile", model, f"--target={target}", "-o", folder / "model.o"], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{model} does not compile")
    return time.monotonic() - begin, 1024 * usage.ru_maxrss


def weight_bytes(qcc, model):
    """Parameters, and their bytes in the object."""
    report = json.loads(subprocess.run([qcc, "inspect", model, "--json"], check=True, capture_output=True).stdout)
    return report["parameters"], report["weight_bytes"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--qcc", type=Path, default=ROOT / "build/bin/qcc")
    parser.add_argument("--rounds", type=int, default=2, help="the fastest counts")
    parser.add_argument("--target", default="host")
    parser.add_argument("models", type=Path, nargs="*")
    options = parser.parse_args()
    # A process counts what the one that started it held: models are written by another.
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ProcessPoolExecutor(1) as other:
        folder = Path(name)
        models = [("ten dense layers, f32, .qm", other.submit(write_language, folder).result())]
        if onnx:
            models += [(f"ten dense layers, {kind}, .onnx", other.submit(write_onnx, folder, kind).result()) for kind in ("f32", "i8")]
        models += [(f"MobileNetV1 {width}, i8, .tflite", write_mobilenet(folder, width)) for width in (1.0, 2.5)]
        models += [(path.name, path) for path in options.models]
        _, least = compile_model(options.qcc, write_one_layer(folder), folder, options.target)
        print("| model | parameters | weights MB | s | MB | times the weights |\n| --- | ---: | ---: | ---: | ---: | ---: |")
        for title, path in models:
            if not path:
                continue
            parameters, size = weight_bytes(options.qcc, path)
            runs = [compile_model(options.qcc, path, folder, options.target) for _ in range(options.rounds)]
            seconds, memory = min(run[0] for run in runs), max(run[1] for run in runs)
            print(f"| {title} | {parameters / 1e6:.1f} M | {size / 1e6:.1f} | {seconds:.1f} | {memory / 1e6:.0f} "
                  f"| {(memory - least) / size:.1f} |", flush=True)
        print(f"\nOne layer without parameters: {least / 1e6:.0f} MB.")


if __name__ == "__main__":
    main()
