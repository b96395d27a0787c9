"""A calibration belongs to a camera, and a number is none."""

from __future__ import annotations

from pathlib import Path

from devices.gaze.webcam.cameras import camera_name


def entry(sysfs: Path, device: str, name: str) -> None:
    folder = sysfs / device
    folder.mkdir()
    (folder / "name").write_text(name + "\n")
    (folder / "index").write_text("0\n")


def test_a_camera_is_known_by_its_name_whatever_its_number(tmp_path: Path) -> None:
    entry(tmp_path, "video0", "Built-in camera")
    entry(tmp_path, "video2", "Webcam: FHD")
    assert camera_name("", tmp_path) == "Built-in camera"
    assert camera_name("2", tmp_path) == "Webcam: FHD"
    assert camera_name("/dev/video2", tmp_path) == "Webcam: FHD"


def test_what_is_no_camera_is_its_own_name(tmp_path: Path) -> None:
    assert camera_name("/films/face.mp4", tmp_path) == "/films/face.mp4"
    assert camera_name("7", tmp_path) == "7"
    assert camera_name("", tmp_path) == ""
