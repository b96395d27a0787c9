"""assistive.simulate: who is simulated: parameters of a person, each with its source."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PEOPLE = Path(__file__).with_name("people")

Number = TypeVar("Number", bound=float)
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Seconds = Annotated[float, Field(ge=0.0, le=20.0)]
Degrees = Annotated[float, Field(ge=0.0, le=10.0)]


class PersonError(Exception):
    """A person file cannot be used; the message says which parameter and why."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Sourced(_Table, Generic[Number]):
    """A number and where it comes from: a paper, a measurement, or an assumption that is called one."""

    value: Number
    source: Annotated[str, Field(min_length=3)]


class Screen(_Table):
    """What the person looks at."""

    width_px: int = Field(ge=320, le=10_000)
    height_px: int = Field(ge=240, le=10_000)
    width_mm: float = Field(ge=50, le=3_000)
    height_mm: float = Field(ge=50, le=3_000)
    distance_mm: float = Field(ge=200, le=3_000)


class Gaze(_Table):
    """How well the eyes are followed."""

    rate_hz: Sourced[Annotated[float, Field(ge=5, le=1000)]]
    accuracy_deg: Sourced[Degrees]  # mean distance of the reported from the true place, constant over a turn
    precision_deg: Sourced[Degrees]  # sd of the samples within a fixation, per axis
    landing_deg: Sourced[Degrees]  # sd of where a saccade lands around what it aims at, per axis
    blinks_per_min: Sourced[Annotated[float, Field(ge=0, le=60)]]
    blink_s: Sourced[Seconds]


class Looking(_Table):
    """How long it takes to find and to read."""

    search_letter_s: Sourced[Seconds]  # median time to find a key whose place is known
    search_log_sd: Sourced[Annotated[float, Field(ge=0, le=2)]]
    passing_s: Sourced[Seconds]  # mean fixation on a key on the way, while searching
    read_word_s: Sourced[Seconds]  # median time on a word slot: read_word_s + read_letter_s per character
    read_letter_s: Sourced[Seconds]
    read_phrase_s: Sourced[
        Seconds
    ]  # median time on a phrase slot: read_phrase_s + read_phrase_word_s per word
    read_phrase_word_s: Sourced[Seconds]
    read_log_sd: Sourced[Annotated[float, Field(ge=0, le=2)]]
    long_share: Sourced[Share]  # of fixations that are much longer than that
    long_factor: Sourced[Annotated[float, Field(ge=1, le=20)]]  # scale of the Pareto tail of those (shape 2)
    wait_for_slots_s: Sourced[Seconds]  # how long the person waits for slots that are empty


class Choosing(_Table):
    """How the person chooses, errs and mends."""

    by: Literal["dwell", "switch"] = "dwell"
    press_s: Sourced[Seconds]  # from seeing to pressing the switch (used where `by` is "switch")
    feedback_s: Sourced[Seconds]  # from a selection to the next thought
    overlook_share: Sourced[Share]  # of fitting proposals that are read and not noticed
    notice_share: Sourced[Share]  # of wrong selections that are noticed and corrected
    compensate_share: Sourced[Share]  # of the tracker's constant error, after each time it chose a neighbour
    notice_s: Sourced[Seconds]  # how long noticing takes
    fatigue_per_hour: Sourced[Annotated[float, Field(ge=0, le=3)]]  # growth of all looking times


class Person(_Table):
    """A simulated person: everything about them, nothing about Sayso's settings."""

    name: Annotated[str, Field(min_length=1)]
    screen: Screen
    gaze: Gaze
    looking: Looking
    choosing: Choosing

    @property
    def fingerprint(self) -> str:
        """A hash of all parameters: two runs with the same one had the same person."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


def people() -> list[str]:
    """The names of the people that come with Sayso."""
    return sorted(path.stem for path in PEOPLE.glob("*.toml"))


def load_person(name_or_path: str) -> Person:
    """Return a person that comes with Sayso, or one from a file.

    Raises
    ------
    PersonError
        There is no such person, the file is not TOML, or a parameter is unknown, missing or impossible.
    """
    path = PEOPLE / f"{name_or_path}.toml"
    if not path.is_file():
        path = Path(name_or_path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        known = ", ".join(people())
        raise PersonError(
            f"There is no person {name_or_path}. Those that come with Sayso: {known}."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PersonError(f"{path} is not a person file: {error}.") from error
    try:
        return Person.model_validate(table)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg'].lower()}" for e in error.errors())
        raise PersonError(f"{path} does not describe a person: {faults}.") from error
