"""Home: what can be done, and what works on this machine."""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from copilot import __version__
from copilot.tui.backend import Machine, Microphone, SessionRow
from copilot.tui.screens.base import HELP_KEY, BaseScreen
from copilot.tui.text import lines, minutes, styled
from copilot.tui.widgets.facts import Fact, Facts
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel


class Entry(NamedTuple):
    """A line of the menu."""

    id: str
    key: str
    title: str
    about: str


MENU = (
    Entry(
        "practise",
        "1",
        "Practise one question",
        "One question, chosen by theme and level, with follow-ups on what you say.",
    ),
    Entry(
        "mock",
        "2",
        "Mock interview",
        "Several questions in a row, under a pressure of your choice.",
    ),
    Entry(
        "recorded",
        "3",
        "Recorded interview",
        "Watch a whole interview that bundled recordings answer. It needs no microphone, no"
        " network and no key.",
    ),
    Entry(
        "sessions",
        "4",
        "Sessions and progress",
        "What you have recorded: debriefs, replays, trends.",
    ),
    Entry("replay", "5", "Replay the last session", "The last interview, as it was on the screen."),
    Entry("bank", "6", "Question bank", "Browse the questions; practise any of them."),
    Entry(
        "settings",
        "7",
        "Settings",
        "Devices and their check, models, interviewer, servers, colours.",
    ),
)
FIRST_STEPS = Entry(
    "welcome",
    "0",
    "First steps",
    "Is your voice heard? Which model listens? Four short steps, each can be skipped.",
)
"""On top of the menu while nothing was recorded or set."""


