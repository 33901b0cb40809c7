"""What an answer does with a fact that changed in its middle, in words that nobody tuned on."""

from __future__ import annotations

import pytest

from copilot import profiles
from copilot.questions import bank
from copilot.reasoning.revision import confronted, revise
from copilot.reasoning.types import Change, Probe, Verdict


def general(identifier: str) -> Change:
    questions, _ = profiles.with_changes(bank.load())
    return next(c for q in questions for c in q.changes if c.id == identifier)


BEFORE = {
    "labels-late": (
        "so we retrain the model every night on the labels of the day before and we watch the"
        " accuracy each morning"
    ),
    "traffic-tenfold": (
        "i would call the large model for every request in real time and log everything so that we"
        " can look at it later"
    ),
    "feature-illegal": (
        "the strongest feature is the postcode of the applicant so i would keep it and add the"
        " distance to the next branch"
    ),
    "budget-halved": (
        "we hire two more annotators and label everything again and then train an ensemble of deep"
        " models on four gpus"
    ),
    "false-alarms-dear": (
        "a miss is worse so i would lower the threshold and flag everything that looks odd because"
        " false alarms are cheap"
    ),
}
AFTER = [
    ("labels-late", "adapts", "okay then i can't judge last night's model by accuracy i would watch"
     " a proxy like the score distribution and retrain once a month when the labels are there"),
    ("labels-late", "contradicts", "that's fine we would still retrain every night on the labels of"
     " the day before"),
    ("labels-late", "ignores", "and the features come from the billing system and from the app"
     " where people log in and we join them on the account"),
    ("traffic-tenfold", "adapts", "hmm then the large model cannot serve that i would put a smaller"
     " model in front and only the top candidates go to the large one"),
    ("traffic-tenfold", "contradicts", "it doesn't change anything i still call the large model for"
     " every request in real time"),
    ("traffic-tenfold", "ignores", "so my next step is the documentation and a good notebook that"
     " explains the features to new colleagues"),
    ("feature-illegal", "adapts", "then we have to drop it and retrain without the postcode and i"
     " would check whether the branch is a proxy for it"),
    ("feature-illegal", "contradicts", "i'd stick with the plan the postcode stays in because it is"
     " the strongest feature"),
    ("feature-illegal", "ignores", "and for the evaluation i like the area under the curve and a"
     " nice table of the results by month"),
    ("budget-halved", "adapts", "okay with half the money i would label only a sample and start"
     " with a simpler model and postpone the ensemble"),
    ("budget-halved", "contradicts", "no problem we hire the two annotators anyway and train the"
     " ensemble of deep models as planned"),
    ("budget-halved", "ignores", "another thing is the naming of the columns which was a mess in"
     " the old warehouse"),
    ("false-alarms-dear", "adapts", "then the balance is different i would raise the threshold and"
     " add a second check before anybody is blocked"),
    ("false-alarms-dear", "contradicts", "i would keep the low threshold and flag everything as i"
     " said"),
    ("false-alarms-dear", "ignores", "the data is stored in three tables and the largest one has a"
     " hundred columns"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "outcome", "after"), AFTER)
def test_the_outcome_and_exact_quotes(change: str, outcome: str, after: str) -> None:
    before = BEFORE[change]
    answer = f"{before} {after}"
    found = revise(general(change), answer, len(before))
    assert found.outcome == outcome
    for quote in (*found.planned, *found.standing, *found.against):
        assert quote in answer
    if outcome == "adapts":
        assert found.planned
        assert all(quote in after for quote in found.planned)
    else:
        assert found.standing or found.against


def test_silence_is_no_answer() -> None:
    before = BEFORE["labels-late"]
    found = revise(general("labels-late"), f"{before} um okay so", len(before))
    assert found.outcome == "no_answer"
    assert found.standing


def test_what_was_passed_over_is_confronted_with_its_quote() -> None:
    before = BEFORE["labels-late"]
    answer = f"{before} {AFTER[2][2]}"
    made = confronted(Probe(Verdict.OK), general("labels-late"), answer, len(before), ())
    assert made.verdict == Verdict.WEAK
    assert made.followups[0].quote in before
    assert made.followups[0].question.count("?") == 1
    adapted = f"{before} {AFTER[0][2]}"
    calm = confronted(Probe(Verdict.OK), general("labels-late"), adapted, len(before), ())
    assert calm.followups == ()
