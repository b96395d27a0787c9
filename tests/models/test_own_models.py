"""A person brings a model of their own, or weights from another computer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from gguf_files import gguf
from shelf import everything_under, url_source, write_catalog

from models.catalog import Entry
from models.install import Progress
from models.own_models import OwnModel, add, own_models, verify_own
from models.weights import WeightsError, installed

FILES = {"model.gguf": gguf(), "TERMS.html": b"Be kind."}


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "weights"))
    return tmp_path / "weights"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A folder brought from another computer."""
    folder = tmp_path / "stick"
    folder.mkdir()
    for name, data in FILES.items():
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    source = url_source(dict.fromkeys(FILES, "http://127.0.0.1:9/nothing"))
    return write_catalog(tmp_path / "catalog.toml", "small", FILES, [source])


def own_gguf(path: Path, name: str = "Mine") -> Path:
    path.write_bytes(gguf(values={"general.name": name}))
    return path


def test_an_own_model_is_recorded_where_it_lies(weights: Path, tmp_path: Path) -> None:
    own = add(own_gguf(tmp_path / "mine.gguf"))
    assert isinstance(own, OwnModel)
    assert (own.name, own.path) == ("mine", tmp_path / "mine.gguf")
    assert own_models() == (own,)
    assert everything_under(weights) == ["own.toml"]
    assert (weights / "own.toml").stat().st_mode & 0o777 == 0o600
    verify_own(own)


def test_adding_it_again_renews_it(weights: Path, tmp_path: Path) -> None:
    first = add(own_gguf(tmp_path / "mine.gguf"))
    second = add(own_gguf(tmp_path / "mine.gguf", "Mine, trained again"))
    assert own_models() == (second,)
    assert first != second


def test_two_models_with_one_file_name_get_two_names(weights: Path, tmp_path: Path) -> None:
    for folder in ("a", "b", "c"):
        (tmp_path / folder).mkdir()
        add(own_gguf(tmp_path / folder / "mine.gguf"))
    assert [own.name for own in own_models()] == ["mine", "mine-2", "mine-3"]


def test_a_path_may_hold_anything(weights: Path, tmp_path: Path) -> None:
    path = own_gguf(tmp_path / 'моя "модель" \\ 😀\t.gguf')
    add(path)
    assert own_models()[0].path == path


def test_an_own_model_that_changed_is_noticed(weights: Path, tmp_path: Path) -> None:
    own = add(own_gguf(tmp_path / "mine.gguf"))
    assert isinstance(own, OwnModel)
    own_gguf(tmp_path / "mine.gguf", "Another")
    with pytest.raises(WeightsError, match="it has changed"):
        verify_own(own)
    own.path.unlink()
    with pytest.raises(WeightsError, match="not there"):
        verify_own(own)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (None, "is not there"),
        (b"", "is empty"),
        (b"PK not a model", "is not a GGUF"),
        (FILES["model.gguf"][:-1], "cut short"),
        (gguf(values={"general.type": "adapter"}), "only an addition"),
    ],
)
def test_a_file_that_is_no_model_changes_nothing(
    weights: Path, catalog: Path, tmp_path: Path, data: bytes | None, words: str
) -> None:
    if data is not None:
        (tmp_path / "x.gguf").write_bytes(data)
    with pytest.raises(WeightsError, match=words) as caught:
        add(tmp_path / "x.gguf", catalog=catalog)
    assert caught.value.still_works == "Nothing was changed."
    assert not weights.exists()


def test_weights_from_another_computer_are_copied_and_verified(
    weights: Path, catalog: Path, stick: Path
) -> None:
    told: list[Progress] = []
    added = add(stick / "model.gguf", told.append, catalog=catalog)
    assert isinstance(added, Entry)
    shutil.rmtree(stick)
    path = installed("small")
    assert path is not None and path.read_bytes() == FILES["model.gguf"]
    assert (path.parent / "TERMS.html").read_bytes() == FILES["TERMS.html"]
    assert {p.stage for p in told} == {"copy", "verify"}
    assert own_models() == ()


def test_without_what_belongs_to_it_it_is_an_own_model(weights: Path, catalog: Path, stick: Path) -> None:
    (stick / "TERMS.html").unlink()
    added = add(stick / "model.gguf", catalog=catalog)
    assert isinstance(added, OwnModel)
    assert installed("small") is None


def test_with_something_else_beside_it_nothing_lands(weights: Path, catalog: Path, stick: Path) -> None:
    (stick / "TERMS.html").write_bytes(b"Be rude.")
    with pytest.raises(WeightsError, match=r"TERMS\.html beside it is not the one"):
        add(stick / "model.gguf", catalog=catalog)
    assert installed("small") is None
    assert own_models() == ()


@pytest.mark.parametrize("text", ["", "models = 1", "[[models]]\nname = 'a'", "\x00", "models = [1]"])
def test_a_damaged_list_is_as_good_as_none(weights: Path, tmp_path: Path, text: str) -> None:
    weights.mkdir()
    (weights / "own.toml").write_text(text)
    assert own_models() == ()
    add(own_gguf(tmp_path / "mine.gguf"))
    assert len(own_models()) == 1


def test_a_list_that_cannot_be_written(weights: Path, tmp_path: Path) -> None:
    weights.write_text("in the way")
    with pytest.raises(WeightsError, match="cannot be noted") as caught:
        add(own_gguf(tmp_path / "mine.gguf"))
    assert "enter its path in the settings" in caught.value.still_works
