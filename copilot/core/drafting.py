"""Follow-ups to a turn: asked of the engines, collected, and the best one chosen."""

from __future__ import annotations

from typing import Literal

from copilot.core.cast import Cast
from copilot.core.clock import samples
from copilot.core.events import Cancel, Draft, DraftsMade, Noted, Output, StepTaken
from copilot.core.interview import Interview
from copilot.core.jobs import Jobs
from copilot.core.pacing import Standing
from copilot.core.settings import Settings
from copilot.core.transcript import TranscriptBuilder, join
from copilot.core.turn import Turn
from copilot.reasoning.hidden_fault import Reveal, Step
from copilot.reasoning.types import EXTENSION, Followup, Verdict

_OFFLINE = samples(10)
"""Deadline of the offline engine: far beyond its 50 ms, so that only a dead one meets it."""
_OTHERS = 9
"""Answers to other questions that a draft knows: three questions with two follow-ups each."""


class Drafting:
    """Asks every engine about the current revision of a turn, once."""

    def __init__(
        self,
        settings: Settings,
        jobs: Jobs,
        interview: Interview,
        transcript: TranscriptBuilder,
        cast: Cast,
    ) -> None:
        self._settings = settings
        self._cast = cast
        self._jobs = jobs
        self._interview = interview
        self._transcript = transcript
        self._history: list[tuple[int, str, str]] = []
        self._verdicts: list[tuple[int, str]] = []
        self._steps: list[tuple[Turn, Step]] = []

    def remember(self, turn: Turn) -> None:
        """What was asked and answered in a turn is known to later drafts of its question."""
        self._history.append((turn.index, turn.asked, self._transcript.text(turn.number)))
        self._verdicts.append((turn.index, self._verdict(turn)))
        made = self._stepped(turn)
        if made is not None and made.step is not None:
            self._steps.append((turn, made.step))

    def forget(self, turn: Turn) -> None:
        """The last remembered turn, which this is, goes on after all."""
        self._history.pop()
        self._verdicts.pop()
        if self._steps and self._steps[-1][0] is turn:
            self._steps.pop()

    def standing(self, turn: Turn) -> Standing:
        """How the question of `turn` went, this turn included."""
        verdicts = [v for index, v in self._verdicts if index == turn.index]
        verdicts.append(self._verdict(turn))
        if verdicts[-1] in ("", Verdict.INSUFFICIENT) or turn.ended in ("skip", "nothing_said"):
            return "dead_end"
        return "strong" if all(v == Verdict.OK for v in verdicts) else "fair"

    def _verdict(self, turn: Turn) -> str:
        made = next((m for e in ("llm", "offline") if (m := turn.drafts.get(e)) is not None), None)
        return made.verdict if made is not None else ""

    def ask(self, at: int, turn: Turn) -> list[Output]:
        """Request drafts for the turn as it stands; its text must not be empty."""
        turn.drafted = turn.revision
        turn.drafts = {}
        engines: list[tuple[Literal["offline", "llm"], int]] = [("offline", _OFFLINE)]
        if self._settings.followups == "llm":
            engines.append(("llm", self._settings.llm_deadline))
        out: list[Output] = []
        speaker = self._cast.next_speaker()
        for engine, deadline in engines:
            job = Draft(
                job=self._jobs.number(),
                turn=turn.number,
                revision=turn.revision,
                engine=engine,
                question=self._settings.questions[turn.index].id,
                asked=turn.asked,
                answer=self._transcript.text(turn.number),
                earlier=tuple((q, a) for index, q, a in self._history if index == turn.index),
                others=self._others(turn),
                avoid=tuple(self._interview.asked),
                unsure=self._transcript.unsure(turn.number),
                deadline=at + deadline,
                persona=speaker.id if speaker is not None else "",
                kinds=tuple(self._interview.kinds) if self._settings.rules > 1 else (),
                doubting=self._settings.pressure.scepticism == "doubting",
                change=turn.change.id if turn.change is not None else "",
                said_before=self._said_before(turn),
                path=self._path(turn),
            )
            self._jobs.open(job)
            turn.waiting[engine] = job.job
            out.append(job)
        return out

    def made(self, turn: Turn | None, event: DraftsMade) -> tuple[bool, list[Output]]:
        """Take in an answer; says whether it is about the turn as it stands."""
        job = self._jobs.get(event.job)
        if not isinstance(job, Draft):
            return False, []
        out: list[Output] = [*self._jobs.end(event.job, "done")]
        if turn is None or turn.waiting.get(job.engine) != event.job:
            return False, out
        del turn.waiting[job.engine]
        turn.drafts[job.engine] = event
        return True, out

    def lost(self, turn: Turn | None, job: Draft, message: str) -> list[Output]:
        """An engine failed or was too late."""
        if turn is None or turn.waiting.get(job.engine) != job.job:
            return []
        del turn.waiting[job.engine]
        turn.drafts[job.engine] = None
        return [Noted("followup_failed", f"The {job.engine} follow-up failed. {message}")]

    def cancel(self, turn: Turn) -> list[Output]:
        """What was asked for is no longer wanted; a later look at the turn asks again."""
        out: list[Output] = []
        for number in turn.waiting.values():
            ended = self._jobs.end(number, "cancelled")
            if ended:
                out += [Cancel(number), *ended]
        turn.waiting.clear()
        turn.drafts = {}
        turn.drafted = -1
        return out

    def _path(self, turn: Turn) -> tuple[Step, ...]:
        """What came of the turns of the same investigation before `turn`."""
        return tuple(
            step
            for earlier, step in self._steps
            if earlier.index == turn.index and earlier.number < turn.number
        )

    def _stepped(self, turn: Turn) -> DraftsMade | None:
        """The answer about a turn of an investigation that counts: the model's, else the rules'."""
        for engine in ("llm", "offline"):
            made = turn.drafts.get(engine)
            if made is not None and made.step is not None:
                return made
        return None

    def step(self, turn: Turn) -> list[StepTaken]:
        """For the log: what came of a turn of an investigation that is over."""
        made = self._stepped(turn)
        scenario = self._settings.questions[turn.index].scenario
        if made is None or made.step is None or scenario is None:
            return []
        spent = sum(
            outcome.cost
            for step in (*self._path(turn), made.step)
            for outcome in step.outcomes
            if isinstance(outcome, Reveal)
        )
        return [StepTaken(turn.number, made.step, scenario.budget - spent, made.engine)]

    def _others(self, turn: Turn) -> tuple[tuple[str, str], ...]:
        """The latest answers to other questions; older sessions were drafted without them."""
        if self._settings.rules < 2:
            return ()
        said = [(q, a) for index, q, a in self._history if a and index != turn.index]
        return tuple(said[-_OTHERS:])

    def _said_before(self, turn: Turn) -> int:
        """Characters of the answer that were said before the fact changed."""
        if turn.change is None:
            return 0
        words = self._transcript.words(turn.number)
        return len(join([word for word in words if word.start < turn.change_began]))

    def choose(self, turn: Turn) -> tuple[tuple[Followup, DraftsMade] | None, list[Output]]:
        """The first follow-up that may be asked, the model's before the offline one."""
        if self._settings.questions[turn.index].scenario is not None:
            made = self._stepped(turn)
            return ((made.followups[0], made) if made and made.followups else None), []
        trusting = self._settings.pressure.scepticism == "trusting"
        answer = self._transcript.text(turn.number)
        out: list[Output] = []
        for engine in ("llm", "offline"):
            made = turn.drafts.get(engine)
            if made is None:
                continue
            for followup in made.followups:
                if followup.question in self._interview.asked or followup.quote not in answer:
                    continue
                if trusting and made.verdict == Verdict.OK and followup.kind != EXTENSION:
                    continue
                return (followup, made), out
            if engine == "llm" and not (trusting and made.verdict == Verdict.OK):
                text = f"{made.engine} had no usable follow-up; the offline one is asked."
                out.append(Noted("followup_fallback", text))
        return None, out
