"""Settings: what the command line has, and how the screen looks. Saved as they are changed."""

from __future__ import annotations

from typing import ClassVar, Literal, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from copilot.errors import CopilotError
from copilot.tui.backend import Look, Setting
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.screens.dialogs import AskDialog, PickDialog
from copilot.tui.text import lines, safe, styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel

_LABEL = 15
"""Columns of a setting's name."""


class SettingsScreen(BackScreen):
    """One line a setting, beside what there is to say of it."""

    HELP = (
        "Enter changes the highlighted setting; switches turn over at once. Everything is saved to"
        " the configuration file that the command line reads. Keys of servers are never saved."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change", "Change", priority=True),
        Binding("c", "check", "Check devices", tooltip="Plays a short sound and listens for it"),
        Binding("m", "models", "Models"),
        Binding("w", "welcome", "First steps"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self) -> None:
        super().__init__()
        self._settings: dict[str, Setting] = {}
        self._checked: Content | None = None
        """What the check of the devices found."""
        self._stale = True
        """Whether another screen may have changed something."""

    def compose(self) -> ComposeResult:
        """A list beside what is said of the line that is highlighted."""
        yield Panel(styled("Settings", "bold $primary"), id="title")
        with Horizontal(id="settings"):
            yield OptionList(id="list", markup=False)
            with VerticalScroll(id="reading", can_focus=False):
                yield Panel(styled("Looking for devices…", "$faint"), id="detail")
        yield KeyLine()

    def on_mount(self) -> None:
        """Put the keyboard on the list."""
        self.query_one("#list", OptionList).focus()

    def on_screen_resume(self) -> None:
        """Look up what is set, on a thread; not after a dialog, whose answer is being saved."""
        if not self._stale:
            return
        self._stale = False
        self.in_background(self.copilot.backend.settings, self._loaded, group="settings")

    def _loaded(self, settings: tuple[Setting, ...]) -> None:
        menu = self.query_one("#list", OptionList)
        at = menu.highlighted
        self._settings = {setting.key: setting for setting in settings}
        options: list[Option] = []
        group = ""
        for setting in settings:
            if setting.group != group:
                group = setting.group
                options.append(Option(styled(group, "bold $primary"), disabled=True))
            options.append(Option(_line(setting), id=setting.key))
        menu.clear_options()
        menu.add_options(options)
        menu.highlighted = at if at is not None else 1
        self._show_detail()

    @property
    def _chosen(self) -> Setting | None:
        option = self.query_one("#list", OptionList).highlighted_option
        return self._settings.get(option.id or "") if option is not None else None

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        """Describe the line."""
        self._show_detail()

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        """A click on a line."""
        self.action_change()

    def _show_detail(self) -> None:
        setting = self._chosen
        parts: list[Content | str] = []
        if setting is not None:
            parts += [styled(setting.label, "bold"), styled(setting.note, "$secondary"), ""]
            others = [each.label or each.value for each in setting.choices]
            if others:
                parts += [styled(f"Can be: {', '.join(others)}", "$faint"), ""]
        if self._checked is not None:
            parts.append(self._checked)
        self.query_one("#detail", Panel).show(lines(*parts))

    # --- what the keys do ---

    def action_change(self) -> None:
        """Turn a switch over, or ask what it is to be."""
        setting = self._chosen
        if setting is None:
            return
        if {choice.value for choice in setting.choices} == {"on", "off"}:
            self._save(setting, "off" if setting.value == "on" else "on")
            return

        def decided(value: str | None) -> None:
            if value is not None and value != setting.value:
                self._save(setting, value)

        self.app.push_screen(
            PickDialog(setting.label, setting.choices, setting.value)
            if setting.choices
            else AskDialog(setting.label, setting.note, setting.value),
            decided,
        )

    def _save(self, setting: Setting, value: str) -> None:
        backend = self.copilot.backend

        def save() -> tuple[Setting, ...]:
            backend.change(setting.key, value)
            return backend.settings()

        def saved(settings: tuple[Setting, ...]) -> None:
            self._loaded(settings)
            self.copilot.apply_look(self._look())
            shown = next((c.label for c in setting.choices if c.value == value), "") or value
            self.tell(f"Saved: {setting.label} is {shown or 'empty'}.")

        self.in_background(save, saved, group="settings")

    def _look(self) -> Look:
        theme, motion = self._settings.get("theme"), self._settings.get("motion")
        look = self.copilot.look
        return Look(
            cast("Literal['dark', 'light', 'contrast']", theme.value if theme else look.theme),
            motion.value == "on" if motion else look.motion,
        )

    def action_check(self) -> None:
        """Do the devices work, and may one interrupt by speaking?"""
        self._checked = styled("Listening: a short sound is played. Please be quiet…", "$accent")
        self._show_detail()
        backend = self.copilot.backend
        self.in_background(backend.check_devices, self._found, self._failed, group="devices")

    def _found(self, sentences: tuple[str, ...]) -> None:
        head = styled("Your devices", "bold $primary")
        self._checked = lines(head, *(styled(f"· {sentence}") for sentence in sentences))
        self._show_detail()
        self.in_background(self.copilot.backend.settings, self._loaded, group="settings")

    def _failed(self, error: CopilotError) -> None:
        self._checked = styled(f"! {error.message} {error.hint}", "$warning")
        self._show_detail()

    def action_models(self) -> None:
        """Choose or fetch a model."""
        from copilot.tui.screens.models import ModelsScreen

        self._stale = True
        self.app.push_screen(ModelsScreen())

    def action_welcome(self) -> None:
        """The first steps again."""
        from copilot.tui.screens.welcome import WelcomeScreen

        self._stale = True
        self.app.push_screen(WelcomeScreen())


def _line(setting: Setting) -> Content:
    shown = next((c.label for c in setting.choices if c.value == setting.value), "")
    value = safe(shown or setting.value)
    return Content.assemble(
        (f"  {safe(setting.label):<{_LABEL}}", "$secondary"),
        (value, "") if value else ("—", "$faint"),
    )
