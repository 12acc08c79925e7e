"""What goes wrong in a request, and the one body that every error has.

A handler raises; the shell turns it into a reply here, so that no surface has error shapes of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

import msgspec

from penstock import feel
from penstock.bpmn import Finding
from penstock.kernel.failures import Rejected, RejectedKind
from penstock.runtime.deployments import Refused
from penstock.runtime.drafts import Locked
from penstock.runtime.requests import Busy, Unavailable


class TextPlace(msgspec.Struct, frozen=True):
    """A place in an expression."""

    position: int
    """Characters before it, from the beginning of the text."""
    line: int
    """From 1."""
    column: int
    """From 1."""


class FieldProblem(msgspec.Struct, frozen=True):
    """A value that a form does not accept."""

    path: str
    """Where it is, such as `items[2].amount`; positions count from 1."""
    message: str
    """What is wrong, with the label of the field."""


class ErrorBody(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """The body of every error."""

    status: int
    """The HTTP status."""
    status_reason: str
    """Its standard phrase."""
    message: str
    """What is wrong, with which name, and what would be right."""
    toe: str
    """The id of the request, as in its `X-Request-ID` header and in the server's log."""
    findings: list[Finding] | None = None
    """Where a model is at fault: everything that is wrong with it."""
    place: TextPlace | None = None
    """Where an expression is at fault: the place."""
    fields: list[FieldProblem] | None = None
    """Where a form does not accept what was entered: each value that is at fault."""


class ApiError(Exception):
    """A request that cannot be answered as asked.

    Args:
        status: the HTTP status of the reply, 400 or higher.
        message: a sentence that names the thing, the place and the remedy.
        headers: further headers of the reply.
        findings: where a model is at fault, all that was found.
        place: where an expression is at fault, the place.
        fields: where a form does not accept what was entered, each value at fault.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        headers: Sequence[tuple[str, str]] = (),
        findings: Sequence[Finding] | None = None,
        place: TextPlace | None = None,
        fields: Sequence[FieldProblem] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = tuple(headers)
        self.findings = findings
        self.place = place
        self.fields = fields

    def body(self, request_id: str) -> ErrorBody:
        """Give the body of the reply."""
        findings = None if self.findings is None else list(self.findings)
        fields = None if self.fields is None else list(self.fields)
        phrase = HTTPStatus(self.status).phrase
        return ErrorBody(self.status, phrase, self.message, request_id, findings, self.place, fields)


def bad_request(message: str) -> ApiError:
    """Give the error for a request that is wrong in itself."""
    return ApiError(400, message)


def not_found(message: str) -> ApiError:
    """Give the error for a name or key that nothing has."""
    return ApiError(404, message)


_STATUS_OF: Final[dict[RejectedKind, int]] = {
    "not_found": 404,
    "conflict": 409,
    "invalid": 400,
    "too_many": 429,
}


def as_api_error(error: Exception) -> ApiError | None:
    """Give what the caller is told of an exception; None when it is a fault of the server."""
    match error:
        case ApiError():
            return error
        case Rejected():
            return ApiError(_STATUS_OF[error.kind], _sentence(error.message))
        case Locked():
            return ApiError(423, _sentence(str(error)))
        case Refused():
            return ApiError(422, _sentence(f"nothing was deployed: {error}"), findings=error.findings)
        case Busy() | Unavailable():
            return ApiError(503, _sentence(str(error)), headers=[("retry-after", "1")])
        case feel.FeelSyntaxError():
            return ApiError(400, str(error), place=TextPlace(error.position, error.line, error.column))
        case feel.FeelError():
            return bad_request(str(error))
        case _:
            return None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
