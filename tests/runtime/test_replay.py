"""`sessions verify`: what it accepts, and that it notices every change to a log."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from copilot.core import codec
from copilot.core.clock import BLOCK, samples
from copilot.runtime.replay import rederive, verify
from copilot.runtime.store import EVENTS, RecordedSession
from copilot.runtime.virtual import Latency
from tests.runtime.studio import Studio


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> RecordedSession:
    return Studio(tmp_path_factory.mktemp("studio"), latency=Latency("fixed", samples(0.2))).run()


@pytest.fixture(scope="module")
def lines(recorded: RecordedSession) -> list[bytes]:
    return (recorded.folder / EVENTS).read_bytes().splitlines(keepends=True)


@pytest.fixture
def copied(recorded: RecordedSession, tmp_path: Path) -> RecordedSession:
    """A session to spoil."""
    return RecordedSession(Path(shutil.copytree(recorded.folder, tmp_path / recorded.id)))


@pytest.fixture(scope="module")
def spoiled(recorded: RecordedSession, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another one, whose log a property test writes again and again."""
    return Path(shutil.copytree(recorded.folder, tmp_path_factory.mktemp("spoiled") / recorded.id))


def test_a_recorded_session_is_fine(recorded: RecordedSession) -> None:
    found = verify(recorded)
    assert found.ok, found.problems
    assert found.problems == ()
    assert found.notes == ()
    assert found.seconds > 20


def test_the_log_rederives_byte_for_byte(recorded: RecordedSession, lines: list[bytes]) -> None:
    records, _ = recorded.records()
    assert [codec.encode(r) for r in rederive(recorded.header, records)] == lines


def test_two_runs_with_fixed_latency_are_the_same(
    tmp_path: Path, recorded: RecordedSession, lines: list[bytes]
) -> None:
    again = Studio(tmp_path, latency=Latency("fixed", samples(0.2))).run()
    assert (again.folder / EVENTS).read_bytes().splitlines(keepends=True) == lines
    assert again.audio.read_bytes() == recorded.audio.read_bytes()


Tamper = tuple[str, float, float]
"""What is done, and to which lines, as shares of the log."""

_shares = st.floats(0, 1, exclude_max=True)


@given(tamper=st.tuples(st.sampled_from(["change", "drop", "duplicate", "swap"]), _shares, _shares))
@example(tamper=("drop", 0.0, 0.0))
@example(tamper=("duplicate", 0.999, 0.0))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_change_to_the_log_is_noticed(
    spoiled: Path, lines: list[bytes], tamper: Tamper
) -> None:
    changed = _tampered(list(lines), tamper)
    if changed == lines:
        return
    (spoiled / EVENTS).write_bytes(b"".join(changed))
    assert not verify(RecordedSession(spoiled)).ok


def _tampered(lines: list[bytes], tamper: Tamper) -> list[bytes]:
    what, first, second = tamper
    one, other = int(first * len(lines)), int(second * len(lines))
    match what:
        case "change":
            lines[one] = _changed(lines[one])
        case "drop":
            del lines[one]
        case "duplicate":
            lines.insert(one, lines[one])
        case "swap":
            lines[one], lines[other] = lines[other], lines[one]
    return lines


def _changed(line: bytes) -> bytes:
    """The last digit of the line becomes another one; the stamp does where there is no other."""
    at = max(i for i, byte in enumerate(line) if chr(byte).isdigit())
    return line[:at] + (b"1" if line[at : at + 1] != b"1" else b"2") + line[at + 1 :]


