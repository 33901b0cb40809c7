"""`models`: which Whisper models there are, fetch one, check one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from copilot.commands.output import emit, show, table
from copilot.engines.models import (
    CATALOGUE,
    check_files,
    check_model,
    download_model,
    fetch_again,
    find_model,
    models_folder,
    not_here,
)
from copilot.errors import Exit

if TYPE_CHECKING:
    from copilot.engines.stt.trial import Trial

_CLIPS = 6
"""Recordings on which a model is tried."""
_CLIP = 8
"""Seconds of each: a segment of a session is about as long."""


def listing(options: argparse.Namespace) -> int:
    """The catalogue, and what is on this machine."""
    rows = []
    for model in CATALOGUE:
        folder = find_model(model.name)
        state = "not here" if folder is None else "damaged" if check_files(folder) else "on disk"
        rows.append((model, state, folder))
    if options.json:
        emit(
            [
                {
                    "name": model.name,
                    "repo": model.repo,
                    "megabytes": model.megabytes,
                    "purpose": model.purpose,
                    "live": model.live,
                    "state": state,
                    "folder": str(folder) if folder else None,
                }
                for model, state, folder in rows
            ]
        )
        return Exit.OK
    table(
        [[model.name, f"{model.megabytes} MB", state, model.purpose] for model, state, _ in rows],
        ["model", "size", "state", "for"],
    )
    show(f"They are kept in {models_folder()}; other programs' downloads are found as well.")
    return Exit.OK


def download(options: argparse.Namespace) -> int:
    """Fetch one, with progress; an interrupted download goes on where it stopped."""
    folder = download_model(options.name, None if options.json else _progress)
    tried = _try_out(folder)
    if options.json:
        emit({"name": options.name, "folder": str(folder), "trial": tried})
    else:
        show(f"{options.name} lies in {folder}")
        _show_trial(tried)
    return Exit.OK


def _progress(done: int, total: int) -> None:
    if not sys.stderr.isatty() and done < total:
        return
    percent = 100 * done // total if total else 100
    end = "\n" if done >= total else ""
    text = f"\r{percent:3d} %  {done / 1e6:.1f} of {total / 1e6:.1f} MB"
    print(text, end=end, file=sys.stderr, flush=True)


def check(options: argparse.Namespace) -> int:
    """Look for damage, and try what the model can stand; exit code 1 when it is damaged."""
    folder = find_model(options.name)
    if folder is None:
        raise not_here(options.name)
    problems = check_model(folder)
    tried = None if problems else _try_out(folder)
    if options.json:
        emit({"name": options.name, "folder": str(folder), "problems": problems, "trial": tried})
    else:
        for problem in problems:
            show(problem)
        show(fetch_again(folder) if problems else f"{options.name} is whole and works.")
        if tried is not None:
            _show_trial(tried)
    return Exit.FAILED if problems else Exit.OK


def _try_out(folder: Path) -> Trial:
    """Try the model on bundled recordings, with the glossaries of their questions; remembered."""
    from copilot.audio.files import read_audio
    from copilot.core.clock import RATE
    from copilot.engines.stt import trial
    from copilot.engines.stt.whisper import Whisper
    from copilot.fixtures.catalogue import scan
    from copilot.questions.bank import load

    bank = load()
    fixtures = [
        found for found in scan().fixtures if found.sidecar.clean and found.sidecar.question
    ]
    chosen = fixtures[:: max(1, len(fixtures) // _CLIPS)][:_CLIPS]
    clips = [
        (read_audio(found.audio)[: _CLIP * RATE], bank.get(found.sidecar.question).glossary)
        for found in chosen
    ]
    tried = trial.try_out(Whisper(folder), clips)
    trial.remember(folder, tried)
    return tried


def _show_trial(tried: Trial) -> None:
    for what, on, changed in (
        ("Words of the subject beforehand", tried.abilities.hotwords, tried.hotwords),
        ("Windows as short as the speech", tried.abilities.short, tried.short),
    ):
        show(
            f"{what}: {'used' if on else 'not used'}, they change {100 * changed:.0f} % of"
            f" {tried.words} words."
        )
