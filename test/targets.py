"""The lit formats of test/execute: each model on each target that runs it is a test of its own.

`conv2d.mlir/cortex-m4` passes if `qcc verify conv2d.mlir --target=cortex-m4` finds every sample identical to the
reference interpreter's result: integers bit for bit. The files need no RUN lines.
"""

import os

import lit.formats
import lit.Test
import lit.util

import contractions

# Targets, and the feature of features.py without which a machine cannot run them.
TARGETS = {
    "host": None,
    "x86-64": "x86-64",
    "x86-64-v3": "x86-64-v3",
    "x86-64-v4": "x86-64-v4",
    "x86-64-v4-amx": "x86-64-v4-vnni",
    "aarch64": "qemu-aarch64",
    "aarch64-v8.6": "qemu-aarch64",
    "cortex-m0plus": "qemu-arm",
    "cortex-m3": "qemu-arm",
    "cortex-m4": "qemu-arm",
    "cortex-m7": "qemu-arm",
    "cortex-m33": "qemu-arm",
    "cortex-m55": "qemu-arm",
    "rv32imc": "qemu-riscv",
    "rv64gcv": "qemu-riscv",
    "wasm32": "node",
}

# The smallest codes, the largest, zeros, then random ones.
SAMPLES = 12

# How many models of contractions.py each target tries, as it is, with a feature, or compiled for size.
RANDOM_MODELS = {
    "host": 16,
    "host+small": 6,
    "x86-64": 3,
    "x86-64-v3": 6,
    "x86-64-v3+small": 4,
    "x86-64-v4": 6,
    "aarch64": 3,
    "aarch64+dotprod": 3,
    "aarch64+i8mm": 3,
    "aarch64+small": 3,
    "aarch64+dotprod+small": 3,
    "cortex-m4": 4,
    "cortex-m55": 6,
    "rv32imc": 3,
    "wasm32": 2,
}
# The same of those with shapes for machines that multiply matrices.
MATRIX_MODELS = {
    "x86-64-v4-amx": 8,
    "aarch64+i8mm": 4,
    "aarch64+i8mm+small": 3,
}
# The same of those with floats of 16 bits.
FLOAT_MODELS = {
    "host": 8,
    "x86-64": 2,
    "x86-64-v3": 2,
    "x86-64-v4": 4,
    "aarch64": 3,
    "aarch64-v8.6": 4,
    "x86-64-v4-amx+amx-bf16": 4,
    "cortex-m4": 1,
    "cortex-m55": 1,
    "rv64gcv": 2,
    "wasm32": 1,
}
# The same of those with codes of less than a byte.
PACKED_MODELS = {
    "host": 8,
    "x86-64-v3": 4,
    "aarch64": 3,
    "aarch64+dotprod+small": 2,
    "cortex-m4": 4,
    "cortex-m55": 4,
    "cortex-m0plus": 2,
    "rv32imc": 4,
    "wasm32": 2,
}
# The same of those with weights that are codes of tables.
BOOK_MODELS = {
    "host": 5,
    "host+small": 4,
    "x86-64": 2,
    "x86-64-v3": 4,
    "x86-64-v3+small": 4,
    "aarch64": 3,
    "aarch64+small": 3,
    "aarch64+dotprod+small": 3,
    "cortex-m0plus": 2,
    "cortex-m4": 3,
    "cortex-m55": 3,
    "rv32imc": 2,
    "rv64gcv": 2,
    "wasm32": 2,
}
# The same of those with one scale for a group of weights.
SCALE_MODELS = {
    "host": 4,
    "x86-64-v3": 2,
    "aarch64": 2,
    "cortex-m0plus": 2,
    "cortex-m3": 2,
    "cortex-m4": 6,
    "cortex-m55": 4,
    "rv32imc": 2,
    "rv64gcv": 2,
}


def verify(test, model, machine):
    """Compares the model in a file with the interpreter, if this machine runs the target."""
    feature = TARGETS[machine.partition("+")[0]]
    if feature and feature not in test.config.available_features:
        return lit.Test.UNSUPPORTED, f"this machine lacks '{feature}'"
    command = contractions.verification(os.path.join(test.config.qcc_bin, "qcc"), model, machine, SAMPLES)
    out, err, exit_code = lit.util.executeCommand(command, env=test.config.environment)
    if contractions.is_exact(exit_code, out, SAMPLES):
        return lit.Test.PASS, ""
    return lit.Test.FAIL, " ".join(command) + f"\n{out}{err}exit code {exit_code}\n"


class OnEveryTarget(lit.formats.FileBasedTest):
    def getTestsForPath(self, testSuite, path_in_suite, litConfig, localConfig):
        for test in super().getTestsForPath(testSuite, path_in_suite, litConfig, localConfig):
            for target in TARGETS:
                yield lit.Test.Test(testSuite, test.path_in_suite + (target,), localConfig)

    def execute(self, test, litConfig):
        model, target = os.path.split(test.getSourcePath())
        return verify(test, model, target)


class RandomContractions(lit.formats.TestFormat):
    """`3/aarch64+dotprod` is model 3 of contractions.py on AArch64 with the feature `dotprod`."""

    def __init__(self, models=None, choices=None):
        self.models, self.choices = models or RANDOM_MODELS, contractions.CHOICES | (choices or {})

    def getTestsInDirectory(self, testSuite, path_in_suite, litConfig, localConfig):
        for machine, count in self.models.items():
            for number in range(count):
                yield lit.Test.Test(testSuite, path_in_suite + (str(number), machine), localConfig)

    def execute(self, test, litConfig):
        folder, machine = os.path.split(test.getExecPath())
        os.makedirs(folder, exist_ok=True)
        model = os.path.join(folder, f"{machine}.mlir")
        with open(model, "w", encoding="utf-8") as file:
            file.write(contractions.Model(int(os.path.basename(folder)), self.choices).text())
        return verify(test, model, machine)
