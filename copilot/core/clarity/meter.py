"""The clarity meter of a session: a pure machine fed with blocks, words, speech and fillers.

Work is bounded: the live display looks at the latest 20 s of sound and 60 s of words only, and
does so once every 0.5 s. The whole answer is measured once, at the end of the turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from copilot.core.clarity import bands, content, delivery
from copilot.core.clarity.answer import Answer, Form, MeterSettings
from copilot.core.clarity.bands import Band
from copilot.core.clarity.display import HOP, Gauge
from copilot.core.clarity.fillers import find_filled_pauses
from copilot.core.clarity.heard import HeardTurn, OwnPace
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

__all__ = ["LIVE", "ClarityMeter", "MeterSettings"]

LIVE = (
    "fillers", "pauses", "pace", "length", "signposting", "hedging", "support", "intonation",
)  # fmt: skip
"""Dimensions with a gauge in the live display, the most urgent cue first."""

MOST_CUED = 3
"""Dimensions that cues speak of in one turn."""

_SOUND_WINDOW = samples(bands.WINDOW_S)
_TEXT_WINDOW = samples(bands.FILLER_WINDOW_S)
_CUE_EVERY = samples(20.0)
_SAME_CUE_EVERY = samples(60.0)
_UNHEARD = samples(15.0)
"""Speech since the last word that greys what rests on words; segments are 12 s long at most."""

_KEPT_AFTER_END = samples(60.0)
"""Sound is kept so long after a turn's end, in case it is reopened."""

Change = ClarityMoved | CueShown


