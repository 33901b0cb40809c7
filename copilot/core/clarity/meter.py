"""The clarity meter of a session: a pure machine fed with blocks, words, speech and fillers.

Work is bounded: the live display looks at the latest 20 s of sound and 60 s of words only, and
does so once every 0.5 s. The whole answer is measured once, at the end of the turn.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial

from copilot.core.clarity import bands, content, delivery
from copilot.core.clarity.answer import Answer, ClaritySettings
from copilot.core.clarity.bands import Band
from copilot.core.clarity.blocks import STILL_VOICED, Blocks, speech_spans
from copilot.core.clarity.display import HOP, Gauge
from copilot.core.clarity.fillers import find_filled_pauses
from copilot.core.clarity.measures import measure
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    AnswerScored,
    BlockHeard,
    ClarityMoved,
    ClarityScore,
    CueShown,
    Word,
)
from copilot.reasoning.types import Move

LIVE = (
    "fillers", "pauses", "pace", "length", "signposting", "hedging", "support", "intonation",
)  # fmt: skip
"""Dimensions of the live display, the most urgent cue first."""

MOST_CUED = 3
"""Dimensions that are spoken of in one turn."""

_SOUND_WINDOW = samples(bands.WINDOW_S)
_TEXT_WINDOW = samples(bands.FILLER_WINDOW_S)
_CUE_EVERY = samples(20.0)
_SAME_CUE_EVERY = samples(60.0)
_UNHEARD = samples(10.0)
"""Speech since the last word that greys what rests on words."""

_KEPT_AFTER_END = samples(60.0)
"""Blocks are kept so long after a turn's end, in case it is reopened."""

_BASELINE = samples(60.0)
"""Talk after which the speaker's own pace is known."""

Change = ClarityMoved | CueShown


