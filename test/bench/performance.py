"""Measures what docs/performance.md shows, and prints the tables or, with --write, puts them in.

Needs a built qcc. Kernels are measured if build/bin/bench-kernels is built; models, if ../shared/models is there;
other runtimes, if they are installed in the Python environment that runs this script.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "models"))

import models  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
PEERS = ["XNNPACK", "OpenVINO", "ONNX Runtime"]
SMALLEST_MACS = 100_000  # Of smaller models, the others' times are those of a call.
MICROCONTROLLERS = ["cortex-m0plus", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55", "rv32imc"]
MEASURED_IN_FULL = ["cortex-m4", "cortex-m55"]
CPU_FLAGS = ["avx2", "avx_vnni", "avx512f", "avx512_vnni", "amx_int8"]


def run(*command):
    """What a command prints, with this Python as its python3."""
    folders = [str(Path(sys.executable).parent), os.environ["PATH"]]
    environment = os.environ | {"PATH": os.pathsep.join(folders)}
    result = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed with exit code {result.returncode}")
    return result.stdout


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def geometric_mean(values):
    return math.exp(sum(map(math.log, values)) / len(values))


def processor():
    """The CPU's name, and which of the instruction sets that matter it has."""
    text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    name = re.search(r"model name\s*: (.*)", text)
    flags = set(re.search(r"flags\s*: (.*)", text)[1].split()) if "flags" in text else set()
    return f"{name[1] if name else 'unknown'}; {', '.join(f for f in CPU_FLAGS if f in flags) or 'no vector units'}"


def machine_table(peaks):
    rows = [
        [f"{peak['kind']}, {peak['instructions']}", f"{peak['per_second'] / 1e9:.1f}",
         "GB/s" if peak["kind"] == "memory" else "GMAC/s"]
        for peak in peaks
    ]  # fmt: skip
    return f"{processor()}.\n\n" + table(["peak", "", ""], rows)


def measure_model(qcc, model):
    """(what `qcc bench --profile` says, what `--compare` says, the products that the file asks for)."""
    macs = json.loads(run(qcc, "inspect", model.path, "--json"))["imported"]["macs"]
    profile = json.loads(run(qcc, "bench", model.path, "--profile", "--json"))
    compared = json.loads(run(qcc, "bench", model.path, "--compare", "--json"))
    for name, reason in compared["skipped"].items():
        print(f"{model.name}: skipped {name}: {reason}", file=sys.stderr)
    return profile, compared, macs


def best_peaks(profiles):
    """The machine's peaks are measured with every model: the highest of each counts."""
    best = {}
    for peak in (peak for profile in profiles for peak in profile["peaks"]):
        key = peak["kind"], peak["instructions"]
        if key not in best or best[key]["per_second"] < peak["per_second"]:
            best[key] = peak
    return list(best.values())


def share_of_peak(profile, peaks):
    """The part of the kernels' time that their products take at the peak of their type."""
    limits = {}
    for peak in peaks:
        limits[peak["kind"]] = max(limits.get(peak["kind"], 0), peak["per_second"])
    products = [kernel for kernel in profile["kernels"] if kernel["macs"]]
    if not all(kernel["products"] in limits for kernel in products):
        return "-"
    at_peak = sum(1e6 * kernel["macs"] / limits[kernel["products"]] for kernel in products)
    return f"{100 * at_peak / sum(kernel['min_us'] for kernel in profile['kernels']):.0f} %"


def models_tables(qcc, chosen):
    """(the table of models, the machine's peaks)."""
    measured = [measure_model(qcc, model) for model in chosen]
    peaks = best_peaks(profile for profile, _, _ in measured)
    rows, ratios = [], []
    for model, (profile, compared, macs) in zip(chosen, measured):
        times = {runtime["name"]: f"{runtime['min_us']:.1f}" for runtime in compared["runtimes"]}
        ratio = compared["best_peer_ratio"]
        row = [model.name, f"{macs / 1e6:.2f}", *(times.get(name, "-") for name in ["qcc", *PEERS])]
        rows.append([*row, f"{ratio:.2f}" if ratio else "-", share_of_peak(profile, peaks)])
        if ratio and macs >= SMALLEST_MACS:
            ratios.append(ratio)
    if ratios:
        rows.append(["geometric mean"] + [""] * 5 + [f"{geometric_mean(ratios):.2f}", ""])
    return table(["model", "MMAC", "qcc", *PEERS, "ratio", "peak"], rows), peaks


