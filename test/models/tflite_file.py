"""Writes TFLite files: tensors with their formats and data, operators in execution order.

Needs numpy, flatbuffers and ai-edge-litert, for its schema; importing it fails without.
"""
import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

TYPES = schema.TensorType
DTYPES = {np.dtype(np.int8): TYPES.INT8, np.dtype(np.uint8): TYPES.UINT8, np.dtype(np.int16): TYPES.INT16,
          np.dtype(np.int32): TYPES.INT32, np.dtype(np.float32): TYPES.FLOAT32}


class TfliteFile:
    """A model of one graph."""

    def __init__(self):
        self.tensors, self.buffers, self.inputs = [], [schema.BufferT()], []
        self.operators, self.codes = [], {}

    def tensor(self, shape, dtype, scale=None, zero=0, data=None, axis=0):
        """The number of a new tensor; with several scales, one for each index of `axis`."""
        tensor = schema.TensorT()
        tensor.shape, tensor.type = list(shape), DTYPES[np.dtype(dtype)]
        tensor.name = f"t{len(self.tensors)}".encode()
        if scale is not None:
            tensor.quantization = schema.QuantizationParametersT()
            tensor.quantization.scale = np.atleast_1d(np.float32(scale))
            tensor.quantization.zeroPoint = np.full(np.size(scale), zero, np.int64)
            tensor.quantization.quantizedDimension = axis
        if data is not None:
            buffer = schema.BufferT()
            buffer.data = np.frombuffer(np.ascontiguousarray(data, dtype).tobytes(), np.uint8)
            self.buffers.append(buffer)
            tensor.buffer = len(self.buffers) - 1
        self.tensors.append(tensor)
        return len(self.tensors) - 1

    def input(self, *arguments):
        self.inputs.append(self.tensor(*arguments))
        return self.inputs[-1]

    def _append(self, code, inputs, outputs):
        """An operator; `code` is its number, its version, and its name if it is a custom one."""
        operator = schema.OperatorT()
        operator.inputs, operator.outputs = inputs, outputs
        operator.opcodeIndex = self.codes.setdefault(code, len(self.codes))
        self.operators.append(operator)
        return operator

    def add(self, code, inputs, outputs, options=None, version=1):
        operator = self._append((code, version, None), inputs, outputs)
        if options is not None:
            operator.builtinOptions = options
            operator.builtinOptionsType = getattr(schema.BuiltinOptions, type(options).__name__[:-1])

    def add_custom(self, name, inputs, outputs, options=b""):
        """`options` are the bytes that the operator itself reads."""
        operator = self._append((schema.BuiltinOperator.CUSTOM, 1, name), inputs, outputs)
        operator.customOptions = np.frombuffer(options, np.uint8)

    def save(self, path, outputs):
        graph, model = schema.SubGraphT(), schema.ModelT()
        graph.tensors, graph.operators, graph.inputs, graph.outputs = self.tensors, self.operators, self.inputs, outputs
        model.operatorCodes = []
        for code, version, name in self.codes:
            entry = schema.OperatorCodeT()
            entry.builtinCode, entry.deprecatedBuiltinCode, entry.version = code, min(code, 127), version
            entry.customCode = name
            model.operatorCodes.append(entry)
        model.version, model.subgraphs, model.buffers = 3, [graph], self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        path.write_bytes(builder.Output())
