"""Whatever comes in, in whatever order: no crash, one end a job, the same log again."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from copilot.core import codec
from copilot.core.clock import BLOCK, Span
from copilot.core.events import (
    BlockHeard,
    Draft,
    DraftsMade,
    Event,
    Input,
    InputGap,
    JobEnded,
    JobFailed,
    KeyPressed,
    Play,
    PlaybackMoved,
    SourceChanged,
    SpeechMade,
    Stamped,
    Started,
    Synthesise,
    TextTyped,
    Transcribe,
    Word,
    WordsHeard,
)
from copilot.core.session import Session
from copilot.reasoning.types import Followup
from copilot.runtime.sequencer import Sequencer
from tests.kit import QUIET, VOICED, settings

JOBS = st.integers(-1, 30)
WORDS = st.lists(
    st.builds(
        Word,
        st.sampled_from(["because", "um", "threshold", "", "  a  b ", "we", "\x1b[31m", "café"]),
        st.integers(-5000, 400_000),
        st.integers(-5000, 400_000),
        st.integers(-10, 200),
    ),
    max_size=8,
).map(tuple)
FOLLOWUPS = st.lists(
    st.builds(
        Followup,
        st.sampled_from(["no_metric", "overclaim", "nonsense"]),
        st.sampled_from(["", "because", "never said"]),
        st.sampled_from(["Why?", "How much?", "And then?"]),
        st.just("why"),
    ),
    max_size=3,
).map(tuple)
INPUTS = st.one_of(
    st.builds(
        BlockHeard,
        st.integers(-20, 200),
        st.integers(-200, 50),
        st.integers(-1, 40_000),
        st.integers(-5, 400),
    ),
    st.builds(WordsHeard, JOBS, WORDS, st.just("x")),
    st.builds(DraftsMade, JOBS, st.sampled_from(["weak", "ok", "?"]), FOLLOWUPS, st.just("x")),
    st.builds(
        SpeechMade,
        JOBS,
        st.integers(-1, 50_000),
        st.just("x.wav"),
        st.just("x"),
        st.sampled_from([(), (-20,) * 30, (0, -100, 50)]),
    ),
    st.builds(
        PlaybackMoved,
        JOBS,
        st.sampled_from(["started", "held", "resumed", "finished", "stopped"]),
        st.integers(-1, 90_000),
    ),
    st.builds(JobFailed, JOBS, st.just("failed"), st.just("It broke.")),
    st.builds(
        KeyPressed,
        st.sampled_from(
            "done think repeat skip pause resume stop_speaking quit talk_start talk_end".split()
        ),
    ),
    st.builds(TextTyped, st.sampled_from(["", "  ", "we take the mean", "\x00"])),
    st.builds(SourceChanged, st.sampled_from(["ended", "lost", "restored", "silent", "audible"])),
    st.builds(InputGap, st.builds(Span, st.integers(0, 9), st.integers(0, 9)), st.just("x")),
    st.just(Started()),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("blocks"), st.booleans(), st.integers(1, 120)),
        st.tuples(st.just("answer"), st.integers(0, 5), st.booleans()),
        st.tuples(st.just("input"), INPUTS, st.integers(-9000, 9000)),
    ),
    max_size=60,
)


class World:
    """Answers some requests truly, some twice, some never; and posts nonsense in between."""

    def __init__(self, llm: bool, push: bool = False, duplex: bool = True) -> None:
        self.settings = settings(
            followups="llm" if llm else "offline",
            partials=8000,
            push_to_talk=push,
            barge_in=duplex,
            echo_tail=0 if duplex else 4800,
        )
        self.log: list[Stamped] = []
        self.sequencer = Sequencer(Session(self.settings), [self.log.append])
        self.wanted: list[Event] = []
        self.at = 0

    def post(self, at: int, event: Input) -> None:
        self.wanted += self.sequencer.post(at, event)

    def blocks(self, block: BlockHeard, count: int) -> None:
        for _ in range(count):
            self.at += BLOCK
            self.post(self.at, block)

    def answer(self, index: int) -> None:
        if not self.wanted:
            return
        request = self.wanted[index % len(self.wanted)]
        match request:
            case Transcribe():
                middle = (request.span.start + request.span.end) // 2
                words = tuple(Word(w, middle, middle + 9) for w in "we check the cost".split())
                self.post(self.at, WordsHeard(request.job, words, "x"))
            case Draft():
                followup = Followup("no_metric", request.answer[:4], f"Why {request.job}?", "x")
                self.post(self.at, DraftsMade(request.job, "weak", (followup,), request.engine))
            case Synthesise():
                self.post(self.at, SpeechMade(request.job, 8000, "x.wav", "x", (-20,) * 16))
            case Play():
                self.post(self.at, PlaybackMoved(request.job, "started", 0))
                self.blocks(QUIET, 16)
                self.post(self.at, PlaybackMoved(request.job, "finished", 8000))
            case _:
                pass


@hypothesis_settings(max_examples=120, deadline=None)
@given(STEPS, st.booleans(), st.booleans(), st.booleans())
def test_any_inputs_in_any_order(
    steps: list[tuple[str, object, object]], llm: bool, push: bool, duplex: bool
) -> None:
    world = World(llm, push, duplex)
    world.post(0, Started())
    for kind, first, second in steps:
        if kind == "blocks":
            assert isinstance(second, int)
            world.blocks(VOICED if first else QUIET, second)
        elif kind == "answer":
            assert isinstance(first, int)
            world.answer(first)
            if second:
                world.answer(first)
        else:
            assert isinstance(second, int)
            world.post(world.at + second, first)  # type: ignore[arg-type]
    world.blocks(QUIET, 400)

    stamps = [record.at for record in world.log]
    assert stamps == sorted(stamps)

    ends = Counter(r.event.job for r in world.log if isinstance(r.event, JobEnded))
    opened = {
        r.event.job
        for r in world.log
        if isinstance(r.event, Transcribe | Draft | Synthesise | Play)
    }
    assert all(count == 1 for count in ends.values())
    assert set(ends) <= opened
    if world.sequencer.session.ended:
        assert set(ends) == opened

    again: list[Stamped] = []
    replayed = Sequencer(Session(world.settings), [again.append])
    for record in world.log:
        if isinstance(record.event, Input):
            replayed.post(record.at, record.event)
    assert [codec.encode(r) for r in again] == [codec.encode(r) for r in world.log]


@hypothesis_settings(max_examples=20, deadline=None)
@given(STEPS)
def test_the_log_survives_its_codec(steps: list[tuple[str, object, object]]) -> None:
    world = World(llm=False)
    world.post(0, Started())
    for kind, first, second in steps:
        if kind == "input":
            assert isinstance(second, int)
            world.post(world.at + second, first)  # type: ignore[arg-type]
    lines = [codec.encode(record) for record in world.log]
    records, torn = codec.decode_log(lines)
    assert records == world.log
    assert not torn
