"""The smaller copy of a language model is made once, found at the start, and left alone when anything changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from slim_models import write_byte_level
from tiny_model import write_tiny_model

from models.checksum import sha256_of
from models.gguf_file import read_gguf
from models.language.slim import SOURCE_SHA256
from models.slim import make_slim, verify_slim
from models.weights import MARKER, WeightsError, resolve_language_model, slim_folder, slim_of


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.delenv("SAYSO_MODEL", raising=False)
    return tmp_path / "weights"


@pytest.fixture
def model(weights: Path, tmp_path: Path) -> Path:
    return write_byte_level(tmp_path / "model.gguf")


def touch(path: Path) -> None:
    os.utime(path, (1, 1))


def test_the_copy_is_used_where_it_can_write_the_language(model: Path) -> None:
    assert resolve_language_model(str(model)) == model
    slim = make_slim(model)
    assert slim.stat().st_size < model.stat().st_size
    assert resolve_language_model(str(model)) == slim == slim_of(model)
    assert resolve_language_model(str(model), language="ru") == slim
    assert resolve_language_model(str(model), language="ar") == model


def test_a_model_chosen_for_one_start_is_used_as_it_is(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_slim(model)
    monkeypatch.setenv("SAYSO_MODEL", str(model))
    assert resolve_language_model("") == model


def test_the_copy_is_private_keeps_the_licence_and_names_its_source(model: Path, tmp_path: Path) -> None:
    notice = tmp_path / "NOTICE.md"
    notice.write_text("Be kind.")
    slim = make_slim(model, [notice])
    assert (slim.parent / "NOTICE.md").read_text() == "Be kind."
    for path in slim.parent.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
    assert slim.parent.stat().st_mode & 0o777 == 0o700
    assert read_gguf(slim).values[SOURCE_SHA256].data == sha256_of(model, lambda done: None).encode()


def test_the_copy_is_made_once(model: Path) -> None:
    made = make_slim(model).stat().st_mtime_ns
    assert make_slim(model).stat().st_mtime_ns == made


@pytest.mark.parametrize("changed", ["source", "copy", "note", "no copy"])
def test_after_any_change_the_whole_model_is_used_until_the_copy_is_made_again(
    model: Path, changed: str
) -> None:
    slim = make_slim(model)
    if changed == "source":
        touch(model)
    elif changed == "copy":
        touch(slim)
    elif changed == "note":
        (slim.parent / MARKER).write_bytes(b"\xff\t1")
    else:
        slim.unlink()
    assert resolve_language_model(str(model)) == model
    assert make_slim(model) == resolve_language_model(str(model)) == slim


def test_a_flipped_bit_is_found_and_the_copy_not_used_any_more(model: Path) -> None:
    slim = make_slim(model)
    verify_slim(model)
    status = slim.stat()
    data = bytearray(slim.read_bytes())
    data[-1] ^= 1
    slim.write_bytes(data)
    os.utime(slim, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(WeightsError, match="is damaged") as caught:
        verify_slim(model)
    assert "sayso models slim" in caught.value.to_do
    assert slim_of(model) is None


def test_a_model_without_a_copy_has_nothing_to_verify(model: Path) -> None:
    verify_slim(model)


def test_a_source_that_is_not_what_was_verified_is_not_copied(weights: Path) -> None:
    folder = weights / "model"
    folder.mkdir(parents=True)
    model = write_byte_level(folder / "model.gguf")
    status = model.stat()
    (folder / MARKER).write_text(f"{'0' * 64}\t{status.st_size}\t{status.st_mtime_ns}\tmodel.gguf\n")
    with pytest.raises(WeightsError, match="checksum"):
        make_slim(model)
    assert slim_of(model) is None


def test_what_cannot_be_made_smaller_says_so_and_leaves_nothing(weights: Path, tmp_path: Path) -> None:
    model = write_tiny_model(tmp_path / "latin.gguf")
    with pytest.raises(WeightsError, match="few tokens of other scripts") as caught:
        make_slim(model)
    assert "proposes the same" in caught.value.still_works
    assert [path.name for path in slim_folder(model).iterdir()] == ["lock"]


def test_a_file_that_is_no_model_is_named(weights: Path, tmp_path: Path) -> None:
    (tmp_path / "cat.gguf").write_bytes(b"meow")
    with pytest.raises(WeightsError, match="not a GGUF"):
        make_slim(tmp_path / "cat.gguf")


def test_a_folder_that_cannot_be_written_is_told(model: Path, weights: Path) -> None:
    weights.write_text("not a folder")
    with pytest.raises(WeightsError, match="No smaller copy"):
        make_slim(model)
