"""Times qcc's code for AVX2 and runtimes that are told that the processor has no more than that.

    python3 test/bench/avx2.py m.tflite ...

XNNPACK and OpenVINO ask `cpuid` what the processor can do, and no option makes both of them believe less. So this copies
their packages, with a trap in place of each `cpuid`, which objdump finds; the trap's handler, avx2.c, executes it and hides
AVX-512, AMX and AVX-VNNI. `qcc bench --compare --target=x86-64-v3` then finds the copies first. What it measures is printed
as the table of docs/performance.md; the last two columns are the same runtimes as installed, with all that they find.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import run

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"XNNPACK": "ai_edge_litert", "OpenVINO": "openvino"}
CPUID, TRAP = b"\x0f\xa2", b"\xcc\x90"  # int3 and a nop, as long as a cpuid
# Only libraries with the bytes are disassembled, as that is slow; the bytes alone may be part of another instruction.
INSTRUCTION = re.compile(r"^\s*([0-9a-f]+):\s+cpuid\b", re.MULTILINE)
SECTION = re.compile(r"^\s*\d+\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)\s+[0-9a-f]+\s+([0-9a-f]+)", re.MULTILINE)


def file_offset(sections, address):
    """Where in the file the byte of an address is."""
    for size, start, offset in sections:
        if start <= address < start + size:
            return offset + address - start
    raise ValueError(f"no section has address {address:#x}")


def trap_cpuid(library):
    """Replaces each cpuid of a shared library; returns how many there were."""
    data = bytearray(library.read_bytes())
    if CPUID not in data:
        return 0
    sections = [tuple(int(word, 16) for word in row) for row in SECTION.findall(run("objdump", "-h", library))]
    addresses = INSTRUCTION.findall(run("objdump", "-d", "--no-show-raw-insn", library))
    for address in addresses:
        offset = file_offset(sections, int(address, 16))
        if data[offset : offset + 2] != CPUID:
            sys.exit(f"{library}: objdump has a cpuid at {address}, where the file has none")
        data[offset : offset + 2] = TRAP
    library.write_bytes(data)
    return len(addresses)


def restrict(folder):
    """Copies the packages there and restricts them; returns the environment in which they are found."""
    for runtime, package in PACKAGES.items():
        found = importlib.util.find_spec(package)
        if found is None:
            print(f"skipped {runtime}: the Python package {package} is not installed", file=sys.stderr)
            continue
        shutil.copytree(Path(found.origin).parent, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
        count = sum(map(trap_cpuid, sorted((folder / package).rglob("*.so*"))))
        print(f"{runtime}: {count} cpuid instructions replaced", file=sys.stderr)
    handler = folder / "avx2.so"
    run("cc", "-O2", "-shared", "-fPIC", Path(__file__).with_suffix(".c"), "-o", handler)
    paths = [str(folder), os.environ.get("PYTHONPATH", "")]
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "LD_PRELOAD": str(handler)}


def compare(options, model, environment):
    """Microseconds of the fastest round of each runtime."""
    command = [options.qcc, "bench", str(model), "--compare", "--json", "--target=x86-64-v3"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{result.stderr}")
    found = json.loads(result.stdout)
    for name in PACKAGES.keys() & found["skipped"].keys():
        print(f"{model.stem}: skipped {name}: {found['skipped'][name]}", file=sys.stderr)
    return {runtime["name"]: runtime["min_us"] for runtime in found["runtimes"]}


def print_us(times, name):
    return f"{times[name]:.1f}" if name in times else "-"


def why_not():
    """Why nothing can be measured here, if so."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "it needs Linux on x86-64"
    missing = [tool for tool in ("objdump", "cc") if shutil.which(tool) is None]
    return f"there is no {missing[0]}" if missing else None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", type=Path, metavar="m.tflite")
    parser.add_argument("--qcc", default=str(ROOT / "build" / "bin" / "qcc"))
    options = parser.parse_args()
    if reason := why_not():
        print(f"skipped: {reason}")
        return
    with tempfile.TemporaryDirectory() as folder:
        restricted = restrict(Path(folder))
        print("| model | qcc | XNNPACK | OpenVINO | ratio | XNNPACK, all | OpenVINO, all |")
        print("| --- |" + " ---: |" * 6)
        for model in options.models:
            times, free = compare(options, model, restricted), compare(options, model, os.environ)
            cells = [print_us(times, name) for name in ("qcc", *PACKAGES)]
            others = [times[name] for name in PACKAGES if name in times]
            cells.append(f"{min(others) / times['qcc']:.2f}" if others else "-")
            cells += [print_us(free, name) for name in PACKAGES]
            print(f"| {model.stem} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
