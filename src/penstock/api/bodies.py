"""Request bodies: read within a limit, of the right media type, not too deep, and decoded for the route.

The limits hold while a body comes in, so that nothing large or deep is ever built up.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec
from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Receive

from penstock.api.errors import ApiError, bad_request
from penstock.api.wording import said

MAX_FILES: Final = 1_000
LARGEST_EXPONENT: Final = 6_144


class Upload(msgspec.Struct, frozen=True):
    """A decoded multipart body."""

    files: Sequence[tuple[str, bytes]]
    """The name and content of every part named `file`."""
    fields: dict[str, str]
    """The other parts, which are texts."""


class Disconnected(Exception):
    """The client has gone, so there is nobody to answer."""


async def read_body(receive: Receive, headers: Headers, limit: int) -> bytes:
    """Read the whole body.

    Raises:
        ApiError: 413, it has more than `limit` bytes.
        Disconnected: the client went away before the end.
    """
    declared = headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        if len(body) > limit:
            raise _too_large(limit)
        return body
    return await _read_on(receive, [body], limit)


async def _read_on(receive: Receive, chunks: list[bytes], limit: int) -> bytes:
    size, more = len(chunks[0]), True
    while more:
        if size > limit:
            raise _too_large(limit)
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        more = message.get("more_body", False)
    if size > limit:
        raise _too_large(limit)
    return b"".join(chunks)


def _too_large(limit: int) -> ApiError:
    # The rest of the body is not read, so the connection cannot be used again.
    return ApiError(
        413, f"The body is too large: at most {limit} bytes are read.", headers=[("connection", "close")]
    )


# -- JSON ------------------------------------------------------------------------------------------


def json_decoder(type_: Any) -> msgspec.json.Decoder[Any]:
    """Give a decoder in which no decimal number loses a digit."""
    return msgspec.json.Decoder(type_, float_hook=_number)


def _number(text: str) -> Decimal:
    """Give a number that FEEL can hold: Decimal128, whose exponents end there (DMN 1.5, 10.3.2.1)."""
    number = Decimal(text)
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        raise ValueError(f"the number {text} is out of range")
    return number


_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""A NUL as JSON writes it, behind no other backslash that it belongs to. PostgreSQL's texts hold none."""


def decode_json(
    decoder: msgspec.json.Decoder[Any], body: bytes, content_type: str | None, depth_limit: int
) -> Any:
    """Decode a JSON body. An empty one counts as an empty object, and one without a media type as JSON.

    Raises:
        ApiError: 415, it is said to be something else; 400, it is no JSON, too deep or not of the type.
    """
    if content_type is not None and not _is_json(content_type):
        raise ApiError(
            415,
            f"The body must be JSON: send it with the Content-Type application/json, not '{content_type}'.",
        )
    if body.count(b"[") + body.count(b"{") > depth_limit:
        _check_depth(body, depth_limit)
    if b"u0000" in body and _NUL.search(body):
        raise bad_request("The body has a NUL character (\\u0000), which no text may hold: leave it out.")
    try:
        return decoder.decode(body or b"{}")
    except msgspec.ValidationError as error:
        raise bad_request(f"The body is wrong: {said(error, decoder.type)}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_request(f"The body is not JSON: {error}.") from error
    except ValueError as error:
        raise bad_request(f"The body is wrong: {error}.") from error


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json") or not media_type


_STRING_OR_BRACKET: Final = re.compile(rb'"(?:[^"\\]|\\.)*+"|([\[{])|([\]}])', re.DOTALL)


def _check_depth(body: bytes, limit: int) -> None:
    depth = 0
    for match in _STRING_OR_BRACKET.finditer(body):
        depth += (match[1] is not None) - (match[2] is not None)
        if depth > limit:
            raise bad_request(f"The body is nested too deep: at most {limit} arrays and objects.")


# -- multipart -------------------------------------------------------------------------------------


async def decode_upload(body: bytes, headers: Headers) -> Upload:
    """Decode a multipart body.

    Raises:
        ApiError: 415, it is said to be something else; 400, it cannot be read.
    """
    content_type = headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "multipart/form-data":
        raise ApiError(415, "The body must be multipart/form-data with its files in parts named `file`.")
    parser = MultiPartParser(headers, _as_stream(body), max_files=MAX_FILES, max_part_size=len(body))
    try:
        form = await parser.parse()
    except (MultiPartException, KeyError) as error:
        reason = error.message if isinstance(error, MultiPartException) else "its boundary is missing"
        raise bad_request(f"The body is no multipart/form-data: {reason}") from error
    try:
        return await _upload(form)
    finally:
        await form.close()


async def _upload(form: FormData) -> Upload:
    files: list[tuple[str, bytes]] = []
    fields: dict[str, str] = {}
    for name, part in form.multi_items():
        if isinstance(part, str):
            fields[name] = part
        elif name == "file":
            files.append((part.filename or "", await part.read()))
        else:
            raise bad_request(f"A file is in a part named '{name}': files go in parts named `file`.")
    return Upload(files, fields)


async def _as_stream(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body
