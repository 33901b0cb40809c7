"""Types that several threads read at once are known to msgspec before there are threads.

msgspec 0.22 studies a type when it is first wanted, in Python, and crashes the process when two
threads want that at once: the form of a new interview reads the bank on two.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from {module} import {name} as shape
import msgspec
studied = []
def watch(frame, event, argument):
    if frame.f_code.co_name == "get_class_annotations":
        studied.append(frame)
sys.setprofile(watch)
try:
    msgspec.convert({{}}, shape)
except msgspec.ValidationError:
    pass
sys.setprofile(None)
sys.exit(len(studied))
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("copilot.reasoning.types", "Question"),
        ("copilot.core.codec", "Header"),
        ("copilot.core.codec", "Stamped"),
        ("copilot.config", "Config"),
        ("copilot.questions.cache", "_Content"),
        ("copilot.progress.store", "_Content"),
    ],
)
def test_the_type_is_studied_while_its_module_is_imported(module: str, name: str) -> None:
    program = PROGRAM.format(module=module, name=name)
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_the_watch_sees_a_type_that_is_studied_late() -> None:
    program = PROGRAM.format(module="copilot.core.events", name="Stamped")
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode > 0
