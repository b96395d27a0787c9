"""Prints every button of Sayso that the accessibility tree shows, as JSON. Runs under the system's Python."""

import json

import pyatspi


def buttons(node):
    """The buttons under `node` that are on the screen."""
    found = []
    for child in node:
        if child is None:
            continue
        states = child.getState()
        if child.getRole() == pyatspi.ROLE_PUSH_BUTTON and states.contains(pyatspi.STATE_SHOWING):
            place = child.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
            found.append(
                {"name": child.name, "x": place.x, "y": place.y, "width": place.width, "height": place.height}
            )
        found += buttons(child)
    return found


applications = [a for a in pyatspi.Registry.getDesktop(0) if a is not None and "sayso" in a.name.lower()]
print(json.dumps([button for application in applications for button in buttons(application)]))
