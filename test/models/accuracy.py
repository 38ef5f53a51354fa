#!/usr/bin/env python3
"""What `qcc quantize` makes of float models: labels of real images for each number of bits, on all test images, calibrated
on 512 training images. docs/accuracy.md has the tables.

With --layers, the noise that weights add to the sums of each layer of resnet8, rounded in each way. With --peer, resnet8
is quantized by onnxruntime's static quantizer, too (int8, each of its calibration methods), and by NNCF (int8, each of its
presets). With --assert, the exit code says whether each row is as accurate as said here.
"""

import json
import re
import sys
import tempfile
import typing
from pathlib import Path

import models

try:
    import numpy as np
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

SAMPLES = 512


class Task(typing.NamedTuple):
    model: Path
    calibration: Path
    test: Path
    scale: str  # a pixel times this is what the network was trained with
    rows: dict  # arguments of qcc quantize -> the least accuracy


DATA = models.SHARED / "data"
RESNET8 = models.SHARED / "models" / "mlperf_tiny" / "pretrainedResnet.tflite"
TASKS = {
    "resnet8": Task(RESNET8, DATA / "cifar10_calib.npz", DATA / "cifar10_test.npz", "1", {
        "": 0.758,
        "--precision=.*=bf16": 0.757,
        "--precision=.*=w6a8": 0.755,
        "--precision=.*=w5a8": 0.753,
        "--precision=.*=w4a8": 0.75,
        "--precision=.*=w3a8": 0.73,
        "--precision=.*=w4a4": 0.70,
        "--precision=.*=w6a8 --weight-rounding=nearest": 0,
        "--precision=.*=w4a8 --weight-rounding=nearest": 0,
        "--precision=.*=w4a8 --weight-rounding=corrected": 0,
        "--precision=.*=w4a8 --weight-rounding=obq": 0.74,
        "--precision=.*=w2a8": 0.63,
        "--precision=.*=wc4a8": 0.75,
        "--precision=.*=wc3a8": 0.73,
        "--precision=.*=wc2a8": 0.68,
        "--precision=.*=wc4a8 --weight-rounding=nearest": 0,
    }),
    "mnist": Task(models.ROOT / "examples" / "mnist" / "model.qm", DATA / "mnist_train.npz", DATA / "mnist_test.npz", "1/255", {
        "": 0.97,
        "--precision=.*=w4a8": 0.97,
        "--precision=.*=w3a8": 0.96,
        "--precision=.*=w2a8": 0,
        "--precision=.*=w4a4": 0.96,
        "--precision=.*=wc3a8": 0.97,
        "--precision=.*=wc2a8": 0.96,
    }),
}


def accuracy(options, task, model):
    return json.loads(models.qcc(options, "evaluate", model, "--data", task.test, "--input", "images",
                                 "--scale", task.scale, "--json"))["accuracy"]


def first_images(path, output):
    with np.load(path) as arrays:
        np.savez(output, images=arrays["images"][:SAMPLES])
    return output


def run_task(options, name, task, folder):
    print(f"{name}: float {accuracy(options, task, task.model):.4f}", flush=True)
    calibration = first_images(task.calibration, folder / f"{name}.npz")
    failures = []
    for row, least in task.rows.items():
        if options.rows and row not in options.rows:
            continue
        model = folder / "quantized.qm"
        models.qcc(options, "quantize", task.model, "--calibrate", calibration, "--input", "images",
                   "--scale", task.scale, *row.split(), "-o", model)
        reached = accuracy(options, task, model)
        print(f"    {reached:.4f}  {row or 'int8'}", flush=True)
        if reached < least:
            failures.append(f"{name} {row or 'int8'}: {reached:.4f}, expects {least}")
    return failures


def compare_roundings(options, folder):
    """Of each layer with 4 and 3 bits: how far below the sums the noise of its weights is, in dB."""
    task = TASKS["resnet8"]
    calibration = first_images(task.calibration, folder / "layers.npz")
    failures = []
    for bits in (4, 3):
        noise = {}
        for rounding in ("corrected", "gptq", "obq"):
            text = models.qcc(options, "quantize", task.model, "--calibrate", calibration, "--input", "images",
                              "--verbose", f"--precision=.*=w{bits}a8", f"--weight-rounding={rounding}",
                              "-o", folder / "layers.qm")
            noise[rounding] = dict(re.findall(r"'([^';]*)[^']*': weights rounded by .* noise ([-0-9.]+) dB", text))
        print(f"{bits} bits: nearest, gptq, obq, in dB below the sums", flush=True)
        for layer, nearest in noise["corrected"].items():
            fitted = [noise[rounding][layer] for rounding in ("gptq", "obq")]
            print(f"    {nearest:>5} {fitted[0]:>5} {fitted[1]:>5}  {layer}", flush=True)
            if min(map(float, fitted)) <= float(nearest):
                failures.append(f"{layer} with {bits} bits is better rounded to nearest")
        if not noise["corrected"]:
            failures.append("no layer was fitted")
    return failures


# --- Other quantizers


