"""Each post-filter on what it is for, and on genuine speech that it must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from copilot.core.clock import BLOCK, RATE
from copilot.core.events import Word
from copilot.engines.stt import postfilter as pf
from copilot.engines.stt.postfilter import Segment

LOUD, QUIET = -20, -90


def said(text: str, start: float = 0.0, each: float = 0.3) -> tuple[Word, ...]:
    """The words of `text`, evenly spaced, `each` seconds long."""
    return tuple(
        Word(t, round((start + i * each) * RATE), round((start + (i + 1) * each) * RATE))
        for i, t in enumerate(text.split())
    )


def text(words: tuple[Word, ...]) -> str:
    return " ".join(w.text for w in words)


def levels(*stretches: tuple[float, int]) -> list[int]:
    """Block levels of stretches of (seconds, dBFS)."""
    return [level for s, level in stretches for _ in range(round(s * RATE / BLOCK))]


GENUINE = [
    "I I I think the the model is fine",
    "it is very very important",
    "no no no no that is wrong",
    "we use the we use the model",
    "what I what I what I mean is recall",
    "Um, uh, so, I would, um, uh, retrain",
    "um um um",
    "montreal uh uh uh uh uh uh forced aligner",
    "precision and recall",
]


@pytest.mark.parametrize("spoken", GENUINE)
def test_genuine_speech_passes_all_filters(spoken: str) -> None:
    words = said(spoken)
    length = words[-1].end + RATE
    kept, acted = pf.clean(
        [Segment(words, 0.1, -0.3)],
        levels((length / RATE, LOUD)),
        length,
        prompts=("Um, uh, so, like...", "precision, recall, leakage, drift"),
    )
    assert kept == words
    assert acted == ()


@pytest.mark.parametrize(
    ("no_speech", "logprob", "speech"),
    [(0.9, -1.5, False), (0.9, -0.3, True), (0.1, -1.5, True), (0.0, 0.0, True)],
)
def test_is_speech_needs_both_signs_of_silence(
    no_speech: float, logprob: float, speech: bool
) -> None:
    assert pf.is_speech(Segment((), no_speech, logprob)) is speech


def test_audible_drops_words_far_from_any_sound() -> None:
    words = said("so recall") + said("Thank you.", start=4.0)
    kept = pf.audible(words, levels((1.0, LOUD), (5.0, QUIET)))
    assert text(kept) == "so recall"


def test_audible_allows_for_the_error_of_word_times() -> None:
    words = (Word("To", 0, 0), Word("start,", 0, RATE))
    assert pf.audible(words, levels((0.35, QUIET), (1.0, LOUD))) == words


def test_audible_goes_by_the_loudest_block_in_a_quiet_recording() -> None:
    kept = pf.audible(said("well") + said("Bye", start=3.0), levels((1.0, -45), (3.0, QUIET)))
    assert text(kept) == "well"


def test_onsets_moves_the_first_word_after_a_silence() -> None:
    early = Word("So", 0, 3 * RATE)
    (moved,) = pf.onsets([early], levels((2.5, QUIET), (1.0, LOUD)))
    assert moved.end == early.end
    assert abs(moved.start - 2.5 * RATE) <= BLOCK


def test_inside_clamps_orders_and_drops() -> None:
    words = (Word("a", -500, 100), Word("b", 50, 300), Word("c", 900, 1500), Word("d", 1000, 1100))
    assert pf.inside(words, 1000) == (Word("a", 0, 100), Word("b", 100, 300), Word("c", 900, 1000))


def test_speakable_drops_more_words_than_fit() -> None:
    many = said("one two three four five six seven eight nine ten eleven twelve")
    assert pf.speakable(many, RATE) == ()
    assert pf.speakable(many, 2 * RATE) == many
    assert pf.speakable(said("yes I do"), 0) == said("yes I do")


@pytest.mark.parametrize(
    "output",
    ["Um, uh, so, like...", "um uh so like", "Um, uh, so, like um"],
)
def test_an_echo_of_the_prompt_is_dropped(output: str) -> None:
    assert pf.without_echo(said(output), ["Um, uh, so, like..."]) == ()


def test_an_echo_of_the_hotwords_is_dropped() -> None:
    hotwords = "leakage, calibration, recall, drift, ROC curve"
    assert pf.without_echo(said("leakage calibration recall drift ROC"), [hotwords]) == ()


@pytest.mark.parametrize(
    "answer", ["Um, uh, so, I think", "recall drift", "so, like, calibration and drift", "Um, uh"]
)
def test_words_of_a_prompt_in_an_answer_stay(answer: str) -> None:
    prompts = ["Um, uh, so, like...", "leakage, calibration, recall, drift"]
    assert pf.without_echo(said(answer), prompts) == said(answer)


@pytest.mark.parametrize(
    ("looped", "once"),
    [
        ("I think " + "the model " * 8 + "works", "I think the model works"),
        ("well " + "so " * 9, "well so"),
        ("um the model " * 4, "um the model"),
        ("uh, " * 20 + "yes", "uh, yes"),
        ("and that is how it works " * 3, "and that is how it works"),
        ("Thank you. " * 6, "Thank you."),
    ],
)
def test_loops_are_said_once(looped: str, once: str) -> None:
    assert text(pf.without_loops(said(looped))) == once


def test_a_phrase_three_times_is_a_loop_where_the_text_compresses_too_well() -> None:
    phrase = "because the distribution is normal "
    assert text(pf.without_loops(said("we know that " + phrase * 4))) == (
        "we know that because the distribution is normal"
    )


def test_a_phrase_begun_again_across_a_seam_counts_where_it_has_no_time() -> None:
    before = said("so the model is")
    squeezed = said("model is overfitting", start=1.2, each=0.05)
    assert pf.repeated_at_seam(before, squeezed) == 2
    overlapping = said("model is overfitting", start=1.0)
    assert pf.repeated_at_seam(before, overlapping) == 2


def test_five_words_across_a_seam_always_count() -> None:
    before = said("we should look at the errors")
    assert pf.repeated_at_seam(before, said("look at the errors", start=2.0)) == 0
    again = said("should look at the errors first", start=2.0)
    assert pf.repeated_at_seam(before, again) == 5


def test_a_restart_across_a_seam_stays() -> None:
    before = said("we use the")
    after = said("we use the model", start=1.5)
    assert pf.repeated_at_seam(before, after) == 0


def test_clean_names_what_acted_and_keeps_the_rest() -> None:
    spoken = said("um we retrain")
    segments = [
        Segment(spoken, 0.0, -0.2),
        Segment(said("we retrain now", start=0.9, each=0.02), 0.0, -0.2),
        Segment(said("Thank you.", start=2.0), 0.9, -1.6),
        Segment(said("bye", start=6.0), 0.0, -0.2),
    ]
    kept, acted = pf.clean(segments, levels((3.0, LOUD)), 3 * RATE)
    assert text(kept) == "um we retrain now"
    assert acted == ("seam", "silence", "outside")


def test_clean_names_rate_echo_and_loop() -> None:
    long = levels((4.0, LOUD))
    fast = [Segment(said("a b c d e f g h i j k l", each=0.01))]
    assert pf.clean(fast, long[:31], RATE) == ((), ("rate",))
    echo = [Segment(said("um uh so like"))]
    assert pf.clean(echo, long, 4 * RATE, prompts=["um uh so like"]) == ((), ("prompt_echo",))
    loop, acted = pf.clean([Segment(said("yes " * 10))], long, 4 * RATE)
    assert (text(loop), acted) == ("yes", ("loop",))


def test_block_levels_of_silence_full_scale_and_a_short_block() -> None:
    assert pf.block_levels(np.zeros(0, np.float32)) == []
    assert pf.block_levels(np.zeros(BLOCK, np.float32)) == [-100]
    assert pf.block_levels(np.ones(BLOCK, np.float32)) == [0]
    assert pf.block_levels(np.full(BLOCK + 1, 0.1, np.float32)) == [-20, -47]
