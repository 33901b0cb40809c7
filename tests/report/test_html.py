"""The HTML report: complete, closed in itself, and deaf to whatever was said."""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from copilot.core.clarity.content import CHECKLIST
from copilot.core.debrief import Debrief
from copilot.core.events import Noted, Stamped
from copilot.reasoning.assessment import DIMENSIONS, Assessment
from copilot.reasoning.types import Followup, Question
from copilot.report.clips import Clips, wanted
from copilot.report.html import to_html
from copilot.report.model import build
from tests.report.page import Page
from tests.report.talk import HOSTILE, QUOTE, Talk, header, hostile, interview, question


def page_of(talk: Talk, clips: Clips | None = None) -> Page:
    made = build(talk.header, talk.records)
    return Page(to_html(made, clips) if clips else to_html(made))


def policy_of(page: Page) -> dict[str, str]:
    (policy,) = [meta["content"] for meta in page.all("meta") if meta.get("http-equiv")]
    return dict(rule.strip().split(" ", 1) for rule in policy.split(";"))


@pytest.fixture(scope="module")
def page() -> Page:
    return page_of(interview(questions=2, followups=2))


@pytest.fixture(scope="module")
def evil() -> Page:
    return page_of(hostile())


def test_it_is_well_formed_and_every_link_leads_somewhere(page: Page) -> None:
    assert page.problems == []
    identifiers = Counter(page.values("id"))
    assert set(identifiers.values()) == {1}
    references = [value.removeprefix("#") for value in page.values("href")]
    references += [part for value in page.values("aria-labelledby") for part in value.split()]
    assert set(references) <= set(identifiers)
    assert len(references) > 20


def test_it_tells_what_was_asked_said_and_found(page: Page) -> None:
    for text in (
        "2 January 2026, 03:04",
        "2 questions · 4 follow-ups",
        "Follow-up 2.2 · vague quantifier",
        f"Asked because you said {QUOTE} in answer 2.1.",
        "No number carries it.",
        "Found by offline.",
        "heard by ears",
        "1.0 s pause",
        "I would weigh the costs first.",
        "Nothing left this machine.",
        "Say the rate.",
        "interview-copilot practice --question question-0",
    ):
        assert text in page.shown, text
    for name in (*DIMENSIONS, *CHECKLIST):
        assert name.lower() in page.shown.lower()
    assert page.shown.count("insufficient evidence") == len(DIMENSIONS)


def test_dimensions_that_were_judged_show_score_quote_and_judge() -> None:
    talk = interview(1)
    framing = Assessment("framing", 3, ("i would use",), "It began with the limits.", "judge-1")

    def judge(made: Debrief, questions: Iterable[Question]) -> Debrief:
        assert [question.id for question in questions] == ["question-0"]
        return replace(made, assessments=(framing,))

    page = Page(to_html(build(talk.header, talk.records, judge)))
    told = "Framing ●●●○ 3 of 4 It began with the limits. (judge-1) “i would use”"
    assert told in page.shown
    assert page.shown.count("insufficient evidence") == len(DIMENSIONS) - 1


def test_each_question_has_its_own_scores() -> None:
    talk = interview(2)
    cost = Assessment("trade-off reasoning", 2, ("the recall is fine",), "Half of it.", "judge-1")

    def judge(made: Debrief, _: Iterable[Question]) -> Debrief:
        first, second = made.questions
        return replace(made, questions=(first, replace(second, assessments=(cost,))))

    page = Page(to_html(build(talk.header, talk.records, judge)))
    assert page.problems == []
    assert "Reasoning in question 2: trade-off reasoning 2" in page.shown
    assert "Reasoning in question 1" not in page.shown
    assert "trade-off reasoning ·insufficient evidence 2" in page.shown


def test_plots_have_titles_and_words(page: Page) -> None:
    plots = page.all("svg")
    assert sum(plot.get("role") == "img" for plot in plots) == 5
    assert page.tags >= {"title", "desc", "polyline", "line"}
    assert "median" in page.shown


