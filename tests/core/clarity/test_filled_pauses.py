"""The filled-pause detector on synthetic block features."""

from __future__ import annotations

import pytest

from copilot.core.clarity import Blocks, find_filled_pauses, heard_answer
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import BlockHeard, Word
from tests.core.clarity.speaking import say, sound, voiced

WHOLE = Span(0, samples(20))


def at(start: float, end: float) -> Span:
    return Span(samples(start), samples(end))


def close(found: list[Span], expected: list[Span]) -> bool:
    return len(found) == len(expected) and all(
        abs(f.start - e.start) <= 2 * BLOCK and abs(f.end - e.end) <= 2 * BLOCK
        for f, e in zip(found, expected, strict=True)
    )


def test_a_held_vowel_without_a_word_is_a_filled_pause() -> None:
    words = say("we use the |1.5| model")
    um = at(1.6, 2.1)
    blocks = Blocks.of(sound(voiced(words), 4.0, held=[um]))
    assert close(find_filled_pauses(blocks, words, WHOLE), [um])


def test_it_need_not_stand_alone_when_no_word_lies_on_it() -> None:
    words = say("we use the |0.4| model")
    um = Span(words[2].end, words[3].start)
    blocks = Blocks.of(sound(voiced(words), 4.0, held=[um]))
    assert close(find_filled_pauses(blocks, words, WHOLE), [um])


def test_pairs_of_time_and_block_do_as_well_as_columns() -> None:
    words = say("we use the |1.5| model")
    pairs = sound(voiced(words), 4.0, held=[at(1.6, 2.1)])
    assert find_filled_pauses(pairs, words, WHOLE) == find_filled_pauses(
        Blocks.of(pairs), words, WHOLE
    )


@pytest.mark.parametrize(
    ("text", "confidence", "counted"),
    [
        ("bum", 20, True),  # unsure: no evidence of a word
        ("but", 95, True),  # what is written for um, and held for long
        ("a", 95, True),  # "a" is never held for half a second
        ("model", 95, False),
        ("um", 20, True),  # reported; `hesitations` joins it with the word
    ],
)
def test_a_word_on_a_lonely_hum(text: str, confidence: int, counted: bool) -> None:
    um = at(1.6, 2.06)
    words = [*say("we use the"), Word(text, um.start, um.end, confidence)]
    words += say("model", start=2.7)
    blocks = Blocks.of(sound(voiced(words[:3] + words[4:]), 4.0, held=[um]))
    assert close(find_filled_pauses(blocks, words, WHOLE), [um] if counted else [])


def test_a_doubtful_word_inside_speech_stays_a_word() -> None:
    um = at(1.2, 1.66)
    words = [*say("we use the"), Word("bum", um.start, um.end, 20), *say("model", start=1.7)]
    blocks = Blocks.of(sound([at(0.0, 1.2), at(1.66, 2.1)], 4.0, held=[um]))
    assert find_filled_pauses(blocks, words, WHOLE) == []


def test_a_long_word_with_a_held_part_stays_a_word() -> None:
    held = at(1.7, 2.1)
    words = [*say("we use the"), Word("regularisation", samples(1.2), samples(2.1), 20)]
    blocks = Blocks.of(sound([at(0, 1.1), at(1.2, 1.6)], 4.0, held=[held]))
    assert find_filled_pauses(blocks, words, WHOLE) == []


@pytest.mark.parametrize(
    "block",
    [
        BlockHeard(voice=95, level=-20, pitch=0, change=5),  # hiss: no pitch
        BlockHeard(voice=5, level=-20, pitch=1200, change=5),  # a hum that is no voice
        BlockHeard(voice=95, level=-50, pitch=1200, change=5),  # far in the background
        BlockHeard(voice=95, level=-20, pitch=1200, change=70),  # articulated
    ],
)
def test_other_sounds_are_no_filled_pauses(block: BlockHeard) -> None:
    words = say("we use the |1.5| model")
    quiet = sound(voiced(words), 4.0)
    there = [(t, block if 1.6 < t / 16000 < 2.1 else b) for t, b in quiet]
    assert find_filled_pauses(there, words, WHOLE) == []


def test_gliding_pitch_is_no_filled_pause() -> None:
    words = say("we use the |1.5| model")
    glide = [
        (t, BlockHeard(95, -20, round(1000 + 500 * (t / 16000 - 1.6)), 5))
        if 1.6 < t / 16000 < 2.4
        else (t, b)
        for t, b in sound(voiced(words), 4.0)
    ]
    assert find_filled_pauses(glide, words, WHOLE) == []


def test_only_what_lies_within_is_looked_at() -> None:
    words = say("we use the |1.5| model")
    blocks = Blocks.of(sound(voiced(words), 4.0, held=[at(1.6, 2.1)]))
    assert find_filled_pauses(blocks, words, at(2.5, 4.0)) == []
    assert find_filled_pauses(Blocks(), words, WHOLE) == []


def test_an_um_that_was_written_counts_once() -> None:
    um = at(1.6, 2.1)
    words = [*say("we use the"), Word("um", um.start, um.end, 90), *say("model", start=2.7)]
    heard = heard_answer(words, Blocks.of(sound(voiced(words[:3]), 4.0, held=[um])))
    assert heard.hesitations == (um,)


def test_a_doubtful_um_counts_only_where_the_sound_agrees() -> None:
    word = Word("um", samples(1.6), samples(2.1), 15)
    words = [*say("we use the"), word, *say("model", start=2.7)]
    spoken = Blocks.of(sound(voiced(words), 4.0))
    assert heard_answer(words, spoken).hesitations == ()
    held = Blocks.of(sound(voiced(words[:3]), 4.0, held=[Span(word.start, word.end)]))
    assert len(heard_answer(words, held).hesitations) == 1


@pytest.mark.parametrize(
    ("beside", "word", "counted"),
    [(-70, None, True), (-70, "um", True), (-70, "them", False), (-20, None, False)],
)
def test_a_short_um_that_is_half_onset_and_lips_must_stand_alone(
    beside: int, word: str | None, counted: bool
) -> None:
    words = say("we use the |1.5| model")
    um = at(1.6, 1.95)
    spoken = [*words[:3], Word(word, um.start, um.end, 25), *words[3:]] if word else words
    changes = [60, 45, 20, 35, 70, 35, 15, 30, 35, 20, 30, 35]
    blocks = []
    for now, block in sound(voiced(words), 4.0):
        if um.start < now <= um.end:
            blocks.append((now, BlockHeard(90, -20, 1150, changes[(now - um.start) // BLOCK])))
        elif um.start - 4000 < now <= um.end + 4000:
            blocks.append((now, BlockHeard(90, beside, 0, 70)))
        else:
            blocks.append((now, block))
    assert close(find_filled_pauses(blocks, spoken, WHOLE), [um] if counted else [])
