"""What all screens share: help, sizes, work on threads with errors told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.binding import Binding
from textual.screen import Screen
from textual.worker import Worker, get_current_worker

from copilot.errors import CopilotError
from copilot.tui.text import safe

if TYPE_CHECKING:
    from copilot.tui.app import CopilotApp

T = TypeVar("T")

HELP_KEY = Binding("question_mark", "help", "Help", key_display="?")
BACK_KEY = Binding("escape", "back", "Back")
"""Every screen ends its own list of keys with these: the footer shows them in this order."""


class BaseScreen(Screen[None]):
    """A full screen with help."""

    HELP: ClassVar[str] = ""
    """One or two sentences about the screen."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (72, "-normal"), (110, "-wide"), (170, "-vast")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-tall")]  # noqa: RUF012

    @property
    def copilot(self) -> CopilotApp:
        """The program."""
        from copilot.tui.app import CopilotApp

        assert isinstance(self.app, CopilotApp)
        return self.app

    def action_help(self) -> None:
        """Say what the keys of this screen do."""
        self.app.push_screen("help")

    def complain(self, error: CopilotError) -> None:
        """Say what went wrong and what to do."""
        self.app.notify(
            safe(f"{error.message} {error.hint}".strip()),
            severity="error",
            timeout=10,
            markup=False,
        )

    def tell(self, text: str) -> None:
        """A short remark that goes away by itself."""
        self.app.notify(safe(text), timeout=4, markup=False)

    def in_background(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[CopilotError], None] | None = None,
        group: str = "background",
    ) -> Worker[None]:
        """Run `work` on a thread; `done` or `failed` hears of it here, unless the screen is gone.

        Of each group only the latest counts.
        """

        def run() -> None:
            worker = get_current_worker()
            try:
                result: T = work()
            except CopilotError as error:
                told = cast("Callable[[object], None]", failed or self.complain)
                outcome: object = error
            else:
                told, outcome = cast("Callable[[object], None]", done), result
            if not worker.is_cancelled and self.is_attached:
                self.app.call_from_thread(told, outcome)

        return self.run_worker(run, thread=True, exclusive=True, group=group, exit_on_error=True)


class BackScreen(BaseScreen):
    """A screen that is left by Escape."""

    def action_back(self) -> None:
        """Return to the screen before."""
        self.app.pop_screen()
