"""What a failure says, in plain words, and with which exit status: pure."""

from __future__ import annotations

import click

FINDINGS, USAGE, AUTHENTICATION, RATE_LIMIT, TROUBLE, INTERRUPTED = 1, 2, 3, 4, 5, 130

_OWN_WORDS = {
    "pass api_key= or set MIJNKLANTPORTAAL_API_KEY": "set MIJNKLANTPORTAAL_API_KEY or use --api-key-file",
    "timeout must be seconds above 0, or an httpx.Timeout": "--timeout must be seconds above 0",
    "base_url": "MIJNKLANTPORTAAL_BASE_URL",
    "give the portal a longer timeout": "wait longer with --timeout",
    "longer than max_wait": "longer than this command waits",
}

STATUSES = """\b
Exit status:
  0    all went well
  1    the contract check found something
  2    the command, a setting or a file cannot be right
  3    there is no API key, or the API refuses it
  4    the rate limit is reached, and waiting did not help
  5    the network, the API or this program failed
  130  interrupted with Ctrl-C
"""


class Failure(click.ClickException):
    """A failure whose words and status are known where it happens."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class ReaderGone(Exception):  # noqa: N818 - not an error: `| head` has had what it wanted
    """Whoever read standard output reads no more."""


def explain(error: BaseException) -> tuple[int, str]:  # noqa: PLR0911 - one for each kind of failure
    """The exit status of an error, and one or two lines that say what, where, and what to do next."""
    from mijnklantportaal import (
        AuthenticationError,
        ConfigurationError,
        MijnKlantportaalError,
        PermissionDeniedError,
        RateLimitError,
    )

    match error:
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "mijnklantportaal"
            return USAGE, f"Error: {_sentence(error.format_message())} See: {command} --help"
        case Failure():
            return error.status, error.message
        case click.Abort():
            return INTERRUPTED, "Interrupted."
        case click.ClickException():
            return USAGE, f"Error: {_sentence(error.format_message())}"
        case AuthenticationError() | PermissionDeniedError():
            return AUTHENTICATION, f"Error: {_own_words(error)}"
        case RateLimitError():
            return RATE_LIMIT, f"Error: {_own_words(error)}"
        case ConfigurationError():
            return USAGE, f"Error: {_own_words(error)}"
        case MijnKlantportaalError():
            return TROUBLE, f"Error: {_own_words(error)}"
        case OSError():
            where = f": {error.filename}" if error.filename else ""
            return USAGE, f"Error: {error.strerror or type(error).__name__}{where}."
        case _:  # its text could hold a customer's data
            kind = type(error).__name__
            return (
                TROUBLE,
                f"Error: this program failed ({kind}). Run it with --debug, and report what it says.",
            )


def printable(text: str) -> str:
    """The text without what a terminal would obey: a server's words, a customer's name."""
    return "".join(each if each.isprintable() or each == "\n" else " " for each in text)


def _own_words(error: Exception) -> str:
    """What the client says, but of the command's options and variables instead of Python's parameters."""
    words = str(error)
    for theirs, ours in _OWN_WORDS.items():
        words = words.replace(theirs, ours)
    return _sentence(words)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
