"""assistive: one or two switches reach everything: what is offered now, for how long, and what a press takes."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from assistive.boards.board import Board, Target, Verb
from assistive.eeg.places import places
from assistive.eeg.prior import floors_of, prior_of
from assistive.fusion.prior import Choice, TargetPrior
from assistive.fusion.scanning import Scan, Scanner, scan_tree
from assistive.messages import ScanShown
from assistive.settings import ScanningSettings
from devices.samples import SwitchEvent
from models.language.messages import Proposals

FIRST = 1.5  # times a step: the eyes have to find the first of a group
BOUNCE_S = 0.15  # after a switch went down or up, another press of it is none
LOST_RELEASE_S = 1.0  # a switch that was let go unnoticed works again after so long a silence
NEW_S = 0.3  # what has just begun anew cannot be what a press was meant for
SECOND = "2"  # the switch that takes, where there are two


class Scanning:
    """Goes through what is on the board in time, by the mode of the settings. All times are seconds on the shared clock.

    Parameters
    ----------
    settings : ScanningSettings
    emit : callable
        Takes what is offered, whenever that changes.
    """

    def __init__(self, settings: ScanningSettings, emit: Callable[[ScanShown], None]) -> None:
        self.settings = settings
        self._emit = emit
        self._targets: tuple[Target, ...] = ()
        self._board = Board("", ())
        self._proposals: Proposals | None = None
        self._text = ""
        self._quiet = False
        self._scanner: Scanner | None = None
        self._before: Scanner | None = None  # the place before the last step, until something else happens
        self._since = -math.inf  # when what is offered was
        self._ready_at = -math.inf  # before this nothing can be taken
        self._shown: tuple[str, ...] = ()
        self._switch_at: dict[str, float] = {}
        self._down: set[str] = set()
        self._holding = ""  # the switch that moves on while it is held
        self._prior = TargetPrior()
        self._choice: Choice | None = None

    @property
    def on(self) -> bool:
        """Whether a press takes what is offered."""
        return self.settings.mode != "off"

    def use(self, settings: ScanningSettings) -> None:
        """Go on with these settings; the board has to be shown again."""
        if settings != self.settings:
            self.settings = settings
            self._targets, self._scanner = (), None

    def show(
        self, t: float, board: Board, proposals: Proposals | None, text: str, *, quiet: bool, held_back: bool
    ) -> None:
        """This is on the screen now; where it is another choice than before, scanning begins anew.

        Parameters
        ----------
        proposals : Proposals or None
            Those in the slots; None: empty slots.
        text : str
            What is written.
        quiet : bool
            Nothing is offered before a press asks for it: something else on the screen needs the eyes.
        held_back : bool
            Nothing is offered at all.
        """
        targets = () if held_back or not self.on else tuple(each for each in board.targets if each.choosable)
        same = _choices(targets) == _choices(self._targets)
        self._targets, self._board, self._proposals, self._text = targets, board, proposals, text
        if same and quiet == self._quiet and (targets or not self._shown):
            return
        self._quiet = quiet
        rests = self._scanner is not None and self._scanner.resting
        self._begin(t, resting=rests or quiet)

    def selected(self, target: Target) -> None:
        """`target` was chosen, in whatever way; the choice before it stands, or is undone by it."""
        if not self.on:
            return
        if self._choice is not None and target.action.verb is not Verb.UNDO:
            self._prior.learn(self._choice)
        self._choice = self._prior.choice(target)

    def begin_anew(self, t: float) -> None:
        """Something was chosen and has its effect on the screen."""
        if self._targets:
            self._begin(t, resting=self._quiet)

    def switched(self, event: SwitchEvent) -> Target | None:
        """A switch went down or up; return the target that is taken by it."""
        t, switch = event.t, event.switch
        silence = t - self._switch_at.get(switch, -math.inf)
        self._switch_at[switch] = t
        if not event.pressed:
            self._down.discard(switch)
            return self._released(t, switch)
        bounces = silence < (LOST_RELEASE_S if switch in self._down else BOUNCE_S)
        self._down.add(switch)
        if bounces or self._scanner is None:
            return None
        if self._scanner.resting:
            self._woken(t, switch)
            return None
        match self.settings.switches:
            case "one_automatic":
                return self._take(t)
            case "one_step":
                self._step(t)
            case "hold":
                self._holding = switch
                self._step(t)
            case "two" if switch == SECOND:
                return self._take(t)
            case "two":
                self._step(t)
        return None

    def tick(self, t: float) -> Target | None:
        """Time has passed; return the target that is taken by waiting."""
        at = self.deadline()
        if at is None or t < at:
            return None
        if self.settings.switches == "one_step":
            return self._take(t)
        self._step(t)
        return None

    def deadline(self) -> float | None:
        """When something happens without a press; None: never."""
        scanner, switches = self._scanner, self.settings.switches
        if scanner is None or not scanner.offered or switches == "two":
            return None
        if switches == "hold" and not self._holding:
            return None
        longer = FIRST if scanner.first and switches != "one_step" else 1.0
        return self._since + longer * self.settings.step_s

    def _made(self) -> Scanner:
        """The scanner of what is on the screen."""
        self._prior.show(self._board, self._proposals, self._text)
        place = places(self._targets)
        rows: dict[int, list[str]] = {}
        for target_id in sorted(place, key=lambda each: place[each]):
            rows.setdefault(place[target_id][0], []).append(target_id)
        prior, floors = prior_of(self._targets, self._prior.p), floors_of(self._targets)
        weighed = {name: max(p, floors.get(name, 0.0)) for name, p in prior.items()}
        scan = Scan(self.settings.mode)
        return Scanner(
            scan_tree(list(rows.values()), weighed, scan),
            most_rounds=int(self.settings.rounds),
            halves=scan is Scan.HUFFMAN,
            waits=self.settings.switches in ("one_step", "hold"),
        ).begun()

    def _begin(self, t: float, *, resting: bool) -> None:
        """Begin with what is on the screen: what was pressed for what was there before counts no more."""
        self._scanner = replace(self._made(), resting=resting) if self._targets else None
        self._holding = ""
        self._ready_at = t + NEW_S
        self._offer(t, None)

    def _offer(self, t: float, before: Scanner | None) -> None:
        self._since, self._before = t, before
        shown = self._scanner.shown if self._scanner is not None else ()
        if shown != self._shown:
            self._shown = shown
            self._emit(ScanShown(t, shown))

    def _step(self, t: float) -> None:
        scanner = self._scanner
        if scanner is not None and t >= self._ready_at:
            self._scanner = scanner.stepped()
            self._offer(t, scanner)
        else:
            self._holding = ""

    def _woken(self, t: float, switch: str) -> None:
        if self._scanner is not None:
            self._scanner = self._scanner.begun()
            if self._scanner.waits:
                self._scanner = self._scanner.stepped()
            self._offer(t, None)
            self._holding = switch if self.settings.switches == "hold" else ""

    def _released(self, t: float, switch: str) -> Target | None:
        if switch != self._holding:
            return None
        self._holding = ""
        return self._take(t)

    def _take(self, t: float) -> Target | None:
        """Take what was offered at time `t`: a press may be heard of only after the next was offered."""
        scanner = self._before if t < self._since and self._before is not None else self._scanner
        if scanner is None or t < self._ready_at:
            return None
        self._scanner, taken = scanner.taken()
        self._offer(max(t, self._since), None)
        return next((target for target in self._targets if target.id == taken), None)


def _choices(targets: tuple[Target, ...]) -> list[tuple[object, ...]]:
    return [(target.id, target.label, target.action, target.rect) for target in targets]
