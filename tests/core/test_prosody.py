"""How the last phrase ended."""

from __future__ import annotations

from copilot.core.clock import BLOCK
from copilot.core.events import BlockHeard
from copilot.core.prosody import PhraseEnd


def after(*pitches: int) -> PhraseEnd:
    """A speaker whose voiced blocks had these pitches, in tenths of a hertz."""
    phrase = PhraseEnd()
    for number, pitch in enumerate(pitches):
        phrase.block((number + 1) * BLOCK, BlockHeard(voice=95, level=-20, pitch=pitch))
    return phrase


RANGE = tuple(range(1000, 2000, 10))
"""A hundred blocks over an octave."""


def ends_at(percentile: int, high: int) -> bool:
    said = (*RANGE, *(1000 + 10 * percentile,) * 5)
    return after(*said).sounds_open(len(said) * BLOCK, high)


def test_an_end_above_the_given_part_of_the_range_sounds_open() -> None:
    assert ends_at(30, high=20)
    assert not ends_at(10, high=20)
    assert not ends_at(30, high=40)


def test_nothing_is_said_of_a_speaker_who_is_hardly_known_or_who_is_monotonous() -> None:
    assert not after(*RANGE[:20], *(1900,) * 5).sounds_open(25 * BLOCK, 20)
    assert not after(*(1000, 1010) * 50, *(1010,) * 5).sounds_open(105 * BLOCK, 20)


def test_a_phrase_that_ended_long_before_says_nothing_of_this_one() -> None:
    said = (*RANGE, *(1900,) * 5)
    assert not after(*said).sounds_open((len(said) + 20) * BLOCK, 20)
