"""Looking back: what was asked and why, what was said, how clearly, with the evidence."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from copilot.core.clock import Span
from copilot.core.debrief import Exchange, QuestionReview
from copilot.core.view import SessionView, TurnView
from copilot.errors import CopilotError
from copilot.reasoning.types import Question
from copilot.tui.backend import Looked, Outlook
from copilot.tui.moments import Moment, strongest, weakest
from copilot.tui.screens.base import BACK_KEY, HELP_KEY, BackScreen
from copilot.tui.text import safe, styled
from copilot.tui.widgets.keyline import KeyLine
from copilot.tui.widgets.panel import Panel
from copilot.tui.widgets.review import (
    STRONGEST,
    WEAKEST,
    Reading,
    labelled,
    overview,
    reading,
)

_PLOT = 72
"""Cells of a plot, at most."""
_HEAR = Binding.Group("Hear", compact=True)
_READ = Binding.Group("Read", compact=True)


class DebriefScreen(BackScreen):
    """The debrief of one session."""

    HELP = (
        "The list on the left holds the overview and every exchange; j and k read on in the right"
        " half. 1 and 2 play the strongest and the weakest moment, Listen the whole answer. Replay"
        " begins at the exchange that is highlighted, Again practises its question once more and"
        " then compares. Delivery is coaching, never the headline: reasoning comes first."
    )
    SHOWS_MARKS = True

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "replay", "Replay"),
        Binding("l", "listen", "Listen"),
        Binding(STRONGEST, f"moment('{STRONGEST}')", "Strongest moment", group=_HEAR),
        Binding(WEAKEST, f"moment('{WEAKEST}')", "Weakest moment", group=_HEAR),
        Binding("a", "again", "Again"),
        Binding("e", "export", "Export"),
        Binding("j,pagedown", "scroll(1)", "Read on", key_display="j", group=_READ),
        Binding("k,pageup", "scroll(-1)", "Read back", key_display="k", group=_READ),
        Binding("h", "home", "Home"),
        HELP_KEY,
        BACK_KEY,
    ]

    def __init__(self, session: str, *, fresh: bool = False) -> None:
        """`fresh`: the session has just ended."""
        super().__init__()
        self._session = session
        self._fresh = fresh
        self._looked: Looked | None = None
        self._outlook: Outlook | None = None
        self._moments: dict[str, Moment] = {}
        self._turns: dict[int, TurnView] = {}
        self._rows: list[tuple[str, QuestionReview, Exchange]] = []

    def compose(self) -> ComposeResult:
        """List and details."""
        title = "Debrief" if not self._fresh else "The interview is over and saved. Your debrief"
        yield Panel(styled(title, "bold $primary"), id="title")
        with Horizontal(id="debrief"):
            yield OptionList(id="exchanges", markup=False)
            with VerticalScroll(id="reading", can_focus=False):
                yield Panel(styled("Reading the log…", "$faint"), id="detail")
                with Horizontal(id="beside"):
                    yield Panel(id="own")
                    yield Panel(id="sample")
                yield Panel(id="measured")
        yield KeyLine()

    def on_mount(self) -> None:
        """Fold the log on a thread."""
        backend = self.copilot.backend
        self.query_one("#exchanges", OptionList).focus()
        self.in_background(
            lambda: _read(backend.look_back(self._session)), self._loaded, self._unreadable
        )
        self.in_background(
            lambda: backend.outlook(self._session), self._among_others, self._alone, group="outlook"
        )

    def _unreadable(self, error: CopilotError) -> None:
        self.complain(error)
        self.app.pop_screen()

    def _loaded(self, found: tuple[Looked, dict[int, TurnView]]) -> None:
        looked, self._turns = found
        self._looked = looked
        made = looked.debrief
        self._rows = labelled(made)
        rows = [(label, exchange) for label, _, exchange in self._rows]
        for key, moment in (
            (STRONGEST, strongest(made, rows, self._turns)),
            (WEAKEST, weakest(made, rows, self._turns)),
        ):
            if moment is not None:
                self._moments[key] = moment
        self.call_after_refresh(self._fill)

    def _among_others(self, found: Outlook) -> None:
        self._outlook = found
        if self._looked is not None and self._chosen is None:
            self._show()

    def _alone(self, _: CopilotError) -> None:
        """Without its past the debrief is still a debrief; a broken log has been told already."""

    def _fill(self) -> None:
        """The list, a line an exchange, as wide as there is room."""
        menu = self.query_one("#exchanges", OptionList)
        highlighted = menu.highlighted
        options = [Option(styled("Overview", "bold"), id="overview")]
        for index, (name, _, exchange) in enumerate(self._rows):
            indent = "" if exchange.role == "question" else "  "
            text = Content.assemble((f"{indent}{name}  ", "$accent"), safe(exchange.asked))
            cut = text.truncate(max(8, menu.size.width - 5), ellipsis=True)
            options.append(Option(cut, id=str(index)))
        menu.clear_options()
        menu.add_options(options)
        menu.highlighted = highlighted or 0

    def on_resize(self) -> None:
        """The list may be wider or narrower."""
        if self._looked is not None:
            self.call_after_refresh(self._fill)

    @property
    def _chosen(self) -> tuple[str, QuestionReview, Exchange] | None:
        highlighted = self.query_one("#exchanges", OptionList).highlighted
        return self._rows[highlighted - 1] if highlighted else None

    def on_option_list_option_highlighted(self, _: OptionList.OptionHighlighted) -> None:
        """Show what is highlighted."""
        if self._looked is None:
            return
        self._show()
        self.query_one("#reading", VerticalScroll).scroll_home(animate=False)

    def _show(self) -> None:
        """Lay out the overview, or the exchange that is highlighted."""
        assert self._looked is not None
        chosen = self._chosen
        if chosen is None:
            width = min(_PLOT, max(10, self.query_one("#detail", Panel).content_size.width))
            moments = list(self._moments.items())
            text = overview(self._looked, moments, self._outlook, width)
            parts = Reading(text, Content(""), Content(""), Content(""))
        else:
            parts = reading(*chosen, self._turns.get(chosen[2].turn))
        for name, content in zip(("detail", "own", "sample", "measured"), parts, strict=True):
            panel = self.query_one(f"#{name}", Panel)
            panel.display = bool(content.plain)
            panel.show(content)
        self.query_one("#beside").display = bool(parts.own.plain)

    def on_option_list_option_selected(self, _: OptionList.OptionSelected) -> None:
        """Enter reads on."""
        self.action_scroll(1)

    def action_scroll(self, direction: int) -> None:
        """Scroll the details by most of a page."""
        reading = self.query_one("#reading", VerticalScroll)
        reading.scroll_relative(y=direction * max(1, reading.size.height - 2), animate=False)

    def action_replay(self) -> None:
        """Replay from the exchange that is highlighted."""
        from copilot.tui.screens.replay import ReplayScreen

        chosen = self._chosen
        turn = self._turns.get(chosen[2].turn) if chosen is not None else None
        self.app.push_screen(ReplayScreen(self._session, turn.asked_at if turn is not None else 0))

    def action_listen(self) -> None:
        """Hear the answer that is highlighted."""
        chosen = self._chosen
        if chosen is None or chosen[2].span.length <= 0:
            self.tell("Choose an answer that was spoken.")
            return
        self._play(chosen[2].span)

    def action_moment(self, key: str) -> None:
        """Hear the strongest or the weakest moment."""
        moment = self._moments.get(key)
        if moment is None:
            which = "strong" if key == STRONGEST else "weak"
            self.tell(f"No moment of this session stands out as {which}.")
        else:
            self._play(moment.span)

    def _play(self, span: Span) -> None:
        backend = self.copilot.backend
        self.tell(f"Playing {span.seconds:.0f} s of your answer.")
        self.in_background(
            lambda: backend.play(self._session, span), lambda _: None, group="listen"
        )

    def action_again(self) -> None:
        """Practise the question that is highlighted once more."""
        from copilot.tui.screens.setup import SetupScreen

        chosen = self._chosen or (self._rows[0] if self._rows else None)
        if chosen is None:
            self.tell("Nothing was asked.")
            return
        identifier = chosen[1].id

        def found(question: Question | None) -> None:
            if question is None:
                self.tell("That question is no longer in the bank.")
            else:
                self.app.push_screen(SetupScreen(mock=False, question=question))

        backend = self.copilot.backend
        self.in_background(
            lambda: next((q for q in backend.questions() if q.id == identifier), None),
            found,
            group="again",
        )

    def action_export(self) -> None:
        """Write the debrief to a file."""
        backend = self.copilot.backend
        self.in_background(
            lambda: backend.export(self._session),
            lambda path: self.tell(f"Wrote {path}"),
            group="export",
        )

    def action_home(self) -> None:
        """Leave everything and go home."""
        while len(self.app.screen_stack) > 2:
            self.app.pop_screen()


def _read(looked: Looked) -> tuple[Looked, dict[int, TurnView]]:
    view = SessionView()
    for record in looked.recording.records:
        view.fold(record)
    return looked, {turn.number: turn for turn in view.turns}
