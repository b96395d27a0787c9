"""assistive.boards: what the person can do to the proposals, and what is in force and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import get_args

from assistive.boards.board import Action, TargetKind, Verb
from assistive.boards.cells import Cell
from assistive.settings import ModelSettings, Settings, listed

STEERING = "steering"
LONGEST_SHOWN = 40  # characters of a line that is kept in view
NAMED_WORDS = 4  # of those that the proposals lean to

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SteeringShown:
    """What of the text and the conversation the page speaks of.

    Attributes
    ----------
    last_word : str
        The last word that is finished, "" where there is none.
    last_line : str
        What the partner said last, "" where nothing.
    pinned : tuple of str
        The lines that are kept in view.
    leaning : tuple of str
        The words that are proposed sooner because of what was chosen lately, the strongest first.
    """

    last_word: str = ""
    last_line: str = ""
    pinned: tuple[str, ...] = ()
    leaning: tuple[str, ...] = ()


def steering_cells(settings: Settings, shown: SteeringShown, tr: Translate) -> list[Cell]:
    """Return the cells of the page: first what can be done, then what is in force, each to be taken back.

    What can be done stands at the same place whether or not it can be done now.
    """
    cells = [_tone(settings, tr)]
    banned = listed(settings.model.banned)
    if shown.last_word and shown.last_word.casefold() not in {word.casefold() for word in banned}:
        cells.append(_cell("ban", tr("never propose “{word}”"), "ban", shown.last_word, word=shown.last_word))
    else:
        cells.append(_nothing("ban"))
    topics = listed(settings.model.topics)
    if shown.last_word and shown.last_word not in topics:
        cells.append(
            _cell("topic", tr("talk about “{word}”"), "topic", shown.last_word, word=shown.last_word)
        )
    else:
        cells.append(_nothing("topic"))
    if shown.last_line and shown.last_line not in shown.pinned:
        cells.append(_cell("pin", tr("keep in view: {line}"), "pin", shown.last_line, line=shown.last_line))
    else:
        cells.append(_nothing("pin"))
    for line in shown.pinned:
        cells.append(_cell(f"unpin:{line}", tr("no longer in view: {line}"), "unpin", line, line=line))
    for word in banned:
        cells.append(_cell(f"allow:{word}", tr("propose “{word}” again"), "allow", word, word=word))
    for word in topics:
        cells.append(_cell(f"off:{word}", tr("no longer about “{word}”"), "off", word, word=word))
    if shown.leaning:
        words = ", ".join(shown.leaning[:NAMED_WORDS])
        cells.append(_cell("forget", tr("forget what I chose lately: {words}"), "forget", "", words=words))
    return cells


def _tone(settings: Settings, tr: Translate) -> Cell:
    """The tone of now; choosing it leads to the next."""
    tones = get_args(ModelSettings.model_fields["tone"].annotation)
    following = tones[(tones.index(settings.model.tone) + 1) % len(tones)]
    label = tr("tone: {tone}").format(tone=tone_names(tr)[settings.model.tone])
    return Cell("steer:tone", TargetKind.FUNCTION, label, Action(Verb.SETTING, f"model.tone={following}"))


def tone_names(tr: Translate) -> dict[str, str]:
    """What each tone is called."""
    return {
        "neutral": tr("neutral"),
        "warm": tr("warm"),
        "formal": tr("formal"),
        "urgent": tr("urgent"),
        "playful": tr("playful"),
    }


def _cell(name: str, label: str, what: str, argument: str, **shown: str) -> Cell:
    short = {key: _short(text) for key, text in shown.items()}
    action = Action(Verb.STEER, f"{what} {argument}".strip())
    return Cell(f"steer:{name}", TargetKind.FUNCTION, label.format(**short), action, label.format(**shown))


def _nothing(name: str) -> Cell:
    """The place of what cannot be done now."""
    return Cell(f"steer:{name}", TargetKind.FUNCTION, "", Action(Verb.STEER))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1].rstrip() + "…"
