"""Weights arrive from a web address: a server on this machine breaks off, lies, and is gone on with."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from shelf import Shop, everything_under, open_shop, unused_port_url, url_source, write_catalog

from models.fetch import fetch
from models.weights import WeightsError, installed

DATA = os.urandom(3_000_000)


@pytest.fixture
def weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "weights"
    monkeypatch.setenv("SAYSO_WEIGHTS", str(folder))
    return folder


@pytest.fixture
def shop() -> Iterator[Shop]:
    with open_shop(Shop({"face.task": DATA})) as shop:
        yield shop


@pytest.fixture
def catalog(tmp_path: Path, shop: Shop) -> Path:
    return small_catalog(tmp_path, f"{shop.url}/face.task")


def small_catalog(folder: Path, *urls: str) -> Path:
    sources = [url_source({"face.task": url}) for url in urls]
    return write_catalog(folder / "catalog.toml", "face", {"face.task": DATA}, sources, kind="face")


def test_a_file_from_an_address(weights: Path, catalog: Path) -> None:
    assert fetch("face", catalog=catalog).read_bytes() == DATA
    assert everything_under(weights) == ["face/face.task", "face/verified"]


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    weights: Path, shop: Shop, catalog: Path
) -> None:
    shop.cut_after = 1_000_000
    assert fetch("face", catalog=catalog).read_bytes() == DATA
    assert shop.ranges == [None, "bytes=1000000-"]


def test_a_server_that_cannot_go_on_begins_again(weights: Path, shop: Shop, catalog: Path) -> None:
    shop.cut_after = 1_000_000
    shop.knows_ranges = False
    assert fetch("face", catalog=catalog).read_bytes() == DATA


def test_killed_half_way_the_next_fetch_goes_on_from_there(weights: Path, shop: Shop, catalog: Path) -> None:
    shop.stall_after = 2_000_000
    story = f"""
        from pathlib import Path
        from models.fetch import fetch
        fetch("face", lambda p: print(p.done_bytes, flush=True), catalog=Path({str(catalog)!r}))
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(story)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= 1_900_000:
                break
        child.send_signal(signal.SIGKILL)
    assert installed("face") is None
    assert fetch("face", catalog=catalog).read_bytes() == DATA
    first, second = shop.ranges
    assert first is None
    assert second is not None and int(second[len("bytes=") : -1]) > 1_800_000


def test_the_end_of_another_file_is_not_trusted(weights: Path, shop: Shop, catalog: Path) -> None:
    """The half that was kept belongs to an older file: the checksum notices, and all of it is got again."""
    part = weights / ".fetching" / "face" / "face.task.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"x" * 1_000_000)
    assert fetch("face", catalog=catalog).read_bytes() == DATA
    assert shop.ranges == ["bytes=1000000-", None]


@pytest.mark.parametrize("wrong", [DATA[:-1] + b"?", DATA + b"more", b"<html>Log in to this network</html>"])
def test_a_wrong_file_is_refused_and_leaves_nothing(
    weights: Path, shop: Shop, catalog: Path, wrong: bytes
) -> None:
    shop.files["face.task"] = wrong
    with pytest.raises(WeightsError) as caught:
        fetch("face", catalog=catalog)
    assert "eye trackers still work" in caught.value.still_works
    assert installed("face") is None
    assert not (weights / "face").exists()


def test_a_file_that_is_gone_from_the_first_address_comes_from_the_second(
    weights: Path, shop: Shop, tmp_path: Path
) -> None:
    catalog = small_catalog(tmp_path, f"{shop.url}/moved", f"{shop.url}/face.task")
    assert fetch("face", catalog=catalog).read_bytes() == DATA


def test_no_network_names_every_source_that_was_tried(weights: Path, shop: Shop, tmp_path: Path) -> None:
    catalog = small_catalog(tmp_path, unused_port_url(), f"{shop.url}/moved")
    with pytest.raises(WeightsError, match="cannot be reached; the web address does not have it") as caught:
        fetch("face", catalog=catalog)
    assert "Connect this computer to the internet" in caught.value.to_do


def test_two_at_once_do_not_spoil_each_other(weights: Path, catalog: Path) -> None:
    (weights / ".fetching").mkdir(parents=True)
    with (weights / ".fetching" / "face.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(WeightsError, match="fetched by another Sayso"):
            fetch("face", catalog=catalog)
    assert fetch("face", catalog=catalog).read_bytes() == DATA
