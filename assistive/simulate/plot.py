"""assistive.simulate: the picture of a simulation: speed, and where the time goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistive.simulate.report import FIGURES, SPENT, System, per_character

COLORS = {
    "search": "#8fa3ad",
    "reading": "#d9a441",
    "dwelling": "#00527f",
    "waiting": "#b0413e",
    "correcting": "#5f4b8b",
}


def plot(systems: Sequence[System], title: str, path: Path) -> None:
    """Write a picture: words a minute with their intervals, and seconds a character by what they were spent on.

    Raises
    ------
    OSError
        The picture cannot be written.
    """
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    names = [f"{system.title}\n{system.dwell_s:.1f} s" for system in systems]
    figure, (left, right) = pyplot.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
    speed = FIGURES["wpm"]
    means = [system.mean(speed) for system in systems]
    halves = [mean - system.interval(speed)[0] for mean, system in zip(means, systems, strict=True)]
    bars = left.bar(names, means, yerr=halves, capsize=6, color="#00527f")
    left.bar_label(bars, labels=[f"{mean:.1f}" for mean in means], padding=6)
    left.set_ylabel("words a minute (95 % interval over seeds)")
    below = [0.0] * len(systems)
    for what in SPENT:
        seconds = [system.mean(per_character(what)) for system in systems]
        right.bar(names, seconds, bottom=below, label=what, color=COLORS[what])
        below = [b + s for b, s in zip(below, seconds, strict=True)]
    right.set_ylabel("seconds a character")
    right.legend(loc="upper left", frameon=False)
    for axes in (left, right):
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(title)
    figure.savefig(path, dpi=110)
    pyplot.close(figure)
