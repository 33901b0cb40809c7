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
from copilot.tui.backend import Microphone, SessionRow, Setting
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
        "practise", "1", "Practise one question",
        "One question, chosen by theme and level, with follow-ups on what you say.",
    ),
    Entry(
        "mock", "2", "Mock interview",
        "Several questions in a row, under a pressure of your choice.",
    ),
    Entry(
        "recorded", "3", "Recorded interview",
        "Watch a whole interview that bundled recordings answer. It needs no microphone, no"
        " network and no key.",
    ),
    Entry(
        "sessions", "4", "Sessions and progress",
        "What you have recorded: debriefs, replays, trends.",
    ),
    Entry("replay", "5", "Replay the last session", "The last interview, as it was on the screen."),
    Entry("bank", "6", "Question bank", "Browse the questions; practise any of them."),
    Entry("settings", "7", "Settings", "Recogniser, voice, interviewer, colours."),
)  # fmt: skip


class HomeScreen(BaseScreen):
    """The first screen."""

    HELP = "Choose with the arrow keys and Enter, or press the number."

    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(e.key, f"go('{e.id}')", e.title, show=False) for e in MENU),
        Binding("enter", "chosen", "Choose", priority=True),
        Binding("q", "app.quit", "Quit"),
        HELP_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._microphone: Microphone | None = None
        self._last: SessionRow | None = None
        self._count = 0
        self._settings: dict[str, str] = {}
        self._suggested = False

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
            lambda: (backend.sessions(), backend.settings()), self._known, group="lists"
        )
        self.in_background(backend.microphone, self._heard_of_microphone, group="microphone")

    def _known(self, found: tuple[tuple[SessionRow, ...], tuple[Setting, ...]]) -> None:
        sessions, settings = found
        self._last = sessions[0] if sessions else None
        self._count = len(sessions)
        self._settings = {setting.key: setting.value for setting in settings}
        self._show_machine()

    def _heard_of_microphone(self, found: Microphone) -> None:
        self._microphone = found
        menu = self.query_one("#menu", OptionList)
        if not found.name and not self._suggested and menu.highlighted in (None, 0):
            menu.highlighted = next(i for i, entry in enumerate(MENU) if entry.id == "recorded")
        self._suggested = True
        self._show_machine()

    def _show_machine(self) -> None:
        facts = [_microphone(self._microphone)]
        if self._settings:
            names = ("stt", "voice", "followups")
            engines = ", ".join(self._settings.get(name, "") for name in names)
            facts.append(Fact("●", "$success", "Engines", engines))
            remote = "remote" in engines or "llm" in engines
            facts.append(
                Fact("⇡", "$warning", "Privacy", "some engines are remote: see the settings")
                if remote
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
        entry = next(entry for entry in MENU if entry.id == event.option.id)
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
        from copilot.tui.screens import bank, recorded, sessions, settings, setup

        match where:
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
