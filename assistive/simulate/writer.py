"""assistive.simulate: how a person writes: looks for the slot or the key they need, chooses, notices, mends."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from assistive.boards.board import Target, TargetKind, Verb
from assistive.messages import Selection
from assistive.simulate.eye import Eye
from assistive.simulate.person import Person
from assistive.simulate.place import CORRECTING, Place
from assistive.simulate.target_text import TargetText, edit_distance

SHORTEST_FIXATION_S = 0.1
LONGEST_LOOK = 4.0  # dwell times that a person stares at a key before they try again
TRIES = 12  # selections that may go wrong in a row before the person gives the sentence up
SLOWEST_CHARACTER_S = 30.0  # a sentence that takes longer a character is given up
DEEPEST_MENDING = 3  # mistakes while mending mistakes while mending ...
EXPERIENCE = 0.15  # weight of the newest letter in what the person thinks a letter costs
FIRST_IMPRESSION = 8.0  # what the person first expects counts like so many slots that they have read

# What a person first expects of the slots, from left to right: the chance that one fits when those before it did
# not, and how many characters it then saves; a word, beside its own letters. They learn better soon.
EXPECTED = {"word": ((0.3, 0.14, 0.1, 0.08, 0.06), 1.0), "phrase": ((0.1, 0.06, 0.04), 9.0)}
TYPICAL_READING_S = {"word": 0.25, "phrase": 0.6}


@dataclass(slots=True)
class Counts:
    """What happened in the turns so far. `chars` are those of the sentences that were meant.

    `claims`: for each selection by a Bayesian dwell, how probable it was by its own account that it is wrong, and
    whether it was.
    """

    chars: int = 0
    selections: int = 0
    wrong: int = 0
    corrections: int = 0
    errors_left: int = 0
    seconds: float = 0.0
    turns: int = 0
    given_up: int = 0
    left_out: set[str] = field(default_factory=set)
    claims: list[tuple[float, bool]] = field(default_factory=list)


@dataclass(slots=True)
class _Expectation:
    """What the person has learned to expect of one slot in a situation."""

    p: float
    saved: float
    read: int = 0
    fitted: int = 0

    def learn(self, fits: bool, saved: int) -> None:
        """Take in that the slot was read, whether it fits, and how many characters it then saves."""
        self.read += 1
        self.p += (fits - self.p) / (FIRST_IMPRESSION + self.read)
        if fits:
            self.fitted += 1
            self.saved += (saved - self.saved) / (FIRST_IMPRESSION + self.fitted)


class Writer:
    """Writes sentences on a board by looking at it.

    A row is read from left to right, best first, as long as the next slot is worth it to one who has used
    them for a while: the characters that it can be expected to save take longer than reading it (see Koester and
    Levine 1996 on why list search eats the gain of prediction). What to expect is learned on the way.
    """

    def __init__(self, person: Person, place: Place, eye: Eye, chance: random.Random, *, slots: bool) -> None:
        self._person = person
        self._place = place
        self._eye = eye
        self._chance = chance
        self._slots = slots
        self._target = TargetText("")
        self._mending = 0
        self._letter_s = 2.0  # what a letter costs, learned
        self._expect: dict[tuple[str, int, int], _Expectation] = {}
        self.counts = Counts()

    # ------------------------------------------------------------ a turn

    def turn(self, partner: str, text: str) -> None:
        """Hear the partner, write `text` and have it spoken."""
        place, counts = self._place, self.counts
        self._eye.new_turn()
        place.partner_says(partner)
        place.pass_time(1.0)
        started, place.counting = place.now, True
        self._target = target = TargetText(text)
        patience_s = SLOWEST_CHARACTER_S * len(text)
        while not target.finished and place.now - started < patience_s:
            self._next()
        counts.given_up += not target.finished
        written = place.text.strip()
        self._say()
        place.counting = False
        counts.seconds += place.now - started
        counts.chars += len(text)
        counts.turns += 1
        counts.errors_left += edit_distance(written.lower(), text.lower())
        place.pass_time(1.0)

    def _next(self) -> None:
        if not (self._slots and self._target.word and self._read_slots(self._target)):
            self._write_character(self._target)

    # ------------------------------------------------------------ the slots

    def _read_slots(self, target: TargetText) -> bool:
        """Read what is worth it of both rows; True when something was chosen."""
        return self._read_row("phrase", target) or self._read_row("word", target)

    def _row(self, row: str) -> list[Target]:
        return [t for t in self._place.board.targets if t.id.startswith(f"{row}:")]

    def _read_row(self, row: str, target: TargetText) -> bool:
        """Read a row from left to right, as far as it is worth it; True when a selection was made."""
        if not self._worth_reading(row, 0, None, target):
            return False
        self._wait_for_slots(row)
        for place, slot in enumerate(t for t in self._row(row) if t.choosable):
            if not self._worth_reading(row, place, slot, target):
                return False
            after = target.after_phrase(slot.label)
            self._expected(row, place, target).learn(
                after is not None,
                0 if after is None else after - target.done - (target.word_left() if row == "word" else 0),
            )
            self._look(slot)
            with self._place.spending("reading"):
                selected = self._place.stare(self._reading_s(slot))
            if selected is not None:  # the look was so long that it chose
                self._chosen(selected, slot if after is not None else None, after)
                return True
            if after is not None and self._chance.random() >= self._person.choosing.overlook_share.value:
                self._choose(slot, after)
                return True
        return False

    def _worth_reading(self, row: str, place: int, slot: Target | None, target: TargetText) -> bool:
        """Whether what the slot at this place can be expected to save is worth the time of reading it."""
        if row == "phrase" and (len(target.partial) > 2 or not self._row(row)):
            return False
        expected = self._expected(row, place, target)
        word_left, left = target.word_left(), len(target.text) - target.done
        saved = min(left, expected.saved + (word_left if row == "word" else 0))
        reading_s = TYPICAL_READING_S[row] if slot is None else self._reading_s(slot, typical=True)
        longer_s = 0.0 if slot is None else self._dwell_s(slot) - self._place.letter_s
        return word_left > 0 and expected.p * ((saved - 1) * self._letter_s - longer_s) > reading_s

    def _expected(self, row: str, place: int, target: TargetText) -> _Expectation:
        situation = min(len(target.partial), 3) if target.done else -1
        first, saved = EXPECTED[row]
        return self._expect.setdefault(
            (row, situation, place), _Expectation(first[min(place, len(first) - 1)], saved)
        )

    def _wait_for_slots(self, row: str) -> None:
        end = self._place.now + self._person.looking.wait_for_slots_s.value
        with self._place.spending("waiting"):
            while self._place.now < end and not any(t.choosable for t in self._row(row)):
                self._place.pass_time(0.05)

    # ------------------------------------------------------------ letters

    def _write_character(self, target: TargetText) -> None:
        started, before = self._place.now, target.done
        character = target.next_character
        key = self._key(character)
        if key is None:
            self._open(character)
            return
        self._search()
        self._look(key)
        self._choose(key, target.after_character())
        if target.done > before:
            self._letter_s += EXPERIENCE * (self._place.now - started - self._letter_s)

    def _key(self, character: str) -> Target | None:
        return self._find(lambda t: t.action.verb is Verb.WRITE and t.action.argument.lower() == character)

    def _open(self, character: str) -> None:
        """Go one step towards the page that has this character."""
        wanted = "numbers" if character.isdigit() else "punctuation"
        for page in (wanted, "more") if self._place.board.page == "letters" else (wanted,):
            opener = self._find(_opens(page))
            if opener is not None:
                self._search()
                self._look(opener)
                self._choose(opener)
                return
        self._leave_page()

    def _search(self) -> None:
        """Find a key whose place is known: the eye passes over other keys on its way."""
        looking = self._person.looking
        left = self._lognormal(looking.search_letter_s.value, looking.search_log_sd.value)
        keys = [t for t in self._place.board.targets if t.choosable]
        with self._place.spending("search"):
            while left > 0 and keys:
                passing = self._chance.choice(keys)
                left -= self._eye.aim(*passing.rect.center)
                more = max(looking.passing_s.value - SHORTEST_FIXATION_S, 0.001)
                fixation = min(left, SHORTEST_FIXATION_S + self._chance.expovariate(1.0 / more))
                if fixation <= 0:
                    return
                left -= fixation
                selected = self._place.stare(fixation)
                if selected is not None:
                    self._chosen(selected)
                    return

    # ------------------------------------------------------------ choosing and mending

    def _choose(self, wanted: Target, after: int | None = None) -> bool:
        """Stay on a target until it is chosen; True when it was."""
        with self._place.spending("dwelling"):
            if self._person.choosing.by == "switch":
                self._place.stare(self._lognormal(self._person.choosing.press_s.value, 0.3))
                selected = self._place.press()
            else:
                selected = self._place.stare(LONGEST_LOOK * self._dwell_s(wanted))
        if selected is None:  # the eye was not where the person thinks: aim again
            self._eye.compensate(self._person.choosing.compensate_share.value)
            self._look(wanted)
            return False
        return self._chosen(selected, wanted, after)

    def _chosen(self, selected: Selection, wanted: Target | None = None, after: int | None = None) -> bool:
        """Take in what was chosen; mend it when it is wrong and noticed. True when it was right."""
        counts = self.counts
        if self._place.counting and selected.action.verb is not Verb.SPEAK:
            counts.selections += 1
        claim = self._place.claim
        right = wanted is not None and (selected.target_id, selected.label) == (wanted.id, wanted.label)
        if claim is not None:
            counts.claims.append((claim, not right))
        if right:
            if after is not None:
                self._target.done = after
            with self._place.spending("search"):
                self._pause(self._person.choosing.feedback_s.value)
            return True
        counts.wrong += 1
        if wanted is not None:
            self._eye.compensate(self._person.choosing.compensate_share.value)
        obvious = selected.action.verb not in (Verb.WRITE, Verb.WORD, Verb.DELETE_LETTER, Verb.DELETE_WORD)
        if obvious or self._chance.random() < self._person.choosing.notice_share.value:
            self._mend(selected)
        elif after is not None:
            self._target.done = after  # they believe that the right key was chosen
        return False

    def _mend(self, selected: Selection) -> None:
        """Take back what was chosen by mistake, and see where the sentence stands."""
        if self._mending >= DEEPEST_MENDING:
            return
        self._mending += 1
        with self._place.spending(CORRECTING):
            self._pause(self._person.choosing.notice_s.value)
            verb = selected.action.verb
            undo = {Verb.HELP: Verb.HELP_BACK, Verb.REST: Verb.WAKE}.get(verb, Verb.UNDO)
            if verb is Verb.SETTING:  # mute, the other language: the same place sets it back
                self._until_chosen(lambda t: t.id == selected.target_id)
            if verb in (Verb.OPEN, Verb.DISMISS, Verb.SETTING):
                self._leave_page()
            elif verb not in (
                Verb.SAY,
                Verb.CHIME,
                Verb.STOP,
                Verb.REPEAT,
                Verb.UNDO,
                Verb.WAKE,
                Verb.HELP_BACK,
            ):
                self.counts.corrections += 1
                self._until_chosen(lambda t: t.action.verb is undo)
        self._mending -= 1
        self._target.resume_from(self._place.text)

    def _leave_page(self) -> None:
        """Back to the letters."""
        for _ in range(TRIES):
            if self._place.board.page == "letters":
                return
            self._until_chosen(lambda t: t.id == "fn:back" or t.action.verb is Verb.WAKE, tries=1)

    def _until_chosen(self, wanted: Callable[[Target], bool], tries: int = TRIES) -> None:
        """Look for a target and choose it; whatever goes wrong on the way is mended the same way."""
        for _ in range(tries):
            key = self._find(wanted)
            if key is None:
                return
            self._search()
            key = self._find(wanted)
            if key is None:
                return
            self._look(key)
            if self._choose(key):
                return

    def _say(self) -> None:
        self._until_chosen(lambda t: t.action.verb is Verb.SPEAK)

    # ------------------------------------------------------------ time

    def _look(self, target: Target) -> None:
        """Move the eye to a target."""
        with self._place.spending("search"):
            self._pause(self._eye.aim(*target.rect.center))

    def _pause(self, seconds: float) -> None:
        """Let the eye rest where it is; what the look chooses meanwhile counts."""
        selected = self._place.stare(seconds * self._tired())
        if selected is not None:
            self._chosen(selected)

    def _reading_s(self, slot: Target, *, typical: bool = False) -> float:
        looking = self._person.looking
        if slot.kind is TargetKind.PHRASE:
            median = looking.read_phrase_s.value + looking.read_phrase_word_s.value * len(slot.label.split())
        else:
            median = looking.read_word_s.value + looking.read_letter_s.value * len(slot.label)
        return median if typical else self._lognormal(median, looking.read_log_sd.value)

    def _lognormal(self, median: float, log_sd: float) -> float:
        seconds = median * math.exp(self._chance.gauss(0.0, log_sd))
        if self._chance.random() < self._person.looking.long_share.value:
            seconds *= self._person.looking.long_factor.value * self._chance.paretovariate(2.0)
        return seconds * self._tired()

    def _tired(self) -> float:
        return 1.0 + self._person.choosing.fatigue_per_hour.value * self.counts.seconds / 3600.0

    def _dwell_s(self, target: Target) -> float:
        return self._place.dwell_s(target)

    def _find(self, wanted: Callable[[Target], bool]) -> Target | None:
        return next((t for t in self._place.board.targets if t.choosable and wanted(t)), None)


def _opens(page: str) -> Callable[[Target], bool]:
    return lambda target: target.action.verb is Verb.OPEN and target.action.argument == page
