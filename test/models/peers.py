#!/usr/bin/env python3
"""Compares qcc with TensorFlow Lite Micro and LiteRT on real models.

Each model of models.py is imported with a peer's rounding profile and run on random and on real inputs. The interpreter
must give the peer's bits. Models of floats run compiled and must agree within 1e-5 of a sample's largest output: the
interpreter adds in f64, which differs by more from any sum in f32 where terms cancel. For the same reason, products are
rounded before they are added (--fp-contract=off), as the peers do it.
Peers that are not installed (PyPI: tflite-micro, ai-edge-litert) and models that are absent are named and skipped.
"""
import re
import subprocess
import sys
import tempfile
import typing

try:
    import numpy as np
except ImportError:
    print("skipped: numpy is not installed")
    sys.exit(0)

import models

FLOAT_TOLERANCE = 1e-5


class Tflm:
    name, module, rounding = "tflm", "tflite_micro", "tflm"

    def __init__(self, path):
        from tflite_micro import runtime
        from tflite_micro.tensorflow.lite.micro.python import schema_py_generated
        self.interpreter = runtime.Interpreter.from_file(str(path), arena_size=max(1 << 20, 10 * path.stat().st_size))
        model = schema_py_generated.Model.GetRootAsModel(path.read_bytes(), 0)
        graph = model.Subgraphs(0)
        self.inputs = [self.interpreter.get_input_details(i) for i in range(graph.InputsLength())]
        self.outputs = graph.OutputsLength()

    def run(self, arrays):
        for index, array in enumerate(arrays):
            self.interpreter.set_input(array, index)
        self.interpreter.invoke()
        return [self.interpreter.get_output(i) for i in range(self.outputs)]


class Litert:
    name, module, rounding = "litert", "ai_edge_litert", "litert"

    def __init__(self, path):
        from ai_edge_litert import interpreter
        self.interpreter = interpreter.Interpreter(
            str(path), experimental_op_resolver_type=interpreter.OpResolverType.BUILTIN_REF)
        self.interpreter.allocate_tensors()
        self.inputs = self.interpreter.get_input_details()

    def run(self, arrays):
        for details, array in zip(self.inputs, arrays):
            self.interpreter.set_tensor(details["index"], array)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(d["index"]) for d in self.interpreter.get_output_details()]


def sample_shape(details):
    """The model's shape without a batch of 1."""
    shape = list(details["shape"])
    return shape[1:] if shape and shape[0] == 1 else shape


def random_samples(details, count, rng):
    """Codes over the whole range of an integer input, floats in [0, 1)."""
    shape, dtype = (count, *sample_shape(details)), np.dtype(details["dtype"])
    if dtype.kind == "f":
        return rng.random(shape, dtype=dtype)
    return rng.integers(np.iinfo(dtype).min, np.iinfo(dtype).max, shape, dtype, endpoint=True)


def real_samples(model, details):
    """The recorded inputs of a model, if there are any."""
    inputs = models.recorded(model)
    if not inputs:
        return []
    (count, *_), codes = inputs
    return list(np.array(codes, np.int8).reshape(count, *sample_shape(details)))


def run_qcc(qcc, path, rounding, inputs, backend):
    with tempfile.TemporaryDirectory() as folder:
        source, result = f"{folder}/in.npz", f"{folder}/out.npz"
        np.savez(source, **{f"input{i}": array for i, array in enumerate(inputs)})
        command = [qcc, "run", str(path), "--inputs", source, "--outputs", result, f"--backend={backend}",
                   f"--rounding={rounding}", "--fp-contract=off"]
        process = subprocess.run(command, capture_output=True, text=True)
        if process.returncode:
            raise RuntimeError(process.stderr.strip() or f"exit code {process.returncode}")
        with np.load(result) as arrays:
            # In the order in which the model returns them.
            return [arrays[name] for name in arrays.files]


def agrees(expected, actual):
    if expected.dtype.kind != "f":
        return np.array_equal(expected, actual)
    return np.max(np.abs(expected - actual)) <= FLOAT_TOLERANCE * max(1e-30, np.max(np.abs(expected)))


class Outcome(typing.NamedTuple):
    equal: int = 0  # samples that agree
    total: int = 0
    floats: bool = False  # compared within the tolerance instead of bit for bit
    skipped: bool = False
    reason: str = ""  # why it was skipped or failed


def compare(qcc, path, peer_class, count, rng, backend="reference"):
    """Runs a model on `count` random and all real inputs with qcc and with the peer."""
    try:
        peer = peer_class(path)
    except (ValueError, RuntimeError) as failure:
        return Outcome(skipped=True, reason=f"the peer refuses the model: {str(failure).splitlines()[0][:80]}")
    inputs = [random_samples(details, count, rng) for details in peer.inputs]
    real = real_samples(path.stem, peer.inputs[0])
    if real:
        inputs[0] = np.concatenate([inputs[0], np.stack(real)])
    total = len(inputs[0])
    try:
        outputs = run_qcc(qcc, path, peer.rounding, inputs, backend)
    except RuntimeError as failure:
        return Outcome(total=total, reason=f"qcc failed: {failure}")
    equal, floats = 0, any(output.dtype.kind == "f" for output in outputs)
    for sample in range(total):
        expected = peer.run([np.ascontiguousarray(array[sample]).reshape(details["shape"])
                             for array, details in zip(inputs, peer.inputs)])
        equal += all(agrees(e, o[sample].reshape(e.shape)) for e, o in zip(expected, outputs))
    return Outcome(equal, total, floats)


def available():
    """The peers that are installed; says which are not."""
    result = []
    for peer in (Tflm, Litert):
        try:
            __import__(peer.module)
            result.append(peer)
        except ImportError as failure:
            print(f"{peer.name}: skipped, not installed ({failure})")
    return result


def main():
    parser = models.parser(__doc__)
    parser.add_argument("--samples", type=int, default=20, help="random samples per model (default: %(default)s)")
    parser.add_argument("--peers", default="", help="regular expression that a peer's name must contain")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    passed = True
    for peer in available():
        if not re.search(options.peers, peer.name):
            continue
        for model in models.chosen(options):
            backend = "jit" if model.is_float else "reference"
            rng = np.random.default_rng(options.seed)
            outcome = compare(options.qcc, model.path, peer, options.samples, rng, backend)
            label = f"{model.name} ({peer.name})"
            if outcome.skipped:
                print(f"{label}: skipped, {outcome.reason}")
                continue
            kind = "within 1e-5" if outcome.floats else "identical"
            print(f"{label}: {outcome.equal} of {outcome.total} {kind} {outcome.reason}".rstrip(), flush=True)
            passed &= outcome.equal == outcome.total > 0
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
