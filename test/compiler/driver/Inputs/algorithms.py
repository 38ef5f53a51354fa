"""algorithms.py: writes all.npz, labelled samples for convolutions.mlir, and its halves first.npz and rest.npz. Standard
library only.
"""

import random
import struct
import zipfile

HALF, SHAPE = 6, (6, 6, 4)


def npy(kind, letter, shape, values):
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(values)}{letter}", *values)


draw = random.Random(3)
sample = SHAPE[0] * SHAPE[1] * SHAPE[2]
numbers = [draw.uniform(-6, 6) for _ in range(2 * HALF * sample)]
for name, begin, end in (("all", 0, 2 * HALF), ("first", 0, HALF), ("rest", HALF, 2 * HALF)):
    with zipfile.ZipFile(f"{name}.npz", "w") as archive:
        archive.writestr("image.npy", npy("<f4", "f", (end - begin, *SHAPE), numbers[begin * sample:end * sample]))
        archive.writestr("labels.npy", npy("|i1", "b", (end - begin,), [0] * (end - begin)))
