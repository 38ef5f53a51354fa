"""NumPy's .npy and .npz files with nothing but the standard library, as much as the examples need."""

import ast
import io
import struct
import zipfile
from array import array
from pathlib import Path

# NumPy's name of an element type: that of array.array.
CODES = {"|u1": "B", "|i1": "b", "<f4": "f", "<i4": "i"}


def parse(data, where):
    """(shape, array.array of the elements in row-major order) of a .npy file's bytes."""
    stream = io.BytesIO(data)
    magic, major = stream.read(6), stream.read(2)[0]
    if magic != b"\x93NUMPY":
        raise ValueError(f"{where} is no NumPy array")
    width = "<H" if major == 1 else "<I"
    (length,) = struct.unpack(width, stream.read(struct.calcsize(width)))
    header = ast.literal_eval(stream.read(length).decode("latin1"))
    if header["fortran_order"]:
        raise ValueError(f"{where} is stored by columns")
    elements = array(CODES[header["descr"]])
    elements.frombytes(stream.read())
    return header["shape"], elements


def read_array(path):
    """What `parse` gives, of a .npy file."""
    return parse(Path(path).read_bytes(), path)


def read(path):
    """What `parse` gives, by name, of the arrays in an .npz file."""
    with zipfile.ZipFile(path) as archive:
        return {entry.removesuffix(".npy"): parse(archive.read(entry), f"{path}: {entry}") for entry in archive.namelist()}


def write(path, arrays):
    """The inverse of `read`."""
    descriptions = {code: name for name, code in CODES.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (shape, elements) in arrays.items():
            description = descriptions[elements.typecode]
            header = f"{{'descr': '{description}', 'fortran_order': False, 'shape': {tuple(shape)}, }}"
            header += " " * (-(len(header) + 11) % 64) + "\n"
            data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + elements.tobytes()
            archive.writestr(f"{name}.npy", data)
