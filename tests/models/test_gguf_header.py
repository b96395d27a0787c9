"""A GGUF is judged by its header before a process tries to load it."""

from __future__ import annotations

import ctypes
import os
import struct
from importlib.util import find_spec
from pathlib import Path

import pytest
from gguf_files import MODEL, gguf, text
from hypothesis import given
from hypothesis import strategies as st

from models.gguf_header import BLOCKS, GgufError, check_gguf

WHOLE = gguf(values=MODEL | {"tokenizer.ggml.tokens": ["a", "bc", ""], "tokenizer.ggml.scores": [0.5, 1.0]})


def problem_of(path: Path, data: bytes | None = None) -> GgufError:
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(GgufError) as caught:
        check_gguf(path)
    assert str(path) in caught.value.happened
    assert caught.value.still_works and caught.value.to_do
    return caught.value


@pytest.mark.parametrize("version", [2, 3])
def test_a_whole_file_says_what_it_is(tmp_path: Path, version: int) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(gguf(version))
    info = check_gguf(path)
    assert (info.version, info.architecture, info.name, info.kind) == (
        version,
        "gemma3",
        "A small model",
        "model",
    )
    assert (info.tensor_count, info.parameter_count, info.size_bytes) == (1, 512, path.stat().st_size)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "gone.gguf").problem == "missing"


def test_a_folder(tmp_path: Path) -> None:
    assert problem_of(tmp_path).problem == "directory"


def test_an_empty_file(tmp_path: Path) -> None:
    assert problem_of(tmp_path / "m.gguf", b"").problem == "empty"


@pytest.mark.parametrize("data", [b"G", b"PK\3\4 a wheel", b"\0" * 1000, "не модель".encode()])
def test_a_file_of_another_kind(tmp_path: Path, data: bytes) -> None:
    assert problem_of(tmp_path / "m.gguf", data).problem == "not_gguf"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "m.gguf")
    assert problem_of(tmp_path / "m.gguf").problem == "not_gguf"


def test_a_path_that_the_system_refuses(tmp_path: Path) -> None:
    assert problem_of(tmp_path / ("m" * 300)).problem == "unreadable"
    assert problem_of(Path(f"{tmp_path}/\0.gguf")).problem in ("missing", "unreadable")


@pytest.mark.parametrize("version", [0, 1, 4, 3 << 24])
def test_a_version_that_cannot_be_read(tmp_path: Path, version: int) -> None:
    assert problem_of(tmp_path / "m.gguf", gguf(version)).problem == "version"


def test_a_download_that_stopped(tmp_path: Path) -> None:
    error = problem_of(tmp_path / "m.gguf", WHOLE[:-1])
    assert error.problem == "truncated"
    assert "cut short" in error.happened


@given(length=st.integers(1, len(WHOLE) - 1))
def test_cut_anywhere_it_is_refused(tmp_path_factory: pytest.TempPathFactory, length: int) -> None:
    error = problem_of(tmp_path_factory.getbasetemp() / "cut.gguf", WHOLE[:length])
    assert error.problem == ("truncated" if length >= 4 else "not_gguf")


@given(position=st.integers(0, len(WHOLE) - 1), junk=st.binary(min_size=1, max_size=12))
def test_damaged_anywhere_it_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, position: int, junk: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.gguf"
    path.write_bytes(WHOLE[:position] + junk + WHOLE[position + len(junk) :])
    try:
        info = check_gguf(path)
    except GgufError:
        return
    assert info.size_bytes == path.stat().st_size
    assert (info.name + info.architecture + info.kind).isprintable()


@given(junk=st.binary(max_size=200), version=st.sampled_from([2, 3]))
def test_anything_after_the_magic_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, version: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<I", version) + junk)
    try:
        check_gguf(path)
    except GgufError as error:
        assert error.problem in ("truncated", "damaged")


