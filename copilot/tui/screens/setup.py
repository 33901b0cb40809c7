"""Before a session: what is asked, how hard, and how it is answered."""

from __future__ import annotations

from typing import ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Select

from copilot.reasoning.types import Question
from copilot.tui.backend import Choice, Microphone, Practice, Suggested
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import lines, safe, styled, words_of
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel

LEVELS = ("junior", "mid", "senior")
MINUTES = (20, 30, 45)
"""Of a whole interview, which begins easily, has a break when it is long and a closing."""
COUNTS = (2, 3, 4, 5, 6, 8)
_AS_SET = ("As in the settings", "")
_MODES = (("Real: no notes, no hints", "real"), ("Study: notes may be looked up", "study"))


class SetupScreen(BackScreen):
    """Choose theme, level, pressure, interviewer, mode and how to answer."""

    HELP = "Tab goes from field to field, Enter opens one, Ctrl+S starts."

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "start", "Start"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self, *, mock: bool, question: Question | None = None) -> None:
        """`question`: practise this one; else choose."""
        super().__init__()
        self._mock = mock
        self._question = question

    def compose(self) -> ComposeResult:
        """Fields under one another, a button below."""
        title = "Mock interview" if self._mock else "Practise one question"
        yield Panel(styled(title, "bold $primary"), id="title")
        with VerticalScroll(id="form", can_focus=False):
            if self._question is not None:
                yield Panel(
                    lines(styled(self._question.text, "bold"),
                          styled(words_of(self._question.theme), "$faint")),
                    classes="block",
                )  # fmt: skip
            else:
                if not self._mock:
                    yield from _field("Question", "question", [("By theme and level", "")])
                yield from _field("Theme", "theme", [("Any theme", "")])
                yield from _field(
                    "Level", "level", [("Any level", ""), *((v.capitalize(), v) for v in LEVELS)]
                )
            if self._mock:
                timed = [(f"{n} minutes, a whole interview", f"{n} minutes") for n in MINUTES]
                counts = [(f"{n} questions", str(n)) for n in COUNTS]
                yield from _field("Length", "count", [*timed, *counts], timed[0][1])
            yield from _field("Pressure", "pressure", [_AS_SET])
            yield from _field("Interviewer", "persona", [_AS_SET])
            yield from _field("Mode", "mode", [_AS_SET, *_MODES])
            answers = [("Type my answers", "typing")]
            yield from _field("Answer", "answer", answers, "typing")
            yield Panel(styled("Looking for a microphone…", "$faint"), id="advice")
            with Horizontal(classes="buttons"):
                yield Button("Start", id="start", variant="primary", compact=True)
        yield KeyLine()

    def on_mount(self) -> None:
        """Fill in what has to be looked up."""
        backend = self.copilot.backend
        self.query(Select).first().focus()
        self.in_background(backend.microphone, self._heard_of_microphone, group="microphone")
        if self._question is None and not self._mock:
            self.in_background(
                lambda: (*backend.suggestions(), *backend.investigations()),
                self._suggested,
                group="suggestions",
            )
        self.in_background(lambda: (backend.pressures(), backend.personas()), self._loaded)
        if self._question is None:
            self.in_background(backend.questions, self._know_questions, group="questions")

    def _suggested(self, found: tuple[Suggested, ...]) -> None:
        offers = [(f"{each.reason.capitalize()}: {safe(each.text)}", each.question)
                  for each in found]  # fmt: skip
        self._fill("question", [("By theme and level", ""), *offers])

    def _know_questions(self, questions: tuple[Question, ...]) -> None:
        themes = sorted({question.theme for question in questions})
        self._fill("theme", [("Any theme", ""), *((words_of(t), t) for t in themes)])

    def _loaded(self, found: tuple[tuple[Choice, ...], tuple[Choice, ...]]) -> None:
        for name, choices in zip(("pressure", "persona"), found, strict=True):
            known = [(safe(each.label or each.value), each.value) for each in choices]
            self._fill(name, [_AS_SET, *known])

    def _fill(self, name: str, options: list[tuple[str, str]]) -> None:
        select = cast("Select[str]", self.query_one(f"#{name}", Select))
        chosen = select.value
        select.set_options([(Content(text), value) for text, value in options])
        select.value = chosen

    def _heard_of_microphone(self, found: Microphone) -> None:
        advice = self.query_one("#advice", Panel)
        if found.name:
            self._fill("answer", [(f"Aloud: {safe(found.name)}", "microphone"),
                                  ("Type my answers", "typing")])  # fmt: skip
            self.query_one("#answer", Select).value = "microphone"
            advice.show(styled("Headphones let you interrupt the interviewer.", "$faint"))
        else:
            advice.show(styled(f"! {found.problem} You can type your answers.", "$warning"))

    def _value(self, name: str) -> str:
        found = self.query(f"#{name}")
        return str(cast("Select[str]", found.first(Select)).value) if found else ""

    def on_button_pressed(self, _: Button.Pressed) -> None:
        """The start button."""
        self.action_start()

    def action_start(self) -> None:
        """Begin."""
        from copilot.tui.screens.interview import InterviewScreen

        length, _, timed = self._value("count").partition(" ")
        wished = self._question.id if self._question is not None else self._value("question")
        wanted = Practice(
            answered_by="microphone" if self._value("answer") == "microphone" else "typing",
            questions=(wished,) if wished else (),
            theme=self._value("theme"),
            level=self._value("level"),
            count=int(length) if self._mock and not timed else 1,
            minutes=int(length) if timed else 0,
            pressure=self._value("pressure"),
            persona=self._value("persona"),
            study={"real": False, "study": True}.get(self._value("mode")),
        )
        backend = self.copilot.backend
        self.app.switch_screen(InterviewScreen(lambda: backend.practise(wanted)))


def _field(label: str, name: str, options: list[tuple[str, str]], value: str = "") -> ComposeResult:
    with Horizontal(classes="field"):
        yield Panel(styled(label, "bold"), classes="label")
        yield Select(
            [(Content(text), key) for text, key in options],
            value=value,
            allow_blank=False,
            id=name,
            compact=True,
        )
