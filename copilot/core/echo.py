"""Whether a sound in the microphone can be the interviewer's own voice coming back.

Decided by level, block by block: the rendered speech says how loud the echo may be at a moment,
what came back so far says how much of it the room lets through. Sound that is no louder than that
is not taken for the candidate. The gate errs on the side of the echo: an interviewer who answers
himself is worse than one who is hard to interrupt.
"""

from __future__ import annotations

from array import array
from collections import deque
from collections.abc import Sequence

import msgspec

from copilot.core.clock import BLOCK
from copilot.core.events import BlockHeard, Play, PlaybackMoved, SpeechMade

_REACH = 10
"""Blocks (0.32 s) that an echo may come later: devices take up to 0.2 s, a room rings on."""
_SILENCE = -100
_FAINT = -50
"""dBFS. Speech below it teaches nothing of the room."""
_MEMORY = 160
"""Blocks of the interviewer's speech (5 s) from which the echo's level is learned."""
_ENOUGH = 24
"""Blocks before which the echo is taken to be as loud as the speech itself."""
_LOUD = 85
"""Percentile of what was learned that counts as the echo: the candidate's "mhm" is above it."""
_MARGIN = 5
"""dB above the echo that a block needs to speak for the candidate."""
_CLEAR = 12
"""dB above it at which one block is enough; else `_SOME` of the last `_LAST` are needed."""
_SOME, _LAST = 3, 6
_HANGOVER = 8
"""Blocks for which a voice that was told from the echo is followed into its quieter sounds."""


class EchoGate:
    """Follows what is played; takes the voice out of blocks that may be nothing but echo."""

    def __init__(self) -> None:
        self._rendered: dict[int, array[int]] = {}
        """A byte a block: they are kept to the end of the session."""
        self._levels: Sequence[int] = ()
        """Of the speech that is being played, dBFS, by block."""
        self._zero: int | None = None
        """Where in the session its first sample was heard, or would have been; None in silence."""
        self._far: deque[int] = deque([_SILENCE] * _REACH, maxlen=_REACH)
        self._learned: deque[int] = deque(maxlen=_MEMORY)
        self._above: deque[bool] = deque([False] * _LAST, maxlen=_LAST)
        self._follows = 0

    def rendered(self, speech: SpeechMade) -> None:
        """A voice has rendered something that may be played."""
        if speech.levels:
            levels = (min(max(level, _SILENCE), 0) for level in speech.levels)
            self._rendered[speech.job] = array("b", levels)

    def moved(self, at: int, play: Play, event: PlaybackMoved) -> None:
        """The loudspeaker has begun, or fallen silent."""
        if event.state in ("started", "resumed"):
            self._levels = self._rendered.get(play.speech, ())
            self._zero = at - event.position
        else:
            self._zero = None

    def block(self, at: int, block: BlockHeard) -> BlockHeard:
        """The block as it is to be heard: without voice where that may be the echo."""
        self._far.append(self._playing(at))
        far = max(self._far)
        if far <= _SILENCE:
            return block
        echo = far + self._coupling()
        excess = block.level - echo
        self._learn(block.level - far, far)
        self._above.append(excess >= _MARGIN)
        if excess >= _CLEAR or sum(self._above) >= _SOME:
            self._follows = _HANGOVER
        elif self._follows:
            self._follows -= 1
        return block if self._follows else msgspec.structs.replace(block, voice=0)

    def _playing(self, at: int) -> int:
        if self._zero is None:
            return _SILENCE
        index = (at - self._zero) // BLOCK - 1
        return self._levels[index] if 0 <= index < len(self._levels) else _SILENCE

    def _coupling(self) -> int:
        """Decibels from the speech as rendered to its echo in the microphone."""
        if len(self._learned) < _ENOUGH:
            return 0
        ordered = sorted(self._learned)
        return ordered[len(ordered) * _LOUD // 100]

    def _learn(self, difference: int, far: int) -> None:
        if self._zero is not None and far >= _FAINT:
            self._learned.append(difference)
