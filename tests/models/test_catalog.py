"""The catalog is complete, and a wrong one is refused before anything is fetched."""

from __future__ import annotations

from pathlib import Path

import pytest
from shelf import package_source, url_source, write_catalog

from models.catalog import PackageSource, UrlSource, load_catalog

FILES = {"a.gguf": b"a"}
SOURCE = url_source({"a.gguf": "http://127.0.0.1/a"})


def test_it_has_what_a_first_start_needs() -> None:
    entries = {entry.name: entry for entry in load_catalog()}
    assert {entry.kind for entry in entries.values() if entry.default} == {"language", "face", "voice"}
    assert entries["gemma-3-270m"].files[0].size == 253_113_024
    assert entries["voice-en-joe"].files[1].name == entries["voice-en-joe"].files[0].name + ".json"
    assert [type(s) for s in entries["face-landmarker"].sources] == [PackageSource, UrlSource]


def test_gemma_comes_with_its_terms() -> None:
    gemma = next(entry for entry in load_catalog() if entry.name == "gemma-3-270m")
    assert "Gemma is provided under and subject to the Gemma Terms of Use" in gemma.terms
    assert "Prohibited Use Policy" in gemma.terms
    assert gemma.terms_file in {file.name for file in gemma.files}


def test_every_part_names_an_exact_version() -> None:
    for entry in load_catalog():
        for source in entry.sources:
            if isinstance(source, PackageSource):
                assert all(part.version for parts in source.files.values() for part in parts)


@pytest.mark.parametrize("name", ["../a", "a/b", "", ".hidden", "-rf", "a\n"])
def test_a_name_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a plain file name"):
        load_catalog(write_catalog(tmp_path / "c.toml", name, FILES, [SOURCE]))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "weights = 3",
        "weights = [3]",
        "[[weights]]",
        "not toml",
        "[[weights]]\nname = 'a'\nkind = 'language'\nfiles = []\nsources = []",
    ],
)
def test_what_is_not_a_catalog_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.toml").write_text(text)
    with pytest.raises(ValueError):
        load_catalog(tmp_path / "c.toml")


def test_a_source_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    half = package_source({"b.gguf": [("b", "b")]})
    with pytest.raises(ValueError, match="every source must give every file"):
        load_catalog(write_catalog(tmp_path / "c.toml", "a", FILES, [SOURCE, half]))


def test_two_entries_with_one_name_are_refused(tmp_path: Path) -> None:
    path = write_catalog(tmp_path / "c.toml", "a", FILES, [SOURCE])
    path.write_text(path.read_text() * 2)
    with pytest.raises(ValueError, match="same name"):
        load_catalog(path)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        load_catalog(write_catalog(tmp_path / "c.toml", "a", FILES, [SOURCE], kind="smell"))
