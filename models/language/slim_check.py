"""models.language: whether a copy without the tokens of other scripts answers like the model that it was made of."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.language.errors import ModelError
from models.language.runtime import BatchToken, Runtime

TEXTS = (
    "I would like some toast and a cup of tea, please. Can't you see that I'm tired? It hurts!",
    "  Spaces   and\ttabs\n\nand new lines \r\n at the end  ",
    "THE QUICK brown fox'll jump over Dr. O’Neill’s 12,345.67 dogs — 50 % off: €3 / £2 / $1…",
    "Ça va? Où est l'été, Grüße aus Łódź, mañana, smørrebrød, Iğdır, Đặng, Ÿ ﬁn ǈ ɐ",
    "e\u0301 a\u0308 и\u0306 zero\u200bwidth \ufeff soft\u00adhyphen \u00a0 \u2028 \ufffd",
    "Меня зовут Ёжик, у меня болит спина; помоги мне, пожалуйста, сесть! «Да», — сказал он. №5",
    "Їжак, ўсё, қазақша, Ђорђе, Ѣ, ҙур, ԥ",
    "mixed СМЕШАННЫЙ tехт withоut шов, wi-fi’ем, iPhone-ом, на 100%",
    "😀👍🏽❤️ 👨‍👩‍👧‍👦 🇬🇧 1️⃣ ☺ ✓ → ∞ ½ ² ™ ♥︎ 🫠",
    "def f(x):\n    return x**2 != {'a': [1, 2]}  # https://example.org/?q=1&w=ё <b>&amp;</b> \\n \x00\x07\x7f",
    "нуууу оооочень дооолго...... hmmmmm!!!!!!????",
)
"""What both must cut into the same tokens."""

_PROMPT = "Partner: How are you?\nMe: I"
_TOLERANCE = 1e-3  # in logits; both compute the same products


def check_slim(source: Path, slim: Path, kept: NDArray[np.intp]) -> None:
    """Compare the copy `slim` with the model `source`: tokens of texts in both scripts, and a row of logits.

    Parameters
    ----------
    source, slim : Path
        GGUF files.
    kept : ndarray of int
        The tokens of `source` that are in `slim`, in order.

    Raises
    ------
    ModelError
        They differ, or one of them cannot be loaded.
    """
    before, row_before = _read(source)
    after, row_after = _read(slim)
    numbers = dict(zip(kept.tolist(), range(len(kept)), strict=True))
    for text, old, new in zip(TEXTS, before, after, strict=True):
        if [numbers.get(token) for token in old] != new:
            raise ModelError(f"the smaller copy of {source.name} cuts {text!r} into other tokens")
    if len(row_after) != len(kept) or not np.allclose(row_before[kept], row_after, rtol=0, atol=_TOLERANCE):
        raise ModelError(f"the smaller copy of {source.name} gives other probabilities")


def _read(path: Path) -> tuple[list[list[int]], NDArray[np.float32]]:
    """Return the tokens of each of `TEXTS` and the logits after the prompt."""
    runtime = Runtime(path, 1)
    try:
        cuts = [runtime.tokenize(text, start=True) for text in TEXTS]
        tokens = runtime.tokenize(_PROMPT, start=True)
        runtime.decode([BatchToken(t, i, 0, i == len(tokens) - 1) for i, t in enumerate(tokens)])
        return cuts, runtime.logits(len(tokens) - 1).copy()
    finally:
        runtime.close()
