#!/usr/bin/env python3
"""Runs the node tests of the ONNX package through the importer, the interpreter and compiled code.

`onnx-nodes.txt` lists the cases that pass, each with what is fed to the model when it runs:
    inputs     all inputs whose elements qcc can take; the others (shapes, axes, indices) become initializers
    first      only the first input; the others, such as weights, become initializers
    constants  nothing: all operands are initializers, and the importer computes the result

By default the listed cases are run, and one that fails is an error. With --all, the others are tried, too, and those
that pass are reported; --update writes them into the list, and takes none out.
"""

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import models

try:
    import numpy as np
    import onnx
    from onnx import helper, numpy_helper
    from onnx.backend.test.case.node import collect_testcases
except ImportError as failure:
    print(f"skipped: not installed ({failure})")
    sys.exit(0)

LIST = Path(__file__).with_name("onnx-nodes.txt")
MODES = ("inputs", "first", "constants")
BACKENDS = ("reference", "jit")
BATCH = 32  # cases in one model, so that one process compiles them together
FED = {np.dtype(name) for name in ("float32", "bool", "int8", "uint8", "int16", "uint16")}


class Case:
    """A node test whose names begin with its own, so that several fit into one graph."""

    def __init__(self, test, mode):
        self.test, self.mode, self.name = test, mode, test.name
        self.model = test.model
        self.operators = tuple(sorted((o.domain, o.version) for o in self.model.opset_import))
        inputs, self.outputs = test.data_sets[0]
        graph = self.model.graph
        self.values = {info.name: value for info, value in zip(graph.input, inputs)}
        if not all(np.asarray(value).dtype.kind in "biuf" for value in inputs + self.outputs):
            raise TypeError("sequences, strings and types that NumPy does not have")
        self.fed = [info for i, info in enumerate(graph.input) if self.is_fed(i, info)]

    def is_fed(self, i, info):
        value = self.values.get(info.name)
        fits = isinstance(value, np.ndarray) and value.dtype in FED
        return fits and (self.mode == "inputs" or (self.mode == "first" and i == 0))

    def prefixed(self, name):
        return f"{self.name}/{name}" if name else ""

    def add_to(self, graph):
        """Adds nodes, inputs, initializers and outputs to `graph`."""
        own = self.model.graph
        fed = {info.name for info in self.fed}
        for node in own.node:
            copy = graph.node.add()
            copy.CopyFrom(node)
            copy.input[:] = [self.prefixed(name) for name in node.input]
            copy.output[:] = [self.prefixed(name) for name in node.output]
        for info in own.input:
            if info.name in fed:
                copy = graph.input.add()
                copy.CopyFrom(info)
                copy.name = self.prefixed(info.name)
            elif info.name in self.values:
                array = np.asarray(self.values[info.name])
                graph.initializer.append(numpy_helper.from_array(array, self.prefixed(info.name)))
        for tensor in own.initializer:
            copy = graph.initializer.add()
            copy.CopyFrom(tensor)
            copy.name = self.prefixed(tensor.name)
        for info in own.output:
            copy = graph.output.add()
            copy.CopyFrom(info)
            copy.name = self.prefixed(info.name)

    def samples(self):
        """One sample of each fed input, as qcc reads it."""
        for info in self.fed:
            value = self.values[info.name]
            value = value.astype(np.uint8) if value.dtype == bool else value
            yield self.prefixed(info.name), value if value.ndim and value.shape[0] == 1 else value[None]

    def difference(self, arrays):
        """What is wrong with the outputs, or None."""
        for info, expected in zip(self.model.graph.output, self.outputs):
            got, expected = arrays.get(self.prefixed(info.name)), np.asarray(expected)
            if got is None or got.size != expected.size:
                return f"output '{info.name}' is {got if got is None else got.shape}, not {expected.shape}"
            got = got.reshape(expected.shape)
            if expected.dtype.kind in "iub":
                if not np.array_equal(got.astype(np.float64), expected.astype(np.float64)):
                    return f"output '{info.name}' differs"
            elif not np.allclose(got, expected.astype(np.float32), self.test.rtol, self.test.atol, equal_nan=True):
                return f"output '{info.name}' differs by up to {np.nanmax(np.abs(got - expected))}"
        return None


def merged(cases):
    """One model of all cases, which have equal operator sets. One input is always there: it counts the samples."""
    model = onnx.ModelProto(ir_version=10)
    for domain, version in cases[0].operators:
        model.opset_import.add(domain=domain, version=version)
    graph = model.graph
    graph.name = "nodes"
    graph.input.append(helper.make_tensor_value_info("tick", onnx.TensorProto.FLOAT, [1]))
    graph.output.append(helper.make_tensor_value_info("tock", onnx.TensorProto.FLOAT, [1]))
    graph.node.append(helper.make_node("Identity", ["tick"], ["tock"]))
    for case in cases:
        case.add_to(graph)
    return model


