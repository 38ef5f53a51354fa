"""npz.py FILE NAME:TYPE:SHAPE[:VALUE] ...: writes arrays of one value, or of 0, 1, 2, ... if the value is 'count'.

TYPE is NumPy's short name (i1, u1, i4, f4, ...), SHAPE as in 2x3 or empty for a scalar. Standard library only.
"""

import struct
import sys
import zipfile

LETTERS = {"i1": "b", "u1": "B", "i2": "h", "u2": "H", "i4": "i", "u4": "I", "i8": "q", "f4": "f", "f8": "d"}


def npy(kind, shape, value):
    size = 1
    for dimension in shape:
        size *= dimension
    number = float if kind[0] == "f" else int
    values = [number(i if value == "count" else value) for i in range(size)]
    order = "|" if kind[1] == "1" else "<"
    header = f"{{'descr': '{order}{kind}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    data = struct.pack(f"<{size}{LETTERS[kind]}", *values)
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def main(path, *arrays):
    with zipfile.ZipFile(path, "w") as archive:
        for array in arrays:
            name, kind, shape, *value = array.split(":")
            sizes = [int(size) for size in shape.split("x") if size]
            archive.writestr(name + ".npy", npy(kind, sizes, value[0] if value else "0"))


main(*sys.argv[1:])
