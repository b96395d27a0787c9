"""models.language: words that bring the mark after them, where that saves more selections than another word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.language.messages import WordProposal
from models.language.partial import fold

_WORD_SAVES = 3.0  # selections: the letters of a word that stands in no slot, for one who does not read all slots after each
_MARK_SAVES = 1.0  # the mark; the board writes the space after it


def with_marks(words: Sequence[WordProposal], n_words: int) -> tuple[WordProposal, ...]:
    """Return the slots, at most `n_words`, that are expected to save most: words, and words with their mark.

    Parameters
    ----------
    words : sequence of WordProposal
        All that is known, best first, with their `marks`; without any, the best are returned as they are.
    n_words : int
        How many slots there are.

    Returns
    -------
    tuple of WordProposal
        Best first. The probability of a word with a mark ("today?") is that of both together; the word
        without it has what is left, if it is there as well.
    """
    if not any(word.marks for word in words):
        return tuple(words[:n_words])
    options = [_Option(word, "", word.probability) for word in words]
    options += [
        _Option(word, mark, word.probability * p) for word in words for mark, p in word.marks if p > 0.0
    ]
    chosen: list[_Option] = []
    while options and len(chosen) < n_words:
        best = max(options, key=lambda option: option.saved(chosen))
        options.remove(best)
        chosen.append(best)
    proposals = [
        WordProposal(option.text, option.p if option.mark else option.without(chosen)) for option in chosen
    ]
    return tuple(sorted(proposals, key=lambda proposal: -proposal.probability))


class _Option:
    """Something that may stand in a slot, and how likely it is what is wanted."""

    def __init__(self, word: WordProposal, mark: str, p: float) -> None:
        self.key = fold(word.word)
        self.text = word.word + mark
        self.mark = mark
        self.p = p

    def without(self, chosen: Iterable[_Option]) -> float:
        """Return how likely the word is wanted with none of the marks that have a slot."""
        return max(0.0, self.p - sum(other.p for other in chosen if other.key == self.key and other.mark))

    def saved(self, chosen: list[_Option]) -> float:
        """Return the selections that this is expected to save beside what is chosen already."""
        if not self.mark:
            return _WORD_SAVES * self.without(chosen)
        stands = any(other.key == self.key and not other.mark for other in chosen)
        return self.p * (_MARK_SAVES + (0.0 if stands else _WORD_SAVES))
