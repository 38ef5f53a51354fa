#!/usr/bin/env python3
"""Checks what the integer models take on microcontrollers: arena, code and read-only data for a Cortex-M4 and a Cortex-M55,
arena for RV32IMC.

- The arena of a build for RAM is at most what tensors need whose life spans overlap as their kernels allow it, inputs and
  outputs counted; that of a build for speed may have a few kilobytes more for staged lines.
- The code has at most 12 KB; with -Os, 8 KB on a Cortex-M4 and 9 KB on a Cortex-M55.
- Weights and biases, as imported, are within 3 % of the bytes that the model's file has for them.
- All read-only data is within 3 % of that and the file's channel scales, whose place multipliers take, and 2 KB of
  tables: activations, softmax, and the numbers in which shared kernels differ.
- Code and read-only data are at most what they are with -O3, which shares no kernels.
"""

import json
import subprocess
import sys

import models

MAX_LINES = {"cortex-m4": 5000, "cortex-m55": 2500, "rv32imc": 10 * 1024}
MAX_TEXT = {"cortex-m4": 12 * 1024, "cortex-m55": 12 * 1024}
MAX_SMALL_TEXT = {"cortex-m4": 8 * 1024, "cortex-m55": 9 * 1024}
MAX_TABLES = 2 * 1024
TOLERANCE = 0.03
MICROCONTROLLERS = ["cortex-m4", "cortex-m55", "rv32imc"]


def inspect(options, model, target, level="2"):
    command = [options.qcc, "inspect", model.path, f"--target={target}", f"-O{level}", "--json"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def constant_and_code_bytes(report):
    return report["text_bytes"] + report["rodata_bytes"]


def grown_by_sharing(options, model, reports):
    for report in reports:
        size = constant_and_code_bytes(report)
        unshared = constant_and_code_bytes(inspect(options, model, report["target"], level="3"))
        print(f"{model.name}: {report['target']}: {size} bytes, {unshared} without shared kernels", flush=True)
        if size > unshared:
            yield f"{size} bytes on {report['target']}, but {unshared} without shared kernels"


def violations(model, report, stored):
    for goal, arena, limit in [
        ("speed", report["arena_bytes"], model.arena + MAX_LINES[report["target"]]),
        ("ram", report["arena_bytes_for_ram"], model.arena),
    ]:
        if model.arena and arena > limit:
            yield f"arena for {goal} of {arena} bytes on {report['target']}, expected at most {limit}"
    if report["target"] not in MAX_TEXT:
        return
    most = MAX_TEXT[report["target"]]
    if report["text_bytes"] > most:
        yield f"code of {report['text_bytes']} bytes on {report['target']}, expected at most {most}"
    imported = report["imported"]["weight_bytes"]
    if abs(imported - stored.tensors) > TOLERANCE * stored.tensors:
        yield f"weights of {imported} bytes, the model's file has {stored.tensors}"
    limit = (1 + TOLERANCE) * sum(stored) + MAX_TABLES
    if report["rodata_bytes"] > limit:
        yield f"read-only data of {report['rodata_bytes']} bytes on {report['target']}, expected at most {limit:.0f}"


def too_large_with_size_first(options, model):
    for target, most in MAX_SMALL_TEXT.items():
        text = inspect(options, model, target, level="s")["text_bytes"]
        if text > most:
            yield f"code of {text} bytes on {target} with -Os, expected at most {most}"


def main():
    options = models.parser(__doc__).parse_args()
    passed = True
    for model in models.chosen(options):
        if model.is_float:
            continue
        stored = models.constant_bytes(model.path)
        reports = [inspect(options, model, target) for target in MICROCONTROLLERS]
        sizes = ", ".join(f"{key} {reports[0][key + '_bytes']}" for key in ("arena", "text", "weight", "rodata", "stack"))
        print(f"{model.name}: {sizes}; in the file: tensors {stored.tensors}, channel scales {stored.scales}", flush=True)
        found = [violation for report in reports for violation in violations(model, report, stored)]
        found += [*grown_by_sharing(options, model, reports), *too_large_with_size_first(options, model)]
        for violation in found:
            print(f"{model.name}: {violation}")
            passed = False
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
