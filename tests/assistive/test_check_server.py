"""The doctor says whether the language server of the settings answers."""

from __future__ import annotations

from assistive.check_server import SERVER, check_server
from assistive.doctor import State, can_write_and_speak
from models.language.server.address import ServerAddress
from models.language.server.client import ServerError

HERE = ServerAddress("http://127.0.0.1:8080", "sk-secret")


def same(sentence: str) -> str:
    return sentence


def answers(address: ServerAddress) -> str:
    return "Large 70B"


def refuses(address: ServerAddress) -> str:
    raise ServerError("it refused the API key", lasting=True)


def never(address: ServerAddress) -> str:
    raise AssertionError("nobody may be asked")


def test_without_a_server_nobody_is_asked() -> None:
    finding = check_server(same, None, never)
    assert finding.name == SERVER and finding.state is State.OK and not finding.todo


def test_a_server_that_answers() -> None:
    finding = check_server(same, HERE, answers)
    assert finding.state is State.OK
    assert "Large 70B" in finding.means and "http://127.0.0.1:8080/v1" in finding.means


def test_a_server_that_does_not_answer_stops_nobody() -> None:
    finding = check_server(same, HERE, refuses)
    assert finding.state is State.PROBLEM and finding.todo
    assert "refused the API key" in finding.means and "letters work" in finding.means
    assert "sk-secret" not in str(finding)
    assert can_write_and_speak([finding])


def test_what_goes_over_the_network_in_the_open_is_said() -> None:
    finding = check_server(same, ServerAddress("http://gpu.local:8000"), answers)
    assert finding.state is State.PROBLEM and "unencrypted" in finding.means and "https" in finding.todo
    assert check_server(same, ServerAddress("https://gpu.local:8000"), answers).state is State.OK
