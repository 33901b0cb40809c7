"""Opening on threads: it is tried until it works, and what hangs is left behind."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from copilot.audio import keeper as module
from copilot.audio.keeper import ThreadKeeper
from copilot.audio.portaudio import Stream
from copilot.errors import CopilotError

PATIENCE = 30


class Opener:
    """Opens as it is told to, and notes what is closed."""

    def __init__(self, *outcomes: str) -> None:
        self.outcomes = list(outcomes)
        self.attempts: list[int] = []
        self.closed: list[int] = []
        self.release = threading.Event()
        self.changed = threading.Condition()

    def __call__(self, attempt: int) -> Stream:
        self.attempts.append(attempt)
        number = len(self.attempts)
        outcome = self.outcomes.pop(0) if self.outcomes else "works"
        if outcome == "hangs":
            assert self.release.wait(PATIENCE)
        self._tell()
        if outcome == "fails":
            raise CopilotError(f"No {number}.")
        return Stream(16_000, 0.0, lambda: self._close(number))

    def _close(self, number: int) -> None:
        self.closed.append(number)
        self._tell()

    def _tell(self) -> None:
        with self.changed:
            self.changed.notify_all()

    def until(self, done: Callable[[], bool]) -> None:
        """Looks again at each change, and now and then for what follows one."""
        with self.changed:
            for _ in range(PATIENCE * 100):
                if done():
                    return
                self.changed.wait(0.01)
        raise AssertionError("it never came to that")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RETRY", 0.0)


def test_it_opens() -> None:
    opener = Opener()
    keeper = ThreadKeeper(opener)
    assert keeper.opened() is None
    keeper.begin()
    opener.until(lambda: keeper.opened() is not None)
    assert keeper.failure() is None


def test_it_tries_until_it_works() -> None:
    opener = Opener("fails", "fails")
    keeper = ThreadKeeper(opener)
    keeper.begin()
    opener.until(lambda: keeper.opened() is not None)
    assert opener.attempts == [0, 1, 2]
    assert str(keeper.failure()) == "No 2."


def test_beginning_again_closes_what_was_open() -> None:
    opener = Opener()
    keeper = ThreadKeeper(opener)
    keeper.begin()
    opener.until(lambda: keeper.opened() is not None)
    keeper.begin()
    opener.until(lambda: opener.closed == [1] and keeper.opened() is not None)
    assert len(opener.attempts) == 2


def test_an_attempt_that_hangs_is_left_behind_and_closed_when_it_returns() -> None:
    opener = Opener("hangs")
    keeper = ThreadKeeper(opener)
    keeper.begin()
    opener.until(lambda: len(opener.attempts) == 1)
    keeper.begin()
    opener.until(lambda: keeper.opened() is not None)
    opener.release.set()
    opener.until(lambda: opener.closed == [1])
    assert keeper.opened() is not None


def test_closing_ends_it_all() -> None:
    opener = Opener("hangs")
    keeper = ThreadKeeper(opener)
    keeper.begin()
    opener.until(lambda: len(opener.attempts) == 1)
    keeper.close()
    opener.release.set()
    opener.until(lambda: opener.closed == [1])
    assert keeper.opened() is None
