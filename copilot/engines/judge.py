"""A language model that scores a debrief, and the audit that it has to pass first.

Language models praise fluent talk. So each time, before anybody's answers, the judge scores an
answer known to be good and one known to be empty with the same prompt in the same way. Where it
does not tell them apart, every score is withheld and the reason given.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from copilot import resources, strict
from copilot.core.debrief import QuestionReview
from copilot.engines import prompts
from copilot.engines.account import Account
from copilot.engines.chat import Chat, Message
from copilot.engines.fences import fenced, harmless, lines, rubric
from copilot.engines.scores import MEANINGS, SCHEMA, UNSPOKEN, read
from copilot.errors import BadInput, CopilotError
from copilot.language.plain import plain
from copilot.language.tokens import words
from copilot.reasoning.assessment import DIMENSIONS, HIGHEST, Assessment
from copilot.reasoning.types import Question

JUDGE = "llm/judge.md"
CONTROLS = "llm/controls.toml"
REPAIR = "llm/repair.md"

PASSING = HIGHEST / 2
"""Mean score from which an answer counts as passed: an empty one must stay below [J]."""
MARGIN = 1.5
"""How far the good control must lie above the empty one, of 4 [J]."""
LEAST_SCORED = 3
"""Dimensions of the good control that must have a score."""
LEAST_WORDS = 25
"""Words of all answers to a question below which nothing is scored [J]."""
LONGEST_ANSWER = 12_000
"""Characters of one answer that are sent."""
LONGEST_RETURNED = 4_000
"""Characters of a faulty reply that are shown to the model again."""

Exchanges = Sequence[tuple[str, str]]
"""(asked, answer) of a question and its follow-ups."""


class Controls(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The texts of the self-audit."""

    empty: str
    question: str
    good: str


class Audit(msgspec.Struct, frozen=True):
    """How the judge scored the two controls."""

    good: float
    """Mean score of the answer known to be good, 0 to 4."""
    empty: float
    """Mean score of the answer known to be empty, 0 to 4."""
    withheld: str = ""
    """Why no score of this judge is shown; empty where it passed."""


class Judgement(msgspec.Struct, frozen=True):
    """What the judge makes of a session."""

    questions: tuple[tuple[Assessment, ...], ...]
    """Seven dimensions for each question, in the order of the debrief."""
    audit: Audit
    engine: str
    note: str
    """Tokens and time."""


class Judge:
    """Scores the answers of a session, if it proves able to."""

    def __init__(self, chat: Chat) -> None:
        """Raises `BadInput` when a prompt file is wrong."""
        self.name = f"llm:{plain(chat.model)}"
        self._chat = chat
        self._prompt = prompts.load(
            JUDGE, ("dimensions", "question", "rubric", "exchanges"), parts=2
        )
        self._repair = prompts.load(REPAIR, ("faults",))
        path = resources.find("prompts", CONTROLS)
        if path is None:
            raise BadInput(f"The file {CONTROLS} is missing.", "Install interview-copilot again.")
        self._controls = strict.load(path, Controls)

    def judge(self, reviews: Sequence[QuestionReview], bank: Sequence[Question]) -> Judgement:
        """Scores for each of `reviews`; all None, with the reason, where the audit fails.

        `bank` are the questions with their rubrics. Raises `CopilotError` when the server fails.
        """
        known = {question.id: question for question in bank}
        asked = [known.get(r.id) or Question(r.id, r.text, sample=r.sample) for r in reviews]
        account = Account(self._chat, SCHEMA)
        audit = self._audit(asked, account)
        scored = tuple(
            self._withheld(audit.withheld)
            if audit.withheld
            else self._answers(question, [(e.asked, e.answer) for e in review.exchanges], account)
            for question, review in zip(asked, reviews, strict=True)
        )
        return Judgement(scored, audit, self.name, str(account))

    def _audit(self, asked: Sequence[Question], account: Account) -> Audit:
        """The controls: on a question of the session, where one has a sample reasoning."""
        controls = self._controls
        question = next(
            (q for q in asked if q.sample),
            Question("control", controls.question, sample=controls.good),
        )
        good, empty = (
            _scores(self._score(question, [(question.text, answer)], account))
            for answer in (question.sample, controls.empty)
        )
        return audited(good, empty)

    def _answers(
        self, question: Question, exchanges: Exchanges, account: Account
    ) -> tuple[Assessment, ...]:
        """The scores of what a candidate said, unless it is too little."""
        if sum(len(words(answer)) for _, answer in exchanges) < LEAST_WORDS:
            return self._withheld("Too little was said.")
        return self._score(question, exchanges, account)

    def _score(
        self, question: Question, exchanges: Exchanges, account: Account
    ) -> tuple[Assessment, ...]:
        """One call, and a second one where the first reply cannot be read."""
        system, user = self._prompt.render(
            dimensions=lines(f"{name}: {MEANINGS[name]}" for name in MEANINGS),
            question=harmless(question.text),
            rubric=rubric(question),
            exchanges=lines(
                f"{harmless(asked)} {fenced(answer[:LONGEST_ANSWER])}"
                for asked, answer in exchanges
            ),
        )
        messages = [Message("system", system), Message("user", user)]
        answers = [answer for _, answer in exchanges]
        end = account.end()
        said = account.ask(messages, end)
        scores, faults = read(said.text, answers, self.name)
        if scores is None:
            messages += [
                Message("assistant", said.text[:LONGEST_RETURNED]),
                Message("user", self._repair.render(faults=lines(faults))[0]),
            ]
            scores, faults = read(account.ask(messages, end).text, answers, self.name)
        if scores is None:
            raise CopilotError(f"The judge's reply cannot be used ({faults[0]}).", "Try again.")
        return scores

    def _withheld(self, why: str) -> tuple[Assessment, ...]:
        return tuple(
            Assessment(name, None, (), UNSPOKEN if name not in MEANINGS else why, self.name)
            for name in DIMENSIONS
        )


def audited(good: Sequence[int], empty: Sequence[int]) -> Audit:
    """Whether scores of the two controls tell them apart.

    `good` and `empty` hold the dimensions that were scored. An empty answer of which nothing was
    scored counts as 0: there is no evidence in it.
    """
    high = round(sum(good) / len(good), 2) if good else 0.0
    low = round(sum(empty) / len(empty), 2) if empty else 0.0
    withheld = ""
    if len(good) < LEAST_SCORED:
        withheld = "The judge did not score an answer known to be good."
    elif low >= PASSING:
        withheld = f"The judge gave {low:g} of {HIGHEST} to an answer known to be empty."
    elif high < PASSING:
        withheld = f"The judge gave only {high:g} of {HIGHEST} to an answer known to be good."
    elif high - low < MARGIN:
        withheld = (
            f"The judge put an answer known to be good ({high:g} of {HIGHEST}) hardly above an"
            f" empty one ({low:g})."
        )
    return Audit(high, low, withheld)


def _scores(assessments: Sequence[Assessment]) -> list[int]:
    return [a.score for a in assessments if a.score is not None]
