"""What a server can answer that it should not, byte for byte."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

MIB = 1024 * 1024
GIB = 1024 * MIB
CUSTOMER_ID = "cst_abc12345def678"
AFTER_ID = "cst_after"
CUSTOMER: dict[str, Any] = {
    "id": CUSTOMER_ID,
    "companyName": "Test Company BV",
    "address": "Teststreet 123",
    "zipCode": "1234AB",
    "city": "Amsterdam",
    "countryCode": "NL",
    "primaryEmail": "john.doe@test.com",
    "phone": None,
    "integration": None,
    "integrationId": None,
    "customerGroups": [],
    "createdAt": "2024-04-28T21:00:00+02:00",
}
# Also a file and an appointment, so that one answer fits each of the calls.
FILE = {"name": "a.pdf", "type": "file", "size": 1, "parentId": None, "mimeType": "application/pdf"}
APPOINTMENT = {
    "customerId": None,
    "attendeeName": "John Doe",
    "attendeeEmail": "john.doe@test.com",
    "startsAt": "2024-04-28T21:00:00+02:00",
    "endsAt": "2024-04-28T22:00:00+02:00",
    "status": "canceled",
    "onlineMeetingLink": None,
}
EVERYTHING = CUSTOMER | FILE | APPOINTMENT
GOOD = json.dumps(EVERYTHING).encode()
MESSAGE = b'{"message": "No."}'

GZIP = "Content-Encoding: gzip"
DEFLATE = "Content-Encoding: deflate"
JSON = "Content-Type: application/json"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def answer(status: str, body: bytes = b"", *headers: str, length: int | None = None) -> bytes:
    """A whole answer, or one that lies about its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def chunk(data: bytes, extension: bytes = b"") -> bytes:
    """One piece of a chunked body; an empty one is its end."""
    return b"%x%s\r\n%s\r\n" % (len(data), extension, data)


def raw_deflate(data: bytes) -> bytes:
    """Deflate without a header, as some servers send it."""
    compress = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compress.compress(data) + compress.flush()


@cache
def bomb() -> bytes:
    """The greater part of a gzip file: 1 GiB of nothing in 1 MiB."""
    compress = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    start = compress.compress(b"") + compress.flush(zlib.Z_FULL_FLUSH)
    # After a full flush the compressor knows nothing of what was before, so one block can follow itself.
    return start + (compress.compress(bytes(MIB)) + compress.flush(zlib.Z_FULL_FLUSH)) * 1024


def _with(**changes: Any) -> bytes:
    return json.dumps(EVERYTHING | changes).encode()


def _extended(text: bytes) -> bytes:
    """The good object with a member that Python's own writer would not write."""
    return GOOD[:-1] + b', "more": ' + text + b"}"


def _wrong_checksum() -> bytes:
    data = bytearray(gzip.compress(GOOD))
    data[-8] ^= 1
    return bytes(data)


_BROKEN_GZIP = b"\x1f\x8b\x08" + bytes(range(200))
_HTML = "Content-Type: text/html"

