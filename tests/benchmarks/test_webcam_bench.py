"""What `sayso bench webcam` counts, and what it says about files that are none."""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import pytest

from benchmarks import webcam
from benchmarks.webcam_window import Meter
from devices.clock import VirtualClock
from devices.samples import DeviceState, DeviceStatus, FaceSample, FaceVerdict


def sample(t: float, face: bool) -> FaceSample:
    landmarks = np.zeros((478, 3), np.float32) if face else None
    return FaceSample(t, 1280, 720, FaceVerdict.GOOD if face else FaceVerdict.NO_FACE, landmarks)


def test_delays_faces_and_missing_frames_are_counted() -> None:
    clock = VirtualClock(100.0)
    meter = Meter(clock)
    for k in range(100):
        if k % 10 == 9:  # this one was passed over
            clock.advance(1 / 25)
            continue
        captured = clock.now()
        delay = clock.advance(0.030 if k % 10 == 0 else 0.010) - captured
        meter.post(sample(captured, face=k % 10 != 1))
        clock.advance(1 / 25 - delay)

    figures = meter.figures()

    assert figures["rate"] == pytest.approx(25.0)
    assert figures["fps"] == pytest.approx(89 / 98 * 25, abs=0.01)
    assert figures["p50_ms"] == pytest.approx(10.0, abs=0.01)
    assert figures["p95_ms"] == pytest.approx(30.0, abs=0.01)
    assert figures["face_found_share"] == pytest.approx(8 / 9, abs=1e-3)
    assert meter.size == "1280 x 720"


def test_why_there_is_no_picture_is_kept() -> None:
    meter = Meter(VirtualClock())
    meter.post(DeviceStatus(0.0, "webcam", DeviceState.LOST, "The video file x is damaged."))

    assert meter.lost == "The video file x is damaged."
    assert meter.count == 0


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e9, math.nan])
def test_impossible_times_are_refused(tmp_path: Path, seconds: float) -> None:
    video = tmp_path / "a.mp4"
    video.touch()
    with pytest.raises(ValueError, match="cannot be measured"):
        webcam.run(argparse.Namespace(video=video, seconds=seconds, no_model=True, json=None))


def test_a_video_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no video"):
        webcam.run(argparse.Namespace(video=tmp_path / "a.mp4", seconds=20.0, no_model=True, json=None))