HUGE = 2**64 - 1
HOSTILE = {
    "tensors": struct.pack("<QQ", HUGE, 0),
    "values": struct.pack("<QQ", 0, HUGE),
    "a string": struct.pack("<QQQ", 1, 1, HUGE),
    "an array of strings": struct.pack("<QQ", 1, 1) + text("k") + struct.pack("<IIQ", 9, 8, HUGE),
    "an array of numbers": struct.pack("<QQ", 1, 1) + text("k") + struct.pack("<IIQ", 9, 12, HUGE),
    "an array of arrays": struct.pack("<QQ", 1, 1) + text("k") + struct.pack("<IIQ", 9, 9, HUGE),
    "dimensions": struct.pack("<QQ", 1, 0) + text("t") + struct.pack("<I", 2**32 - 1),
    "a shape": struct.pack("<QQ", 1, 0) + text("t") + struct.pack("<I4QIQ", 4, *[HUGE] * 4, 0, 0),
    "an offset": struct.pack("<QQ", 1, 0) + text("t") + struct.pack("<I1QIQ", 1, 1, 0, HUGE),
}


@pytest.mark.parametrize("claim", HOSTILE)
def test_a_claim_larger_than_the_file_is_refused(tmp_path: Path, claim: str) -> None:
    data = b"GGUF" + struct.pack("<I", 3) + HOSTILE[claim] + b"\0" * 64
    assert problem_of(tmp_path / "m.gguf", data).problem in ("truncated", "damaged")


def test_a_header_without_an_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 1, 2) + text("k") + struct.pack("<IIQ", 9, 0, 2**27))
    os.truncate(path, 2**28)  # a hole: it takes no room on the disk
    assert problem_of(path).problem == "damaged"


@pytest.mark.parametrize("alignment", [0, 3])
def test_an_impossible_alignment_is_refused(tmp_path: Path, alignment: int) -> None:
    data = WHOLE.replace(struct.pack("<II", 4, 32), struct.pack("<II", 4, alignment))
    assert problem_of(tmp_path / "m.gguf", data).problem == "damaged"


def test_the_alignment_counts_for_where_the_data_ends(tmp_path: Path) -> None:
    data = gguf(values=MODEL | {"general.alignment": 4096})
    (tmp_path / "m.gguf").write_bytes(data)
    assert check_gguf(tmp_path / "m.gguf").size_bytes == 4096 + 288
    assert problem_of(tmp_path / "m.gguf", data[:-1]).problem == "truncated"


def test_a_tensor_that_does_not_fill_its_blocks_is_refused(tmp_path: Path) -> None:
    data = gguf(tensors=(("t", 12, (100,), 0, 144),))
    assert problem_of(tmp_path / "m.gguf", data).problem == "damaged"


def test_a_type_newer_than_sayso_is_left_to_llama_cpp(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(gguf(tensors=(("t", 999, (100,), 0, 10),)))
    assert check_gguf(tmp_path / "m.gguf").parameter_count == 100


def test_an_adapter_is_told_from_a_model(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(gguf(values={"general.type": "adapter"}))
    assert check_gguf(tmp_path / "m.gguf").kind == "adapter"


def test_a_name_cannot_smuggle_control_characters_onto_the_screen(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(gguf(values={"general.name": "\x1b[2J\u202egood\n" + "x" * 999}))
    assert check_gguf(tmp_path / "m.gguf").name == ("[2Jgood" + "x" * 999)[:197]


def test_the_words_can_be_translated(tmp_path: Path) -> None:
    with pytest.raises(GgufError, match="ФАЙЛА НЕТ"):
        check_gguf(tmp_path / "gone", lambda words: "ФАЙЛА НЕТ: {path}" if "not there" in words else words)


def test_the_table_of_blocks_is_the_one_of_ggml() -> None:
    package = find_spec("llama_cpp")
    assert package is not None and package.origin is not None
    ggml = ctypes.CDLL(str(Path(package.origin).parent / "lib" / "libggml-base.so"))
    ggml.ggml_blck_size.restype = ctypes.c_int64
    ggml.ggml_type_size.restype = ctypes.c_size_t
    for kind, block in BLOCKS.items():
        assert (ggml.ggml_blck_size(kind), ggml.ggml_type_size(kind)) == block, kind
