"""models.language: what one or more tokens spell, what that adds to a text, and one number for several tokens."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from models.language.partial import fold

MOST_MERGED = 6
"""Tokens that are one to the person: the end of what is typed, and at most four bytes of a character."""

_VARIANTS = "\ufe0e\ufe0f"  # choose how the emoji before them looks; nothing to see by themselves
_CLINGING = tuple(".,!?;:…)%")  # these may follow a space that is written already: it makes room for them


def joined(tokens: Sequence[int], n_vocab: int) -> int:
    """Return the number that stands for `tokens` as one: that of a single token is its own.

    The others follow as digits to the base `n_vocab` + 1, each one more than its token.
    """
    number = 0
    for token in reversed(tokens[1:]):
        number = number * (n_vocab + 1) + token + 1
    return number * n_vocab + tokens[0]


def parted(number: int, n_vocab: int) -> list[int]:
    """Return the tokens of which `joined` made `number`; tokens below 0 where it did not."""
    number, first = divmod(number, n_vocab)
    tokens = [first]
    while number > 0 and len(tokens) < MOST_MERGED:
        number, digit = divmod(number, n_vocab + 1)
        tokens.append(digit - 1)
    return tokens if number == 0 else [-1]


def spelled(data: bytes) -> tuple[str, bytes] | None:
    """Return the whole characters of `data` and what is left of the last one; None where it is no UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    return text, decoder.getstate()[0]


def spells_out(data: bytes, due: str) -> bool:
    """Whether `data` is `due` to the last byte."""
    parts = spelled(data)
    return parts is not None and not parts[1] and fold(parts[0]) == due


def added_text(data: bytes, due: str) -> str | None:
    """Return what `data` adds to a text that ends with `due`: "" is nothing yet, None that it disagrees."""
    parts = spelled(data)
    if parts is None or "  " in parts[0]:
        return None
    text, pending = parts
    folded = fold(text)
    if len(folded) != len(text):
        return None
    if len(folded) < len(due) and due.startswith(folded):
        wanted = due[len(folded)]
        agrees = any(form.encode().startswith(pending) for form in (wanted, wanted.upper()))
        return "" if agrees else None
    if folded.startswith(due):
        added = text[len(due) :]
        return added if added.strip(" ") and not pending else ""
    return text if due == " " and not pending and text.startswith(_CLINGING) else None


def shows(text: str) -> bool:
    """Whether there is something to see, and no control character or broken one."""
    return text.isprintable() and "\ufffd" not in text and text.strip(_VARIANTS) != ""
