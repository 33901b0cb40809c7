"""Recognition gives way: a key that is pressed, a voice that speaks need the processor sooner."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICER = 5
"""Steps of niceness: a third of the weight of a thread at the usual priority (kernel: sched-nice).
Where nothing competes it makes no difference."""


def give_way() -> None:
    """Lower the priority of this thread and of all that it starts from now on.

    On Linux; elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    thread = threading.get_native_id()
    usual = os.getpriority(os.PRIO_PROCESS, thread)
    with contextlib.suppress(OSError):  # a sandbox may forbid it
        os.setpriority(os.PRIO_PROCESS, thread, usual + NICER)
