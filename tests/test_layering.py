"""Who may import whom: the contracts of `pyproject.toml`, and what the core really brings along."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).resolve().parents[1]

HEAVY = {
    *("numpy", "sounddevice", "faster_whisper", "onnxruntime", "openai", "textual", "soundfile"),
    *("av", "soxr", "pocketsphinx", "pyttsx3"),
}


def test_contracts_are_kept() -> None:
    code = lint_imports(str(ROOT / "pyproject.toml"), cache_dir=None)
    assert code == EXIT_STATUS_SUCCESS


def test_the_core_brings_nothing_heavy_along() -> None:
    """A process of its own: this one has loaded everything."""
    program = (
        "import sys; before = set(sys.modules);"
        " import copilot.core.session, copilot.core.codec, copilot.core.debrief;"
        " print(*(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "copilot" in loaded
    assert not loaded & (HEAVY | {"threading", "asyncio", "socket", "subprocess"})
    ours = {name for name in done.stdout.split() if name.startswith("copilot.")}
    assert not {name for name in ours if name.startswith(("copilot.audio", "copilot.engines"))}
