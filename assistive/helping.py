"""assistive: a call for help, as it is shown and heard."""

from __future__ import annotations

from collections.abc import Callable

from assistive.help_call import HelpCall
from assistive.messages import HelpShown, Outgoing, Sound, StopVoice, Tone
from assistive.saying import Saying
from assistive.settings import Settings


class Helping:
    """Shows, sounds and speaks a call for help until it ends.

    Parameters
    ----------
    saying : Saying
        The voice.
    emit : callable
        Takes every outgoing message; must not block.
    tr : callable
        Translates into the person's language.
    """

    def __init__(self, saying: Saying, emit: Callable[[Outgoing], None], tr: Callable[[str], str]) -> None:
        self._call = HelpCall()
        self._saying = saying
        self._emit = emit
        self._tr = tr

    @property
    def calling(self) -> bool:
        """Whether help is being called."""
        return self._call.calling

    @property
    def reason(self) -> str | None:
        """Why ("": the person called); None: nobody calls."""
        return self._call.reason if self._call.calling else None

    @property
    def deadline(self) -> float | None:
        """When the call sounds next; None: never."""
        return self._call.next_at

    def begin(self, t: float, reason: str = "") -> bool:
        """Begin to call; False: help is being called already."""
        if not self._call.begin(t, reason):
            return False
        self._emit(HelpShown(t, True, reason))
        return True

    def end(self, t: float) -> bool:
        """Taken back or answered; False: nobody was calling."""
        if not self._call.end():
            return False
        self._emit(StopVoice(t, call_only=True))
        self._emit(HelpShown(t, False))
        return True

    def sound(self, t: float, settings: Settings) -> None:
        """Sound the call where it is due."""
        if not self._call.due(t, settings.help.repeat_s, speaking=self._saying.speaking):
            return
        self._emit(Sound(t, Tone.HELP, settings.help.volume))
        words = self._tr("Please come. I need help.")
        if self._call.reason:
            words = self._tr("Please come. The input device is lost.")
        self._saying.call(t, words, settings)
