"""Pieces of an ONNX graph as bytes, so that nodes can be added to a model file in memory.

A serialized message followed by another of its type reads as one message with the fields of both
(Protocol Buffers, "Encoding": lists are joined). So the bytes of a model and `model(graph(...))`
behind them are the model with more nodes, numbers and outputs. Field numbers are those of
onnx.proto.
"""

import struct
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FLOAT, INT64, BOOL = 1, 7, 9  # TensorProto.DataType
A_FLOAT, AN_INTEGER, A_GRAPH, INTEGERS = 1, 2, 5, 7  # AttributeProto.AttributeType
TYPES = {np.dtype(np.float32): FLOAT, np.dtype(np.int64): INT64, np.dtype(np.bool_): BOOL}
Attribute = float | int | bytes | Sequence[int]


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def _block(field: int, content: bytes | str) -> bytes:
    raw = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(raw)) + raw


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        body = _varint(2 << 3 | 5) + struct.pack("<f", value) + _number(20, A_FLOAT)
    elif isinstance(value, int):
        body = _number(3, value) + _number(20, AN_INTEGER)
    elif isinstance(value, bytes):
        body = _block(6, value) + _number(20, A_GRAPH)
    else:
        body = b"".join(_number(8, item) for item in value) + _number(20, INTEGERS)
    return _block(1, name) + body


def node(kind: str, inputs: Iterable[str], output: str, **attributes: Attribute) -> bytes:
    """A NodeProto with one output, named after it. An attribute of bytes is a graph."""
    parts = [_block(1, name) for name in inputs]
    parts += [_block(2, output), _block(3, f"node of {output}"), _block(4, kind)]
    parts += [_block(5, _attribute(name, value)) for name, value in attributes.items()]
    return b"".join(parts)


def tensor(name: str, values: NDArray[np.generic]) -> bytes:
    """A TensorProto of float32, int64 or bool."""
    sizes = b"".join(_number(1, size) for size in values.shape)
    return sizes + _number(2, TYPES[values.dtype]) + _block(8, name) + _block(9, values.tobytes())


def value(name: str, kind: int, axes: Sequence[str] = ()) -> bytes:
    """A ValueInfoProto: an input or output of the type; without axes its shape is open."""
    shape = b"".join(_block(1, _block(2, axis)) for axis in axes)
    typed = _number(1, kind) + (_block(2, shape) if axes else b"")
    return _block(1, name) + _block(2, _block(1, typed))


def graph(
    nodes: Iterable[bytes],
    outputs: Iterable[bytes],
    tensors: Iterable[bytes] = (),
    inputs: Iterable[bytes] = (),
    name: str = "",
) -> bytes:
    """A GraphProto; one that is added to a model has no name."""
    fields = {1: nodes, 5: tensors, 11: inputs, 12: outputs}
    parts = [_block(field, each) for field, group in fields.items() for each in group]
    return b"".join([_block(2, name) if name else b"", *parts])


def model(added: bytes) -> bytes:
    """A ModelProto with nothing but a graph."""
    return _block(7, added)
