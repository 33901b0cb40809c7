"""Pace, pauses, fillers, restarts and intonation on examples worked out by hand."""

from __future__ import annotations

import pytest

from copilot.core.clarity import Answer, Blocks, MeterSettings, measure
from copilot.core.clarity.delivery import (
    fillers,
    intonation,
    mid_thought_pauses,
    pace,
    pauses,
    pitch_variation,
    restarts,
    voiced_range,
)
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import BlockHeard, Word
from tests.core.clarity.speaking import answer, heard, say, sound, voiced


@pytest.mark.parametrize(
    ("step", "wpm", "band"),
    [(0.4, 151, "good"), (0.6, 101, "watch"), (0.32, 188, "watch"), (0.7, 87, "poor")],
)
def test_pace_counts_words_a_minute_of_talk(step: float, wpm: int, band: str) -> None:
    scored = pace(answer(say("word " * 40, step=step)))
    assert (scored.value, scored.band) == (wpm, band)
    assert scored.unit == "words/min"


def test_pace_leaves_out_leading_silence_and_fillers() -> None:
    # 30 words and 10 fillers, one every 0.4 s: 40 * 0.4 - 0.1 = 15.9 s of talk.
    words = say("um word word word " * 10, start=12.0)
    scored = pace(answer(words, opened=0))
    assert scored.value == round(60 * 30 / 15.9)
    assert scored.spans == (Span(samples(12), words[-1].end),)


def test_pace_near_the_own_baseline_is_good() -> None:
    fast = answer(say("word " * 60, step=0.3))
    assert pace(fast).band == "poor"
    assert pace(fast, baseline=180).band == "good"
    assert pace(fast, baseline=150).band == "poor"
    settings = MeterSettings(baseline_wpm=180)
    assert measure(fast, settings)[0].band == "good"


def test_pace_is_grey_for_short_answers_and_silent_for_nothing() -> None:
    short = pace(answer(say("word " * 10)))
    assert (short.band, short.note) == ("unknown", "less than 10 s or 20 words")
    assert short.value == 154
    assert pace(Answer(())).value is None


def test_more_than_0_8_s_of_speech_a_word_means_that_words_were_dropped() -> None:
    words = say("word " * 24, step=1.0)
    all_speech = (Span(0, words[-1].end),)
    for measured in (pace, pauses, fillers, restarts):
        scored = measured(Answer(tuple(words), speech=all_speech))
        assert (scored.value, scored.band) == (None, "unknown")
        assert scored.note == "the recogniser dropped words"
    sparse = Answer(tuple(words), speech=tuple(voiced(words)))
    assert pace(sparse).value is not None


def test_low_confidence_greys_and_never_lowers() -> None:
    sure = answer(say("word " * 40, step=0.7))
    unsure = answer(say("word " * 40, step=0.7, confidence=25))
    assert (pace(sure).band, pace(unsure).band) == ("poor", "unknown")
    assert pace(unsure).value == pace(sure).value
    assert pace(unsure).note == "the recogniser was unsure"


def test_a_pause_inside_a_clause_counts_and_one_at_its_end_does_not() -> None:
    words = say("the model reads |0.6| pixels and |0.6| then we train, |0.6| so it learns")
    found = mid_thought_pauses(answer(words))
    assert found == (
        Span(words[2].end, words[3].start),
        Span(words[4].end, words[5].start),
    )


def test_a_clause_end_is_free_up_to_two_seconds() -> None:
    for silence, counted in ((1.8, 0), (2.2, 1)):
        words = say(f"we train the model. |{silence}| then we test it")
        assert len(mid_thought_pauses(answer(words))) == counted


def test_pauses_a_minute_with_spans_and_the_words_before() -> None:
    words = say("we use the |0.5| model here " * 8)  # 40 words, 8 pauses in 20 s
    scored = pauses(answer(words))
    assert scored.value == round(60 * 8 / (words[-1].end / 16000), 1)
    assert scored.band == "poor"
    assert len(scored.spans) == 8
    assert scored.quotes[0] == "we use the"


def test_long_pauses_are_named() -> None:
    scored = pauses(answer(say("we use the |2.5| model and the |0.5| data " + "word " * 20)))
    assert len(scored.spans) == 2
    assert "1 of 2 s or longer" in scored.note


def test_pauses_come_from_the_sound_and_not_from_word_times() -> None:
    words = say("we use the |0.6| model here " * 8)
    whole = (Span(0, words[-1].end),)
    assert pauses(Answer(tuple(words), speech=whole)).value == 0
    assert pauses(Answer(tuple(words))).value is None


