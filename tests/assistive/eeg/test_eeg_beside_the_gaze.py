"""Gaze and EEG together: both count, either may be missing, and each as much as it has proved to be worth."""

from __future__ import annotations

import math
import random

import pytest
from attending import ON, Attending

from assistive.boards.board import Target
from assistive.eeg.messages import FlashScored, ShowFlashes
from assistive.fusion.hybrid import Reliability

TRACKER = ON.changed("input.gaze", "lsl")
NOWHERE = (math.nan, math.nan)


class Looking(Attending):
    """Somebody who looks at what they wait for, as well as the tracker tells."""

    sd = (0.04, 0.04)
    sees = True
    off = 0.0

    def wait(self, seconds: float) -> Attending:
        """Let time pass in steps of a tenth of a second, each with a sample."""
        chance = random.Random(len(self.said))
        end = self.t + seconds
        while self.t < end - 1e-9:
            target = self.board.target(self.wants)
            if target is not None and self.sees:
                self.eeg.looked(self.t, self._place(target, chance), self.sd)
            else:
                self.eeg.looked(self.t, NOWHERE, self.sd)
            super().wait(min(0.1, end - self.t))
        return self

    def _place(self, target: Target, chance: random.Random) -> tuple[float, float]:
        x, y = target.rect.center
        return x + self.off + chance.gauss(0.0, self.sd[0]), y + chance.gauss(0.0, self.sd[1])


def seconds_for(person: Attending, letters: str) -> float:
    """How long it takes to write some letters, all of them right."""
    person.eeg.start(person.t)
    begin = person.t
    for letter in letters:
        assert person.until_chosen(f"letter:{letter}") == f"letter:{letter}"
    return person.t - begin


def test_with_the_gaze_it_is_quicker() -> None:
    eeg, both = Attending(seed=3, separation=1.5), Looking(TRACKER, seed=3, separation=1.5)
    assert seconds_for(both, "water") < 0.8 * seconds_for(eeg, "water")


def test_when_the_eyes_are_lost_the_eeg_goes_on_alone() -> None:
    person = Looking(TRACKER, seed=4)
    seconds_for(person, "wa")
    person.sees = False
    seconds_for(person, "ter")


def test_a_look_alone_chooses_nothing_nor_with_the_first_flash_however_sharp_it_is() -> None:
    person = Looking(TRACKER, seed=5)
    person.window_works = False
    person.eeg.start(person.t)
    person.wants = "letter:g"
    person.wait(4.0)
    (plan,) = person.of(ShowFlashes)
    flashed = [index for index, flash in enumerate(plan.flashes) if flash]
    for index in sorted(flashed, key=lambda i: "letter:g" not in plan.flashes[i]):
        assert not person.chosen
        person.eeg.looked(person.t, person.board.target("letter:g").rect.center, (0.01, 0.01))  # type: ignore[union-attr]
        person._take(
            FlashScored(person.t, plan.number, index, 1.0 if "letter:g" in plan.flashes[index] else 0.0)
        )
    assert [chosen.target.id for chosen in person.chosen] == ["letter:g"]


def test_a_resting_mouse_is_no_look() -> None:
    person, alone = Looking(ON, seed=6), Attending(seed=6)
    person.off = 0.3
    for one in (person, alone):
        one.eeg.start(one.t)
        one.until_chosen("letter:g")
    assert person.chosen[0].posterior == alone.chosen[0].posterior


def test_a_tracker_that_errs_fades_and_the_person_still_writes() -> None:
    person = Looking(TRACKER, seed=7, separation=2.2)
    person.sd, person.off = (0.03, 0.03), 0.12
    person.eeg.start(person.t)
    right = []
    for n in range(40):
        letter = "etaoinshrd"[n % 10]
        right.append(person.until_chosen(f"letter:{letter}") == f"letter:{letter}")
        if not right[-1]:
            person.eeg.selected(person.t, person.board.target("undo"), by_eeg=False)  # type: ignore[arg-type]
    assert sum(right[20:]) >= 18
    gaze, eeg = Reliability(), Reliability()
    for worth, known in zip((gaze, eeg), person.eeg.kept(person.t)["beliefs"]["worth"], strict=True):
        worth.restore(known)
    assert gaze.weight < 0.5 < 0.9 < eeg.weight


@pytest.mark.parametrize("sd", [(0.0, 0.0), (math.nan, 0.1), (math.inf, 0.1), (-1.0, 0.1)])
def test_a_look_of_unknown_error_says_nothing(sd: tuple[float, float]) -> None:
    person = Looking(TRACKER, seed=8)
    person.sd = sd
    person._place = lambda target, chance: target.rect.center  # type: ignore[method-assign]
    assert seconds_for(person, "w") > 0.0
