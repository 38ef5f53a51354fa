"""The lit format of test/execute: each file is a model, each target that runs it a test of its own.

`conv2d.mlir/cortex-m4` passes if `qcc verify conv2d.mlir --target=cortex-m4` finds every sample identical to the
reference interpreter's result: integers bit for bit. The files need no RUN lines.
"""

import os

import lit.formats
import lit.Test
import lit.util

# Targets, and the feature of features.py without which a machine cannot run them.
TARGETS = {
    "host": None,
    "x86-64-v3": "x86-64-v3",
    "x86-64-v4": "x86-64-v4",
    "aarch64": "qemu-aarch64",
    "cortex-m0plus": "qemu-arm",
    "cortex-m4": "qemu-arm",
    "cortex-m7": "qemu-arm",
    "cortex-m55": "qemu-arm",
    "rv32imc": "qemu-riscv",
    "rv64gcv": "qemu-riscv",
    "wasm32": "node",
}

# The smallest codes, the largest, zeros, then random ones.
SAMPLES = 12


class OnEveryTarget(lit.formats.FileBasedTest):
    def getTestsForPath(self, testSuite, path_in_suite, litConfig, localConfig):
        for test in super().getTestsForPath(testSuite, path_in_suite, litConfig, localConfig):
            for target in TARGETS:
                yield lit.Test.Test(testSuite, test.path_in_suite + (target,), localConfig)

    def execute(self, test, litConfig):
        model, target = os.path.split(test.getSourcePath())
        feature = TARGETS[target]
        if feature and feature not in test.config.available_features:
            return lit.Test.UNSUPPORTED, f"this machine lacks '{feature}'"
        qcc = os.path.join(test.config.qcc_bin, "qcc")
        command = [qcc, "verify", model, f"--target={target}", f"--samples={SAMPLES}"]
        out, err, exit_code = lit.util.executeCommand(command, env=test.config.environment)
        if exit_code == 0 and out.startswith(f"{SAMPLES} of {SAMPLES} identical"):
            return lit.Test.PASS, ""
        return lit.Test.FAIL, " ".join(command) + f"\n{out}{err}exit code {exit_code}\n"
