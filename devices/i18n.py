"""devices: marks sentences that a person may read, so that they can be collected and translated."""

from __future__ import annotations


def N_(sentence: str) -> str:
    """Return `sentence` as it is.

    Every layer can raise or report an English sentence in this marker; the application translates it when
    it is shown (``assistive.i18n.translator``). Placeholders are named: ``N_("{path} is damaged.").format(...)``.
    """
    return sentence
