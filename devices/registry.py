"""devices: finds drivers, our own and other people's, by the entry-point group `sayso.devices`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import metadata

from devices.driver import Driver

log = logging.getLogger(__name__)

GROUP = "sayso.devices"

DriverFactory = Callable[..., Driver]


class DriverUnavailable(Exception):
    """A driver cannot be used; the message says why in words for the caregiver."""


def names() -> list[str]:
    """Return the names of the drivers that are installed, in order. Nothing of theirs is imported."""
    return sorted(_entry_points())


def load(name: str, tr: Callable[[str], str] = str) -> DriverFactory:
    """Import the driver called `name`, and no other.

    Returns
    -------
    callable
        Makes the driver. Our own take arguments (see each); other people's take none.

    Raises
    ------
    DriverUnavailable
        There is no such driver, or it cannot be imported.
    """
    points = _entry_points()
    if name not in points:
        there = ", ".join(sorted(points)) or tr("none")
        raise DriverUnavailable(
            tr(
                "There is no input called {name}. Choose another one in the settings, or install its driver. "
                "Installed: {there}."
            ).format(name=name, there=there)
        )
    try:
        factory = points[name].load()
        if not callable(factory):
            raise TypeError(f"{points[name].value} is not a driver")
    except (Exception, SystemExit) as error:
        raise _broken(name, error, tr) from error
    return factory  # type: ignore[no-any-return]


def build(name: str, *args: object, translate: Callable[[str], str] = str, **options: object) -> Driver:
    """Load the driver called `name` and make it with these arguments.

    Raises
    ------
    DriverUnavailable
        As `load`, and when it cannot be made or is not a driver.
    """
    factory = load(name, translate)
    try:
        driver = factory(*args, **options)
        for needed in ("name", "kind", "run"):
            getattr(driver, needed)
    except (Exception, SystemExit) as error:
        raise _broken(name, error, translate) from error
    return driver


def _broken(name: str, error: BaseException, tr: Callable[[str], str]) -> DriverUnavailable:
    log.warning("the driver %s cannot be used", name, exc_info=error)
    return DriverUnavailable(
        tr(
            "The input {name} cannot be used: its driver is broken ({error}). The other inputs still work. "
            "Choose another one in the settings, or install its driver again."
        ).format(name=name, error=f"{type(error).__name__}: {error}")
    )


def _entry_points() -> dict[str, metadata.EntryPoint]:
    found: dict[str, metadata.EntryPoint] = {}
    # One distribution at a time: the broken metadata of one must not hide the drivers of all the others.
    for distribution in metadata.distributions():
        try:
            points = [point for point in distribution.entry_points if point.group == GROUP]
        except Exception:
            log.warning("a package with unreadable entry points was passed over", exc_info=True)
            continue
        for point in points:
            # Our own names are taken: another package cannot put itself in the place of the pointer.
            if point.name not in found or point.value.startswith("devices."):
                found[point.name] = point
    return found
