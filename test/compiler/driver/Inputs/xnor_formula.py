"""How many times fewer operations a layer of bits takes than products: XNOR-Net's formula, and counts of `qcc inspect --json`.

A machine word takes 64 bit operations at once (Rastegari et al. 2016).
"""

import json
import sys

CHANNELS, TAPS = 256, 9
expected = 64 * CHANNELS * TAPS / (CHANNELS * TAPS + 64)
print(f"{expected:.1f} by the formula")
for path in sys.argv[1:]:
    with open(path) as file:
        report = json.load(file)
    layer = next(layer for layer in report["layers"] if layer["name"] == "bits")
    times = layer["macs"] / (layer["bit_operations"] / 64 + layer["high_precision_operations"])
    print(f"{report['target']}: {times:.1f}")
    assert abs(times / expected - 1) < 0.1
    for key in ("bit_operations", "high_precision_operations"):
        for parts in ("layers", "kernels"):
            assert sum(part[key] for part in report[parts]) == report[key], (parts, key)
