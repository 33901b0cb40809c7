"""Search over sessions, and what a person notes about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import BadInput, CopilotError, UsageError
from copilot.runtime.annotations import (
    ANNOTATIONS,
    Annotations,
    noted,
    read_annotations,
    tagged,
)
from copilot.runtime.search import Hit, search
from copilot.runtime.store import EVENTS, RecordedSession
from tests.runtime.studio import Studio


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio")).run()


def find(recorded: RecordedSession, text: str) -> list[Hit]:
    return list(search([recorded.folder], text))


def test_an_answer_is_found_at_its_time(recorded: RecordedSession) -> None:
    (hit,) = find(recorded, "validation set")
    assert (hit.session, hit.turn, hit.where) == (recorded.id, 0, "answer")
    assert hit.snippet == "…he threshold with the best score on the validation set"
    words = [
        word
        for record in recorded.records()[0]
        if getattr(record.event, "final", False)
        for word in getattr(record.event, "stable", ())
    ]
    assert hit.at == pytest.approx(
        next(w.start for w in words if w.text == "validation") / 16_000, abs=0.01
    )


def test_case_and_spaces_do_not_matter(recorded: RecordedSession) -> None:
    assert find(recorded, "  VALIDATION   Set ") == find(recorded, "validation set")


def test_questions_are_found_too(recorded: RecordedSession) -> None:
    assert [(hit.turn, hit.where) for hit in find(recorded, "threshold")] == [
        (0, "asked"),
        (0, "answer"),
    ]
    assert [hit.turn for hit in find(recorded, "same?")] == [3]


@pytest.mark.parametrize("text", ["zebra", ".*", "validation threshold", "block_heard", "\\", "ß"])
def test_what_was_not_said_is_not_found(recorded: RecordedSession, text: str) -> None:
    assert find(recorded, text) == []


def test_nothing_to_search_for(recorded: RecordedSession) -> None:
    with pytest.raises(UsageError):
        find(recorded, "  ")


def test_a_session_without_a_log_is_passed_over(tmp_path: Path) -> None:
    assert list(search([tmp_path / "gone"], "x")) == []


def test_tags_and_a_note_lie_beside_the_log(recorded: RecordedSession) -> None:
    log = (recorded.folder / EVENTS).read_bytes()
    tagged(recorded.folder, ["weak", "week-3", "weak"], [])
    noted(recorded.folder, "say the cost first")
    assert read_annotations(recorded.folder) == Annotations(
        ("weak", "week-3"), "say the cost first"
    )
    assert (recorded.folder / ANNOTATIONS).stat().st_mode & 0o777 == 0o600
    tagged(recorded.folder, [], ["weak", "week-3"])
    noted(recorded.folder, "")
    assert not (recorded.folder / ANNOTATIONS).exists()
    assert (recorded.folder / EVENTS).read_bytes() == log


@pytest.mark.parametrize("tag", ["", "two words", "-x", "a/b", "x" * 41, "\x1b[2J"])
def test_what_is_no_tag_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(UsageError):
        tagged(tmp_path, [tag], [])
    assert not list(tmp_path.iterdir())


def test_too_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="32"):
        tagged(tmp_path, [f"t{n}" for n in range(33)], [])
    with pytest.raises(UsageError, match="10001"):
        noted(tmp_path, "x" * 10_001)


@pytest.mark.parametrize(
    "data", [b"", b"[]", b'{"tags":["a b"]}', b'{"surprise":1}', b'{"note":1}', b"\xff"]
)
def test_broken_annotations_are_one_sentence(tmp_path: Path, data: bytes) -> None:
    (tmp_path / ANNOTATIONS).write_bytes(data)
    with pytest.raises(BadInput, match=r"annotations\.json"):
        read_annotations(tmp_path)


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CopilotError, match="cannot be"):
        noted(tmp_path / "file", "x")
