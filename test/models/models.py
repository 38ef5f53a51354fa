"""The real models of ../shared/models, what each may take, and the inputs recorded for them.

Only Python's standard library: whoever has the models can run these tests.
"""

import argparse
import re
import struct
import subprocess
import sys
import typing
from array import array
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
sys.path[:0] = [str(ROOT / "examples"), str(ROOT / "examples" / "tflite")]

import npz  # noqa: E402
from person_detect import SIZE, grey_levels  # noqa: E402


class Model(typing.NamedTuple):
    file: str  # below ../shared/models
    arena: int = 0  # the most bytes of working memory in a build for RAM, inputs and outputs counted
    is_float: bool = False  # computes with floats all the way

    @property
    def path(self):
        return SHARED / "models" / self.file

    @property
    def name(self):
        return self.path.stem


# Left out: models with recurrent layers, and kws_ref_model_float32, which has integer weights under float operators:
# LiteRT quantises the activations of such layers while it runs, qcc does not, so results are meant to differ.
MODELS = [
    Model("mlperf_tiny/ad01_int8.tflite", arena=768),
    Model("mlperf_tiny/kws_ref_model.tflite", arena=8700),
    Model("mlperf_tiny/pretrainedResnet_quant.tflite", arena=34000),
    Model("mlperf_tiny/str_ww_ref_model.tflite", arena=5600),
    Model("mlperf_tiny/vww_96_int8.tflite", arena=37500),
    Model("tflm/hello_world_int8.tflite", arena=32),
    Model("tflm/micro_speech_quantized.tflite", arena=4400),
    Model("tflm/person_detect.tflite", arena=37500),
    Model("tinyengine/ptq_mnist_lenet-300-100.tflite", arena=3920),
    Model("mlperf_tiny/ad01_fp32.tflite", is_float=True),
    Model("mlperf_tiny/pretrainedResnet.tflite", is_float=True),
    Model("mlperf_tiny/vww_96_float.tflite", is_float=True),
    Model("tflm/hello_world_float.tflite", is_float=True),
]


def qcc(options, *arguments):
    """What a command prints, errors among it; ends the script where it fails."""
    process = subprocess.run([options.qcc, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             text=True)
    if process.returncode != 0:
        sys.exit(f"qcc {' '.join(map(str, arguments))}: {process.stdout}")
    return process.stdout


def recorded(name):
    """(shape with the samples in front, int8 codes) of the real inputs of a model, or None."""
    folder = SHARED / "data" / "tflm"
    if name == "micro_speech_quantized":
        samples = [npz.read_array(path)[1] for path in sorted(folder.glob("*_features.npy"))]
        shape = (1960,)
    elif name == "person_detect":
        # The bytes as they are, which is how TensorFlow Lite Micro's own test feeds this network.
        samples = [array("b", grey_levels(path)) for path in sorted(folder.glob("*person.bmp"))]
        shape = (SIZE, SIZE, 1)
    else:
        return None
    if not samples:
        return None
    return (len(samples), *shape), array("b", b"".join(sample.tobytes() for sample in samples))


def chosen(options):
    """The models of the command line that are there."""
    models = [model for model in MODELS if re.search(options.models, model.name) and model.path.exists()]
    if not models:
        print(f"skipped: no model in ../shared/models matches '{options.models}'")
    return models


def base_parser(description):
    """Options of all scripts here."""
    result = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    result.add_argument("--qcc", default=str(ROOT / "build" / "bin" / "qcc"), help="default: %(default)s")
    return result


def parser(description):
    """Options of the scripts that go over MODELS."""
    result = base_parser(description)
    result.add_argument("--models", default="", help="regular expression that a model's name must contain")
    return result


class ConstantBytes(typing.NamedTuple):
    """What a .tflite file itself stores of a model."""

    tensors: int  # weights and biases
    scales: int  # f32 scales of the channels of its filters


def constant_bytes(path):
    """Read from the file by the format's field numbers, independently of the compiler."""
    data = path.read_bytes()

    def number(kind, position):
        return struct.unpack_from("<" + kind, data, position)[0]

    def field(table, index):
        vtable = table - number("i", table)
        at = 4 + 2 * index
        offset = number("H", vtable + at) if at < number("H", vtable) else 0
        return table + offset if offset else 0

    def follow(position):
        return position + number("I", position)

    def length(position):
        return number("I", follow(position)) if position else 0

    def tables(position):
        first = follow(position) + 4
        return [follow(first + 4 * index) for index in range(length(position))]

    model = follow(0)
    buffers = [length(field(table, 0)) for table in tables(field(model, 4))]
    (graph,) = tables(field(model, 2))
    counted, tensors, scales = set(), 0, 0
    for tensor in tables(field(graph, 0)):
        kind, buffer, quantization = (field(tensor, index) for index in (1, 2, 4))
        buffer = number("I", buffer) if buffer else 0
        if not buffers[buffer] or buffer in counted:
            continue
        counted.add(buffer)
        tensors += buffers[buffer]
        channels = length(field(follow(quantization), 2)) if quantization else 0
        if channels > 1 and kind and data[kind] == 9:  # INT8
            scales += 4 * channels
    return ConstantBytes(tensors, scales)
