"""Where speech begins and ends, and where it is cut for the recogniser."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from copilot.core.clock import BLOCK, Span, samples
from copilot.core.endpoint import Ended, Endpointer, Onset, SegmentCut, Signal
from copilot.core.events import BlockHeard
from copilot.core.settings import Endpointing

RULES = Endpointing()
VOICE = BlockHeard(95, -20)
QUIET = BlockHeard(1, -70)


class Stream:
    """Feeds an endpointer and keeps what it says."""

    def __init__(self, rules: Endpointing = RULES) -> None:
        self.endpointer = Endpointer(rules)
        self.at = 0
        self.said: list[tuple[int, Signal]] = []

    def hear(self, block: BlockHeard, seconds: float) -> Stream:
        for _ in range(round(samples(seconds) / BLOCK)):
            self.at += BLOCK
            self.said += [(self.at, s) for s in self.endpointer.block(self.at, block)]
        return self

    def only(self, kind: type[Signal]) -> list[Signal]:
        return [signal for _, signal in self.said if isinstance(signal, kind)]

    @property
    def cuts(self) -> list[Span]:
        return [s.span for _, s in self.said if isinstance(s, SegmentCut)]


def test_silence_says_nothing() -> None:
    assert Stream().hear(QUIET, 20).said == []


def test_speech_begins_where_its_first_block_began() -> None:
    stream = Stream().hear(QUIET, 0.96).hear(VOICE, 0.32)
    assert stream.only(Onset) == [Onset(30 * BLOCK)]
    ((at, _),) = stream.said
    assert at == (30 + RULES.onset_blocks) * BLOCK


def test_a_click_is_no_speech() -> None:
    stream = Stream()
    for _ in range(10):
        stream.hear(VOICE, (RULES.onset_blocks - 1) * BLOCK / 16_000).hear(QUIET, 0.032)
    assert stream.said == []


def test_voice_below_the_floor_is_no_speech() -> None:
    assert Stream().hear(BlockHeard(99, RULES.floor - 1), 3).said == []
    assert Stream().hear(BlockHeard(99, RULES.floor), 3).only(Onset)


def test_a_running_stretch_is_held_by_the_lower_threshold() -> None:
    doubtful = BlockHeard(RULES.offset, -20)
    assert Stream().hear(doubtful, 3).said == []
    assert Stream().hear(VOICE, 0.2).hear(doubtful, 3).only(Ended) == []


def test_a_pause_ends_the_stretch_and_is_known_once_it_is_long_enough() -> None:
    stream = Stream().hear(QUIET, 0.96).hear(VOICE, 1.92).hear(QUIET, 1)
    assert stream.only(Ended) == [Ended(Span(30 * BLOCK, 90 * BLOCK))]
    at = next(at for at, signal in stream.said if isinstance(signal, Ended))
    assert RULES.pause <= at - 90 * BLOCK < RULES.pause + BLOCK


def test_a_short_gap_ends_nothing() -> None:
    stream = Stream().hear(VOICE, 0.5).hear(QUIET, 0.3).hear(VOICE, 0.5).hear(QUIET, 0.3)
    assert stream.only(Ended) == []
    assert len(stream.only(Onset)) == 1


def test_a_segment_has_air_on_both_sides() -> None:
    stream = Stream().hear(QUIET, 0.96).hear(VOICE, 1.92).hear(QUIET, 1)
    assert stream.cuts == [Span(30 * BLOCK - RULES.lead, 90 * BLOCK + RULES.tail)]


def test_the_first_segment_does_not_begin_before_the_recording() -> None:
    assert Stream().hear(VOICE, 1.92).hear(QUIET, 1).cuts[0].start == 0


def test_a_short_segment_outlives_a_pause_a_long_one_does_not() -> None:
    pause = samples(0.45) / 16_000
    short = Stream().hear(VOICE, 2).hear(QUIET, pause).hear(VOICE, 1)
    long = Stream().hear(VOICE, 5.5).hear(QUIET, pause).hear(VOICE, 1)
    assert (len(short.cuts), len(long.cuts)) == (0, 1)


def test_a_segment_too_long_is_cut_at_its_quietest_place() -> None:
    stream = Stream().hear(VOICE, 10.56).hear(BlockHeard(95, -35), 0.096).hear(VOICE, 4)
    (cut,) = stream.cuts
    assert cut == Span(0, 332 * BLOCK)
    assert stream.endpointer.segment_start == cut.end
    assert len(stream.only(Onset)) == 1


def test_speech_without_end_is_cut_again_and_again_without_a_hole() -> None:
    cuts = Stream().hear(VOICE, 60).cuts
    assert len(cuts) >= 4
    assert all(a.end == b.start for a, b in itertools.pairwise(cuts))
    assert all(cut.length <= RULES.segment_max + BLOCK for cut in cuts)


def test_a_flush_closes_what_is_open() -> None:
    stream = Stream().hear(QUIET, 0.96).hear(VOICE, 1.92)
    signals = stream.endpointer.flush(stream.at)
    assert signals == [
        Ended(Span(30 * BLOCK, 90 * BLOCK)),
        SegmentCut(Span(30 * BLOCK - RULES.lead, 90 * BLOCK)),
    ]
    assert stream.endpointer.flush(stream.at) == []
    assert stream.endpointer.stretch_start is None


_pieces = st.lists(
    st.tuples(st.builds(BlockHeard, st.integers(0, 100), st.integers(-90, 0)), st.floats(0.03, 8)),
    max_size=12,
)


@given(pieces=_pieces)
@hypothesis_settings(max_examples=40, deadline=None)
def test_whatever_is_heard_spans_are_ordered_and_within_the_audio(
    pieces: list[tuple[BlockHeard, float]],
) -> None:
    stream = Stream(Endpointing(sure_blocks=0))
    for block, seconds in pieces:
        stream.hear(block, seconds)
    stream.said += [(stream.at, s) for s in stream.endpointer.flush(stream.at)]
    stretches = [s.span for s in stream.only(Ended) if isinstance(s, Ended)]
    for spans in (stretches, stream.cuts):
        assert all(0 <= span.start < span.end <= stream.at for span in spans)
        assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    for stretch in stretches:
        assert sum(stretch.overlap(cut) for cut in stream.cuts) == stretch.length


def test_what_may_be_a_cough_is_not_sent_to_the_recogniser() -> None:
    stream = Stream().hear(BlockHeard(60, -20), 0.6).hear(QUIET, 2)
    assert stream.only(Ended)
    assert stream.cuts == []
    stream.hear(BlockHeard(60, -20), 0.3).hear(VOICE, 0.2).hear(QUIET, 2)
    assert len(stream.cuts) == 1


def test_after_enough_speech_a_short_gap_closes_the_segment() -> None:
    rules = Endpointing(segment_min=samples(3), segment_gap=samples(0.2))
    stream = Stream(rules).hear(QUIET, 0.5).hear(VOICE, 4).hear(QUIET, 0.256).hear(VOICE, 1)
    assert [s.end for s in stream.cuts] == [(16 + 125 + 7) * BLOCK]
    assert len(stream.only(Onset)) == 1, "it is one stretch of speech all the same"
    stream.hear(QUIET, 2)
    assert len(stream.cuts) == 2
    assert stream.cuts[1].start == stream.cuts[0].end
