"""models.speech: which voice speaks, and which one steps in when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from models.speech.espeak import EspeakSynthesizer
from models.speech.messages import Synthesizer
from models.speech.piper import PiperSynthesizer

# The names of the voices in models/catalog.toml.
NATURAL_VOICES = {"en": "voice-en-joe"}


class Synthesizers:
    """The voices of this computer; each is made once, so that its model is loaded once.

    Parameters
    ----------
    installed : callable
        Gives the path of the weights with that name, or None where they are not on this computer.
    """

    def __init__(self, installed: Callable[[str], Path | None]) -> None:
        self._installed = installed
        self._piper: dict[Path, PiperSynthesizer] = {}
        self._espeak: dict[str, EspeakSynthesizer] = {}

    def choose(self, engine: str, banked_voice: str, language: str) -> tuple[Synthesizer, ...]:
        """Return the voices for `language`, best first; each stands in for the one before it.

        Parameters
        ----------
        engine : str
            "auto" or "piper": the person's own voice, then a natural one, then espeak. "espeak": only that.
        banked_voice : str
            The path of the person's own voice, or "". A voice that was made for another language than
            `language` is passed over: it would be hard to understand.
        language : str
            "en", "ru", ...
        """
        chosen: list[Synthesizer] = []
        if engine != "espeak":
            if banked_voice:
                own = self._piper_voice(Path(banked_voice).expanduser())
                if own.language() in ("", language):
                    chosen.append(own)
            natural = NATURAL_VOICES.get(language)
            path = self._installed(natural) if natural else None
            if path is not None:
                chosen.append(self._piper_voice(path))
        chosen.append(self._espeak.setdefault(language, EspeakSynthesizer(language)))
        return tuple(chosen)

    def _piper_voice(self, path: Path) -> PiperSynthesizer:
        return self._piper.setdefault(path, PiperSynthesizer(path))
