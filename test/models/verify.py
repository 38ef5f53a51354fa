#!/usr/bin/env python3
"""Runs real models, compiled for a target, against the reference interpreter, on random and on recorded inputs."""

import subprocess
import sys
import tempfile
from pathlib import Path

import models
import npz

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from contractions import least_ram  # noqa: E402
from features import emulation  # noqa: E402


def verify(command, *more):
    """Whether `qcc verify` agrees, and what it said."""
    process = subprocess.run([*command, *more], capture_output=True, text=True)
    text = process.stdout.strip()
    if process.returncode:
        text = (text + "\n" + process.stderr).strip()
    return process.returncode == 0, text


def verify_model(model, options):
    command = [*emulation(options.qcc, options.target), options.qcc, "verify", model.path, f"--target={options.target}"]
    if options.least_ram:
        command.append(f"--budget-ram={least_ram(command)}")
    passed, text = verify(command, f"--samples={options.samples}", f"--seed={options.seed}")
    inputs = models.recorded(model.name)
    if inputs:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "recorded.npz")
            npz.write(path, {"input0": inputs})
            agrees, more = verify(command, "--inputs", path)
            passed, text = passed and agrees, f"{text}; recorded inputs: {more}"
    print(f"{model.name} on {options.target}: {text}", flush=True)
    return passed


def main():
    parser = models.parser(__doc__)
    parser.add_argument("--target", default="host", help="default: %(default)s")
    parser.add_argument("--samples", type=int, default=20, help="random samples per model (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least-ram", action="store_true", help="with the smallest --budget-ram that each can have")
    parser.add_argument("--floats", action="store_true", help="float models, too")
    options = parser.parse_args()
    results = [verify_model(model, options) for model in models.chosen(options) if options.floats or not model.is_float]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
