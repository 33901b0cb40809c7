"""Transcripts out of segments, guesses and times that models get wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from copilot.core.clock import Span
from copilot.core.events import TranscriptMoved, Word
from copilot.core.transcript import LOW_CONFIDENCE, TranscriptBuilder, fit, join

SPAN = Span(1000, 11_000)


def words(text: str, start: int = 1000, confidence: int = 90) -> list[Word]:
    return [
        Word(word, start + 500 * n, start + 500 * n + 400, confidence)
        for n, word in enumerate(text.split())
    ]


def builder() -> TranscriptBuilder:
    made = TranscriptBuilder()
    made.open(1, 0, SPAN)
    return made


def moved(out: list[TranscriptMoved]) -> tuple[str, str, bool]:
    (one,) = out
    return join(one.stable), join(one.tentative), one.final


def test_a_first_guess_is_tentative() -> None:
    assert moved(builder().guess(1, words("we take"))) == ("", "we take", False)


def test_what_two_guesses_agree_on_is_stable() -> None:
    made = builder()
    made.guess(1, words("we take the"))
    assert moved(made.guess(1, words("we take a model"))) == ("we take", "a model", False)


def test_agreement_looks_past_case_and_punctuation() -> None:
    made = builder()
    made.guess(1, words("We take, the"))
    assert moved(made.guess(1, words("we take a"))) == ("we take", "a", False)


def test_agreement_ends_at_the_first_difference() -> None:
    made = builder()
    made.guess(1, words("i take the model"))
    assert moved(made.guess(1, words("we take the model")))[0] == ""


def test_stable_words_stay_when_a_guess_gets_shorter() -> None:
    made = builder()
    made.guess(1, words("we take the model"))
    made.guess(1, words("we take the model"))
    assert moved(made.guess(1, words("we")))[0] == "we take the model"


def test_the_quality_pass_replaces_every_guess() -> None:
    made = builder()
    made.guess(1, words("we bake"))
    made.guess(1, words("we bake"))
    assert moved(made.final(1, words("we take"))) == ("we take", "", True)
    assert made.text(0) == "we take"


def test_a_guess_after_the_quality_pass_is_too_late() -> None:
    made = builder()
    made.final(1, words("we take"))
    assert made.guess(1, words("we bake")) == []
    assert made.text(0) == "we take"


def test_segments_make_a_turn_in_their_order() -> None:
    made = builder()
    made.open(2, 0, Span(11_000, 20_000))
    made.open(3, 1, Span(20_000, 30_000))
    made.final(2, words("second", 11_000))
    made.final(3, words("other", 20_000))
    made.final(1, words("first"))
    assert (made.text(0), made.text(1), made.text(2)) == ("first second", "other", "")


def test_a_segment_can_be_given_to_another_turn() -> None:
    made = builder()
    made.final(1, words("first"))
    made.move(1, 4)
    assert (made.text(0), made.text(4)) == ("", "first")


def test_doubtful_words_are_named() -> None:
    made = builder()
    made.final(
        1, [Word("sure", 1000, 1100, LOW_CONFIDENCE), Word("hm", 1200, 1300, LOW_CONFIDENCE - 1)]
    )
    assert made.unsure(0) == ("hm",)


def test_a_segment_that_grows_takes_words_of_its_new_end() -> None:
    made = builder()
    made.open(1, 0, Span(1000, 20_000))
    made.final(1, [Word("late", 15_000, 15_500)])
    assert made.words(0) == [Word("late", 15_000, 15_500)]


def test_times_are_clamped_to_the_span_and_kept_in_order() -> None:
    wrong = [Word("a", -500, 400), Word("b", 3000, 2000), Word("c", 1500, 99_000, 300)]
    assert fit(wrong, SPAN) == (
        Word("a", 1000, 1000),
        Word("b", 3000, 3000),
        Word("c", 3000, 11_000),
    )


def test_white_space_makes_no_words() -> None:
    assert fit([Word("  ", 1000, 1100), Word(" two\n words ", 1200, 1300)], SPAN) == (
        Word("two words", 1200, 1300),
    )


@given(
    st.lists(
        st.builds(
            Word,
            st.text(max_size=4),
            st.integers(-20_000, 40_000),
            st.integers(-20_000, 40_000),
            st.integers(-50, 500),
        )
    )
)
def test_fitted_words_never_overlap_or_leave_the_span(given_words: list[Word]) -> None:
    floor = SPAN.start
    for word in fit(given_words, SPAN):
        assert floor <= word.start <= word.end <= SPAN.end
        assert 0 <= word.confidence <= 100
        assert word.text.strip() == word.text != ""
        floor = word.end
