"""What the scripts beside this one measure with."""

import json
import subprocess
import sys


def run(*command, errors=None):
    """What a command prints; ends the script where it fails. With subprocess.STDOUT as errors, they are part of it."""
    result = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
    if result.returncode:
        printed = f":\n{result.stdout}" if errors else ""
        sys.exit(f"{' '.join(map(str, command))} failed with exit code {result.returncode}{printed}")
    return result.stdout


def least_us(qcc, model, *options):
    """Microseconds of a model's fastest run in `qcc bench`."""
    return json.loads(run(qcc, "bench", model, "--json", *options))["min_us"]
