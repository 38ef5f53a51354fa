"""qcc from Python: float models become small integer ones, and object files, on NumPy arrays.

    import qcc
    model = qcc.load("resnet8.tflite")
    small = qcc.quantize(model, images[:512], precision=[".*=w4a8"])
    print(qcc.evaluate(small, test_images, labels, against=model)["accuracy"])
    qcc.compile(small, "cortex-m4").write("firmware")

Each function does what the verb of the `qcc` command of its name does, in this process, and takes its options as
keywords: `--budget-ram=14K` is `budget_ram="14K"`, a flag is `per_tensor=True`, an option that may be given several
times is a list. What is wrong is an `Error` with the diagnostics of the command.
"""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Union

import numpy as np

from . import _native

__all__ = ["Compiled", "Error", "Model", "Port", "UsageError", "compile", "evaluate", "inspect", "load", "quantize", "run"]

Option = Union[str, int, float, bool, None, os.PathLike, Sequence[Union[str, int, float]]]
Arrays = Union[np.ndarray, Mapping[str, np.ndarray]]


class Error(Exception):
    """The input or the request is wrong; the text is what the command says."""


class UsageError(Error, ValueError):
    """There is no such option, or it does not take this value."""


@dataclass(frozen=True)
class Port:
    """An input or an output of a model."""

    name: str
    #: With its batch.
    shape: tuple[int, ...]
    #: In a word or two, such as `f32` or `int8`.
    format: str
    #: As the compiler writes it, with scales and zero points.
    type: str


class Model:
    """A model in a file. It is read by each function that works on it."""

    def __init__(self, path: Path, options: Sequence[str], folder: tempfile.TemporaryDirectory | None = None, log: str = ""):
        self.path = path
        #: What `qcc.quantize` printed when it made this model.
        self.log = log
        self._options = list(options)
        self._folder = folder  # Kept as long as the model.
        self._description = json.loads(_run("inspect", *self._arguments(), "--json"))

    def _arguments(self) -> list[str]:
        return [str(self.path), *self._options]

    @property
    def name(self) -> str:
        return self._description["name"]

    @property
    def inputs(self) -> tuple[Port, ...]:
        return _ports(self._description["inputs"])

    @property
    def outputs(self) -> tuple[Port, ...]:
        return _ports(self._description["outputs"])

    def save(self, path: str | os.PathLike) -> None:
        """Writes the model as a `.qm` file, with its weights beside it."""
        _run("import", *self._arguments(), "-o", os.fspath(path))

    def __repr__(self) -> str:
        def show(ports):
            return ", ".join(f"{port.name}: {port.format}{list(port.shape)}" for port in ports)

        return f"<qcc.Model {self.name}({show(self.inputs)}) -> ({show(self.outputs)})>"


