"""assistive: the settings, as data. Every field says what it changes for the person."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

SETTINGS_VERSION = 1

Theme = Literal["dark", "light", "contrast"]
Language = Literal["en", "ru"]
Grid = Literal["auto", "9x6", "8x6", "6x5", "5x4", "4x3", "3x3", "3x2", "2x2", "6x1", "1x5"]
DwellMode = Literal["fixed", "cascade", "bayes"]


def listed(text: str) -> tuple[str, ...]:
    """The words of a setting that has commas between them, each once."""
    return tuple(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))


class Section(BaseModel):
    """One table of the settings file: frozen, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LookSettings(Section):
    """How the board looks."""

    theme: Theme = Field(
        "dark",
        title="Theme",
        description="Dark is calm in a dim room, light in a bright one; high contrast has the strongest lines.",
    )
    language: Language = Field(
        "en", title="Language", description="The language of the keys, the words, the voice and the screen."
    )
    grid: Grid = Field(
        "auto",
        title="Grid",
        description="Fewer, larger keys are easier to hit. Auto takes the largest grid whose keys are at least 3 cm; 6 x 1 and 1 x 5 are for eyes that move only sideways, or only up and down.",
    )
    gaze_cursor: bool = Field(
        False,
        title="Show where I look",
        description="Shows a small dot where the computer thinks the eyes are.",
    )


class DwellSettings(Section):
    """How a look becomes a choice."""

    mode: DwellMode = Field(
        "fixed",
        title="How long a look takes",
        description="Fixed: always the same. Cascade: what is likely is quicker. Bayes: what is likely is quicker, and what you only read is learned.",
    )
    letter_s: float = Field(
        1.0,
        ge=0.2,
        le=4.0,
        title="Time to choose a letter",
        description="How long a look must rest on a letter to choose it.",
        json_schema_extra={"step": 0.1, "unit": "s"},
    )
    word_factor: float = Field(
        1.4,
        ge=1.0,
        le=4.0,
        title="Words take longer",
        description="How much longer a word needs than a letter, so that it can be read without being chosen.",
        json_schema_extra={"step": 0.1, "unit": "x"},
    )
    phrase_factor: float = Field(
        2.0,
        ge=1.0,
        le=5.0,
        title="Phrases take longer",
        description="How much longer a phrase needs than a letter, so that it can be read without being chosen.",
        json_schema_extra={"step": 0.1, "unit": "x"},
    )
    reading_factor: float = Field(
        1.0,
        ge=0.0,
        le=3.0,
        title="Time to read",
        description="Words and phrases can be read for so long before a look chooses them: 1 is usual, 0 is none.",
        json_schema_extra={"step": 0.25, "unit": "x"},
    )
    error_share: float = Field(
        0.02,
        ge=0.005,
        le=0.1,
        title="Wrong choices that are accepted",
        description="With Bayes: how many of all choices may be wrong. Fewer takes longer.",
        json_schema_extra={"step": 0.005, "unit": ""},
    )
    floor_s: float = Field(
        0.3,
        ge=0.15,
        le=4.0,
        title="Shortest look",
        description="With Bayes: nothing is chosen by a shorter look, however likely it is.",
        json_schema_extra={"step": 0.05, "unit": "s"},
    )
    ceiling_s: float = Field(
        3.0,
        ge=0.3,
        le=6.0,
        title="Longest look",
        description="With Bayes: everything can be chosen by a look of this time, however unlikely it is.",
        json_schema_extra={"step": 0.25, "unit": "s"},
    )
    lock_on_s: float = Field(
        0.25,
        ge=0.0,
        le=1.0,
        title="Time before the ring starts",
        description="A look shorter than this shows nothing, so that glancing over the board stays calm.",
        json_schema_extra={"step": 0.05, "unit": "s"},
    )
    keep_s: float = Field(
        0.4,
        ge=0.0,
        le=2.0,
        title="Keep progress through blinks",
        description="A blink or a glance away shorter than this pauses a choice instead of taking it back.",
        json_schema_extra={"step": 0.1, "unit": "s"},
    )
    drain_s: float = Field(
        1.0,
        ge=0.1,
        le=4.0,
        title="Time until progress is gone",
        description="After the eyes have left, a full ring empties in this time.",
        json_schema_extra={"step": 0.1, "unit": "s"},
    )
    rearm_s: float = Field(
        0.4,
        ge=0.2,
        le=2.0,
        title="Pause after a choice",
        description="After a choice nothing can be chosen for this long, so that one look never chooses twice.",
        json_schema_extra={"step": 0.1, "unit": "s"},
    )


