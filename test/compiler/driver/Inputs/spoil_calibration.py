"""Writes variants of a calibration file, each with one thing that no calibration has."""

import struct
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as archive:
    found = {name: archive.read(name) for name in archive.namelist()}
values, counts = "0.x.values.npy", "0.x.counts.npy"


def write(name, entries):
    with zipfile.ZipFile(name, "w") as archive:
        for entry, content in entries.items():
            archive.writestr(entry, content)


def changed(entry, code, number):
    """All elements of an array are `number`."""
    content = found[entry]
    start = 10 + struct.unpack_from("<H", content, 8)[0]
    count = (len(content) - start) // struct.calcsize(code)
    return found | {entry: content[:start] + struct.pack(f"<{count}{code}", *[number] * count)}


write("count.npz", changed(counts, "q", -1))
write("sum.npz", changed(counts, "q", 1 << 62))
write("value.npz", changed(values, "f", 1e6))
write("length.npz", found | {counts: found["1.d.counts.npy"]})
write("fewer.npz", {name: content for name, content in found.items() if not name.startswith("1.")})
