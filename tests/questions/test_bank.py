"""Loading the bank: strictness, messages, overlay, cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from copilot.errors import BadInput
from copilot.questions.bank import CUSTOM_ID, Bank, custom, load

GOOD = """\
theme = "monitoring"

[[question]]
id = "first"
text = "What do you watch?"
level = "junior"
key_points = [
  { id = "a", text = "One thing.", aliases = ["one thing"] },
  { id = "b", text = "Another.", aliases = ["another"] },
]
mistakes = [
  { text = "Nothing.", cues = ["nothing at all"], probe = "Why nothing?" },
]

[[question]]
id = "second"
text = "And then?"
theme = "drift_after_deployment"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bank").mkdir()
    return tmp_path / "bank"


def write(folder: Path, text: str, name: str = "file.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def read(*folders: Path) -> Bank:
    return load(folders, cache=folders[0].parent / "cache.msgpack")


def error(folder: Path, text: str) -> BadInput:
    write(folder, text)
    with pytest.raises(BadInput) as caught:
        read(folder)
    return caught.value


def test_reads_questions_with_the_theme_of_the_file_or_their_own(folder: Path) -> None:
    path = write(folder, GOOD)
    bank = read(folder)
    assert [q.id for q in bank.all()] == ["first", "second"]
    assert bank.get("first").theme == "monitoring"
    assert bank.get("second").theme == "drift_after_deployment"
    assert bank.get("first").key_points[1].aliases == ("another",)
    assert bank.themes() == ("drift_after_deployment", "monitoring")
    assert [q.id for q in bank.by_theme("monitoring")] == ["first"]
    assert [q.id for q in bank.all(level="mid")] == ["second"]
    assert bank.origin("first") == path


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('level = "junior"', 'levle = "junior"', 6, ["levle", "'level'"]),
        ('theme = "monitoring"', 'them = "monitoring"', 1, ["them", "'theme'"]),
        ('id = "b", text', 'id = "b", txt', 9, ["txt", "'text'"]),
        ('cues = ["nothing', 'cue = ["nothing', 12, ["cue", "'cues'"]),
        ('{ id = "b", ', "{ ", 9, ["`id` is missing"]),
        ('level = "junior"', 'level = "juniro"', 6, ["juniro", "'junior'"]),
        ('level = "junior"', "level = 3", 6, ["level", "expected str"]),
        ('text = "And then?"', 'text = "And then?', 17, []),
        ('text = "And then?"', 'text = " "', 17, ["empty"]),
        ('id = "second"', 'id = "Second One"', 16, ["id"]),
        ('theme = "monitoring"', "theme = 7", 1, ["theme"]),
    ],
)
def test_a_broken_file_is_named_by_file_line_and_nearest_key(
    folder: Path, old: str, new: str, line: int, words: list[str]
) -> None:
    caught = error(folder, GOOD.replace(old, new))
    assert f"file.toml, line {line}:" in caught.message
    assert all(word in str(caught) for word in words)


def test_a_single_table_instead_of_a_list_of_them(folder: Path) -> None:
    caught = error(folder, '\n[question]\nid = "first"\ntext = "Why?"\n')
    assert "file.toml, line 2: write `[[question]]` tables" in caught.message


def test_keys_in_nested_tables_are_found_too(folder: Path) -> None:
    text = GOOD + '\n[[question.mistakes]]\ntext = "x"\n\n[[question.mistakes]]\nprobes = "y"\n'
    assert ", line 24: unknown key 'probes'" in error(folder, text).message


def test_a_file_that_is_no_text(folder: Path) -> None:
    (folder / "file.toml").write_bytes(b'theme = "a"\ntext = "\xff"\n')
    with pytest.raises(BadInput, match=r"line 2: the text is not UTF-8"):
        read(folder)


def test_absurd_nesting_is_an_error_of_the_file(folder: Path) -> None:
    assert "nested" in error(folder, "x = " + "[" * 20_000 + "]" * 20_000).message


def test_an_absurd_number_is_an_error_of_the_file(folder: Path) -> None:
    assert "cannot be read" in error(folder, "theme = " + "9" * 5_000).message


