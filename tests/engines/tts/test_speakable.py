import pytest

from copilot.engines.tts.text import MAX_SENTENCE, sentences, speakable


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("plain text", "plain text"),
        ("two\nlines\tand tabs", "two lines and tabs"),
        ("<speak>Hello<break time='9s'/></speak>", "Hello"),
        ("p < 0.05 or q > 3", "p less than 0.05 or q greater than 3"),
        ("<<b>b>", "less than b greater than"),
        ("[[h@'loU]] [[[slnc 9]]", "h@'loU slnc 9"),
        ("[\u200b[slnc 9]\u200b]", "slnc 9"),
        ("a[0] stays", "a[0] stays"),
        ("**bold** and `code` and snake_case", "bold and code and snake case"),
        ("esc \x1b[31m nul \x00 csi \x9b bidi \u202e end", "esc [31m nul csi bidi end"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("naïve Bayes — größer", "naïve Bayes — größer"),
        ("", ""),
    ],
)
def test_speakable(text: str, spoken: str) -> None:
    assert speakable(text) == spoken


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("It was 0.5. Then 3.5 came.", ["It was 0.5.", "Then 3.5 came."]),
        ("Use trees, e.g. XGBoost. Fine.", ["Use trees, e.g. XGBoost.", "Fine."]),
        ("Recall vs. AUC here.", ["Recall vs. AUC here."]),
        ('He said "no." Then left.', ['He said "no."', "Then left."]),
        ("Well... and so on", ["Well... and so on"]),
        ("... !", []),
        ("", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert sentences(text) == pieces


@pytest.mark.parametrize("text", ["word " * 400, "clause one, " * 100, "x" * 3_000])
def test_long_sentences_are_cut_and_nothing_is_lost(text: str) -> None:
    pieces = sentences(text)
    assert all(0 < len(piece) <= MAX_SENTENCE for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
