"""A running interview. It watches the session through its port and hands it keys."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Middle

from copilot.core.events import Action, Phase
from copilot.core.port import SessionPort
from copilot.errors import CopilotError
from copilot.tui.backend import Prepared
from copilot.tui.feed import REFRESH, Feed
from copilot.tui.screens.base import HELP_KEY, BaseScreen
from copilot.tui.screens.dialogs import ConfirmDialog, TypeDialog
from copilot.tui.text import styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel
from copilot.tui.widgets.stage import Stage

Prepare = Callable[[], Prepared]

_SPEAK = "Your words appear here as you speak; w writes instead."
_PRESS = "Press Space, answer, press Space again; w writes instead."


class InterviewScreen(BaseScreen):
    """The interview itself."""

    HELP = (
        "The interviewer asks aloud, you answer aloud. The top line says who has the floor."
        " Stop speaking and the turn ends by itself; Enter ends it at once. With push-to-talk the"
        " microphone is on from one Space to the next; study mode has notes on each question."
    )
    SHOWS_MARKS = True
    AUTO_FOCUS = "TranscriptPanel"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "talk", "Talk", tooltip="Microphone on, or off again"),
        Binding("enter", "send('done')", "Done"),
        Binding("t", "send('think')", "Think"),
        Binding("p", "pause", "Pause"),
        Binding("w", "write", "Write"),
        Binding("f", "focus_mode", "Focus", tooltip="Hides all feedback"),
        Binding("n", "notes", "Notes", tooltip="What a good answer reaches"),
        Binding("s", "skip", "Skip"),
        Binding("r", "send('repeat')", "Repeat"),
        Binding("x", "send('stop_speaking')", "Quiet", tooltip="The interviewer stops speaking"),
        Binding("q", "leave", "Quit"),
        Binding("escape,ctrl+c", "leave", "Quit", show=False),
        HELP_KEY,
    ]

    def __init__(self, prepare: Prepare) -> None:
        super().__init__()
        self._prepare = prepare
        self.port: SessionPort | None = None
        self.feed = Feed()
        self._draft = ""
        self._over = False
        self._told = 0
        """Notes of the session that were shown."""
        self._phase: Phase = "idle"

    def compose(self) -> ComposeResult:
        """A word of patience, then the stage."""
        with Middle(id="loading"), Center():
            yield Panel(styled("Getting the recogniser, the voice and the questions ready…"))
        yield Stage()
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Prepare the session on a thread: models take seconds to load."""
        self.query_one(Stage).display = False
        self.in_background(self._prepare, self._begin, self._cannot_begin, group="port")

    def _begin(self, prepared: Prepared) -> None:
        port = self.port = prepared.port
        for notice in prepared.notices:
            self.tell(notice)
        port.subscribe(self.feed.put)
        port.start()
        self.query_one("#loading").display = False
        stage = self.query_one(Stage)
        stage.display = True
        talk = port.header.settings.push_to_talk
        stage.begin(port.header, invitation=_PRESS if talk else _SPEAK)
        self.look()
        self.set_interval(REFRESH, self.look)

    def _cannot_begin(self, error: CopilotError) -> None:
        self.complain(error)
        self.app.pop_screen()

    def look(self) -> None:
        """Take in what the session has told since the last time, and show it."""
        port = self.port
        if port is None or self._over:
            return
        running = port.running
        if self.feed.drain():
            self._show()
            self._tell_notes()
            self._phase_moved(self.feed.view.phase)
        if not running and self.feed.view.at >= 0 and self._has_begun():
            self._finish()

    def _show(self) -> None:
        """Draw this moment."""
        if self.port is not None:
            self.query_one(Stage).show(self.feed.view, self.port.header)

    def _tell_notes(self) -> None:
        """What one should know of the session: an engine that is late, a fallback."""
        notes = self.feed.view.notes
        for _, note in notes[self._told :]:
            self.tell(note.text)
        self._told = len(notes)

    def _phase_moved(self, phase: Phase) -> None:
        """Keys mean something else now; who answers in writing is asked to."""
        if phase == self._phase:
            return
        before, self._phase = self._phase, phase
        self.refresh_bindings()
        typed = self.port is not None and self.port.header.source == "typed"
        asked = phase == "listening" and before in ("asking", "thinking")
        if typed and asked and self.app.screen is self:
            self.action_write()

    def _has_begun(self) -> bool:
        port = self.port
        return self.feed.view.phase != "idle" or (port is not None and port.failure is not None)

    def _finish(self) -> None:
        """The session is over and saved: look back on it."""
        from copilot.tui.screens.debrief import DebriefScreen

        self._over = True
        assert self.port is not None
        if self.port.failure is not None:
            self.complain(self.port.failure)
        while self.app.screen is not self:
            self.app.pop_screen()
        self.app.switch_screen(DebriefScreen(self.port.header.id, fresh=True))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that mean nothing now are grey."""
        phase = self.feed.view.phase
        settings = self.port.header.settings if self.port is not None else None
        if action == "talk":
            if settings is None or not settings.push_to_talk:
                return False
            return phase in ("asking", "listening", "thinking") or None
        if action == "notes":
            return settings is not None and settings.study
        if action == "send" and parameters:
            wanted = {
                "done": ("listening",),
                "think": ("listening",),
                "repeat": ("listening",),
                "stop_speaking": ("asking",),
            }[str(parameters[0])]
            return phase in wanted or None
        if action == "write":
            return phase in ("listening", "paused") or None
        if action in ("skip", "pause"):
            return phase not in ("idle", "ended") or None
        return True

    def action_send(self, action: Action) -> None:
        """A key that the interview itself understands."""
        if self.port is None:
            return
        self.port.press(action)
        if action == "think":
            self.tell("Take your time: silence does not end your turn now.")

    def action_talk(self) -> None:
        """Push-to-talk. A terminal tells no key's release, so one press begins and one ends."""
        if self.port is not None:
            self.port.press("talk_end" if self.feed.view.talking else "talk_start")

    def action_notes(self) -> None:
        """Show what a good answer reaches, or hide it again."""
        stage = self.query_one(Stage)
        stage.notes = not stage.notes
        self._show()

    def action_skip(self) -> None:
        """Go to the next question, if that is meant."""

        def decided(yes: bool | None) -> None:
            if yes and self.port is not None:
                self.port.press("skip")

        self.app.push_screen(ConfirmDialog("Skip this question?", "Skip"), decided)

    def action_pause(self) -> None:
        """Stand still, or go on."""
        if self.port is not None:
            self.port.press("resume" if self.feed.view.phase == "paused" else "pause")

    def action_focus_mode(self) -> None:
        """Hide all feedback, or show it again."""
        stage = self.query_one(Stage)
        stage.focus_mode = not stage.focus_mode
        self._show()

    def action_write(self) -> None:
        """Type the answer; the interview stands still meanwhile."""
        port, turn = self.port, self.feed.view.turn
        if port is None or turn is None:
            return
        dialog = TypeDialog(turn.posed.text, self._draft)

        def written(text: str | None) -> None:
            self._draft = dialog.draft
            nothing = not text or not text.strip()
            if nothing and port.header.source == "typed":
                self.tell("Paused: w goes on writing, p goes on without.")
                return
            port.press("resume")
            if nothing:
                return
            assert text is not None
            if turn.ended is None and turn.opened_at is not None:
                port.type(text)
                self._draft = ""
            else:
                self._draft = text
                self.tell("It is not your turn: the text is kept for when it is (w).")

        port.press("pause")
        self.app.push_screen(dialog, written)

    def action_leave(self) -> None:
        """End the session; it is saved."""
        if self.port is None:
            self.app.pop_screen()
            return

        def decided(yes: bool | None) -> None:
            if yes:
                self.end()

        question = "End the interview here? What was recorded is saved."
        self.app.push_screen(ConfirmDialog(question, "End", "Go on"), decided)

    def end(self) -> None:
        """Ask the session to end; the debrief follows when it is saved."""
        port = self.port
        if port is not None:
            self.in_background(port.stop, lambda _: None, group="stop")