def test_a_file_saved_with_a_byte_order_mark_and_windows_line_ends(folder: Path) -> None:
    (folder / "file.toml").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert len(read(folder)) == 2


def test_a_folder_named_like_a_file(folder: Path) -> None:
    (folder / "file.toml").mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        read(folder)


@pytest.mark.parametrize("value", ["[1]", '["text"]', "[[1]]", "7", "[{}]"])
def test_questions_that_are_no_tables(folder: Path, value: str) -> None:
    assert "file.toml, line 2" in error(folder, f"\nquestion = {value}\n").message


def test_an_id_used_twice_is_named_with_both_places(folder: Path) -> None:
    write(folder, GOOD, "a.toml")
    write(folder, '[[question]]\n\nid = "second"\ntext = "Again?"\n', "b.toml")
    with pytest.raises(BadInput) as caught:
        read(folder)
    assert "'second'" in caught.value.message
    assert "a.toml, line 16" in caught.value.message
    assert "b.toml, line 3" in caught.value.message


def test_an_id_used_twice_in_one_file(folder: Path) -> None:
    caught = error(folder, GOOD.replace('"second"', '"first"'))
    assert "line 4, and" in caught.message
    assert caught.message.endswith("line 16.")


def test_the_users_question_replaces_the_bundled_one_in_its_place(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, GOOD)
    own = tmp_path / "own"
    own.mkdir()
    path = write(
        own, '[[question]]\nid = "first"\ntext = "Mine?"\n[[question]]\nid = "new"\ntext = "New?"\n'
    )
    bank = read(own, folder)
    assert [q.id for q in bank] == ["first", "second", "new"]
    assert bank.get("first").text == "Mine?"
    assert bank.origin("first") == path


def test_the_default_folders_include_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INTERVIEW_COPILOT_HOME", str(tmp_path))
    own = tmp_path / "prompts" / "questions"
    own.mkdir(parents=True)
    write(own, '[[question]]\nid = "ab-test-flat"\ntext = "My own text?"\n')
    bank = load()
    assert bank.get("ab-test-flat").text == "My own text?"
    assert len(bank) >= 150


def test_an_unknown_id_suggests_the_nearest(folder: Path) -> None:
    write(folder, GOOD)
    with pytest.raises(BadInput, match="'second'"):
        read(folder).get("secnd")
    with pytest.raises(BadInput, match="questions list"):
        read(folder).get("zzzzzzzz")


def test_an_unknown_theme_or_level_suggests_what_there_is(folder: Path) -> None:
    write(folder, GOOD)
    with pytest.raises(BadInput, match="Did you mean 'monitoring'"):
        read(folder).by_theme("monitorin")
    with pytest.raises(BadInput, match="junior, mid, senior"):
        read(folder).all(level="expert")


def test_a_custom_question_has_a_text_and_no_rubric() -> None:
    question = custom("  How do you \n choose a model? ")
    assert (question.id, question.text) == (CUSTOM_ID, "How do you choose a model?")
    assert question.key_points == ()
    with pytest.raises(BadInput):
        custom(" \n")


def test_an_edited_file_is_not_answered_from_the_cache(folder: Path) -> None:
    write(folder, GOOD)
    assert read(folder).get("first").text == "What do you watch?"
    write(folder, GOOD.replace("What do you watch?", "What do you catch?"))
    assert read(folder).get("first").text == "What do you catch?"


def test_the_cache_gives_the_same_bank_and_its_damage_does_no_harm(
    folder: Path, tmp_path: Path
) -> None:
    write(folder, GOOD)
    cache = tmp_path / "cache.msgpack"
    fresh = load([folder], cache=cache).all()
    stored = cache.read_bytes()
    assert load([folder], cache=cache).all() == fresh
    for damage in (b"", stored[:-9], b"\x00" * 40):
        cache.write_bytes(damage)
        assert load([folder], cache=cache).all() == fresh


def test_a_cache_that_cannot_be_written_is_done_without(folder: Path, tmp_path: Path) -> None:
    write(folder, GOOD)
    (tmp_path / "blocked").write_text("a file, not a folder")
    assert len(load([folder], cache=tmp_path / "blocked" / "cache.msgpack")) == 2