GOOD_ANSWERS: dict[str, Callable[[], bytes]] = {
    "ok": lambda: answer("200 OK", GOOD, JSON),
    "after": lambda: answer("200 OK", _with(id=AFTER_ID), JSON),
    "created": lambda: answer("201 Created", GOOD, JSON),
    "status_299": lambda: answer("299 Odd", GOOD),
    "no_reason": lambda: answer("200", GOOD),
    "gzip": lambda: answer("200 OK", gzip.compress(GOOD), JSON, GZIP),
    "gzip_in_capitals": lambda: answer("200 OK", gzip.compress(GOOD), "content-encoding: GZIP"),
    "identity": lambda: answer("200 OK", GOOD, "Content-Encoding: identity"),
    "deflate": lambda: answer("200 OK", zlib.compress(GOOD), DEFLATE),
    "raw_deflate": lambda: answer("200 OK", raw_deflate(GOOD), DEFLATE),
    "chunked": lambda: CHUNKED + chunk(GOOD) + chunk(b""),
    "chunk_extension": lambda: CHUNKED + chunk(GOOD[:9], b";a=b") + chunk(GOOD[9:]) + b"0\r\nX-Sum: 1\r\n\r\n",
    "both_framings": lambda: answer("200 OK", chunk(GOOD) + chunk(b""), "Transfer-Encoding: chunked", length=7),
    "same_length_twice": lambda: answer("200 OK", GOOD, f"Content-Length: {len(GOOD)}"),
    "http_10": lambda: b"HTTP/1.0 200 OK\r\n\r\n" + GOOD,
    "no_length": lambda: b"HTTP/1.1 200 OK\r\n\r\n" + GOOD,
    "connection_close": lambda: answer("200 OK", GOOD, "Connection: close"),
    "early_hints": lambda: b"HTTP/1.1 103 Early Hints\r\n\r\n" + answer("200 OK", GOOD),
    "many_1xx": lambda: b"HTTP/1.1 102 Processing\r\n\r\n" * 100 + answer("200 OK", GOOD),
    "unknown_1xx": lambda: b"HTTP/1.1 199 Odd\r\n\r\n" + answer("200 OK", GOOD),
    "long_header": lambda: answer("200 OK", GOOD, "X-Long: " + "x" * 60_000),
    "cookie": lambda: answer("200 OK", GOOD, "Set-Cookie: session=secret", "Set-Cookie: b=c", "X-Request-Id: req-7"),
    "bom": lambda: answer("200 OK", b"\xef\xbb\xbf" + GOOD),
    "duplicate_keys": lambda: answer("200 OK", b'{"id": "cst_first", ' + GOOD[1:]),
    "huge_number": lambda: answer("200 OK", _extended(b"-1.5E+999999999")),
    "long_integer": lambda: answer("200 OK", _extended(b"9" * 5000)),
    "lone_surrogate": lambda: answer("200 OK", _with(companyName="\ud83d")),
    # More than was asked for, which the next call must not take for its answer.
    "two_answers": lambda: answer("200 OK", GOOD, JSON) * 2,
    "chunked_and_more": lambda: CHUNKED + chunk(GOOD) + chunk(b"") + answer("408 Request Timeout"),
    "junk_after_answer": lambda: answer("200 OK", GOOD, JSON) + b"\r\n\x00junk",
}

