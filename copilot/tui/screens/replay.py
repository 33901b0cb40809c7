"""A recorded session, played again on the screen on which it was live."""

from __future__ import annotations

from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from copilot.core.clock import samples
from copilot.errors import CopilotError
from copilot.tui.backend import Recording, Sound
from copilot.tui.feed import REFRESH
from copilot.tui.playback import Player
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import clock, safe
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel
from copilot.tui.widgets.stage import Stage
from copilot.tui.widgets.timeline import LEGEND, TimelineBar

AUDIBLE = 2.0
"""The fastest speed at which a `Sound` is heard."""

_SEEK = Binding.Group("Seek", compact=True)
_TURN = Binding.Group("Turn", compact=True)
_CUE = Binding.Group("Cue", compact=True)
_SPEED = Binding.Group("Speed", compact=True)


class ReplayScreen(BackScreen):
    """The same stage as live, fed by the log."""

    HELP = (
        "The interview as it was on the screen, with both voices. Nothing is recorded or changed."
        " Sound follows the speed, voices included, up to 2×; faster is silent."
    )
    SHOWS_MARKS = True
    AUTO_FOCUS = "TranscriptPanel"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", "Play"),
        Binding("left", "skip(-5)", "5 s back", key_display="←", priority=True, group=_SEEK),
        Binding("right", "skip(5)", "5 s on", key_display="→", priority=True, group=_SEEK),
        Binding("shift+left", "skip(-30)", "30 s back", show=False),
        Binding("shift+right", "skip(30)", "30 s on", show=False),
        Binding("b", "jump('question', 'followup', False)", "Turn before", group=_TURN),
        Binding("n", "jump('question', 'followup', True)", "Next turn", group=_TURN),
        Binding("u", "jump('followup', '', True)", "Next follow-up", show=False),
        Binding("c", "jump('cue', '', True)", "Next cue", group=_CUE),
        Binding("C", "jump('cue', '', False)", "Cue before", group=_CUE),
        Binding("i", "jump('filler', '', True)", "Next filled pause", show=False),
        Binding("l", "jump('pause', '', True)", "Next long pause", show=False),
        Binding("minus", "speed(-1)", "Slower", key_display="-", group=_SPEED),
        Binding("plus,equals_sign", "speed(1)", "Faster", key_display="+", group=_SPEED),
        Binding("home", "seek(0)", "To the start", show=False, priority=True),
        Binding("end", "seek(1)", "To the end", show=False, priority=True),
        Binding("m", "sound", "Sound"),
        Binding("f", "focus_mode", "Focus"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self, session: str, at: int = 0) -> None:
        """`at`: where to begin, in samples."""
        super().__init__()
        self._session = session
        self._begin_at = at
        self._recording: Recording | None = None
        self.player = Player(())
        self._before = 0.0
        self._sound: Sound | None = None
        self._silence = ""
        """Why there is no sound, in one sentence."""
        self._muted = False

    def compose(self) -> ComposeResult:
        """The stage over the transport."""
        yield Stage()
        with Vertical(id="transport"):
            yield Panel(id="position")
            yield TimelineBar(id="timeline")
            yield Panel(Content.styled(LEGEND, "$faint"), id="timeline-legend")
        yield KeyLine(palette=False)

    def on_mount(self) -> None:
        """Read the log on a thread."""
        backend = self.copilot.backend
        self.in_background(lambda: backend.recording(self._session), self._loaded, self._unreadable)

    def _unreadable(self, error: CopilotError) -> None:
        self.complain(error)
        self.app.pop_screen()

    def _loaded(self, recording: Recording) -> None:
        self._recording = recording
        self.player = Player(recording.records)
        self.player.seek(self._begin_at)
        self.query_one(Stage).begin(recording.header, invitation="Nothing has been said yet.")
        self._before = monotonic()
        self.set_interval(REFRESH, self._tick)
        self.show()
        backend = self.copilot.backend
        self.in_background(
            lambda: backend.sound(self._session), self._audible, self._inaudible, group="sound"
        )

    def _audible(self, sound: Sound) -> None:
        self._sound = sound
        self._resound()
        self.show()

    def _inaudible(self, error: CopilotError) -> None:
        self._silence = error.message
        self.show()

    def _resound(self) -> None:
        """Let the sound go on where the picture is, or be silent with it."""
        if self._sound is None:
            return
        if self.player.playing and not self._muted:
            self._sound.play(self.player.position, self.player.speed)
        else:
            self._sound.pause()

    def on_unmount(self) -> None:
        """Let go of the loudspeaker."""
        if self._sound is not None:
            self._sound.close()

    def _tick(self) -> None:
        now = monotonic()
        elapsed, self._before = now - self._before, now
        heard = self._sound.position() if self._sound is not None else None
        if self.player.tick(elapsed, heard):
            self.show()

    def show(self) -> None:
        """Draw the moment at which the player stands."""
        if self._recording is None:
            return
        player = self.player
        self.query_one(Stage).show(player.view, self._recording.header)
        self.query_one(TimelineBar).show_at(player.timeline, player.position)
        state = "▶ Playing" if player.playing else "‖ Paused"
        text = Content.assemble(
            (f"{state:<10}", "bold $accent"),
            (f"{clock(player.position)} of {clock(player.length)}", "bold"),
            (f"   {player.speed:g}×", ""),
            (f"   {self._heard()}", "$faint"),
        )
        self.query_one("#position", Panel).show_if(text.plain, lambda: text)

    def _heard(self) -> str:
        """What there is to hear, or why there is nothing."""
        problem = self._silence or (self._sound.problem if self._sound is not None else "")
        if problem:
            return f"silent: {safe(problem)}"
        if self._sound is None:
            return "looking for a loudspeaker…"
        if self._muted:
            return "sound off"
        return "sound" if self.player.speed <= AUDIBLE else f"silent above {AUDIBLE:g}×"

    def on_resize(self) -> None:
        """The timeline is as wide as the screen."""
        self.call_after_refresh(self.show)

    def on_timeline_bar_sought(self, message: TimelineBar.Sought) -> None:
        """A click on the timeline."""
        self._go(round(message.share * self.player.length))

    def _go(self, at: int) -> None:
        """Seek, the sound with the picture."""
        self.player.seek(at)
        self._resound()
        self.show()

    def action_play(self) -> None:
        """Play or pause."""
        self.player.toggle()
        self._resound()
        self.show()

    def action_sound(self) -> None:
        """Mute, or not."""
        self._muted = not self._muted
        self._resound()
        self.show()

    def action_skip(self, seconds: int) -> None:
        """Move by seconds."""
        self._go(self.player.position + samples(seconds))

    def action_seek(self, share: float) -> None:
        """Move to a share of the session."""
        self._go(round(share * self.player.length))

    def action_jump(self, kind: str, other: str, forward: bool) -> None:
        """Move to a landmark."""
        kinds = [k for k in (kind, other) if k]
        if not self.player.jump(*kinds, forward=forward):  # type: ignore[arg-type]
            self.tell(f"There is no {kind.replace('followup', 'follow-up')} in that direction.")
        self._resound()
        self.show()

    def action_speed(self, steps: int) -> None:
        """Change the speed."""
        self.player.faster(steps)
        self._resound()
        self.show()

    def action_focus_mode(self) -> None:
        """Hide all feedback, or show it again."""
        stage = self.query_one(Stage)
        stage.focus_mode = not stage.focus_mode
        self.show()
