#!/usr/bin/env python3
"""Is there a person on a picture? person_detect.py person_detect.tflite picture.bmp...

Runs TensorFlow Lite Micro's person_detect network, compiled by qcc for this machine, on grey 96x96 bitmaps of
8 bits. Needs only Python's standard library.
"""

import struct
import subprocess
import sys
import tempfile
from array import array
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import npz

SIZE = 96
QCC = Path(__file__).resolve().parent.parent.parent / "build" / "bin" / "qcc"


def grey_levels(path):
    """The pixels of a bitmap from the top left, 0 to 255."""
    data = Path(path).read_bytes()
    start, width, height, bits = struct.unpack_from("<10xI4xii2xH", data)
    if data[:2] != b"BM" or (width, abs(height), bits) != (SIZE, SIZE, 8):
        raise SystemExit(f"{path}: expects a bitmap of {SIZE}x{SIZE} pixels of 8 bits")
    rows = [data[start + y * SIZE : start + (y + 1) * SIZE] for y in range(SIZE)]
    if height > 0:  # stored from the bottom
        rows.reverse()
    return b"".join(rows)


def main():
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    model, pictures = sys.argv[1], sys.argv[2:]
    # The bytes are taken as int8 as they are, which is how TensorFlow Lite Micro's own test feeds this network.
    codes = array("b", b"".join(grey_levels(picture) for picture in pictures))
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder, "in.npz"), Path(folder, "out.npz")
        npz.write(inputs, {"input0": ((len(pictures), SIZE, SIZE, 1), codes)})
        subprocess.run([QCC, "run", model, "--inputs", inputs, "--outputs", outputs], check=True)
        _, scores = next(iter(npz.read(outputs).values()))
    for index, picture in enumerate(pictures):
        nobody, person = scores[2 * index : 2 * index + 2]
        print(f"{picture}: {'a person' if person > nobody else 'nobody'} (scores {person} and {nobody})")


if __name__ == "__main__":
    main()
