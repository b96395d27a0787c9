"""benchmarks: a perfect user of the slots: what choosing the best proposal adds to the text that they want.

They see a proposal at once and always take the best. A word fits where it is the word that is wanted, whatever its case
and its kind of apostrophe; it brings the space after it where one is wanted. Everything else is written character by
character: each letter, each mark and each space that no choice brought is a selection.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.language.partial import fold

SENTENCE_ENDS = ".!?…"
_MARKS = '.,!?;:"”)'


def word_added(text: str, wanted: str, slots: Iterable[str]) -> str:
    """Return what choosing a slot adds to `text`: the rest of the word and a space; "" if none fits.

    A word with a mark ("today?") fits where the word is wanted with just this mark, and brings it.
    """
    start = _word_start(text)
    end = start
    while end < len(wanted) and not wanted[end].isspace():
        end += 1
    word = wanted[start:end].rstrip(_MARKS)
    if start + len(word) <= len(text):
        return ""
    marked, bare = word + wanted[start + len(word) : end][:1], fold(word)
    folded = {fold(slot) for slot in slots}
    if marked != word and len(marked) == end - start and fold(marked) in folded:
        after = end
    elif bare in folded:
        after = start + len(word)
    else:
        return ""
    return wanted[len(text) : after + (wanted[after : after + 1] == " ")]


def phrase_added(text: str, wanted: str, phrases: Iterable[str]) -> str:
    """Return what choosing the best phrase adds to `text`: its rest, a mark and a space; "" if none fits.

    Case and the kind of the final mark do not count, but a phrase that ends a sentence fits only where one ends.
    """
    start = _word_start(text)
    best = len(text)
    for phrase in phrases:
        bare = phrase.rstrip(SENTENCE_ENDS)
        end = start + len(bare)
        rest = wanted[end:]
        if fold(wanted[start:end]) != fold(bare) or (rest and (rest[0].isalnum() or rest[0] in "'’-")):
            continue
        if bare != phrase:
            after = rest.lstrip(SENTENCE_ENDS)
            if rest and after == rest:
                continue
            end = len(wanted) - len(after)
        best = max(best, end + (wanted[end : end + 1] == " "))
    return wanted[len(text) : best]


def _word_start(text: str) -> int:
    start = len(text)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    return start
