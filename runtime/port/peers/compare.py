"""Times a compiled model and other runtimes on the same model, in turn, on one core.

`qcc bench --compare` starts this with a library that holds the model and repeat.c. Each runtime that is installed is
loaded with one thread; then, in every round, each of them runs for a few milliseconds. The fastest and the median
round count. A runtime that is not there, or cannot read the model, is named with the reason.
"""

import argparse
import ctypes
import importlib.util
import itertools
import json
import os
import statistics
import sys
import time
from pathlib import Path

ROUNDS = 40
WINDOW_SECONDS = 0.004


class Skip(Exception):
    """Why a runtime takes no part."""


def need(package, module):
    if importlib.util.find_spec(module) is None:
        raise Skip(f"the Python package {package} is not installed")


def model_file(options, *suffixes):
    """What a runtime reads: the model, or, of a model in qcc's language, the file of its name beside it."""
    model = options.model if options.model.suffix != ".qm" else options.model.with_suffix(suffixes[0])
    if model.suffix not in suffixes:
        raise Skip(f"it needs a {' or '.join(suffixes)} file")
    if not model.exists():
        raise Skip(f"there is no {model.name} beside the model")
    return model


def check_size(name, size, expected):
    """Tensors of other sizes mean another model, or one without its batch."""
    if size != expected:
        raise Skip(f"its {name} has {size} bytes, and not {expected}")


def random_array(shape, dtype):
    """All codes of an integer type; floats between -1 and 1."""
    import numpy

    generator = numpy.random.default_rng(1)
    dtype = numpy.dtype(dtype)
    if dtype.kind in "iu":
        limits = numpy.iinfo(dtype)
        return generator.integers(limits.min, limits.max, size=shape, dtype=dtype, endpoint=True)
    return generator.uniform(-1, 1, size=shape).astype(dtype)


class Library:
    """The timed loop of repeat.c."""

    def __init__(self, path):
        self.handle = ctypes.CDLL(path)
        self.handle.repeat_call.restype = ctypes.c_int64

    def seconds(self, call, argument, times):
        nanoseconds = self.handle.repeat_call(call, argument, ctypes.c_int64(times))
        if nanoseconds < 0:
            raise RuntimeError("a call failed")
        return nanoseconds / 1e9


