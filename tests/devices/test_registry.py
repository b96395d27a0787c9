"""Drivers are found by name, and a broken one breaks nothing else."""

from __future__ import annotations

import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from devices import registry
from devices.driver import DeviceKind
from devices.gaze.pointer import PointerDriver
from devices.gaze.replay import ReplayDriver
from devices.registry import DriverUnavailable
from devices.switch.keyboard import KeyboardSwitch

ROOT = Path(__file__).parents[2]


def install(folder: Path, package: str, entry_points: str, **modules: str) -> None:
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[sayso.devices]\n{entry_points}\n")
    for name, source in modules.items():
        (folder / f"{name}.py").write_text(source)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "site"
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["sayso.devices"]
    install(folder, "sayso_test_self", "\n".join(f"{name} = {value}" for name, value in own.items()))
    monkeypatch.syspath_prepend(str(folder))
    return folder


def test_our_own_drivers_are_there_under_their_names(site: Path) -> None:
    assert {"keyboard", "pointer", "replay"} <= set(registry.names())
    assert registry.load("pointer") is PointerDriver
    assert registry.load("replay") is ReplayDriver
    assert registry.load("keyboard") is KeyboardSwitch


def test_what_is_written_in_the_project_file_is_what_the_drivers_call_themselves() -> None:
    own = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["entry-points"]["sayso.devices"]
    for name, value in own.items():
        module, _, attribute = value.partition(":")
        assert getattr(import_module(module), attribute).name == name


def test_a_driver_is_made_with_what_it_needs(site: Path) -> None:
    driver = registry.build("pointer", lambda: None, rate_hz=30.0)
    assert driver.kind is DeviceKind.GAZE


def test_another_package_brings_a_driver_and_only_the_chosen_one_is_imported(site: Path) -> None:
    install(
        site,
        "puffer",
        "puff = puffer_driver:Puff\nblow = puffer_other:Blow",
        puffer_driver=(
            "class Puff:\n    name = 'puff'\n    kind = 'switch'\n    def run(self, emit, stop, clock): ...\n"
        ),
        puffer_other="raise RuntimeError('never imported')",
    )
    assert {"puff", "blow"} <= set(registry.names())
    assert "puffer_driver" not in sys.modules
    assert registry.build("puff").name == "puff"
    assert "puffer_other" not in sys.modules


@pytest.mark.parametrize(
    "source",
    [
        "import a_library_that_is_not_there",
        "def Box(: syntax",
        "raise SystemExit(2)",
        "Box = 3",
        "def Box(): raise OSError('no permission')",
        "class Box: name = 'box'",
    ],
)
def test_a_broken_driver_says_what_is_wrong_and_the_others_still_work(
    site: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(site, "box", "box = box_driver:Box", box_driver=source)
    monkeypatch.delitem(sys.modules, "box_driver", raising=False)
    with pytest.raises(DriverUnavailable, match=r"The input box cannot be used.*other inputs still work"):
        registry.build("box")
    assert registry.load("pointer") is PointerDriver


def test_unreadable_metadata_of_one_package_hides_nobody_else(site: Path) -> None:
    install(site, "scrap", "this line is not an entry point")
    assert {"keyboard", "pointer", "replay"} <= set(registry.names())


def test_nobody_takes_the_place_of_the_pointer(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = site.parent / "first"
    install(first, "impostor", "pointer = impostor:Pointer")
    monkeypatch.syspath_prepend(str(first))
    assert registry.load("pointer") is PointerDriver


def test_an_unknown_name_is_answered_with_the_known_ones(site: Path) -> None:
    with pytest.raises(DriverUnavailable, match=r"no input called tobii.*keyboard.*pointer, replay"):
        registry.load("tobii")
