"""The settings name a language server, never its key; what cannot be an address is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assistive.server_setting import can_be_overheard, server_address
from assistive.settings import ModelSettings, Settings
from models.language.server.address import ServerAddress


def test_no_server_is_asked_unless_one_is_named() -> None:
    assert server_address(Settings().model, {"OPENAI_API_KEY": "sk"}) is None


def test_the_key_comes_from_the_environment() -> None:
    settings = ModelSettings(server_url="https://example.org/", server_key_env="MY_KEY", server_model="m")
    address = server_address(settings, {"MY_KEY": "sk-1\n", "OPENAI_API_KEY": "sk-2"})
    assert address == ServerAddress("https://example.org/", "sk-1", "m")
    assert address.root == "https://example.org/v1"
    assert server_address(settings, {}) == ServerAddress("https://example.org/", "", "m")


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/v1"),
        ("http://gpu.local:8000/v1", "http://gpu.local:8000/v1"),
        ("http://[::1]:8000/v1/", "http://[::1]:8000/v1"),
        ("https://example.org/llm", "https://example.org/llm/v1"),
    ],
)
def test_an_address_may_be_written_with_or_without_its_version(url: str, root: str) -> None:
    address = server_address(ModelSettings(server_url=url), {})
    assert address is not None and address.root == root


@pytest.mark.parametrize(
    "url",
    [
        "localhost:8080",
        "ftp://example.org",
        "http://",
        "http://me:secret@example.org",
        "http://example.org/?key=secret",
        "http://example.org/#v1",
        "http://example.org:99999",
        "http://example.org/a b",
        "http://[::1",
        "http://example.org\n",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValidationError):
        ModelSettings(server_url=url)


@given(st.text(max_size=40))
def test_any_text_is_an_address_or_refused(url: str) -> None:
    try:
        settings = ModelSettings(server_url=url)
    except ValidationError:
        return
    address = server_address(settings, {})
    assert (address is None) == (url == "")


@pytest.mark.parametrize("key", ["sk-1234-abcd", "MY KEY", "1KEY", "KEY\n"])
def test_a_key_in_place_of_its_name_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        ModelSettings(server_key_env=key)


def test_what_everybody_on_the_way_can_read_is_known() -> None:
    assert can_be_overheard(ServerAddress("http://gpu.local:8000"))
    assert not can_be_overheard(ServerAddress("https://gpu.local:8000"))
    assert not can_be_overheard(ServerAddress("http://127.0.0.1:8000"))
