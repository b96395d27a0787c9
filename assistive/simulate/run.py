"""assistive.simulate: runs a person through dialogues on three systems and counts."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistive.boards.layout import load_layout
from assistive.recording.format import header_at_start
from assistive.recording.recording_file import RecordingFile
from assistive.settings import Settings
from assistive.simulate.eye import Eye
from assistive.simulate.person import Person
from assistive.simulate.proposer import RealModel, VirtualProposer
from assistive.simulate.target_text import writable
from assistive.simulate.world import Watch, World
from assistive.simulate.writer import Counts, Writer
from assistive.text.history import Restored

DWELLS_S = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
TUNING_SEEDS = (101, 102, 103)  # never those that are reported
TUNING_TURNS = 8
PLAIN_DWELL_S = 1.0
AS_FAST = (
    0.03  # a smaller difference in speed cannot be told on the tuning seeds: a full run's interval is 2 %
)


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """What the partner says and what the person means to answer; `first` begins a conversation."""

    partner: str
    text: str
    first: bool


@dataclass(slots=True)
class Outcome:
    """One person on one system with one seed."""

    counts: Counts
    seconds: dict[str, float] = field(default_factory=dict)
    asked: int = 0
    ready: int = 0

    @property
    def wpm(self) -> float:
        """Words (five characters) a minute."""
        return self.counts.chars / 5 / (self.counts.seconds / 60)

    @property
    def error_rate(self) -> float:
        """Characters left wrong, as a share of those meant."""
        return self.counts.errors_left / self.counts.chars

    @property
    def net_wpm(self) -> float:
        """Right words a minute: what a dwell is chosen by."""
        return self.wpm * max(0.0, 1 - self.error_rate)

    @property
    def seconds_per_char(self) -> float:
        """Seconds a character."""
        return self.counts.seconds / self.counts.chars

    @property
    def ksr(self) -> float:
        """Keystroke savings: (characters - selections) / characters."""
        return (self.counts.chars - self.counts.selections) / self.counts.chars

    @property
    def wrong_per_100(self) -> float:
        """Wrong selections for each hundred."""
        return 100 * self.counts.wrong / max(1, self.counts.selections)


def read_dialogues(path: Path, turns: int) -> list[DialogueTurn]:
    """Return the first `turns` turns of the person (every second one) from dialogues, one a line, tab-separated.

    Raises
    ------
    ValueError
        The file has no turn of a person.
    OSError
        The file cannot be read.
    """
    if turns < 1:
        raise ValueError(f"{turns} turns leave nothing to write; ask for at least one")
    found: list[DialogueTurn] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        spoken = [turn.strip() for turn in line.split("\t") if turn.strip()]
        for i in range(1, len(spoken), 2):
            found.append(DialogueTurn(spoken[i - 1], spoken[i], first=i == 1))
            if len(found) == turns:
                return found
    if not found:
        raise ValueError(f"{path} has no dialogue: one a line, its turns separated by tabs")
    return found


def system_settings(dwell_s: float, *, proposals: bool, language: str) -> Settings:
    """The settings of a system: Sayso's own but for the dwell and whether anything is proposed."""
    settings = Settings().changed("look.language", language).changed("dwell.letter_s", dwell_s)
    settings = settings.changed("dwell.lock_on_s", min(settings.dwell.lock_on_s, dwell_s / 2))
    return settings.changed("model.proposals", proposals)


def simulate(
    person: Person,
    settings: Settings,
    turns: Sequence[DialogueTurn],
    seed: int,
    model: RealModel | None,
    progress: Callable[[int], None] = lambda _: None,
    record: Path | None = None,
) -> Outcome:
    """Write all turns once. The same arguments give the same outcome, but for the model's wall time.

    `record`: a new file that takes in the run, for `sayso replay`; FileExistsError where it is there already.
    """
    if record is not None:
        with RecordingFile(record, header_at_start(settings, Restored(), World.STARTS_AT)) as file:
            return _written(person, settings, turns, seed, model, progress, file.write)
    return _written(person, settings, turns, seed, model, progress, None)


def _written(
    person: Person,
    settings: Settings,
    turns: Sequence[DialogueTurn],
    seed: int,
    model: RealModel | None,
    progress: Callable[[int], None],
    watch: Watch | None,
) -> Outcome:
    chance = random.Random(f"{seed} {person.fingerprint}")
    eye = Eye(person, random.Random(f"{seed} eye"))
    proposer = VirtualProposer(model) if model is not None else None
    world = World(person, settings, eye, proposer, watch)
    writer = Writer(person, world, eye, chance, slots=model is not None)
    alphabet = board_characters(settings.look.language)
    for i, turn in enumerate(turns):
        if turn.first:
            world.new_conversation()
        text, left_out = writable(turn.text, alphabet)
        writer.counts.left_out |= left_out
        if text:
            writer.turn(turn.partner, text)
        progress(i + 1)
    return Outcome(writer.counts, dict(world.seconds), world.asked, world.ready)


def board_characters(language: str) -> set[str]:
    """Every character that the boards of a language can write, in lower case."""
    layout = load_layout(language)
    signs = (*layout.alphabet, *layout.punctuation, *layout.numbers)
    return {character.lower() for sign in signs for character in sign} | {" "}


def best_dwell(
    person: Person,
    turns: Sequence[DialogueTurn],
    language: str,
    model: RealModel | None,
    most_wrong: float | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[float, Outcome]:
    """The fixed dwell with the highest net wpm on the tuning seeds, and its pooled outcome there.

    `most_wrong`: only dwells with at most so many wrong selections for each hundred (the longest dwell where
    none has so few); of those that are as fast as the fastest, but for `AS_FAST`, the one with the fewest wrong
    selections, as a person would choose.
    """
    tried: list[tuple[float, Outcome]] = []
    for dwell_s in sorted(DWELLS_S, reverse=True):
        progress(dwell_s)
        settings = system_settings(dwell_s, proposals=model is not None, language=language)
        outcomes = [simulate(person, settings, turns[:TUNING_TURNS], seed, model) for seed in TUNING_SEEDS]
        tried.append((dwell_s, pooled(outcomes)))
        if most_wrong is not None and len(tried) > 1 and tried[-1][1].wrong_per_100 > most_wrong:
            break  # shorter ones err more often still
    fastest = max(tried, key=lambda t: t[1].net_wpm)
    if most_wrong is None:
        return fastest
    allowed = [t for t in tried if t[1].wrong_per_100 <= most_wrong] or tried[:1]
    enough = (1 - AS_FAST) * max(outcome.net_wpm for _, outcome in allowed)
    return min((t for t in allowed if t[1].net_wpm >= enough), key=lambda t: t[1].wrong_per_100)


def pooled(outcomes: Sequence[Outcome]) -> Outcome:
    """All outcomes as one."""
    total = Outcome(Counts())
    for outcome in outcomes:
        for name in (
            "chars",
            "selections",
            "wrong",
            "corrections",
            "errors_left",
            "seconds",
            "turns",
            "given_up",
        ):
            setattr(total.counts, name, getattr(total.counts, name) + getattr(outcome.counts, name))
        total.counts.left_out |= outcome.counts.left_out
        total.asked += outcome.asked
        total.ready += outcome.ready
        for what, seconds in outcome.seconds.items():
            total.seconds[what] = total.seconds.get(what, 0.0) + seconds
    return total
