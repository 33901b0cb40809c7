"""`models`: which Whisper models there are, fetch one, check one."""

from __future__ import annotations

import argparse
import sys

from copilot.commands.output import emit, show, table
from copilot.engines.models import (
    CATALOGUE,
    FETCH_ONE,
    check_files,
    check_model,
    download_model,
    fetch_again,
    find_model,
    models_folder,
)
from copilot.errors import Exit, Missing


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
    if options.json:
        emit({"name": options.name, "folder": str(folder)})
    else:
        show(f"{options.name} lies in {folder}")
    return Exit.OK


def _progress(done: int, total: int) -> None:
    if not sys.stderr.isatty() and done < total:
        return
    percent = 100 * done // total if total else 100
    end = "\n" if done >= total else ""
    text = f"\r{percent:3d} %  {done / 1e6:.1f} of {total / 1e6:.1f} MB"
    print(text, end=end, file=sys.stderr, flush=True)


def check(options: argparse.Namespace) -> int:
    """Look for damage and try the model on a second of noise; exit code 1 when it is damaged."""
    folder = find_model(options.name)
    if folder is None:
        raise Missing(f"The Whisper model {options.name!r} is not on this machine.", FETCH_ONE)
    problems = check_model(folder)
    if options.json:
        emit({"name": options.name, "folder": str(folder), "problems": problems})
    else:
        for problem in problems:
            show(problem)
        show(fetch_again(folder) if problems else f"{options.name} is whole and works.")
    return Exit.FAILED if problems else Exit.OK
