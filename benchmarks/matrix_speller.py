"""benchmarks: real spelling with a matrix whose rows and columns flash (BCI Competition II, data set IIb).

Annotations carry the row or column that flashed (`/code=`, 1-6: columns, 7-12: rows) and a number that changes from
letter to letter (`/letter=`) and begins anew with each word. The P300 model is fitted to the other sessions only. The
character prior is asked after what the person has written in the session, with a space before each word, as the board
writes it; wrong letters were taken back, as they would be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistive.fusion.inquiry import Inquiry
from benchmarks.eeg_files import Recording
from models.erp.epochs import Epochs, joined
from models.erp.p300 import fit_p300

MATRIX = ("ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ1234", "56789_")
LETTERS = "".join(MATRIX)
FLASHES = len(MATRIX) + len(MATRIX[0])  # of a sequence
MOST_SEQUENCES = 15
FIXED = (1, 3, 5, 15)
THRESHOLD = 0.95
NOTHING = 1e-3  # who copies letters means one
UNIFORM = 0.05  # of the character prior, as in Dasher: no letter is ruled out

_CODE = re.compile(r"/code=(\d+)")
_LETTER = re.compile(r"/letter=(\d+)")

Prior = Callable[[str], Mapping[str, float]]  # of the next character, given what is written


@dataclass(frozen=True, slots=True)
class SpelledLetter:
    """The flashes of one letter.

    Parameters
    ----------
    letter : str
        The one that was meant.
    first : bool
        It is the first of a word.
    flashes : tuple of (int, float)
        The code and the log-likelihood ratio of each, in the order of time.
    """

    letter: str
    first: bool
    flashes: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Spelled:
    """How many letters were right, by a fixed number of sequences and by those of dynamic stopping."""

    total: int
    fixed: dict[int, int]
    dynamic: int
    sequences: float
    dynamic_prior: int
    sequences_prior: float


def is_matrix_speller(recording: Recording) -> bool:
    """Whether the annotations tell what flashed."""
    return all(_CODE.search(text) and _LETTER.search(text) for text in recording.descriptions)


def spell(sessions: Sequence[Recording], prior: Prior, progress: Callable[[str], None]) -> Spelled | None:
    """Spell each session with a model that was fitted to the others; None: there are fewer than two.

    Raises
    ------
    ValueError
        A letter has no target row and column, or the annotations name no row or column.
    """
    if len(sessions) < 2:
        return None
    letters: list[SpelledLetter] = []
    with_prior: list[tuple[str, float]] = []
    for session in sessions:
        progress(session.name)
        others = [other for other in sessions if other is not session]
        model = fit_p300(_one_after_another(others), np.concatenate([other.target for other in others]))
        own = letters_of(session, model.llr(session.epochs).tolist())
        letters += own
        written = ""
        for each in own:
            written += " " if each.first and written else ""
            with_prior.append(stopped(each, _spread(prior(written))))
            written += each.letter
    uniform = dict.fromkeys(LETTERS, 1.0 / len(LETTERS))
    equal = [stopped(each, uniform) for each in letters]
    return Spelled(
        total=len(letters),
        fixed={n: sum(after(each, n) == each.letter for each in letters) for n in FIXED},
        dynamic=sum(found == each.letter for (found, _), each in zip(equal, letters, strict=True)),
        sequences=float(np.mean([n for _, n in equal])),
        dynamic_prior=sum(found == each.letter for (found, _), each in zip(with_prior, letters, strict=True)),
        sequences_prior=float(np.mean([n for _, n in with_prior])),
    )


def letters_of(session: Recording, llr: Sequence[float]) -> list[SpelledLetter]:
    """Return the letters of a session, given the log-likelihood ratio of each of its epochs."""
    found: list[SpelledLetter] = []
    last = -1
    flashes: list[tuple[int, float]] = []
    targets: set[int] = set()
    first = True
    for text, ratio, target in [
        *zip(session.descriptions, llr, session.target, strict=True),
        ("", 0.0, False),
    ]:
        number = _number(_LETTER, text) if text else -2
        if number != last and flashes:
            found.append(SpelledLetter(_letter(targets, session.name), first, tuple(flashes)))
            first, flashes, targets = number < last, [], set()
        last = number
        if text:
            flashes.append((_number(_CODE, text), ratio))
            targets |= {flashes[-1][0]} if target else set()
    return found


def after(spelled: SpelledLetter, sequences: int) -> str:
    """Return the letter whose row and column were answered best in the first so many sequences."""
    seen = dict.fromkeys(range(1, FLASHES + 1), 0)
    total = dict.fromkeys(seen, 0.0)
    for code, llr in spelled.flashes:
        if code in seen and seen[code] < sequences:
            seen[code] += 1
            total[code] += llr
    return max(LETTERS, key=lambda letter: sum(total[code] for code in total if letter in members(code)))


def stopped(spelled: SpelledLetter, prior: Mapping[str, float]) -> tuple[str, float]:
    """Return the letter when the posterior passes the threshold, or the best at the end, and the sequences it took."""
    inquiry = Inquiry(prior, nothing=NOTHING, most_sequences=MOST_SEQUENCES)
    used = 0
    for code, llr in spelled.flashes[: FLASHES * MOST_SEQUENCES]:
        inquiry.flash(members(code), llr)
        used += 1
        if inquiry.decided(THRESHOLD) is not None:
            break
    posterior = inquiry.posterior
    return max(LETTERS, key=posterior.__getitem__), used / FLASHES


def members(code: int) -> str:
    """Return the letters that flash with a code: 1-6 are columns, 7-12 rows."""
    columns = len(MATRIX[0])
    if not 1 <= code <= FLASHES:
        raise ValueError(f"code {code} is no row or column of the matrix")
    return "".join(row[code - 1] for row in MATRIX) if code <= columns else MATRIX[code - columns - 1]


def _one_after_another(sessions: Sequence[Recording]) -> Epochs:
    """The epochs of all sessions, each as if it began an hour after the one before: no block of time mixes them."""
    later, moved = 0.0, []
    for session in sessions:
        t = session.epochs.t
        moved.append(Epochs(t - t[0] + later, session.epochs.data, session.epochs.channels))
        later += float(t[-1] - t[0]) + 3600.0
    return joined(moved)


def _letter(targets: set[int], name: str) -> str:
    meant = [letter for letter in LETTERS if sum(letter in members(code) for code in targets) == 2]
    if len(targets) != 2 or len(meant) != 1:
        raise ValueError(f"{name}: a letter has the targets {sorted(targets)}, not one row and one column")
    return meant[0]


def _number(pattern: re.Pattern[str], text: str) -> int:
    match = pattern.search(text)
    if match is None:
        raise ValueError(f"the annotation {text!r} lacks {pattern.pattern}")
    return int(match[1])


def _spread(prior: Mapping[str, float]) -> dict[str, float]:
    total = sum(prior.get(letter, 0.0) for letter in LETTERS)
    share = (1.0 - UNIFORM) / total if total > 0.0 else 0.0
    return {letter: share * prior.get(letter, 0.0) + UNIFORM / len(LETTERS) for letter in LETTERS}
