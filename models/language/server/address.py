"""models.language.server: where a language server is. Free of the library that talks to it: most people have none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a server is and how it is spoken to.

    Parameters
    ----------
    url : str
        Its OpenAI-compatible root, as ``http://127.0.0.1:8080/v1``; "/v1" is added where it is missing.
    key : str
        The API key, or "". It is sent to this server and never logged.
    model : str
        Which of its models; "" takes the first that it lists.
    """

    url: str
    key: str = ""
    model: str = ""

    def __repr__(self) -> str:
        """Return the address without its key."""
        return f"ServerAddress({self.url!r}, model={self.model!r})"

    @property
    def key_can_be_sent(self) -> bool:
        """Whether the key has only characters that a header may have."""
        return self.key.isascii() and self.key.isprintable()

    @property
    def root(self) -> str:
        """The address without a slash at its end, with "/v1"."""
        root = self.url.strip().rstrip("/")
        return root if root.endswith("/v1") else f"{root}/v1"

    def url_of(self, path: str) -> str:
        """Return where ``v1/completions``, or another path beside it, is."""
        return f"{self.root.removesuffix('v1')}{path}"
