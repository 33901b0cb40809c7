"""The flags of every command: one builder each, and the table that names them.

No heavy imports at run time: `--help` has to be quick, and argparse comes with the parser that is
built.
"""

from __future__ import annotations

from copilot.flags import (
    FOLLOWUPS,
    command,
    devices_named,
    engines,
    group,
    json,
    server,
    session,
    stt,
)

TYPE_CHECKING = False  # type checkers know the name; importing `typing` costs 5 ms
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from copilot.flags import Group

_WHICH = "an id, the beginning of one, a folder, or `last`"


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="practice:demo")
    parser.add_argument("--interview", metavar="ID", default="first-round", help="which interview")
    parser.add_argument(
        "--candidate", metavar="ID", help="one made of words instead: weak, dodging, injecting, ..."
    )
    engines(parser)
    session(parser)


def _practice(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="practice:practice")
    parser.add_argument("--question", metavar="ID", action="append", help="a question by its id")
    parser.add_argument(
        "--investigation", metavar="ID", help="find a hidden fault; `investigate --list` has ids"
    )
    parser.add_argument("--theme", help="questions of one theme")
    parser.add_argument("--mock", type=int, metavar="N", help="this many questions")
    parser.add_argument(
        "--mock-minutes", type=int, metavar="MINUTES", help="a whole interview: 20, 30, 45 minutes"
    )
    parser.add_argument(
        "--pressure",
        metavar="PROFILE",
        help="calm, standard, hard, a step between (level-0 to level-19), or a file of yours",
    )
    parser.add_argument(
        "--persona",
        metavar="ID",
        help="who interviews: staff_engineer, product_manager, risk_officer, panel_of_two, ...",
    )
    parser.add_argument("--level", choices=("junior", "mid", "senior"), help="of the questions")
    parser.add_argument(
        "--input",
        nargs="+",
        metavar="mic|WAV",
        help="the microphone, or recordings that answer, in order",
    )
    parser.add_argument(
        "--headphones",
        action="store_true",
        default=None,
        help="one may interrupt by speaking: the microphone does not hear the interviewer",
    )
    parser.add_argument(
        "--push-to-talk",
        action="store_true",
        default=None,
        help="the microphone is listened to between two presses of Enter only",
    )
    devices_named(parser)
    parser.add_argument(
        "--remember", action="store_true", help="use these devices from now on, too"
    )
    parser.add_argument("--interview", metavar="ID", help="a closed-loop interview that answers")
    parser.add_argument("--headless", action="store_true", help="no screen: print what happens")
    engines(parser)
    session(parser)


def _transcribe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="recordings:transcribe")
    parser.add_argument("file", nargs="+", metavar="FILE")
    stt(parser)
    json(parser)


def _clarity(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="recordings:clarity")
    parser.add_argument("file", metavar="FILE", help="a recording, or the id of a session")
    stt(parser)
    json(parser)


def _probe(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="probe:probe")
    parser.add_argument("--question", metavar="ID|TEXT", help="an id of the bank, or any question")
    parser.add_argument("--answer", metavar="FILE|-", help="the answer as text")
    parser.add_argument("--batch", metavar="FILE.jsonl", help="objects with id, question, answer")
    parser.add_argument("--engine", choices=FOLLOWUPS, default="offline")
    server(parser)
    json(parser)


def _investigate(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="investigate:investigate")
    parser.add_argument("id", nargs="?", metavar="ID", help="which (default: the first)")
    parser.add_argument("--list", action="store_true", help="the investigations that there are")
    json(parser)


def _sessions(parser: argparse.ArgumentParser) -> None:
    of_sessions = group(parser)
    listing = command(of_sessions, "list", "sessions:listing", "newest first")
    listing.add_argument("--tag", help="only those with this tag")
    json(listing)
    show = command(of_sessions, "show", "sessions:show_session", "the debrief of one")
    show.add_argument("session", help=_WHICH)
    json(show)
    verify = command(of_sessions, "verify", "verify:verify", "re-derive the log, check the audio")
    verify.add_argument("session", nargs="*", help="which (default: all)")
    json(verify)
    judge = command(
        of_sessions, "judge", "judge:judge", "scores by a language model that passed its audit"
    )
    judge.add_argument("session", help=_WHICH)
    server(judge)
    json(judge)
    _library(of_sessions)
    _archive(of_sessions)
    _pins(of_sessions)


