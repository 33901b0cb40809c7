"""Pins and what counts as a regression."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from copilot.errors import BadInput, UsageError
from copilot.runtime import pins
from copilot.runtime.comparing import ScoreChange
from copilot.runtime.pins import Expect, Pin, parse_expect
from copilot.runtime.regress import (
    Baseline,
    Measured,
    Outcome,
    baseline_file,
    check_fixture,
    check_pin,
    read_baseline,
    write_baseline,
)
from copilot.runtime.rerun import Rerun, TurnAgain


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_pins_come_back_from_the_file() -> None:
    assert pins.read_pins() == ()
    pins.pin("a", Expect(kind="no_metric", wer=0.2))
    pins.pin("b", Expect())
    pins.pin("a", Expect(verdict="weak"))
    assert set(pins.read_pins()) == {Pin("a", Expect(verdict="weak")), Pin("b", Expect())}
    assert pins.pins_file().stat().st_mode & 0o777 == 0o600
    assert '[[pin]]\nsession = "a"\nverdict = "weak"\nwer = 0.1\n' in pins.pins_file().read_text()
    assert pins.unpin("a")
    assert not pins.unpin("a")
    assert pins.unpin("b")
    assert not pins.pins_file().exists()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[[pin]]\nsession = 'a'\nkin = 'no_metric'\n", 3, "kind"),
        ("[[pin]]\nsession = 'a'\nwer = 7\n", 1, "0 to 1"),
        ("[[pin]]\nsession = 'a'\nkind = 'no_such'\n", 1, "kind must be"),
        ("[[pins]]\n", 1, "pin"),
        ("[[pin\n", 1, ""),
    ],
)
def test_a_mistake_in_the_file_is_named(home: Path, text: str, line: int, said: str) -> None:
    home.mkdir()
    pins.pins_file().write_text(text)
    with pytest.raises(BadInput) as caught:
        pins.read_pins()
    assert f"pins.toml:{line}:" in str(caught.value)
    assert said in str(caught.value)


def test_expectations_of_the_command_line() -> None:
    assert parse_expect([]) == Expect()
    assert parse_expect(["kind=none", "wer=0.3", "score=1"]) == Expect(
        kind="none", wer=0.3, score=1.0
    )


@pytest.mark.parametrize(
    "pair", ["kind", "kin=no_metric", "kind=metric", "verdict=bad", "wer=x", "wer=2", "wer=nan"]
)
def test_what_cannot_be_expected_is_refused(pair: str) -> None:
    with pytest.raises(UsageError):
        parse_expect([pair])


def turn(number: int = 0, **changes: object) -> TurnAgain:
    values: dict[str, object] = {
        "turn": number,
        "asked": "Why?",
        "before": "because",
        "after": "because",
        "errors": 0,
        "words": 10,
        "verdict_before": "weak",
        "verdict_after": "weak",
        "kind_before": "no_metric",
        "kind_after": "no_metric",
        "word_changes": (),
        "followup_changes": (),
        "score_changes": (),
    }
    return TurnAgain(**{**values, **changes})  # type: ignore[arg-type]


def failed(outcome: Outcome) -> list[str]:
    return [check.what for check in outcome.checks if not check.ok]


def run(*turns: TurnAgain, **expect: object) -> list[str]:
    """What is worse than expected."""
    pin = Pin("s", Expect(**expect))  # type: ignore[arg-type]
    outcome = check_pin(pin, Rerun("s", (), turns, (), ()))
    assert outcome.ok == (not failed(outcome))
    return failed(outcome)


def test_the_same_is_no_regression() -> None:
    assert run(turn(), turn(1)) == []


def test_words_within_and_beyond_the_tolerance() -> None:
    assert run(turn(errors=1), wer=0.1) == []
    assert run(turn(errors=2), wer=0.1) == ["words"]
    assert run(turn(errors=2), turn(1), wer=0.1) == []


def test_the_first_answer_has_to_give_what_is_expected() -> None:
    other = turn(kind_after="no_alternative")
    assert run(other, probes=1.0) == ["first follow-up"]
    assert run(other, probes=1.0, kind="no_alternative") == []
    assert run(turn(), kind="no_alternative") == ["first follow-up"]
    assert run(turn(kind_after=""), kind="none", probes=1.0) == []
    assert run(turn(verdict_after="ok")) == ["verdict"]
    assert run(turn(verdict_after="ok"), verdict="ok") == []


def test_an_unanswered_first_turn_is_passed_over() -> None:
    silent = turn(0, before="", after="", verdict_before="", verdict_after="", kind_before="")
    assert run(msgspec.structs.replace(silent, kind_after=""), turn(1)) == []


def test_some_kinds_may_differ() -> None:
    turns = [turn(), turn(1, kind_after="rambling"), turn(2), turn(3)]
    assert run(*turns, probes=0.25) == []
    assert run(*turns, probes=0.2) == ["kinds"]


@pytest.mark.parametrize(
    ("before", "after", "bands", "worse"),
    [
        (100.0, 110.0, ("good", "watch"), False),
        (100.0, 120.0, ("good", "watch"), True),
        (100.0, 120.0, ("good", "good"), False),
        (0.0, 1.0, ("good", "poor"), True),
        (100.0, None, ("good", "unknown"), True),
        (120.0, 100.0, ("watch", "good"), True),
    ],
)
def test_scores(
    before: float | None, after: float | None, bands: tuple[str, str], worse: bool
) -> None:
    change = ScoreChange("pace", before, after, "words/min", *bands)
    assert run(turn(score_changes=(change,))) == (["scores"] if worse else [])


def test_an_engine_that_failed_is_a_regression() -> None:
    outcome = check_pin(Pin("s"), Rerun("s", (), (turn(),), (), ("It broke.",)))
    assert failed(outcome) == ["engine"]


KNOWN = Measured(0.10, "weak", "no_metric")


@pytest.mark.parametrize(
    ("now", "worse"),
    [
        (KNOWN, []),
        (Measured(0.15, "weak", "no_metric"), []),
        (Measured(0.16, "weak", "no_metric"), ["words"]),
        (Measured(0.0, "ok", "no_metric"), ["verdict"]),
        (Measured(0.1, "weak", "rambling"), ["first follow-up"]),
        (Measured(0.1, "weak", "overclaim"), []),
    ],
)
def test_fixtures_against_their_baseline(now: Measured, worse: list[str]) -> None:
    """A kind that the sidecar asks for is never worse."""
    assert failed(check_fixture("f", KNOWN, now, ["overclaim"], [])) == worse


def test_a_measure_out_of_range_is_a_regression() -> None:
    assert failed(check_fixture("f", KNOWN, KNOWN, [], ["wpm is 9"])) == ["measures"]


def test_the_baseline_comes_back(home: Path) -> None:
    assert read_baseline() is None
    write_baseline(Baseline("scripted", {"f": KNOWN}))
    assert read_baseline() == Baseline("scripted", {"f": KNOWN})
    baseline_file().write_text("{")
    with pytest.raises(BadInput, match="regress-baseline"):
        read_baseline()
