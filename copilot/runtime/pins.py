"""Pinned sessions: recordings that `regress` runs again. One TOML file that people can edit."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from copilot import resources, strict
from copilot.errors import UsageError
from copilot.reasoning.types import CLARIFY, EXTENSION, Verdict, Weakness
from copilot.runtime.store import saying_disk_errors, write_whole

KINDS = (*(str(kind) for kind in Weakness), EXTENSION, CLARIFY)
_HEAD = """\
# Sessions that `interview-copilot regress` runs again. Edit as you like (comments are not kept).
# verdict and kind are of the first answer, else as recorded; wer, probes and score are tolerances.
"""


class Expect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pinned session has to give. What is left out has to be as it was recorded."""

    verdict: str = ""
    """Of the first answer: `weak`, `ok` or `insufficient`."""
    kind: str = ""
    """Of the first follow-up to the first answer; `none` for no follow-up."""
    wer: float = 0.1
    """Largest share of words that may differ from the recorded transcript, 0 to 1."""
    probes: float = 0.34
    """Largest share of answers whose first follow-up may be of another kind, 0 to 1."""
    score: float = 0.15
    """Largest relative change of a clarity score; beyond it, a change of its band counts."""

    def __post_init__(self) -> None:
        """Refuse what no run could give."""
        if self.verdict and self.verdict not in list(Verdict):
            raise ValueError(f"verdict must be one of {', '.join(Verdict)}")
        if self.kind and self.kind not in (*KINDS, "none"):
            raise ValueError(f"kind must be one of {', '.join(KINDS)} or none")
        if not (0 <= self.wer <= 1 and 0 <= self.probes <= 1 and 0 <= self.score <= 10):
            raise ValueError("wer and probes must be 0 to 1 and score 0 to 10")


class Pin(msgspec.Struct, frozen=True):
    """One pinned session."""

    session: str
    expect: Expect = Expect()


class _Table(Expect, frozen=True, forbid_unknown_fields=True, kw_only=True):
    session: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pin: tuple[_Table, ...] = ()


def pins_file() -> Path:
    """Where the pins are kept."""
    return resources.home() / "pins.toml"


def read_pins() -> tuple[Pin, ...]:
    """All pins; raises `BadInput` naming file, line and the nearest key."""
    if not pins_file().exists():
        return ()
    return tuple(
        Pin(table.session, Expect(*(getattr(table, name) for name in Expect.__struct_fields__)))
        for table in strict.load(pins_file(), _File).pin
    )


def pin(session: str, expect: Expect) -> None:
    """Pin a session, or change what is expected of it."""
    kept = [known for known in read_pins() if known.session != session]
    _write([*kept, Pin(session, expect)])


def unpin(session: str) -> bool:
    """Forget a pin; says whether there was one."""
    known = read_pins()
    kept = [pin for pin in known if pin.session != session]
    if len(kept) == len(known):
        return False
    _write(kept)
    return True


def parse_expect(pairs: list[str]) -> Expect:
    """`key=value` pairs of the command line. Raises `UsageError`."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        if not sign or key not in Expect.__struct_fields__:
            raise UsageError(
                f"{pair!r} is no expectation.",
                f"Say one of {', '.join(f'{k}=…' for k in Expect.__struct_fields__)}.",
            )
        values[key] = value
    try:
        return msgspec.convert(values, Expect, strict=False)
    except msgspec.ValidationError as error:
        said = re.sub(r" - at `.*`$", "", str(error))
        raise UsageError(f"An expectation is wrong: {said}.", "Correct it.") from error


def _write(pins: list[Pin]) -> None:
    path = pins_file()
    with saying_disk_errors(path.parent):
        if not pins:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(path, "\n".join([_HEAD, *map(_table, pins)]).encode())


def _table(pin: Pin) -> str:
    """One pin as TOML, without what is left to the recording."""
    import tomli_w

    given = {key: value for key, value in msgspec.structs.asdict(pin.expect).items() if value != ""}
    return "[[pin]]\n" + tomli_w.dumps({"session": pin.session, **given})
