"""benchmarks: whether EEG comes whole and soon over LSL, and whether an outage is seen. Two processes on loopback.

The sender gives each sample its number and the time of sending, so that the receiver (the driver as Sayso runs it)
can be checked against the truth. While samples come, and while they do not, flashes go on; of each one the 0.8 s after
it are asked for, as the P300 model asks. One is kept wrongly if its samples are not consecutive, not from one life of
the sender, or further from their true times than 1.5 samples.

There are two outages: the sender is killed and started again; and it is stopped as a frozen program is, without its
connection being closed. `outage_detected_s` is the longer one of both, from the kill or stop to the status LOST.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np

from devices.clock import LslClock
from devices.driver import Emitted
from devices.eeg.lsl import LslEegDriver
from devices.eeg.recent import RecentEeg
from devices.runner import DriverRunner
from devices.samples import DeviceState, DeviceStatus, EegChunk

SOA_S = 0.175
EPOCH_S = 0.8
GIVEN_UP_S = 3.0  # an epoch whose samples have not come by then is void
OUT_S = 2.0
AFTER_S = 4.0
COMES_BACK_S = 30.0
NUMBER, SENT, LIFE = range(3)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --seconds and --rate."""
    parser.add_argument("--seconds", type=float, default=60.0, help="without a fault (60)")
    parser.add_argument("--rate", type=float, default=250.0, metavar="HZ", help="samples a second (250)")


@dataclass(slots=True)
class Heard:
    """What came out of the driver: the receiving side's own thread writes, the benchmark reads."""

    clock: LslClock
    sample_hz: float
    starts: dict[int, float] = field(default_factory=dict)  # of each life, when it began to send
    numbers: dict[int, list[int]] = field(default_factory=dict)
    latencies_s: list[float] = field(default_factory=list)
    stamp_errors_s: list[float] = field(default_factory=list)
    statuses: list[DeviceStatus] = field(default_factory=list)
    flashes: list[float] = field(default_factory=list)
    kept: int = 0
    void: int = 0
    wrongly_kept: int = 0
    recent: RecentEeg = field(default_factory=RecentEeg)
    news: threading.Condition = field(default_factory=threading.Condition)

    def post(self, message: Emitted) -> None:
        """Take a message of the driver."""
        now = self.clock.now()
        with self.news:
            if isinstance(message, DeviceStatus):
                self.statuses.append(message)
            elif isinstance(message, EegChunk):
                self.recent.add(message)
                life = int(message.data[0, LIFE])
                self.numbers.setdefault(life, []).extend(int(n) for n in message.data[:, NUMBER])
                sent = self.starts.get(life, 0.0) + message.data[:, SENT].astype(float) / 1e3
                self.latencies_s.extend(now - sent)
                self.stamp_errors_s.extend(message.t - sent)
            self.news.notify_all()

    def wait_for(self, what: Callable[[], bool], timeout_s: float) -> bool:
        """Wait until this is true."""
        with self.news:
            return self.news.wait_for(what, timeout_s)

    def flash(self) -> None:
        """A flash is shown now; ask for the epochs that are complete, or overdue."""
        now = self.clock.now()
        with self.news:
            self.flashes.append(now)
            self.ask(now)

    def ask(self, now: float) -> None:
        """Ask for the epochs that are complete, or overdue."""
        while self.flashes:
            t = self.flashes[0]
            complete = (self.recent.until or 0.0) >= t + EPOCH_S
            if not complete and now < t + GIVEN_UP_S:
                return
            self.flashes.pop(0)
            epoch = self.recent.between(t, t + EPOCH_S)
            if epoch is None:
                self.void += 1
            else:
                self.kept += 1
                self.wrongly_kept += not self._is_right(epoch)

    def _is_right(self, epoch: EegChunk) -> bool:
        lives = set(epoch.data[:, LIFE].astype(int))
        if len(lives) != 1 or not (np.diff(epoch.data[:, NUMBER]) == 1).all():
            return False
        # When the sample was due; the sender itself may have been late in sending it.
        due = self.starts[lives.pop()] + epoch.data[:, NUMBER].astype(float) / self.sample_hz
        return bool(np.abs(epoch.t - due).max() < 1.5 / self.sample_hz)


