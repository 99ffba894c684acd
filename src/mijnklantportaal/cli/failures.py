"""Error messages of the command, and their exit statuses. No I/O."""

import click

FINDINGS, USAGE, AUTHENTICATION, RATE_LIMIT, TROUBLE, INTERRUPTED = 1, 2, 3, 4, 5, 130

_OWN_WORDS = {
    "pass api_key= or set MIJNKLANTPORTAAL_API_KEY": "set MIJNKLANTPORTAAL_API_KEY or use --api-key-file",
    ", or an httpx.Timeout": "",
    "timeout must be": "--timeout must be",
    "base_url": "MIJNKLANTPORTAAL_BASE_URL",
    "set a longer timeout or deadline": "wait longer with --timeout",
    "exceed max_wait": "be longer than this command waits",
    "Set a higher max_body_size": "List it from Python with a higher max_body_size",
}

STATUSES = """\b
Exit status:
  0    success
  1    the contract check found something
  2    the command line, a setting or a file is invalid
  3    there is no API key, or the API rejects it
  4    the rate limit is reached, and waiting did not help
  5    the network, the API or this program failed
  130  interrupted with Ctrl-C
"""


def explain(error: BaseException) -> tuple[int, str]:
    """Returns the exit status of an error, and a message with its notes: what happened, what to do next."""
    from mijnklantportaal import errors

    status, hint = USAGE, ""
    notes: list[str] = getattr(error, "__notes__", [])
    match error:
        case KeyboardInterrupt():
            return INTERRUPTED, " ".join(["Interrupted.", *notes])
        case click.ClickException():
            message = error.format_message()
            if isinstance(error, click.UsageError) and error.ctx:
                hint = f" See: {error.ctx.command_path} --help"
        case errors.MijnKlantportaalError():
            statuses: dict[type[Exception], int] = {
                errors.AuthenticationError: AUTHENTICATION,
                errors.PermissionDeniedError: AUTHENTICATION,
                errors.RateLimitError: RATE_LIMIT,
                errors.ConfigurationError: USAGE,
            }
            status, message = statuses.get(type(error), TROUBLE), str(error)
            for theirs, ours in _OWN_WORDS.items():
                message = message.replace(theirs, ours)
        case OSError():
            message = error.strerror or type(error).__name__
            message += f": {error.filename}" if error.filename else ""
        case ImportError():  # an extra is missing
            message = str(error)
        case _:  # its message could contain a customer's data
            status, message = TROUBLE, f"this program failed ({type(error).__name__})"
            message += ". Run it with --debug and report the output"
    period = "" if message.endswith((".", "?", "!")) else "."
    return status, "\n".join([f"Error: {message}{period}{hint}", *notes])


def printable(text: str) -> str:
    """Returns the text with control characters, which a terminal would obey, as JSON escapes."""
    from json import dumps

    return "".join(each if each.isprintable() or each == "\n" else dumps(each)[1:-1] for each in text)
