"""calibration: leave one place out: what a model is worth where it was not fitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar


class AtPlace(Protocol):
    """A sample of a person who looks at a known place."""

    @property
    def x(self) -> float:
        """Share of the screen's width."""
        ...

    @property
    def y(self) -> float:
        """Share of the screen's height."""
        ...


S = TypeVar("S", bound=AtPlace)


def places(samples: Sequence[AtPlace]) -> list[tuple[float, float]]:
    """The different places, in the order in which they were first looked at."""
    return list(dict.fromkeys((s.x, s.y) for s in samples))


def leave_one_place_out(samples: Sequence[S]) -> Iterator[tuple[list[S], list[S]]]:
    """For each place: the samples of all the others, and its own.

    A place that was looked at twice is left out with both looks: otherwise the one would tell of the other.
    """
    for place in places(samples):
        yield (
            [s for s in samples if (s.x, s.y) != place],
            [s for s in samples if (s.x, s.y) == place],
        )
