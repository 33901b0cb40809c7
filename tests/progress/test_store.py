"""The cache of digests: a help that is never trusted."""

from __future__ import annotations

import os
from pathlib import Path

from copilot.progress.store import DigestCache, stamp_of
from tests.progress.made import session

DIGEST = session(-1)


def _saved(path: Path) -> None:
    cache = DigestCache(path)
    cache.put("a", (1, 2, 3, 4), DIGEST)
    cache.put("broken", (1, 1, 1, 1), None)
    cache.save()


def test_what_was_put_comes_back_while_the_files_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "progress.msgpack"
    _saved(path)
    again = DigestCache(path)
    assert again.get("a", (1, 2, 3, 4)) == (True, DIGEST)
    assert again.get("broken", (1, 1, 1, 1)) == (True, None)
    assert again.get("a", (1, 2, 3, 5)) == (False, None)
    assert again.get("other", (1, 2, 3, 4)) == (False, None)
    assert path.stat().st_mode & 0o077 == 0


def test_what_is_gone_is_forgotten_unless_the_reading_broke_off(tmp_path: Path) -> None:
    path = tmp_path / "progress.msgpack"
    _saved(path)
    part = DigestCache(path)
    part.put("new", (0, 0, 0, 0), DIGEST)
    part.save(whole=False)
    assert DigestCache(path).get("a", (1, 2, 3, 4))[0]
    whole = DigestCache(path)
    whole.get("new", (0, 0, 0, 0))
    whole.save()
    assert not DigestCache(path).get("a", (1, 2, 3, 4))[0]


def test_a_broken_or_foreign_cache_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "progress.msgpack"
    for content in (b"", b"\xff\xff", b"\x81\xa1a\x01", os.urandom(64)):
        path.write_bytes(content)
        assert DigestCache(path).get("a", (1, 2, 3, 4)) == (False, None)


def test_a_disk_that_refuses_costs_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("here is no folder")
    _saved(blocked / "cache" / "progress.msgpack")


def test_the_stamp_changes_with_the_files(tmp_path: Path) -> None:
    assert stamp_of(tmp_path) == (0, 0, 0, 0)
    (tmp_path / "events.jsonl").write_text("a\n")
    first = stamp_of(tmp_path)
    (tmp_path / "events.jsonl").write_text("a\nb\n")
    assert stamp_of(tmp_path) != first
