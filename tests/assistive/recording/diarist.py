"""A person whose looks, answers and texts are recorded, and the stories that tests/data/recordings holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from person import Person

from assistive.messages import (
    HelpAnswered,
    Incoming,
    JournalFailed,
    Outgoing,
    PartnerSaid,
    TroubleOver,
    VoicePhase,
    VoiceProgress,
)
from assistive.recording.format import header_at_start, header_midway
from assistive.recording.recording_file import RecordingFile
from assistive.settings import Settings
from assistive.text.history import Restored
from devices.samples import DeviceState, DeviceStatus, SwitchEvent
from models.language.messages import ModelState, ModelStatus, ProposalRequest

STORIES_FOLDER = Path(__file__).resolve().parents[2] / "data" / "recordings"
QUICK = Settings().changed("dwell.letter_s", 0.5)


class Diarist(Person):
    """Keeps, in order, what goes into the engine and what comes out of it."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        restored: Restored | None = None,
        proposer: Callable[[ProposalRequest], tuple[str, ...]] | None = None,
    ) -> None:
        self.messages: list[Incoming | Outgoing] = []
        settings, restored = settings or QUICK, restored or Restored()
        self.header = header_at_start(settings, restored, 100.0)
        super().__init__(settings, restored=restored, proposer=proposer)

    def tell(self, message: object) -> Diarist:
        """Give the engine a message, and what its own messages bring about."""
        self._queue.insert(0, message)
        while self._queue:
            message = self._queue.pop(0)
            self.messages.append(message)
            self.engine.handle(message)
        return self

    def _out(self, message: Outgoing) -> None:
        self.messages.append(message)
        super()._out(message)

    def begin(self) -> Diarist:
        """Forget the messages until now: the recording begins at this moment."""
        self.header = header_midway(self.engine, self.clock.now())
        self.messages.clear()
        return self

    def keep(self, path: Path) -> Path:
        """Write the recording."""
        with RecordingFile(path, self.header) as file:
            file.write(*self.messages)
        return path


def a_cup_of_tea() -> Diarist:
    """Words from a proposer, a wrong one that is undone, a blink, a partner, a sentence that is spoken."""
    words = {"": ("I", "the"), "I ": ("want", "would"), "I would ": ("like", "love")}
    person = Diarist(proposer=lambda request: words.get(request.text, ()))
    person.speech_s = 2.0
    person.tell(ModelStatus(person.clock.now(), ModelState.READY))
    person.tell(PartnerSaid(person.clock.now(), "What can I bring you?"))
    person.look("word:0").look("word:0").look("undo").look("word:1").look("like")
    person.look("t", 0.3).blink(0.2).write("tea").look("speak")
    return person.wait(3.0)  # type: ignore[return-value]


def the_window_in_russian() -> Diarist:
    """The Russian board: letters, a page of signs, a phrase spoken at once, a call for help that is answered."""
    person = Diarist(QUICK.changed("look.language", "ru"))
    person.write("окно").look("fn:more").look("fn:back").look("fn:undo").look("а").look("speak").look(
        "fixed:yes"
    )
    person.look("help").wait(7.0)
    person.tell(HelpAnswered(person.clock.now()))
    return person.write("д")


def from_the_middle_of_a_day() -> Diarist:
    """Begins with text that was spoken; then rest, a switch, another window, and a disk that fails."""
    person = Diarist()
    person.tell(PartnerSaid(person.clock.now(), "Are you in pain?"))
    person.write("no").look("speak").write("ca").look("l", 0.3).begin()
    person.tell(SwitchEvent(person.clock.now(), "1", True))
    person.tell(DeviceStatus(person.clock.now(), "pointer", DeviceState.RUNNING))
    person.tell(VoiceProgress(person.clock.now(), 1, VoicePhase.FINISHED))
    person.write("m").look("rest").wait(5.0).look("wake")
    person.disk_works = False
    person.look("s")
    person.tell(JournalFailed(person.clock.now(), person.engine.restorable().number, "the disk is full"))
    person.write("e").look("undo").look("undo").tell(TroubleOver(person.clock.now(), "disk"))
    return person.look("speak", 2.0)  # type: ignore[return-value]


STORIES: dict[str, Callable[[], Diarist]] = {
    "a_cup_of_tea": a_cup_of_tea,
    "the_window_in_russian": the_window_in_russian,
    "from_the_middle_of_a_day": from_the_middle_of_a_day,
}
