"""What a person adds to a session afterwards: tags and a note. Beside the log, never in it."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from copilot.errors import BadInput, UsageError
from copilot.runtime.store import saying_disk_errors, write_whole

ANNOTATIONS = "annotations.json"
"""The file inside a session's folder."""

MOST_TAGS = 32
LONGEST_NOTE = 10_000
"""Characters."""

_TAG = re.compile(r"\w[\w.:-]{0,39}")


class Annotations(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`annotations.json` of a session."""

    tags: tuple[str, ...] = ()
    note: str = ""
    audio_deleted: bool = False
    """Whether the recording was deleted on purpose, while the words were kept."""

    def __post_init__(self) -> None:
        """Refuse what no command writes: the file may come out of an archive."""
        for tag in self.tags:
            if not _TAG.fullmatch(tag):
                raise ValueError("a tag is one word of letters, digits, dots, colons and hyphens")
        if len(self.tags) > MOST_TAGS or len(self.note) > LONGEST_NOTE:
            raise ValueError("there are too many tags or the note is too long")


_decoder = msgspec.json.Decoder(Annotations)


def read_annotations(folder: Path) -> Annotations:
    """The annotations of the session in `folder`; raises `BadInput` when the file is broken."""
    try:
        data = (folder / ANNOTATIONS).read_bytes()
    except FileNotFoundError:
        return Annotations()
    except OSError as error:
        raise _broken(folder, error.strerror or "it cannot be read") from error
    try:
        return _decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise _broken(folder, str(error)) from error


def write_annotations(folder: Path, annotations: Annotations) -> None:
    """Replace the annotations; without any, the file goes away. Raises `CopilotError`."""
    with saying_disk_errors(folder):
        if annotations == Annotations():
            (folder / ANNOTATIONS).unlink(missing_ok=True)
        else:
            write_whole(folder / ANNOTATIONS, msgspec.json.encode(annotations) + b"\n")


def tagged(folder: Path, add: list[str], remove: list[str]) -> Annotations:
    """Add and remove tags. Raises `UsageError` for a tag that is none."""
    for tag in add:
        if not _TAG.fullmatch(tag):
            raise UsageError(
                f"{tag!r} is no tag.",
                "A tag is one word of letters, digits, dots, colons and hyphens, 40 at most.",
            )
    known = read_annotations(folder)
    tags = tuple(dict.fromkeys(t for t in (*known.tags, *add) if t not in remove))
    if len(tags) > MOST_TAGS:
        raise UsageError(f"A session has {MOST_TAGS} tags at most.", "Remove some first.")
    changed = msgspec.structs.replace(known, tags=tags)
    write_annotations(folder, changed)
    return changed


def noted(folder: Path, note: str) -> Annotations:
    """Replace the note; an empty one removes it. Raises `UsageError` when it is too long."""
    if len(note) > LONGEST_NOTE:
        raise UsageError(
            f"The note has {len(note)} characters; {LONGEST_NOTE} are the most.", "Shorten it."
        )
    changed = msgspec.structs.replace(read_annotations(folder), note=note)
    write_annotations(folder, changed)
    return changed


def _broken(folder: Path, reason: str) -> BadInput:
    return BadInput(
        f"{folder.name}/{ANNOTATIONS} cannot be read: {reason}.", "Correct or delete the file."
    )
