"""What an answer, or none, means: typed errors, before the generated code sees it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast

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
from ..exchange import current_exchange

if TYPE_CHECKING:
    from collections.abc import Generator

ATTEMPTS = "mijnklantportaal_attempts"
"""The request's extension that counts how often it was sent."""

_MESSAGE_LENGTH = 300

_STATUS_ERRORS: dict[int, type[StatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    426: UpgradeRequiredError,
    429: RateLimitError,
}


@contextmanager
def typed_errors(request: httpx.Request) -> Generator[None]:
    """Types what httpx raises; takes the key off the request, which errors and answers carry on."""
    try:
        try:
            yield
        except httpx.TimeoutException as error:
            kind = type(error).__name__.removesuffix("Timeout").lower()
            raise RequestTimeoutError(f"no answer in time ({kind})", request=request) from error
        except httpx.DecodingError as error:
            raise ContractError("the answer's encoding is broken", request=request) from error
        except httpx.RequestError as error:
            why = str(error).rstrip(".") or type(error).__name__
            raise ConnectionFailedError(f"no answer: {why}", request=request) from error
    except RequestError as error:
        error.attempts = request.extensions.get(ATTEMPTS, 0)
        raise
    finally:
        request.headers.pop("Authorization", None)


def checked(response: httpx.Response) -> httpx.Response:
    """The answer, if it is a good one.

    Raises:
        StatusError: Its status is not 2xx.
        ContractError: It is HTML, which no operation of the API answers.
    """
    if not response.is_success:
        raise status_error(response)
    if response.headers.get("content-type", "").lower().startswith("text/html"):
        raise ContractError(
            f"the API answered {response.status_code} with HTML, not JSON",
            request=response.request,
            response=response,
        )
    exchange = current_exchange()
    if exchange is not None:
        exchange.request, exchange.response = response.request, response
    return response


def status_error(response: httpx.Response) -> StatusError:
    """The error for an answer whose status is not 2xx."""
    status, request = response.status_code, response.request
    key = request.headers.get("Authorization", "").removeprefix("Bearer ")
    body = _json(response)
    message = _one_line(body.get("message"), key)
    fields = _field_errors(body.get("errors"), key) if status == 422 else {}
    what = " ".join(filter(None, (str(status), httpx.codes.get_reason_phrase(status))))
    said = f"invalid: {', '.join(fields)}" if fields else message
    error_class = _STATUS_ERRORS.get(status, ServerError if status >= 500 else StatusError)
    error = error_class(
        f"{what}: {said}" if said else what, request=request, response=response, server_message=message
    )
    if isinstance(error, ValidationError):
        error.errors = fields
    if isinstance(error, RateLimitError):
        now = time.time()
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
    """Laravel's `errors`: a list of messages for each field."""
    if not isinstance(errors, dict):
        return {}
    by_field = cast("dict[str, object]", errors)
    lists = {field: cast("list[object]", said) for field, said in by_field.items() if isinstance(said, list)}
    return {field: [_one_line(each, key) or "" for each in said] for field, said in lists.items()}


def _one_line(message: object, key: str) -> str | None:
    """A server's message on one line, cut to a sane length, the key masked."""
    if not isinstance(message, str) or not message.strip():
        return None
    if key:
        message = message.replace(key, "[secure]")
    return " ".join(message.split()).rstrip(".")[:_MESSAGE_LENGTH]
