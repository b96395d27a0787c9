"""assistive.fusion: how likely each target is to be chosen next, from what was proposed and what this person does.

A word that is shown can be chosen from its slot or spelled: what goes to the slot is taken from its first letter, so
that all targets together have a probability of one. How often proposals are taken, and the keys that are no letters of
a word, are counted as the person writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistive.boards.board import Board, Target, TargetKind, Verb
from assistive.text.compose import partial_word
from models.language.messages import Proposals

LEAST = 1e-6
LEFT_THOUGH_MEANT = 0.15  # of looks at the target that is meant: they end without choosing it
SURE = 20.0  # selections that the first guesses count for
SURE_SLOT = 5.0  # the same, for each slot, in proposals that fitted
MEMORY = 500.0  # selections after which older ones fade

# Shares of what is proposed that are taken where they fit, and of selections that are no letter of a word.
FIRST_TAKEN = {"word": 0.8, "phrase": 0.6}
FIRST_OTHER = {"begin": 0.15, "inside": 0.05}
OVERLOOKED = 0.1  # of what a letter would be if no slot had its word
MOST_OTHER = 0.95
ODD_KEY = 0.5  # selections that a key which is no letter counts for before it was ever chosen
END = " "  # of a word, among the letters that may come next


def is_weighed(target: Target) -> bool:
    """Whether the time of this target follows its probability: what writes, or leads to a key that does."""
    verb = target.action.verb
    if target.kind in (TargetKind.LETTER, TargetKind.WORD, TargetKind.PHRASE):
        return verb in (Verb.WRITE, Verb.WORD)
    return target.kind in (TargetKind.GROUP, TargetKind.FUNCTION) and verb is Verb.OPEN


@dataclass(frozen=True, slots=True)
class Choice:
    """What a selection says about how this person chooses.

    `slot` is the slot that was chosen, `other` the key where it was no letter of a word; `where` is "begin" or
    "inside" of a word; `shown` are the slots and the probability of what was in each.
    """

    where: str
    slot: str = ""
    other: str = ""
    shown: tuple[tuple[str, float], ...] = ()


class TargetPrior:
    """The probability that each weighed target is the next that is chosen.

    Attributes
    ----------
    p : dict of str to float
        By the target's id; what is missing to one are the targets that are not weighed.
    """

    def __init__(self) -> None:
        self.p: dict[str, float] = {}
        self._passed: set[str] = set()
        self._taken: dict[
            str, tuple[float, float]
        ] = {}  # by slot: times taken, and probability it was offered with
        self._others = {where: share * SURE for where, share in FIRST_OTHER.items()}
        self._chosen = dict.fromkeys(FIRST_OTHER, SURE)
        self._keys: dict[str, dict[str, float]] = {where: {} for where in FIRST_OTHER}
        self._shown: dict[str, float] = {}
        self._where = "begin"

    def show(self, board: Board, proposals: Proposals | None, text: str) -> None:
        """Take in what is shown: the board, the proposals on it (None: not there yet), what is written."""
        partial = partial_word(text)
        self._where = "inside" if partial else "begin"
        weighed = [target for target in board.targets if target.choosable and is_weighed(target)]
        p = dict.fromkeys((target.id for target in weighed), 0.0)
        letters = dict(proposals.letters) if proposals is not None else {}
        other = self._share_of_others(letters.pop(END, None))
        left = 1.0 - other
        self._shown = {}
        if proposals is not None:
            left -= self._fill("phrase", [phrase.probability for phrase in proposals.phrases], p, left)
            left -= self._fill("word", [word.probability for word in proposals.words], p, left)
            for i, word in enumerate(proposals.words):
                letter = word.word.lower()[len(partial) : len(partial) + 1]
                if letter in letters:
                    spelled = letters[letter] - self._share_taken(f"word:{i}") * word.probability
                    letters[letter] = max(OVERLOOKED * letters[letter], spelled)
        self._spread(weighed, letters, max(0.0, left), other, p)
        self._passed.clear()
        self.p = {name: max(LEAST, each) for name, each in p.items()}

    def passed(self, name: str) -> None:
        """This target was looked at and left: it is hardly the one that is meant, and all others are more likely.

        Each target counts once until something is chosen.
        """
        if name not in self.p or name in self._passed:
            return
        self._passed.add(name)
        less = (1.0 - LEFT_THOUGH_MEANT) * self.p[name]
        self.p[name] -= less
        if less < 1.0:
            self.p = {each: max(LEAST, p / (1.0 - less)) for each, p in self.p.items()}

    def choice(self, target: Target) -> Choice:
        """What choosing this target now says; to be learned once it is sure that it was meant."""
        row = target.id.partition(":")[0]
        spells = target.action.verb is Verb.WRITE and target.action.argument.isalpha()
        is_slot = row in FIRST_TAKEN
        return Choice(
            self._where,
            target.id if is_slot else "",
            "" if spells or is_slot or target.kind is TargetKind.GROUP else target.id,
            tuple(self._shown.items()),
        )

    def learn(self, choice: Choice) -> None:
        """The person chose this and did not take it back."""
        for slot, shown in choice.shown:
            first = FIRST_TAKEN[slot.partition(":")[0]]
            taken, offered = self._taken.get(slot, (SURE_SLOT * first, SURE_SLOT))
            self._taken[slot] = taken + (slot == choice.slot), offered + shown
        where, keys = choice.where, self._keys[choice.where]
        self._chosen[where] += 1.0
        if choice.other:
            self._others[where] += 1.0
            keys[choice.other] = keys.get(choice.other, 0.0) + 1.0
        if self._chosen[where] > MEMORY:
            self._chosen[where] /= 2
            self._others[where] /= 2
            self._keys[where] = {name: n / 2 for name, n in keys.items()}

    def _share_taken(self, slot: str) -> float:
        taken, offered = self._taken.get(slot, (FIRST_TAKEN[slot.partition(":")[0]], 1.0))
        return min(1.0, taken / offered)

    def _fill(self, row: str, probabilities: list[float], p: dict[str, float], room: float) -> float:
        """Give the slots of a row what is taken of their proposals; return how much that is."""
        given = 0.0
        for i, probability in enumerate(probabilities):
            name = f"{row}:{i}"
            if name in p:
                p[name] = room * self._share_taken(name) * probability
                given += p[name]
                self._shown[name] = room * probability
        return given

    def _share_of_others(self, end: float | None) -> float:
        """How often what is chosen is neither a letter of a word nor a slot: as counted, and as likely as a word ends."""
        counted = self._others[self._where] / self._chosen[self._where]
        if end is not None and self._where == "inside":
            counted = (counted + end) / 2
        return min(MOST_OTHER, counted)

    def _spread(
        self, weighed: list[Target], letters: dict[str, float], room: float, other: float, p: dict[str, float]
    ) -> None:
        """Share `room`, what the slots leave, among the keys with letters, and `other` among the other keys."""
        keys = [(target, _letters_of(target)) for target in weighed if target.action.verb is not Verb.WORD]
        n_letters = sum(len(spelled) for _, spelled in keys)
        total = sum(letters.values())
        for target, spelled in keys:
            for letter in spelled:
                share = letters.get(letter, 0.0) / total if total > 0.0 else 1.0 / n_letters
                p[target.id] += room * share
        odd = [target.id for target, spelled in keys if not spelled]
        counted = self._keys[self._where]
        if n_letters == 0:  # a page without letters was opened for what is on it
            other, n_counted = 1.0, sum(counted.get(name, 0.0) + ODD_KEY for name in odd)
        else:
            n_counted = sum(counted.values()) + ODD_KEY * (len(odd) + 1)
        for name in odd:
            p[name] = other * (counted.get(name, 0.0) + ODD_KEY) / n_counted


def _letters_of(target: Target) -> list[str]:
    """The letters that a key writes, or that a group of keys leads to."""
    if target.kind is TargetKind.FUNCTION:
        return []
    label = target.label if target.kind is TargetKind.GROUP else target.action.argument
    return [letter for letter in label.lower().split() if letter.isalpha() and len(letter) == 1]
