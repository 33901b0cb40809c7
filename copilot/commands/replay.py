"""`replay`: what happened in a session, with times, at the pace at which it happened or at once."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from copilot.commands.output import emit, show
from copilot.commands.stream import Stream
from copilot.core.clock import seconds
from copilot.core.events import BlockHeard, Request, Stamped
from copilot.errors import Exit, UsageError
from copilot.runtime.store import open_session

SLOWEST, FASTEST = 0.5, 8.0
"""How much faster than it was a replay may be."""


def replay(options: argparse.Namespace) -> int:
    """Fold the log through the printer of the live stream."""
    if not SLOWEST <= options.speed <= FASTEST:
        raise UsageError(
            f"--speed is {SLOWEST:g} to {FASTEST:g}.", "Use --no-wait to print everything at once."
        )
    recorded = open_session(options.session)
    records, torn = recorded.records()
    if options.json:
        emit({"session": recorded.id, "events": [_plain(r) for r in records if _tells(r)]})
        return Exit.OK
    show(f"Session {recorded.id}, recorded {recorded.header.created}", style="bold")
    printer = Stream(recorded.header, stamped=True)
    for record in records if options.no_wait else paced(records, options.speed):
        printer(record)
    show()
    if torn:
        show("The last line of the log was cut off and is left out.", style="dim")
    if records:
        show(f"It ended after {seconds(records[-1].at):.0f} s.", style="dim")
    return Exit.OK


def paced(
    records: Iterable[Stamped],
    speed: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Stamped]:
    """Records, each no earlier than its time has come; what is late is not made later."""
    began = clock()
    for record in records:
        wait = began + seconds(record.at) / speed - clock()
        if wait > 0:
            sleep(wait)
        yield record


def _tells(record: Stamped) -> bool:
    """Whether a person would want to see it: neither blocks of sound nor work to be done."""
    return not isinstance(record.event, BlockHeard | Request)


def _plain(record: Stamped) -> dict[str, object]:
    fields = msgspec.to_builtins(record.event)
    return {"seconds": round(seconds(record.at), 3), **fields}
