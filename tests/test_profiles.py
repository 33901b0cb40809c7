"""Profiles, personas and changes of fact: bundled ones are sound, the user's own work at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from copilot import profiles, resources
from copilot.core.events import Draft
from copilot.core.ladder import ORDER, harder
from copilot.core.persona import Lines, Persona
from copilot.core.settings import Pressure, Script
from copilot.engines.followups.request import Interviewer
from copilot.errors import BadInput
from copilot.questions import bank
from copilot.reasoning.banned import banned
from copilot.reasoning.echo import echo
from copilot.reasoning.probe import probe
from copilot.reasoning.templates import AGAIN, BARE, CLARIFYING, TEMPLATES
from copilot.reasoning.types import EXTENSION, Question, Weakness

KINDS = (*Weakness, EXTENSION)
PERSONAS = profiles.listed("personas")
ANSWER = (
    "so i would take the gradient boosted trees because they always win and then i would put the"
    " threshold at point seven and it is much better than before and we ship it to everybody"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    (tmp_path / "prompts" / "personas").mkdir(parents=True)
    (tmp_path / "prompts" / "pressure").mkdir()
    return tmp_path / "prompts"


# --- nothing demeaning, personal or about protected traits, in ten thousand utterances ---


def utterances() -> Iterator[str]:
    """Everything that any persona can say under any profile."""
    script, _ = profiles.script()
    questions, _ = profiles.with_changes(bank.load())
    levels = [profiles.pressure(name)[0] for name in profiles.listed("pressure")]
    people = {p.id: p for name in PERSONAS for p in profiles.interviewers(name)[0]}
    yield from CLARIFYING
    yield from AGAIN.values()
    yield from (wording for wordings in BARE.values() for wording in wordings)
    for persona in people.values():
        followups = _followups(persona)
        for level in levels:
            leads = {"", *_lines(script, persona, "cut_in"), *_lines(script, persona, "time_up")}
            if level.sharpness != "plain":
                leads |= set(_lines(script, persona, level.sharpness))
            if level.scepticism == "doubting":
                leads |= set(_lines(script, persona, "doubt"))
            yield from (f"{lead} {text}".strip() for lead in leads for text in followups)
            if level.warning:
                yield from _lines(script, persona, "warning", seconds=str(level.warning))
        for name in ("opening", "transition", "nothing"):
            for line in _lines(script, persona, name):
                yield from (f"{line} {question.text}" for question in questions)
        for line in _lines(script, persona, "curveball"):
            yield from (f"{line} {change.fact}" for q in questions for change in q.changes)
        for name in Script.__struct_fields__:
            yield from _lines(script, persona, name, what="weighed a trade-off", quote="it costs")
    yield from (text for question in questions for text in question.extensions)
    yield from (mistake.probe for question in questions for mistake in question.mistakes)


def _lines(script: Script, persona: Persona, name: str, **slots: str) -> tuple[str, ...]:
    own = getattr(persona.lines, name) if name in Lines.__struct_fields__ else None
    lines = getattr(script, name) if own is None else own
    for slot, value in slots.items():
        lines = tuple(line.replace(f"{{{slot}}}", value) for line in lines)
    return tuple(lines)


def _followups(persona: Persona) -> set[str]:
    """Every wording of every kind about words of the bank's sample answers."""
    echoes = [said for q in bank.load().all()[::5] if (said := echo(q.sample[:200]))]
    return {
        wording.format(echo=said, slot=said)
        for kind in KINDS
        for wording in (*persona.manner.wording.get(kind, ()), *TEMPLATES[kind])
        for said in echoes
    }


def test_no_banned_wording_in_ten_thousand_utterances() -> None:
    said = set(utterances())
    assert len(said) >= 10_000, "fewer distinct utterances than the test is for"
    found = {text: wording for text in said if (wording := banned(text)) is not None}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "That is a stupid answer.", "Your accent makes it hard.", "Are you nervous?",
        "Even a junior would know that.", "You clearly don't know.", "As a woman, what do you do?",
        "How old are you?", "Calm down.", "You sound unsure.", "What a waste of my time.",
        "Where are you from?", "People like you never think of cost.", "Your English is hard.",
    ],
)  # fmt: skip
def test_the_list_finds_what_it_is_for(text: str) -> None:
    assert banned(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "How do you check the errors by age group and gender?",
        "The model turned down an older applicant. Which features could stand for age?",
        "You said the users are tired of alerts. How do you know?",
        "You said you use the same features for all. What reason do you have?",
    ],
)
def test_questions_of_the_trade_pass(text: str) -> None:
    assert banned(text) is None


# --- profiles ---


def test_the_ladder_raises_one_thing_at_a_time() -> None:
    rungs: list[Pressure] = []
    while True:
        try:
            rungs.append(profiles.pressure(f"level-{len(rungs)}")[0])
        except BadInput:
            break
    levels = [profiles.pressure(name)[0] for name in profiles.LEVELS]
    for before, after in pairwise(rungs):
        changed = [name for name in ORDER if getattr(before, name) != getattr(after, name)]
        assert len(changed) == 1
    same = [msgspec.structs.replace(level, id="") for level in levels]
    reached = [msgspec.structs.replace(rung, id="") for rung in rungs]
    assert reached[0] == same[0]
    assert same[1] in reached
    assert reached[-1] == same[2]
    assert harder(levels[2], levels[1])
    assert harder(levels[1], levels[0])
    assert not harder(levels[0], levels[2])


