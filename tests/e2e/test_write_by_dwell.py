"""The whole way: the pointer rests on keys of the real window, text appears, and a voice is heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from desktop import desktop, missing
from null_sink import null_sink
from sayso_app import sayso, wait_for

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "never")


def test_the_pointer_dwells_text_appears_and_the_voice_is_heard(own_home: Path, tmp_path: Path) -> None:
    with (
        desktop(tmp_path) as place,
        null_sink(tmp_path) as sink,
        sayso(place, own_home, extra=dict(sink.environment)) as app,
    ):
        app.wait_for_key("a")
        keys = place.keys()
        for name in ("a", "z", "Speak", "help", "yes", "undo"):
            assert any(key.lower().startswith(name.lower()) for key in keys), f"{name} is not in the tree"
        for letter, text in (("h", "H"), ("i", "Hi")):
            place.mouse(*keys[letter].center)
            app.wait_for_text(text)
            place.mouse(960, 40)
        place.screenshot(tmp_path / "written.png")
        place.mouse(*app.wait_for_key("speak").center)
        wait_for("the sentence is spoken", lambda: app.on_disk().conversation.own == ["Hi"])
        sound = np.asarray(sink.record(2.0), dtype=float)
        assert np.abs(sound).max() > 500, "nothing was heard"
        app.kill_the_window()
        wait_for("it is back after the kill", lambda: bool(place.keys()))
        assert app.on_disk().document.text == "Hi"
