"""Recognition gives way: a key that is pressed, a voice that speaks need the processor sooner."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

NICER = 10
"""Steps of niceness: a tenth of the weight of a thread at the usual priority (kernel: sched-nice).
Where nothing competes it makes no difference. With 5, one key in twenty waited more than 53 ms for
the screen while recognisers kept every core busy; with 10, more than 38 (`bench --screen`)."""


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
