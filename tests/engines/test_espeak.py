import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from copilot.engines import espeak


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ESPEAK_DATA_PATH", raising=False)
    monkeypatch.setattr(espeak, "bundled", lambda: True)
    return tmp_path


def test_a_damaged_package_is_passed_over(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_data() -> str:
        raise RuntimeError

    for package in (
        SimpleNamespace(get_data_path=no_data, get_library_path=lambda: "libespeak-ng.so"),
        SimpleNamespace(
            get_data_path=lambda: "/data", get_library_path=lambda: str(place / "missing.so")
        ),
    ):
        monkeypatch.setitem(sys.modules, "espeakng_loader", package)
        espeak.prepare()
        assert Path.cwd() == place
        assert "ESPEAK_DATA_PATH" not in os.environ


def test_only_linux_uses_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not espeak.bundled()