def run(options, cases, backend):
    """{case: what is wrong} of cases that run in one process; the error of the process concerns all of them."""
    with tempfile.TemporaryDirectory() as folder:
        path, data, result = (Path(folder, name) for name in ("nodes.onnx", "data.npz", "result.npz"))
        onnx.save(merged(cases), path)
        samples = {name: value for case in cases for name, value in case.samples()}
        np.savez(data, tick=np.zeros(1, np.float32), **samples)
        command = [options.qcc, "run", path, "--backend", backend, "--inputs", data, "--outputs", result]
        try:
            process = subprocess.run(command, capture_output=True, text=True, timeout=300)
            code, message = process.returncode, process.stderr.strip()
        except subprocess.TimeoutExpired:
            code, message = -1, "takes more than 300 seconds"
        if code:
            return {case: message or f"exit code {code}" for case in cases}
        with np.load(result) as arrays:
            found = dict(arrays)
    return {case: wrong for case in cases if (wrong := case.difference(found))}


def check(options, cases, backends=BACKENDS):
    """{case: what is wrong}, each found by itself where a process of several fails."""
    wrong = {}
    for backend in backends:
        cases = [case for case in cases if case not in wrong]
        if not cases:
            break
        found = run(options, cases, backend)
        if len(cases) > 1 and len(found) == len(cases):  # one of them stopped the process
            half = len(cases) // 2
            return {**wrong, **check(options, cases[:half], backends), **check(options, cases[half:], backends)}
        wrong.update({case: f"{backend}: {text}" for case, text in found.items()})
    return wrong


def check_all(options, cases):
    groups = {}
    for case in cases:
        groups.setdefault(case.operators, []).append(case)
    batches = [group[i : i + BATCH] for group in groups.values() for i in range(0, len(group), BATCH)]
    backends = [BACKENDS if i % options.compile_every == 0 else BACKENDS[:1] for i in range(len(batches))]
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda batch, backends: check(options, batch, backends), batches, backends))
    return {case: text for result in results for case, text in result.items()}


def listed_cases():
    words = (line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#"))
    return {name: mode for name, mode in words}


def try_others(options, tests, listed):
    """Tries each case in each mode until one passes that feeds more than is listed: {name: mode}."""
    passed, reasons, left = {}, {}, list(tests.values())
    for rank, mode in enumerate(MODES):
        cases = []
        for test in left:
            if test.name in listed and MODES.index(listed[test.name]) <= rank:
                continue
            try:
                cases.append(Case(test, mode))
            except (TypeError, ValueError):
                continue  # sequences and optionals
        if options.match:
            cases = [case for case in cases if options.match in case.name]
        with ThreadPoolExecutor(options.jobs) as pool:
            for case, wrong in zip(cases, pool.map(lambda case: check(options, [case]), cases)):
                if case not in wrong:
                    passed[case.name] = mode
                reasons.setdefault(case.name, wrong.get(case))
        left = [test for test in left if test.name not in passed]
    return passed, {name: reason for name, reason in reasons.items() if name not in passed and name not in listed}


def main():
    parser = models.base_parser(__doc__)
    parser.add_argument("--all", action="store_true", help="try the cases that are not listed, too")
    parser.add_argument("--update", action="store_true", help="write those that pass into the list")
    parser.add_argument("--match", default="", help="only cases whose names have this in them")
    parser.add_argument("--reasons", action="store_true", help="say why cases that are not listed fail")
    parser.add_argument("--compile-every", type=int, default=1, metavar="N",
                        help="compile every N-th group of cases only; all are interpreted")
    parser.add_argument("--jobs", type=int, default=2, help="processes at a time, default: %(default)s")
    options = parser.parse_args()
    tests = {test.name: test for test in collect_testcases("")}
    listed = listed_cases()
    cases = [Case(tests[name], mode) for name, mode in listed.items() if name in tests and options.match in name]
    wrong = check_all(options, cases)
    for case, text in wrong.items():
        print(f"FAILED {case.name} ({case.mode}): {text}")
    counts = [f"{sum(case.mode == mode and case not in wrong for case in cases)} {mode}" for mode in MODES]
    absent = sum(name not in tests for name in listed)
    print(f"{len(cases) - len(wrong)} of {len(cases)} node tests pass ({', '.join(counts)}); "
          f"onnx {onnx.__version__} has {len(tests)}, and {absent} of the list are none of them")
    if options.all or options.update:
        passed, reasons = try_others(options, tests, listed)
        for name, mode in sorted(passed.items()):
            print(f"passes, and is not listed so: {name} {mode}")
        if options.reasons:
            for name, reason in sorted(reasons.items()):
                print(f"fails: {name}: {reason}")
        if options.update:
            comments = [line for line in LIST.read_text().splitlines() if line.startswith("#")]
            lines = sorted(f"{name} {mode}" for name, mode in {**listed, **passed}.items())
            LIST.write_text("\n".join(comments + lines) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
