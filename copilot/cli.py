"""The command line: parses, hands over to `copilot.commands`, turns errors into sentences.

Nothing heavy is imported here, and argparse only once a command is named: `--help` costs little
more than Python itself.
"""

from __future__ import annotations

import os
import sys

from copilot import __version__
from copilot.errors import CopilotError, Exit, UsageError
from copilot.parsers import COMMANDS

TYPE_CHECKING = False  # type checkers know the name; importing `typing` costs 5 ms
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    Handler = Callable[[argparse.Namespace], int]

_PROGRAM = "interview-copilot"


def run(arguments: Sequence[str]) -> int:
    """Parse and run; every expected error becomes one sentence and an exit code."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
        return code
    except CopilotError as error:
        _complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        print("\nStopped; what was recorded is saved.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: not an error, and nothing may be printed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or type(error).__name__
        _complain(f"The system refused: {place}{reason}.")
        return Exit.FAILED


def _complain(sentence: str) -> None:
    """One line on standard error; names of files may hold anything."""
    from copilot.language.plain import plain

    print(plain(f"{_PROGRAM}: {sentence}"), file=sys.stderr)


def _run(arguments: Sequence[str]) -> int:
    name = arguments[0] if arguments else ""
    if name in ("-h", "--help", "help"):
        print(_overview())
        return Exit.OK
    if name == "--version":
        print(__version__)
        return Exit.OK
    if name and name not in COMMANDS:
        raise UsageError(f"There is no command {name!r}.", f"See `{_PROGRAM} --help`.")
    try:
        options = _parse(name, arguments[1:])
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.USAGE
    return _handler(options.handler)(options)


def _overview() -> str:
    width = max(map(len, COMMANDS))
    listing = "\n".join(f"  {name:<{width}}  {text}" for name, (text, _) in COMMANDS.items())
    return (
        f"usage: {_PROGRAM} [-h] [--version] [COMMAND ...]\n\n"
        "A spoken machine-learning interviewer that probes your reasoning.\n\n"
        f"commands (each has its own --help):\n{listing}\n\n"
        "Everything stays on this machine unless you configure a remote engine."
    )


def _parse(name: str, arguments: Sequence[str]) -> argparse.Namespace:
    """Only the parser of the command at hand is built."""
    import argparse

    if not name:
        return argparse.Namespace(handler="home:home")
    text, build = COMMANDS[name]
    parser = argparse.ArgumentParser(prog=f"{_PROGRAM} {name}", description=text)
    build(parser)
    return parser.parse_args(arguments)


def _handler(name: str) -> Handler:
    import importlib

    module, function = name.split(":")
    handler: Handler = getattr(importlib.import_module(f"copilot.commands.{module}"), function)
    return handler
