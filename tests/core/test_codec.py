"""The log as lines of JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from copilot.core import codec
from copilot.core.clock import Span
from copilot.core.events import (
    AnswerScored,
    BlockHeard,
    ClarityMoved,
    InputGap,
    Noted,
    Stamped,
    Started,
    Word,
    WordsHeard,
)
from copilot.core.header import FORMAT, EngineNames, Header
from copilot.errors import BadInput
from tests.kit import Room, settings

RECORDS = [
    Stamped(0, Started()),
    Stamped(512, BlockHeard(95, -20, 1200, 30)),
    Stamped(512, WordsHeard(3, (Word("naïve \u2028 \x1b[0m", 0, 400, 90),), "room", ("loop",))),
    Stamped(1024, InputGap(Span(512, 1024), 'a "reason"\n')),
]


def lines(records: list[Stamped]) -> list[bytes]:
    return [codec.encode(record) for record in records]


def header() -> Header:
    engines = EngineNames("v", "s", "t", "offline", ("voice: https://example.org",))
    return Header(FORMAT, "id", "2026-01-01T00:00:00+00:00", "0", settings(), engines, "mic")


def test_a_record_is_one_line_whatever_it_says() -> None:
    for line in lines(RECORDS):
        assert line.endswith(b"\n")
        assert line.count(b"\n") == 1


def test_records_come_back_as_they_were() -> None:
    assert codec.decode_log(lines(RECORDS)) == (RECORDS, False)


def test_a_whole_interview_survives_byte_for_byte() -> None:
    """Also numbers: 1 that comes back as 1.0 would differ in a re-derivation."""
    room = Room().start()
    for _ in range(3):
        room.silence(1).speak(
            "we pick the threshold with the best score because a false alarm costs us two minutes"
            " and then we would compare the recall of both models on the newest month of data",
            seconds=14,
        ).silence(12)
    assert room.events(AnswerScored)
    assert room.events(ClarityMoved)
    written = lines(room.log)
    read, _ = codec.decode_log(written)
    assert lines(read) == written


@pytest.mark.parametrize("kept", [1, 10, -2])
def test_a_torn_last_line_is_left_out(kept: int) -> None:
    written = lines(RECORDS)
    torn = [*written[:-1], written[-1][:kept]]
    assert codec.decode_log(torn) == (RECORDS[:-1], True)


def test_a_torn_line_in_the_middle_is_no_accident() -> None:
    written = lines(RECORDS)
    written[1] = written[1][:-1]
    with pytest.raises(BadInput, match="line 2"):
        codec.decode_log(written)


@pytest.mark.parametrize(
    "line",
    [
        b'{"at":0,"event":{"kind":"mind_read"}}\n',
        b'{"at":0,"event":{}}\n',
        b'{"at":0,"event":{"kind":"started","extra":1}}\n',
        b'{"at":0,"event":{"kind":"started"},"extra":1}\n',
        b'{"event":{"kind":"started"}}\n',
        b'{"at":0.5,"event":{"kind":"started"}}\n',
        b'{"at":0,"event":{"kind":"block_heard","voice":"loud","level":0}}\n',
        b"{}\n",
        b"[1]\n",
        b"nonsense\n",
        b"\xff\xfe\n",
        b"\n",
    ],
)
def test_a_broken_line_is_named(line: bytes) -> None:
    with pytest.raises(BadInput, match=r"log, line 2: "):
        codec.decode_log([*lines(RECORDS[:1]), line], name="log")


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(BadInput, match="mind_read"):
        codec.decode_log([b'{"at":0,"event":{"kind":"mind_read"}}\n'])


def test_time_that_runs_back_is_noticed() -> None:
    with pytest.raises(BadInput, match="line 2: time runs back"):
        codec.decode_log(lines([Stamped(512, Started()), Stamped(511, Started())]))
    with pytest.raises(BadInput, match="line 1: time runs back"):
        codec.decode_log(lines([Stamped(-1, Started())]))


def test_an_older_format_is_lifted_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two formats from now: what was called `memo` became `note`, that became `noted`."""

    def renamed(old: str, new: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
        def lift(record: dict[str, Any]) -> dict[str, Any]:
            event = record["event"]
            kind = new if event["kind"] == old else event["kind"]
            return {**record, "event": {**event, "kind": kind}}

        return lift

    monkeypatch.setattr(codec, "FORMAT", FORMAT + 2)
    monkeypatch.setitem(codec.UPCASTERS, FORMAT, renamed("memo", "note"))
    monkeypatch.setitem(codec.UPCASTERS, FORMAT + 1, renamed("note", "noted"))
    line = b'{"at":0,"event":{"kind":"memo","code":"x","text":"y"}}\n'
    assert codec.decode_log([line], FORMAT) == ([Stamped(0, Noted("x", "y"))], False)


def test_a_header_comes_back_as_it_was() -> None:
    assert codec.decode_header(codec.encode_header(header())) == header()


def test_what_became_a_setting_is_what_it_was_in_older_headers() -> None:
    fields = msgspec.to_builtins(header())
    del fields["settings"]["endpointing"]["melody_high"]
    older = codec.decode_header(msgspec.json.encode(fields))
    assert older.settings.endpointing.melody_high == 20
    assert header().settings.endpointing.melody_high == 18


@pytest.mark.parametrize("number", [FORMAT + 1, 0, -1, 1.5, "1", None])
def test_a_format_that_is_not_ours_is_refused(number: object) -> None:
    fields = msgspec.json.decode(codec.encode_header(header()))
    data = msgspec.json.encode({**fields, "format": number})
    with pytest.raises(BadInput, match=r"log format .* reads up to"):
        codec.decode_header(data)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"null", b"1", b'{"id": 1}', b"\xff", b'{"format": 1}'],
)
def test_a_broken_header_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match=r"header\.json"):
        codec.decode_header(data)


def test_a_header_nested_without_end_is_refused() -> None:
    with pytest.raises(BadInput, match=r"header\.json"):
        codec.decode_header(b"[" * 100_000)


def test_an_unknown_key_in_a_header_is_refused() -> None:
    fields = msgspec.json.decode(codec.encode_header(header()))
    with pytest.raises(BadInput, match="extra"):
        codec.decode_header(msgspec.json.encode({**fields, "extra": 1}))
