"""assistive.recording: does a recording again, in virtual time, and says where it comes out otherwise."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistive.boards.layout import Layout, LayoutError, load_layout
from assistive.engine import Engine
from assistive.i18n import translator
from assistive.messages import Incoming, JournalEntry, Outgoing, TextShown, Utterance
from assistive.recording.format import (
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

COMPARED = ("selection", "said", "text")

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Selection:
    """One selection of the replay, or one turn of the partner (`kind` "partner").

    Parameters
    ----------
    number : int
        1, 2, 3, ... from the beginning of the recording.
    at_s : float
        Seconds since then.
    kind : str
        As in the journal: "edit", "undo", "speak", "say", "page", "choice", "partner".
    data : dict
        The journal's payload.
    text : str
        What is written after it.
    """

    number: int
    at_s: float
    kind: str
    data: dict[str, Any]
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
    selections : tuple of Selection
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
    selections: tuple[Selection, ...]
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
    """An engine in virtual time, and what came of it beside what was recorded.

    Of the three things that are compared each is a list of (the selection it belongs to, in words).
    """

    def __init__(
        self, path: Path, header: Header, layout_for: Callable[[str], Layout], tr: Translate
    ) -> None:
        self._path = path
        self._header = header
        self._layout_for = layout_for
        self._tr = tr
        self._t = header.t
        self._selections: list[Selection] = []
        self._utterances: list[str] = []
        self._recorded: dict[str, list[tuple[int, str]]] = {kind: [] for kind in COMPARED}
        self._replayed: dict[str, list[tuple[int, str]]] = {kind: [] for kind in COMPARED}
        self._before_last = dict.fromkeys(COMPARED, 0)
        self._out: list[Outgoing] = []
        self._engine = self._begun()
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
            tuple(self._selections),
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
        except (ValueError, TypeError, AttributeError) as error:
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
            case JournalEntry():
                before = self._recorded["selection"]
                before.append((len(before) + 1, in_words(line.kind, line.data)))
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
                case JournalEntry():
                    number = len(self._selections) + 1
                    self._replayed["selection"].append((number, in_words(message.kind, message.data)))
                    at_s = message.t - self._header.t
                    text = self._engine.document.text
                    self._selections.append(Selection(number, at_s, message.kind, message.data, text))
                case Utterance():
                    self._utterances.append(message.text)
                    self._add(self._replayed, "said", message.text)
                case TextShown():
                    self._add(self._replayed, "text", "".join(span.text for span in message.spans))
        self._out.clear()

    def _add(self, where: dict[str, list[tuple[int, str]]], kind: str, text: str) -> None:
        list_ = where[kind]
        # The same text is shown again when the partner speaks or a word is heard.
        if kind == "said" or not list_ or list_[-1][1] != text:
            list_.append((len(where["selection"]), text))

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
    """Return a selection on one line: what it was, what it did to the text, the page that it led to."""
    signs = [kind]
    if data.get("removed"):
        signs.append(f"-{_quoted(data['removed'])}")
    if data.get("inserted"):
        signs.append(f"+{_quoted(data['inserted'])}")
    if data.get("proposed"):
        signs.append("(proposed)")
    if "text" in data:
        signs.append(_quoted(data["text"]))
    return " ".join([*signs, f"[{data.get('page', '')}]"])


def _quoted(text: object) -> str:
    return json.dumps(str(text), ensure_ascii=False)
