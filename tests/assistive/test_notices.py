"""What the person has to know stays until they have dismissed it, and nothing that is over hides what is not."""

from __future__ import annotations

from assistive.input_watch import LOST_KEY
from assistive.messages import Trouble
from assistive.notices import Notices


def test_what_is_mended_stays_but_hides_no_new_trouble() -> None:
    notices = Notices()
    notices.add(Trouble(1.0, "face", "The camera sees no face."), str)
    notices.over("face", str)
    assert notices.first is not None
    assert notices.first.works == "It works again now."
    notices.add(Trouble(2.0, "camera", "The camera is gone."), str)
    assert [notice.key for notice in notices.all] == ["camera", "face"]
    notices.add(Trouble(3.0, "face", "The camera sees no face."), str)
    assert [notice.key for notice in notices.all] == ["face", "camera"]
    notices.over("camera", str)
    assert notices.dismiss("face")
    assert notices.first is not None
    assert notices.first.key == "camera"
    assert notices.dismiss("camera")
    assert notices.first is None


def test_an_input_that_is_lost_is_said_before_all_else() -> None:
    notices = Notices()
    notices.add(Trouble(1.0, "sound", "No sound device is found."), str)
    notices.add(Trouble(2.0, LOST_KEY, "The camera is gone."), str)
    assert [notice.key for notice in notices.all] == [LOST_KEY, "sound"]
    notices.over(LOST_KEY, str)
    assert [notice.key for notice in notices.all] == ["sound", LOST_KEY]
