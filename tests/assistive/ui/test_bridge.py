"""The bridge: what the engine says arrives in the window's thread, in order."""

from __future__ import annotations

import threading

from hand_made_board import rest_board
from pytestqt.qtbot import QtBot

from assistive.messages import BoardShown, HelpShown, Outgoing, Press, SettingsChanged, StopVoice, TextShown
from assistive.settings import Settings
from assistive.ui.bridge import Bridge


def test_messages_from_another_thread_arrive_in_order_in_the_qt_thread(qtbot: QtBot) -> None:
    bridge = Bridge(lambda message: None)
    arrived: list[tuple[object, threading.Thread]] = []
    for signal in (bridge.board_shown, bridge.text_shown, bridge.help_shown, bridge.settings_changed):
        signal.connect(lambda message: arrived.append((message, threading.current_thread())))
    sent: list[Outgoing] = [
        BoardShown(1.0, rest_board()),
        TextShown(2.0, ()),
        StopVoice(2.5),
        HelpShown(3.0, True),
        SettingsChanged(4.0, Settings()),
        TextShown(5.0, ()),
    ]

    def speak() -> None:
        for message in sent:
            bridge.show(message)

    engine = threading.Thread(target=speak)
    engine.start()
    engine.join()
    assert not arrived, "nothing is done in the engine's thread"
    qtbot.waitUntil(lambda: len(arrived) == 5)
    assert [message for message, _ in arrived] == [m for m in sent if not isinstance(m, StopVoice)]
    assert {thread for _, thread in arrived} == {threading.main_thread()}


def test_the_way_back_is_a_plain_call() -> None:
    posted: list[object] = []
    press = Press(1.0, "letter:a", "a")
    Bridge(posted.append).post(press)
    assert posted == [press]
