"""Flags and groups that several commands share. No imports at run time (see `parsers`)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    Group = argparse._SubParsersAction[argparse.ArgumentParser]

STT = ("auto", "whisper", "pocketsphinx", "remote")
FOLLOWUPS = ("offline", "llm")
VOICES = ("pyttsx3", "remote", "piper", "none")


def group(parser: argparse.ArgumentParser) -> Group:
    """Of the commands below a command."""
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def command(group: Group, name: str, handler: str, text: str) -> argparse.ArgumentParser:
    """One of them, with its help."""
    made = group.add_parser(name, help=text, description=text)
    made.set_defaults(handler=handler)
    return made


def json(parser: argparse.ArgumentParser) -> None:
    """`--json`."""
    parser.add_argument("--json", action="store_true", help="machine-readable output")


def stt(parser: argparse.ArgumentParser) -> None:
    """Who hears."""
    parser.add_argument("--stt", choices=STT, help="recogniser")
    parser.add_argument("--model", metavar="M", help="a Whisper model by name or folder")


def server(parser: argparse.ArgumentParser) -> None:
    """The OpenAI-compatible server."""
    parser.add_argument(
        "--base-url",
        metavar="URL",
        help="an OpenAI-compatible server: a URL, openai, ollama, llama.cpp, vllm or lmstudio",
    )
    parser.add_argument("--llm-model", metavar="M", help="the language model, by its name there")


def engines(parser: argparse.ArgumentParser) -> None:
    """Who hears, probes and speaks."""
    stt(parser)
    parser.add_argument("--followups", choices=FOLLOWUPS, help="who finds the follow-ups")
    server(parser)
    parser.add_argument("--voice", choices=VOICES, help="who speaks")


def session(parser: argparse.ArgumentParser) -> None:
    """What a session in virtual time depends on."""
    parser.add_argument("--seed", type=int, default=None, help="choice of questions and wordings")
    parser.add_argument(
        "--latency",
        default="measured",
        metavar="MODEL",
        help="model time in virtual time: measured (default), zero, or fixed:SECONDS",
    )
    json(parser)


def devices_named(parser: argparse.ArgumentParser) -> None:
    """Microphone and loudspeaker."""
    parser.add_argument(
        "--microphone",
        metavar="NAME",
        help="a microphone by its name or a part of it; '' for the system's default",
    )
    parser.add_argument("--loudspeaker", metavar="NAME", help="the same of a loudspeaker")
