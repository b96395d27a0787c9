"""assistive: who may change which setting, and to what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from assistive.consents import ASKS_FOR, FILTER, FLASHING
from assistive.messages import ChangeSetting, Trouble
from assistive.settings import Settings
from devices.i18n import N_

PRIVACY = "privacy."


def refused(message: ChangeSetting) -> Trouble | None:
    """What to say where somebody else than the person wants to change what they alone decide; None: it may be changed."""
    if not message.path.startswith(PRIVACY) and message.path not in ASKS_FOR:
        return None
    what = N_("Only the person can change what is kept about them.")
    where = N_("It is chosen on the settings pages of the board.")
    if message.path == FILTER:
        what = N_("Only the person can change which phrases are held back.")
    elif message.path == FLASHING:
        what = N_("Only the person can change whether keys flash.")
        where = N_("It is chosen on the board: “more”, then “EEG”.")
    return Trouble(
        message.t,
        f"setting:{message.path}",
        what,
        N_("Everything stays as it was."),
        where,
    )


def changed(
    settings: Settings, t: float, path: str, value: Any, tr: Callable[[str], str]
) -> Settings | Trouble:
    """Return the settings with the field at `path` set, or what to say where it cannot have that value."""
    try:
        return settings.changed(path, value)
    except (ValidationError, KeyError):
        what = tr("This setting cannot have that value:") + f" {path} = {value}"
        return Trouble(t, f"setting:{path}", what, N_("Everything stays as it was."), "")
