#!/usr/bin/env python3
"""Compares networks with random weights with onnxruntime: as floats, and quantised by onnxruntime in both its forms.

An MLP, a residual network and one with depthwise convolutions, with the operators that exporters of PyTorch and Keras write. Each is
first verified against the interpreter.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import models

try:
    import numpy as np
    import onnx
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper
    from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

OPERATORS = 17
TOLERANCE = 1e-4  # of floats, relative to the largest output
STEPS = 2  # by how many codes of the output quantised networks may differ


class Network:
    """A graph under construction: each method adds a node and returns the name of its result."""

    def __init__(self, name, shape, seed):
        self.name, self.shape = name, shape
        self.random = np.random.default_rng(seed)
        self.nodes, self.weights = [], []

    def add(self, kind, *inputs, **attributes):
        result = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [result], **attributes))
        return result

    def constant(self, array):
        name = f"constant{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def normal(self, *shape, scale=1.0):
        return self.constant(self.random.normal(0, scale, shape).astype(np.float32))

    def conv(self, x, inputs, outputs, kernel, stride=1, group=1):
        depth = inputs // group
        weights = self.normal(outputs, depth, kernel, kernel, scale=(2 / (depth * kernel * kernel)) ** 0.5)
        pads = [kernel // 2] * 4
        return self.add("Conv", x, weights, self.normal(outputs, scale=0.1), kernel_shape=[kernel, kernel],
                        strides=[stride, stride], pads=pads, group=group)

    def norm(self, x, channels):
        scale = self.constant(self.random.uniform(0.5, 1.5, channels).astype(np.float32))
        variance = self.constant(self.random.uniform(0.5, 1.5, channels).astype(np.float32))
        mean = self.normal(channels, scale=0.1)
        return self.add("BatchNormalization", x, scale, self.normal(channels, scale=0.1), mean, variance)

    def dense(self, x, inputs, outputs):
        weights = self.normal(outputs, inputs, scale=(2 / inputs) ** 0.5)
        return self.add("Gemm", x, weights, self.normal(outputs, scale=0.1), transB=1)

    def model(self, result, outputs):
        graph = helper.make_graph(
            self.nodes, self.name, [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["batch", *self.shape])],
            [helper.make_tensor_value_info(result, TensorProto.FLOAT, ["batch", outputs])], self.weights)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPERATORS)], ir_version=8)
        onnx.checker.check_model(model)
        return model


def mlp():
    net = Network("mlp", (20,), 1)
    x = net.add("Relu", net.dense("x", 20, 32))
    x = net.add("Tanh", net.dense(x, 32, 16))
    return net.model(net.dense(x, 16, 5), 5)


def residual():
    net = Network("residual", (3, 16, 16), 2)
    x = net.add("Relu", net.norm(net.conv("x", 3, 8, 3), 8))
    x = net.add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    for _ in range(2):
        y = net.add("Relu", net.norm(net.conv(x, 8, 8, 3), 8))
        x = net.add("Relu", net.add("Add", net.norm(net.conv(y, 8, 8, 3), 8), x))
    x = net.add("Flatten", net.add("GlobalAveragePool", x))
    return net.model(net.dense(x, 8, 10), 10)


def mobile():
    net = Network("mobile", (3, 16, 16), 3)

    def clip(x):
        return net.add("Clip", x, net.constant(np.float32(0)), net.constant(np.float32(6)))

    x = net.add("HardSwish", net.norm(net.conv("x", 3, 8, 3, stride=2), 8))
    for stride in (1, 2):
        x = clip(net.conv(x, 8, 8, 3, stride=stride, group=8))
        x = net.norm(net.conv(x, 8, 8, 1), 8)
    # Squeeze and excitation, as exporters write it.
    gate = net.add("ReduceMean", x, axes=[2, 3], keepdims=1)
    gate = net.add("HardSigmoid", net.conv(gate, 8, 8, 1), alpha=1 / 6)
    x = net.add("ReduceMean", net.add("Mul", x, gate), axes=[2, 3], keepdims=0)
    return net.model(net.dense(x, 8, 10), 10)


class Calibration(CalibrationDataReader):
    def __init__(self, samples):
        self.samples = iter([{"x": sample[None]} for sample in samples])

    def get_next(self):
        return next(self.samples, None)


def expected_outputs(path, samples):
    session_options = onnxruntime.SessionOptions()
    session_options.intra_op_num_threads = 1
    session_options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), session_options, providers=["CPUExecutionProvider"])
    return np.concatenate([session.run(None, {"x": sample[None]})[0] for sample in samples])


def qcc_outputs(options, path, samples, backend):
    with tempfile.TemporaryDirectory() as folder:
        data, result = Path(folder, "data.npz"), Path(folder, "result.npz")
        np.savez(data, input0=samples)
        command = [options.qcc, "run", path, "--backend", backend, "--inputs", data, "--outputs", result]
        subprocess.run(command, check=True)
        with np.load(result) as arrays:
            return next(iter(arrays.values()))


def last_scale(path):
    """The scale of the network's output, as it was quantised."""
    graph = onnx.load(path).graph
    numbers = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    return float(numbers[graph.node[-1].input[1]])


def check(options, path, samples, allowed):
    """True if qcc computes what onnxruntime does."""
    verify = subprocess.run([options.qcc, "verify", path, "--samples=5"], stdout=subprocess.PIPE, text=True, check=False)
    if verify.returncode:
        return False
    expected = expected_outputs(path, samples)
    worst = max(float(np.max(np.abs(qcc_outputs(options, path, samples, backend) - expected)))
                for backend in ("reference", "jit"))
    print(f"{path.stem}: {verify.stdout.strip()}; at most {worst:.3g} from onnxruntime, {allowed(expected):.3g} allowed")
    return worst <= allowed(expected)


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--samples", type=int, default=20, help="default: %(default)s")
    options = parser.parse_args()
    failed = []
    for make in (mlp, residual, mobile):
        model = make()
        shape = [d.dim_value for d in model.graph.input[0].type.tensor_type.shape.dim[1:]]
        samples = np.random.default_rng(7).normal(0, 1, (options.samples, *shape)).astype(np.float32)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, f"{make.__name__}.onnx")
            onnx.save(model, path)
            if not check(options, path, samples, lambda expected: TOLERANCE * float(np.max(np.abs(expected)))):
                failed.append(path.stem)
            for form, form_name in ((QuantFormat.QDQ, "qdq"), (QuantFormat.QOperator, "qoperator")):
                quantised = Path(folder, f"{make.__name__}_{form_name}.onnx")
                quantize_static(path, quantised, Calibration(samples), quant_format=form, per_channel=True,
                                activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
                scale = last_scale(quantised)
                if not check(options, quantised, samples, lambda _, scale=scale: STEPS * scale * 1.001):
                    failed.append(quantised.stem)
    if failed:
        print(f"FAILED: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
