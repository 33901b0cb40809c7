"""The live meter: grey at first, steady colours, sparse cues, and scores at the end."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.core.clarity import (
    DIMENSIONS,
    Blocks,
    ClarityMeter,
    MeterSettings,
    measure_recording,
)
from copilot.core.clarity.bands import pace_band
from copilot.core.clarity.display import DWELL, Gauge
from copilot.core.clock import BLOCK, Span, samples, seconds
from copilot.core.events import AnswerScored, BlockHeard, ClarityMoved, CueShown, Word
from copilot.reasoning.types import Move, Role
from tests.core.clarity.speaking import say, sound, voiced

Change = ClarityMoved | CueShown


def run(
    meter: ClarityMeter,
    words: list[Word],
    end: float,
    *,
    held: Iterable[Span] = (),
    burst: float = 0.5,
    turn: int = 1,
    start: int = 0,
) -> list[tuple[int, Change]]:
    """Feed a turn: blocks as they come, words every `burst` seconds once they are over."""
    told: list[tuple[int, Change]] = []
    waiting = list(words)
    meter.turn_open(turn, start)
    meter.question_open(start)
    next_words = start
    for at, block in sound(voiced(words), end, held=held):
        if at <= start:
            continue
        if at >= next_words:
            ready = [w for w in waiting if w.end <= at]
            waiting = waiting[len(ready) :]
            meter.words(at, turn, ready)
            next_words += samples(burst)
        told += [(at, change) for change in meter.block(at, block)]
    meter.words(samples(end), turn, waiting)
    return told


def moves_of(told: list[tuple[int, Change]], dimension: str) -> list[tuple[int, float, str]]:
    return [
        (at, scored.value or 0.0, scored.band)
        for at, change in told
        if isinstance(change, ClarityMoved)
        for scored in change.scores
        if scored.dimension == dimension
    ]


def test_grey_until_ten_seconds_and_twenty_words() -> None:
    told = run(ClarityMeter(), say("word " * 60), 24.0)
    first, value, band = moves_of(told, "pace")[0]
    assert 10.0 <= seconds(first) <= 11.5
    assert (value, band) == (150, "good")
    slow = run(ClarityMeter(), say("word " * 30, step=0.8), 24.0)
    assert seconds(moves_of(slow, "pace")[0][0]) >= 20 * 0.8 - 1


def test_a_steady_answer_is_told_in_few_events() -> None:
    told = run(ClarityMeter(), say("we read the data. " * 60, step=0.4), 96.0)
    assert len(moves_of(told, "pace")) <= 3
    assert sum(isinstance(change, ClarityMoved) for _, change in told) <= 24


def test_the_first_claim_of_length_is_no_fault_of_a_growing_answer() -> None:
    told = run(ClarityMeter(), say("word " * 500), 200.0, burst=10)
    bands = [band for _, _, band in moves_of(told, "length")]
    assert list(dict.fromkeys(bands)) == ["unknown", "good", "watch", "poor"]


def test_structure_is_lit_as_it_is_heard() -> None:
    told = run(ClarityMeter(), say("We would use trees. The metric is recall. " * 3), 10.0)
    lit = moves_of(told, "structure")
    assert [value for _, value, _ in lit] == [1, 2]
    assert {band for _, _, band in lit} == {"uncoloured"}


def test_cues_are_sparse_and_speak_of_three_dimensions_at_most() -> None:
    rushed = say("um maybe i guess it is sort of all the data " * 45, step=0.25)
    told = run(ClarityMeter(), rushed, rushed[-1].end / 16000, burst=2)
    cues = [(at, cue) for at, cue in told if isinstance(cue, CueShown)]
    assert len(cues) >= 2
    times = [at for at, _ in cues]
    assert all(b - a >= samples(20) for a, b in itertools.pairwise(times))
    assert len({cue.dimension for _, cue in cues}) <= 3
    assert cues[0][1] == CueShown("fillers", "Swap um for silence")


def test_focus_mode_shows_no_cues() -> None:
    rushed = say("um maybe i guess it is sort of all the data " * 30, step=0.25)
    told = run(ClarityMeter(MeterSettings(cues=False)), rushed, rushed[-1].end / 16000, burst=2)
    assert told
    assert not any(isinstance(change, CueShown) for _, change in told)


def test_slow_speech_is_told_to_hurry_and_not_to_slow_down() -> None:
    told = run(ClarityMeter(), say("word. " * 40, step=0.79), 31.0)
    cues = {cue.text for _, cue in told if isinstance(cue, CueShown) and cue.dimension == "pace"}
    assert cues == {"Pick up the pace a little"}


@pytest.mark.parametrize("off", [MeterSettings(stutter=True), MeterSettings(non_native=True)])
def test_switched_off_dimensions_are_never_shown_nor_cued(off: MeterSettings) -> None:
    rushed = say("um so um we um use the |0.6| model um here " * 20)
    told = run(ClarityMeter(off), rushed, rushed[-1].end / 16000)
    shown = {s.dimension for _, c in told if isinstance(c, ClarityMoved) for s in c.scores}
    cued = {c.dimension for _, c in told if isinstance(c, CueShown)}
    assert not (shown | cued) & {"pauses", "fillers", "restarts", "intonation"}
    assert "pace" in shown


def test_lost_words_grey_the_display() -> None:
    meter = ClarityMeter()
    words = say("word " * 40)
    run(meter, words, 17.0)
    speech = BlockHeard(voice=95, level=-20, pitch=1200, change=60)
    told: list[tuple[int, Change]] = []
    for at in range(samples(17) + BLOCK, samples(45), BLOCK):
        told += [(at, change) for change in meter.block(at, speech)]
    assert moves_of(told, "pace")[-1][2] == "unknown"


def flips(values: Iterable[float], smooth: bool) -> int:
    """Colour changes of a pace that is told twice a second."""
    gauge = Gauge("pace")
    colours: list[str] = []
    for i, value in enumerate(values):
        gauge.update(samples(0.5) * i, value, pace_band)
        colours.append(gauge.band if smooth else pace_band(value))
    return sum(a != b for a, b in itertools.pairwise(colours))


def test_noise_about_a_threshold_hardly_flips_the_colour() -> None:
    noise = random.Random(7)
    values = [noise.gauss(174, 14) for _ in range(1200)]  # ten minutes
    assert flips(values, smooth=False) > 100
    assert flips(values, smooth=True) <= 7


def test_a_real_change_is_shown_after_the_dwell() -> None:
    gauge = Gauge("pace")
    shown: list[tuple[int, str]] = []
    for i in range(120):
        gauge.update(samples(0.5) * i, 150 if i < 40 else 230, pace_band)
        shown.append((samples(0.5) * i, gauge.band))
    changed = next(at for at, band in shown if band == "poor")
    assert samples(20) + DWELL <= changed <= samples(20) + DWELL + samples(6)


def test_finish_gives_all_ten_dimensions_like_a_recording() -> None:
    words = say("so um we would use the |0.5| model because it is fast and learns. " * 6)
    end = words[-1].end / 16000 + 1
    meter = ClarityMeter()
    run(meter, words, end)
    scored = meter.finish(samples(end), 1, [Move(Role.COST, "it is fast")])
    assert tuple(s.dimension for s in scored.scores) == DIMENSIONS
    blocks = Blocks.of(sound(voiced(words), end))
    recorded = measure_recording(
        words, blocks, opened=0, moves=[Move(Role.COST, "it is fast")], turn=1
    )
    assert scored == recorded
    lit = scored.scores[-1]
    assert lit.quotes[lit.note.split(";")[0].removeprefix("heard: ").split(", ").index("cost")] == (
        "it is fast"
    )


def test_noise_that_the_endpointer_did_not_confirm_is_left_out() -> None:
    words = say("we use the |1.0| model here and |1.0| that works " * 5)
    end = words[-1].end / 16000
    cough = Span(words[2].end + samples(0.4), words[2].end + samples(0.6))
    for confirmed, pauses in ((True, 10), (False, 11)):
        meter = ClarityMeter()
        meter.turn_open(1, 0)
        for at, block in sound([*voiced(words), cough], end):
            meter.block(at, block)
        meter.words(samples(end), 1, words)
        if confirmed:
            for span in voiced(words):
                meter.speech(samples(end), span)
        scored = meter.finish(samples(end), 1).scores[1]
        assert len(scored.spans) == pauses


def test_a_reopened_turn_goes_on_where_it_was() -> None:
    meter = ClarityMeter()
    run(meter, say("we use the model " * 6), 10.0)
    meter.finish(samples(10), 1)
    meter.turn_open(2, samples(10))
    meter.turn_open(1, samples(10))
    meter.words(samples(12), 1, say("and we test it", start=10.5))
    scored = meter.finish(samples(13), 1)
    assert scored.scores[8].value == 12
    assert meter.finish(samples(13), 2).scores[0].value is None


def test_the_own_pace_of_the_first_minute_becomes_the_baseline() -> None:
    fast = say("word " * 220, step=0.3)  # 200 words a minute
    alone = ClarityMeter()
    run(alone, fast, 67.0, burst=5)
    assert alone.finish(samples(67), 1).scores[0].band == "poor"
    start = samples(70)
    again = [Word(w.text, w.start + start, w.end + start) for w in fast]
    run(alone, again, 137.0, turn=2, start=start, burst=5)
    assert alone.finish(samples(137), 2).scores[0].band == "good"


Feed = tuple[int, int, int]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 40_000), st.integers(-5, 120))),
    st.randoms(use_true_random=False),
)
def test_any_order_of_calls_is_taken_and_gives_the_same_again(
    feed: list[Feed], chance: random.Random
) -> None:
    def play() -> list[object]:
        meter, at = ClarityMeter(), 0
        told: list[object] = []
        for kind, step, value in feed:
            at += step
            span = Span(at - step, at)
            word = Word(("um", "we", "maybe", "", "50", "-")[value % 6], at - step, at, value)
            match kind:
                case 0:
                    meter.question_open(at)
                case 1:
                    meter.turn_open(value % 3, at)
                case 2:
                    meter.words(at, value % 3, [word] * (step % 30))
                case 3:
                    meter.speech(at, span)
                case 4:
                    meter.filler(at, span)
                case 5:
                    told.append(meter.finish(at, value % 3))
                case _:
                    block = BlockHeard(value, -value, 1000 + value, value)
                    told += [meter.block(at + i * BLOCK, block) for i in range(step % 200)]
                    at += step % 200 * BLOCK
        return told

    assert play() == play()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=60))
def test_words_may_come_in_any_chunks(sizes: list[int]) -> None:
    words = say("so um we would use the |0.5| model because it is fast. " * 4)
    end = words[-1].end + samples(1)
    scored: list[AnswerScored] = []
    for chunks in ([len(words)], sizes):
        meter = ClarityMeter()
        meter.turn_open(1, 0)
        for at, block in sound(voiced(words), seconds(end)):
            meter.block(at, block)
        rest = list(words)
        for size in [*chunks, len(words)]:
            meter.words(end, 1, rest[:size])
            rest = rest[size:]
        scored.append(meter.finish(end, 1))
    assert scored[0] == scored[1]


def test_an_hour_of_answer_costs_no_more_a_hop_than_a_minute() -> None:
    """Work is bounded by the windows: the number of words read does not grow."""
    meter = ClarityMeter()
    meter.turn_open(1, 0)
    words = say("word " * 9000)
    meter.words(0, 1, words)
    for at in range(BLOCK, samples(3), BLOCK):
        meter.block(words[-1].end + at, BlockHeard(95, -20, 1200, 50))
    read = meter._turn.latest(samples(60))
    assert len(read.words) <= 151
    assert len(read.blocks) <= 60 * 16000 // BLOCK + 1
