"""The interview as one sees it: question, transcript, clarity. Live and replay share it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.reactive import var

from copilot.core.header import Header
from copilot.core.view import SessionView
from copilot.tui.widgets.clarity import ClarityPanel
from copilot.tui.widgets.question import QuestionPanel
from copilot.tui.widgets.status import EngineLine, StatusLine
from copilot.tui.widgets.study import StudyPanel
from copilot.tui.widgets.transcript import TranscriptPanel


class Stage(Vertical):
    """Everything that shows one moment of a session."""

    focus_mode: var[bool] = var(False, init=False)
    """Hides all feedback: clarity, cues and marks."""

    notes: var[bool] = var(False, init=False)
    """Shows what a good answer reaches in place of the feedback (study mode)."""

    def compose(self) -> ComposeResult:
        """From top to bottom: floor, question, answer beside clarity, engines."""
        yield StatusLine()
        yield QuestionPanel()
        with Horizontal(id="middle"):
            yield TranscriptPanel()
            yield ClarityPanel()
            notes = StudyPanel()
            notes.display = False
            yield notes
        yield EngineLine(id="engines")

    def watch_focus_mode(self) -> None:
        """Show or hide what distracts."""
        self._choose_panel()

    def watch_notes(self) -> None:
        """Show or hide the notes."""
        self._choose_panel()

    def _choose_panel(self) -> None:
        """Notes or clarity beside the answer, or neither.

        Not by a class: that would match every rule with every widget of the stage anew.
        """
        self.query_one(StudyPanel).display = self.notes
        self.query_one(ClarityPanel).display = not (self.notes or self.focus_mode)

    def begin(self, header: Header, *, invitation: str) -> None:
        """Say which engines are at work; `invitation`: what stands for words not yet said."""
        self.query_one(TranscriptPanel).invitation = invitation
        self.query_one(EngineLine).show_header(header)

    def show(self, view: SessionView, header: Header) -> None:
        """Draw this moment."""
        self.query_one(StatusLine).show(view, header)
        self.query_one(QuestionPanel).show(view, header)
        self.query_one(TranscriptPanel).show(view, marked=not self.focus_mode)
        if self.notes:
            self.query_one(StudyPanel).show(view, header)
        elif not self.focus_mode:
            self.query_one(ClarityPanel).show(view)
