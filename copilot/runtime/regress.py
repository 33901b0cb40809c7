"""Recordings as a regression suite: what came out of a run, held against what is expected."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from copilot import resources
from copilot.errors import BadInput
from copilot.runtime.comparing import ScoreChange
from copilot.runtime.pins import Expect, Pin
from copilot.runtime.rerun import Rerun, TurnAgain
from copilot.runtime.store import saying_disk_errors, write_whole

WORSE_WER = 0.05
"""By how much the word error rate of a fixture may rise over its baseline."""


class Check(msgspec.Struct, frozen=True):
    """One thing that was compared."""

    what: str
    expected: str
    got: str
    ok: bool


class Outcome(msgspec.Struct, frozen=True):
    """One recording, run again."""

    recording: str
    """Id of a session, or of a fixture."""
    checks: tuple[Check, ...]
    engines: tuple[str, ...] = ()
    """Engines, prompts and questions that are not those of the recording."""

    @property
    def ok(self) -> bool:
        """Whether nothing is worse than expected."""
        return all(check.ok for check in self.checks)


def check_pin(pin: Pin, result: Rerun) -> Outcome:
    """A pinned session against its recording and its expectations."""
    expect = pin.expect
    first = next((turn for turn in result.turns if turn.before), None)
    checks = [
        Check("words", f"WER up to {expect.wer:.2f}", f"{result.wer:.2f}", result.wer <= expect.wer)
    ]
    if first is not None:
        checks += _first_answer(first, expect)
    checks.append(_probes(result.turns, expect))
    checks.append(_scores(result.turns, expect))
    checks += [Check("engine", "no failure", problem, False) for problem in result.problems]
    return Outcome(result.session, tuple(checks), result.changed)


def _first_answer(turn: TurnAgain, expect: Expect) -> Iterable[Check]:
    verdict = expect.verdict or turn.verdict_before
    kind = expect.kind or turn.kind_before or "none"
    got = turn.kind_after or "none"
    yield Check("verdict", verdict or "none", turn.verdict_after or "none",
                verdict == turn.verdict_after)  # fmt: skip
    yield Check("first follow-up", kind, got, kind == got)


def _probes(turns: Iterable[TurnAgain], expect: Expect) -> Check:
    """Answers whose first follow-up is of another kind than it was."""
    answered = [turn for turn in turns if turn.before]
    other = sum(turn.kind_before != turn.kind_after for turn in answered)
    most = int(expect.probes * len(answered))
    return Check("kinds", f"up to {most} of {len(answered)} differ", str(other), other <= most)


def _scores(turns: Iterable[TurnAgain], expect: Expect) -> Check:
    moved = [
        f"{change.dimension} of answer {turn.turn + 1}"
        for turn in turns
        for change in turn.score_changes
        if _beyond(change, expect.score)
    ]
    return Check("scores", "none in another band", ", ".join(moved) or "none", not moved)


def _beyond(change: ScoreChange, tolerance: float) -> bool:
    """Whether a score has left its band by more than a little."""
    if change.band_before == change.band_after:
        return False
    if change.before is None or change.after is None:
        return True
    return abs(change.after - change.before) > tolerance * max(abs(change.before), 1e-9)


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What came out of one fixture."""

    wer: float
    """Against the transcript of its sidecar."""
    verdict: str
    kind: str
    """Of the first follow-up; `none` for no follow-up."""


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the fixtures gave when it was last accepted."""

    engines: str
    fixtures: dict[str, Measured]


def check_fixture(
    name: str, known: Measured, now: Measured, weakness: Iterable[str], problems: Iterable[str]
) -> Outcome:
    """A fixture against its baseline; a kind that its sidecar asks for is never a regression."""
    most = round(known.wer + WORSE_WER, 4)
    checks = [
        Check("words", f"WER up to {most:.2f}", f"{now.wer:.2f}", now.wer <= most),
        Check("verdict", known.verdict, now.verdict, known.verdict == now.verdict),
        Check("first follow-up", known.kind, now.kind,
              now.kind == known.kind or now.kind in set(weakness)),
    ]  # fmt: skip
    checks += [Check("measures", "in the sidecar's range", text, False) for text in problems]
    return Outcome(name, tuple(checks))


def baseline_file() -> Path:
    """Where the baseline of the fixtures lies."""
    return resources.home() / "regress-baseline.json"


def read_baseline() -> Baseline | None:
    """The accepted baseline; None where there is none. Raises `BadInput` for a broken file."""
    path = baseline_file()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Baseline)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise BadInput(f"{path} cannot be used: {error}.", "Delete it and run again.") from error


def write_baseline(baseline: Baseline) -> None:
    """Accept what came out. Raises `CopilotError`."""
    path = baseline_file()
    with saying_disk_errors(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n")