class Qcc:
    """The object that a user links."""

    name = "qcc"

    def __init__(self, options, library):
        def buffer(data_or_bytes, align=4096):
            memory = ctypes.create_string_buffer(len(data_or_bytes) + align)
            address = -(-ctypes.addressof(memory) // align) * align
            ctypes.memmove(address, data_or_bytes, len(data_or_bytes))
            self.memory.append(memory)
            return address

        self.memory = []
        self.library = library
        data = Path(options.input).read_bytes()
        inputs, start = [], 0
        for size in options.input_bytes:
            inputs.append(buffer(data[start : start + size]))
            start += size
        outputs = [buffer(bytes(size)) for size in options.output_bytes]
        fields = [
            ctypes.cast(getattr(library.handle, f"{options.name}_run"), ctypes.c_void_p).value,
            buffer(bytes((ctypes.c_void_p * len(inputs))(*inputs))),
            buffer(bytes((ctypes.c_void_p * len(outputs))(*outputs))),
            buffer(bytes(options.arena_bytes)),
        ]
        self.call = ctypes.c_void_p(buffer(bytes((ctypes.c_void_p * 4)(*fields))))

    def seconds(self, times):
        return self.library.seconds(self.library.handle.call_model, self.call, times)


class PythonCall:
    """A runtime that is called from Python: what a call that does nothing takes is taken off."""

    def seconds(self, times):
        return max(self.loop(self.run, times) - times * self.overhead, 1e-9)

    def calibrate(self, nothing):
        self.overhead = min(self.loop(nothing, 1000) for _ in range(20)) / 1000

    @staticmethod
    def loop(function, times):
        start = time.perf_counter()
        for _ in itertools.repeat(None, times):
            function()
        return time.perf_counter() - start


class LiteRt(PythonCall):
    name = "XNNPACK"

    def __init__(self, options, _):
        model = model_file(options, ".tflite")
        need("ai-edge-litert", "ai_edge_litert")
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter(str(model), num_threads=1)
        self.interpreter.allocate_tensors()
        for index, (port, size) in enumerate(zip(self.interpreter.get_input_details(), options.input_bytes)):
            array = random_array(port["shape"], port["dtype"])
            check_size(f"input {index}", array.nbytes, size)
            self.interpreter.set_tensor(port["index"], array)
        # The method behind invoke(), without its checks in Python, if this version has it.
        wrapped = getattr(self.interpreter, "_interpreter", None)
        self.run = getattr(wrapped, "Invoke", self.interpreter.invoke)
        self.calibrate(getattr(wrapped, "NumSubgraphs", lambda: None))


class Dimension(ctypes.Structure):
    """ov_dimension_t, the sizes that a dimension may have; also ov_rank_t."""

    _fields_ = [("least", ctypes.c_int64), ("most", ctypes.c_int64)]


class PartialShape(ctypes.Structure):
    """ov_partial_shape_t."""

    _fields_ = [("rank", Dimension), ("dimensions", ctypes.POINTER(Dimension))]


class OpenVino:
    """Through its C interface, which comes with the Python package."""

    name = "OpenVINO"

    def __init__(self, options, library):
        file = model_file(options, ".tflite", ".onnx")
        need("openvino", "openvino")
        folder = Path(importlib.util.find_spec("openvino").origin).parent / "libs"
        found = sorted(folder.glob("libopenvino_c.so*"))
        if not found:
            raise Skip(f"there is no libopenvino_c.so in {folder}")
        self.library, self.openvino = library, ctypes.CDLL(str(found[0]))
        core, model, compiled, self.request = (ctypes.c_void_p() for _ in range(4))
        self.check("ov_core_create", ctypes.byref(core))
        self.check("ov_core_read_model", core, str(file).encode(), None, ctypes.byref(model))
        self.fix_shapes(model, len(options.input_bytes))
        # Where the CPU multiplies bf16, OpenVINO would round the f32 of a model to it unasked.
        properties = {"INFERENCE_PRECISION_HINT": options.floats}
        properties |= {"INFERENCE_NUM_THREADS": "1", "NUM_STREAMS": "1", "PERFORMANCE_HINT": "LATENCY"}
        words = [word.encode() for word in itertools.chain(*properties.items())]
        self.check(
            "ov_core_compile_model",
            *(core, model, b"CPU", ctypes.c_size_t(len(words)), ctypes.byref(compiled), *words),
        )
        self.check("ov_compiled_model_create_infer_request", compiled, ctypes.byref(self.request))
        start, sample = 0, Path(options.input).read_bytes()
        for index, size in enumerate(options.input_bytes):
            ctypes.memmove(self.tensor("input", index, size), sample[start : start + size], size)
            start += size
        self.check("ov_infer_request_infer", self.request)
        for index, size in enumerate(options.output_bytes):
            self.tensor("output", index, size)

    def fix_shapes(self, model, count):
        """A dimension of any size becomes 1: it is the batch, which LiteRT takes for 1, too."""
        ports, shapes = (ctypes.c_size_t * count)(*range(count)), (PartialShape * count)()
        for index in range(count):
            port = ctypes.c_void_p()
            self.check("ov_model_const_input_by_index", model, ctypes.c_size_t(index), ctypes.byref(port))
            self.check("ov_port_get_partial_shape", port, ctypes.byref(shapes[index]))
            for dimension in shapes[index].dimensions[: shapes[index].rank.most]:
                if dimension.least != dimension.most:
                    dimension.least = dimension.most = 1
        self.check("ov_model_reshape_by_port_indexes", model, ports, shapes, ctypes.c_size_t(count))

    def tensor(self, kind, index, expected):
        """The address of an input or output, which has to be as large as the compiled model's."""
        tensor, data, size = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_size_t()
        get = f"ov_infer_request_get_{kind}_tensor_by_index"
        self.check(get, self.request, ctypes.c_size_t(index), ctypes.byref(tensor))
        self.check("ov_tensor_get_byte_size", tensor, ctypes.byref(size))
        check_size(f"{kind} {index}", size.value, expected)
        self.check("ov_tensor_data", tensor, ctypes.byref(data))
        return data

    def check(self, function, *arguments):
        if status := getattr(self.openvino, function)(*arguments):
            raise Skip(f"{function} failed with status {status}")

    def seconds(self, times):
        return self.library.seconds(self.openvino.ov_infer_request_infer, self.request, times)


class OnnxRuntime(PythonCall):
    name = "ONNX Runtime"

    def __init__(self, options, _):
        need("onnxruntime", "onnxruntime")
        twin = options.model.with_suffix(".onnx")
        if not twin.exists():
            raise Skip(f"there is no {twin.name} beside the model")
        import onnxruntime

        session_options = onnxruntime.SessionOptions()
        session_options.intra_op_num_threads = session_options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(str(twin), session_options, providers=["CPUExecutionProvider"])
        types = {"tensor(float)": "float32", "tensor(int8)": "int8", "tensor(uint8)": "uint8"}
        binding = session.io_binding()
        for port, size in zip(session.get_inputs(), options.input_bytes):
            if port.type not in types:
                raise Skip(f"its input '{port.name}' is a {port.type}")
            array = random_array([size if isinstance(size, int) else 1 for size in port.shape], types[port.type])
            check_size(f"input '{port.name}'", array.nbytes, size)
            binding.bind_cpu_input(port.name, array)
        for port in session.get_outputs():
            binding.bind_output(port.name)
        self.run = lambda: session.run_with_iobinding(binding)
        self.calibrate(lambda: binding.get_outputs)


def load(options):
    """The runtimes that can run the model, and the reasons of the others."""
    library = Library(options.library)
    runners, skipped = [Qcc(options, library)], {}
    for kind in (LiteRt, OpenVino, OnnxRuntime):
        try:
            runners.append(kind(options, library))
        except Skip as reason:
            skipped[kind.name] = str(reason)
        except Exception as error:  # Other people's code: whatever it raises is the reason.
            skipped[kind.name] = " ".join(str(error).split())[:200]
    return runners, skipped


def calls_per_window(runner):
    times = 1
    while (seconds := runner.seconds(times)) < WINDOW_SECONDS / 2:
        times *= 2
    return max(1, round(times * WINDOW_SECONDS / seconds))


def measure(runners):
    """Microseconds of one call in each round, by name."""
    times = {runner.name: calls_per_window(runner) for runner in runners}
    rounds = {runner.name: [] for runner in runners}
    for _ in range(ROUNDS):
        for runner in runners:
            rounds[runner.name].append(1e6 * runner.seconds(times[runner.name]) / times[runner.name])
    return rounds


def describe(options, rounds, skipped):
    own = min(rounds["qcc"])
    runtimes = [
        {
            "name": name,
            "min_us": min(values),
            "median_us": statistics.median(values),
            "ratio": min(values) / own,
        }
        for name, values in rounds.items()
    ]
    peers = [runtime["ratio"] for runtime in runtimes if runtime["name"] != "qcc"]
    return {
        "name": options.name,
        "model": options.model.name,
        "runtimes": runtimes,
        "skipped": skipped,
        "best_peer_ratio": min(peers, default=None),
    }


def write_table(stream, result):
    stream.write(f"{'':14}{'fastest us':>12}{'median us':>12}  time / qcc's\n")
    for runtime in result["runtimes"]:
        stream.write(
            f"{runtime['name']:14}{runtime['min_us']:12.2f}{runtime['median_us']:12.2f}{runtime['ratio']:14.2f}\n"
        )
    for name, reason in result["skipped"].items():
        stream.write(f"skipped {name}: {reason}\n")
    if result["best_peer_ratio"]:
        stream.write(f"the best of the others takes {result['best_peer_ratio']:.2f} times as long as qcc\n")


def main():
    def sizes(text):
        return [int(word) for word in text.split(",") if word]

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", required=True)
    parser.add_argument("--name", required=True, help="prefix of the model's C names")
    parser.add_argument("--model", required=True, type=Path, help="the file that the others read")
    parser.add_argument("--input", required=True, help="the sample, its inputs one after another")
    parser.add_argument("--input-bytes", type=sizes, required=True)
    parser.add_argument("--output-bytes", type=sizes, required=True)
    parser.add_argument("--arena-bytes", type=int, required=True)
    parser.add_argument("--floats", choices=["f32", "bf16"], default="f32", help="what OpenVINO computes floats in")
    parser.add_argument("--output", required=True, help="where the result is written")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    runners, skipped = load(options)
    result = describe(options, measure(runners), skipped)
    with open(options.output, "w", encoding="utf-8") as stream:
        if options.json:
            json.dump(result, stream)
            stream.write("\n")
        else:
            write_table(stream, result)


if __name__ == "__main__":
    sys.exit(main())