class SoundSettings(Section):
    """What is heard beside the voice."""

    click: bool = Field(
        True,
        title="Sound when something is chosen",
        description="A soft click from the computer, apart from the voice.",
    )
    muted: bool = Field(
        False, title="Mute", description="Silences the voice and the click. A call for help is always heard."
    )


class VoiceSettings(Section):
    """How the person is heard."""

    engine: Literal["auto", "piper", "espeak"] = Field(
        "auto",
        title="Voice engine",
        description="Auto takes the natural voice where there is one for the language.",
    )
    banked_voice: str = Field(
        "",
        title="My own voice",
        description="The path of the person's own banked Piper voice (.onnx); empty for the voice that comes with Sayso.",
    )
    rate: float = Field(
        1.0,
        ge=0.5,
        le=2.0,
        title="Speaking rate",
        description="How fast the voice speaks.",
        json_schema_extra={"step": 0.1, "unit": "x"},
    )
    volume: float = Field(
        0.9,
        ge=0.0,
        le=1.0,
        title="Voice volume",
        description="How loud the voice is.",
        json_schema_extra={"step": 0.1, "unit": ""},
    )
    after_speaking: Literal["new", "keep"] = Field(
        "new",
        title="After speaking",
        description="New: the next letter begins a new sentence (undo brings the spoken one back). Keep: it goes on with the spoken one.",
    )


class HelpSettings(Section):
    """How help is called."""

    volume: float = Field(
        1.0,
        ge=0.3,
        le=1.0,
        title="Volume of the help call",
        description="How loud help is called; mute does not touch it.",
        json_schema_extra={"step": 0.1, "unit": ""},
    )
    repeat_s: float = Field(
        6.0,
        ge=2.0,
        le=60.0,
        title="Repeat the call every",
        description="The call repeats after this time until somebody answers it.",
        json_schema_extra={"step": 1.0, "unit": "s"},
    )
    input_lost_s: float = Field(
        20.0,
        ge=5.0,
        le=300.0,
        title="Call when the input is lost for",
        description="If the person's only input is gone for this long, the computer calls for help itself.",
        json_schema_extra={"step": 5.0, "unit": "s"},
    )