class HomeScreen(BaseScreen):
    """The first screen."""

    HELP = "Choose with the arrow keys and Enter, or press the number."

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(e.key, f"go('{e.id}')", e.title, show=False) for e in (*MENU, FIRST_STEPS)),
        Binding("enter", "chosen", "Choose", priority=True),
        Binding("q", "app.quit", "Quit"),
        HELP_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._microphone: Microphone | None = None
        self._last: SessionRow | None = None
        self._count = 0
        self._machine: Machine | None = None
        self._new = False
        """Whether somebody is here for the first time."""
        self._suggested = self._welcomed = False

    def compose(self) -> ComposeResult:
        """Title, menu beside details, footer."""
        yield Panel(
            Content.assemble(
                ("interview-copilot", "bold $primary"), (f"  {__version__}", "$faint"),
                ("   spoken interviews that probe your reasoning", "$secondary"),
            ),
            id="title",
        )  # fmt: skip
        with Horizontal(id="home"):
            yield OptionList(*(_option(entry) for entry in MENU), id="menu", markup=False)
            with Vertical(id="details"):
                yield Panel(id="about")
                yield Facts([_microphone(None)], id="machine")
        yield KeyLine()

    def on_mount(self) -> None:
        """Put the keyboard on the menu."""
        self.query_one("#menu", OptionList).focus()

    def on_screen_resume(self) -> None:
        """Look again, once the screen is there: something may have been recorded or plugged in."""
        self.call_after_refresh(self._look_around)

    def _look_around(self) -> None:
        backend = self.copilot.backend
        self.in_background(
            lambda: (backend.sessions(), backend.is_new()), self._known, group="lists"
        )
        self.in_background(backend.machine, self._knows_machine, group="machine")
        self.in_background(backend.microphone, self._heard_of_microphone, group="microphone")

    def _known(self, found: tuple[tuple[SessionRow, ...], bool]) -> None:
        sessions, new = found
        self._last = sessions[0] if sessions else None
        self._count = len(sessions)
        if new != self._new:
            self._new = new
            self._fill_menu()
        self._show_machine()
        self._welcome()

    def _knows_machine(self, found: Machine) -> None:
        self._machine = found
        self._show_machine()

    def _fill_menu(self) -> None:
        """The menu, with the first steps on top for who is new."""
        menu = self.query_one("#menu", OptionList)
        at = menu.highlighted_option
        menu.clear_options()
        menu.add_options(map(_option, (FIRST_STEPS, *MENU) if self._new else MENU))
        menu.highlighted = menu.get_option_index(at.id) if at is not None and at.id else 0

    def _heard_of_microphone(self, found: Microphone) -> None:
        self._microphone = found
        menu = self.query_one("#menu", OptionList)
        if not found.name and not self._suggested and self._untouched:
            menu.highlighted = menu.get_option_index("recorded")
        self._suggested = True
        self._show_machine()
        self._welcome()

    @property
    def _untouched(self) -> bool:
        """Whether the highlight is where it was at the beginning."""
        option = self.query_one("#menu", OptionList).highlighted_option
        return option is None or option.id in (FIRST_STEPS.id, MENU[0].id)

    def _welcome(self) -> None:
        """The first steps by themselves, once: for who is new, has a microphone, has not moved."""
        if self._new and not self._welcomed and self._microphone is not None and self._untouched:
            self._welcomed = True
            if self._microphone.name and self.is_current:
                self.action_go("welcome")

    def _show_machine(self) -> None:
        facts = [_microphone(self._microphone)]
        if self._machine is not None:
            facts.append(Fact("●", "$success", "Engines", self._machine.engines))
            leaves = "; ".join(self._machine.remote)
            facts.append(
                Fact("⇡", "bold $warning", "Privacy", f"leaves this machine: {leaves}", "$warning")
                if leaves
                else Fact("⌂", "$success", "Privacy", "nothing leaves this machine")
            )
        if self._last is not None:
            length = minutes(self._last.seconds) if self._last.seconds is not None else "broke off"
            date = self._last.created[:16].replace("T", " ")
            text = f"{self._count}, the last {date} ({length})"
            facts.append(Fact("●", "$success", "Sessions", text))
        else:
            facts.append(Fact("○", "$faint", "Sessions", "none yet"))
        self.query_one("#machine", Facts).show(facts)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Describe the line of the menu."""
        entry = next(entry for entry in (FIRST_STEPS, *MENU) if entry.id == event.option.id)
        self.query_one("#about", Panel).show(
            lines(styled(entry.title, "bold $primary"), "", styled(entry.about))
        )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A line was chosen."""
        self.action_go(event.option.id or "")

    def action_chosen(self) -> None:
        """Choose the line that is highlighted."""
        self.query_one("#menu", OptionList).action_select()

    def action_go(self, where: str) -> None:
        """Open what a line of the menu names."""
        from copilot.tui.screens import bank, recorded, sessions, settings, setup, welcome

        match where:
            case "welcome":
                self.app.push_screen(welcome.WelcomeScreen())
            case "practise":
                self.app.push_screen(setup.SetupScreen(mock=False))
            case "mock":
                self.app.push_screen(setup.SetupScreen(mock=True))
            case "recorded":
                self.app.push_screen(recorded.RecordedScreen())
            case "sessions":
                self.app.push_screen(sessions.SessionsScreen())
            case "replay":
                self._replay()
            case "bank":
                self.app.push_screen(bank.BankScreen())
            case "settings":
                self.app.push_screen(settings.SettingsScreen())
            case _:
                pass

    def _replay(self) -> None:
        from copilot.tui.screens.replay import ReplayScreen

        if self._last is None:
            self.tell("There is no session yet. The recorded interview (3) makes one.")
        else:
            self.app.push_screen(ReplayScreen(self._last.id))


def _option(entry: Entry) -> Option:
    text = Content.assemble((f" {entry.key} ", "$accent"), (f" {entry.title}", ""))
    return Option(text, id=entry.id)


def _microphone(found: Microphone | None) -> Fact:
    if found is None:
        return Fact("○", "$faint", "Microphone", "looking…")
    if found.name:
        return Fact("●", "$success", "Microphone", found.name)
    advice = "The recorded interview (3) needs none; you can also type your answers."
    return Fact("!", "bold $warning", "Microphone", f"{found.problem} {advice}", "$warning")
