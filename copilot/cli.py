"""The command line: parses, hands over to `copilot.commands`, turns errors into sentences.

Nothing heavy is imported here: `--help` has to be quick.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence

from copilot import __version__
from copilot.errors import CopilotError, Exit

Handler = Callable[[argparse.Namespace], int]

STT = ("auto", "whisper", "pocketsphinx", "remote")
FOLLOWUPS = ("offline", "llm")
VOICES = ("pyttsx3", "remote", "piper", "none")


def run(arguments: Sequence[str]) -> int:
    """Parse and run; every expected error becomes one sentence and an exit code."""
    parser = build_parser()
    try:
        options = parser.parse_args(arguments)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else Exit.USAGE
    try:
        return _handler(options.handler)(options)
    except CopilotError as error:
        print(f"interview-copilot: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("\nStopped; what was recorded is saved.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone: not an error, and nothing may be printed any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.OK


def _handler(name: str) -> Handler:
    module, function = name.split(":")
    handler: Handler = getattr(importlib.import_module(f"copilot.commands.{module}"), function)
    return handler


def build_parser() -> argparse.ArgumentParser:
    """All commands and their flags."""
    parser = argparse.ArgumentParser(
        prog="interview-copilot",
        description="A spoken machine-learning interviewer that probes your reasoning.",
        epilog="Everything stays on this machine unless you configure a remote engine.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.set_defaults(handler="home:home")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, handler: str, text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(handler=handler)
        return made

    demo = command("demo", "practice:demo", "a whole interview on bundled recordings")
    demo.add_argument("--interview", metavar="ID", default="first-round", help="which interview")
    _engines(demo)
    _session(demo)

    practice = command("practice", "practice:practice", "one practice session")
    practice.add_argument("--question", metavar="ID", action="append", help="a question by its id")
    practice.add_argument("--theme", help="questions of one theme")
    practice.add_argument("--mock", type=int, metavar="N", help="this many questions")
    practice.add_argument("--pressure", metavar="PROFILE", help="calm, standard or hard")
    practice.add_argument("--persona", metavar="ID", help="who interviews")
    practice.add_argument(
        "--input", nargs="+", metavar="WAV", help="recordings that answer, in order"
    )
    practice.add_argument("--interview", metavar="ID", help="a closed-loop interview that answers")
    practice.add_argument("--headless", action="store_true", help="no screen: print what happens")
    _engines(practice)
    _session(practice)

    transcribe = command("transcribe", "recordings:transcribe", "words with times and confidence")
    transcribe.add_argument("file", nargs="+", metavar="FILE")
    _stt(transcribe)
    _json(transcribe)

    clarity = command("clarity", "recordings:clarity", "clarity of a recording or of a session")
    clarity.add_argument("file", metavar="FILE", help="a recording, or the id of a session")
    _stt(clarity)
    _json(clarity)

    probe = command("probe", "probe:probe", "the follow-ups that an answer calls for")
    probe.add_argument("--question", metavar="ID|TEXT", help="an id of the bank, or any question")
    probe.add_argument("--answer", metavar="FILE|-", help="the answer as text")
    probe.add_argument("--batch", metavar="FILE.jsonl", help="objects with id, question, answer")
    probe.add_argument("--engine", choices=FOLLOWUPS, default="offline")
    _json(probe)

    _sessions(commands)

    report = command("report", "sessions:report", "the debrief of a session as a file")
    report.add_argument("session", help="an id, the beginning of one, a folder, or `last`")
    report.add_argument(
        "-o", "--output", metavar="FILE", help="where to (default: standard output)"
    )

    questions = commands.add_parser("questions", help="the question bank")
    of_bank = questions.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = of_bank.add_parser("list", help="ids, themes and levels")
    listing.add_argument("--theme")
    listing.add_argument("--level", choices=("junior", "mid", "senior"))
    listing.set_defaults(handler="questions:listing")
    _json(listing)
    show = of_bank.add_parser("show", help="one question with its rubric")
    show.add_argument("id")
    show.set_defaults(handler="questions:show_question")
    _json(show)
    lint = of_bank.add_parser("lint", help="check the bank, your own questions included")
    lint.set_defaults(handler="questions:lint")
    _json(lint)

    fixtures = commands.add_parser("fixtures", help="the bundled recordings")
    of_fixtures = fixtures.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = of_fixtures.add_parser("list", help="what there is")
    listing.set_defaults(handler="fixtures:listing")
    _json(listing)
    check = of_fixtures.add_parser("check", help="measure them against their sidecars")
    check.add_argument("id", nargs="*", help="only these")
    check.add_argument("--files-only", action="store_true", help="without recognising speech")
    check.set_defaults(handler="fixtures:check")
    _stt(check)
    _json(check)

    models = commands.add_parser("models", help="Whisper models")
    of_models = models.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = of_models.add_parser("list", help="which there are, which are on disk")
    listing.set_defaults(handler="models:listing")
    _json(listing)
    download = of_models.add_parser("download", help="fetch one")
    download.add_argument("name")
    download.set_defaults(handler="models:download")
    _json(download)
    check = of_models.add_parser("check", help="look for damage, and try it")
    check.add_argument("name", help="a name or a folder")
    check.set_defaults(handler="models:check")
    _json(check)

    doctor = command("doctor", "doctor:doctor", "is everything set up?")
    _json(doctor)
    bench = command("bench", "bench:bench", "speed of the engines on this machine")
    _json(bench)
    return parser


def _sessions(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sessions = commands.add_parser("sessions", help="the recorded sessions")
    of_sessions = sessions.add_subparsers(title="commands", metavar="COMMAND", required=True)
    listing = of_sessions.add_parser("list", help="newest first")
    listing.set_defaults(handler="sessions:listing")
    _json(listing)
    show = of_sessions.add_parser("show", help="the debrief of one")
    show.add_argument("session", help="an id, the beginning of one, a folder, or `last`")
    show.set_defaults(handler="sessions:show_session")
    _json(show)
    verify = of_sessions.add_parser("verify", help="re-derive the log, check the audio")
    verify.add_argument("session", nargs="*", help="which (default: all)")
    verify.set_defaults(handler="sessions:verify")
    _json(verify)


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def _stt(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--stt", choices=STT, help="recogniser")
    parser.add_argument("--model", metavar="M", help="a Whisper model by name or folder")


def _engines(parser: argparse.ArgumentParser) -> None:
    _stt(parser)
    parser.add_argument("--followups", choices=FOLLOWUPS, help="who finds the follow-ups")
    parser.add_argument("--voice", choices=VOICES, help="who speaks")


def _session(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=None, help="choice of questions and wordings")
    parser.add_argument(
        "--latency",
        default="measured",
        metavar="MODEL",
        help="model time in virtual time: measured (default), zero, or fixed:SECONDS",
    )
    _json(parser)
