"""benchmarks: kill -9 of the app and of the model's child at random while choices stream in. What is lost?"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistive.messages import JournalEntry
from assistive.text.history import restore
from assistive.text.journal import open_journal
from benchmarks.truncation import check_truncations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare --kills, --seed and --records."""
    parser.add_argument("--kills", type=int, default=200, help="how many processes are killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=200, help="records in the journal that is truncated")


@dataclass(slots=True)
class Life:
    """One run of the app, from its start to its kill."""

    process: subprocess.Popen[bytes]
    accepted: list[JournalEntry] = field(default_factory=list)
    model_pid: int | None = None
    ready: int = 0
    news: threading.Condition = field(default_factory=threading.Condition)
    reader: threading.Thread | None = None

    def read(self) -> None:
        """Collect what the app reports; runs in its own thread until the app is gone."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if not line.endswith(b"\n"):
                break  # the kill cut it off
            told = json.loads(line)
            with self.news:
                if "number" in told:
                    self.accepted.append(JournalEntry(0.0, told["number"], told["kind"], told["data"]))
                elif told["model"] == "ready":
                    self.ready += 1
                    self.model_pid = told["pid"]
                self.news.notify_all()

    def wait_for(self, what: str, count: int, timeout_s: float) -> bool:
        """Wait until `what` ("accepted" or "ready") has reached `count`."""
        with self.news:
            return self.news.wait_for(
                lambda: (len(self.accepted) if what == "accepted" else self.ready) >= count, timeout_s
            )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """Kill, count, compare. Keys: kills, selections, lost, child_restarts, truncations_checked."""
    chance = random.Random(args.seed)
    kills = selections = lost = restarts = 0
    with tempfile.TemporaryDirectory(prefix="sayso-durability-") as folder:
        home = Path(folder) / "home"
        known: dict[int, JournalEntry] = {}
        while kills < args.kills:
            with_model = chance.random() < 0.25
            life = _start(home, chance.randrange(1 << 30), with_model)
            before = 0
            child_kills = min(chance.randint(1, 6), args.kills - kills - 1) if with_model else 0
            for _ in range(child_kills):
                if not life.wait_for("ready", before + 1, 60) or life.model_pid is None:
                    raise RuntimeError("the language model did not come back within 60 s")
                threading.Event().wait(chance.uniform(0.0, 0.3))
                os.kill(life.model_pid, signal.SIGKILL)
                kills += 1
                before += 1
            if child_kills and not life.wait_for("ready", before + 1, 60):
                raise RuntimeError("the language model did not come back within 60 s")
            restarts += child_kills
            life.wait_for("accepted", len(life.accepted) + 1, 30)
            threading.Event().wait(chance.uniform(0.0, 0.6))
            life.process.kill()
            kills += 1
            life.process.wait()
            assert life.reader is not None
            life.reader.join()
            selections += len(life.accepted)
            lost += _missing(home, known, life.accepted)
            print(f"\r{kills}/{args.kills} kills, {selections} selections, {lost} lost", end="", flush=True)
        print()
        checked = check_truncations(Path(folder) / "truncation", args.records)
    figures = {
        "kills": kills,
        "selections": selections,
        "lost": lost,
        "child_restarts": restarts,
        "truncations_checked": checked,
    }
    for name, value in figures.items():
        print(f"{name:>22}  {value}")
    return figures


def _start(home: Path, seed: int, with_model: bool) -> Life:
    from models.weights import weights_dir

    environment = os.environ | {"SAYSO_HOME": str(home), "SAYSO_WEIGHTS": str(weights_dir())}
    command = [
        sys.executable,
        "-P",
        "-m",
        "benchmarks.durability_writer",
        str(seed),
        "1" if with_model else "0",
    ]
    life = Life(subprocess.Popen(command, stdout=subprocess.PIPE, env=environment))
    life.reader = threading.Thread(target=life.read, daemon=True)
    life.reader.start()
    if not life.wait_for("accepted", 1, 60):
        life.process.kill()
        raise RuntimeError("the app accepted no selection within 60 s")
    return life


def _missing(home: Path, known: dict[int, JournalEntry], accepted: list[JournalEntry]) -> int:
    """How many accepted selections the journal does not give back, now that it is opened again.

    `known` gathers every entry of all lives: what is on disk must also replay to the same text as these.
    """
    journal, entries, _ = open_journal(home / "state" / "journal")
    journal.close()
    on_disk = {entry.number: (entry.kind, entry.data) for entry in entries}
    missing = sum(on_disk.get(told.number) != (told.kind, told.data) for told in accepted)
    known.update({told.number: told for told in accepted})
    for entry in entries:  # on disk, but killed before it was reported
        if entry.kind != "state":
            known.setdefault(entry.number, entry)
    replayed = restore([known[number] for number in sorted(known)])
    return missing + (replayed.document.text != restore(entries).document.text)