class Sender:
    """The other process; it sends as soon as somebody listens."""

    def __init__(self, name: str, rate_hz: float, life: int, heard: Heard) -> None:
        command = [sys.executable, "-P", "-m", "benchmarks.lsl_sender", name, str(rate_hz), str(life)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._life, self._heard = life, heard
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if line:
            with self._heard.news:
                self._heard.starts[self._life] = json.loads(line)["start"]

    def signal(self, number: int) -> None:
        """Stop it, or let it go on."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it as a crash does."""
        self._process.kill()
        self._reader.join()
        self._process.communicate()


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Measure. Keys: lost, latency_p50_ms, latency_p95_ms, outage_detected_s, epochs_wrongly_kept."""
    with tempfile.TemporaryDirectory(prefix="sayso-lsl-") as folder:
        _keep_apart(Path(folder))
        return _measured(args.seconds, args.rate)


def _measured(seconds: float, rate_hz: float) -> dict[str, Any]:
    clock = LslClock()
    heard = Heard(clock, rate_hz)
    name = f"bench {uuid4()}"
    life = itertools.count(1)
    sender = Sender(name, rate_hz, next(life), heard)
    runner = DriverRunner(LslEegDriver(name), heard.post, clock)
    runner.start()
    try:
        _wait_running(heard, 0)
        with heard.news:
            heard.flashes.clear()
            heard.void = 0
        _flash_for(seconds, heard, "without a fault")
        numbers = list(heard.numbers[1])
        latencies_ms = np.array(heard.latencies_s) * 1e3
        errors_ms = np.array(heard.stamp_errors_s) * 1e3
        lost = numbers[-1] + 1 - len(set(numbers))
        clean_kept, clean_void = heard.kept, heard.void

        began, known = clock.now(), len(heard.statuses)
        sender.kill()
        killed_s = _detected(heard, known, began)
        _flash_for(OUT_S, heard, "killed")
        sender = Sender(name, rate_hz, next(life), heard)
        _wait_running(heard, known)
        _flash_for(AFTER_S, heard, "started again")

        began, known = clock.now(), len(heard.statuses)
        sender.signal(signal.SIGSTOP)
        frozen_s = _detected(heard, known, began)
        _flash_for(OUT_S, heard, "frozen")
        sender.signal(signal.SIGCONT)
        _wait_running(heard, known)
        _flash_for(AFTER_S, heard, "goes on")
        with heard.news:
            heard.ask(clock.now() + GIVEN_UP_S)
    finally:
        runner.stop()
        sender.kill()
    print(f"{'samples without a fault':>28}  {len(numbers)}, doubled {len(numbers) - len(set(numbers))}")
    print(f"{'stamps, mean and sd':>28}  {errors_ms.mean():.2f} ms, {errors_ms.std():.2f} ms")
    print(f"{'epochs without a fault':>28}  kept {clean_kept}, void {clean_void}")
    print(f"{'epochs in all':>28}  kept {heard.kept}, void {heard.void}, wrongly {heard.wrongly_kept}")
    print(f"{'seen after the kill':>28}  {killed_s:.3f} s, frozen {frozen_s:.3f} s")
    figures = {
        "lost": int(lost),
        "latency_p50_ms": round(float(np.percentile(latencies_ms, 50)), 2),
        "latency_p95_ms": round(float(np.percentile(latencies_ms, 95)), 2),
        "outage_detected_s": round(max(killed_s, frozen_s), 3),
        "epochs_wrongly_kept": heard.wrongly_kept,
    }
    for key, value in figures.items():
        print(f"{key:>28}  {value}")
    return figures


def _flash_for(seconds: float, heard: Heard, what: str) -> None:
    end = heard.clock.now() + seconds
    pause = threading.Event()
    while (left := end - heard.clock.now()) > 0:
        print(f"\r{what}: {left:3.0f} s more ", end="", file=sys.stderr, flush=True)
        heard.flash()
        pause.wait(min(SOA_S, left))
    print("\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def _wait_running(heard: Heard, known: int) -> None:
    """Flashes go on until samples come; `known`: statuses from before."""
    for _ in range(round(COMES_BACK_S / SOA_S)):
        heard.flash()
        if heard.wait_for(lambda: _last_state(heard, known) is DeviceState.RUNNING, SOA_S):
            return
    said = heard.statuses[-1].detail if heard.statuses else "nothing"
    raise RuntimeError(f"the EEG did not come within {COMES_BACK_S:g} s; the driver says: {said}")


def _last_state(heard: Heard, known: int) -> DeviceState | None:
    return heard.statuses[-1].state if len(heard.statuses) > known else None


def _detected(heard: Heard, known: int, began: float) -> float:
    """Seconds until the status LOST; flashes go on meanwhile."""
    for _ in range(round(COMES_BACK_S / SOA_S)):
        heard.flash()
        if heard.wait_for(lambda: _last_state(heard, known) is DeviceState.LOST, SOA_S):
            return heard.statuses[-1].t - began
    raise RuntimeError("the outage was not seen")


def _keep_apart(folder: Path) -> None:
    """Configure liblsl, before it is loaded: this computer only, and no stream of anybody else's."""
    if "LSLAPICFG" in os.environ:
        return
    path = folder / "lsl_api.cfg"
    path.write_text(f"[lab]\nSessionID = {uuid4()}\n[multicast]\nResolveScope = machine\n[log]\nlevel = -2\n")
    os.environ["LSLAPICFG"] = str(path)
