"""Who of the interviewers speaks, and with which words around the question."""

from __future__ import annotations

from copilot.core.interview import Interview
from copilot.core.persona import Lines, Persona
from copilot.core.settings import Settings
from copilot.core.turn import Turn
from copilot.reasoning.types import CLARIFY, EXTENSION, Followup, Verdict


class Cast:
    """Speakers by turn, lines by seed and position: nothing is left to chance."""

    def __init__(self, settings: Settings, interview: Interview) -> None:
        self._settings = settings
        self._interview = interview

    def next_speaker(self) -> Persona | None:
        """Who asks the next question or follow-up; the members of a panel take turns."""
        return self._member(len(self._interview.asked))

    def speaker(self) -> Persona | None:
        """Who asked last: remarks are theirs."""
        return self._member(max(0, len(self._interview.asked) - 1))

    def _member(self, number: int) -> Persona | None:
        members = self._settings.interviewers
        return members[number % len(members)] if members else None

    def line(self, name: str, persona: Persona | None, **slots: str) -> str:
        """One wording of the script's list `name`, the persona's own first; "" for an empty list.

        `slots` replace `{name}` in it.
        """
        lines: tuple[str, ...] = getattr(self._settings.script, name)
        if persona is not None and name in Lines.__struct_fields__:
            own: tuple[str, ...] | None = getattr(persona.lines, name)
            lines = lines if own is None else own
        if not lines:
            return ""
        text = lines[(self._settings.seed + len(self._interview.asked)) % len(lines)]
        for slot, value in slots.items():
            text = text.replace(f"{{{slot}}}", value)
        return text

    def lead(self, turn: Turn, followup: Followup | None, verdict: str) -> str:
        """What goes before the reply to `turn`, in the same breath."""
        persona, pressure = self.next_speaker(), self._settings.pressure
        if turn.ended == "rambling":
            return self.line("cut_in", persona)
        if turn.ended == "limit":
            return self.line("time_up", persona)
        if followup is None or followup.kind == CLARIFY or self._interview.investigates:
            return ""
        probes = verdict == Verdict.OK and followup.kind != EXTENSION
        if probes and pressure.scepticism == "doubting":
            return self.line("doubt", persona)
        first = self._interview.followups == 0
        if first and pressure.sharpness != "plain":
            return self.line(pressure.sharpness, persona)
        return ""


def spoken(*parts: str) -> str:
    """What is said in one breath."""
    return " ".join(part for part in parts if part)
