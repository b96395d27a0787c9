"""assistive.eeg: what a calibration by EEG says, in the person's language."""

from __future__ import annotations

from collections.abc import Callable

from calibration.verdict import Verdict

Translate = Callable[[str], str]


def ready(tr: Translate) -> str:
    """What will happen."""
    return tr("Letters will flash. Look at the one that is marked, and count silently how often it does.")


def takes(tr: Translate) -> str:
    """How long it takes."""
    return tr("It takes one to four minutes and can be paused at any time. Blink in the breaks.")


def kept_rounds(done: int, most: int, tr: Translate) -> str:
    """That a calibration was broken off."""
    if done >= most:
        return tr("The letters of an earlier calibration are all done, but it was not used.")
    return tr("A calibration was broken off: {done} of at most {most} letters are done.").format(
        done=done, most=most
    )


def look_at(letter: str, tr: Translate) -> str:
    """What to do while it flashes."""
    return tr("Look at {letter} and count how often it flashes.").format(letter=letter)


def blink(tr: Translate) -> str:
    """What to do after a round."""
    return tr("Blink now, if you like.")


def rest(seconds: float, tr: Translate) -> str:
    """What happens after two minutes of flashes."""
    return tr("A rest for the eyes, {seconds} seconds. Then it goes on by itself.").format(
        seconds=round(seconds)
    )


def paused(tr: Translate) -> str:
    """That somebody asked for a pause."""
    return tr("A pause. Nothing is lost; it goes on when you choose it.")


def no_eeg(tr: Translate) -> str:
    """Why it cannot go on without the amplifier."""
    return tr(
        "No EEG comes in. What is recorded so far is kept. Look at the amplifier and its cable, then go on."
    )


def no_eeg_yet(tr: Translate) -> str:
    """Why it cannot begin without the amplifier."""
    return tr("No EEG comes in yet. Switch the amplifier on and look at its cable.")


def broken(tr: Translate) -> str:
    """Why the window stopped the flashes."""
    return tr(
        "The letters could not flash in time, or the window was covered. What is recorded so far is kept. "
        "Leave the window in front and close other programs, then go on."
    )


def fitting(tr: Translate) -> str:
    """That the worker is at it."""
    return tr("One moment: the answers are being counted.")


def not_fitted(tr: Translate) -> str:
    """That the worker did not answer."""
    return tr("The calibration could not be computed. Nothing has changed, and what was recorded is kept.")


def used_soon(seconds: float, tr: Translate) -> str:
    """What happens where nobody chooses, and when."""
    return tr("If nothing is chosen, it is used in {seconds} seconds.").format(seconds=round(seconds))


def board_soon(seconds: float, tr: Translate) -> str:
    """What happens where nobody chooses, and when."""
    return tr("If nothing is chosen, the board comes back in {seconds} seconds.").format(
        seconds=round(seconds)
    )


def verdict_word(verdict: Verdict | None, tr: Translate) -> str:
    """What EEG is worth to this person, in a word or two."""
    match verdict:
        case Verdict.HELPS:
            return tr("EEG helps")
        case Verdict.HELPS_A_LITTLE:
            return tr("EEG helps a little")
        case Verdict.UNUSABLE:
            return tr("EEG does not help now")
        case _:
            return tr("not measured yet")


def errors_sentence(errors: tuple[float, float], tr: Translate) -> str:
    """Whether what it claims of itself is true: the expected and the observed share of wrong choices."""
    expected, observed = errors
    return tr(
        "In a rehearsal with what was recorded it expected {expected} wrong choices out of 100, and {observed} were."
    ).format(expected=round(100 * expected), observed=round(100 * observed))
