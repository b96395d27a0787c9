"""assistive: everything but the window, wired together: devices, engine, journal, proposals, voice."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from assistive.audio_output import AudioOutput
from assistive.boards.layout import Layout, load_layout
from assistive.consents import agreed_to
from assistive.eeg.listener import EegListener
from assistive.eeg.messages import EegShown, ShowFlashes, ShowOutcome, StopFlashes
from assistive.engine import Engine
from assistive.engine_thread import EngineThread
from assistive.folders import Folders
from assistive.gaze.keeper import CalibrationKeeper
from assistive.gaze.messages import CalibrationShown
from assistive.i18n import translator
from assistive.learning.choice_log import ChoiceLog
from assistive.messages import (
    BoardShown,
    DwellView,
    HelpAnswered,
    HelpShown,
    Incoming,
    JournalEntry,
    NoticesShown,
    Outgoing,
    ScanShown,
    SettingsChanged,
    Sound,
    StopVoice,
    TextShown,
    Trouble,
    Utterance,
)
from assistive.proposals import ProposalService
from assistive.recording.live import LiveRecording
from assistive.server_setting import server_address
from assistive.settings import Settings
from assistive.store import updated_settings_text
from assistive.text.history import restore, snapshot
from assistive.text.journal import open_journal
from assistive.text.journal_writer import JournalWriter
from assistive.voice import Voice
from calibration.view import CalibrationView
from devices.clock import Clock
from devices.driver import Driver, Emitted
from devices.mailbox import Mailbox
from devices.runner import DriverRunner
from devices.samples import EegChunk, FaceSample, GazeSample, Marker
from models.gaze.features import EyeFeatures, eye_features
from models.language.messages import ProposalRequest
from models.language.server.address import ServerAddress
from models.weights import WeightsError, resolve_language_model

COMPACT_AFTER = 2000  # journal entries
CLOSING_S = 3.0
ASKED_ANEW = {"about", "filter", "phrases"}  # settings of the model that need no other model
WAITING_SAMPLES = 120  # gaze samples that may wait for a busy engine

_log = logging.getLogger(__name__)


class Session:
    """One person writing: owns the engine's thread and all that works for it.

    Parameters
    ----------
    folders : Folders
    settings : Settings
    clock : Clock
    show : callable
        Takes what the window shows (boards, text, notices, help, settings); called from the engine's thread.
    output : AudioOutput
    troubles : tuple of Trouble
        What went wrong before there was a session: shown as notices.
    watch : callable, optional
        Sees every message that goes into the engine or comes out of it; from any thread.
    """

    def __init__(
        self,
        folders: Folders,
        settings: Settings,
        clock: Clock,
        show: Callable[[Outgoing], None],
        output: AudioOutput,
        troubles: tuple[Trouble, ...] = (),
        watch: Callable[[Incoming | Outgoing], None] | None = None,
    ) -> None:
        self._folders = folders
        self._clock = clock
        self._show = show
        self._changed: set[str] = set()  # the settings that are not those of the file any more
        self._watch = watch
        self._mailbox = Mailbox[Incoming](WAITING_SAMPLES, droppable=(GazeSample, EyeFeatures))
        self._runners: list[DriverRunner] = []
        self._gaze: DriverRunner | None = None
        self._eeg: DriverRunner | None = None
        journal, entries, recovery = open_journal(folders.journal)
        restored = restore(entries)
        settings, no_consent = agreed_to(settings, restored.consents, clock.now())
        self._settings = settings
        self._listener = EegListener(folders.eeg, self.post, clock, self._tr, settings)
        if len(entries) > COMPACT_AFTER or not settings.privacy.history:
            whole = snapshot(restored, clock.now(), keep_history=settings.privacy.history)
            with contextlib.suppress(OSError):  # a full disk: the journal stays as long as it was
                journal.compact([whole])
        self._writer = JournalWriter(journal, self.post, clock)
        self._voice = Voice(self.post, output, clock)
        self._proposals = ProposalService(self.post, clock, settings.look.language, restored.conversation.own)
        self._proposals.hold_back(settings.model.filter)
        self._engine = Engine(settings, restored, _layouts(), translator, self._out)
        self._recording = LiveRecording(self._engine, restored, folders.recordings, self.post, clock)
        self._choices = ChoiceLog(self._engine, folders.choices, self.post, clock)
        self._calibrations = CalibrationKeeper(folders.calibrations, self.post, clock, self._tr)
        self._thread = EngineThread(self._engine, self._mailbox, clock, (self._recording, self._choices))
        for trouble in troubles + no_consent:
            self.post(trouble)
        if recovery.what:
            self.post(Trouble(clock.now(), "journal", recovery.what, recovery.works, recovery.todo))

    def post(self, message: Incoming) -> None:
        """Put a message in the engine's mailbox; from any thread."""
        if self._watch is not None:
            self._watch(message)
        self._listener.shown(message)
        self._mailbox.put(message)

    def view(self) -> DwellView:
        """The gaze and the dwell in progress; from any thread."""
        return self._engine.view

    def calibration(self) -> CalibrationView | None:
        """Where a calibration is, None while there is none; from any thread."""
        return self._engine.calibration

    @property
    def engine_awake_at(self) -> float:
        """When the engine's thread last went round, on the shared clock."""
        return self._thread.awake_at

    def start(self) -> None:
        """Start the engine and the journal: from here on, keys can be chosen."""
        self._thread.start()

    def start_helpers(self, *, model: bool = True) -> None:
        """Start what may come later than the first key: the voice and the language model."""
        self._voice.apply(self._settings)
        self._voice.start()
        if model and self._settings.model.proposals:
            self._proposals.start(*_model(self._settings))
        else:
            self._proposals.start(None)

    def add_driver(self, driver: Driver) -> None:
        """Start reading from a device."""
        runner = DriverRunner(driver, self._from_device, self._clock)
        self._runners.append(runner)
        runner.start()

    def use_gaze(self, driver: Driver) -> None:
        """Read the gaze from this device, and no longer from the one before; from any thread, waits for neither."""
        before, self._gaze = self._gaze, DriverRunner(driver, self._from_device, self._clock)
        threading.Thread(target=_hand_over, args=(before, self._gaze), name="gaze input", daemon=True).start()

    def use_eeg(self, driver: Driver | None) -> None:
        """Read the EEG from this device (None: from none), and no longer from the one before; otherwise as `use_gaze`."""
        before = self._eeg
        self._eeg = None if driver is None else DriverRunner(driver, self._from_amplifier, self._clock)
        threading.Thread(target=_hand_over, args=(before, self._eeg), name="eeg input", daemon=True).start()

    def _from_device(self, sample: Emitted) -> None:
        if not isinstance(sample, EegChunk | Marker):
            self.post(eye_features(sample) if isinstance(sample, FaceSample) else sample)

    def _from_amplifier(self, sample: Emitted) -> None:
        self._listener.sample(sample)
        self._from_device(sample)

    @property
    def model_pid(self) -> int | None:
        """The process id of the language model's child, or None."""
        return self._proposals.model_pid

    def close(self) -> None:
        """Stop the devices, let the engine finish, flush the journal."""
        for runner in (*self._runners, self._gaze, self._eeg):
            if runner is not None:
                runner.stop()
        self.post(HelpAnswered(self._clock.now()))  # whoever closes Sayso is there; a crash goes on calling
        self._thread.close()
        self._recording.close(CLOSING_S)
        self._choices.close(CLOSING_S)
        self._calibrations.close(CLOSING_S)
        self._listener.close(CLOSING_S)
        self._voice.close()
        self._proposals.close()
        if not self._writer.close(CLOSING_S):
            _log.error("not everything could be written before Sayso ended")

    def _tr(self, sentence: str) -> str:
        return translator(self._settings.look.language)(sentence)

    def _out(self, message: Outgoing) -> None:
        if isinstance(message, JournalEntry):
            self._writer.submit(message)  # before all else: nothing that fails may cost the text
        self._recording.outgoing(message)
        self._choices.outgoing(message)
        self._calibrations.outgoing(message)
        self._listener.outgoing(message)
        if self._watch is not None:
            self._watch(message)
        match message:
            case JournalEntry():
                if message.kind in ("speak", "say"):
                    self._proposals.learn(str(message.data["text"]))
            case Utterance() | StopVoice() | Sound():
                self._voice.handle(message)
            case ProposalRequest():
                self._proposals.request(message)
            case SettingsChanged():
                self._apply(message.settings)
                self._show(message)
            case BoardShown() | TextShown() | NoticesShown() | HelpShown() | ScanShown() | CalibrationShown():
                self._show(message)
            case ShowFlashes() | StopFlashes() | ShowOutcome() | EegShown():
                self._show(message)

    def _apply(self, settings: Settings) -> None:
        old, self._settings = self._settings, settings
        path = self._folders.settings
        self._changed |= settings.differing(old)
        changed = frozenset(self._changed)
        self._writer.save(path, lambda: updated_settings_text(path, settings, changed))
        self._voice.apply(settings)
        if old.privacy.history and not settings.privacy.history:
            self._writer.forget(snapshot(self._engine.restorable(), self._clock.now(), keep_history=False))
            self._proposals.forget()
        self._proposals.hold_back(settings.model.filter)
        if settings.model.model_dump(exclude=ASKED_ANEW) != old.model.model_dump(exclude=ASKED_ANEW):
            if settings.model.proposals:
                self._proposals.use(*_model(settings))
            else:
                self._proposals.use(None)


def _hand_over(before: DriverRunner | None, after: DriverRunner | None) -> None:
    if before is not None:
        before.stop()
    if after is not None:
        after.start()


def _layouts() -> Callable[[str], Layout]:
    loaded: dict[str, Layout] = {}

    def layout_for(language: str) -> Layout:
        if language not in loaded:
            loaded[language] = load_layout(language)
        return loaded[language]

    return layout_for


def _model(settings: Settings) -> tuple[Path | None, str, ServerAddress | None]:
    server = server_address(settings.model)
    try:
        return resolve_language_model(settings.model.path, language=settings.look.language), "", server
    except WeightsError as error:
        return None, str(error), server
