"""models: what a GGUF file says about itself, read without loading it.

The layout is the one of the GGUF specification (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md):
magic, version, counts, key-value pairs, tensor descriptions, padding, tensor data. Only the header is read, so a
model of many gigabytes is checked in well under a second, before a child process tries to load it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

Problem = Literal[
    "missing", "directory", "empty", "unreadable", "not_gguf", "truncated", "version", "damaged"
]

MAGIC = b"GGUF"
VERSIONS = (2, 3)

# A hostile header could make this loop for hours; the largest vocabularies in use need about 20 MB.
MAX_HEADER_BYTES = 64 * 2**20
MAX_PAIRS = 2**16
MAX_TENSORS = 2**17
MAX_DIMENSIONS = 4
MAX_TEXT = 200

_STRING, _ARRAY = 8, 9
_VALUE_FORMATS = {
    0: "<B",
    1: "<b",
    2: "<H",
    3: "<h",
    4: "<I",
    5: "<i",
    6: "<f",
    7: "<B",
    10: "<Q",
    11: "<q",
    12: "<d",
}

# ggml type number -> (elements in a block, bytes of a block), after ggml's type traits.
BLOCKS = {
    0: (1, 4),  # F32
    1: (1, 2),  # F16
    2: (32, 18),  # Q4_0
    3: (32, 20),  # Q4_1
    6: (32, 22),  # Q5_0
    7: (32, 24),  # Q5_1
    8: (32, 34),  # Q8_0
    9: (32, 36),  # Q8_1
    10: (256, 84),  # Q2_K
    11: (256, 110),  # Q3_K
    12: (256, 144),  # Q4_K
    13: (256, 176),  # Q5_K
    14: (256, 210),  # Q6_K
    15: (256, 292),  # Q8_K
    16: (256, 66),  # IQ2_XXS
    17: (256, 74),  # IQ2_XS
    18: (256, 98),  # IQ3_XXS
    19: (256, 50),  # IQ1_S
    20: (32, 18),  # IQ4_NL
    21: (256, 110),  # IQ3_S
    22: (256, 82),  # IQ2_S
    23: (256, 136),  # IQ4_XS
    24: (1, 1),  # I8
    25: (1, 2),  # I16
    26: (1, 4),  # I32
    27: (1, 8),  # I64
    28: (1, 8),  # F64
    29: (256, 56),  # IQ1_M
    30: (1, 2),  # BF16
    34: (256, 54),  # TQ1_0
    35: (256, 66),  # TQ2_0
    39: (32, 17),  # MXFP4
    40: (64, 36),  # NVFP4
    41: (128, 18),  # Q1_0
}


class GgufError(Exception):
    """A file cannot be used as a GGUF model.

    Parameters
    ----------
    problem : str
        One word for programs; see `Problem`.
    happened, still_works, to_do : str
        One sentence each, for a person.
    """

    def __init__(self, problem: Problem, happened: str, still_works: str, to_do: str) -> None:
        super().__init__(f"{happened} {still_works} {to_do}")
        self.problem: Problem = problem
        self.happened = happened
        self.still_works = still_works
        self.to_do = to_do


@dataclass(frozen=True, slots=True)
class GgufInfo:
    """What the header says.

    Parameters
    ----------
    path : Path
        The file that was read.
    version : int
        2 or 3.
    architecture, name : str
        ``general.architecture`` and ``general.name``, or "".
    kind : str
        ``general.type``: "model" unless the header says otherwise ("adapter", "mmproj").
    tensor_count : int
        How many tensors are in this file.
    parameter_count : int
        The sum of the tensors' elements.
    size_bytes : int
        The size of the whole file; loading it needs at least as much memory.
    """

    path: Path
    version: int
    architecture: str
    name: str
    kind: str
    tensor_count: int
    parameter_count: int
    size_bytes: int


def check_gguf(path: Path, tr: Callable[[str], str] = str) -> GgufInfo:
    """Read the header of the file at `path` and check that all of its tensors are there.

    Parameters
    ----------
    path : Path
        The file.
    tr : callable
        Translates the sentences of an error.

    Raises
    ------
    GgufError
        It is missing, a directory, empty, unreadable, not a GGUF, of another version, cut short or damaged.
    """
    try:
        return _read(path)
    except _HeaderError as bad:
        problem, detail = bad.problem, bad.detail
    except (OSError, ValueError) as error:
        problem, detail = "unreadable", getattr(error, "strerror", None) or str(error)
    raise _error(problem, path, detail, tr)


class _HeaderError(Exception):
    def __init__(self, problem: Problem, detail: str = "") -> None:
        super().__init__(problem)
        self.problem: Problem = problem
        self.detail = detail


def _error(problem: Problem, path: Path, detail: str, tr: Callable[[str], str]) -> GgufError:
    again = tr("Get the file again, or choose another one.")
    choose = tr("Choose a file whose name ends in .gguf.")
    happened, to_do = {
        "missing": (
            tr("The language model {path} is not there."),
            tr("Choose another file, or put this one back."),
        ),
        "directory": (tr("The language model {path} is a folder, not a file."), choose),
        "empty": (tr("The language model {path} is empty."), again),
        "unreadable": (
            tr("The language model {path} cannot be read ({detail})."),
            tr("Check that the file may be read by this user and that its disk is connected."),
        ),
        "not_gguf": (tr("The file {path} is not a GGUF language model."), choose),
        "truncated": (tr("The language model {path} is cut short: its end is missing."), again),
        "version": (
            tr("The language model {path} has the GGUF version {detail}, which Sayso cannot read."),
            tr("Choose a file of GGUF version 2 or 3."),
        ),
        "damaged": (tr("The language model {path} is damaged ({detail})."), again),
    }[problem]
    return GgufError(
        problem,
        happened.format(path=path, detail=detail),
        tr("The letters work, and words still come from the word list."),
        to_do,
    )


def _read(path: Path) -> GgufInfo:
    if path.is_dir():
        raise _HeaderError("directory")
    if not path.exists():
        raise _HeaderError("missing")
    if not path.is_file():  # opening a pipe would wait for ever
        raise _HeaderError("not_gguf")
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size == 0:
            raise _HeaderError("empty")
        if file.read(len(MAGIC)) != MAGIC:
            raise _HeaderError("not_gguf")
        return _Header(file, size).info(path)


class _Header:
    """Reads a header field by field and never past the end of the file."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size
        self._position = len(MAGIC)

    def info(self, path: Path) -> GgufInfo:
        version = self._number("<I")
        if version not in VERSIONS:
            raise _HeaderError("version", str(version) if version < 2**16 else "big-endian")
        tensor_count, pair_count = self._number("<Q"), self._number("<Q")
        if tensor_count > MAX_TENSORS or pair_count > MAX_PAIRS:
            raise _HeaderError("damaged", f"{tensor_count} tensors, {pair_count} values")
        values = self._pairs(pair_count)
        alignment = values.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 1 or alignment & (alignment - 1):
            raise _HeaderError("damaged", f"alignment {alignment}")
        parameter_count, end = self._tensors(tensor_count)
        start = -(-self._position // alignment) * alignment
        if tensor_count and start + end > self._size:
            raise _HeaderError("truncated")
        return GgufInfo(
            path=path,
            version=version,
            architecture=_text(values.get("general.architecture", "")),
            name=_text(values.get("general.name", "")),
            kind=_text(values.get("general.type", "model")),
            tensor_count=tensor_count,
            parameter_count=parameter_count,
            size_bytes=self._size,
        )

    def _pairs(self, count: int) -> dict[str, int | str]:
        values: dict[str, int | str] = {}
        for _ in range(count):
            key = self._string()
            kind = self._number("<I")
            if kind == _STRING:
                if key.startswith("general."):
                    values[key] = self._string()
                else:
                    self._skip(self._number("<Q"))
            elif kind == _ARRAY:
                self._skip_array()
            elif kind == 4:
                values[key] = self._number("<I")
            else:
                self._skip(_width(kind))
        return values

    def _skip_array(self) -> None:
        kind, count = self._number("<I"), self._number("<Q")
        if kind != _STRING:
            self._skip(_width(kind) * count)
            return
        if count * 8 > self._size - self._position:
            raise _HeaderError("truncated")
        for _ in range(count):
            self._skip(self._number("<Q"))

    def _tensors(self, count: int) -> tuple[int, int]:
        """Return the number of parameters and where the last tensor ends, in bytes after the data's start."""
        parameters = end = 0
        for _ in range(count):
            name = _text(self._string())
            n_dimensions = self._number("<I")
            if n_dimensions > MAX_DIMENSIONS:
                raise _HeaderError("damaged", f"{name}: {n_dimensions} dimensions")
            shape = [self._number("<Q") for _ in range(n_dimensions)]
            kind, offset = self._number("<I"), self._number("<Q")
            elements = 1
            for length in shape:
                elements *= length
            # A type newer than this table is llama.cpp's to judge: here its data only has to begin inside the file.
            block, block_bytes = BLOCKS.get(kind, (elements or 1, 1))
            if elements % block:
                raise _HeaderError("damaged", f"{name}: {elements} elements in blocks of {block}")
            parameters += elements
            end = max(end, offset + elements // block * block_bytes)
        return parameters, end

    def _string(self) -> str:
        return self._bytes(self._number("<Q")).decode("utf-8", errors="replace")

    def _number(self, layout: str) -> int:
        return int(struct.unpack(layout, self._bytes(struct.calcsize(layout)))[0])

    def _bytes(self, count: int) -> bytes:
        self._advance(count)
        data = self._file.read(count)
        if len(data) != count:  # the file became shorter while it was read
            raise _HeaderError("truncated")
        return data

    def _skip(self, count: int) -> None:
        self._advance(count)
        self._file.seek(count, os.SEEK_CUR)

    def _advance(self, count: int) -> None:
        self._position += count
        if self._position > self._size:
            raise _HeaderError("truncated")
        if self._position > MAX_HEADER_BYTES:
            raise _HeaderError("damaged", "the header has no end")


def _width(kind: int) -> int:
    layout = _VALUE_FORMATS.get(kind)
    if layout is None:
        raise _HeaderError("damaged", f"value of type {kind}")
    return struct.calcsize(layout)


def _text(value: int | str) -> str:
    """Return `value` fit to be shown: a file may name itself with anything."""
    return "".join(c for c in str(value)[:MAX_TEXT] if c.isprintable())
