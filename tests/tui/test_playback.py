"""Replay: at every moment the view is the one that was live."""

from __future__ import annotations

import pytest

from copilot.core.clock import samples
from copilot.core.view import SessionView
from copilot.tui.playback import SPEEDS, Player
from tests.tui import golden

HEADER, RECORDS = golden.load()
MOMENTS = [samples(second) for second in (0, 3.3, 9, 15.21, 24, 31.7, 40, 52.05, 66, 74)]


def live(at: int) -> dict[str, object]:
    view = SessionView()
    for record in RECORDS:
        if record.at <= at:
            view.fold(record)
    return told(view)


def told(view: SessionView) -> dict[str, object]:
    return dict(vars(view))


@pytest.mark.parametrize("at", MOMENTS)
def test_a_sought_view_is_the_live_one(at: int) -> None:
    player = Player(RECORDS)
    player.seek(player.length)
    player.seek(at)
    assert told(player.view) == live(at)


def test_playing_through_gives_the_live_view_at_every_stop() -> None:
    player = Player(RECORDS)
    player.toggle()
    while player.playing:
        player.tick(5.0)
        assert told(player.view) == live(player.position)
    assert player.position == player.length


def test_speed_scales_time_and_stays_in_its_range() -> None:
    player = Player(RECORDS)
    player.faster(-9)
    assert player.speed == SPEEDS[0] == 0.5
    player.faster(99)
    assert player.speed == SPEEDS[-1] == 8.0
    player.toggle()
    player.tick(1.0)
    assert player.position == samples(8)


def test_a_paused_player_stays_and_one_at_the_end_begins_again() -> None:
    player = Player(RECORDS)
    assert not player.tick(3)
    assert player.position == 0
    player.seek(10**9)
    assert player.position == player.length
    player.toggle()
    assert player.playing
    assert player.position == 0


def test_jumps_visit_every_landmark_once_each_way() -> None:
    player = Player(RECORDS)
    asked = [m.at for m in player.timeline.landmarks if m.kind in ("question", "followup")]
    assert len(asked) == 3
    there = []
    while player.jump("question", "followup"):
        there.append(max(at for at in asked if at <= player.position))
    assert there == asked
    back = []
    while player.jump("question", "followup", forward=False):
        back.append(max(at for at in asked if at <= player.position))
    assert back == sorted(back, reverse=True)
    assert back[-1] == asked[0]


def test_after_a_jump_to_a_question_the_question_is_there() -> None:
    player = Player(RECORDS)
    assert player.jump("followup")
    assert player.view.posed is not None
    assert player.view.posed.role == "followup"
    assert not player.jump("followup")


def test_the_timeline_knows_who_spoke() -> None:
    line = Player(RECORDS).timeline
    assert len(line.interviewer) == 3
    assert all(span.length > 0 for span in line.candidate)
    assert not any(a.overlap(b) for a in line.interviewer for b in line.candidate)


def test_an_empty_log_can_be_played() -> None:
    player = Player(())
    player.toggle()
    player.tick(1)
    assert (player.position, player.playing) == (0, False)
