"""assistive.simulate: the figures of a simulation: means over seeds with their 95 % intervals, as table and JSON."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistive.simulate.person import Person
from assistive.simulate.run import Outcome

# Student's t, two-sided 95 %, for 1, 2, ... degrees of freedom; 1.96 beyond.
T_95 = (
    12.706,
    4.303,
    3.182,
    2.776,
    2.571,
    2.447,
    2.365,
    2.306,
    2.262,
    2.228,
    2.201,
    2.179,
    2.160,
    2.145,
    2.131,
)
SPENT = ("search", "reading", "dwelling", "waiting", "correcting")


@dataclass(frozen=True, slots=True)
class System:
    """One system: its dwell, and one outcome for each seed."""

    title: str
    dwell_s: float
    outcomes: Sequence[Outcome]

    def mean(self, figure: Callable[[Outcome], float]) -> float:
        """The mean over seeds."""
        return statistics.fmean(figure(outcome) for outcome in self.outcomes)

    def interval(self, figure: Callable[[Outcome], float]) -> list[float]:
        """The 95 % interval of the mean over seeds (Student's t); both ends are the mean with one seed."""
        values = [figure(outcome) for outcome in self.outcomes]
        mean = statistics.fmean(values)
        n = len(values)
        if n < 2:
            return [mean, mean]
        t = T_95[n - 2] if n - 2 < len(T_95) else 1.96
        half = t * statistics.stdev(values) / math.sqrt(n)
        return [mean - half, mean + half]


def share(what: str) -> Callable[[Outcome], float]:
    """The share of the time that was spent on `what`."""
    return lambda outcome: outcome.seconds.get(what, 0.0) / max(1e-9, sum(outcome.seconds.values()))


def per_character(what: str) -> Callable[[Outcome], float]:
    """The seconds a character that were spent on `what`."""
    return lambda outcome: outcome.seconds.get(what, 0.0) / outcome.counts.chars


FIGURES: dict[str, Callable[[Outcome], float]] = {
    "wpm": lambda o: o.wpm,
    "ksr": lambda o: o.ksr,
    "seconds_per_char": lambda o: o.seconds_per_char,
    "error_rate": lambda o: o.error_rate,
    "correction_rate": lambda o: o.counts.corrections / max(1, o.counts.selections),
    "wrong_per_100": lambda o: o.wrong_per_100,
    "selections": lambda o: float(o.counts.selections),
    "proposals_ready_share": lambda o: o.ready / o.asked if o.asked else 0.0,
    "wait_share": share("waiting"),
}


def figures(person: Person, sayso: System, baseline: System, plain: System) -> dict[str, object]:
    """The JSON of a simulation: each figure, its ``_ci95``, and who the person was."""
    found: dict[str, object] = {}

    def add(name: str, system: System, figure: Callable[[Outcome], float]) -> None:
        found[name] = round(system.mean(figure), 4)
        found[f"{name}_ci95"] = [round(end, 4) for end in system.interval(figure)]

    for name, figure in FIGURES.items():
        add(name, sayso, figure)
    for system, suffix in ((baseline, "baseline"), (plain, "plain")):
        add(f"wpm_{suffix}", system, FIGURES["wpm"])
        add(f"wrong_per_100_{suffix}", system, FIGURES["wrong_per_100"])
        add(f"error_rate_{suffix}", system, FIGURES["error_rate"])
    found |= {
        "dwell_s": sayso.dwell_s,
        "dwell_s_baseline": baseline.dwell_s,
        "person": person.name,
        "person_hash": person.fingerprint,
    }
    return found


def table(systems: Sequence[System]) -> str:
    """The figures for people: one system a column."""
    rows = [("", *(f"{s.title} ({s.dwell_s:.1f} s)" for s in systems))]
    for name, figure in FIGURES.items():
        cells = []
        for system in systems:
            low, high = system.interval(figure)
            cells.append(f"{system.mean(figure):.3f} [{low:.3f}, {high:.3f}]")
        rows.append((name, *cells))
    for what in SPENT:
        rows.append((f"time: {what}", *(f"{100 * s.mean(share(what)):.0f} %" for s in systems)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
