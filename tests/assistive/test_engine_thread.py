"""The engine's thread outlives whatever fails beside it: the keys and the call for help go on."""

from __future__ import annotations

from typing import cast

import pytest

from assistive.boards.layout import load_layout
from assistive.engine import Engine
from assistive.engine_thread import EngineThread
from assistive.i18n import translator
from assistive.messages import Incoming, Outgoing, PartnerSaid, TextShown, Tick
from assistive.recording.live import LiveRecording
from assistive.settings import Settings
from assistive.text.history import Restored
from devices.clock import LslClock
from devices.mailbox import Mailbox


class BrokenRecording:
    """A recording that nothing works in."""

    def starts(self, t: float) -> None:
        raise RuntimeError("can't start new thread")

    def incoming(self, message: Incoming) -> None:
        raise RuntimeError("no")


def test_a_recording_that_breaks_does_not_end_the_engine(caplog: pytest.LogCaptureFixture) -> None:
    shown: list[Outgoing] = []
    mailbox = Mailbox[Incoming](10)
    engine = Engine(Settings(), Restored(), load_layout, translator, shown.append)
    thread = EngineThread(engine, mailbox, LslClock(), (cast(LiveRecording, BrokenRecording()),))
    thread.start()
    mailbox.put(PartnerSaid(1.0, "Are you cold?"))
    mailbox.put(Tick(2.0))
    thread.close()
    assert [m.partner for m in shown if isinstance(m, TextShown)][-1] == "Are you cold?"
    assert "could not handle" in caplog.text