def test_a_killed_session_is_checked_without_its_summary(
    copied: RecordedSession, lines: list[bytes]
) -> None:
    """Cut off anywhere between two lines, or within the last, what is there is fine."""
    (copied.folder / "summary.json").unlink()
    for count in (1, 2, len(lines) // 3, len(lines) - 1):
        (copied.folder / EVENTS).write_bytes(b"".join(lines[:count]) + lines[count][:7])
        found = verify(copied)
        assert found.ok, found.problems
        assert any("cut off" in note for note in found.notes)
        assert any("broke off" in note for note in found.notes)


def test_a_missing_block_is_noticed_without_the_summary(
    copied: RecordedSession, lines: list[bytes]
) -> None:
    """A quiet block changes no decision, but its place stays empty."""
    (copied.folder / "summary.json").unlink()
    quiet = max(n for n, line in enumerate(lines[: len(lines) // 2]) if b"block_heard" in line)
    (copied.folder / EVENTS).write_bytes(b"".join(lines[:quiet] + lines[quiet + 1 :]))
    assert not verify(copied).ok


def test_audio_shorter_than_the_log_is_noticed(copied: RecordedSession) -> None:
    data = copied.audio.read_bytes()
    copied.audio.write_bytes(data[: len(data) // 2])
    found = verify(copied)
    assert not found.ok
    assert any("cut short" in problem for problem in found.problems)


def test_audio_shorter_than_the_log_is_noticed_when_its_header_agrees(
    copied: RecordedSession,
) -> None:
    """The header of a cut recording patched to what is there: only the log knows better."""
    kept = samples(2)
    data = bytearray(copied.audio.read_bytes()[: 44 + 2 * kept])
    data[4:8] = (36 + 2 * kept).to_bytes(4, "little")
    data[40:44] = (2 * kept).to_bytes(4, "little")
    copied.audio.write_bytes(bytes(data))
    found = verify(copied)
    assert not found.ok
    assert any("The recording holds 2.00 s" in problem for problem in found.problems)


def test_a_missing_recording_is_noticed(copied: RecordedSession) -> None:
    copied.audio.unlink()
    found = verify(copied)
    assert not found.ok
    assert len(found.problems) == 1


def test_a_missing_voice_of_the_interviewer_is_noticed(copied: RecordedSession) -> None:
    next((copied.folder / "interviewer").iterdir()).unlink()
    assert not verify(copied).ok


def test_the_audio_may_be_ahead_of_the_log(copied: RecordedSession, lines: list[bytes]) -> None:
    """A block is written before it is logged; a kill in between leaves it behind."""
    (copied.folder / "summary.json").unlink()
    last = next(n for n in range(len(lines) - 9, 0, -1) if b"block_heard" in lines[n])
    (copied.folder / EVENTS).write_bytes(b"".join(lines[:last]))
    assert verify(copied).ok


def test_another_header_is_noticed(copied: RecordedSession) -> None:
    """The settings are a hidden input of the machines."""
    header = copied.header
    pressure = msgspec.structs.replace(header.settings.pressure, followups=0)
    changed = msgspec.structs.replace(
        header, settings=msgspec.structs.replace(header.settings, pressure=pressure)
    )
    (copied.folder / "header.json").write_bytes(codec.encode_header(changed))
    assert not verify(RecordedSession(copied.folder)).ok


@pytest.mark.parametrize(
    "event",
    [
        '{"kind":"words_heard","job":99,"words":[["x",0,1,100]],"engine":"x"}',
        '{"kind":"block_heard","voice":99999999999999999999,"level":99999999999999999999}',
        '{"kind":"playback_moved","job":1,"state":"started","position":-5}',
        '{"kind":"input_gap","span":[9,0],"reason":"x"}',
        '{"kind":"text_typed","text":"' + "a " * 5000 + '"}',
    ],
)
def test_a_hostile_line_breaks_nothing(
    copied: RecordedSession, lines: list[bytes], event: str
) -> None:
    half = next(n for n in range(len(lines) // 2, len(lines)) if b"block_heard" in lines[n])
    at = msgspec.json.decode(lines[half])["at"]
    line = f'{{"at":{at - BLOCK},"event":{event}}}\n'.encode()
    (copied.folder / EVENTS).write_bytes(b"".join([*lines[:half], line, *lines[half:]]))
    assert not verify(copied).ok
