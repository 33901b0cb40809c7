"""Settings: what the command line has, and how the screen looks. Saved as they are changed."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Select

from copilot.tui.backend import Look, Microphone, Setting
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import safe, styled, words_of
from copilot.tui.themes import THEMES
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel


class SettingsScreen(BackScreen):
    """One field a setting."""

    HELP = "Tab goes from field to field, Enter opens one. Changes are saved at once."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "microphone", "Look for a microphone"),
        HELP_KEY,
        BACK_KEY,
    ]

    def compose(self) -> ComposeResult:
        """Device, look, then the rest once it is known."""
        yield Panel(styled("Settings", "bold $primary"), id="title")
        with VerticalScroll(id="form", can_focus=False):
            yield Panel(styled("Looking for a microphone…", "$faint"), id="advice")
            look = self.copilot.look
            yield from _row(
                Setting("look-theme", "Colours", look.theme, tuple(THEMES), "also Ctrl+T")
            )
            yield from _row(
                Setting("look-motion", "Motion", "on" if look.motion else "off", ("on", "off"))
            )
        yield KeyLine()

    def on_mount(self) -> None:
        """Look up what is set, on a thread."""
        self.query(Select).first().focus()
        self.in_background(self.copilot.backend.settings, self._loaded)
        self.action_microphone()

    def action_microphone(self) -> None:
        """Look for a microphone (again)."""
        self.in_background(self.copilot.backend.microphone, self._heard_of, group="microphone")

    def _heard_of(self, found: Microphone) -> None:
        text = (
            styled(f"● Microphone: {found.name}", "$success")
            if found.name
            else styled(f"! {found.problem} {found.hint}", "$warning")
        )
        self.query_one("#advice", Panel).show(text)

    def _loaded(self, settings: tuple[Setting, ...]) -> None:
        form = self.query_one("#form")
        for setting in settings:
            form.mount(*_row(setting))

    def on_select_changed(self, event: Select.Changed) -> None:
        """A choice was made."""
        self._change(event.select.id or "", str(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """A text was entered."""
        self._change(event.input.id or "", event.value)

    def _change(self, key: str, value: str) -> None:
        look = self.copilot.look
        if key == "look-theme":
            if value != look.theme:
                self.copilot.change_look(Look(value, look.motion))  # type: ignore[arg-type]
        elif key == "look-motion":
            if (value == "on") != look.motion:
                self.copilot.change_look(Look(look.theme, value == "on"))
        else:
            self._save(key, value)

    def _save(self, key: str, value: str) -> None:
        backend = self.copilot.backend

        def save() -> bool:
            known = {setting.key: setting.value for setting in backend.settings()}
            if known.get(key) == value:
                return False
            backend.change(key, value)
            return True

        def saved(changed: bool) -> None:
            if changed:
                self.tell(f"Saved: {words_of(key)} is {value or 'empty'}.")

        self.in_background(save, saved, group=f"save-{key}")


def _row(setting: Setting) -> list[Horizontal]:
    label = Panel(styled(setting.label, "bold"), classes="label")
    note = Panel(styled(setting.note, "$faint"), classes="note")
    if setting.options:
        options = [(Content(safe(option)), option) for option in setting.options]
        field = cast(
            "Select[str] | Input",
            Select(options, value=setting.value, allow_blank=False, id=setting.key, compact=True),
        )
    else:
        field = Input(safe(setting.value), id=setting.key, compact=True, placeholder="empty")
    return [Horizontal(label, field, note, classes="field")]
