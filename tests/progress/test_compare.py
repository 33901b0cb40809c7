"""Before and after: gains and losses with quotes, told alike in both directions."""

from __future__ import annotations

from copilot.core.debrief import Debrief
from copilot.core.events import ClarityScore
from copilot.progress.compare import BETTER, SAME, UNKNOWN, WORSE, Compared, compare
from tests.progress.made import QUESTION, STRONG, WEAK, debrief, exchange, strong, weak

_OPPOSITE = {BETTER: WORSE, WORSE: BETTER, SAME: SAME, UNKNOWN: UNKNOWN}


def _compared(before: Debrief, after: Debrief) -> Compared:
    (made,) = compare(before, after, [QUESTION]).questions
    return made


def test_a_better_answer_is_better_with_quotes() -> None:
    made = compare(weak(), strong(), [QUESTION])
    assert made.verdict == BETTER
    (question,) = made.questions
    assert [p.text for p in question.gained] == [
        "Errors cost money.",
        "The capacity of the reviewers.",
    ]
    assert all(p.quote and p.quote in STRONG for p in question.gained)
    assert [p.text for p in question.lost] == ["Split by time."]
    assert question.lost[0].quote in WEAK
    (finding,) = question.weaknesses
    assert (finding.kind, finding.before, finding.after) == (
        "no_business_cost",
        "open",
        "not found",
    )
    assert finding.before_quote in WEAK
    link = next(c for c in question.reasoning if c.name == "metric-business link")
    assert link.change == BETTER
    assert link.after_quote in STRONG


def test_the_other_way_round_it_is_worse() -> None:
    there, back = compare(weak(), strong(), [QUESTION]), compare(strong(), weak(), [QUESTION])
    assert (there.verdict, back.verdict) == (BETTER, WORSE)
    a, b = there.questions[0], back.questions[0]
    assert (a.ups, a.downs) == (b.downs, b.ups)
    assert (a.gained, a.lost) == (b.lost, b.gained)
    assert [c.change for c in a.reasoning] == [_OPPOSITE[c.change] for c in b.reasoning]
    assert [w.change for w in a.weaknesses] == [_OPPOSITE[w.change] for w in b.weaknesses]


def test_the_same_is_the_same() -> None:
    made = compare(weak("a"), weak("b"), [QUESTION])
    assert made.verdict == SAME
    (question,) = made.questions
    assert (question.ups, question.downs, question.gained, question.lost) == (0, 0, (), ())
    assert [p.text for p in question.kept] == ["Split by time."]
    assert len(question.missed) == 2


def test_silence_is_no_improvement() -> None:
    made = compare(weak(), debrief(exchange(""), session="silent"), [QUESTION])
    (question,) = made.questions
    assert made.verdict == WORSE
    assert [w.change for w in question.weaknesses] == [UNKNOWN]
    assert {c.change for c in question.reasoning} == {UNKNOWN}
    assert any("no answer" in remark for remark in made.notes)


def test_a_gap_that_the_reply_closes_is_better_than_an_open_one() -> None:
    reply = "A missed fraud costs us eighty dollars and a held customer about fifteen."
    quote = "I take the threshold with the best score"
    fixed = debrief(
        exchange(WEAK, covered=("time",), verdict="weak"),
        exchange(reply, kind="no_business_cost", quote=quote, turn=1),
    )
    (finding,) = _compared(weak(), fixed).weaknesses
    assert (finding.before, finding.after, finding.change) == (
        "open",
        "closed by the reply",
        BETTER,
    )


def test_clarity_and_length_of_the_first_answer() -> None:
    def said(value: float, band: str) -> list[ClarityScore]:
        return [
            ClarityScore("pace", value, "words/min", band),  # type: ignore[arg-type]
            ClarityScore("restarts", value, "/100 words", "uncoloured"),
        ]

    before = debrief(exchange(WEAK, scores=said(200, "poor"), seconds=40))
    after = debrief(exchange(STRONG, scores=said(150, "good"), seconds=25))
    made = _compared(before, after)
    assert made.seconds == (40.0, 25.0)
    assert made.said == (len(WEAK.split()), len(STRONG.split()))
    pace, restarts = made.clarity
    assert (pace.change, pace.before, pace.after) == (BETTER, 200.0, 150.0)
    assert restarts.change == UNKNOWN


def test_what_is_hard_to_compare_is_said() -> None:
    import msgspec

    other = msgspec.structs.replace(strong(), engines={"speech to text": "whisper"})
    notes = compare(weak(), other, [QUESTION]).notes
    assert any("scripted before, whisper after" in remark for remark in notes)
    nothing = msgspec.structs.replace(strong(), questions=())
    made = compare(weak(), nothing, [QUESTION])
    assert (made.questions, made.only_before, made.verdict) == ((), ("fraud",), SAME)
