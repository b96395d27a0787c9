"""benchmarks: whether a webcam keeps up: samples a second, their delay, and how smooth the window stays beside it."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.ui import window_environment, window_platform

TARGETS = {"p95_ms": 25.0, "gui_frame_p99_ms": 16.7}
KEPT = 0.98  # of the video's frames: what is sustained
_SPARE_S = 90.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --video, --seconds and --no-model."""
    parser.add_argument(
        "--video",
        type=Path,
        required=True,
        metavar="FILE",
        help="played at its own rate, in the place of a camera",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=20.0,
        metavar="S",
        help="how long; a shorter video is played again (20)",
    )
    parser.add_argument(
        "--no-model", action="store_true", help="without the language model, which else proposes meanwhile"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: fps, p50_ms, p95_ms, dropped, face_found_share, gui_frame_p99_ms."""
    video: Path = args.video
    if not video.is_file():
        raise ValueError(f"there is no video {video}")
    if not 3.0 <= args.seconds <= 600.0:
        raise ValueError(f"{args.seconds:g} s cannot be measured, 3 to 600 can")
    platform = window_platform()
    print(f"window platform: {platform}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"playing {video.name} for {args.seconds:.0f} s beside a window in which a gaze writes", flush=True)
    with tempfile.TemporaryDirectory(prefix="sayso-webcam-") as folder:
        measured = _measured(args, window_environment(Path(folder), platform))
    cpu_ms, size, rate = (measured.pop(name) for name in ("cpu_ms", "size", "rate"))
    print(
        f"{size} at {rate:.0f} frames a second, load {os.getloadavg()[0]:.1f}, "
        f"{cpu_ms:.1f} ms of processor time a frame, unpacking included"
    )
    for name, value in measured.items():
        print(f"{name:>18}  {value}{_verdict(name, value, rate)}")
    return measured


def _measured(args: argparse.Namespace, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "benchmarks.webcam_window", str(args.video), str(args.seconds)]
    command += ["--no-model"] if args.no_model else []
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=args.seconds + _SPARE_S
    )
    try:
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    except (IndexError, ValueError):
        raise RuntimeError(f"the window could not be timed: {done.stderr.strip()[-500:]}") from None
    if "error" in found:
        raise RuntimeError(found["error"])
    return found


def _verdict(name: str, value: float, rate: float) -> str:
    if name == "fps":
        return f"   target: the video's {rate:.0f}: {'reached' if value >= KEPT * rate else 'missed'}"
    if name not in TARGETS:
        return ""
    return f"   target <= {TARGETS[name]}: {'reached' if value <= TARGETS[name] else 'missed'}"
