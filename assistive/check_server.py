"""assistive: the doctor's look at the language server that the settings name."""

from __future__ import annotations

from collections.abc import Callable

from assistive.doctor import Finding, State
from assistive.i18n import Translate
from assistive.server_setting import can_be_overheard
from devices.i18n import N_
from models.language.server.address import ServerAddress

SERVER = N_("Language server")


def check_server(
    tr: Translate, address: ServerAddress | None, try_it: Callable[[ServerAddress], str]
) -> Finding:
    """Whether the configured language server answers as it must.

    Parameters
    ----------
    tr : callable
        From an English sentence to the reader's.
    address : ServerAddress or None
        None: the settings name none.
    try_it : callable
        Asks the server and returns its model's name; raises `ServerError`.
    """
    if address is None:
        return Finding(SERVER, State.OK, tr("None is named in the settings; nothing is sent anywhere."))
    from models.language.server.client import ServerError

    try:
        model = try_it(address)
    except ServerError as error:
        means = tr("The language server {url} does not help: {reason}.").format(
            url=address.root, reason=error
        )
        still = tr("The letters work, and words come from this computer.")
        todo = tr("Start the server, or change its address or key in the settings file.")
        return Finding(SERVER, State.PROBLEM, f"{means} {still}", todo)
    means = tr("{model} on {url} proposes words.").format(model=model, url=address.root)
    if can_be_overheard(address):
        open_letter = tr("What is written goes there unencrypted.")
        todo = tr("Use an address that begins with https:// if others share this network.")
        return Finding(SERVER, State.PROBLEM, f"{means} {open_letter}", todo)
    return Finding(SERVER, State.OK, means)
