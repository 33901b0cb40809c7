"""The investigation as a pure machine: words in, outcomes out, no clock and no device.

Only requests for new evidence cost steps. Chatter, thinking aloud, questions that were not
understood and questions for what does not exist are free: a recogniser's errors must not cost the
candidate anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from copilot.investigation import speech
from copilot.investigation.matching import BY_WORDS, Wanted, matcher
from copilot.language.clauses import clauses
from copilot.language.tokens import words
from copilot.reasoning.hidden_fault import (
    AnyOutcome,
    AskBack,
    Certainty,
    Concluded,
    Declined,
    Hypothesis,
    HypothesisNoted,
    NotAvailable,
    OutOfSteps,
    Reveal,
    Scenario,
    Step,
)
from copilot.reasoning.text import is_content

LONGEST = 4_000
"""Characters of one piece of speech that are read: several minutes of talk."""

_WHICH = "I am not sure what you want to look at. Say it in other words?"
_NOTHING = "I have nothing on that."
_YOURS = "That is for you to find out. Ask me for one thing at a time."
_SPENT = "That was the last step. What do you conclude, and how sure are you?"
_NO_MORE = "There are no steps left. What do you conclude?"
_CAUSE = "Say in one sentence what you take the cause to be."


class Requests(Protocol):
    """Understands which evidence a piece of speech asks for."""

    def wanted(self, text: str, unsure: Sequence[str] = ()) -> list[Wanted]:
        """One entry for each request; `unsure` are words of it that may have been misheard."""
        ...


class Investigation:
    """One run of a scenario, fed with what the candidate says."""

    def __init__(
        self,
        scenario: Scenario,
        path: Sequence[Step] = (),
        requests: Requests | None = None,
    ) -> None:
        """`path`: what happened so far, where a run goes on. `requests`: by default by words alone.

        Raises `KeyError` when `path` is of another scenario.
        """
        self.scenario = scenario
        self._matcher = matcher(scenario)
        self._requests: Requests = requests if requests is not None else self._matcher
        self._path: list[Step] = []
        self._revealed: list[str] = []
        self._left = scenario.budget
        self._pending: AskBack | None = None
        self._over = False
        for step in path:
            for outcome in step.outcomes:
                if isinstance(outcome, Reveal) and not outcome.again:
                    self._revealed.append(scenario.find_evidence(outcome.evidence).id)
                    self._left -= outcome.cost
            self._follow(step)

    @property
    def opening(self) -> str:
        """What the interviewer says first."""
        return self.scenario.opening

    @property
    def left(self) -> int:
        """Steps left."""
        return self._left

    @property
    def over(self) -> bool:
        """Whether a conclusion was reached; nothing is heard after it."""
        return self._over

    @property
    def path(self) -> tuple[Step, ...]:
        """Everything that was said and what came of it."""
        return tuple(self._path)

    def hear(self, text: str, unsure: Sequence[str] = ()) -> list[AnyOutcome]:
        """What comes of one turn of speech; empty for speech that calls for no reaction.

        `unsure`: words of it that may have been misheard. What rests on them is asked back and
        neither revealed nor taken as the conclusion.
        """
        text = text.strip()[:LONGEST]
        if self._over or not text:
            return []
        outcomes = self._answered(text, self._pending) or self._heard(text, unsure)
        self._follow(Step(text, tuple(outcomes)))
        return outcomes

    def _follow(self, step: Step) -> None:
        """Remember what came of one turn of speech."""
        self._pending = None
        for outcome in step.outcomes:
            if isinstance(outcome, AskBack):
                self._pending = outcome
            self._over = self._over or isinstance(outcome, Concluded)
        self._path.append(step)

    def _answered(self, text: str, pending: AskBack | None) -> list[AnyOutcome]:
        """What a yes or no to the interviewer's last question brings."""
        if pending is None:
            return []
        if pending.hypothesis:
            if speech.agrees(text) or speech.concludes(text):
                named = self._named(text)
                chosen = named[0][0].id if named else pending.hypothesis
                # The words of the claim say how sure it was, unless the answer says it anew.
                sure = speech.sureness(text)
                if sure.certainty is Certainty.PLAIN and sure.probability is None:
                    sure = speech.sureness(pending.quote)
                return [Concluded(quote=pending.quote, hypothesis=chosen, sureness=sure)]
        elif chosen_evidence := self._chosen(text, pending.evidence):
            return self._reveal(Wanted(text, (chosen_evidence,), sure=True))
        if speech.declines(text) and len(text.split()) <= 3:
            return [AskBack(quote=text, say=_WHICH)] if pending.evidence else []
        return []

    def _chosen(self, text: str, offered: tuple[str, ...]) -> str:
        """Which of the evidence that was asked back is meant: by yes, by number, or by name."""
        if len(offered) == 1:
            return offered[0] if speech.agrees(text) else ""
        if len(offered) == 2 and (place := speech.ordinal(text)):
            return offered[place - 1]
        best, score = self._matcher.scores(text)[0]
        return best if best in offered and score >= BY_WORDS.sure else ""

    def _heard(self, text: str, unsure: Sequence[str]) -> list[AnyOutcome]:
        noted = self._noted(text)
        stated = [note for note in noted if not note.rejected]
        if speech.concludes(text) or (self._left <= 0 and stated):
            return [*noted, self._conclusion(text, stated, unsure)]
        if speech.begs(text):
            return [*noted, Declined(quote=text, say=_YOURS)]
        if stated and speech.closes_in(text):
            back = AskBack(
                quote=text, say="Is that your conclusion?", hypothesis=stated[-1].hypothesis
            )
            return [*noted, back]
        return [*noted, *self._requested(text, unsure)]

    def _conclusion(
        self, text: str, stated: list[HypothesisNoted], unsure: Sequence[str]
    ) -> AnyOutcome:
        if stated and _doubtful(stated[-1].quote, unsure):
            meant = self.scenario.find_hypothesis(stated[-1].hypothesis)
            say = f"Is this your conclusion: {meant.aliases[0]}?"
            return AskBack(quote=text, say=say, hypothesis=meant.id)
        if stated:
            return Concluded(
                quote=text, hypothesis=stated[-1].hypothesis, sureness=speech.sureness(text)
            )
        asked_before = any(
            isinstance(o, AskBack) and o.say == _CAUSE for step in self._path for o in step.outcomes
        )
        if asked_before:
            return Concluded(quote=text, sureness=speech.sureness(text))
        return AskBack(quote=text, say=_CAUSE)

    def _requested(self, text: str, unsure: Sequence[str]) -> list[AnyOutcome]:
        outcomes: list[AnyOutcome] = []
        for wanted in self._requests.wanted(self._without_suppositions(text), unsure):
            if wanted.quote not in text:  # clauses were left out in its midst
                wanted = msgspec.structs.replace(wanted, quote=text)
            if wanted.sure:
                outcomes += self._reveal(wanted)
            elif wanted.candidates:
                outcomes.append(self._ask_back(wanted))
            else:
                outcomes.append(NotAvailable(quote=wanted.quote, say=_NOTHING))
        return outcomes

    def _reveal(self, wanted: Wanted) -> list[AnyOutcome]:
        piece = self.scenario.find_evidence(wanted.candidates[0])
        if piece.id in self._revealed:
            return [Reveal(quote=wanted.quote, evidence=piece.id, say=piece.reveal, again=True)]
        if piece.cost > self._left:
            return [OutOfSteps(quote=wanted.quote, say=_NO_MORE)]
        self._revealed.append(piece.id)
        self._left -= piece.cost
        shown = Reveal(quote=wanted.quote, evidence=piece.id, say=piece.reveal, cost=piece.cost)
        return [shown] if self._left else [shown, OutOfSteps(quote=wanted.quote, say=_SPENT)]

    def _ask_back(self, wanted: Wanted) -> AskBack:
        names = [self.scenario.find_evidence(name).name for name in wanted.candidates]
        say = f"Do you mean {' or '.join(names)}?"
        return AskBack(quote=wanted.quote, say=say, evidence=wanted.candidates)

    def _noted(self, text: str) -> list[HypothesisNoted]:
        """The explanations that are put up or turned down, clause by clause."""
        supposing = speech.supposes(text) or self._left <= 0
        found: dict[str, HypothesisNoted] = {}
        for hypothesis, quote in self._named(text):
            rejected = speech.rejects(text, quote)
            if supposing or rejected:
                found.setdefault(
                    hypothesis.id,
                    HypothesisNoted(quote=quote, hypothesis=hypothesis.id, rejected=rejected),
                )
        return list(found.values())

    def _without_suppositions(self, text: str) -> str:
        """`text` without the clauses that only suppose: "I think it is stale" asks for nothing."""
        pieces = [clause.text(text) for clause in clauses(text)]
        kept = [piece for piece in pieces if not self._supposes(piece)]
        return text if len(kept) == len(pieces) else " ".join(kept)

    def _supposes(self, piece: str) -> bool:
        if not speech.asks(piece):
            return speech.supposes(piece)
        if not speech.wonders(piece):
            return False
        said = {word for word in words(piece) if is_content(word)} - _WONDERED
        return any(said <= set(words(quote)) for _, quote in self._named(piece))

    def _named(self, text: str) -> list[tuple[Hypothesis, str]]:
        """The hypotheses that `text` names and the words that name them, in order of speech."""
        named = [
            (hypothesis, quote)
            for hypothesis in self.scenario.hypothesis
            if (quote := speech.says(text, self.scenario.namings(hypothesis)))
        ]
        return sorted(named, key=lambda pair: text.find(pair[1]))


_WONDERED = frozenset(
    "could would might may maybe perhaps problem cause reason fault issue".split()
)
"""Words of putting up an explanation, besides those without meaning."""


def _doubtful(quote: str, unsure: Sequence[str]) -> bool:
    """Whether all words of `quote` that carry meaning may have been misheard."""
    doubted = {norm for word in unsure for norm in words(word)}
    telling = {word for word in words(quote) if is_content(word)}
    return bool(telling) and telling <= doubted
