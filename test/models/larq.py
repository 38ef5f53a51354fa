#!/usr/bin/env python3
"""Compares networks of Larq's custom operators with Larq Compute Engine: random layers, chained, with random inputs.

Results must be identical; multipliers, biases and scales have so few digits that floats are exact, in whichever order
they are added. Needs numpy 1, flatbuffers, ai-edge-litert for its schema, and larq-compute-engine; skips without.
"""
import argparse
import importlib
import importlib.util
import pathlib
import sys
import tempfile
import types

import models
import peers

try:
    import numpy as np
    from flatbuffers import flexbuffers
    from tflite_file import TfliteFile, schema
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

SAME, VALID = 0, 1
NONE, RELU, RELU_N1_TO_1, RELU6 = range(4)


def words(channels):
    return -(-channels // 32)


def pack(signs):
    """Words of the signs along the last axis, 1 for -1, the first channel in the lowest bit."""
    bits = np.zeros((*signs.shape[:-1], words(signs.shape[-1]) * 32), np.uint8)
    bits[..., :signs.shape[-1]] = signs < 0
    return np.packbits(bits, axis=-1, bitorder="little").view("<i4")


def output_size(size, kernel, stride, dilation, padding):
    span = 0 if padding == SAME else (kernel - 1) * dilation
    return -(-(size - span) // stride)


class Bits:
    """A tensor of packed bits, by the shape that it stands for."""

    def __init__(self, model, shape):
        self.shape = tuple(shape)
        self.number = model.tensor((*shape[:-1], words(shape[-1])), np.int32)


class LarqFile(TfliteFile):
    """A model of Larq's operators."""

    def options(self, **values):
        builder = flexbuffers.Builder()
        with builder.Map():
            for name, value in values.items():
                builder.Key(name)
                builder.Int(int(value))
        return bytes(builder.Finish())

    def quantize(self, number, shape):
        result = Bits(self, shape)
        self.add_custom("LceQuantize", [number], [result.number])
        return result

    def dequantize(self, bits, dtype=np.float32, scale=None, zero=0):
        result = self.tensor(bits.shape, dtype, scale, zero)
        self.add_custom("LceDequantize", [bits.number], [result])
        return result

    def pool(self, bits, kernel, stride, padding):
        n, height, width, channels = bits.shape
        result = Bits(self, (n, output_size(height, kernel[0], stride, 1, padding),
                             output_size(width, kernel[1], stride, 1, padding), channels))
        self.add_custom("LceBMaxPool2d", [bits.number], [result.number],
                        self.options(padding=padding, stride_width=stride, stride_height=stride,
                                     filter_width=kernel[1], filter_height=kernel[0]))
        return result

    def conv(self, bits, signs, result, stride=1, dilation=1, padding=VALID, pad_values=1, activation=NONE,
             multiplier=None, bias=None, thresholds=None, scale=None, zero=0):
        """`signs` of shape [out, height, width, in / groups]; `result` is a type of numbers, or Bits."""
        n, height, width, channels = bits.shape
        outputs, kernel_height, kernel_width, _ = signs.shape
        shape = (n, output_size(height, kernel_height, stride, dilation, padding),
                 output_size(width, kernel_width, stride, dilation, padding), outputs)
        packed = pack(signs)
        operands = [bits.number, self.tensor(packed.shape, np.int32, data=packed)]
        for values, dtype in ((multiplier, np.float32), (bias, np.float32), (thresholds, np.int32)):
            operands.append(-1 if values is None else self.tensor(np.shape(values), dtype, data=values))
        output = Bits(self, shape) if result is Bits else self.tensor(shape, result, scale, zero)
        self.add_custom("LceBconv2d", operands, [output.number if result is Bits else output],
                        self.options(channels_in=channels, dilation_height_factor=dilation,
                                     dilation_width_factor=dilation, fused_activation_function=activation,
                                     pad_values=pad_values, padding=padding, stride_height=stride,
                                     stride_width=stride))
        return output


class LarqComputeEngine:
    """Its interpreter without its converter, which would need TensorFlow and is loaded with the package."""
    name, rounding = "lce", "litert"

    def __init__(self, path):
        # Groups are computed by its reference kernels only, zeros around the input only by the others.
        try:
            self.interpreter = self.load(path, use_reference_bconv=True)
        except RuntimeError:
            self.interpreter = self.load(path)
        self.inputs = [{"shape": shape, "dtype": dtype}
                       for shape, dtype in zip(self.interpreter.input_shapes, self.interpreter.input_types)]

    @staticmethod
    def load(path, **kernels):
        if "larq_compute_engine" not in sys.modules:
            spec = importlib.util.find_spec("larq_compute_engine")
            package = sys.modules[spec.name] = types.ModuleType(spec.name)
            package.__path__ = spec.submodule_search_locations
        module = importlib.import_module("larq_compute_engine.tflite.python.interpreter")
        return module.Interpreter(path.read_bytes(), **kernels)

    def run(self, arrays):
        outputs = self.interpreter.predict(arrays[0] if len(arrays) == 1 else arrays)
        return [outputs] if isinstance(outputs, np.ndarray) else outputs


class RandomNetwork:
    """Some layers of bits behind a quantizer of floats or codes, and one layer that gives numbers."""

    def __init__(self, rng):
        self.rng, self.model = rng, LarqFile()

    def chance(self):
        return bool(self.rng.integers(0, 2))

    def centred(self, number, shape):
        """Random floats are from 0 to 1; their signs shall differ."""
        result = self.model.tensor(shape, np.float32)
        half = self.model.tensor((1,), np.float32, data=[0.5])
        self.model.add(schema.BuiltinOperator.SUB, [number, half], [result], schema.SubOptionsT())
        return result

    def signs(self, *shape):
        return self.rng.choice([-1.0, 1.0], shape)

    def window(self, bits):
        """Options of a convolution that fits."""
        kernel = [int(k) for k in self.rng.integers(1, 4, 2)]
        dilation = int(self.rng.integers(1, 3))
        fits = all(size > (k - 1) * dilation for size, k in zip(bits.shape[1:3], kernel))
        padding = int(self.rng.integers(0, 2)) if fits else SAME
        return kernel, dict(stride=int(self.rng.integers(1, 3)), dilation=dilation, padding=padding)

    def filter(self, bits, kernel, outputs):
        channels = bits.shape[-1]
        groups = 2 if channels % 64 == 0 and outputs % 2 == 0 and self.chance() else 1
        return self.signs(outputs, *kernel, channels // groups)

    def hidden(self, bits):
        if self.chance():
            kernel = [int(k) for k in self.rng.integers(1, 4, 2)]
            return self.model.pool(bits, kernel, int(self.rng.integers(1, 3)), SAME)
        kernel, options = self.window(bits)
        signs = self.filter(bits, kernel, int(self.rng.choice([1, 32, 33, 64])))
        products = signs[0].size
        thresholds = self.rng.integers(-2, products + 2, len(signs))
        thresholds[0] = self.rng.choice([thresholds[0], -2**31, 2**31 - 1])
        return self.model.conv(bits, signs, Bits, thresholds=thresholds, **options)

    def last(self, bits):
        codes = {} if self.chance() else dict(scale=float(self.rng.uniform(0.01, 0.5)),
                                              zero=int(self.rng.integers(-128, 128)))
        dtype = np.int8 if codes else np.float32
        if self.chance():
            return self.model.dequantize(bits, dtype, **codes)
        if codes:
            codes["scale"] = 2.0 ** self.rng.integers(-6, 2)
        kernel, options = self.window(bits)
        signs = self.filter(bits, kernel, int(self.rng.integers(1, 40)))
        options.update(codes, activation=int(self.rng.choice([NONE, RELU, RELU_N1_TO_1, RELU6])))
        # That engine corrects sums for zeros as if no window were larger than the image, and in no groups.
        fits = all(size > (k - 1) * options["dilation"] for size, k in zip(bits.shape[1:3], kernel))
        if not codes and fits and signs.shape[-1] == bits.shape[-1] and self.chance():
            options.update(pad_values=0, activation=NONE)
        # Numbers of few digits, which both sides add and multiply without rounding. Biases are odd, so that no result
        # lies in the middle between two codes: what becomes of it depends on the machine in that engine.
        multiplier = self.rng.integers(-100, 100, len(signs)) / 256
        bias = (2 * self.rng.integers(-1000, 1000, len(signs)) + 1) / 512
        return self.model.conv(bits, signs, dtype, multiplier=multiplier, bias=bias, **options)

    def save(self, path):
        shape = (1, *(int(size) for size in self.rng.integers(1, 9, 2)), int(self.rng.choice([1, 31, 32, 40, 64, 128])))
        if self.chance():
            number = self.model.input(shape, np.int8, 0.05, int(self.rng.integers(-128, 128)))
        else:
            number = self.centred(self.model.input(shape, np.float32), shape)
        bits = self.model.quantize(number, shape)
        for _ in range(self.rng.integers(0, 4)):
            bits = self.hidden(bits)
        self.model.save(path, [self.last(bits)])


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--count", type=int, default=100, help="random networks (default: %(default)s)")
    parser.add_argument("--samples", type=int, default=5, help="random inputs of each (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not importlib.util.find_spec("larq_compute_engine"):
        print("skipped: larq-compute-engine is not installed")
        return 0

    equal = {backend: 0 for backend in ("reference", "jit")}
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "larq.tflite"
        for i in range(options.count):
            RandomNetwork(np.random.default_rng([options.seed, i])).save(path)
            for backend in equal:
                outcome = peers.compare(options.qcc, path, LarqComputeEngine, options.samples,
                                        np.random.default_rng(i), backend)
                equal[backend] += outcome.equal == outcome.total > 0
                if outcome.equal != outcome.total or outcome.skipped:
                    print(f"network {i} ({backend}): {outcome.equal} of {outcome.total} agree {outcome.reason}")
    for backend, count in equal.items():
        print(f"{backend}: {count} of {options.count} networks agree")
    return 0 if all(count == options.count for count in equal.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
