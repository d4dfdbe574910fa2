"""A portal of files as long as they are asked for, which keeps none of them; each command is a process of its own.

python -m proof.big_files_server: prints its port, and ends with its standard input.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_BLOCK = 256 * 1024
_ANSWER = {"id": "fsf_abc12345678", "type": "file", "mime": "application/octet-stream", "size": 0}
_ANSWER["createdAt"] = "2024-04-28T21:00:00+02:00"


def blocks(size: int) -> Iterator[bytes]:
    """Content of so many bytes, of which no part is like another."""
    filler = bytes(range(256)) * (_BLOCK // 256)
    for start in range(0, size, _BLOCK):
        yield (start.to_bytes(8, "big") + filler)[: min(_BLOCK, size - start)]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Takes an upload, and gives the hash of its file for its name."""
        boundary = re.findall("boundary=(.+)", self.headers["content-type"])[0].encode()
        end = b"\r\n--" + boundary + b"--\r\n"
        pending = b""
        digest = hashlib.blake2b()
        body = self._body()
        while b"\r\n\r\n" not in pending:
            pending += next(body)
        pending = pending.partition(b"\r\n\r\n")[2]
        for chunk in body:
            digest.update(pending[: max(0, len(pending) - len(end))])
            pending = pending[max(0, len(pending) - len(end)) :] + chunk
        whole = pending.endswith(end)
        digest.update(pending.removesuffix(end))
        name = digest.hexdigest() if whole else "not whole"
        self._answer({**_ANSWER, "name": name}, 201)

    def do_GET(self) -> None:
        """Gives a link, and what it points to."""
        size = re.fullmatch(r"/blob/(\d+)", self.path)
        if size is None:
            port = self.connection.getsockname()[1]
            link = f"http://127.0.0.1:{port}/blob/{self.headers['x-size']}"
            self._answer({"link": link, "expiresAt": "2099-01-01T00:00:00+02:00"}, 200)
            return
        self.send_response(200)
        self.send_header("Content-Length", size[1])
        self.end_headers()
        for block in blocks(int(size[1])):
            self.wfile.write(block)

    def _body(self) -> Iterator[bytes]:
        if "content-length" in self.headers:
            rest = int(self.headers["content-length"])
            while rest:
                chunk = self.rfile.read1(min(rest, _BLOCK))
                if not chunk:
                    return
                rest -= len(chunk)
                yield chunk
            return
        while length := int(self.rfile.readline(), 16):
            yield self.rfile.read(length)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, value: Any, status: int) -> None:
        content = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Says nothing."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
