"""Writes the random weights of kernels/*.qm as one .safetensors file: `weights.py kernels.safetensors`.

Only Python's standard library; the same bytes every time.
"""

import json
import random
import struct
import sys
from array import array

# Shapes by layer: [units, inputs] or [filters, height, width, channels].
INT8 = {
    "gemm_256x256x576": [256, 576],
    "gemm_512x512x512": [512, 512],
    "conv3x3_64": [64, 3, 3, 64],
    "conv3x3_128": [128, 3, 3, 128],
    "conv3x3_256": [256, 3, 3, 256],
    "dense_1024": [1024, 1024],
    "dense_4096": [4096, 4096],
}
# Of 4 bits, from -7 to 7.
INT4 = {"dense_4096_w4": [4096, 4096]}
BITS = {
    "bits3x3_64": [64, 3, 3, 64],
    "bits3x3_128": [128, 3, 3, 128],
    "bits3x3_256": [256, 3, 3, 256],
    "bits3x3_512": [512, 3, 3, 512],
    "bits_1024x1024x1024": [1024, 1024],
}
FLOAT = {
    "gemm_f32_256x256x576": [256, 576],
    "conv3x3_f32_64": [64, 3, 3, 64],
    "gemm_bf16_256x256x576": [256, 576],
    "conv3x3_bf16_64": [64, 3, 3, 64],
}


def count(shape):
    result = 1
    for size in shape:
        result *= size
    return result


def tensors(generator):
    """(name, type, shape, bytes) of each."""
    # Codes from -127 to 127, as quantised filters have them.
    table = bytes(max(code, 1) for code in range(256)).translate(bytes((code + 128) % 256 for code in range(256)))
    nibbles = bytes((byte % 15 - 7) % 256 for byte in range(256))
    for name, shape in (INT8 | INT4).items():
        channels = shape[0]
        yield f"{name}.weight", "I8", shape, generator.randbytes(count(shape)).translate(nibbles if name in INT4 else table)
        scales = array("f", [generator.uniform(0.005, 0.01) for _ in range(channels)])
        yield f"{name}.weight.scale", "F32", [channels], scales.tobytes()
        bias = array("i", [generator.randint(-1000, 1000) for _ in range(channels)])
        yield f"{name}.bias", "I32", [channels], bias.tobytes()
    signs = bytes(byte & 1 for byte in range(256))
    for name, shape in BITS.items():
        yield f"{name}.weight", "BOOL", shape, generator.randbytes(count(shape)).translate(signs)
    for name, shape in FLOAT.items():
        weights = array("f", [generator.uniform(-0.1, 0.1) for _ in range(count(shape))])
        yield f"{name}.weight", "F32", shape, weights.tobytes()
        yield f"{name}.bias", "F32", [shape[0]], array("f", [0.5] * shape[0]).tobytes()


def main():
    header, data = {}, []
    end = 0
    for name, kind, shape, content in tensors(random.Random(1)):
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [end, end + len(content)]}
        end += len(content)
        data.append(content)
    text = json.dumps(header).encode()
    with open(sys.argv[1], "wb") as stream:
        stream.write(struct.pack("<Q", len(text)) + text + b"".join(data))


if __name__ == "__main__":
    main()