class ModelSettings(Section):
    """Which language model proposes."""

    proposals: bool = Field(
        True,
        title="Propose words",
        description="Shows words that may come next. The letters work without it.",
    )
    phrases: bool = Field(
        True,
        title="Propose phrases",
        description="Shows three short continuations, or whole replies, above the words.",
    )
    filter: bool = Field(
        True,
        title="Hold hurtful phrases back",
        description="Phrases that could hurt come last, unless you began them or speak so yourself. Letters and words stay as they are. Only the person can switch it off.",
    )
    tone: Literal["neutral", "warm", "formal", "urgent", "playful"] = Field(
        "neutral",
        title="Tone",
        description="How the proposals sound.",
    )
    topics: str = Field(
        "",
        max_length=500,
        title="Topics",
        description="Words that say what the talk is about, with commas between them; the proposals lean towards them.",
    )
    banned: str = Field(
        "",
        max_length=5000,
        title="Never propose",
        description="Words and phrases that are not proposed, with commas between them. They can still be written.",
    )
    about: str = Field(
        "",
        title="About me",
        description="A few facts about the person, in their own words; the language model reads them, nobody else.",
    )
    path: str = Field(
        "",
        title="Language model",
        description="The path of another GGUF file; empty for the model that comes with Sayso.",
    )
    server_url: str = Field(
        "",
        title="Language server",
        description="The address of an OpenAI-compatible server (vLLM, llama.cpp) that proposes in the model's place; empty for none. What is written is sent there, and nowhere else.",
    )
    server_model: str = Field(
        "",
        max_length=200,
        title="Model of the language server",
        description="Which of the server's models proposes; empty for the first that it has.",
    )
    server_key_env: str = Field(
        "",
        pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$",
        title="Key of the language server",
        description="The name of the environment variable with the server's API key, never the key itself; empty for none.",
    )

    @field_validator("server_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("an address begins with http:// or https:// and names a computer")
        if parts.username is not None or parts.query or parts.fragment or not url.isprintable() or " " in url:
            raise ValueError("an address holds no password, no question mark and no space")
        if parts.port == 0:
            raise ValueError("a port is a number from 1 to 65535")
        return url


class InputSettings(Section):
    """What the person chooses with."""

    gaze: str = Field(
        "pointer",
        title="Gaze from",
        description="The device that tells where the eyes are; the pointer stands in where there is none. A new one that shows no gaze within 20 seconds is given up.",
        json_schema_extra={"choices": ["pointer", "webcam", "lsl", "replay"]},
    )
    replay: str = Field(
        "",
        title="Recording to replay",
        description="The path of a CSV recording of gaze, for the input called replay.",
    )
    click: bool = Field(
        True,
        title="Click chooses too",
        description="A click, a touch or the Enter key chooses at once, beside dwelling.",
    )


class ScanningSettings(Section):
    """How switches choose without the eyes."""

    mode: Literal["off", "linear", "row_column", "group", "huffman"] = Field(
        "off",
        title="Scanning",
        description="Offers the keys in turn, and a switch takes what is offered: one by one, row by row, by groups, or what is likely first.",
    )
    switches: Literal["one_automatic", "one_step", "hold", "two"] = Field(
        "one_automatic",
        title="Switches for scanning",
        description="One: it moves by itself and a press takes. Steps: each press moves, waiting takes. Hold: it moves while held, letting go takes. Two: the first moves, the second takes.",
    )
    step_s: float = Field(
        1.2,
        ge=0.4,
        le=6.0,
        title="Time for each step",
        description="How long each is offered; with a switch that steps, how long to wait until it is taken.",
        json_schema_extra={"step": 0.2, "unit": "s"},
    )
    rounds: float = Field(
        2.0,
        ge=1.0,
        le=10.0,
        title="Rounds before it rests",
        description="So often everything is offered; then scanning rests until the next press, or leaves the group.",
        json_schema_extra={"step": 1, "unit": "x"},
    )


class GazeSettings(Section):
    """How the eyes are followed."""

    camera: str = Field(
        "",
        max_length=500,
        title="Camera",
        description="Which camera looks at the eyes, for the input called webcam: empty for the first, a number for another one, or the path of a video file.",
    )
    stream: str = Field(
        "",
        max_length=200,
        title="Tracker's stream",
        description="Which stream tells where the eyes are, for the input called lsl: a part of its name; empty for the only one.",
    )
    eyes: Literal["both", "right", "left"] = Field(
        "both",
        title="Eyes",
        description="Which eyes look: only one where the other is covered, droops or goes its own way.",
    )
    axes: Literal["both", "horizontal", "vertical"] = Field(
        "both",
        title="Movement of the eyes",
        description="In which directions the eyes can move. For one direction the grids 6 x 1 and 1 x 5 are made.",
    )
    points: Literal["1", "3", "5", "9"] = Field(
        "5",
        title="Targets of the calibration",
        description="More targets make it more exact and take longer: about three seconds each.",
    )
    picture: str = Field(
        "",
        title="Picture of the target",
        description="The path of a picture to look at during the calibration; empty for a ring that closes.",
    )
    smoothing: Literal["auto", "one_euro", "saccade", "none"] = Field(
        "auto",
        title="Smoothing",
        description="Makes the gaze calm. Automatic: for a webcam and a tracker, never for the pointer.",
    )
    follow_drift: bool = Field(
        True,
        title="Follow slow changes",
        description="Keeps the calibration true: each choice that was meant tells where the eyes really were.",
    )


class EegSettings(Section):
    """How EEG chooses."""

    source: Literal["off", "lsl", "replay"] = Field(
        "off",
        title="EEG",
        description="Whether an amplifier's stream (LSL) chooses by what flashes. Only the person can start the flashing.",
    )
    stream: str = Field(
        "",
        max_length=200,
        title="Amplifier's stream",
        description="Which stream of EEG is taken: a part of its name; empty for the only one.",
    )
    channels: str = Field(
        "",
        max_length=2000,
        title="Electrodes",
        description="Which channels are used, by name or number, with commas between them; empty for all that are EEG.",
    )
    replay: str = Field(
        "",
        title="EEG recording to replay",
        description="The path of a recording of EEG, for the source called replay.",
    )
    flashing: bool = Field(
        False,
        title="Flashing keys",
        description="Lets keys brighten one after the other, so that EEG can choose. Only the person can switch it on.",
    )
    strength: Literal["gentle", "clear"] = Field(
        "gentle",
        title="Strength of the flashes",
        description="Gentle stays below the brightness that can harm anybody; clear is seen better, on a smaller part of the screen.",
    )
    interval_s: float = Field(
        0.2,
        ge=0.12,
        le=0.6,
        title="Time between flashes",
        description="From one flash to the next: slower ones are told apart more surely.",
        json_schema_extra={"step": 0.02, "unit": "s"},
    )
    certainty: float = Field(
        0.95,
        ge=0.8,
        le=0.99,
        title="How sure EEG must be",
        description="A key is chosen once it is that probable. More is slower and makes fewer mistakes.",
        json_schema_extra={"step": 0.01, "unit": ""},
    )
    reading_s: float = Field(
        3.0,
        ge=0.5,
        le=10.0,
        title="Time to read",
        description="After each choice nothing flashes for so long, so that the new words can be read.",
        json_schema_extra={"step": 0.5, "unit": "s"},
    )
    delay_ms: float = Field(
        0.0,
        ge=-50.0,
        le=200.0,
        title="Delay of the screen",
        description="From the time that is noted for a flash to its light, as a photodiode measured it on this screen.",
        json_schema_extra={"step": 5, "unit": "ms"},
    )
    confirm_speech: bool = Field(
        False,
        title="Ask before speaking",
        description="Asks yes or no before a sentence is spoken.",
    )
    undo_offers: bool = Field(
        True,
        title="Offer to take back",
        description="Where the EEG says that a choice was wrong, undo is offered. Nothing is taken back by itself.",
    )
    publish_markers: bool = Field(
        False,
        title="Tell other programs when keys flash",
        description="Offers a marker stream in the local network (LSL), for a program that records the EEG.",
    )


class PrivacySettings(Section):
    """What is kept. It belongs to the person."""

    history: bool = Field(
        True,
        title="Remember what I wrote",
        description="Keeps the text of earlier days on this computer so that words can be learned from it.",
    )
    recordings: bool = Field(
        False,
        title="Record what I do",
        description="Keeps every look, every choice and what the partner types in a file on this computer, to be replayed. Only the person can switch it on.",
    )
    eeg_recordings: bool = Field(
        False,
        title="Record my EEG",
        description="Keeps the EEG and what flashed in a file on this computer, for whoever helps to set it up. Only the person can switch it on.",
    )
    choices: bool = Field(
        False,
        title="Keep my choices",
        description="Keeps what was proposed and what I chose in a file on this computer, to learn from. Only the person can switch it on; switched off, it is erased after a minute.",
    )


class Settings(Section):
    """All settings of one person."""

    version: int = SETTINGS_VERSION
    look: LookSettings = LookSettings()
    dwell: DwellSettings = DwellSettings()
    sound: SoundSettings = SoundSettings()
    voice: VoiceSettings = VoiceSettings()
    help: HelpSettings = HelpSettings()
    model: ModelSettings = ModelSettings()
    input: InputSettings = InputSettings()
    scanning: ScanningSettings = ScanningSettings()
    gaze: GazeSettings = GazeSettings()
    eeg: EegSettings = EegSettings()
    privacy: PrivacySettings = PrivacySettings()

    def changed(self, path: str, value: Any) -> Settings:
        """Return settings with the field at ``"section.field"`` set to `value`.

        Raises
        ------
        pydantic.ValidationError
            The value is out of range or of the wrong type.
        KeyError
            There is no such field.
        """
        section_name, _, field_name = path.partition(".")
        section = getattr(self, section_name, None)
        if not isinstance(section, Section) or field_name not in type(section).model_fields:
            raise KeyError(path)
        new = type(section).model_validate(section.model_dump() | {field_name: value})
        return self.model_copy(update={section_name: new})

    def differing(self, other: Settings) -> set[str]:
        """Return the fields, as ``"section.field"``, in which these settings are not those of `other`."""
        sections = {name: (getattr(self, name), getattr(other, name)) for name in type(self).model_fields}
        return {
            f"{name}.{field}"
            for name, (mine, theirs) in sections.items()
            if isinstance(mine, Section)
            for field in type(mine).model_fields
            if getattr(mine, field) != getattr(theirs, field)
        }

    def value(self, path: str) -> Any:
        """Return the field at ``"section.field"``; KeyError if there is none."""
        section_name, _, field_name = path.partition(".")
        section = getattr(self, section_name, None)
        if not isinstance(section, Section) or field_name not in type(section).model_fields:
            raise KeyError(path)
        return getattr(section, field_name)