class ClarityMeter:
    """Live clarity of the turn that is open, and the scores of finished turns.

    Feed it in order of `at`; words of other turns than the open one are ignored.
    """

    def __init__(self, settings: ClaritySettings | None = None) -> None:
        self.settings = settings or ClaritySettings()
        self._question: int | None = None
        self._design = False
        self._paces: dict[int, tuple[int, int]] = {}
        self._last_cue = -_CUE_EVERY
        self._cued: dict[str, int] = {}
        self._turn = -1
        self._begin(0)

    def _begin(self, at: int) -> None:
        """Forget the turn before."""
        self._opened = at
        self._ended: int | None = None
        self._blocks = Blocks()
        self._words: list[Word] = []
        self._confirmed: list[Span] = []
        self._filled: list[Span] = []
        self._gauges = {name: Gauge(name) for name in LIVE}
        self._raw: dict[str, float | None] = {}
        self._lit: dict[str, content.Lit] = {}
        self._claim_after: float | None = None
        self._stale = False
        self._cued_now: set[str] = set()

    # --- feeding --------------------------------------------------------------------------

    def question_open(self, at: int, *, design: bool = False) -> None:
        """The interviewer has finished speaking: the candidate's clock starts at `at`."""
        self._question, self._design = at, design
        if not self._words:
            self._opened = at

    def turn_open(self, turn: int, at: int) -> None:
        """The candidate's `turn` is open; the same turn again means that it was reopened."""
        if turn == self._turn:
            self._ended = None
            return
        self._turn = turn
        self._begin(at if self._question is None else self._question)
        self._question = None

    def words(self, at: int, turn: int, words: Iterable[Word]) -> None:
        """Words of `turn` that became stable."""
        if turn != self._turn:
            return
        for word in words:
            if self._words and word.start < self._words[-1].start:
                index = bisect_right(self._words, word.start, key=lambda w: w.start)
                self._words.insert(index, word)
            else:
                self._words.append(word)
            self._stale = True

    def speech(self, at: int, span: Span) -> None:
        """A stretch of speech that the endpointer confirmed; noise outside all is left out."""
        self._confirmed.append(span)

    def filler(self, at: int, span: Span) -> None:
        """A filled pause was reported (`FillerHeard`), for the live display."""
        self._filled.append(span)
        self._stale = True

    def filled_pauses(self, within: Span) -> list[Span]:
        """Filled pauses of the open turn inside `within`, by the words known so far."""
        return find_filled_pauses(self._blocks, self._words, within)

    def block(self, at: int, heard: BlockHeard) -> list[Change]:
        """One block of sound; every 0.5 s what the display has to change."""
        if self._ended is not None and at - self._ended > _KEPT_AFTER_END:
            return []
        before = self._blocks.ends[-1] if len(self._blocks) else at - BLOCK
        self._blocks.append(at, heard)
        if self._ended is not None or at // HOP == before // HOP:
            return []
        return self._refresh(at)

    def finish(self, at: int, turn: int, moves: Iterable[Move] = ()) -> AnswerScored:
        """Score the whole turn, all ten dimensions; the live display rests until the next."""
        if turn != self._turn:
            return AnswerScored(turn, measure(Answer(()), self.settings))
        self._ended = at
        answer = self._answer(tuple(self._words), None)
        scores = measure(answer, self.settings, moves=moves, baseline=self._baseline())
        self._learn(turn, answer)
        return AnswerScored(turn, scores)

    # --- the live display -----------------------------------------------------------------

    def _refresh(self, at: int) -> list[Change]:
        scores: list[ClarityScore] = []
        if self._stale:
            self._stale = False
            scores += self._read()
        raw = dict(self._raw)
        if self._words:
            raw["length"] = (at - self._opened) / samples(1)
            raw["intonation"] = self._intonation(at)
        if self._early(at) or self._unheard(at) > _UNHEARD:
            raw = {"length": raw.get("length")}
        for name in self._shown():
            moved = self._gauges[name].update(at, raw.get(name), self._band_of(name, at))
            if moved is not None:
                scores.append(moved)
        changes: list[Change] = []
        if scores:
            changes.append(ClarityMoved(self._turn, tuple(scores)))
        cue = self._cue(at)
        if cue is not None:
            changes.append(cue)
        return changes

    def _shown(self) -> list[str]:
        off = self.settings.stutter or self.settings.non_native
        return [name for name in LIVE if not (off and name in bands.SWITCHABLE)]

    def _read(self) -> list[ClarityScore]:
        """Measure anew what rests on words, over the latest 20 s or 60 s of them."""
        if not self._words:
            return []
        known = max(word.end for word in self._words[-8:])
        wide = self._answer(self._since(known - _TEXT_WINDOW), Span(known - _TEXT_WINDOW, known))
        near = self._answer(self._since(known - _SOUND_WINDOW), Span(known - _SOUND_WINDOW, known))
        begun = self._words[0].start
        signposts = content.signposting(wide, begun)
        self._raw = {
            "pace": None if near.doubt else delivery.pace(near).value,
            "pauses": None if near.doubt else delivery.pauses(near).value,
            "fillers": None if wide.doubt else delivery.fillers(wide).value,
            "hedging": None if wide.doubt else content.hedging(wide).value,
            "signposting": None if wide.doubt else signposts.value,
            "support": None if wide.doubt else content.support(wide).value,
        }
        if self._claim_after is None:
            claim = next(iter(content.claims(wide, direct=True)), None)
            if claim is not None:
                self._claim_after = (wide.script.span(claim).start - begun) / samples(1)
        return self._light(wide)

    def _light(self, answer: Answer) -> list[ClarityScore]:
        """The checklist, where something new was heard."""
        new = [lit for lit in content.checklist(answer) if lit.item not in self._lit]
        if not new:
            return []
        self._lit |= {lit.item: lit for lit in new}
        heard = [self._lit[item] for item in content.CHECKLIST if item in self._lit]
        return [content.structure_score(heard)]

    def _since(self, start: int) -> tuple[Word, ...]:
        index = len(self._words)
        while index and self._words[index - 1].start >= start:
            index -= 1
        return tuple(self._words[index:])

    def _answer(self, words: tuple[Word, ...], window: Span | None) -> Answer:
        """The turn, or the `window` of it, as something to measure."""
        blocks = self._blocks if window is None else self._blocks.between(window)
        speech = speech_spans(blocks)
        if window is not None:
            filled = [s for s in self._filled[-200:] if s.overlap(window)]
        elif any(blocks.pitch):
            reach = Span(blocks.ends[0] - BLOCK, blocks.ends[-1])
            filled = find_filled_pauses(blocks, words, reach)
        else:
            filled = sorted(self._filled, key=lambda s: (s.start, s.end))
        if self._confirmed and window is None:
            speech = tuple(s for s in speech if any(s.overlap(c) for c in self._confirmed))
        return Answer(words, blocks, speech, tuple(filled), self._opened, self._design)

    def _intonation(self, at: int) -> float | None:
        pitches = delivery.pitches_in(self._blocks.between(Span(at - _SOUND_WINDOW, at)))
        if len(pitches) * BLOCK < samples(bands.ENOUGH_VOICED_S):
            return None
        return delivery.pitch_variation(pitches)

    def _early(self, at: int) -> bool:
        """Whether too little was heard in this turn for a colour."""
        heard = self._words[-1].end - self._words[0].start if self._words else 0
        return heard < samples(bands.ENOUGH_S) or len(self._words) < bands.ENOUGH_WORDS

    def _unheard(self, at: int) -> int:
        """Samples of speech since the last word, at most 20 s back."""
        known = max(self._words[-1].end if self._words else 0, at - _SOUND_WINDOW)
        recent = self._blocks.between(Span(known, max(known, at)))
        return BLOCK * sum(voice >= STILL_VOICED for voice in recent.voice)

    def _band_of(self, name: str, at: int) -> Callable[[float], Band]:
        if name == "pace":
            own = self.settings.baseline_wpm
            return partial(bands.pace_band, baseline=self._baseline() if own is None else own)
        if name == "signposting":
            early = not self._words or at - self._words[0].start <= samples(bands.CLAIM_WITHIN_S)
            after = 0.0 if early and self._claim_after is None else self._claim_after
            return partial(bands.signposting_band, claim_after_s=after)
        if name == "length":
            return _growing_length
        return _BANDS[name]

    def _cue(self, at: int) -> CueShown | None:
        """The most urgent cue, poor before watch, at most one in 20 s."""
        if not self.settings.cues or at - self._last_cue < _CUE_EVERY:
            return None
        for band in ("poor", "watch"):
            for name in self._shown():
                if self._gauges[name].band != band or not self._may_cue(name, at):
                    continue
                self._last_cue = self._cued[name] = at
                self._cued_now.add(name)
                value = self._gauges[name].value or 0.0
                slow = name == "pace" and value < bands.PACE_GOOD[0]
                return CueShown(name, bands.SLOW_CUE if slow else bands.CUES[name])
        return None

    def _may_cue(self, name: str, at: int) -> bool:
        if at - self._cued.get(name, -_SAME_CUE_EVERY) < _SAME_CUE_EVERY:
            return False
        return name in self._cued_now or len(self._cued_now) < MOST_CUED

    # --- the speaker's own pace -----------------------------------------------------------

    def _baseline(self) -> float | None:
        """Words a minute over the first 60 s of talk in finished turns, once there are 60 s."""
        talked = sum(length for _, length in self._paces.values())
        if talked < _BASELINE:
            return None
        return sum(count for count, _ in self._paces.values()) * samples(60) / talked

    def _learn(self, turn: int, answer: Answer) -> None:
        """Keep the pace of a turn for the baseline, until 60 s are known."""
        talked = sum(length for number, (_, length) in self._paces.items() if number != turn)
        if talked >= _BASELINE or answer.doubt:
            return
        end = answer.talk.start + _BASELINE - talked
        early = Answer(tuple(w for w in answer.words if w.end <= end))
        if early.talk.length > 0:
            self._paces[turn] = (early.content, min(early.talk.length, _BASELINE - talked))


def _growing_length(seconds: float) -> Band:
    """Length while the answer still grows: too short is no fault yet."""
    return "unknown" if seconds < bands.LENGTH_GOOD_S[0] else bands.length_band(seconds)


_BANDS: dict[str, Callable[[float], Band]] = {
    "pauses": bands.pauses_band,
    "fillers": bands.fillers_band,
    "intonation": bands.intonation_band,
    "hedging": bands.hedging_band,
    "support": bands.support_band,
}
