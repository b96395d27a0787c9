"""Programs that offer LSL streams, and drivers that are listened to; all end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from driver_listener import Listener
from outlet_process import OutletProcess

from devices.driver import Driver


@pytest.fixture
def offer() -> Iterator[Callable[..., OutletProcess]]:
    made: list[OutletProcess] = []

    def start(*args: Any, **options: Any) -> OutletProcess:
        made.append(OutletProcess(*args, **options))
        return made[-1]

    yield start
    for process in made:
        process.kill()


@pytest.fixture
def listen_to() -> Iterator[Callable[[Driver], Listener]]:
    made: list[Listener] = []

    def start(driver: Driver) -> Listener:
        made.append(Listener(driver))
        return made[-1]

    yield start
    for listener in made:
        listener.close()
        assert listener.stop_took_s < 1.0
