"""assistive.boards: what the person can do for choosing by EEG, and how it stands with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from assistive.boards.board import Action, Rect, Target, TargetKind, Verb
from assistive.boards.cells import Cell
from assistive.consents import FLASHING
from assistive.eeg.calibration_words import verdict_word
from assistive.eeg.messages import ElectrodeSignal
from assistive.eeg.state import EegState
from assistive.settings import Settings
from models.erp.signal_level import SignalLevel

EEG = "eeg"
CONSENT = "eeg/consent"
SIGNAL = "eeg/signal"

Translate = Callable[[str], str]


def eeg_cells(settings: Settings, state: EegState, tr: Translate) -> list[Cell]:
    """Return the cells of the page. What cannot be done now leaves its place empty.

    Whatever flashes asks for the person's consent first.
    """
    eeg = settings.eeg
    wanted = eeg.source != "off"
    return [
        _cell(
            "source",
            tr("switch EEG off") if wanted else tr("switch EEG on"),
            Action(Verb.SETTING, f"eeg.source={'off' if wanted else 'lsl'}"),
            _amplifier(state, tr) if wanted else "",
        ),
        _running(settings, state, tr) if wanted else _nothing("run"),
        _cell(
            "calibrate",
            tr("calibrate EEG"),
            _with_consent(settings, "calibrate"),
            verdict_word(state.verdict, tr),
        )
        if wanted
        else _nothing("calibrate"),
        _cell("signal", tr("electrodes"), Action(Verb.OPEN, SIGNAL), signal_words(state.electrodes, tr))
        if wanted
        else _nothing("signal"),
        _cell(
            "strength",
            tr("flash gently") if eeg.strength == "clear" else tr("flash clearly"),
            Action(Verb.SETTING, f"eeg.strength={'gentle' if eeg.strength == 'clear' else 'clear'}"),
            tr("now: clearly") if eeg.strength == "clear" else tr("now: gently"),
        ),
        _toggle("confirm", "eeg.confirm_speech", settings, tr("ask before speaking"), tr("do not ask"), tr),
        _toggle("offers", "eeg.undo_offers", settings, tr("offer to take back"), tr("offer nothing"), tr),
        _cell("consent", tr("nothing may flash"), Action(Verb.SETTING, f"{FLASHING}=false"))
        if eeg.flashing
        else _cell("consent", tr("keys may flash"), Action(Verb.OPEN, CONSENT)),
    ]


def signal_words(electrodes: Sequence[ElectrodeSignal], tr: Translate) -> str:
    """Return how many electrodes are good, in one line."""
    if not electrodes:
        return tr("no signal yet")
    count = Counter(electrode.level for electrode in electrodes)
    good, every = count[SignalLevel.GOOD], len(electrodes)
    return tr("{good} of {every} good").format(good=good, every=every)


def undo_offer(rect: Rect, gap_x: float, offer: tuple[str, ...], tr: Translate) -> list[Target]:
    """Return the keys that stand on the board while the EEG says that the latest choice was wrong.

    Parameters
    ----------
    rect : Rect
        The place for both.
    gap_x : float
        Between them, a share of the window's width.
    offer : tuple of str
        What was chosen, and what may have been meant instead: see `EegState.offer`.
    """
    chosen, *instead = offer
    label, note = tr("take back?"), f"“{chosen}”"
    if not instead:
        return [_offered("undo", label, note, rect, Action(Verb.UNDO))]
    w = (rect.w - gap_x) / 2
    left, right = Rect(rect.x, rect.y, w, rect.h), Rect(rect.x + w + gap_x, rect.y, w, rect.h)
    return [
        _offered("undo", label, note, left, Action(Verb.UNDO)),
        _offered("instead", tr("meant?"), f"“{instead[0]}”", right, Action(Verb.EEG, "instead")),
    ]


def _offered(name: str, label: str, note: str, rect: Rect, action: Action) -> Target:
    return Target(f"offer:{name}", TargetKind.NOTICE, label, rect, action, f"{label} {note}", note)


def _running(settings: Settings, state: EegState, tr: Translate) -> Cell:
    if state.running:
        return _cell("run", tr("stop"), Action(Verb.EEG, "stop"), state.sentence)
    return _cell("run", tr("start"), _with_consent(settings, "start"), state.sentence)


def _with_consent(settings: Settings, what: str) -> Action:
    return Action(Verb.EEG, what) if settings.eeg.flashing else Action(Verb.OPEN, CONSENT)


def _amplifier(state: EegState, tr: Translate) -> str:
    heard = tr("the amplifier sends") if state.on else tr("nothing comes in")
    return f"{heard}; {state.onset}" if state.on and state.onset else heard


def _toggle(name: str, path: str, settings: Settings, do: str, leave: str, tr: Translate) -> Cell:
    on = bool(settings.value(path))
    action = Action(Verb.SETTING, f"{path}={'false' if on else 'true'}")
    return _cell(name, leave if on else do, action, tr("now: on") if on else tr("now: off"))


def _cell(name: str, label: str, action: Action, note: str = "") -> Cell:
    spoken = f"{label}. {note}" if note else label
    return Cell(f"eeg:{name}", TargetKind.FUNCTION, label, action, spoken, note)


def _nothing(name: str) -> Cell:
    """The place of what cannot be done now."""
    return Cell(f"eeg:{name}", TargetKind.FUNCTION, "", Action(Verb.EEG))
