"""What this machine can run beside the compiler itself.

lit.cfg.py turns the available features into lit features; as a script, this file
prints what is missing, so that nobody takes a skipped test for a passed one.
"""

import functools
import platform
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _has_tools(*tools):
    return all(shutil.which(tool) for tool in tools)


def _has_modules(*modules):
    """Asks the python3 that the tests start, which need not be the one that runs this file."""
    question = f"import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, {modules})))"
    return subprocess.run(["python3", "-c", question], check=False).returncode == 0


def _has_python_headers():
    question = "import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_paths()['include'] + '/Python.h'))"
    return subprocess.run(["python3", "-c", question], check=False).returncode == 0


def _has_cpu_flags(*flags):
    """Linux says what an x86 CPU can do; elsewhere the tests are skipped."""
    cpuinfo = Path("/proc/cpuinfo")
    words = set(cpuinfo.read_text().split()) if cpuinfo.exists() else set()
    return words.issuperset(flags)


# name: (what it needs, in words; is it there?)
FEATURES = {
    "x86-64": ("an x86-64 machine", lambda: platform.machine() == "x86_64"),
    "x86-64-v3": ("a CPU with AVX2, BMI2 and FMA", functools.partial(_has_cpu_flags, "avx2", "bmi2", "fma")),
    "x86-64-v4": (
        "a CPU with AVX-512 F, BW, CD, DQ and VL",
        functools.partial(_has_cpu_flags, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"),
    ),
    "x86-64-v4-vnni": (
        "a CPU with AVX-512 F, BW, CD, DQ, VL and VNNI; AMX is emulated where it is missing",
        functools.partial(_has_cpu_flags, "avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl", "avx512_vnni"),
    ),
    "x86-64-bitalg": ("a CPU with AVX-512 BITALG", functools.partial(_has_cpu_flags, "avx512_bitalg", "avx512dq")),
    "qemu-arm": (
        "qemu-system-arm and arm-none-eabi-gcc",
        functools.partial(_has_tools, "qemu-system-arm", "arm-none-eabi-gcc"),
    ),
    "qemu-riscv": (
        "qemu-system-riscv32, qemu-system-riscv64 and riscv64-unknown-elf-gcc",
        functools.partial(_has_tools, "qemu-system-riscv32", "qemu-system-riscv64", "riscv64-unknown-elf-gcc"),
    ),
    "qemu-aarch64": (
        "qemu-aarch64 and aarch64-linux-gnu-gcc",
        functools.partial(_has_tools, "qemu-aarch64", "aarch64-linux-gnu-gcc"),
    ),
    "chromium": ("chromium, to look at HTML pages", functools.partial(_has_tools, "chromium")),
    "node": ("node", functools.partial(_has_tools, "node")),
    "python-numpy": ("the Python package numpy", functools.partial(_has_modules, "numpy")),
    "python-wheel": (
        "the headers of Python, and its packages numpy, pip, nanobind and scikit-build-core",
        lambda: _has_modules("numpy", "pip", "nanobind", "scikit_build_core") and _has_python_headers(),
    ),
    "python-onnx": ("the Python packages numpy and onnx", functools.partial(_has_modules, "numpy", "onnx")),
    "python-onnxruntime": (
        "the Python packages numpy, onnx and onnxruntime",
        functools.partial(_has_modules, "numpy", "onnx", "onnxruntime"),
    ),
    "python-peers": (
        "the Python packages numpy, tflite-micro and ai-edge-litert",
        functools.partial(_has_modules, "numpy", "tflite_micro", "ai_edge_litert"),
    ),
    "python-distributed": ("the Python package distributed", functools.partial(_has_modules, "distributed")),
    "shared-models": ("trained models in ../shared/models", (ROOT.parent / "shared" / "models").is_dir),
    "shared-data": ("recorded inputs in ../shared/data", (ROOT.parent / "shared" / "data").is_dir),
}


def emulation(qcc, target):
    """What a command that runs `target` begins with where the CPU lacks instructions that test/amx emulates."""
    if not target.endswith("-amx") or _has_cpu_flags("amx_tile", "amx_int8"):
        return []
    return ["env", f"LD_PRELOAD={Path(qcc).resolve().parent.parent / 'lib' / 'libqcc_amx_preload.so'}"]


def available():
    return [name for name, (_, is_there) in FEATURES.items() if is_there()]


def main():
    there = available()
    print("tests: features here: " + (" ".join(there) or "none"))
    for name, (needs, _) in FEATURES.items():
        if name not in there:
            print(f"tests: SKIPPED are those marked '{name}': they need {needs}")


if __name__ == "__main__":
    main()
