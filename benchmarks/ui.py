"""benchmarks: how soon the first key can be chosen, how smooth the frames are, what idling costs."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

TARGETS = {"startup_s": 2.0, "frame_p99_ms": 16.7, "idle_cpu_percent": 5.0}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --idle, --frames, --size and --starts."""
    parser.add_argument("--idle", type=float, default=30.0, metavar="S", help="seconds of idling (30)")
    parser.add_argument("--frames", type=float, default=20.0, metavar="S", help="seconds of dwelling (20)")
    parser.add_argument(
        "--starts", type=int, default=5, help="how often it is started (5; the median counts)"
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Keys: startup_s, frame_p99_ms, idle_cpu_percent, rss_mb."""
    platform = window_platform()
    print(f"window platform: {platform}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="sayso-ui-") as folder:
        environment = window_environment(Path(folder), platform)
        starts = []
        for i in range(args.starts):
            print(f"\rstart {i + 1} of {args.starts}", end="", flush=True)
            starts.append(_start(Path(folder), environment, idle_s=None)["startup_s"])
        print(f"\ridling for {args.idle:.0f} s with the model loaded", flush=True)
        idle = _start(Path(folder), environment, idle_s=args.idle)
        print(f"dwelling for {args.frames:.0f} s", flush=True)
        frames = _frames(environment, args.frames)
    figures = {
        "startup_s": round(float(np.median(starts)), 3),
        "frame_p99_ms": round(float(np.percentile(frames, 99)), 2),
        "idle_cpu_percent": round(idle["idle_cpu_percent"], 2),
        "rss_mb": round(idle["rss_mb"], 1),
    }
    print(f"{len(frames)} frames, median {np.median(frames):.2f} ms, longest {max(frames):.1f} ms")
    for name, value in figures.items():
        target = TARGETS.get(name)
        verdict = (
            "" if target is None else f"   target <= {target}: {'reached' if value <= target else 'missed'}"
        )
        print(f"{name:>18}  {value}{verdict}")
    return figures


def window_platform() -> str:
    """Return what Qt draws on: what was chosen, else an X server if there is one, else nothing that is seen."""
    chosen = os.environ.get("QT_QPA_PLATFORM")
    return chosen or ("xcb" if os.environ.get("DISPLAY") else "offscreen")


def window_environment(home: Path, platform: str) -> dict[str, str]:
    """Return the environment of an app with folders of its own, and this computer's weights."""
    from models.weights import weights_dir

    return os.environ | {
        "SAYSO_HOME": str(home / "home"),
        "SAYSO_WEIGHTS": str(weights_dir()),
        "QT_QPA_PLATFORM": platform,
    }


def _start(folder: Path, environment: dict[str, str], *, idle_s: float | None) -> dict[str, float]:
    """Start the app; with `idle_s`, wait for the model and measure what idling costs."""
    report = folder / f"report-{time.monotonic_ns()}"
    command = [
        sys.executable,
        "-P",
        "-m",
        "assistive",
        "run",
        "--windowed",
        "1920x1080",
        "--report",
        str(report),
    ]
    begun = time.monotonic()
    process = subprocess.Popen(command, env=environment)
    try:
        figures = {"startup_s": _report(report, "first_key", process) - begun}
        if idle_s is not None:
            _report(report, "model_ready", process)
            threading.Event().wait(5.0)
            figures |= _idle(psutil.Process(process.pid), idle_s)
    finally:
        process.terminate()
        process.wait(10)
    return figures


def _report(path: Path, name: str, process: subprocess.Popen[bytes]) -> float:
    """When the app told of `name`: seconds on the monotonic clock."""
    pause = threading.Event()
    while process.poll() is None:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        for line in lines:
            if line.endswith("\n") and json.loads(line)["what"] == name:
                return float(json.loads(line)["t"])
        pause.wait(0.05)
    raise RuntimeError(f"the app ended before it told of {name!r}")


def _idle(app: psutil.Process, seconds: float) -> dict[str, float]:
    family = [app, *app.children(recursive=True)]
    before = sum(sum(p.cpu_times()[:2]) for p in family)
    threading.Event().wait(seconds)
    after = sum(sum(p.cpu_times()[:2]) for p in family)
    return {
        "idle_cpu_percent": 100.0 * (after - before) / seconds,
        "rss_mb": sum(p.memory_info().rss for p in family) / 2**20,
    }


def _frames(environment: dict[str, str], seconds: float) -> list[float]:
    command = [sys.executable, "-P", "-m", "benchmarks.ui_frames", str(seconds), "1920", "1080"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds + 60)
    if done.returncode != 0 or not done.stdout.strip():
        raise RuntimeError(f"the window could not be timed: {done.stderr.strip()[-500:]}")
    frames: list[float] = json.loads(done.stdout.strip().splitlines()[-1])
    if len(frames) < seconds * 10:
        raise RuntimeError(f"only {len(frames)} frames were painted in {seconds:.0f} s")
    return frames
