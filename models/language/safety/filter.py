"""models.language.safety: ranks down what could hurt if it were spoken in the person's name without their having meant it.

Only whole sentences that the model wrote are looked at: phrases of two words and more. Words, completions and
expansions come from the person and are never passed through here. Nor is anything ranked down that the person began or
has said before in these words; about body, pain and abuse there are no rules at all.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable

from models.language.messages import PhraseProposal, ProposalRequest, Speaker
from models.language.partial import split_partial
from models.language.safety.rules import Match, Rules, rules_for

SPARE = 2
"""So many phrases more than there are slots are worth asking for: they take the place of what is dropped."""

_LONGEST_BEGINNING = 300  # characters of the sentence that is being written
_SHORTEST_BEGINNING = 2  # letters of a word that say which word it will be
_SENTENCE_END = re.compile(r"[.!?…\n]+")


class OwnWords:
    """What the person wrote and said: nothing in these words is unsolicited. May be used from several threads.

    Parameters
    ----------
    texts : iterable of str
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._lock = threading.Lock()
        self._texts = list(texts)
        self._stems: dict[str, dict[str, set[int]]] = {}  # language, stem: which texts have it
        self._n_read: dict[str, int] = {}

    def add(self, text: str) -> None:
        """The person said this too."""
        with self._lock:
            self._texts.append(text)

    def having(self, keys: Iterable[str], rules: Rules, language: str) -> list[str] | None:
        """Return the texts that hold all of these stems, or None where one of them was never used."""
        with self._lock:
            stems = self._stems.setdefault(language, {})
            for number in range(self._n_read.get(language, 0), len(self._texts)):
                for word in rules.words(self._texts[number]):
                    stems.setdefault(rules.stem(word), set()).add(number)
            self._n_read[language] = len(self._texts)
            found = [stems.get(key, set()) for key in keys]
            if not all(found):
                return None
            return [self._texts[number] for number in sorted(set.intersection(*found))] if found else []


def rank_down(
    phrases: tuple[PhraseProposal, ...], request: ProposalRequest, own: OwnWords
) -> tuple[PhraseProposal, ...]:
    """Put unsolicited sentences that could hurt behind the others, and keep as many as were asked for.

    So one is dropped where there are enough others, and comes last where there are not. The order is otherwise
    the same. In a language without rules nothing is moved.

    Parameters
    ----------
    phrases : tuple of PhraseProposal
        Best first; `SPARE` more than `request.n_phrases` leave room to drop some.
    request : ProposalRequest
        What they answer.
    own : OwnWords
        What the person wrote and said before; the text, the turns, the examples and the facts of the request
        count too.
    """
    rules = rules_for(request.language)
    if rules is None or not phrases:
        return phrases[: max(0, request.n_phrases)]
    flagged = [_is_unsolicited(phrase.text, request, own, rules) for phrase in phrases]
    harmless = [phrase for phrase, bad in zip(phrases, flagged, strict=True) if not bad]
    harmful = [phrase for phrase, bad in zip(phrases, flagged, strict=True) if bad]
    return tuple(harmless + harmful)[: max(0, request.n_phrases)]


def _is_unsolicited(phrase: str, request: ProposalRequest, own: OwnWords, rules: Rules) -> bool:
    if len(phrase.split()) < 2:
        return False
    split = split_partial(request.text)
    begun = _SENTENCE_END.split(split.before[-_LONGEST_BEGINNING:])[-1]
    space = " " if split.space and begun else ""
    n_begun = len(rules.words(begun))
    added = [match for match in rules.matches(begun + space + phrase) if match.end > n_begun]
    if not added:
        return False
    theirs = _OwnSentence(request, split.partial, rules)
    return any(not theirs.has(match) and not _said(match, theirs.earlier, own, rules) for match in added)


class _OwnSentence:
    """What this request itself tells of the person's words."""

    def __init__(self, request: ProposalRequest, partial: str, rules: Rules) -> None:
        self._rules = rules
        self._partial = "".join(rules.words(partial)[:1])
        self._stems = {rules.stem(word) for word in rules.words(request.text)}
        said = [turn.text for turn in request.turns if turn.speaker is Speaker.ME]
        self.earlier = OwnWords([request.about, *request.examples, *said])
        self.language = request.language

    def has(self, match: Match) -> bool:
        """Whether the person wrote the words that make the sentence what it is, or has begun to."""
        return all(key in self._stems or self._begun(key, match) for key in match.keys)

    def _begun(self, key: str, match: Match) -> bool:
        if len(self._partial) < _SHORTEST_BEGINNING or self._rules.says_nothing(self._partial):
            return False
        return any(word.startswith(self._partial) and self._rules.stem(word) == key for word in match.words)


def _said(match: Match, earlier: OwnWords, own: OwnWords, rules: Rules) -> bool:
    """Whether the person has said such a thing before, now or on another day."""
    for texts in (earlier, own):
        found = texts.having(match.keys, rules, rules.language)
        if found is None:
            continue
        if not match.kind.sentence or any(_is_such(text, match, rules) for text in found):
            return True
    return False


def _is_such(text: str, match: Match, rules: Rules) -> bool:
    return any(said.kind is match.kind and said.keys >= match.keys for said in rules.matches(text))
