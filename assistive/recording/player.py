"""assistive.recording: does a recording again, in virtual time, and says where it comes out otherwise."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistive.boards.layout import Layout, LayoutError, load_layout
from assistive.engine import Engine
from assistive.i18n import translator
from assistive.messages import Incoming, JournalEntry, Outgoing, Selection, TextShown, Utterance
from assistive.recording.format import (
    NOT_OURS,
    End,
    Header,
    Line,
    RecordingError,
    Said,
    Shown,
    fingerprint,
    read_recording,
)
from assistive.recording.moment import put_back
from assistive.text.history import restore

Translate = Callable[[str], str]

COMPARED = ("selection", "entry", "said", "text")

# By kind: what came, in words, each with the number of the selection that it follows from.
Compared = dict[str, list[tuple[int, str]]]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One selection of the replay.

    Parameters
    ----------
    number : int
        1, 2, 3, ... from the beginning of the recording.
    at_s : float
        Seconds since then.
    label : str
        What the target showed.
    verb, argument : str
        What choosing it does (see `assistive.boards.board.Action`).
    text : str
        What is written after it.
    """

    number: int
    at_s: float
    label: str
    verb: str
    argument: str
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the replay leaves the recording.

    `selection` is the number of the recorded selection (0: before the first); `recorded` and `replayed` say
    what came, "" for nothing.
    """

    selection: int
    recorded: str
    replayed: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of a recording.

    Parameters
    ----------
    text : str
        What is written at the end.
    selections : tuple of Step
    utterances : tuple of str
        What the voice was asked to say, calls for help included.
    seconds : float
        How long the recording is.
    complete : bool
        Whether the recording was ended; else Sayso or the computer stopped in the middle of it.
    first_difference : Difference, optional
        None: the replay is the same as what was recorded.
    """

    text: str
    selections: tuple[Step, ...]
    utterances: tuple[str, ...]
    seconds: float
    complete: bool
    first_difference: Difference | None


def replay(path: Path, *, layout_for: Callable[[str], Layout] = load_layout, tr: Translate = str) -> Replayed:
    """Give an engine everything that was recorded and compare what it does.

    The times of selections are not compared: a recording holds its answers (of the disk, of the language
    model) at the times at which they came.

    Parameters
    ----------
    path : Path
    layout_for : callable
        Gives the layout of a language.
    tr : callable
        Translates the words of errors.

    Raises
    ------
    RecordingError
        The file is not there, no recording, damaged, of another format, from a newer Sayso, or of another
        layout.
    """
    header, lines = read_recording(path, tr)
    return _Replay(path, header, layout_for, tr).all(lines)


