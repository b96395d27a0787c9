"""Prints every button of Sayso that the accessibility tree shows, as JSON. Runs under the system's Python."""

import json

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402


def children(node):
    """The children of `node` that are still there."""
    found = (node.get_child_at_index(i) for i in range(node.get_child_count()))
    return [child for child in found if child is not None]


def buttons(node):
    """The buttons under `node` that are on the screen."""
    found = []
    for child in children(node):
        showing = child.get_state_set().contains(Atspi.StateType.SHOWING)
        if showing and child.get_role() == Atspi.Role.PUSH_BUTTON:
            place = child.get_extents(Atspi.CoordType.SCREEN)
            found.append(
                {
                    "name": child.get_name(),
                    "x": place.x,
                    "y": place.y,
                    "width": place.width,
                    "height": place.height,
                }
            )
        found += buttons(child)
    return found


desktop = Atspi.get_desktop(0)
desktop.get_name()  # the registry counts its children only after it was spoken to
applications = [a for a in children(desktop) if "sayso" in a.get_name().lower()]
print(json.dumps([button for application in applications for button in buttons(application)]))
