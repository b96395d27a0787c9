"""What every test shares: its own home, and no time limit of hypothesis on a busy machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# As in the child that fits. Threads that wait for each other cost small matrices four times as much computing, and more
# on a busy machine; it is read when numpy is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = "1"

# Fewer examples than usual (100): all tests together have to end within ten minutes on two cores.
settings.register_profile(
    "sayso", max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("sayso")


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Sayso's folders lie in the test's own folder; the weights are the ones of this computer."""
    from models.weights import weights_dir

    monkeypatch.setenv("SAYSO_WEIGHTS", str(weights_dir()))
    home = tmp_path / "home"
    monkeypatch.setenv("SAYSO_HOME", str(home))
    return home
