"""The live driver: the same session as in virtual time, on threads and at the pace of real time.

One thread owns the session. Blocks of audio and everything else that happens reach it as Inputs,
in the order in which it learns of them; work goes to other threads and comes back the same way.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from copilot.audio.capture import Captured, Lost
from copilot.audio.wav import read_span
from copilot.core.clock import BLOCK, Span, samples
from copilot.core.events import (
    Action,
    Cancel,
    Draft,
    Duck,
    Input,
    InputGap,
    KeyPressed,
    Play,
    Request,
    SourceChanged,
    SpeechMade,
    Started,
    StopPlaying,
    Synthesise,
    TextTyped,
    Transcribe,
)
from copilot.core.header import Header
from copilot.core.session import Session
from copilot.core.view import SessionView
from copilot.errors import CopilotError
from copilot.runtime.engines import Engines
from copilot.runtime.jobs import Worker
from copilot.runtime.listening import Ear
from copilot.runtime.mailbox import Mailbox
from copilot.runtime.pacing import LiveSource
from copilot.runtime.playback import Shelf, SilentSpeaker, Speaker
from copilot.runtime.sequencer import Observer, Sequencer
from copilot.runtime.store import SessionWriter, Summary, summarise
from copilot.runtime.workers import Crew, Deliver, Workers

_log = logging.getLogger(__name__)

_SILENCE = np.zeros(BLOCK, dtype=np.float32)

MakeCrew = Callable[[Worker, Deliver], Crew]
Block = NDArray[np.float32]


class Cleaner(Protocol):
    """Takes out of each captured block what must not be heard."""

    def clean(self, block: Block) -> Block:
        """The next block, shape (512,), without the echo of the loudspeaker."""
        ...


class LiveDriver:
    """Runs one session in real time; a `SessionPort` for screens.

    `failure` tells after the end why a session broke off; everything until then is saved.
    """

    def __init__(
        self,
        header: Header,
        engines: Engines,
        source: LiveSource,
        writer: SessionWriter,
        *,
        speaker: Speaker | None = None,
        cleaner: Cleaner | None = None,
        mailbox: Mailbox | None = None,
        make_crew: MakeCrew = Workers,
    ) -> None:
        """`speaker`: without one, speech takes its time and is not heard.

        `cleaner`: the session hears what it leaves; `writer` then keeps both recordings.
        `engines` are closed at the end of the session, as are the source, the speaker and the
        writer.
        """
        self.failure: CopilotError | None = None
        self._header = header
        self._engines = engines
        self._source = source
        self._writer = writer
        self._speaker: Speaker = speaker or SilentSpeaker()
        self._cleaner = cleaner
        self._mailbox = mailbox or Mailbox()
        self._session = Session(header.settings)
        self._view = SessionView()
        self._observers: list[Observer] = [writer.append, source.observe, self._view.fold]
        self._sequencer = Sequencer(self._session, self._observers)
        self._ear = Ear(engines.vad)
        self._shelf = Shelf(writer.folder)
        worker = Worker(
            engines,
            header.settings,
            writer.folder,
            lambda span: read_span((writer.cleaned or writer.audio).path, span),
        )
        self._crew = make_crew(worker, self._mailbox.put)
        self._heard = 0
        """Samples captured so far."""
        self._heard_when = 0.0
        """When the last of them came, in seconds of the mailbox's clock."""
        self._thread = threading.Thread(target=self._guarded, name="session", daemon=True)
        self._finished = threading.Event()

    # --- SessionPort: called from other threads ---

    @property
    def header(self) -> Header:
        """Settings, engines and whether anything leaves the machine."""
        return self._header

    @property
    def folder(self) -> Path:
        """Where the session is kept."""
        return self._writer.folder

    @property
    def running(self) -> bool:
        """Whether the session goes on."""
        return self._thread.ident is not None and not self._finished.is_set()

    def subscribe(self, observer: Observer) -> None:
        """Have every further record told to `observer`, on the session's thread."""
        self._observers.append(observer)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def press(self, action: Action) -> None:
        """A key that means something to the interview."""
        self._mailbox.put(KeyPressed(action))

    def type(self, text: str) -> None:
        """An answer typed instead of spoken."""
        self._mailbox.put(TextTyped(text))

    def stop(self) -> None:
        """End the session and wait until it is saved."""
        if self._thread.ident is None:
            self._release()
            return
        self.press("quit")
        self._finished.wait()

    def wait(self) -> Summary:
        """Wait for the end; what lists show of the session. Raises what broke it off."""
        while not self._finished.wait(0.5):  # in steps: Ctrl-C does not end a wait on Windows
            pass
        if self.failure is not None:
            raise self.failure
        return summarise(self._view)

    # --- the session's thread ---

    def _guarded(self) -> None:
        try:
            self._run()
        except CopilotError as error:
            self.failure = error
        except Exception as error:  # noqa: BLE001 - nobody above this thread would hear of it
            _log.exception("the session broke off")
            self.failure = CopilotError(
                f"The session broke off ({type(error).__name__}).",
                "What was recorded is saved; `interview-copilot sessions show last` shows it.",
            )
            self.failure.__cause__ = error
        finally:
            try:
                self._release()
            finally:
                self._finished.set()

    def _run(self) -> None:
        self._speaker.start()
        self._source.start()
        self._heard_when = self._mailbox.now()
        self._post(0, Started())
        while not self._session.ended:
            event = self._mailbox.get(self._source.due())
            if event is not None:
                self._deliver(event)
            for captured in self._source.take(self._heard):
                self._take_in(captured)
                # On a machine that cannot keep up there is always another block: keys, the one
                # that ends the session above all, must not wait for the last.
                waiting = self._mailbox.get(self._mailbox.now())
                if waiting is not None:
                    self._deliver(waiting)
            self._tell_playback()

    def _take_in(self, captured: Captured) -> None:
        if self._session.ended:
            return
        match captured:
            case Lost():
                self._lose(captured)
            case SourceChanged():
                self._post(self._now(), captured)
            case _:
                heard = self._ear.hear(self._record(captured))
                self._move_on(BLOCK)
                self._post(self._heard, heard)
                self._tell_playback()

    def _record(self, block: Block) -> Block:
        """Keep what was captured; returns what the session is to hear of it."""
        self._writer.audio.write(block)
        if self._cleaner is None or self._writer.cleaned is None:
            return block
        clean = self._cleaner.clean(block)
        self._writer.cleaned.write(clean)
        return clean

    def _lose(self, lost: Lost) -> None:
        """Keep the recording as long as the time that has passed."""
        span = Span(self._heard, self._heard + lost.samples)
        left = lost.samples
        while left > 0:
            self._record(_SILENCE[: min(left, BLOCK)])
            left -= BLOCK
        self._move_on(lost.samples)
        self._post(self._heard, InputGap(span, lost.reason))

    def _move_on(self, captured: int) -> None:
        self._heard += captured
        self._heard_when = self._mailbox.now()

    def _now(self) -> int:
        """The moment in samples: between blocks it goes on with the clock, at most to the next."""
        since = samples(self._mailbox.now() - self._heard_when)
        return self._heard + min(max(since, 0), BLOCK)

    def _deliver(self, event: Input) -> None:
        if isinstance(event, SpeechMade):
            self._shelf.put(event)
        self._post(self._now(), event)

    def _tell_playback(self) -> None:
        for moved in self._speaker.moved(self._now()):
            self._post(self._now(), moved)

    def _post(self, at: int, event: Input) -> None:
        if self._session.ended:
            return
        for request in self._sequencer.post(at, event):
            self._do(request)

    def _do(self, request: Request) -> None:
        match request:
            case Transcribe() | Draft() | Synthesise():
                self._crew.submit(request)
            case Play():
                file, length = self._shelf.take(request)
                self._speaker.play(self._now(), request.job, file, length)
            case StopPlaying():
                self._speaker.stop(self._now(), request.job)
            case Duck():
                self._speaker.set_loudness(self._now(), request.job, request.loudness)
            case Cancel():
                self._crew.cancel(request.job)

    def _release(self) -> None:
        """Let go of everything, whatever fails on the way; the log is closed last."""
        for close in (
            self._speaker.close,
            self._source.close,
            self._engines.close,
            self._crew.close,
            self._shelf.drop_unheard,
            lambda: self._writer.close(summarise(self._view)),
        ):
            try:
                close()
            except CopilotError as error:
                self.failure = self.failure or error
            except Exception:  # noqa: BLE001 - the rest must be closed all the same
                _log.exception("something could not be closed")