class ClarityMeter:
    """Live clarity of the turn that is open, and the scores of finished turns.

    Feed it in order of `at`. It remembers the open turn and the one before, which may be
    reopened; what comes for any other turn is ignored.
    """

    def __init__(self, settings: MeterSettings | None = None) -> None:
        self.settings = settings or MeterSettings()
        self._own_pace = OwnPace()
        self._turn = HeardTurn(-1, 0)
        self._before: HeardTurn | None = None
        self._question: tuple[int, Form] | None = None
        self._last_cue = -_CUE_EVERY
        self._cued: dict[str, int] = {}
        self._clear_display()

    def _clear_display(self) -> None:
        self._gauges = {name: Gauge(name) for name in LIVE}
        self._raw: dict[str, float | None] = {}
        self._lit: dict[str, content.Lit] = {}
        self._claim_after: float | None = None
        self._stale = True
        self._cued_now: set[str] = set()

    # --- feeding ---

    def question_open(self, at: int, *, form: Form = "answer") -> None:
        """The interviewer has finished speaking: the candidate's clock starts at `at`."""
        if self._turn.number < 0 or self._turn.words or self._turn.ended is not None:
            self._question = (at, form)
        else:
            self._turn.opened, self._turn.form = at, form

    def turn_open(self, turn: int, at: int) -> None:
        """The candidate's `turn` is open; a turn that was open before goes on where it was."""
        if turn == self._turn.number:
            self._turn.ended = None
            return
        if self._before is not None and turn == self._before.number:
            self._turn, self._before = self._before, None
            self._turn.ended = None
        else:
            self._before = self._turn
            self._turn = HeardTurn(turn, at)
            if self._question is not None:
                self._turn.opened, self._turn.form = self._question
        self._question = None
        self._clear_display()

    def words(self, at: int, turn: int, words: Iterable[Word]) -> None:
        """Words of `turn` that became stable."""
        heard = self._find(turn)
        if heard is not None:
            heard.add_words(words)
            self._stale = True

    def speech(self, at: int, span: Span) -> None:
        """A stretch of speech that the endpointer confirmed; noise outside all is left out."""
        self._turn.add_speech(span)

    def filler(self, at: int, span: Span) -> None:
        """A filled pause was reported (`FillerHeard`), for the live display."""
        self._turn.add_filler(span)
        self._stale = True

    def filled_pauses(self, turn: int, within: Span) -> list[Span]:
        """Filled pauses of `turn` inside `within`, by the sound and the words known so far."""
        heard = self._find(turn)
        if heard is None:
            return []
        return find_filled_pauses(heard.blocks, heard.words, within)

    def block(self, at: int, heard: BlockHeard) -> list[Change]:
        """One block of sound; every 0.5 s what the display has to change."""
        turn = self._turn
        if turn.number < 0 or (turn.ended is not None and at - turn.ended > _KEPT_AFTER_END):
            return []
        before = turn.blocks.ends[-1] if len(turn.blocks) else at - BLOCK
        turn.blocks.append(at, heard)
        if turn.ended is not None or at // HOP == before // HOP:
            return []
        return self._refresh(at)

    def finish(self, at: int, turn: int, moves: Iterable[Move] = ()) -> AnswerScored:
        """Score the whole turn, all ten dimensions; the live display rests until the next."""
        heard = self._find(turn)
        if heard is None:
            return AnswerScored(turn, measure(Answer(()), self.settings))
        heard.ended = at
        answer = heard.whole()
        scores = measure(answer, self.settings, moves=moves, baseline=self._own_pace.wpm())
        self._own_pace.learn(turn, answer)
        return AnswerScored(turn, scores)

    def _find(self, turn: int) -> HeardTurn | None:
        known = (self._turn, self._before)
        return next((t for t in known if t is not None and t.number == turn >= 0), None)

    # --- the live display ---

    def _refresh(self, at: int) -> list[Change]:
        scores: list[ClarityScore] = []
        if self._stale and self._turn.words:
            self._stale = False
            scores += self._read()
        raw = self._values(at)
        for name in self._shown():
            moved = self._gauges[name].update(at, raw.get(name), self._band_of(name, at))
            if moved is not None:
                scores.append(moved)
        changes: list[Change] = []
        if scores:
            changes.append(ClarityMoved(self._turn.number, tuple(scores)))
        cue = self._cue(at)
        if cue is not None:
            changes.append(cue)
        return changes

    def _values(self, at: int) -> dict[str, float | None]:
        """What each gauge is fed with; nothing until 10 s and 20 words were heard."""
        turn = self._turn
        if not turn.words:
            return {}
        raw: dict[str, float | None] = {"length": (at - turn.opened) / samples(1)}
        heard = turn.known - turn.words[0].start
        if heard < samples(bands.ENOUGH_S) or len(turn.words) < bands.ENOUGH_WORDS:
            return raw
        raw["intonation"] = self._intonation(at)
        if turn.unheard(at, _SOUND_WINDOW) <= _UNHEARD:
            raw |= self._raw
        return raw

    def _shown(self) -> list[str]:
        off = self.settings.stutter or self.settings.non_native
        return [name for name in LIVE if not (off and name in bands.SWITCHABLE)]

    def _read(self) -> list[ClarityScore]:
        """Measure anew what rests on words; the checklist, if something new was heard."""
        near, wide = self._turn.latest(_SOUND_WINDOW), self._turn.latest(_TEXT_WINDOW)
        begun = self._turn.words[0].start
        scored: list[tuple[Answer, ClarityScore]] = [
            (near, delivery.pace(near)),
            (near, delivery.pauses(near)),
            (wide, delivery.fillers(wide)),
            (wide, content.hedging(wide)),
            (wide, content.signposting(wide)),
            (wide, content.support(wide)),
        ]
        self._raw = {s.dimension: None if part.doubt else s.value for part, s in scored}
        if self._claim_after is None:
            claim = next(iter(content.claims(wide, direct=True)), None)
            if claim is not None:
                self._claim_after = (wide.script.span(claim).start - begun) / samples(1)
        new = [lit for lit in content.checklist(wide) if lit.item not in self._lit]
        if not new:
            return []
        self._lit |= {lit.item: lit for lit in new}
        return [content.structure_score(self._lit[i] for i in content.CHECKLIST if i in self._lit)]

    def _intonation(self, at: int) -> float | None:
        pitches = delivery.pitches_in(self._turn.blocks.between(Span(at - _SOUND_WINDOW, at)))
        if len(pitches) * BLOCK < samples(bands.ENOUGH_VOICED_S):
            return None
        return delivery.pitch_variation(pitches)

    def _band_of(self, name: str, at: int) -> Callable[[float], Band]:
        if name == "pace":
            return partial(
                bands.pace_band, baseline=self.settings.baseline_wpm or self._own_pace.wpm()
            )
        if name == "signposting":
            words = self._turn.words
            early = not words or at - words[0].start <= samples(bands.CLAIM_WITHIN_S)
            after = 0.0 if early and self._claim_after is None else self._claim_after
            return partial(bands.signposting_band, claim_after_s=after)
        return _BANDS[name]

    # --- cues ---

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
                slow = name == "pace" and (self._gauges[name].value or 0) < bands.PACE_GOOD[0]
                return CueShown(name, bands.SLOW_CUE if slow else bands.CUES[name])
        return None

    def _may_cue(self, name: str, at: int) -> bool:
        if at - self._cued.get(name, -_SAME_CUE_EVERY) < _SAME_CUE_EVERY:
            return False
        return name in self._cued_now or len(self._cued_now) < MOST_CUED


def _growing_length(seconds: float) -> Band:
    """Length while the answer still grows: too short is no fault yet."""
    return "unknown" if seconds < bands.LENGTH_GOOD_S[0] else bands.length_band(seconds)


_BANDS: dict[str, Callable[[float], Band]] = {
    "pauses": bands.pauses_band,
    "fillers": bands.fillers_band,
    "intonation": bands.intonation_band,
    "hedging": bands.hedging_band,
    "support": bands.support_band,
    "length": _growing_length,
}
