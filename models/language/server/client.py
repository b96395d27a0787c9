"""models.language.server: talks to an OpenAI-compatible server: what is sent, what is taken for an answer, what goes wrong.

Nothing but the configured address is contacted: no redirect is followed, and no proxy or password of the environment
is used (httpx's ``trust_env`` is off). Certificates are checked against those of the system.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self

import httpx

from devices.i18n import N_
from models.language.server.address import ServerAddress
from models.language.server.completions import MalformedAnswer, Step, read_completions, read_json
from models.language.server.tokenizer import ServerTokenizer

TIMEOUT_S = 5.0
"""A request that has not been answered whole by then will not be."""

LARGEST_ANSWER = 4 * 2**20
"""Bytes; eight lines of a dozen tokens with their alternatives have a hundredth of it."""

TOP = 20
"""Likeliest tokens that are told at each place of a line: what vLLM grants unless it is started otherwise."""

WIDE = 200
"""The same where a single token is asked for; a server that refuses is asked for `TOP`."""

_PROMPTS = ("Thank you very", "How are")
_EXTRAS = {"cache_prompt": True, "repeat_penalty": 1.0}  # known to llama.cpp, passed over by most others


class ServerError(Exception):
    """The server could not be asked or did not answer as it must; the message is a clause for the caregiver.

    Parameters
    ----------
    reason : str
        What happened, translated.
    lasting : bool
        Whether somebody must change something before it can work.
    too_long : bool
        Whether the server refused this one request, perhaps because its prompt is too long.
    """

    def __init__(self, reason: str, *, lasting: bool = False, too_long: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting
        self.too_long = too_long


class ServerClient:
    """Asks one server. Belongs to one event loop; use it as an asynchronous context manager.

    Parameters
    ----------
    address : ServerAddress
        The server.
    tr : callable
        Translates the reasons of errors.
    timeout_s : float
        A request that takes longer, connecting and all, has failed.
    """

    def __init__(
        self, address: ServerAddress, tr: Callable[[str], str] = str, *, timeout_s: float = TIMEOUT_S
    ) -> None:
        self._address = address
        self._tr = tr
        self._timeout_s = timeout_s
        self._http: httpx.AsyncClient | None = None
        self._extras: dict[str, Any] = _EXTRAS
        self._wide = WIDE
        self._tokenizer = ServerTokenizer(self._ask_beside)
        self._batches = False
        self.model = address.model

    async def __aenter__(self) -> Self:
        """Open the connections' pool; nothing is sent."""
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if self._address.key and self._address.key_can_be_sent:
            headers["Authorization"] = f"Bearer {self._address.key}"
        verify: ssl.SSLContext | bool = False  # there is nothing to verify without TLS
        if self._address.root.lower().startswith("https:"):
            verify = ssl.create_default_context()
        self._http = httpx.AsyncClient(
            headers=headers,
            verify=verify,
            trust_env=False,
            follow_redirects=False,
            timeout=self._timeout_s,
            limits=httpx.Limits(max_connections=16, max_keepalive_connections=16, keepalive_expiry=300.0),
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        if self._http is not None:
            await self._http.aclose()

    async def probe(self) -> None:
        """Find out what the server has and understands; sets `model`.

        Raises
        ------
        ServerError
            It cannot be reached, or cannot serve: it must list its models, complete texts and tell
            log-probabilities.
        """
        if not self._address.key_can_be_sent:
            raise ServerError(self._tr("the API key has characters that cannot be sent"), lasting=True)
        self.model = self._address.model or self._first_model(await self._send("GET", "v1/models", None))
        for self._extras, self._wide in (_EXTRAS, WIDE), (_EXTRAS, TOP), ({}, TOP):
            try:
                await self._one_by_one(_PROMPTS[:1], 1, {})
                break
            except ServerError as error:
                if not (error.too_long and self._extras):
                    raise
        try:
            await self._at_once(_PROMPTS, 1, {})
            self._batches = True
        except ServerError:
            self._batches = False
        await self._tokenizer.probe(self.model)

    async def complete(
        self, prompts: Sequence[str], n_tokens: int, avoid: Sequence[str] = ()
    ) -> list[list[Step]]:
        """Return what the model would write after each prompt: the likeliest `n_tokens` tokens.

        Words to `avoid` are not written, as far as the server has a token for each; they may be told as likely.

        Raises
        ------
        ServerError
            Any of them was not answered.
        """
        if not prompts:
            return []
        bias = await self._tokenizer.bias(self.model, avoid)
        if self._batches and len(prompts) > 1:
            return await self._at_once(prompts, n_tokens, bias)
        return await self._one_by_one(prompts, n_tokens, bias)

    def _first_model(self, answer: Any) -> str:
        match answer:
            case {"data": [{"id": str(name)}, *_]}:
                return name
        raise self._malformed(MalformedAnswer(N_("it lists no models")))

    # ---------------------------------------------------------------- requests

    async def _at_once(
        self, prompts: Sequence[str], n_tokens: int, bias: dict[str, float]
    ) -> list[list[Step]]:
        body = self._body(list(prompts), n_tokens, bias)
        return self._read(await self._send("POST", "v1/completions", body), len(prompts))

    async def _one_by_one(
        self, prompts: Sequence[str], n_tokens: int, bias: dict[str, float]
    ) -> list[list[Step]]:
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(
                        self._send("POST", "v1/completions", self._body(prompt, n_tokens, bias))
                    )
                    for prompt in prompts
                ]
        except ExceptionGroup as errors:  # the first failure ends the others
            raise errors.exceptions[0] from errors
        return [self._read(task.result(), 1)[0] for task in tasks]

    def _body(self, prompt: str | list[str], n_tokens: int, bias: dict[str, float]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self.model,
            "prompt": prompt,
            "max_tokens": n_tokens,
            "logprobs": self._wide if n_tokens == 1 else TOP,
            "temperature": 0,
            **self._extras,
        }
        return body | {"logit_bias": bias} if bias else body

    async def _ask_beside(self, path: str, body: dict[str, Any]) -> Any:
        """Return the answer of an endpoint beside those of OpenAI, None where there is none."""
        try:
            return await self._send("POST", path, body)
        except ServerError:
            return None

    def _read(self, answer: Any, n_prompts: int) -> list[list[Step]]:
        try:
            return read_completions(answer, n_prompts)
        except MalformedAnswer as error:
            raise self._malformed(error) from error

    def _malformed(self, error: MalformedAnswer) -> ServerError:
        return ServerError(
            self._tr("its answer cannot be used ({problem})").format(problem=self._tr(str(error))),
            lasting=True,
        )

    async def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        """Return the decoded answer; ServerError whatever else happens, within the time limit."""
        try:
            async with asyncio.timeout(self._timeout_s):
                with contextlib.suppress(httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                    return await self._exchange(method, path, body)
                # Once more: it may have been an old connection that the server had closed.
                return await self._exchange(method, path, body)
        except (TimeoutError, httpx.TimeoutException) as error:
            reason = self._tr("it did not answer within {seconds:.0f} seconds")
            raise ServerError(reason.format(seconds=self._timeout_s)) from error
        except httpx.ConnectError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                reason = self._tr("its certificate is not trusted ({problem})").format(problem=error)
                raise ServerError(reason, lasting=True) from error
            raise ServerError(self._tr("it cannot be reached ({problem})").format(problem=error)) from error
        except httpx.TransportError as error:
            problem = str(error) or type(error).__name__
            raise ServerError(self._tr("the connection broke ({problem})").format(problem=problem)) from error
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ServerError(
                self._tr("it cannot be asked ({problem})").format(problem=error), lasting=True
            ) from error
        except MalformedAnswer as error:
            raise self._malformed(error) from error

    async def _exchange(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        if self._http is None:
            raise RuntimeError("a ServerClient is used inside its `async with`")
        async with self._http.stream(method, self._address.url_of(path), json=body) as response:
            self._check(response, path)
            data = bytearray()
            async for chunk in response.aiter_raw():
                data += chunk
                if len(data) > LARGEST_ANSWER:
                    raise MalformedAnswer(N_("it is too long"))
        return read_json(bytes(data))

    def _check(self, response: httpx.Response, path: str) -> None:
        status = response.status_code
        if response.is_success and response.headers.get("Content-Encoding", "identity") == "identity":
            return
        said = self._tr("it said {status} to {path}").format(
            status=f"{status} {response.reason_phrase}".strip(), path=f"/{path}"
        )
        match status:
            case 401 | 403:
                raise ServerError(self._tr("it refused the API key ({said})").format(said=said), lasting=True)
            case 404 | 405 | 501:
                reason = self._tr("it has no such model or no such service ({said})")
                raise ServerError(reason.format(said=said), lasting=True)
            case 400 | 413 | 422:
                reason = self._tr("it does not accept what it was asked ({said})")
                raise ServerError(reason.format(said=said), too_long=True)
            case 429:
                raise ServerError(self._tr("it has too many requests ({said})").format(said=said))
            case _ if 300 <= status < 400:
                reason = self._tr("it sends to another address, which is not followed ({said})")
                raise ServerError(reason.format(said=said), lasting=True)
            case _:
                raise ServerError(said)


def try_server(
    address: ServerAddress, tr: Callable[[str], str] = str, *, timeout_s: float = TIMEOUT_S
) -> str:
    """Try a server once and return the name of its model.

    Raises
    ------
    ServerError
        It cannot be reached or cannot serve.
    """

    async def probed() -> str:
        async with ServerClient(address, tr, timeout_s=timeout_s) as client:
            await client.probe()
            return client.model

    return asyncio.run(probed())
