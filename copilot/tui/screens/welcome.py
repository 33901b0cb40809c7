"""First steps: is the voice heard, which model listens, headphones, how one speaks."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import ContentSwitcher, OptionList
from textual.widgets.option_list import Option
from textual.worker import Worker, get_current_worker

from copilot.errors import CopilotError
from copilot.tui.backend import Microphone, Setting, VoiceCheck
from copilot.tui.screens.base import HELP_KEY, BaseScreen
from copilot.tui.text import lines, styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.models import ModelList
from copilot.tui.widgets.panel import Panel
from copilot.tui.widgets.status import meter

STEPS = ("voice", "model", "headphones", "speaking")
_TITLES = ("Is your voice heard?", "What listens?", "Headphones?", "How you speak")

PRIVACY = (
    "Your voice is recorded, recognised and analysed on this machine, and nothing leaves it unless"
    " you choose a remote engine yourself."
)

_ABOUT = {
    "model": "Whisper writes down what you say. A larger model hears better and needs more of the"
    " machine; it is fetched once.",
    "headphones": "Does the microphone hear the interviewer?",
    "speaking": "Does any of this belong to how you speak? It only changes what is looked at, and"
    " you can change it whenever you like.",
}
_QUESTIONS = {
    "headphones": (
        ("on", "I wear headphones", "You may interrupt the interviewer by speaking."),
        ("off", "It comes from loudspeakers", "A key interrupts; Settings can check for more."),
    ),
    "speaking": (
        ("", "Nothing of this", "Pauses, fillers and intonation are part of the feedback."),
        ("stutter", "I stutter", "Pauses, fillers, restarts and intonation are left alone."),
        ("non_native", "I learned English later", "They are left alone as well."),
        ("both", "Both", "They are left alone as well."),
    ),
}
"""Value, title and meaning of what can be answered, by step."""


class WelcomeScreen(BaseScreen):
    """Four short steps, each of which can be skipped."""

    HELP = (
        "Enter goes on, Escape leaves; nothing here has to be done, and Settings leads back to it."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "OK", priority=True),
        Binding("space", "listen", "Listen", tooltip="Say a sentence"),
        Binding("x", "stop", "Stop fetching"),
        Binding("r", "recorded", "Recorded interview", tooltip="Needs no microphone"),
        Binding("right,n", "move(1)", "Next step", key_display="→"),
        Binding("left,b", "move(-1)", "Step before", key_display="←"),
        HELP_KEY,
        Binding("escape", "leave", "Skip all"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._step = 0
        self._microphone: Microphone | None = None
        self._listening: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """A heading, the step that is on, the keys."""
        yield Panel(id="title")
        with ContentSwitcher(initial=STEPS[0], id="steps"):
            with VerticalScroll(id="voice", can_focus=False):
                yield Panel(id="voice-text", classes="block")
                yield Panel(id="voice-found", classes="block")
            with VerticalScroll(id="model", can_focus=False):
                yield Panel(styled(_ABOUT["model"]), classes="block")
                yield ModelList()
            for name, choices in _QUESTIONS.items():
                with VerticalScroll(id=name, can_focus=False):
                    yield Panel(styled(_ABOUT[name]), classes="block")
                    yield OptionList(
                        *(_option(*each) for each in choices), id=f"{name}-list", markup=False
                    )
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin; look for a microphone on a thread."""
        self._show_step()
        backend = self.copilot.backend
        self.in_background(backend.microphone, self._heard_of_microphone, group="microphone")
        self.in_background(backend.settings, self._know, group="settings")

    def _know(self, settings: tuple[Setting, ...]) -> None:
        """Highlight what is set."""
        value = {setting.key: setting.value for setting in settings}
        set_ = [key for key in ("stutter", "non_native") if value.get(key) == "on"]
        speaking = "both" if len(set_) == 2 else set_[0] if set_ else ""
        for name, now in (("headphones", value.get("headphones", "")), ("speaking", speaking)):
            keys = [key for key, _, _ in _QUESTIONS[name]]
            menu = self.query_one(f"#{name}-list", OptionList)
            menu.highlighted = keys.index(now) if now in keys else 0

    # --- steps ---

    def _show_step(self) -> None:
        dots = " ".join("●" if i <= self._step else "○" for i in range(len(STEPS)))
        self.query_one("#title", Panel).show(
            Content.assemble(
                ("First steps  ", "bold $primary"), (dots, "$accent"),
                (f"  {_TITLES[self._step]}", "bold"),
            )
        )  # fmt: skip
        name = STEPS[self._step]
        self.query_one("#steps", ContentSwitcher).current = name
        if name == "voice":
            self.set_focus(None)
        else:
            self.query_one(f"#{name}-list", OptionList).focus()
        self._show_voice()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what means something in this step."""
        step = STEPS[self._step]
        if action == "listen":
            heard = self._microphone is not None and bool(self._microphone.name)
            return heard if step == "voice" else False
        if action == "stop":
            return step == "model"
        if action == "recorded":
            return step == "voice"
        if action == "move" and parameters == (-1,):
            return self._step > 0
        return True

    def action_move(self, by: int) -> None:
        """To the next step or the one before; beyond the last one home."""
        self._quiet()
        if self._step + by >= len(STEPS):
            self.action_leave()
            return
        self._step = max(0, self._step + by)
        self._show_step()

    def action_enter(self) -> None:
        """What is highlighted, then on."""
        match STEPS[self._step]:
            case "voice":
                self.action_move(1)
            case "model":
                self.query_one(ModelList).choose()
            case name:
                self.query_one(f"#{name}-list", OptionList).action_select()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Keep the answer to a question and go on."""
        key = event.option.id or ""
        if event.option_list.id == "headphones-list":
            self._keep({"headphones": key})
        elif event.option_list.id == "speaking-list":
            self._keep(
                {
                    "stutter": "on" if key in ("stutter", "both") else "off",
                    "non_native": "on" if key in ("non_native", "both") else "off",
                }
            )

    def _keep(self, values: dict[str, str]) -> None:
        backend = self.copilot.backend

        def keep() -> None:
            for key, value in values.items():
                backend.change(key, value)

        self.in_background(keep, lambda _: self.action_move(1), group="keep")

    def action_leave(self) -> None:
        """Home; these steps are not shown by themselves again."""
        self._quiet()
        self.copilot.never_welcome_again()
        self.app.pop_screen()

    def action_recorded(self) -> None:
        """An interview that needs no microphone."""
        from copilot.tui.screens.recorded import RecordedScreen

        self._quiet()
        self.copilot.never_welcome_again()
        self.app.switch_screen(RecordedScreen())

    def action_stop(self) -> None:
        """Stop fetching a model."""
        self.query_one(ModelList).stop()

    # --- the voice ---

    def _heard_of_microphone(self, found: Microphone) -> None:
        self._microphone = found
        self._show_voice()
        self.refresh_bindings()

    def _show_voice(self) -> None:
        found = self._microphone
        parts: list[Content | str] = [styled(PRIVACY), ""]
        if found is None:
            parts.append(styled("Looking for a microphone…", "$faint"))
        elif found.name:
            parts += [
                styled(f"● {found.name}", "$success"),
                "",
                styled("Press Space and say a sentence, as you would answer, for example:"),
                styled("“I would look at the data first, and then choose a metric.”", "italic"),
            ]
        else:
            parts += [
                styled(f"! {found.problem}", "$warning"),
                "",
                styled("r opens an interview that bundled recordings answer, and everything else"
                       " can be answered in writing."),
            ]  # fmt: skip
        self.query_one("#voice-text", Panel).show(lines(*parts))

    def action_listen(self) -> None:
        """Listen to a sentence."""
        backend = self.copilot.backend
        blocks = 0

        def level(now: int) -> bool:
            nonlocal blocks
            worker = get_current_worker()
            blocks += 1
            # A meter need not move more often than fifteen times a second.
            if blocks % 2 == 0 and not worker.is_cancelled and self.is_attached:
                self.app.call_from_thread(self._show_level, now)
            return not worker.is_cancelled

        self._found(styled("Opening the microphone…", "$faint"))
        self._listening = self.in_background(
            lambda: backend.check_voice(level), self._show_check, self._no_check, group="voice"
        )

    def _quiet(self) -> None:
        if self._listening is not None:
            self._listening.cancel()

    def _found(self, content: Content) -> None:
        self.query_one("#voice-found", Panel).show(content)

    def _show_level(self, level: int) -> None:
        self._found(
            Content.assemble(("● Listening  ", "bold $success"), (meter(level), "$success"),
                             (f"  {level} dBFS", "$faint"))
        )  # fmt: skip

    def _show_check(self, check: VoiceCheck) -> None:
        parts: list[Content | str] = []
        if check.heard:
            parts.append(
                Content.assemble(("✓ Heard: ", "bold $success"), styled(f"“{check.heard}”"))
            )
        parts += [styled(f"! {sentence}", "$warning") for sentence in check.advice]
        parts.append(styled(f"{check.engine}, speech at {check.peak} dBFS", "$faint"))
        parts += ["", styled("Enter goes on; Space listens again.", "$secondary")]
        self._found(lines(*parts))

    def _no_check(self, error: CopilotError) -> None:
        self._found(styled(f"! {error.message} {error.hint}".strip(), "$warning"))


def _option(key: str, title: str, about: str) -> Option:
    return Option(lines(styled(title, "bold"), styled(about, "$secondary"), ""), id=key)
