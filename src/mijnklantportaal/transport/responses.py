"""Typed errors for what a transport returned or raised, before the generated code sees it."""

from __future__ import annotations

import re
from typing import NoReturn, cast

import httpx

from .. import quota
from ..errors import (
    AuthenticationError,
    ConflictError,
    ConnectionFailedError,
    ContractError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    UpgradeRequiredError,
    ValidationError,
)

_MESSAGE_LENGTH = 300
_MASK = "[secure]"
_QUOTED = re.compile(r""":? (bytearray\()?b['"]""")

_STATUS_ERRORS: dict[int, type[StatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    426: UpgradeRequiredError,
    429: RateLimitError,
}
_HTTPX_ERRORS: dict[type, type[RequestError]] = {
    httpx.TimeoutException: RequestTimeoutError,
    httpx.RequestError: ConnectionFailedError,
}


class DeadlineTimeout(httpx.TimeoutException):
    """An attempt took longer than its deadline."""


def raise_typed(error: BaseException, request: httpx.Request) -> NoReturn:
    """Raises the typed error for what a transport raised; the most specific class decides which."""
    known = next((kind for kind in type(error).__mro__ if kind in _HTTPX_ERRORS), None)
    if known is None:
        raise error
    name = type(error).__name__
    cause: BaseException | None = error
    if known is httpx.TimeoutException:
        what = f"timed out ({name.removesuffix('Timeout').lower()})"
    else:
        said = str(error).rstrip(".")
        if isinstance(error, httpx.RemoteProtocolError):
            # It can quote what the server sent, such as a customer's data.
            said, cause = _QUOTED.split(said)[0], None
        what = f"no response: {said or name}"
    raise _HTTPX_ERRORS[known](what, request=request) from cause


def checked(response: httpx.Response, now: float) -> httpx.Response:
    """Returns the response if it is successful.

    Args:
        response: The response.
        now: UNIX seconds, by the portal's clock.

    Raises:
        StatusError: The status is not 2xx.
        ContractError: It is HTML, which no operation of the API returns.
    """
    if not response.is_success:
        raise status_error(response, now)
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise ContractError(
            f"the API responded with {response.status_code} and HTML, not JSON",
            request=response.request,
            response=response,
        )
    return response


def status_error(response: httpx.Response, now: float) -> StatusError:
    """Returns the error for a response with a status other than 2xx; `now` as above."""
    status, request = response.status_code, response.request
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    body = _json(response)
    message = _one_line(body.get("message"), key)
    fields = _field_errors(body.get("errors"), key) if status == 422 else {}
    what = " ".join(filter(None, (str(status), httpx.codes.get_reason_phrase(status))))
    said = _one_line(f"invalid: {', '.join(fields)}", key) if fields else message
    error_class = _STATUS_ERRORS.get(status, ServerError if status >= 500 else StatusError)
    error = error_class(
        f"{what}: {said}" if said else what, request=request, response=response, server_message=message
    )
    if isinstance(error, ValidationError):
        error.errors = fields
    if isinstance(error, RateLimitError):
        error.retry_after = quota.retry_after(response.headers, now)
        error.resets_at = quota.resets_at(response.headers, now)
    return error


def _json(response: httpx.Response) -> dict[str, object]:
    try:
        body = cast("object", response.json())
    except (ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def _field_errors(errors: object, key: str) -> dict[str, list[str]]:
    """Returns the `errors` of a Laravel response: a list of messages for each field."""
    if not isinstance(errors, dict):
        return {}
    by_field = cast("dict[str, object]", errors)
    lists = {field: cast("list[object]", said) for field, said in by_field.items() if isinstance(said, list)}
    return {
        (field.replace(key, _MASK) if key else field): [_one_line(each, key) or "" for each in said]
        for field, said in lists.items()
    }


def _one_line(message: object, key: str) -> str | None:
    """Returns a server's message on one line, shortened, without control characters and the key."""
    if not isinstance(message, str) or not message.strip():
        return None
    if key:
        message = message.replace(key, _MASK)
    printable = "".join(each if each.isprintable() else " " for each in message)
    return " ".join(printable.split()).rstrip(".")[:_MESSAGE_LENGTH]