def test_its_own_policy_forbids_everything_but_its_style(page: Page) -> None:
    talk = interview(1)
    source = to_html(build(talk.header, talk.records))
    style = re.search(r"<style>(.*?)</style>", source, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy_of(page) == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "media-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert "url(" not in style[1]
    assert "@import" not in style[1]


@pytest.mark.parametrize("which", ["page", "evil"])
def test_there_are_no_scripts_handlers_or_addresses(
    which: str, request: pytest.FixtureRequest
) -> None:
    page: Page = request.getfixturevalue(which)
    forbidden = {"script", "img", "iframe", "object", "embed", "link", "form", "base"}
    assert not page.tags & forbidden
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "style" not in page.attributes
    assert all(value.startswith("#") for value in page.values("href", "xlink:href"))
    assert page.values("src") == []


def test_hostile_words_add_no_markup(page: Page, evil: Page) -> None:
    assert evil.problems == []
    assert evil.tags <= page.tags | {"strong"}
    assert evil.attributes <= page.attributes
    identifiers = set(evil.values("id"))
    assert all(re.fullmatch(r"[a-z]+[a-z0-9.-]*", name) for name in identifiers)


def test_hostile_words_are_shown_as_they_are(evil: Page) -> None:
    for text in ("<script>alert(1)</script>", "&lt;b&gt;", "{{ 7*7 }}", "{% raw %}"):
        assert evil.shown.count(text) >= 10, text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", evil.text)
    assert "[31m" not in evil.text


def test_hostile_words_stay_in_their_attributes(evil: Page) -> None:
    """Names of things go into attributes nowhere; numbers and the page's own words do."""
    for _, attributes in evil.elements:
        assert not any("alert" in value for value in attributes.values())


@settings(max_examples=40, deadline=None)
@given(text=st.text(max_size=60))
def test_no_text_at_all_adds_markup(page: Page, text: str) -> None:
    talk = Talk(header([Question("q", text, sample=text)], text))
    talk.ask("q", text)
    talk.answer(f"we use the score {text} here", 3)
    talk.ask("q", text, Followup("overclaim", text, text, text))
    talk.add(Noted("code", text))
    found = page_of(talk)
    assert found.problems == []
    assert found.tags <= page.tags | {"strong"}
    assert found.attributes <= page.attributes


def test_a_hostile_question_gives_no_command_to_copy(evil: Page) -> None:
    assert evil.all("code") == []
    assert HOSTILE.split(" ")[0] in evil.shown


def test_clips_are_played_where_they_were_said() -> None:
    talk = interview(1, 1)
    made = build(talk.header, talk.records)
    names = list(wanted(made))
    assert names == ["answer-0", "answer-1", "quote-1"]
    clips = Clips("beside", {name: f"./r-audio/{name}.flac" for name in names})
    page = Page(to_html(made, clips))
    assert page.values("src") == [
        "./r-audio/answer-0.flac",
        "./r-audio/quote-1.flac",
        "./r-audio/answer-1.flac",
    ]
    assert all(audio["preload"] == "none" for audio in page.all("audio"))
    assert all(audio["aria-label"] for audio in page.all("audio"))
    assert policy_of(page)["media-src"] == "'self'"
    inside = Page(to_html(made, Clips("embedded", {"answer-0": "data:,"})))
    assert policy_of(inside)["media-src"] == "data:"


def test_a_session_that_broke_off_at_once_still_makes_a_page() -> None:
    page = page_of(Talk(header([question(0)])))
    assert page.problems == []
    assert "broke off before its end" in page.shown
    assert "No answer was heard" in page.shown


def test_a_question_without_an_answer_says_so() -> None:
    talk = Talk(header([question(0)]))
    talk.ask("question-0", "How do you choose the threshold?")
    page = page_of(talk)
    assert page.problems == []
    assert "Nothing was heard." in page.shown


def test_a_long_session_stays_small_and_is_read_once() -> None:
    """Half an hour: one pass over the log, and plots whose size does not follow its length."""
    talk = interview(questions=10, followups=2, seconds=55)
    passes = Counter[int]()

    def once() -> Iterator[Stamped]:
        for number, record in enumerate(talk.records):
            passes[number] += 1
            yield record

    made = build(talk.header, once())
    source = to_html(made)
    assert made.debrief.seconds > 28 * 60
    assert set(passes.values()) == {1}
    assert len(passes) == len(talk.records) > 50_000
    assert len(source) < 300_000
    points = sum(line.count(",") for panel in made.timeline.panels for line in panel.lines)
    assert 100 < points < 4 * 300


def test_spans_and_stamps_out_of_all_bounds_are_drawn_all_the_same() -> None:
    talk = interview(1, 0)
    talk.at = 10**15
    talk.end()
    page = page_of(talk)
    assert page.problems == []
    assert len(page.all("text")) < 20
