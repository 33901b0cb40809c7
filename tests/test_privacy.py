"""Nothing leaves the machine by way of the libraries either."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os
from copilot.engines.vad import load_vad
import numpy as np
load_vad().probability(np.zeros(512, dtype=np.float32))
print(os.environ["HF_HUB_DISABLE_TELEMETRY"])
"""


def test_loading_a_model_leaves_no_device_id_behind(tmp_path: Path) -> None:
    """onnxruntime's telemetry begins with files in the home folder."""
    environment = {**os.environ, "HOME": str(tmp_path)}
    for name in ("XDG_CACHE_HOME", "ORT_DISABLE_TELEMETRY", "HF_HUB_DISABLE_TELEMETRY"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "1"
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == []
