"""models.language: the tokens that the usual words of a language are made of, and the output layer over them.

Which sentence is likelier than another is decided among them; what the others would take of the probability, one per
cent on average, counts for all sentences alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.language.head import Head
from models.language.pieces import Pieces, Script
from models.language.runtime import Runtime

_RAREST = 5e-7
"""A word that is a token of its own is usual from this share of all words on, in capitals too."""

_IN_PIECES, _JOINED = 30_000, 2_000
"""So many of the commonest words count as they are cut into tokens after a space, and without one."""

_LONGEST_MARK = 4
_TYPOGRAPHIC = "…–—«»“”„‘’"


class Shortlists:
    """Gives a head over the usual tokens of a language, made when it is first asked for.

    Parameters
    ----------
    runtime : Runtime
        The model.
    pieces : Pieces
        Its vocabulary.
    """

    def __init__(self, runtime: Runtime, pieces: Pieces) -> None:
        self._runtime = runtime
        self._pieces = pieces
        self._layer = runtime.output_layer()
        self._heads: dict[tuple[Script, str], Head | None] = {}

    def head(self, script: Script, language: str) -> Head | None:
        """Return the head for texts in `script`; None where all tokens must be computed.

        In Latin letters, which most of a vocabulary is written in, it has the tokens of the commonest words of
        `language`; in others all there are.
        """
        key = (script, language if script is Script.LATIN else "")
        if key not in self._heads:
            tokens = None if self._layer is None else self._usual(*key)
            self._heads[key] = Head(self._layer, tokens) if self._layer and tokens is not None else None
        return self._heads[key]

    def _usual(self, script: Script, language: str) -> NDArray[np.intp] | None:
        if script is not Script.LATIN:
            return np.union1d(self._pieces.of_script(script), self._marks())
        import wordfreq  # nothing else here needs its lists

        if language not in wordfreq.available_languages():
            return None
        words = wordfreq.top_n_list(language, _IN_PIECES)
        texts = [f" {word}" for word in words] + words[:_JOINED]
        tokens = {token for text in texts for token in self._runtime.tokenize(text, start=False)}
        shares = wordfreq.get_frequency_dict(language)
        for token in self._pieces.of_script(script).tolist():
            space, word = self._pieces.texts[token][:1], self._pieces.texts[token][1:]
            if space == " " and shares.get(word.casefold(), 0.0) >= _RAREST:
                tokens.add(token)
        return np.union1d(np.array(sorted(tokens), np.intp), self._marks())

    def _marks(self) -> NDArray[np.intp]:
        """Return the tokens without letters: digits, punctuation, spaces, the end of the text."""
        texts = self._pieces.texts
        return np.array(
            [
                token
                for token in self._pieces.of_script(Script.NONE).tolist()
                if (len(texts[token]) <= _LONGEST_MARK and texts[token].isascii())
                or texts[token].strip() in _TYPOGRAPHIC
            ],
            np.intp,
        )
