"""The Markdown report through a Markdown parser with tables, strike-through and bare links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from copilot.language.plain import plain
from copilot.report.markdown import escape, to_markdown
from copilot.report.model import build
from tests.report.talk import HOSTILE, hostile

PARSER = MarkdownIt("gfm-like")
PLACES = ("> {}", "- {}", "- why: “{}”", "# {}", "text {} text")


def flat(tokens: list[Token]) -> list[Token]:
    found = []
    for token in tokens:
        found += [token, *flat(token.children or [])]
    return found


def shown(source: str) -> tuple[set[str], str]:
    """Kinds of inline markup in a text, and the words as they are read."""
    tokens = flat(PARSER.parse(source))
    kinds = {token.type for token in tokens if token.type != "inline"}
    text = "".join(token.content for token in tokens if token.type in ("text", "text_special"))
    return kinds, text


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "# no heading",
        "1. no list",
        "12) no list",
        "- no list",
        "+ no list",
        "=== no heading",
        "    no code",
        "`no code`",
        "**not** _strong_ ~~struck~~",
        "![no](image) [no](http://evil.example)",
        "http://evil.example www.evil.example <http://evil.example>",
        "mail evil@evil.example",
        "&lt;b&gt; &#60; AT&T &",
        "a | b",
        "trailing backslash \\",
        "[^1]: no note",
        "***",
    ],
)
def test_text_is_read_as_it_is(place: str, text: str) -> None:
    harmless, _ = shown(place.format("word"))
    kinds, read = shown(place.format(escape(text)))
    assert kinds <= harmless | {"text", "text_special"}
    assert (
        read.strip() == shown(place.format("\0"))[1].replace("\ufffd", plain(text).strip()).strip()
    )


@given(st.text(alphabet=st.sampled_from("ab1.)([]*_`~<>&#;:/\\-+=|!@w \t\n"), max_size=30))
def test_no_mixture_of_signs_becomes_markup(text: str) -> None:
    kinds, read = shown(f"start {escape(text)} end")
    assert kinds <= {"paragraph_open", "paragraph_close", "text", "text_special"}
    assert read == f"start {plain(text).strip()} end"


def test_what_needs_no_escape_stays_readable() -> None:
    text = "F1 (the harmonic mean) - not AUC - rose by 3.5 points; costs: 2 + 3 = 5 #1!"
    assert escape(text) == text


def test_a_hostile_session_has_the_structure_of_any_other() -> None:
    talk = hostile()
    tokens = flat(PARSER.parse(to_markdown(build(talk.header, talk.records))))
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_inline", "html_block", "link_open", "image", "s_open", "fence"}
    tables = [token for token in tokens if token.type == "table_open"]
    rows = [token for token in tokens if token.type == "tr_open"]
    cells = [token for token in tokens if token.type in ("td_open", "th_open")]
    assert len(tables) == 2
    assert len(cells) == 4 * len(rows)
