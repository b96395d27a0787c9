"""The example in docs/drivers.md works as it stands, installed as another package's driver."""

from __future__ import annotations

import os
import re
import struct
import tomllib
from pathlib import Path

import pytest

from devices import registry
from devices.clock import LslClock
from devices.driver import Emitted
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, SwitchEvent

GUIDE = Path(__file__).parents[2] / "docs" / "drivers.md"


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "my_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "joystick.py").write_text(blocks("python")[0])
    info = tmp_path / "my_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n")
    points = tomllib.loads(blocks("toml")[0])["project"]["entry-points"]["sayso.devices"]
    lines = [f"{name} = {value}" for name, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[sayso.devices]", *lines]))
    monkeypatch.syspath_prepend(str(tmp_path))


def test_the_example_is_short() -> None:
    assert len(blocks("python")[0].splitlines()) < 50


def test_the_example_is_plugged_in_pressed_unplugged_and_plugged_in_again(
    installed: None, tmp_path: Path
) -> None:
    # A named pipe gives bytes, nothing, and an end, as a joystick does.
    port = tmp_path / "js0"

    def plug_in() -> int:
        os.mkfifo(tmp_path / "plug")
        plug = os.open(tmp_path / "plug", os.O_RDWR)
        (tmp_path / "plug").rename(port)
        return plug

    joystick = plug_in()

    def button(number: int, value: int, kind: int = 0x01) -> None:
        os.write(joystick, struct.pack("IhBB", 0, value, kind, number))

    box: Mailbox[Emitted] = Mailbox(100)

    def hear(state: DeviceState) -> DeviceStatus:
        message = box.get(10)
        assert isinstance(message, DeviceStatus)
        assert message.state is state
        return message

    def hear_press() -> tuple[str, bool]:
        message = box.get(10)
        assert isinstance(message, SwitchEvent)
        return message.switch, message.pressed

    runner = DriverRunner(registry.build("joystick", str(port)), box.put, LslClock(), retry_s=(0.01,))
    runner.start()
    hear(DeviceState.STARTING)
    hear(DeviceState.RUNNING)
    button(0, 0, kind=0x81)  # the state at the start, which is no press
    button(0, 1)
    button(0, 0)
    button(1, 1)
    assert [hear_press() for _ in range(3)] == [("1", True), ("1", False), ("2", True)]

    port.rename(tmp_path / "unplugged")
    os.close(joystick)
    assert hear_press() == ("2", False)
    assert "unplugged" in hear(DeviceState.LOST).detail
    assert "no joystick" in hear(DeviceState.LOST).detail

    joystick = plug_in()
    hear(DeviceState.RUNNING)
    button(0, 1)
    assert hear_press() == ("1", True)
    assert runner.stop()
    os.close(joystick)
