"""`rerun`: a session's audio through the models again, and what came out differently."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from copilot import wiring, wiring_engines
from copilot.commands.output import clock, emit, note, show
from copilot.config import Config, load
from copilot.core.persona import Persona
from copilot.errors import Exit, Missing
from copilot.runtime.comparing import FollowupChange
from copilot.runtime.rerun import Rerun, TurnAgain
from copilot.runtime.rerun import rerun as run_again
from copilot.runtime.store import RecordedSession, open_session

_MOST_WORDS = 8
"""Changes of words that are shown for an answer; `--json` has all of them."""


def rerun(options: argparse.Namespace) -> int:
    """Say what differs. Differences are information: the exit code is 1 only for failed work."""
    recorded = open_session(options.session)
    config = configured(options)
    chosen = load_models(config, recorded.header.settings.interviewers)
    try:
        result = again(recorded, config, chosen)
    finally:
        chosen.engines.close()
    if options.json:
        emit({"differs": result.differs, "wer": round(result.wer, 4), "rerun": result})
    else:
        _print(result)
    return Exit.FAILED if result.problems else Exit.OK


def configured(options: argparse.Namespace) -> Config:
    """The configuration with the flags of `rerun` and `regress`; nothing is spoken."""
    names = ("stt", "model", "followups")
    flags = {name: getattr(options, name) for name in names}
    return load({**flags, "voice": "none"})


def load_models(config: Config, interviewers: tuple[Persona, ...] = ()) -> wiring_engines.Chosen:
    """The models to run again. Raises `Missing` where there is no language model."""
    chosen = wiring_engines.load_engines(config, interviewers)
    for notice in chosen.notices:
        note(notice)
    if config.followups == "llm" and chosen.engines.llm is None:
        chosen.engines.close()
        raise Missing(
            "No language model is configured.", "Use --followups offline, or set base_url."
        )
    return chosen


def again(recorded: RecordedSession, config: Config, chosen: wiring_engines.Chosen) -> Rerun:
    """Run one session again with the bank's questions as they are now."""
    return run_again(
        recorded,
        chosen.engines,
        names_of(chosen),
        followups=config.followups,
        questions={question.id: question for question in wiring.load_bank().all()},
        progress=_progress,
    )


def names_of(chosen: wiring_engines.Chosen) -> Mapping[str, str]:
    """What the log calls the engines that run again."""
    return {"speech to text": chosen.names.stt, "follow-ups": chosen.names.followups}


def _progress(stage: str) -> None:
    """A sign of life at a terminal: long sessions take minutes."""
    if sys.stderr.isatty():
        note(f"{stage} ...")


def _print(result: Rerun) -> None:
    show(f"Session {result.session}, run again", style="bold")
    for sentence in result.changed:
        show(sentence, indent=2, style="yellow")
    for problem in dict.fromkeys(result.problems):
        show(problem, indent=2, style="red")
    for turn in result.turns:
        if turn.differs:
            _print_turn(turn)
    if result.differs:
        show()
        show(f"{100 * result.wer:.1f} % of the words differ.")
    else:
        show("No difference: the same words, follow-ups and scores.", indent=2, style="green")
    for pace in result.latency:
        before = "" if pace.before is None else f", {pace.before:.2f} s then"
        if pace.after is not None:
            show(f"{pace.work}: {pace.after:.2f} s now{before} (median)", indent=2, style="dim")


def _print_turn(turn: TurnAgain) -> None:
    show()
    show(turn.asked, style="cyan")
    if turn.word_changes:
        show(f"{turn.errors} of {turn.words} words differ:", indent=2)
    for change in turn.word_changes[:_MOST_WORDS]:
        before, after = change.before or "(nothing)", change.after or "(nothing)"
        show(f"{clock(change.at)}  {before} -> {after}", indent=4)
    if len(turn.word_changes) > _MOST_WORDS:
        show(f"and {len(turn.word_changes) - _MOST_WORDS} more places (--json)", indent=4)
    if turn.verdict_before != turn.verdict_after:
        show(
            f"verdict: {turn.verdict_before or 'none'} -> {turn.verdict_after or 'none'}", indent=2
        )
    for followup in turn.followup_changes:
        _print_followup(followup)
    for score in turn.score_changes:
        show(
            f"{score.dimension}: {_value(score.before)} ({score.band_before})"
            f" -> {_value(score.after)} {score.unit} ({score.band_after})",
            indent=2,
        )


def _print_followup(change: FollowupChange) -> None:
    show(f"follow-up {change.rank} ({', '.join(change.differs)}):", indent=2)
    for sign, followup in (("-", change.before), ("+", change.after)):
        if followup is not None:
            kind = followup.kind.replace("_", " ")
            show(f'{sign} {kind}: "{followup.quote}" {followup.question}', indent=4)


def _value(value: float | None) -> str:
    return "-" if value is None else f"{value:g}"
