"""devices.gaze: reads recordings of gaze (CSV), the damaged ones too."""

from __future__ import annotations

import csv
import math
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from statistics import median
from typing import TextIO

from devices.samples import GazeSample, Point

LONGEST_LINE = 65_536
SEPARATORS = "\t;,"
EYES = ("left_x", "left_y", "right_x", "right_y")
NOWHERE: Point = (math.nan, math.nan)


class RecordingError(Exception):
    """A recording cannot be read; the message names the file (and line) and says why in plain words."""


@dataclass(slots=True)
class RecordingReport:
    """What was found in a recording.

    Parameters
    ----------
    path : str
        The file.
    rows : int
        Lines below the header that are not blank.
    samples : int
        Rows that became samples; the others are counted next.
    damaged, first_damaged_line : int
        Rows without a readable time, and the first such line of the file (0: none).
    backwards, duplicated : int
        Rows whose time is before, or equal to, that of the sample above them.
    without_gaze : int
        Samples without a place (blinks, eyes lost, unreadable cells).
    off_screen : int
        Samples more than half a screen away from the screen. Nearly all of them: the recording is
        probably in pixels or degrees, not in shares of the screen.
    gaps, longest_gap_s
        Holes in time (see `Cadence`), and the longest, in seconds.
    """

    path: str
    rows: int = 0
    samples: int = 0
    damaged: int = 0
    first_damaged_line: int = 0
    backwards: int = 0
    duplicated: int = 0
    without_gaze: int = 0
    off_screen: int = 0
    gaps: int = 0
    longest_gap_s: float = 0.0


@dataclass(frozen=True, slots=True)
class GazeRecording:
    """A recording in memory: `samples` with strictly increasing times, as in the file."""

    samples: tuple[GazeSample, ...]
    report: RecordingReport


class Cadence:
    """Tells a gap from a slow device: longer than a quarter of a second and than four usual intervals."""

    SHORTEST_GAP_S = 0.25
    FACTOR = 4.0

    def __init__(self) -> None:
        self._intervals: deque[float] = deque(maxlen=5)

    def gap(self, interval_s: float) -> float:
        """Take in the next interval; return the usual one (s) if this one is a gap, else 0."""
        usual = 0.0
        if interval_s > self.SHORTEST_GAP_S and self._intervals:
            usual = median(self._intervals)
            if interval_s <= self.FACTOR * usual:
                usual = 0.0
        self._intervals.append(interval_s)
        return usual


def read_gaze_csv(path: str | PathLike[str], tr: Callable[[str], str] = str) -> GazeRecording:
    """Read a whole recording. See `stream_gaze_csv`.

    Raises
    ------
    RecordingError
        As `stream_gaze_csv`.
    """
    report = RecordingReport(str(path))
    return GazeRecording(tuple(stream_gaze_csv(path, report, tr)), report)


def stream_gaze_csv(
    path: str | PathLike[str], report: RecordingReport, tr: Callable[[str], str] = str
) -> Generator[GazeSample, None, None]:
    """Read a recording sample by sample, however long it is.

    The first line names the columns, in any order and case: ``t`` (seconds, from any origin), ``x`` and
    ``y`` (shares of the screen, origin top left), and the same for each eye as ``left_x, left_y,
    right_x, right_y``. Without x and y the place is between the eyes, or that of the one eye that is
    there. Other columns are ignored. Cells are separated by commas, semicolons or tabs (with the last
    two, numbers may have a decimal comma).

    An empty or unreadable coordinate is "no gaze". A row without a readable time, or whose time does not
    come after that of the sample above it, is dropped and counted.

    Parameters
    ----------
    path : str or path
        The file.
    report : RecordingReport
        Kept up to date with the samples that have come.
    tr : callable
        Translates the sentences of errors.

    Raises
    ------
    RecordingError
        The file is not there, not text, empty, without the columns that are needed, or has not a single
        readable row.
    """
    name = str(path)
    try:
        if not Path(path).is_file():
            raise RecordingError(
                tr("{file}: there is no such recording. Choose another one in the settings.").format(
                    file=name
                )
            )
        with Path(path).open(encoding="utf-8-sig", errors="replace") as file:
            separator, columns = _header(file, name, tr)
            yield from _rows(file, separator, columns, report)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RecordingError(
            tr("{file}: the recording cannot be read ({reason}).").format(file=name, reason=reason)
        ) from error
    if report.samples == 0:
        if report.rows == 0:
            raise RecordingError(
                tr("{file}, line 2: the recording has a header but no rows.").format(file=name)
            )
        raise RecordingError(
            tr(
                "{file}, line {line}: no row of the recording can be read, from this one on. The time (column t) "
                "must be a number of seconds."
            ).format(file=name, line=report.first_damaged_line)
        )