@dataclass(frozen=True)
class Compiled:
    """An object file and its C header."""

    name: str
    object: bytes
    header: str

    def write(self, folder: str | os.PathLike) -> tuple[Path, Path]:
        """Writes `<name>.o` and `<name>.h` into a folder, which is made if it is not there."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        paths = folder / f"{self.name}.o", folder / f"{self.name}.h"
        paths[0].write_bytes(self.object)
        paths[1].write_text(self.header)
        return paths


def load(path: str | os.PathLike, **options: Option) -> Model:
    """Reads a `.qm`, `.tflite`, `.onnx` or `.mlir` file. Options: `scheme`, `rounding`, `name`."""
    return Model(Path(path), _arguments(options))


def quantize(model: Model, samples: Arrays, labels: np.ndarray | None = None, **options: Option) -> Model:
    """Makes integers of a float model.

    `samples` are typical inputs, with one more axis in front: an array of numbers, which `scale="1/255"` makes real
    ones of, or for a model with several inputs a float32 array for each by its name. `labels` are their classes, by
    which is measured what `algorithm="REGEX=winograd(f4,tapwise,8,0.5points)"` costs. `report="r.html"` writes a page
    with what became of each layer.
    """
    folder = tempfile.TemporaryDirectory(prefix="qcc-")
    named_labels = {} if labels is None else {"labels": labels}
    data = _write(folder, "samples", {**_named(samples, "samples"), **named_labels})
    path = Path(folder.name) / f"{_stem(model)}.qm"
    arguments = [*model._arguments(), "--calibrate", data, "-o", str(path), *_arguments(options)]
    if not isinstance(samples, Mapping):
        arguments.append("--input=samples")
    if labels is not None:
        arguments.append("--labels=labels")
    log = _run("quantize", *arguments)
    return Model(path, [], folder, log)


def evaluate(model: Model, data: np.ndarray, labels: np.ndarray, against: Model | None = None, **options: Option) -> dict[str, Any]:
    """The accuracy of a classifier and, with `against`, how near each layer is to that of another model.

    The fields are those of `qcc evaluate --json`: `accuracy`, `samples`, with `against`, `layers` and `hurting`, and with
    `algorithms=True`, `algorithms`.
    """
    with tempfile.TemporaryDirectory(prefix="qcc-") as folder:
        path = _write(folder, "data", {"samples": data, "labels": labels})
        arguments = [*model._arguments(), "--data", path, "--input=samples", "--labels=labels", "--json"]
        if against is not None:
            arguments.append(f"--against={against.path}")
        return json.loads(_run("evaluate", *arguments, *_arguments(options)))


def compile(model: Model, target: str = "host", **options: Option) -> Compiled:
    """Compiles a model to an object file and a C header."""
    with tempfile.TemporaryDirectory(prefix="qcc-") as folder:
        path = Path(folder) / f"{model.name}.o"
        _run("compile", *model._arguments(), f"--target={target}", "-o", str(path), *_arguments(options))
        return Compiled(model.name, path.read_bytes(), path.with_suffix(".h").read_text())


def inspect(model: Model, target: str = "host", **options: Option) -> dict[str, Any]:
    """Layers, formats and sizes of a model on a target: the fields of `qcc inspect --json`."""
    return json.loads(_run("inspect", *model._arguments(), f"--target={target}", "--json", *_arguments(options)))


def run(model: Model, inputs: Arrays, **options: Option) -> Arrays:
    """The outputs of a model, compiled for this machine, for samples along the first axis.

    Elements are codes: int8 for an int8 model, float32 for a float one. Of several inputs or outputs, each has its
    array by its name.
    """
    with tempfile.TemporaryDirectory(prefix="qcc-") as folder:
        path = _write(folder, "inputs", _named(inputs, "input0"))
        outputs = Path(folder) / "outputs.npz"
        _run("run", *model._arguments(), "--inputs", path, "--outputs", str(outputs), *_arguments(options))
        with np.load(outputs) as arrays:
            results = {name: arrays[name] for name in arrays.files}
    return results if len(results) > 1 else next(iter(results.values()))


def _run(*arguments: str) -> str:
    """What a command printed to stdout."""
    code, output, errors = _native.run(arguments)
    if code:
        raise (UsageError if code == 2 else Error)(errors.strip() or f"qcc {arguments[0]} failed")
    return output


def _arguments(options: Mapping[str, Option]) -> list[str]:
    """Keywords as options of the command."""
    arguments = []
    for keyword, value in options.items():
        option = f"-{keyword}" if len(keyword) == 1 else "--" + keyword.replace("_", "-")
        if value is True:
            arguments.append(option)
        elif value is not None and value is not False:
            several = isinstance(value, Sequence) and not isinstance(value, str)
            joint = "" if len(keyword) == 1 else "="
            arguments += [f"{option}{joint}{os.fspath(each) if isinstance(each, os.PathLike) else each}" for each in (value if several else [value])]
    return arguments


def _named(arrays: Arrays, name: str) -> Mapping[str, np.ndarray]:
    return arrays if isinstance(arrays, Mapping) else {name: arrays}


def _write(folder: tempfile.TemporaryDirectory | str, name: str, arrays: Mapping[str, Any]) -> str:
    """An .npz file; unlike those of `numpy.savez`, its arrays may have any name."""
    path = Path(getattr(folder, "name", folder)) / f"{name}.npz"
    with zipfile.ZipFile(path, "w") as archive:
        for key, array in arrays.items():
            with archive.open(f"{key}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
    return str(path)


def _ports(described: Sequence[Mapping[str, Any]]) -> tuple[Port, ...]:
    return tuple(Port(each["name"], tuple(each["shape"]), each["format"], each["type"]) for each in described)


def _stem(model: Model) -> str:
    return model.path.stem or "model"
