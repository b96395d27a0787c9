"""assistive: the engine: one thread owns all that changes and handles one message at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from assistive.boards.board import Action, Board, Target, Verb
from assistive.boards.calibration_page import RECENTRE_KEY
from assistive.boards.layout import Layout
from assistive.boards.pages import BoardContent, page_after
from assistive.boards.steering_page import SteeringShown
from assistive.changing import changed, refused
from assistive.confirming import Confirming, sentence_to_confirm
from assistive.consents import ASKS_FOR, consent_data
from assistive.conversation import Conversation
from assistive.eeg import following as eeg_following
from assistive.eeg.following import Chosen, Eeg
from assistive.eeg.messages import EegShown
from assistive.eeg.state import EegState
from assistive.fusion.pace import Pace
from assistive.fusion.yes_no import Answer
from assistive.gaze.calibrating import Sent
from assistive.gaze.following import Gaze, sees, target_done
from assistive.gaze.found import found_trouble, settings_after
from assistive.gaze.messages import (
    Calibrated,
    CalibrationFound,
    CalibrationShown,
    EndCalibration,
    Fitted,
    SetupChanged,
)
from assistive.helping import Helping
from assistive.input_watch import LOST_KEY, POINTER, POOR_KEY, TRIAL_S, InputWatch, Trial
from assistive.keeping import SLOW_KEY, Keeping
from assistive.looking import Looking
from assistive.messages import (
    CaregiverKey,
    ChangeSetting,
    DwellView,
    HelpAnswered,
    Incoming,
    JournalAcked,
    JournalFailed,
    NoticesShown,
    Outgoing,
    PartnerSaid,
    Press,
    ScanShown,
    Selection,
    SettingsChanged,
    Sound,
    StopVoice,
    Tick,
    Tone,
    Trouble,
    TroubleOver,
    VoiceProgress,
    WindowGeometry,
)
from assistive.notices import Notices
from assistive.proposing import Proposing
from assistive.saying import NOT_IN_TEXT, Saying
from assistive.scanning import Scanning
from assistive.screen import RESTING_PAGE, Screen, Translator
from assistive.settings import Settings, listed
from assistive.text.compose import last_word
from assistive.text.document import TextDocument
from assistive.text.history import CONFIRMS_NOTHING, START_PAGE, Restored
from assistive.writing import Writing
from calibration.gaze import Axes
from calibration.view import CalibrationView, Phase
from devices.i18n import N_
from devices.samples import DeviceState, DeviceStatus, GazeSample, SwitchEvent
from models.gaze.features import EyeFeatures
from models.language.messages import ModelState, ModelStatus, Proposals

NOBODY = (math.nan, math.nan)
MEANT_INSTEAD = Action(Verb.EEG, "instead")  # see boards/eeg_page.py::undo_offer
NO_TARGETS = (None, Phase.RESULT, Phase.LEFT)  # phases of a calibration whose board is to choose from
PAUSE_S = 1800.0  # after so long a pause, what was said before is no context any more
MENDING_S = 180.0  # after a call was answered, a lost input calls again only after this and the usual time


class Engine:
    """Samples become a belief, a belief a selection, a selection text; all by `handle`, all in one thread.

    Parameters
    ----------
    settings : Settings
    restored : Restored
        The text, page and history from the journal.
    layout_for : callable
        Gives the layout of a language.
    translator_for : callable
        Gives the translator of a language.
    emit : callable
        Takes every outgoing message; must not block.
    """

    def __init__(
        self,
        settings: Settings,
        restored: Restored,
        layout_for: Callable[[str], Layout],
        translator_for: Callable[[str], Translator],
        emit: Callable[[Outgoing], None],
    ) -> None:
        self.settings = settings
        self.page = restored.page
        self._writing = Writing(restored.document, restored.conversation)
        self.consents = restored.consents
        self._emit = emit
        self._screen = Screen(layout_for, translator_for, settings.look.language, emit)
        self._looking = Looking(settings.dwell)
        self._talked_at: float | None = None
        self._proposing = Proposing(self.document, self.conversation, emit, self._screen.phrase_slots)
        self._notices = Notices()
        self._unanswered = restored.help
        self._input = InputWatch(settings.input.gaze)
        self.gaze = Gaze(settings, self._calibration, self._screen.translate)
        self.calibration: CalibrationView | None = None
        self.eeg = Eeg(settings, self._from_eeg, self._screen.translate)
        self._eeg_shown = EegState()
        self._confirming = Confirming()
        self._scanning = Scanning(settings.scanning, self._offered)
        self._keeping = Keeping(restored.number, emit)
        self._saying = Saying(emit)
        self._help = Helping(self._saying, emit, self._screen.translate)

    @property
    def window(self) -> WindowGeometry | None:
        """The window, once it is there."""
        return self._screen.window

    @property
    def document(self) -> TextDocument:
        """The text."""
        return self._writing.document

    @property
    def conversation(self) -> Conversation:
        """What was said by whom."""
        return self._writing.conversation

    @property
    def board(self) -> Board:
        """What can be chosen now."""
        return self._screen.board

    @property
    def view(self) -> DwellView:
        """The gaze and the dwell in progress."""
        return self._looking.view

    # ------------------------------------------------------------ messages in

    def handle(self, message: Incoming) -> None:
        """Take in one message; everything that follows from it leaves through `emit` before this returns."""
        match message:
            case GazeSample() | EyeFeatures():
                self._look(message)
            case Proposals():
                self._proposals(message)
            case Press():
                self._press(message)
            case JournalAcked():
                self._acked(message)
            case Fitted():
                self.gaze.fitted(message)
            case CalibrationFound():
                self._found(message)
            case EndCalibration():
                self.gaze.calibrating.choose(message.t, "end")
            case CaregiverKey():
                self.eeg.caregiver_key(message.t)
            case JournalFailed():
                self._keeping.failed()
                self._press_waiting()
            case SwitchEvent():
                self._switch(message)
            case VoiceProgress():
                self._voice(message)
            case WindowGeometry():
                self._resized(message)
            case DeviceStatus():
                self._device(message)
            case ModelStatus():
                self._model(message)
            case PartnerSaid():
                self._partner(message)
            case HelpAnswered():
                self._end_help(message.t)
            case ChangeSetting():
                self._setting_asked_for(message)
            case Trouble():
                self._trouble(message)
            case TroubleOver():
                if self._notices.over(message.key, self._screen.tr):
                    self._show_notices(message.t)
            case Tick():
                pass
            case _:
                self._by_eeg(message.t, self.eeg.take(message))
        self._on_time(message.t)
        before, self.calibration = self.calibration, self.gaze.calibrating.view(message.t)
        if target_done(before, self.calibration):
            self._tone(message.t, Tone.POINT)

    def restorable(self) -> Restored:
        """The text, the page, the conversation and the call for help of now: what another engine could go on with."""
        return Restored(
            self.document,
            self.page,
            self.conversation,
            self._keeping.number,
            self._help.reason,
            self.consents,
        )

    @property
    def pace(self) -> Pace:
        """How long each target has to be looked at."""
        return self._looking.pace

    def deadline(self) -> float | None:
        """When a Tick is wanted next, in seconds on the shared clock; None: never."""
        trial = self._input.trial
        times = (
            self._proposing.deadline,
            self._help.deadline,
            self._lost_deadline(),
            self._keeping.deadline,
            trial.until if trial is not None else None,
            self.gaze.calibrating.deadline(),
            self.eeg.deadline(),
            self._confirming.deadline(),
            self._scanning.deadline(),
        )
        return min((t for t in times if t is not None), default=None)

    def _on_time(self, t: float) -> None:
        if self._proposing.tick(t):
            self._show_board(t)
        disk_late = self._keeping.late(t)
        if disk_late is not None:
            self._trouble(disk_late)
            self._press_waiting()
        failed, trial = self._input.failed(t), self._input.trial
        if failed is not None and trial is not None:
            self._change_setting(t, "input.gaze", trial.before)
            self._trouble(failed)
        self.gaze.calibrating.tick(t)
        self._by_eeg(t, self.eeg.tick(t))
        if self._confirming.tick(t):
            self._show_board(t)
        self._by_switch(t, self._scanning.tick(t))
        lost_at = self._lost_deadline()
        if lost_at is not None and t >= lost_at:
            self._begin_help(t, self._screen.tr("The eyes or the input device were lost."))
        self._help.sound(t, self.settings)

    def _lost_deadline(self) -> float | None:
        if self._help.calling:
            return None
        since = (self._input.lost_since(resting=self.page == RESTING_PAGE), self.eeg.lost_since)
        return min((at + self.settings.help.input_lost_s for at in since if at is not None), default=None)

    # ------------------------------------------------------------ looking and choosing

    def _look(self, sample: GazeSample | EyeFeatures) -> None:
        t, looking = sample.t, self._looking
        trouble = self._input.sample(t, sees=sees(sample))
        if trouble is not None:
            self._trouble(trouble)
        point = self.gaze.take(sample)
        shown, text = self._proposing.shown, self.document.text
        chosen = looking.take(point, self._screen, shown, text, self.eeg.asked)
        self.eeg.looked(t, looking.point or NOBODY, looking.error)
        if looking.point is not None:
            self._confirming.looked(t)
            self.gaze.looked(point, looking.target.id if looking.target is not None else None)
            self._proposing.looked(t, looking.target)
            if chosen is not None and not self._keeping.pending:
                self._choose(t, chosen, by_look=True)
            if self._proposing.ask_late(t, self.settings, at_a_slot=looking.at_a_slot):
                self._show_board(t)
            share = 0.0 if looking.target is None else looking.dwell.share(looking.target.id)
            self._proposing.prepare(t, self.settings, looking.target, share)
        looking.show(t)

    def _press(self, press: Press) -> None:
        self._input.used_otherwise(press.t)
        self.eeg.caregiver_key(press.t)
        target = self.board.target(press.target_id)
        if not self.settings.input.click or target is None or target.label != press.label:
            return
        if self._keeping.pending:
            self._keeping.waiting.append(press)
        elif target.choosable:
            self._choose(press.t, target)

    def _switch(self, event: SwitchEvent) -> None:
        """The switch chooses what scanning offers or, without scanning, what is looked at; at once."""
        self._input.used_otherwise(event.t)
        self.eeg.used_otherwise(event.t)
        if event.pressed and self._end_targets(event.t):
            return
        if self._scanning.on:
            self._by_switch(event.t, self._scanning.switched(event))
            return
        target = self._looking.switch_target(event.t, self._screen)
        if not event.pressed or self._keeping.pending:
            return
        looking = target is not None
        confirmed = self._confirming.press(event.t, self.settings.eeg.certainty, looking=looking)
        if confirmed is not None:
            self._act(event.t, confirmed)
            self._show_text(event.t)
        self._show_board(event.t)
        if target is not None:
            self._choose(event.t, target)

    def _by_switch(self, t: float, taken: Target | None) -> None:
        """What scanning offered was taken."""
        if taken is not None and not self._keeping.pending:
            self._choose(t, taken)

    def _by_eeg(self, t: float, chosen: Chosen | None) -> None:
        """What the EEG brought about: a choice, or something that the board tells of."""
        if chosen is not None and not self._keeping.pending:
            self._choose(t, chosen.target, by_eeg=True)
        elif self.eeg.state(t) != self._eeg_shown:
            self._show_board(t)

    def _choose(self, t: float, target: Target, *, by_look: bool = False, by_eeg: bool = False) -> None:
        """The selection: the one place where what the person chose takes effect."""
        self._talks(t)
        self._looking.chosen(t, target, by_look=by_look)
        action, offer = target.action, self.eeg.offer
        self.eeg.selected(t, target, by_eeg=by_eeg)
        self._confirming.chosen(action.verb)
        self._scanning.selected(target)
        if action.verb in (Verb.UNDO, Verb.DELETE_LETTER, Verb.DELETE_WORD):
            self.gaze.undone(t)
        else:
            self.gaze.selected(t, target.id, self._screen.on_screen(target.rect), by_look=by_look)
        self._emit(Selection(t, target.id, target.label, action))
        self._proposing.decided()
        if action.verb not in (Verb.CHIME, Verb.HELP, Verb.SPEAK, Verb.SAY):
            self._tone(t, Tone.CLICK)
        unspoken = self.document.unspoken()
        asked = sentence_to_confirm(target, "" if unspoken is None else unspoken[0])
        if asked and self.settings.eeg.confirm_speech:
            self._confirming.ask(t, action, asked)
        elif action.verb is Verb.CONFIRM:
            confirmed = self._confirming.answer(Answer(action.argument))
            if confirmed is not None:
                self._act(t, confirmed)
        elif action == MEANT_INSTEAD:
            if offer is not None and offer.instead is not None:
                self._act(t, Action(Verb.UNDO))
                self._act(t, offer.instead.action)
        else:
            self._act(t, action)
        advice = self.gaze.advice(t)
        if advice:
            self._trouble(Trouble(t, RECENTRE_KEY, advice))
        self._show_text(t)
        self._show_board(t)
        self._scanning.begin_anew(t)

    def _act(self, t: float, action: Action) -> None:
        """Do what was chosen."""
        page = page_after(self.page, action)
        match action.verb:
            case (
                Verb.WRITE
                | Verb.WORD
                | Verb.DELETE_LETTER
                | Verb.DELETE_WORD
                | Verb.CLEAR
                | Verb.UNDO
                | Verb.SPEAK
                | Verb.SAY
                | Verb.REPEAT
            ):
                self._write(t, action, page)
            case Verb.STOP:
                self._emit(StopVoice(t))
            case Verb.OPEN | Verb.REST | Verb.WAKE:
                self._accept(t, "page", {}, page)
            case Verb.HELP:
                self._begin_help(t)
            case Verb.HELP_BACK | Verb.HELP_SEEN:
                self._end_help(t)
            case Verb.CHIME:
                self._emit(Sound(t, Tone.CHIME, max(0.5, self.settings.voice.volume)))
            case Verb.SETTING:
                path, _, value = action.argument.partition("=")
                self._change_setting(t, path, value)
                if path in ASKS_FOR:
                    self._consent(t, path, page)
            case Verb.STEER:
                self._steer(t, action.argument, page)
            case Verb.CALIBRATE:
                self._calibrate(t, action.argument)
            case Verb.DISMISS:
                if self._notices.dismiss(action.argument):
                    self._show_notices(t)
            case Verb.EEG:
                self.eeg.choose(t, action.argument)
                if self.eeg.running or action.argument == "use":
                    self._accept(t, "page", {}, START_PAGE)  # what flashes is to write with

    def _tone(self, t: float, tone: Tone) -> None:
        """A soft sound, where the person wants such."""
        if self.settings.sound.click and not self.settings.sound.muted:
            self._emit(Sound(t, tone, 0.5 * self.settings.voice.volume))

    def _accept(self, t: float, kind: str, data: dict[str, Any], page: str) -> None:
        """Hand the selection to the journal; the next one waits until it is on disk."""
        self.page = page
        self._keeping.entry(t, kind, data | {"page": page})
        if kind not in CONFIRMS_NOTHING:
            self.document.confirm()

    def _acked(self, ack: JournalAcked) -> None:
        if self._keeping.acked(ack) and self._notices.over(SLOW_KEY, self._screen.tr):
            self._show_notices(ack.t)
        self._press_waiting()

    def _press_waiting(self) -> None:
        """The keys that were pressed while the disk was busy."""
        while self._keeping.waiting and not self._keeping.pending:
            self._press(self._keeping.waiting.popleft())

    # ------------------------------------------------------------ the text

    def _write(self, t: float, action: Action, page: str) -> None:
        done = self._writing.choose(action, self.settings)
        if done.kind == "undo":
            self._proposing.undone()
        elif done.kind in ("edit", "speak"):
            self._proposing.changed(action)
        if done.unsays and self._saying.speaking:
            self._emit(StopVoice(t))
        self._accept(t, done.kind, done.data, page)
        if done.says:
            begins = NOT_IN_TEXT if done.begins is None else done.begins
            self._saying.say(t, done.says, self.settings, begins)
        if done.kind in ("edit", "undo", "speak"):
            self._ask(t)

    def _steer(self, t: float, argument: str, page: str) -> None:
        """The person says what is to be proposed; all of it can be taken back on the same page."""
        what, _, words = argument.partition(" ")
        if what in ("pin", "unpin"):
            kept = what == "pin"
            (self.conversation.pin if kept else self.conversation.unpin)(words)
            self._accept(t, "pin", {"line": words, "kept": kept}, page)
            self._ask(t)
        elif what == "forget":
            self._proposing.forget()
            self._accept(t, "choice", {}, page)
            self._ask(t)
        else:
            path = "model.banned" if what in ("ban", "allow") else "model.topics"
            others = [word for word in listed(str(self.settings.value(path))) if word != words]
            self._accept(t, "choice", {}, page)
            self._change_setting(t, path, ", ".join([*others, words] if what in ("ban", "topic") else others))

    def _partner(self, message: PartnerSaid) -> None:
        self._talks(message.t)
        self.conversation.heard(message.text)
        self._accept(message.t, "partner", {"text": message.text}, self.page)
        self._ask_unseen(message.t)
        self._show_text(message.t)
        self._show_board(message.t)

    def _talks(self, t: float) -> None:
        """Something is written or said; after a long pause it begins a new conversation."""
        if self._talked_at is not None and t - self._talked_at > PAUSE_S:
            self.conversation.begin()
        self._talked_at = t

    def _ask(self, t: float) -> None:
        self._proposing.ask(t, self.settings)

    def _ask_unseen(self, t: float) -> None:
        self._proposing.ask_unseen(t, self.settings, at_a_slot=self._looking.at_a_slot)

    def _proposals(self, proposals: Proposals) -> None:
        if self._proposing.answer(proposals, at_a_slot=self._looking.at_a_slot):
            self._show_board(proposals.t)

    # ------------------------------------------------------------ the voice and help

    def _voice(self, progress: VoiceProgress) -> None:
        if self._saying.progress(progress):
            self._show_board(progress.t)
        self._show_text(progress.t)

    def _begin_help(self, t: float, reason: str = "") -> None:
        if self._help.begin(t, reason):
            self._end_targets(t)  # whoever calls for help sees that it is being called
            self._accept(t, "help", {"calling": True, "reason": reason}, self.page)
            self._show_board(t)

    def _end_help(self, t: float) -> None:
        if self._help.end(t):
            self._input.used_otherwise(t + MENDING_S)
            self.eeg.used_otherwise(t + MENDING_S)
            self._accept(t, "help", {"calling": False}, self.page)
            self._show_board(t)

    # ------------------------------------------------------------ devices, model, settings

    def _device(self, status: DeviceStatus) -> None:
        self.eeg.device(status)
        trouble = self._input.status(status)
        if trouble is not None:
            self._trouble(trouble)
        elif status.device == self._input.device and status.state is DeviceState.RUNNING:
            for key in (LOST_KEY, POOR_KEY):
                if self._notices.over(key, self._screen.tr):
                    self._show_notices(status.t)

    def _calibrate(self, t: float, what: str) -> None:
        self.gaze.calibrate(t, what, self._screen.keys(Axes(self.settings.gaze.axes)))

    def _end_targets(self, t: float) -> bool:
        """End a calibration while its targets, or the face, fill the screen; whether there was one."""
        if self.gaze.calibrating.phase in NO_TARGETS:
            return False
        self._calibrate(t, "end")
        return True

    def _calibration(self, message: Sent | SetupChanged) -> None:
        """Something of a calibration is for the outside; what it found is used here first."""
        if isinstance(message, Calibrated):
            kept = self.gaze.calibrated(message)
            if kept is not None:
                self._use_calibration(kept)
            message = kept or message
        self._emit(message)
        if isinstance(message, CalibrationShown):
            self._show_board(message.t)

    def _use_calibration(self, message: Calibrated) -> None:
        if self._notices.dismiss(RECENTRE_KEY):
            self._show_notices(message.t)
        for path, value in settings_after(message.outcome, self.settings).items():
            self._change_setting(message.t, path, value)

    def _found(self, message: CalibrationFound) -> None:
        """What is on disk for this camera or tracker and this screen."""
        if not self.gaze.waits_for(message):
            return
        trouble = found_trouble(message, self._screen.tr, used=self.gaze.found(message))
        if trouble is not None:
            self._trouble(trouble)
        if not self.gaze.placed:
            self._calibrate(message.t, "start")  # without one, these eyes cannot even ask for it

    def _from_eeg(self, message: eeg_following.Sent) -> None:
        """Something of the EEG is for the outside, or for the person."""
        match message:
            case Trouble():
                self._trouble(message)
            case TroubleOver():
                if self._notices.over(message.key, self._screen.tr):
                    self._show_notices(message.t)
            case _:
                self._emit(message)
                if isinstance(message, EegShown):
                    self._show_board(message.t)

    def _model(self, status: ModelStatus) -> None:
        ready, changed_slots = self._proposing.model(status.state)
        if ready:
            self._ask_unseen(status.t)
        if ready or changed_slots:
            self._show_board(status.t)
        if status.state is ModelState.READY and self._notices.over("model", self._screen.tr):
            self._show_notices(status.t)
        elif status.state in (ModelState.FAILED, ModelState.LOST):
            self._trouble(Trouble(status.t, "model", status.detail or N_("The language model has stopped.")))

    def _trouble(self, trouble: Trouble) -> None:
        if self._notices.add(trouble, self._screen.tr):
            self._show_notices(trouble.t)

    def _consent(self, t: float, path: str, page: str) -> None:
        """The person's own selection is kept with their text: a setting in a file alone is no consent."""
        given = self.settings.value(path) is ASKS_FOR[path]
        self.consents = self.consents | {path} if given else self.consents - {path}
        self._accept(t, "consent", consent_data(path, given=given), page)

    def _setting_asked_for(self, message: ChangeSetting) -> None:
        """A setting is changed from outside the board; what is kept about the person they alone decide."""
        trouble = refused(message)
        if trouble is not None:
            self._trouble(trouble)
        else:
            self._change_setting(message.t, message.path, message.value)

    def _change_setting(self, t: float, path: str, value: Any) -> None:
        settings = changed(self.settings, t, path, value, self._screen.tr)
        if isinstance(settings, Trouble):
            self._trouble(settings)
            return
        if settings == self.settings:
            return
        old, self.settings = self.settings, settings
        self._looking.use(settings.dwell)
        if settings.look.language != old.look.language:
            self._screen.use_language(settings.look.language)
        if settings.input.gaze != old.input.gaze:
            failed = self._input.failed(t)  # back to the one before: that one is not on trial
            on_trial = failed is None and settings.input.gaze != POINTER
            trial = Trial(old.input.gaze, t + TRIAL_S) if on_trial else None
            self._input = InputWatch(settings.input.gaze, trial)
        self.gaze.use(t, settings, self._screen.window)
        self.eeg.use(t, settings)
        self._scanning.use(settings.scanning)
        if self._scanning.on:
            self._confirming.without_switch()
        self._emit(SettingsChanged(t, settings))
        if (settings.look.language, settings.model) != (old.look.language, old.model):
            self._ask(t)
        self._show_board(t)

    # ------------------------------------------------------------ what is shown

    def start(self, t: float) -> None:
        """Show what there is, ask for the first words, and go on calling for help if nobody has come yet."""
        if self._unanswered is not None:
            self._help.begin(t, self._unanswered)
        self._ask(t)
        self._show_text(t)
        self._show_board(t)

    def _resized(self, message: WindowGeometry) -> None:
        if message.geometry.width_px > 0 and message.geometry.height_px > 0:
            slots = self._screen.phrase_slots(self.settings)
            self._screen.window = message
            self.gaze.use(message.t, self.settings, message)
            if self._screen.phrase_slots(self.settings) != slots:
                self._ask(message.t)
            self._show_board(message.t)

    def _show_board(self, t: float) -> None:
        self._show_page(t)
        calibrating = self.eeg.calibrating.view(t)
        self._scanning.show(
            t,
            self.board,
            self._proposing.shown,
            self.document.text,
            quiet=self.eeg.running or (calibrating is not None and calibrating.wanted != ""),
            held_back=self.gaze.calibrating.phase not in NO_TARGETS,
        )

    def _offered(self, message: ScanShown) -> None:
        """Scanning has come to something else."""
        self._emit(message)
        if message.targets:
            self._tone(message.t, Tone.STEP)

    def _show_page(self, t: float) -> None:
        view = self.gaze.calibrating.view(t)
        if view is not None:
            axes, calling = Axes(self.settings.gaze.axes), self._help.calling
            self._screen.show_calibration(t, view, axes, self._looking.dwell, calling=calling)
            return
        eeg = self.eeg.calibrating.view(t)
        if eeg is not None:
            axes, calling = Axes(self.settings.gaze.axes), self._help.calling
            self._screen.show_eeg_calibration(t, eeg, axes, self._looking.dwell, calling=calling)
            return
        self._eeg_shown = self.eeg.state(t)
        words, phrases = self._proposing.in_slots(self.settings)
        content = BoardContent(
            words=words,
            phrases=phrases,
            settings=self.settings,
            notice=self._notices.first,
            help_calling=self._help.calling,
            speaking=self._saying.speaking,
            steering=SteeringShown(
                last_word(self.document.text),
                self.conversation.partner,
                self.conversation.pinned,
                self._proposing.leaning,
            ),
            eeg=self._eeg_shown,
            confirm=self._confirming.view(t),
        )
        self.page = self._screen.show_board(t, self.page, content, self._looking.dwell, self._looking.point)
        self.eeg.show(t, self.board, self._proposing.shown, self.document.text)

    def _show_text(self, t: float) -> None:
        self._screen.show_text(t, self.document, self.conversation, self._saying.heard)

    def _show_notices(self, t: float) -> None:
        self._emit(NoticesShown(t, self._notices.all))
        self._show_board(t)