BAD_ANSWERS: dict[str, Callable[[], bytes]] = {
    "junk": lambda: b"SSH-2.0-OpenSSH_9.6\r\n",
    "binary_junk": lambda: bytes(range(256)) * 8,
    "http_09": lambda: GOOD,
    "cut_headers": lambda: b"HTTP/1.1 200 OK\r\nContent-Le",
    "header_without_colon": lambda: b"HTTP/1.1 200 OK\r\nContent-Length 3\r\n\r\n{}\n",
    "header_with_nul": lambda: answer("200 OK", GOOD, "X-Odd: \0"),
    "many_headers": lambda: b"HTTP/1.1 200 OK\r\n" + b"X-Header: more of it\r\n" * 20_000,
    "status_099": lambda: answer("099 Less", GOOD),
    "status_1000": lambda: answer("1000 More", GOOD),
    "cut_200": lambda: answer("200 OK", GOOD[:20], length=len(GOOD)),
    "cut_204": lambda: answer("204 No Content", b"")[:-2],
    "cut_303": lambda: answer("303 See Other", b"x", "Location: /ok/elsewhere", length=100),
    "cut_404": lambda: answer("404 Not Found", MESSAGE[:9], length=len(MESSAGE)),
    "cut_422": lambda: answer("422 Unprocessable", MESSAGE[:9], length=len(MESSAGE)),
    "cut_429": lambda: answer("429 Too Many Requests", MESSAGE[:9], length=len(MESSAGE)),
    "cut_500": lambda: answer("500 Internal Server Error", MESSAGE[:9], length=len(MESSAGE)),
    "cut_chunked": lambda: CHUNKED + chunk(GOOD),
    "bad_chunk": lambda: CHUNKED + b"zzz\r\n",
    "chunk_too_long": lambda: CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD) + 9, GOOD),
    "chunk_too_short": lambda: CHUNKED + b"%x\r\n%s\r\n0\r\n\r\n" % (len(GOOD) - 9, GOOD),
    "chunk_of_exabytes": lambda: CHUNKED + b"ffffffffffffffff\r\n" + GOOD,
    "length_too_long": lambda: answer("200 OK", GOOD, length=len(GOOD) + 1),
    "length_too_short": lambda: answer("200 OK", GOOD, length=len(GOOD) - 1),
    "length_odd": lambda: b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + GOOD,
    "length_negative": lambda: answer("200 OK", GOOD, length=-1),
    "two_lengths": lambda: answer("200 OK", GOOD, "Content-Length: 3"),
    "html_200": lambda: answer("200 OK", b"<html>Log in</html>", _HTML),
    "html_502": lambda: answer("502 Bad Gateway", b"<html>Bad Gateway</html>", _HTML),
    "empty_200": lambda: answer("200 OK"),
    "blank_200": lambda: answer("200 OK", b" \r\n"),
    "status_101": lambda: b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: chat\r\nConnection: Upgrade\r\n\r\n",
    "status_204": lambda: b"HTTP/1.1 204 No Content\r\n\r\n",
    "status_303": lambda: answer("303 See Other", b"", "Location: /ok/elsewhere"),
    "status_304": lambda: b"HTTP/1.1 304 Not Modified\r\n\r\n",
    "status_308": lambda: answer("308 Permanent Redirect", b"", "Location: /ok/elsewhere"),
    "bad_location": lambda: answer("302 Found", b"", "Location: http://[what:/"),
    "status_400": lambda: answer("400 Bad Request", b"<html>nginx</html>", _HTML),
    "status_401": lambda: answer("401 Unauthorized", b"\xff\xfe"),
    "status_403": lambda: answer("403 Forbidden"),
    "status_404": lambda: answer("404 Not Found", MESSAGE),
    "gzip_404": lambda: answer("404 Not Found", gzip.compress(MESSAGE), GZIP),
    "broken_gzip_404": lambda: answer("404 Not Found", _BROKEN_GZIP, GZIP),
    "deep_404": lambda: answer("404 Not Found", b"[" * MIB),
    "bomb_404": lambda: answer("404 Not Found", bomb(), GZIP),
    "status_408": lambda: answer("408 Request Timeout"),
    "status_409": lambda: answer("409 Conflict", MESSAGE),
    "status_418": lambda: answer("418 I'm a Teapot"),
    "status_422": lambda: answer("422 Unprocessable", b'{"message": "No.", "errors": {"city": ["No."]}}'),
    "status_426": lambda: answer("426 Upgrade Required", MESSAGE),
    "status_429": lambda: answer("429 Too Many Requests", b'{"code": 429, "message": "Too many requests."}'),
    "status_500": lambda: answer("500 Internal Server Error", MESSAGE),
    "large_500": lambda: answer("500 Internal Server Error", b"x" * (2 * MIB)),
    "status_503": lambda: answer("503 Service Unavailable"),
    "status_520": lambda: answer("520 <none>", b"error code: 520"),
    "status_999": lambda: answer("999 Request denied"),
    "broken_gzip": lambda: answer("200 OK", _BROKEN_GZIP, GZIP),
    "no_gzip": lambda: answer("200 OK", GOOD, GZIP),
    "short_gzip": lambda: answer("200 OK", gzip.compress(GOOD)[:-9], GZIP),
    "gzip_checksum": lambda: answer("200 OK", _wrong_checksum(), GZIP),
    "gzip_twice": lambda: answer("200 OK", gzip.compress(gzip.compress(GOOD)), "Content-Encoding: gzip, gzip"),
    "brotli": lambda: answer("200 OK", b"\x0b\x02\x80{}\x03", "Content-Encoding: br"),
    "bomb": lambda: answer("200 OK", bomb(), GZIP),
    "tail_after_gzip": lambda: answer("200 OK", gzip.compress(b"{}") + bytes(2 * MIB), GZIP),
    "large": lambda: answer("200 OK", b'{"a": "' + b"x" * (2 * MIB) + b'"}'),
    "not_utf8": lambda: answer("200 OK", GOOD.replace(b"Test", b"T\xe9st"), JSON),
    "utf16": lambda: answer("200 OK", GOOD.decode().encode("utf-16"), JSON),
    "a_list": lambda: answer("200 OK", b"[1, 2]", JSON),
    "a_null": lambda: answer("200 OK", b"null", JSON),
    "a_number": lambda: answer("200 OK", b"12.95", JSON),
    "two_values": lambda: answer("200 OK", GOOD + GOOD, JSON),
    "nan": lambda: answer("200 OK", GOOD.replace(b'"NL"', b"NaN"), JSON),
    "infinity": lambda: answer("200 OK", _extended(b"-Infinity"), JSON),
    "deep": lambda: answer("200 OK", b"[" * MIB, JSON),
    "deep_inside": lambda: answer("200 OK", _extended(b"[" * 500 + b"]" * 500), JSON),
}