def _library(of_sessions: Group) -> None:
    search = command(of_sessions, "search", "library:search", "words in questions and answers")
    search.add_argument("text", nargs="+", metavar="TEXT")
    json(search)
    tag = command(of_sessions, "tag", "library:tag", "add tags, or remove them")
    tag.add_argument("session", help=_WHICH)
    tag.add_argument("tag", nargs="+", metavar="TAG")
    tag.add_argument("--remove", action="store_true", help="remove these tags")
    note = command(of_sessions, "note", "library:add_note", "write a note, or remove it")
    note.add_argument("session", help=_WHICH)
    note.add_argument("text", nargs="*", metavar="TEXT", help="the note; none removes it")
    json(command(of_sessions, "du", "library:disk_use", "how much room they take"))


def _archive(of_sessions: Group) -> None:
    export = command(of_sessions, "export", "archive:export", "as a file for other programs")
    export.add_argument("session", help=_WHICH)
    export.add_argument(
        "--format", choices=("json", "markdown", "csv", "vtt", "zip"), default="json"
    )
    export.add_argument("-o", "--output", metavar="FILE", help="where to")
    importing = command(
        of_sessions, "import", "archive:import_file", "an exported session, or a recording"
    )
    importing.add_argument("file", metavar="FILE", help="a zip of `sessions export`, or audio")
    importing.add_argument(
        "--question", metavar="ID|TEXT", help="what the recording answers: an id, or any question"
    )
    stt(importing)
    json(importing)
    delete = command(of_sessions, "delete", "archive:delete", "for good, words and audio")
    delete.add_argument("session", nargs="?", help=_WHICH)
    delete.add_argument("--older-than", type=float, metavar="DAYS", help="all older sessions")
    delete.add_argument("--audio-only", action="store_true", help="keep the words")
    delete.add_argument("--yes", action="store_true", help="do not ask")


def _pins(of_sessions: Group) -> None:
    pin = command(of_sessions, "pin", "regress:pin", "have `regress` run it again")
    pin.add_argument("session", help=_WHICH)
    pin.add_argument(
        "--expect",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="verdict, kind (of the first follow-up), wer, score; else as recorded",
    )
    unpin = command(of_sessions, "unpin", "regress:unpin", "take the pin off")
    unpin.add_argument("session", help=_WHICH)


def _replay(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="replay:replay")
    parser.add_argument("session", help=_WHICH)
    parser.add_argument("--speed", type=float, default=1.0, metavar="X", help="0.5 to 8")
    parser.add_argument("--no-wait", action="store_true", help="print everything at once")
    json(parser)


def _rerun(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="rerun:rerun")
    parser.add_argument("session", help=_WHICH)
    _models_again(parser)


def _regress(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="regress:regress")
    parser.add_argument(
        "--fixtures", nargs="*", metavar="ID", help="bundled answers as well: all, or only these"
    )
    parser.add_argument(
        "--accept", action="store_true", help="what the fixtures give now is right from now on"
    )
    _models_again(parser)


def _models_again(parser: argparse.ArgumentParser) -> None:
    stt(parser)
    parser.add_argument("--followups", choices=FOLLOWUPS, help="who finds the follow-ups")
    json(parser)


def _report(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="report:report")
    parser.add_argument("session", help=_WHICH)
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="where to (default: standard output)"
    )
    parser.add_argument(
        "--format",
        choices=("html", "markdown"),
        help="default: HTML for FILE.html, else Markdown",
    )
    parser.add_argument(
        "--audio",
        choices=("none", "beside", "embedded"),
        help="clips to listen to: none, files beside the page (default), or inside the page",
    )


def _progress(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="progress:progress")
    json(parser)


def _retry(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="retry:retry")
    parser.add_argument("session", help=_WHICH)
    parser.add_argument(
        "--turn",
        type=int,
        metavar="N",
        help="from this turn of the old session: what was said before it is taken from there",
    )
    parser.add_argument("--at", metavar="M:SS", help="from the turn that was on at this time")
    parser.add_argument(
        "--input", nargs="+", metavar="WAV", required=True, help="the new answers, in order"
    )
    engines(parser)
    parser.add_argument("--latency", default="measured", metavar="MODEL", help="as in `practice`")
    json(parser)


