#!/usr/bin/env python3
"""Writes a MobileNet (v1 or v2) as an int8 TFLite file with random weights, for checks and times of larger models.

    mobilenet.py --version=2 --size=224 --width=1.0 -o mobilenet_v2.tflite

Shapes are those of the publications (Howard et al., 2017; Sandler et al., 2018) with 1,001 classes: 569 and 301 million
products at size 224. Weights are drawn with the variance that keeps a layer's (He et al., 2015) and have one scale per
channel; activations have the range that they take on one random image, so codes are spread as a trained model's are. Needs
numpy, flatbuffers and ai-edge-litert, for its schema; skips without.
"""
import argparse
import pathlib
import sys

try:
    import numpy as np
    from ai_edge_litert import schema_py_generated as schema
    from tflite_file import TfliteFile
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

OPS = schema.BuiltinOperator
SAME, RELU6 = schema.Padding.SAME, schema.ActivationFunctionType.RELU6
CLASSES = 1001


def patches(image, kernel, stride):
    """Windows of an image (h, w, c) with SAME padding: (out h, out w, kernel, kernel, c)."""
    padding = []
    for size in image.shape[:2]:
        missing = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        padding.append((missing // 2, missing - missing // 2))
    padded = np.pad(image, [*padding, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (kernel, kernel), axis=(0, 1))
    return windows[::stride, ::stride].transpose(0, 1, 3, 4, 2)


class Network(TfliteFile):
    """A file with each tensor's real values for the random image."""

    def __init__(self, image, seed):
        super().__init__()
        self.rng = np.random.default_rng(seed)
        self.values, self.scales = {}, {}
        self.inputs.append(self.activation(image))

    def activation(self, values, quantization=None):
        """The tensor of an activation: codes from the smallest value, at most 0, to the largest."""
        low, high = min(float(values.min()), 0.0), max(float(values.max()), 1e-3)
        scale = np.float32((high - low) / 255)
        scale, zero = quantization or (scale, round(-128 - low / scale))
        shape = (1, *values.shape)
        index = self.tensor(shape, np.int8, scale, zero)
        self.values[index], self.scales[index] = values, scale
        return index

    def add_operator(self, code, inputs, output, options, version=3):
        self.add(code, inputs, [output], options, version)
        return output

    def weights(self, shape, fan_in, axis, source):
        """Random weights with a bias: their values, and the two tensors."""
        values = self.rng.normal(0, np.sqrt(2 / fan_in), shape).astype(np.float32)
        others = tuple(i for i in range(len(shape)) if i != axis)
        scales = np.maximum(np.abs(values).max(axis=others), 1e-6) / 127
        along = scales.reshape([-1 if i == axis else 1 for i in range(len(shape))])
        filters = self.tensor(shape, np.int8, scales, data=np.round(values / along), axis=axis)
        bias = self.rng.normal(0, 0.1, shape[axis]).astype(np.float32)
        both = scales * self.scales[source]
        bias_tensor = self.tensor(bias.shape, np.int32, both, data=np.round(bias / both))
        return values, bias, [source, filters, bias_tensor]

    def convolve(self, code, source, channels, kernel=1, stride=1, is_relu=True):
        image = self.values[source]
        is_depthwise, depth = code == OPS.DEPTHWISE_CONV_2D, image.shape[2]
        shape = (1, kernel, kernel, depth) if is_depthwise else (channels, kernel, kernel, depth)
        fan_in = kernel * kernel * (1 if is_depthwise else depth)
        values, bias, inputs = self.weights(shape, fan_in, 3 if is_depthwise else 0, source)
        windows = patches(image, kernel, stride)
        sums = (np.einsum("yxabc,abc->yxc", windows, values[0]) if is_depthwise
                else np.tensordot(windows, values, axes=([2, 3, 4], [1, 2, 3]))) + bias
        options = schema.DepthwiseConv2DOptionsT() if is_depthwise else schema.Conv2DOptionsT()
        options.padding, options.strideH, options.strideW = SAME, stride, stride
        options.dilationHFactor = options.dilationWFactor = 1
        if is_depthwise:
            options.depthMultiplier = 1
        if is_relu:
            sums, options.fusedActivationFunction = np.clip(sums, 0, 6), RELU6
        return self.add_operator(code, inputs, self.activation(sums.astype(np.float32)), options)

    def conv(self, source, channels, **options):
        return self.convolve(OPS.CONV_2D, source, channels, **options)

    def depthwise(self, source, stride):
        return self.convolve(OPS.DEPTHWISE_CONV_2D, source, None, kernel=3, stride=stride)

    def add_tensors(self, left, right):
        total = self.activation(self.values[left] + self.values[right])
        return self.add_operator(OPS.ADD, [left, right], total, schema.AddOptionsT(), 2)

    def classify(self, source):
        """Mean of the image, one dense layer, softmax."""
        options = schema.ReducerOptionsT()
        options.keepDims = False
        axes = self.tensor((2,), np.int32, data=[1, 2])
        mean = self.activation(self.values[source].mean(axis=(0, 1)))
        mean = self.add_operator(OPS.MEAN, [source, axes], mean, options, 2)
        values, bias, inputs = self.weights((CLASSES, self.values[mean].size), self.values[mean].size, 0, mean)
        logits = self.activation(values @ self.values[mean] + bias)
        logits = self.add_operator(OPS.FULLY_CONNECTED, inputs, logits, schema.FullyConnectedOptionsT(), 5)
        softmax = schema.SoftmaxOptionsT()
        softmax.beta = 1.0
        result = self.activation(np.zeros(CLASSES, np.float32), (np.float32(1 / 256), -128))
        return self.add_operator(OPS.SOFTMAX, [logits], result, softmax, 2)


def rounded(channels):
    """The multiple of 8 next to a number of channels, at least 90 % of it."""
    result = max(8, int(channels + 4) // 8 * 8)
    return result if result >= 0.9 * channels else result + 8


def mobilenet_v1(network, width):
    x = network.conv(network.inputs[0], rounded(32 * width), kernel=3, stride=2)
    for channels, stride in [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2),
                             (1024, 1)]:
        x = network.conv(network.depthwise(x, stride), rounded(channels * width))
    return network.classify(x)


def mobilenet_v2(network, width):
    x = network.conv(network.inputs[0], rounded(32 * width), kernel=3, stride=2)
    for expansion, channels, count, stride in [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1),
                                               (6, 160, 3, 2), (6, 320, 1, 1)]:
        for i in range(count):
            depth = network.values[x].shape[2]
            y = network.conv(x, depth * expansion) if expansion > 1 else x
            y = network.conv(network.depthwise(y, stride if i == 0 else 1), rounded(channels * width), is_relu=False)
            x = network.add_tensors(x, y) if i > 0 else y
    return network.classify(network.conv(x, max(1280, rounded(1280 * width))))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--version", type=int, choices=[1, 2], default=2)
    parser.add_argument("--size", type=int, default=224, help="of the image")
    parser.add_argument("--width", type=float, default=1.0, help="factor of all channels")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("-o", dest="output", type=pathlib.Path, required=True)
    options = parser.parse_args()
    image = np.random.default_rng(options.seed + 1).uniform(-1, 1, (options.size, options.size, 3)).astype(np.float32)
    network = Network(image, options.seed)
    output = {1: mobilenet_v1, 2: mobilenet_v2}[options.version](network, options.width)
    network.save(options.output, [output])


if __name__ == "__main__":
    main()
