#!/usr/bin/env python3
"""Compares single operators with TensorFlow Lite Micro and LiteRT: small models with random formats and inputs.

Says for each operator how many of the models gave identical bits. Operators that are known to differ, with the
reason, are in KNOWN (docs/rounding.md says the same). Needs numpy, flatbuffers and a peer; skips without.
"""
import pathlib
import re
import sys
import tempfile

import models
import peers

try:
    import numpy as np
    from ai_edge_litert import schema_py_generated as schema
    from tflite_file import TfliteFile
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

OPS = schema.BuiltinOperator


class Model(TfliteFile):
    """One operator with its tensors."""

    def write(self, path, code, inputs, outputs, options=None, version=1):
        self.add(code, inputs, outputs, options, version)
        self.save(path, outputs)


def options_of(name, **fields):
    result = getattr(schema, name + "T")()
    for field, value in fields.items():
        setattr(result, field, value)
    return result


class Cases:
    """A writer of random models for each operator."""

    def __init__(self, rng):
        self.rng = rng

    def scale(self, low=0.004, high=0.12):
        return float(np.float32(np.exp(self.rng.uniform(np.log(low), np.log(high)))))

    def zero(self):
        return int(self.rng.integers(-128, 128))

    def code(self, *shape):
        return self.rng.integers(-127, 128, shape)

    def binary(self, path, code, name):
        model = Model()
        inputs = [model.input((1, 4, 4, 16), np.int8, self.scale(), self.zero()) for _ in range(2)]
        output = model.tensor((1, 4, 4, 16), np.int8, self.scale(0.02, 0.3), self.zero())
        model.write(path, code, inputs, [output],
                    options_of(name, fusedActivationFunction=int(self.rng.integers(0, 4))), 2)

    def add(self, path):
        self.binary(path, OPS.ADD, "AddOptions")

    def sub(self, path):
        self.binary(path, OPS.SUB, "SubOptions")

    def mul(self, path):
        self.binary(path, OPS.MUL, "MulOptions")

    def mean(self, path):
        model = Model()
        height, width = self.rng.integers(1, 9, 2).tolist()
        data = model.input((1, height, width, 32), np.int8, self.scale(), self.zero())
        axes = model.tensor((2,), np.int32, data=[1, 2])
        output = model.tensor((1, 32), np.int8, self.scale(), self.zero())
        model.write(path, OPS.MEAN, [data, axes], [output], options_of("ReducerOptions", keepDims=False), 2)

    def average_pool(self, path):
        model = Model()
        scale, zero = self.scale(), self.zero()
        data = model.input((1, 9, 9, 8), np.int8, scale, zero)
        height, width, stride = self.rng.integers(1, 5, 3).tolist()
        size = -(-9 // stride)
        output = model.tensor((1, size, size, 8), np.int8, scale, zero)
        model.write(path, OPS.AVERAGE_POOL_2D, [data], [output],
                    options_of("Pool2DOptions", padding=0, strideH=stride, strideW=stride, filterHeight=height,
                               filterWidth=width, fusedActivationFunction=int(self.rng.integers(0, 4))), 2)

    def softmax(self, path):
        model = Model()
        data = model.input((4, 20), np.int8, self.scale(0.001, 0.5), self.zero())
        output = model.tensor((4, 20), np.int8, 1 / 256, -128)
        model.write(path, OPS.SOFTMAX, [data], [output],
                    options_of("SoftmaxOptions", beta=float(self.rng.choice([1.0, 0.5, 3.0]))), 2)

    def unary(self, path, code, options=None, output=None):
        model = Model()
        data = model.input((1, 256), np.int8, self.scale(), self.zero())
        scale, zero = output or (self.scale(), self.zero())
        model.write(path, code, [data], [model.tensor((1, 256), np.int8, scale, zero)], options, 2)

    def requantize(self, path):
        self.unary(path, OPS.QUANTIZE)

    def relu(self, path):
        self.unary(path, OPS.RELU)

    def relu6(self, path):
        self.unary(path, OPS.RELU6)

    def leaky_relu(self, path):
        self.unary(path, OPS.LEAKY_RELU, options_of("LeakyReluOptions", alpha=float(self.rng.uniform(0.01, 0.5))))

    def logistic(self, path):
        self.unary(path, OPS.LOGISTIC, output=(1 / 256, -128))

    def tanh(self, path):
        self.unary(path, OPS.TANH, output=(1 / 128, 0))

    def convolution(self, path, code, filter_shape, channels, axis, options, per_channel=True):
        model = Model()
        input_scale = self.scale()
        data = model.input((1, 7, 7, 8), np.int8, input_scale, self.zero())
        scales = [self.scale(0.002, 0.02) for _ in range(channels if per_channel else 1)]
        weights = model.tensor(filter_shape, np.int8, scales, data=self.code(*filter_shape))
        model.tensors[weights].quantization.quantizedDimension = axis if per_channel else 0
        bias = model.tensor((channels,), np.int32, np.float32(input_scale) * np.float32(scales),
                            data=self.rng.integers(-3000, 3000, channels))
        output = model.tensor((1, 4, 4, channels), np.int8, self.scale(0.02, 0.5), self.zero())
        model.write(path, code, [data, weights, bias], [output], options, 3)

    def conv_2d(self, path):
        self.convolution(path, OPS.CONV_2D, (12, 3, 3, 8), 12, 0,
                         options_of("Conv2DOptions", padding=0, strideH=2, strideW=2, dilationHFactor=1,
                                    dilationWFactor=1, fusedActivationFunction=int(self.rng.integers(0, 4))))

    def depthwise_conv_2d(self, path):
        self.convolution(path, OPS.DEPTHWISE_CONV_2D, (1, 3, 3, 16), 16, 3,
                         options_of("DepthwiseConv2DOptions", padding=0, strideH=2, strideW=2, depthMultiplier=2,
                                    dilationHFactor=1, dilationWFactor=1,
                                    fusedActivationFunction=int(self.rng.integers(0, 4))))

    def fully_connected(self, path, per_channel=False):
        model = Model()
        input_scale, units = self.scale(), 40
        data = model.input((1, 64), np.int8, input_scale, self.zero())
        scales = [self.scale(0.002, 0.02) for _ in range(units if per_channel else 1)]
        weights = model.tensor((units, 64), np.int8, scales, data=self.code(units, 64))
        bias = model.tensor((units,), np.int32, np.float32(input_scale) * np.float32(scales),
                            data=self.rng.integers(-3000, 3000, units))
        output = model.tensor((1, units), np.int8, self.scale(0.02, 0.5), self.zero())
        model.write(path, OPS.FULLY_CONNECTED, [data, weights, bias], [output],
                    options_of("FullyConnectedOptions", fusedActivationFunction=int(self.rng.integers(0, 4)),
                               weightsFormat=0), 4)

    def fully_connected_per_channel(self, path):
        self.fully_connected(path, per_channel=True)

    def batch_matmul(self, path):
        model = Model()
        lhs = model.input((2, 5, 16), np.int8, self.scale(), self.zero())
        rhs = model.input((2, 16, 6), np.int8, self.scale(), self.zero())
        output = model.tensor((2, 5, 6), np.int8, self.scale(0.02, 0.5), self.zero())
        model.write(path, OPS.BATCH_MATMUL, [lhs, rhs], [output], options_of("BatchMatMulOptions"), 2)

    def pad(self, path):
        model = Model()
        scale, zero = self.scale(), self.zero()
        data = model.input((1, 3, 4, 2), np.int8, scale, zero)
        pads = model.tensor((4, 2), np.int32, data=[[0, 0], [1, 2], [2, 0], [0, 1]])
        output = model.tensor((1, 6, 6, 3), np.int8, scale, zero)
        model.write(path, OPS.PAD, [data, pads], [output], options_of("PadOptions"), 2)

    def resize_nearest(self, path):
        model = Model()
        scale, zero = self.scale(), self.zero()
        height, width = self.rng.integers(1, 12, 2).tolist()
        data = model.input((1, 5, 7, 2), np.int8, scale, zero)
        size = model.tensor((2,), np.int32, data=[height, width])
        output = model.tensor((1, height, width, 2), np.int8, scale, zero)
        mode = int(self.rng.integers(0, 3))
        model.write(path, OPS.RESIZE_NEAREST_NEIGHBOR, [data, size], [output],
                    options_of("ResizeNearestNeighborOptions", alignCorners=mode == 1, halfPixelCenters=mode == 2), 2)

    def strided_slice(self, path):
        model = Model()
        scale, zero = self.scale(), self.zero()
        data = model.input((1, 6, 7, 3), np.int8, scale, zero)
        operands = [model.tensor((4,), np.int32, data=values) for values in ([0, -5, 2, 1], [1, 6, 7, 3], [1, 2, 3, 1])]
        output = model.tensor((1, 3, 2, 2), np.int8, scale, zero)
        model.write(path, OPS.STRIDED_SLICE, [data, *operands], [output],
                    options_of("StridedSliceOptions", beginMask=1, endMask=0), 2)

    def concatenation(self, path):
        model = Model()
        scale, zero = self.scale(), self.zero()
        parts = [model.input((1, 3, size), np.int8, scale, zero) for size in (2, 5)]
        output = model.tensor((1, 3, 7), np.int8, scale, zero)
        model.write(path, OPS.CONCATENATION, parts, [output], options_of("ConcatenationOptions", axis=-1), 2)

    @classmethod
    def names(cls):
        helpers = {"scale", "zero", "code", "binary", "unary", "convolution", "names"}
        return [name for name in vars(cls) if not name.startswith("_") and name not in helpers]


# Differences that are known, with their reason.
KNOWN = {("relu6", "tflm"): "TensorFlow Lite Micro's RELU6 clamps codes as if input and output had one format"}


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--count", type=int, default=10, help="random models per operator (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=10, help="random inputs per model (default: %(default)s)")
    parser.add_argument("--operators", default="", help="regular expression that an operator's name must contain")
    parser.add_argument("--rounding", help="instead of each peer's own profile")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    passed = True
    for peer_class in peers.available():
        if options.rounding:
            peer_class.rounding = options.rounding
        for name in Cases.names():
            if not re.search(options.operators, name):
                continue
            rng = np.random.default_rng(options.seed)
            cases, equal, reason = Cases(rng), 0, ""
            with tempfile.TemporaryDirectory() as folder:
                path = pathlib.Path(folder) / f"{name}.tflite"
                for _ in range(options.count):
                    getattr(cases, name)(path)
                    outcome = peers.compare(options.qcc, path, peer_class, options.samples, rng)
                    equal += outcome.equal == outcome.total
                    reason = outcome.reason or reason
            known = KNOWN.get((name, peer_class.name))
            print(f"{name} ({peer_class.name}): {equal} of {options.count} models identical"
                  + (f" ({reason})" if reason else "") + (f", known: {known}" if known else ""), flush=True)
            passed &= equal == options.count or known is not None or outcome.skipped
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
