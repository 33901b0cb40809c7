"""Errors meant for the person at the terminal: one sentence, what to do next, an exit code."""

from __future__ import annotations


class Exit:
    """Exit codes of the command line; scripts depend on them. Numbers: enum is slow to load."""

    OK = 0
    FAILED = 1
    USAGE = 2
    BAD_INPUT = 3
    MISSING = 4
    """A device or a model is not there."""


class CopilotError(Exception):
    """Something the user can understand and act on.

    `message` says in one sentence what is wrong, `hint` what to do next. Neither may hold a key
    or words of a transcript.
    """

    exit_code: int = Exit.FAILED

    def __init__(self, message: str, hint: str = "", exit_code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        if exit_code is not None:
            self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class BadInput(CopilotError):
    """A file, an identifier or a text given by the user cannot be used (exit code 3)."""

    exit_code = Exit.BAD_INPUT


class Missing(CopilotError):
    """A device, a model or a package that the command needs is not there (exit code 4)."""

    exit_code = Exit.MISSING


class UsageError(CopilotError):
    """The command line itself is wrong (exit code 2)."""

    exit_code = Exit.USAGE