def _compare(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="retry:compare")
    parser.add_argument("before", help=_WHICH)
    parser.add_argument("after", help=_WHICH)
    parser.add_argument("--markdown", action="store_true", help="as Markdown")
    json(parser)


def _questions(parser: argparse.ArgumentParser) -> None:
    of_bank = group(parser)
    listing = command(of_bank, "list", "questions:listing", "ids, themes and levels")
    listing.add_argument("--theme")
    listing.add_argument("--level", choices=("junior", "mid", "senior"))
    listing.add_argument("--table", action="store_true", help="how many of each theme and level")
    json(listing)
    show = command(of_bank, "show", "questions:show_question", "one question with its rubric")
    show.add_argument("id")
    json(show)
    json(command(of_bank, "lint", "questions:lint", "check the bank, your own included"))
    following = command(of_bank, "next", "progress:next_questions", "what to practise, and why")
    following.add_argument("--count", type=int, default=3, metavar="N", help="how many (3)")
    json(following)


def _fixtures(parser: argparse.ArgumentParser) -> None:
    of_fixtures = group(parser)
    json(command(of_fixtures, "list", "fixtures:listing", "what there is"))
    check = command(of_fixtures, "check", "fixtures:check", "measure them against their sidecars")
    check.add_argument("id", nargs="*", help="only these")
    check.add_argument("--files-only", action="store_true", help="without recognising speech")
    stt(check)
    json(check)


def _models(parser: argparse.ArgumentParser) -> None:
    of_models = group(parser)
    json(command(of_models, "list", "models:listing", "which there are, which are on disk"))
    download = command(of_models, "download", "models:download", "fetch one")
    download.add_argument("name")
    json(download)
    check = command(of_models, "check", "models:check", "look for damage, and try it")
    check.add_argument("name", help="a name or a folder")
    json(check)


def _devices(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="devices:devices")
    devices_named(parser)
    parser.add_argument(
        "--check", action="store_true", help="level, noise, echo and speed of those that are used"
    )
    json(parser)


def _doctor(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="doctor:doctor")
    json(parser)


def _browser(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="browser:browser")
    parser.add_argument("--host", default="127.0.0.1", help="default: this machine only")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="default: 8000")


def _bench(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(handler="bench:bench")
    parser.add_argument(
        "--session", metavar="ID", help="how long one waited in a session, stage by stage"
    )
    parser.add_argument(
        "--streaming",
        action="store_true",
        help="what words while speaking cost as the answer grows, beside two other ways (minutes)",
    )
    parser.add_argument(
        "--screen",
        action="store_true",
        help="what the screen costs while the recogniser works, and how fast it answers (Linux)",
    )
    parser.add_argument(
        "--lengths", default="30,60,180,300", metavar="S,...", help="answers measured, in seconds"
    )
    parser.add_argument(
        "--shape",
        choices=("tiny", "base"),
        default="tiny",
        help="size of the Whisper with random weights",
    )
    parser.add_argument("--full-window", action="store_true", help="pad each of its calls to 30 s")
    parser.add_argument(
        "--model", metavar="NAME", help="a Whisper model on this machine, to compare words"
    )
    json(parser)


COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "demo": ("a whole interview on bundled recordings", _demo),
    "practice": ("one practice session", _practice),
    "transcribe": ("words of recordings, with times and confidence", _transcribe),
    "clarity": ("clarity of a recording or of a session", _clarity),
    "probe": ("the follow-ups that an answer calls for", _probe),
    "investigate": ("find a hidden fault by asking for evidence, typed or piped", _investigate),
    "sessions": ("what was recorded: list, search, export, delete and more", _sessions),
    "replay": ("a session again, as it happened", _replay),
    "rerun": ("a session through the models again: what changes", _rerun),
    "regress": ("pinned sessions again: is anything worse?", _regress),
    "retry": ("the same question again, and what became better or worse", _retry),
    "compare": ("two sessions side by side", _compare),
    "progress": ("trends, weakest kinds and what is due", _progress),
    "report": ("the debrief of a session as a file", _report),
    "questions": ("the question bank", _questions),
    "fixtures": ("the bundled recordings", _fixtures),
    "models": ("Whisper models: list, download, check", _models),
    "devices": ("microphones and loudspeakers: list, choose, check", _devices),
    "doctor": ("is everything set up?", _doctor),
    "browser": ("the screens in a browser on this machine", _browser),
    "bench": ("speed of the engines on this machine", _bench),
}
