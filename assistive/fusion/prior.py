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
SURE = 20.0  # selections that the first guesses count for
MEMORY = 500.0  # selections after which older ones fade

# Shares of what is proposed that are taken where they fit, and of selections that are no letter of a word.
FIRST_TAKEN = {"word": 0.8, "phrase": 0.6}
FIRST_OTHER = {"begin": 0.15, "inside": 0.05}
OVERLOOKED = 0.1  # of what a letter would be if no slot had its word
MOST_OTHER = 0.95
ODD_KEY = 0.5  # selections that a key which is no letter counts for before it was ever chosen
END = " "  # of a word, among the letters that may come next


def is_weighed(target: Target) -> bool:
    """Whether the time of this target follows its probability: keys that write and slots, nothing else."""
    verb = target.action.verb
    return (verb is Verb.WRITE and target.kind is TargetKind.LETTER) or (
        verb is Verb.WORD or target.kind is TargetKind.GROUP
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """What a selection says about how this person chooses.

    `row` is "word" or "phrase" where a slot was chosen, `other` the key where it was no letter of a word; `where` is
    "begin" or "inside" of a word; `words` and `phrases` are the probabilities of all that was shown in the rows.
    """

    where: str
    row: str = ""
    other: str = ""
    words: float = 0.0
    phrases: float = 0.0


class TargetPrior:
    """The probability that each weighed target is the next that is chosen.

    Attributes
    ----------
    p : dict of str to float
        By the target's id; what is missing to one are the targets that are not weighed.
    """

    def __init__(self) -> None:
        self.p: dict[str, float] = {}
        self._taken = {row: share * SURE for row, share in FIRST_TAKEN.items()}
        self._offered = dict.fromkeys(FIRST_TAKEN, SURE)
        self._others = {where: share * SURE for where, share in FIRST_OTHER.items()}
        self._chosen = dict.fromkeys(FIRST_OTHER, SURE)
        self._keys: dict[str, dict[str, float]] = {where: {} for where in FIRST_OTHER}
        self._shown = dict.fromkeys(FIRST_TAKEN, 0.0)
        self._where = "begin"

    def show(self, board: Board, proposals: Proposals | None, text: str) -> None:
        """Take in what is shown: the board, the proposals on it (None: not there yet), what is written."""
        partial = partial_word(text)
        self._where = "inside" if partial else "begin"
        weighed = [target for target in board.targets if target.choosable and is_weighed(target)]
        p = dict.fromkeys((target.id for target in weighed), 0.0)
        letters: dict[str, float] = {}
        left = 1.0
        self._shown = dict.fromkeys(FIRST_TAKEN, 0.0)
        if proposals is not None:
            left -= self._fill("phrase", [phrase.probability for phrase in proposals.phrases], p, left)
            left -= self._fill("word", [word.probability for word in proposals.words], p, left)
            letters = dict(proposals.letters)
            for word in proposals.words:
                letter = word.word.lower()[len(partial) : len(partial) + 1]
                if letter in letters:
                    spelled = letters[letter] - self._share_taken("word") * word.probability
                    letters[letter] = max(OVERLOOKED * letters[letter], spelled)
        self._spread(weighed, letters, max(0.0, left), p)
        self.p = {name: max(LEAST, each) for name, each in p.items()}

    def choice(self, target: Target) -> Choice:
        """What choosing this target now says; to be learned once it is sure that it was meant."""
        row = target.id.partition(":")[0]
        spells = target.action.verb is Verb.WRITE and target.action.argument.isalpha()
        return Choice(
            self._where,
            row if row in FIRST_TAKEN else "",
            "" if spells or row in FIRST_TAKEN or target.kind is TargetKind.GROUP else target.id,
            self._shown["word"],
            self._shown["phrase"],
        )

    def learn(self, choice: Choice) -> None:
        """The person chose this and did not take it back."""
        for row, shown in (("word", choice.words), ("phrase", choice.phrases)):
            self._taken[row] += row == choice.row
            self._offered[row] += shown
            if self._offered[row] > MEMORY:
                self._taken[row] /= 2
                self._offered[row] /= 2
        where, keys = choice.where, self._keys[choice.where]
        self._chosen[where] += 1.0
        if choice.other:
            self._others[where] += 1.0
            keys[choice.other] = keys.get(choice.other, 0.0) + 1.0
        if self._chosen[where] > MEMORY:
            self._chosen[where] /= 2
            self._others[where] /= 2
            self._keys[where] = {name: n / 2 for name, n in keys.items()}

    def _share_taken(self, row: str) -> float:
        return min(1.0, self._taken[row] / self._offered[row])

    def _fill(self, row: str, probabilities: list[float], p: dict[str, float], room: float) -> float:
        """Give the slots of a row what is taken of their proposals; return how much that is."""
        given = 0.0
        for i, probability in enumerate(probabilities):
            name = f"{row}:{i}"
            if name in p:
                p[name] = room * self._share_taken(row) * probability
                given += p[name]
                self._shown[row] += room * probability
        return given

    def _spread(
        self, weighed: list[Target], letters: dict[str, float], room: float, p: dict[str, float]
    ) -> None:
        """Share what the slots leave among the keys."""
        keys = [(target, _letters_of(target)) for target in weighed if target.action.verb is not Verb.WORD]
        end = letters.pop(END, 0.0)
        other = min(MOST_OTHER, max(end, self._others[self._where] / self._chosen[self._where]))
        counted = self._keys[self._where]
        odd = [target.id for target, spelled in keys if not spelled]
        n_counted = sum(counted.values()) + ODD_KEY * (len(odd) + 1)
        for name in odd:
            p[name] = room * other * (counted.get(name, 0.0) + ODD_KEY) / n_counted
        total = sum(letters.values())
        n_letters = sum(len(spelled) for _, spelled in keys)
        for target, spelled in keys:
            for letter in spelled:
                share = letters.get(letter, 0.0) / total if total > 0.0 else 1.0 / n_letters
                p[target.id] += room * (1.0 - other) * share


def _letters_of(target: Target) -> list[str]:
    """The letters that a key writes, or that a group of keys leads to."""
    label = target.label if target.kind is TargetKind.GROUP else target.action.argument
    return [letter for letter in label.lower().split() if letter.isalpha() and len(letter) == 1]