def _header(file: TextIO, name: str, tr: Callable[[str], str]) -> tuple[str, dict[str, int]]:
    """Read the first line; return the separator and the place of each named column."""
    line = file.readline(LONGEST_LINE)
    if not line.strip():
        raise RecordingError(
            tr(
                "{file}, line 1: the recording is empty. Its first line must name the columns: t, x, y."
            ).format(file=name)
        )
    if "\0" in line or line.count("\ufffd") > 2 or len(line) == LONGEST_LINE:
        raise RecordingError(
            tr(
                "{file}, line 1: this is not a table in a text file (CSV), so it is not a gaze recording."
            ).format(file=name)
        )
    separator = max(SEPARATORS, key=line.count)
    columns: dict[str, int] = {}
    for place, title in enumerate(_cells(line, separator)):
        columns.setdefault(title.strip().lower(), place)
    one_pair = any({f"{eye}x", f"{eye}y"} <= columns.keys() for eye in ("", "left_", "right_"))
    if "t" not in columns or not one_pair:
        raise RecordingError(
            tr(
                "{file}, line 1: {missing} is missing. The first line must name the columns t, x and y (or left_x, "
                "left_y, right_x, right_y instead of x and y); here it says: {found}."
            ).format(
                file=name,
                missing=tr("the column t") if "t" not in columns else tr("a pair of columns x and y"),
                found=line.strip()[:80],
            )
        )
    return separator, columns


def _cells(line: str, separator: str) -> Sequence[str]:
    # Line by line, so that a stray quote spoils one row and not the rest of the file.
    if '"' not in line:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _rows(
    file: TextIO, separator: str, columns: dict[str, int], report: RecordingReport
) -> Iterator[GazeSample]:
    cadence = Cadence()
    decimal_comma = separator != ","
    t_at = columns["t"]
    places = [(columns.get(f"{eye}x"), columns.get(f"{eye}y")) for eye in ("", "left_", "right_")]
    direct, left_at, right_at = (None if x is None or y is None else (x, y) for x, y in places)
    last: float | None = None

    def number(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            if not (decimal_comma and "," in text):
                return math.nan
            try:
                value = float(text.replace(",", "."))
            except ValueError:
                return math.nan
        return value if math.isfinite(value) else math.nan

    def point(cells: Sequence[str], at: tuple[int, int]) -> Point:
        if at[0] >= len(cells) or at[1] >= len(cells):
            return NOWHERE
        x, y = number(cells[at[0]]), number(cells[at[1]])
        return NOWHERE if x != x or y != y else (x, y)

    for line_number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), ""), start=2):
        if line.isspace():
            continue
        report.rows += 1
        cells = _cells(line, separator)
        t = number(cells[t_at]) if t_at < len(cells) else math.nan
        if t != t:
            report.damaged += 1
            report.first_damaged_line = report.first_damaged_line or line_number
            continue
        if last is not None:
            if t <= last:
                if t == last:
                    report.duplicated += 1
                else:
                    report.backwards += 1
                continue
            if cadence.gap(t - last):
                report.gaps += 1
                report.longest_gap_s = max(report.longest_gap_s, t - last)
        last = t
        left = point(cells, left_at) if left_at else None
        right = point(cells, right_at) if right_at else None
        x, y = point(cells, direct) if direct else between(left, right)
        report.samples += 1
        if x != x:
            report.without_gaze += 1
        elif not (-0.5 <= x <= 1.5 and -0.5 <= y <= 1.5):
            report.off_screen += 1
        yield GazeSample(t, x, y, left, right)


def between(left: Point | None, right: Point | None) -> Point:
    """Return the place between the eyes, or that of the only one that sees."""
    seeing = [eye for eye in (left, right) if eye is not None and eye[0] == eye[0]]
    if len(seeing) == 2:
        # Halved before they are added, so that the sum of two huge numbers stays finite.
        return seeing[0][0] / 2 + seeing[1][0] / 2, seeing[0][1] / 2 + seeing[1][1] / 2
    return seeing[0] if seeing else NOWHERE
