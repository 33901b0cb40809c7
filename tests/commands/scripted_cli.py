"""The real command line with scripted engines, for tests that need a process of their own.

python -m tests.commands.scripted_cli demo
"""

from __future__ import annotations

import sys

from copilot import wiring_engines
from copilot.__main__ import main
from copilot.config import Config
from copilot.core.header import EngineNames
from copilot.core.persona import Persona
from copilot.engines.followups.offline import OfflineFollowups
from copilot.engines.scripted import ScriptedRecogniser, ScriptedVoice
from copilot.engines.vad import EnergyVad
from copilot.runtime.engines import Engines
from tests.runtime.studio import understand


def scripted_engines(
    config: Config, interviewers: tuple[Persona, ...] | None = None
) -> wiring_engines.Chosen:
    """What `wiring_engines.load_engines` is replaced with."""
    del config, interviewers
    engines = Engines(
        EnergyVad(),
        ScriptedRecogniser(understand),
        ScriptedVoice(per_character=0.01),
        OfflineFollowups(),
    )
    names = EngineNames("energy", "scripted", "scripted", "offline")
    return wiring_engines.Chosen(engines, names, ())


if __name__ == "__main__":
    wiring_engines.load_engines = scripted_engines
    sys.exit(main())
