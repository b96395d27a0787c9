"""assistive: the language server that the settings name, with the key that the environment has for it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from models.language.server.address import ServerAddress

if TYPE_CHECKING:  # the doctor looks at computers where pydantic is missing
    from assistive.settings import ModelSettings

_OWN_COMPUTER = ("localhost", "127.0.0.1", "::1")


def server_address(settings: ModelSettings, environ: Mapping[str, str] = os.environ) -> ServerAddress | None:
    """Return the server that proposes, None where there is none."""
    if not settings.server_url:
        return None
    key = environ.get(settings.server_key_env, "") if settings.server_key_env else ""
    return ServerAddress(settings.server_url, key.strip(), settings.server_model)


def can_be_overheard(address: ServerAddress) -> bool:
    """Whether what is written goes over a network as everybody on the way can read it."""
    parts = urlsplit(address.url)
    return parts.scheme != "https" and parts.hostname not in _OWN_COMPUTER
