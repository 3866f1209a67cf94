"""Columns as bytes, format 1, before they are sealed: byte for byte in docs/vault-format.md.

    format u8 = 1 | kind u8 | width u8 | rows u32 | dictionary bytes u32 | dictionary | rows × width

Kind 1 are answers: the dictionary is a JSON list of texts and lists of texts, each distinct, and a row is
the index of its own, in 1, 2 or 4 bytes. Kind 2 are numbers of 4 bytes, kind 3 ids of 16; both have none.
The head's numbers are big-endian, the rows' little-endian, as processors keep them. Reading is strict.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from casework.analysis.columns.column import Answer, Column, width_of

_HEAD = struct.Struct(">BBBII")
_FORMAT, _ANSWERS, _NUMBERS, _IDS = 1, 1, 2, 3
_WIDTHS: Mapping[int, np.dtype[Any]] = {1: np.dtype("u1"), 2: np.dtype("<u2"), 4: np.dtype("<u4")}
ID_BYTES = 16

Array = npt.NDArray[np.unsignedinteger[Any]]


def write_column(column: Column) -> bytes:
    """Return the bytes of a column of answers."""
    dictionary = json.dumps(column.values, ensure_ascii=False, separators=(",", ":")).encode()
    codes = column.codes.astype(width_of(len(column.values)), copy=False)
    width = codes.dtype.itemsize
    head = _HEAD.pack(_FORMAT, _ANSWERS, width, len(codes), len(dictionary))
    return head + dictionary + codes.astype(_WIDTHS[width], copy=False).tobytes()


def read_column(written: bytes) -> Column:
    """Return the column; ValueError for whatever `write_column` does not give."""
    width, rows, dictionary, body = _split(written, _ANSWERS)
    values = _read_values(dictionary)
    if width != np.dtype(width_of(len(values))).itemsize or len(body) != rows * width:
        _refuse()
    codes = np.frombuffer(body, dtype=_WIDTHS[width])
    if rows and int(codes.max()) >= len(values):
        _refuse()
    return Column(values, codes.astype(codes.dtype.newbyteorder("="), copy=False))


def write_array(array: Array) -> bytes:
    """Return the bytes of numbers (uint32), or of ids (rows of 16 bytes)."""
    are_ids = array.ndim == 2
    head = _HEAD.pack(_FORMAT, *((_IDS, ID_BYTES) if are_ids else (_NUMBERS, 4)), len(array), 0)
    return head + array.astype(_WIDTHS[1 if are_ids else 4], copy=False).tobytes()


def read_array(written: bytes, are_ids: bool = False) -> Array:
    """Return what `write_array` gave the bytes of; ValueError for anything else."""
    width, rows, dictionary, body = _split(written, _IDS if are_ids else _NUMBERS)
    if width != (ID_BYTES if are_ids else 4) or dictionary or len(body) != rows * width:
        _refuse()
    if are_ids:
        return np.frombuffer(body, dtype=np.uint8).reshape(rows, ID_BYTES)
    return np.frombuffer(body, dtype="<u4").astype(np.uint32, copy=False)


def _split(written: bytes, wanted: int) -> tuple[int, int, bytes, memoryview]:
    if len(written) < _HEAD.size:
        _refuse()
    form, kind, width, rows, size = _HEAD.unpack_from(written)
    if form != _FORMAT or kind != wanted or width not in (1, 2, 4, ID_BYTES):
        _refuse()
    start = _HEAD.size + size
    return width, rows, written[_HEAD.size : start], memoryview(written)[start:]


def _read_values(dictionary: bytes) -> tuple[Answer, ...]:
    try:
        listed = json.loads(dictionary)
    except RecursionError:
        listed = None
    if type(listed) is not list:
        _refuse()
    values = tuple(tuple(value) if type(value) is list else value for value in listed)
    codes = (code for value in values for code in (value if type(value) is tuple else (value,)))
    if not all(type(code) is str for code in codes) or len(set(values)) != len(values):
        _refuse()
    return values


def _refuse() -> NoReturn:
    raise ValueError("not a column of format 1")