def test_fillers_heard_as_words_and_in_the_sound_count_once() -> None:
    words = say("um " + "word " * 49)
    on_the_um = Span(words[0].start, words[0].end)
    elsewhere = Span(words[10].end, words[11].start)
    scored = fillers(answer(words, filled_pauses=(on_the_um, elsewhere)))
    assert scored.spans == (on_the_um, elsewhere)
    assert scored.quotes == ("um",)
    assert scored.value == round(60 * 2 / (words[-1].end / 16000), 1)
    assert scored.band == "watch"


@pytest.mark.parametrize(("count", "band"), [(5, "good"), (12, "watch"), (13, "poor")])
def test_five_fillers_a_minute_are_harmless_and_more_than_twelve_hurt(
    count: int, band: str
) -> None:
    # 150 words of 0.4 s: the last ends after 59.9 s.
    words = say("um " * count + "word " * (150 - count))
    assert fillers(answer(words)).band == band


def test_like_and_you_know_are_counted_apart() -> None:
    words = say("it is like fast you know and you know what i would like to test looks like a win")
    scored = fillers(answer(words))
    assert scored.value == 0
    assert "apart: you know x1" in scored.note
    assert "like x" not in scored.note
    filling = fillers(answer(say("we were like um training like forty models")))
    assert "like x2" in filling.note


def test_restarts_are_counted_and_never_coloured() -> None:
    words = say(
        "we we use the the model and then we train then we train the dat- data " + "a b c d"
    )
    scored = restarts(answer(words))
    assert scored.quotes == ("we we", "the the", "then we train then we train", "dat-")
    assert scored.band == "uncoloured"
    assert scored.value == 20.0


def test_doubled_words_of_english_and_fillers_between_are_understood() -> None:
    assert restarts(answer(say("it is very very good"))).value == 0
    assert restarts(answer(say("i um i think so"))).quotes == ("i um i",)


def pitched(tenths: list[int]) -> Answer:
    blocks = [(BLOCK * (i + 1), BlockHeard(95, -20, pitch, 50)) for i, pitch in enumerate(tenths)]
    word = Word("word", 0, BLOCK * len(tenths))
    return Answer((word,), Blocks.of(blocks), (Span(0, BLOCK * len(tenths)),))


@pytest.mark.parametrize(
    ("semitones", "band"), [(2.5, "good"), (1.7, "watch"), (1.0, "poor"), (0.0, "poor")]
)
def test_intonation_is_the_sd_in_semitones_about_the_median(semitones: float, band: str) -> None:
    up, down = (round(1500 * 2 ** (s * semitones / 12)) for s in (1, -1))
    scored = intonation(pitched([up, 1500, down, 1500] * 50))
    assert scored.value == pytest.approx(semitones * 0.5**0.5, abs=0.01)
    scored = intonation(pitched([up, down] * 100 + [1500]))
    assert scored.value == pytest.approx(semitones, abs=0.02)
    assert scored.band == band
    assert scored.spans


def test_intonation_needs_five_seconds_of_voice() -> None:
    assert intonation(pitched([1500] * 150)).value is None
    assert intonation(pitched([1500] * 157)).value == 0


def test_octave_errors_are_outside_the_two_pass_range() -> None:
    steady = [1500, 1550, 1450, 1520] * 60
    wrong = [*steady, *[3000] * 10, *[700] * 10]
    assert voiced_range(wrong) == (0.75 * 1450, 1.5 * 1550)
    assert intonation(pitched(wrong)).value == intonation(pitched(steady)).value


def test_pitch_variation_of_an_octave_apart() -> None:
    assert pitch_variation([1000, 2000, 1000, 2000]) == pytest.approx(6.04, abs=0.1)


@pytest.mark.parametrize("settings", [MeterSettings(stutter=True), MeterSettings(non_native=True)])
def test_the_fairness_switches_turn_dimensions_two_to_five_off(settings: MeterSettings) -> None:
    words = say("um we we use the |0.6| model here " * 8)
    on = measure(answer(words))
    off = measure(answer(words), settings)
    assert [s.dimension for s in off[1:5]] == ["pauses", "fillers", "restarts", "intonation"]
    for scored in off[1:5]:
        assert (scored.value, scored.band) == (None, "uncoloured")
        assert scored.note.startswith("off: ")
        assert not scored.spans
        assert not scored.quotes
    assert (off[0], *off[5:]) == (on[0], *on[5:])


def test_sound_helper_and_speech_spans_agree() -> None:
    words = say("we use the |1.0| model")
    found = heard(words, sound(voiced(words), 4.0)).speech
    assert len(found) == 2
    assert abs(found[0].end - words[2].end) <= BLOCK