def test_every_parameter_is_documented_and_on_the_ladder() -> None:
    text = (resources.bundled("prompts") / "pressure" / "calm.toml").read_text(encoding="utf-8")
    for name in Pressure.__struct_fields__:
        assert re.search(rf"^{name} = .*#|^id = ", text, re.MULTILINE), name
    assert set(ORDER) == set(Pressure.__struct_fields__) - {"id"}


def test_a_profile_of_ones_own_works_at_once(home: Path) -> None:
    (home / "pressure" / "exam.toml").write_text("ramble = 12\nsilence = 3\n")
    level, hashes = profiles.pressure("exam")
    assert (level.id, level.ramble, level.silence, level.followups) == ("exam", 12, 3, 2)
    assert set(hashes) == {"pressure/exam.toml"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rambel = 12", "exam.toml:1: unknown key 'rambel'"),
        ("followups = 2\nsilence = 99", "exam.toml:2: silence"),
        ('sharpness = "rude"', "exam.toml:1: sharpness cannot be 'rude'"),
        ("answer_limit = 30\nwarning = 60", "warning must be shorter"),
    ],
)
def test_what_is_wrong_in_a_profile_is_named(home: Path, text: str, message: str) -> None:
    (home / "pressure" / "exam.toml").write_text(text)
    with pytest.raises(BadInput, match=re.escape(message)):
        profiles.pressure("exam")


# --- personas ---

OWN = """+++
title = "Grandmaster"
voice = "en-us+f3"
themes = ["cold_start"]
[weights]
overclaim = 3.0
[wording]
overclaim = ["You said {echo}. What would refute that on the board?"]
[lines]
opening = ["Let us play."]
+++
a chess player who asks what would refute each move.
"""


def test_a_persona_of_ones_own_works_at_once_offline_and_with_a_model(home: Path) -> None:
    (home / "personas" / "grandmaster.md").write_text(OWN)
    assert "grandmaster" in profiles.listed("personas")
    (persona,), hashes = profiles.interviewers("grandmaster")
    assert set(hashes) == {"personas/grandmaster.md"}
    answer = "our model will always catch every fraud and it can never be wrong about any order"
    made = probe(Question("", "How do you choose?"), answer, manner=persona.manner)
    assert made.followups[0].kind == Weakness.OVERCLAIM
    assert made.followups[0].question.endswith("What would refute that on the board?")
    question = Question("q", "How do you choose?")
    asked = Draft(1, 0, 0, "llm", "q", question.text, answer, (), (), (), 0, "grandmaster")
    system = Interviewer(interviewers=[persona]).messages(asked, question)[0].content
    assert system.startswith("You are a chess player who asks what would refute each move.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("overclaim = 3", "overclaims = 3"), "no kind of weakness 'overclaims'"),
        (("{echo}. What", "{words}. What"), "own.md:8: a wording has `{echo}`"),
        (("You said {echo}. ", ""), "own.md:8: a wording cannot be asked: `{echo}` is missing"),
        (("on the board?", "on the board"), "not exactly one question"),
        (("Let us play.", "You look tired."), "own.md:10: 'you look tired' has no place"),
        (("voice =", "voise ="), "own.md:3: unknown key 'voise'"),
        (("+++\na chess", "a chess"), "front matter does not end"),
    ],
)
def test_what_is_wrong_in_a_persona_is_named(
    home: Path, change: tuple[str, str], message: str
) -> None:
    (home / "personas" / "own.md").write_text(OWN.replace(*change))
    with pytest.raises(BadInput, match=re.escape(message)):
        profiles.interviewers("own")


def test_each_persona_words_and_probes_in_its_own_way() -> None:
    question = Question("", "Which model do you take, and where do you put the threshold?")
    first: dict[str, str] = {}
    kinds = set()
    for name in PERSONAS:
        persona = profiles.interviewers(name)[0][0]
        made = probe(question, ANSWER, manner=persona.manner)
        first.setdefault(persona.id, made.followups[0].question)
        kinds.add(tuple(f.kind for f in made.followups))
    assert len(set(first.values())) == len(first)
    assert len(kinds) > 1


def test_a_panel_has_two_people_with_two_voices() -> None:
    people, hashes = profiles.interviewers("panel_of_two")
    assert [person.title for person in people] == ["Staff engineer", "Product manager"]
    assert len({person.voice for person in people}) == 2
    assert len(hashes) == 3


def test_each_persona_has_a_part_of_the_prompt() -> None:
    for name in PERSONAS:
        assert all(person.prompt for person in profiles.interviewers(name)[0])
        assert all(profiles.describe(name))


def test_an_unknown_persona_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInput) as caught:
        profiles.interviewers("product_manger")
    assert "product_manager" in caught.value.hint


# --- changes of fact ---


def test_every_question_of_the_bank_has_facts_that_may_change() -> None:
    questions, hashes = profiles.with_changes(bank.load())
    assert all(question.changes for question in questions)
    assert set(hashes) == {"curveballs.toml"}
    for change in {change.id: change for q in questions for change in q.changes}.values():
        assert change.fact.endswith(".")
        assert len(change.fact.split()) <= 25
        assert change.invalidates
        assert change.replans


def test_a_question_keeps_its_own() -> None:
    (question,), _ = profiles.with_changes([bank.load().get("fraud-review-threshold")])
    assert [change.id for change in question.changes] == ["half-the-reviewers"]