def onnx_twin(path):
    """The float model of resnet8's .tflite, whose operators are few, for images of N x 3 x 32 x 32."""
    import onnx
    from ai_edge_litert.interpreter import Interpreter
    from onnx import helper, numpy_helper
    source = Interpreter(str(RESNET8), experimental_preserve_all_tensors=True)
    source.allocate_tensors()
    names = {each["index"]: each["name"] for each in source.get_tensor_details()}
    nodes, constants = [], []

    def constant(index, array):
        constants.append(numpy_helper.from_array(np.ascontiguousarray(array), f"c{index}"))
        return f"c{index}"

    def finish(kind, inputs, output, **attributes):
        linear = f"t{output}" + ("_linear" if "/Relu" in names[output] else "")
        nodes.append(helper.make_node(kind, inputs, [linear], **attributes))
        if "/Relu" in names[output]:
            nodes.append(helper.make_node("Relu", [linear], [f"t{output}"]))

    for op in source._get_ops_details():
        operands, output = [int(each) for each in op["inputs"]], int(op["outputs"][0])
        if op["op_name"] == "CONV_2D":
            weights = source.get_tensor(operands[1]).transpose(0, 3, 1, 2)
            sizes = [source.get_tensor(each).shape[1] for each in (operands[0], output)]
            finish("Conv", [f"t{operands[0]}", constant(operands[1], weights),
                            constant(operands[2], source.get_tensor(operands[2]))], output,
                   strides=[sizes[0] // sizes[1]] * 2, auto_pad="SAME_UPPER")
        elif op["op_name"] == "ADD":
            finish("Add", [f"t{each}" for each in operands], output)
        elif op["op_name"] == "AVERAGE_POOL_2D":
            finish("GlobalAveragePool", [f"t{operands[0]}"], output)
        elif op["op_name"] == "RESHAPE":
            nodes.append(helper.make_node("Flatten", [f"t{operands[0]}"], [f"t{output}"]))
        elif op["op_name"] == "FULLY_CONNECTED":
            nodes.append(helper.make_node("Gemm", [f"t{operands[0]}", constant(operands[1], source.get_tensor(operands[1])),
                                                   constant(operands[2], source.get_tensor(operands[2]))],
                                          [f"t{output}"], transB=1))
        elif op["op_name"] == "SOFTMAX":
            nodes.append(helper.make_node("Softmax", [f"t{operands[0]}"], ["y"]))
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "resnet8", [value("t0", onnx.TensorProto.FLOAT, ["n", 3, 32, 32])],
                              [value("y", onnx.TensorProto.FLOAT, ["n", 10])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    onnx.save(model, path)


def images(path, count=None):
    with np.load(path) as arrays:
        return arrays["images"][:count].astype(np.float32).transpose(0, 3, 1, 2), arrays["labels"][:count]


def onnx_accuracy(path):
    import onnxruntime
    inputs, labels = images(TASKS["resnet8"].test)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return float((session.run(None, {"t0": inputs})[0].argmax(1) == labels).mean())


def onnxruntime_accuracies(folder):
    """(calibration method, accuracy) of onnxruntime's static quantizer."""
    from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantType, quantize_static

    class Reader(CalibrationDataReader):
        def __init__(self):
            self.batches = iter(np.split(images(TASKS["resnet8"].calibration, SAMPLES)[0], SAMPLES // 32))

        def get_next(self):
            batch = next(self.batches, None)
            return None if batch is None else {"t0": batch}

    for method in (CalibrationMethod.MinMax, CalibrationMethod.Entropy, CalibrationMethod.Percentile):
        quantize_static(str(folder / "float.onnx"), str(folder / "int8.onnx"), Reader(), per_channel=True,
                        activation_type=QuantType.QInt8, weight_type=QuantType.QInt8, calibrate_method=method)
        yield method.name, onnx_accuracy(folder / "int8.onnx")


def nncf_accuracies(folder):
    """(preset, accuracy) of NNCF's post-training quantization: performance has symmetric activations, mixed others."""
    import nncf
    import onnx
    calibration = images(TASKS["resnet8"].calibration, SAMPLES)[0]
    for preset in (nncf.QuantizationPreset.PERFORMANCE, nncf.QuantizationPreset.MIXED):
        quantized = nncf.quantize(onnx.load(folder / "float.onnx"), nncf.Dataset([{"t0": each[None]} for each in calibration]),
                                  preset=preset, subset_size=SAMPLES)
        onnx.save(quantized, folder / "int8.onnx")
        yield preset.value, onnx_accuracy(folder / "int8.onnx")


def compare_peers(folder):
    onnx_twin(folder / "float.onnx")
    print(f"onnxruntime, float: {onnx_accuracy(folder / 'float.onnx'):.4f}", flush=True)
    for peer, accuracies in {"onnxruntime": onnxruntime_accuracies, "nncf": nncf_accuracies}.items():
        try:
            for name, reached in accuracies(folder):
                print(f"{peer}, int8, {name}: {reached:.4f}", flush=True)
        except ImportError as failure:
            print(f"skipped {peer}: not installed ({failure})")


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS), help="default: all")
    parser.add_argument("--row", action="append", dest="rows", help="arguments of qcc quantize; may be repeated; default: all")
    parser.add_argument("--layers", action="store_true", help="also the noise of weights in each layer of resnet8")
    parser.add_argument("--peer", action="store_true", help="also the quantizers of onnxruntime and NNCF on resnet8")
    parser.add_argument("--assert", dest="asserts", action="store_true", help="fail where a row is worse than said")
    options = parser.parse_args()
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for name in options.tasks:
            task = TASKS[name]
            missing = [path for path in (task.model, task.calibration, task.test) if not path.exists()]
            if missing:
                print(f"skipped {name}: no {missing[0].name}")
                continue
            failures += run_task(options, name, task, Path(folder))
        if options.layers:
            failures += compare_roundings(options, Path(folder))
        if options.peer:
            compare_peers(Path(folder))
    print("\n".join(failures))
    return 1 if failures and options.asserts else 0


if __name__ == "__main__":
    sys.exit(main())
