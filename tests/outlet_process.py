"""An LSL outlet in a process of its own, that does what the test writes to its standard input.

The LSL of tests stays on this computer and in a session of its own, apart from trackers and from other test runs.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4


def keep_lsl_apart() -> None:
    """Configure liblsl for this process and its children; before the first use of it."""
    if "LSLAPICFG" not in os.environ:
        path = Path(tempfile.mkdtemp(prefix="sayso-lsl-")) / "lsl_api.cfg"
        path.write_text(
            f"[lab]\nSessionID = {uuid4()}\n[multicast]\nResolveScope = machine\n[log]\nlevel = -2\n"
        )
        os.environ["LSLAPICFG"] = str(path)


class OutletProcess:
    """Another program that offers a stream.

    Parameters
    ----------
    name, kind, rate_hz, source_id
        As of any stream.
    channels : sequence of dict
        The metadata of each channel; empty ones say nothing.
    number : str
        The format of the numbers.
    """

    def __init__(
        self,
        name: str,
        channels: Sequence[dict[str, str]],
        *,
        kind: str = "Gaze",
        rate_hz: float = 60.0,
        source_id: str = "",
        number: str = "float32",
    ) -> None:
        spec = {"name": name, "kind": kind, "rate": rate_hz, "source": source_id, "number": number}
        self.process = subprocess.Popen(
            [sys.executable, __file__, json.dumps(spec | {"channels": list(channels)})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "ready\n"

    def push(self, rows: Sequence[Sequence[Any]], stamps: Sequence[float] | None = None) -> None:
        """Send these rows once somebody listens; stamps count from now, in seconds."""
        self._tell({"rows": [list(row) for row in rows], "stamps": stamps and list(stamps)})

    def keep_pushing(
        self, row: Sequence[Any], hz: float, ahead_s: float = 0.0, *, shake: float = 0.0
    ) -> None:
        """Send this row again and again, with a clock that is ahead; `shake`: standard deviation of its numbers."""
        self._tell({"row": list(row), "hz": hz, "ahead": ahead_s, "shake": shake})

    def pause(self) -> None:
        """Send nothing more."""
        self._tell({})

    def _tell(self, command: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        print(json.dumps(command), file=self.process.stdin, flush=True)

    def kill(self) -> None:
        """End it as a crash does."""
        self.process.kill()
        self.process.communicate()


def main() -> None:
    """Offer the stream and do what is asked for."""
    import pylsl

    spec = json.loads(sys.argv[1])
    info = pylsl.StreamInfo(
        spec["name"], spec["kind"], len(spec["channels"]), spec["rate"], spec["number"], spec["source"]
    )
    if any(spec["channels"]):
        channels = info.desc().append_child("channels")
        for described in spec["channels"]:
            channel = channels.append_child("channel")
            for key, value in described.items():
                channel.append_child_value(key, value)
    outlet = pylsl.StreamOutlet(info)
    print("ready", flush=True)
    paused = threading.Event()
    chance = random.Random(5)

    def push_on(row: list[Any], hz: float, ahead_s: float, shake: float, enough: threading.Event) -> None:
        outlet.wait_for_consumers(60)
        start, count = pylsl.local_clock(), 0
        while not enough.is_set():
            due = int((pylsl.local_clock() - start) * hz)
            for number in range(count, due):
                shaken = [value + chance.gauss(0.0, shake) for value in row] if shake else row
                outlet.push_sample(shaken, start + number / hz + ahead_s)
            count = max(count, due)
            enough.wait(min(1 / hz, 0.005))

    for line in sys.stdin:
        command = json.loads(line)
        paused.set()
        if "rows" in command:
            outlet.wait_for_consumers(60)
            now = pylsl.local_clock()
            for number, row in enumerate(command["rows"]):
                stamp = command["stamps"][number] if command["stamps"] else 0.0
                outlet.push_sample(row, now + stamp)
        elif "row" in command:
            paused = threading.Event()
            arguments = (command["row"], command["hz"], command["ahead"], command["shake"], paused)
            threading.Thread(target=push_on, args=arguments, daemon=True).start()


if __name__ == "__main__":
    main()
