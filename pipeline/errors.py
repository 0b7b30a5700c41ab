"""The few exceptions that staff may ever see, each a sentence and a remedy in Indonesian.

A mistake in a draft is never an exception: it is a ``Finding`` (see ``model``). Anything raised that is not a
``PipelineError`` is a bug; the command line turns it into one short line and a report in a file.
"""

from __future__ import annotations


class PipelineError(Exception):
    """Work can't go on. ``message`` says what and where, ``hint`` what to do; both are plain Indonesian."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigurationError(PipelineError):
    """The office's data, the machine or the repository is not in order (exit code 2)."""

    exit_code = 2


class Refused(PipelineError):
    """The procedure says no. ``code`` names the reason for machines and tests; nothing was changed."""

    def __init__(self, message: str, *, hint: str, code: str) -> None:
        super().__init__(message, hint=hint)
        self.code = code