def kernels_table(program):
    """Sorted by name; random order in time, so that both sides meet the same machine."""
    text = run(program, "--benchmark_enable_random_interleaving=true", "--benchmark_format=json")
    results = {}
    for result in json.loads(text)["benchmarks"]:
        runtime, kernel = result["run_name"].split("/")[:2]
        entry = results.setdefault(kernel, {}).setdefault(runtime, {})
        if result["aggregate_name"] == "min":
            entry["us"] = result["cpu_time"]  # Which the rates are made of, too.
        if result["aggregate_name"] == "max":
            entry |= {"rate": result["GMAC/s"], "share": result.get("peak")}
    rows = []
    for kernel, runtimes in sorted(results.items()):
        own, other = runtimes["qcc"], runtimes.get("oneDNN")
        share = lambda entry: f"{100 * entry['share']:.0f} %" if entry["share"] else "-"  # noqa: E731
        row = [kernel, f"{own['us']:.1f}", f"{own['rate']:.1f}", share(own)]
        row += [f"{other['us']:.1f}", share(other), f"{other['us'] / own['us']:.2f}"] if other else ["-"] * 3
        rows.append(row)
    return table(["kernel", "qcc us", "GMAC/s", "of the peak", "oneDNN us", "of the peak", "ratio"], rows)


def instructions_table(qcc, chosen):
    """Executed instructions of one inference, in thousands."""
    rows = []
    for model in chosen:
        reports = [json.loads(run(qcc, "bench", model.path, f"--target={target}", "--json")) for target in MICROCONTROLLERS]
        rows.append([model.name, *(f"{report['instructions'] / 1e3:,.0f}" for report in reports)])
        print(f"{model.name}: counted", file=sys.stderr)
    return table(["model", *MICROCONTROLLERS], rows)


def sizes_table(qcc, chosen):
    """Bytes of the builds for speed, size and RAM, and what the one for size costs."""
    rows = []
    for target in MEASURED_IN_FULL:
        for model in chosen:
            bench = lambda *options: json.loads(  # noqa: E731
                run(qcc, "bench", model.path, f"--target={target}", "--json", *options)  # noqa: B023
            )
            speed, size, ram = bench(), bench("-Os"), bench("--optimize=ram")
            counts = [report["instructions"] / speed["instructions"] for report in (size, ram)]
            numbers = [speed["text_bytes"], size["text_bytes"], speed["arena_bytes"], ram["arena_bytes"], speed["stack_bytes"]]
            rows.append([f"{model.name}, {target}", *(f"{number:,}" for number in numbers), *(f"{count:.2f}" for count in counts)])
        print(f"{target}: sizes", file=sys.stderr)
    header = ["model", "code", "code, -Os", "arena", "arena, for RAM", "stack", "instructions, -Os", "instructions, for RAM"]
    return table(header, rows)


def main():
    parser = models.parser(__doc__)
    parser.add_argument(
        "--microcontrollers", action="store_true", help="only what is counted, not timed, which any machine may do"
    )
    parser.add_argument("--kernels", type=Path, default=ROOT / "build" / "bin" / "bench-kernels")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/performance.md")
    options = parser.parse_args()
    sections = {}
    chosen = models.chosen(options)
    integers = [model for model in chosen if not model.is_float]
    if integers:
        sections["instructions"] = instructions_table(options.qcc, integers)
        sections["sizes"] = sizes_table(options.qcc, integers)
    if chosen and not options.microcontrollers:
        sections["models"], peaks = models_tables(options.qcc, chosen)
        if peaks:
            sections["machine"] = machine_table(peaks)
    if not options.microcontrollers and options.kernels.exists():
        sections["kernels"] = kernels_table(options.kernels)
    elif not options.microcontrollers:
        print("skipped kernels: cmake --build build --target bench-kernels makes the program", file=sys.stderr)
    page = PAGE.read_text(encoding="utf-8")
    for name, text in sections.items():
        if not options.write:
            print(text)
        page = re.sub(
            rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)", lambda m, t=text: m[1] + t + m[2], page, flags=re.DOTALL
        )
    if options.write:
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
