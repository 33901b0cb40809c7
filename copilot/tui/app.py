"""The program on the screen: themes, the command palette, and a way out that saves everything."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from rich.text import Text
from textual.app import App, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen

from copilot.core.port import SessionPort
from copilot.errors import CopilotError
from copilot.tui.backend import Backend, Look
from copilot.tui.text import safe
from copilot.tui.themes import THEMES


def _help() -> Screen[Any]:
    from copilot.tui.screens.dialogs import HelpDialog

    return HelpDialog()


class CopilotApp(App[None]):
    """All screens. What they need from outside is in `backend`."""

    TITLE = "interview-copilot"
    CSS_PATH = "copilot.tcss"
    ENABLE_COMMAND_PALETTE = True
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {"help": _help}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "Quit the program", show=False, priority=True),
        Binding("ctrl+c", "quit", "Quit the program", show=False),
        Binding("ctrl+z", "suspend_process", "To the background", show=False),
        Binding("ctrl+t", "next_theme", "Next theme", show=False),
    ]

    def __init__(self, backend: Backend) -> None:
        super().__init__()
        self.backend = backend
        self.look = Look()
        for theme in THEMES.values():
            self.register_theme(theme)

    def on_mount(self) -> None:
        """Take the look that was chosen last and show the home screen."""
        from copilot.tui.screens.home import HomeScreen

        self.apply_look(self.backend.look())
        self._save_when_ended()
        self.push_screen(HomeScreen())

    # --- the look ---

    def apply_look(self, look: Look) -> None:
        """Show it at once."""
        self.look = look
        self.theme = THEMES[look.theme].name
        still = not look.motion or os.environ.get("TEXTUAL_ANIMATIONS") == "none"
        self.animation_level = "none" if still else "full"

    def change_look(self, look: Look) -> None:
        """Show it, and remember it where the settings can be written."""
        self.apply_look(look)
        self._try_to(lambda: self.backend.set_look(look))

    def never_welcome_again(self) -> None:
        """The first steps were offered."""
        self._try_to(self.backend.welcomed)

    def _try_to(self, write: Callable[[], None]) -> None:
        try:
            write()
        except CopilotError as error:
            text = safe(f"{error.message} {error.hint}".strip())
            self.notify(text, severity="error", timeout=10, markup=False)

    def action_next_theme(self) -> None:
        """Dark, light, high contrast, and round again."""
        names = list(THEMES)
        following = names[(names.index(self.look.theme) + 1) % len(names)]
        self.change_look(Look(following, self.look.motion))  # type: ignore[arg-type]

    # --- the palette ---

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Every action of the screen, and the places to go to."""
        from copilot.tui.screens.dialogs import actions_of

        for action, key, text in actions_of(screen):

            async def act(action: str = action) -> None:
                await self.run_action(action, default_namespace=screen)

            yield SystemCommand(text, f"Key {key}", act)
        for name, theme in (("dark", "Dark"), ("light", "Light"), ("contrast", "High contrast")):

            def wear(name: str = name) -> None:
                self.change_look(Look(name, self.look.motion))  # type: ignore[arg-type]

            yield SystemCommand(f"{theme} theme", "Change the colours", wear)

    # --- the way out ---

    def _save_when_ended(self) -> None:
        """A closed terminal or a polite kill ends the session as the quit key does."""
        loop = asyncio.get_running_loop()
        for name in ("SIGHUP", "SIGTERM"):
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):
                    loop.add_signal_handler(number, self._told_to_end)

    def _told_to_end(self) -> None:
        self.run_worker(self._quit_unseen(), exit_on_error=False)

    async def _quit_unseen(self) -> None:
        """Quit without drawing meanwhile.

        A terminal that is gone takes no frames: a few dozen fill the driver's queue, and the
        program would wait for ever to add the next.
        """
        with self.batch_update():
            await self.action_quit()

    async def action_quit(self) -> None:
        """End and save a running session, then leave."""
        for port in self._sessions():
            await asyncio.to_thread(port.stop)
        self.exit()

    def _sessions(self) -> list[SessionPort]:
        """Sessions that are running."""
        from copilot.tui.screens.interview import InterviewScreen

        screens = [screen for screen in self.screen_stack if isinstance(screen, InterviewScreen)]
        return [screen.port for screen in screens if screen.port is not None]

    def _fatal_error(self) -> None:
        """A fault of ours: save, say so in a sentence. Textual would print everybody's words."""
        error = self._exception or RuntimeError("unknown")
        for port in self._sessions():
            port.stop()
        place = self.backend.note_crash(error)
        self.panic(
            Text(
                f"interview-copilot: The screens failed ({type(error).__name__}). What was recorded"
                f" is saved. {place} says where it happened, without anybody's words."
            )
        )