class _Replay:
    """An engine in virtual time, and what came of it beside what was recorded."""

    def __init__(
        self, path: Path, header: Header, layout_for: Callable[[str], Layout], tr: Translate
    ) -> None:
        self._path = path
        self._header = header
        self._layout_for = layout_for
        self._tr = tr
        self._t = header.t
        self._steps: list[Step] = []
        self._utterances: list[str] = []
        self._recorded: Compared = {kind: [] for kind in COMPARED}
        self._replayed: Compared = {kind: [] for kind in COMPARED}
        self._before_last = dict.fromkeys(COMPARED, 0)
        self._out: list[Outgoing] = []
        self._engine = self._begun()
        self._text = self._engine.document.text
        self._collect()

    def all(self, lines: Iterator[Line]) -> Replayed:
        """Go through the recording."""
        complete = False
        for line in lines:
            if isinstance(line, End):
                complete = True
                break
            self._line(line)
        return Replayed(
            self._engine.document.text,
            tuple(self._steps),
            tuple(self._utterances),
            max(0.0, self._t - self._header.t),
            complete,
            self._first_difference(),
        )

    def _begun(self) -> Engine:
        header = self._header
        damaged = self._tr("{file}: the state at the beginning of this recording is damaged.")
        restored = restore([header.state])
        if restored.document.text != header.state.data.get("text"):
            raise RecordingError(damaged.format(file=self._path))
        engine = Engine(header.settings, restored, self._same_layout, translator, self._out.append)
        try:
            if header.moment is None:
                engine.start(header.t)
            else:
                put_back(engine, header.moment)
        except NOT_OURS as error:
            raise RecordingError(damaged.format(file=self._path)) from error
        return engine

    def _same_layout(self, language: str) -> Layout:
        try:
            layout = self._layout_for(language)
        except LayoutError as error:
            raise RecordingError(f"{self._path}: {error}") from error
        if (self._header.layouts or {}).get(language) != fingerprint(layout):
            raise RecordingError(
                self._tr(
                    "{file}: this recording was made on another layout ({language}): its keys are not the ones of now."
                ).format(file=self._path, language=language)
            )
        return layout

    def _line(self, line: Line) -> None:
        match line:
            case Selection():
                self._count(self._recorded, line)
            case JournalEntry():
                self._add(self._recorded, "entry", in_words(line.kind, line.data))
            case Said(text):
                self._add(self._recorded, "said", text)
            case Shown(text):
                self._add(self._recorded, "text", text)
            case End():
                pass
            case message:
                self._before_last = {kind: len(self._replayed[kind]) for kind in COMPARED}
                self._t = max(self._t, message.t)
                self._handle(message)
                self._collect()

    def _handle(self, message: Incoming) -> None:
        try:
            self._engine.handle(message)
        except RecordingError:
            raise
        except Exception:
            # As when it was recorded: what the engine cannot handle does not keep it from the next message.
            _log.debug("the engine could not handle a recorded message", exc_info=True)

    def _collect(self) -> None:
        for message in self._out:
            match message:
                case Selection():
                    self._count(self._replayed, message)
                    self._steps.append(self._step(message))
                case JournalEntry():
                    self._add(self._replayed, "entry", in_words(message.kind, message.data))
                case Utterance():
                    self._utterances.append(message.text)
                    self._add(self._replayed, "said", message.text)
                case TextShown():
                    self._text = "".join(span.text for span in message.spans)
                    self._add(self._replayed, "text", self._text)
                    if self._steps:
                        self._steps[-1] = replace(self._steps[-1], text=self._text)
        self._out.clear()

    def _step(self, chosen: Selection) -> Step:
        action, at_s = chosen.action, chosen.t - self._header.t
        number = len(self._steps) + 1
        return Step(number, at_s, chosen.label, action.verb.value, action.argument, self._text)

    @staticmethod
    def _count(where: Compared, chosen: Selection) -> None:
        action = chosen.action
        words = f"{action.verb.value} {_quoted(action.argument)}" if action.argument else action.verb.value
        where["selection"].append((len(where["selection"]) + 1, words))

    @staticmethod
    def _add(where: Compared, kind: str, text: str) -> None:
        there = where[kind]
        # The same text is shown again when the partner speaks or a word is heard.
        if kind != "text" or not there or there[-1][1] != text:
            there.append((len(where["selection"]), text))

    def _first_difference(self) -> Difference | None:
        differences = [d for kind in COMPARED if (d := self._difference(kind)) is not None]
        return min(differences, key=lambda difference: difference.selection, default=None)

    def _difference(self, kind: str) -> Difference | None:
        recorded, replayed = self._recorded[kind], self._replayed[kind]
        for (number, was), (_, now) in zip(recorded, replayed, strict=False):
            if was != now:
                return Difference(number, was, now)
        if len(recorded) > len(replayed):
            number, was = recorded[len(replayed)]
            return Difference(number, was, "")
        # What the last message brought about may not have been recorded any more.
        if len(recorded) < self._before_last[kind]:
            number, now = replayed[len(recorded)]
            return Difference(number, "", now)
        return None


def in_words(kind: str, data: dict[str, Any]) -> str:
    """Return a journal entry on one line: what it was, what it did to the text, the page that it led to."""
    signs = [kind]
    if data.get("removed"):
        signs.append(f"-{_quoted(data['removed'])}")
    if data.get("inserted"):
        signs.append(f"+{_quoted(data['inserted'])}")
    if data.get("proposed"):
        signs.append("(proposed)")
    shown = ("removed", "inserted", "proposed", "page")
    signs += [f"{name} {_quoted(value)}" for name, value in data.items() if name not in shown]
    return " ".join([*signs, f"[{data.get('page', '')}]"])


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)
