"""What a language model is told about an answer: the rendered interviewer prompt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from copilot.core.events import Draft
from copilot.core.persona import Persona
from copilot.core.settings import Pressure
from copilot.engines import prompts
from copilot.engines.chat import Message
from copilot.engines.fences import NOTHING, fenced, harmless, lines, rubric
from copilot.reasoning.argument import read
from copilot.reasoning.arithmetic import errors
from copilot.reasoning.ledger import Topic, clashes, commitments
from copilot.reasoning.types import CLARIFY, EXTENSION, Question, Weakness

INTERVIEWER = "llm/interviewer.md"
REPAIR = "llm/repair.md"

LONGEST_ANSWER = 12_000
"""Characters of the answer that are sent: about ten minutes of speech."""
LONGEST_EARLIER = 1_500
"""Characters of each earlier answer."""
EARLIER = 6
"""Earlier exchanges that are sent."""
ASKED_BEFORE = 30
"""Questions asked before that are sent, the latest."""
HELD = 12
"""Commitments that are sent, the latest."""

SOMEBODY = "an experienced machine-learning engineer who wants decisions defended"
"""Who interviews where a request names nobody."""

KINDS = {
    Weakness.UNJUSTIFIED_CHOICE: "something was picked without a reason, or with a circular one",
    Weakness.MISSING_TRADEOFF: "the gain is told, the price paid for it is not",
    Weakness.MISSING_ASSUMPTION: "it only works if something unspoken is true that may be false",
    Weakness.IGNORES_CONSTRAINT: "the plan breaks or passes over a limit that the question sets",
    Weakness.NO_BUSINESS_COST: "errors are counted, what each kind of error costs is not",
    Weakness.NO_METRIC: "it is said to be better, without the measure by which",
    Weakness.VAGUE_QUANTIFIER: "an amount that decides the matter stays vague",
    Weakness.TEXTBOOK_DEFINITION: "terms are defined where a decision was asked for",
    Weakness.NO_FAILURE_MODE: "only the good day: no detection, no fallback, no way back",
    Weakness.CONTRADICTION: "two statements that cannot both hold",
    Weakness.OVERCLAIM: "more certainty or scope than the evidence carries",
    Weakness.MISCONCEPTION: "a technical statement that the plan leans on is false",
    Weakness.CAUSAL_GAP: "the conclusion does not follow from the evidence",
    Weakness.RAMBLING: "it goes on without reaching an answer",
    Weakness.NO_ALTERNATIVE: "the first idea is the only one; nothing simpler is weighed",
    Weakness.NAME_DROPPING: "tools or papers are named in place of a reason",
    EXTENSION: "the answer is strong: a changed constraint or a harder case",
    CLARIFY: "the answer is empty, off the topic or cannot be understood; `quote` may be empty",
}


class Interviewer:
    """The prompts of one session's interviewer."""

    def __init__(
        self, *, pressure: Pressure | None = None, interviewers: Iterable[Persona] = ()
    ) -> None:
        """`pressure`: the usual one by default; `interviewers`: who may ask.

        Raises `BadInput` when a prompt file is wrong.
        """
        pressure = pressure or Pressure()
        supplied = ("persona", "pressure", "kinds", "question", "rubric", "earlier", "ledger",
                    "avoid", "asked", "unsure", "answer")  # fmt: skip
        self._prompt = prompts.load(INTERVIEWER, supplied, parts=2)
        self._repair = prompts.load(REPAIR, ("faults",))
        self._personas = {persona.id: persona.prompt for persona in interviewers if persona.prompt}
        by_sharpness = self._prompt.phrase("sharpness", pressure.sharpness, "")
        level = self._prompt.phrase("pressure", pressure.id, by_sharpness)
        self._pressure = f"{level} {self._prompt.phrase('scepticism', pressure.scepticism, '')}"

    @property
    def hashes(self) -> dict[str, str]:
        """SHA-256 of each prompt file by its name, for a session's header."""
        return {prompt.name: prompt.sha256 for prompt in (self._prompt, self._repair)}

    def messages(self, request: Draft, question: Question) -> tuple[Message, Message]:
        """System and user message about the answer in `request`."""
        system, user = self._prompt.render(
            persona=harmless(self._personas.get(request.persona, SOMEBODY)),
            pressure=self._pressure.strip(),
            kinds=lines(f"{kind}: {meaning}" for kind, meaning in KINDS.items()),
            question=harmless(question.text),
            rubric=rubric(question),
            earlier=_earlier(request.earlier[-EARLIER:]),
            ledger=_ledger(request),
            avoid=lines(harmless(asked) for asked in request.avoid[-ASKED_BEFORE:]),
            asked=harmless(request.asked or question.text),
            unsure=harmless(", ".join(request.unsure)) or NOTHING,
            answer=harmless(request.answer[:LONGEST_ANSWER]),
        )
        return Message("system", system), Message("user", user)

    def repair(self, faults: Iterable[str]) -> Message:
        """What is said after a reply that cannot be used."""
        return Message("user", self._repair.render(faults=lines(faults))[0])


def fingerprint(messages: Sequence[Message]) -> str:
    """Twelve hex digits of the SHA-256 of what was sent, for the log."""
    digest = hashlib.sha256()
    for message in messages:
        digest.update(f"{message.role}\0{message.content}\0".encode("utf-8", "replace"))
    return digest.hexdigest()[:12]


def _earlier(exchanges: Sequence[tuple[str, str]]) -> str:
    return lines(
        f"{harmless(asked)} {fenced(answer[:LONGEST_EARLIER])}" for asked, answer in exchanges
    )


def _ledger(request: Draft) -> str:
    """Commitments, clashes between them and sums that do not come out."""
    argument = read(request.answer[:LONGEST_ANSWER], request.asked, request.unsure)
    new = commitments(argument)
    held = [c for _, answer in request.earlier[-EARLIER:] for c in commitments(read(answer))]
    kept = [c for c in [*held, *new] if c.topic is not Topic.RULE]
    found = [f"{c.topic}: {fenced(c.quote)}" for c in kept[-HELD:]]
    found += [
        f"perhaps a contradiction: {fenced(clash.earlier.quote)} against"
        f" {fenced(clash.later.quote)}"
        for clash in clashes(held, new)
    ]
    found += [
        f"a sum that may be wrong: {fenced(argument.text[e.start : e.end])}"
        for e in errors(argument)
    ]
    return lines(dict.fromkeys(found))