PLAIN = GOOD_ANSWERS | BAD_ANSWERS
# A whole answer leaves the connection open. Closing it unannounced would race with the next request on it, which is a
# fault of its own: `lost_when_reused`.
_ODD = """
    html_502 large_500 deep_404 gzip_404 broken_gzip_404 bad_location length_too_short chunk_too_short html_200
    empty_200 blank_200 broken_gzip no_gzip short_gzip gzip_checksum gzip_twice brotli not_utf8 utf16 a_list a_null
    a_number two_values nan infinity deep deep_inside
"""
WHOLE = frozenset(_ODD.split()) | {
    name
    for name in PLAIN
    if (name in GOOD_ANSWERS and name not in {"http_10", "no_length", "connection_close"})
    or (name.startswith("status_") and name not in {"status_101", "status_099", "status_1000"})
}

_BLOCK = bytes(64 * 1024)


def _repeated(start: bytes, block: bytes, times: int | None = None) -> Iterator[bytes]:
    """A start, and then the same again and again."""
    yield start
    while times is None or times > 0:
        yield block
        times = None if times is None else times - 1


STREAMS: dict[str, Callable[[], Iterator[bytes]]] = {
    "gib": lambda: _repeated(answer("200 OK", length=GIB), _BLOCK, GIB // len(_BLOCK)),
    "gib_chunked": lambda: _repeated(CHUNKED, chunk(_BLOCK), GIB // len(_BLOCK)),
    "gib_500": lambda: _repeated(answer("500 Internal Server Error", length=GIB), _BLOCK, GIB // len(_BLOCK)),
    "endless": lambda: _repeated(b"HTTP/1.1 200 OK\r\n\r\n", _BLOCK),
    "endless_gzip": lambda: _repeated(
        b"HTTP/1.1 200 OK\r\n" + f"{GZIP}\r\n\r\n".encode() + gzip.compress(b"{}"), _BLOCK
    ),
    "endless_headers": lambda: _repeated(b"HTTP/1.1 200 OK\r\n", b"X-Header: more of it\r\n" * 100),
    "endless_header": lambda: _repeated(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x" * 1000),
}
DRIPS: dict[str, Callable[[], Iterator[bytes]]] = {
    "drip": lambda: _repeated(answer("200 OK", length=GIB), b" "),
    "drip_head": lambda: _repeated(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"),
    "drip_1xx": lambda: _repeated(b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "drip_404": lambda: _repeated(answer("404 Not Found", length=GIB), b" "),
}
