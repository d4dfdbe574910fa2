"""A small server that answers every operation of the API from the contract's own examples.

    python examples/example_server.py --port 0

The first line it prints is its base URL. It keeps nothing: what is created or changed is echoed and forgotten.
Any API key but `wrong` is accepted, and a path ID that contains `missing` is not found.
"""

import argparse
import contextlib
import email
import json
import re
import sys
import threading
from collections.abc import Mapping
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

from example_values import Contract

CONTRACT = Path(__file__).resolve().parent.parent / "mijnklantportaal_client" / "_generated" / "contract.json"
BASE_PATH = "/v1"
PAGES, PER_PAGE, ON_LAST_PAGE = 3, 15, 5
VERBS = {"get", "post", "put", "patch", "delete"}


class Answer(NamedTuple):
    """What goes back: the status, the JSON and any header beside the usual ones."""

    status: int
    payload: Any
    headers: Mapping[str, str] = MappingProxyType({})


class ExampleAPI:
    """What the API would say, without any HTTP."""

    def __init__(self, contract: Contract, base_url: str) -> None:
        """`base_url` is what the links of a page start with."""
        self.contract = contract
        self.base_url = base_url

    def answer(self, method: str, target: str, headers: Message, body: bytes) -> Answer:
        """Refuse what the real API refuses as far as the contract tells, else give the example."""
        url = urlsplit(target)
        path = url.path.removeprefix(BASE_PATH) if url.path.startswith(f"{BASE_PATH}/") else ""
        paths = self.contract.document["paths"]
        found = {
            verb.upper(): (template, match)
            for pattern, template in reversed(self.contract.routes)
            if (match := pattern.fullmatch(path))
            for verb in paths[template].keys() & VERBS
        }
        if not found:
            return Answer(404, {"message": f"The route {url.path} could not be found."})
        if method not in found:
            message = f"The {method} method is not supported for route {url.path}."
            return Answer(405, {"message": message}, {"Allow": ", ".join(sorted(found))})
        scheme, _, key = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or key.strip() in ("", "wrong"):
            return Answer(401, {"message": "Unauthenticated."})
        template, match = found[method]
        ids = {name: unquote(value) for name, value in match.groupdict().items()}
        if any("missing" in value for value in ids.values()):
            return Answer(404, {"message": "No record found."})
        operation = paths[template][method.lower()]
        fields, errors = self.read(operation, headers, body)
        if errors:
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            return Answer(422, {"message": next(iter(errors.values()))[0] + more, "errors": errors})
        page = parse_qs(url.query).get("page", ["1"])[0]
        return self.succeed(operation, template, {**fields, **ids}, max(1, int(page)) if page.isdecimal() else 1)

    def read(self, operation: dict[str, Any], headers: Message, body: bytes) -> tuple[dict[str, Any], Any]:
        """The fields of the body, and Laravel's `errors` for those that are missing."""
        content = self.contract.resolve(operation.get("requestBody", {})).get("content", {})
        kind = headers.get_content_type()
        schema = self.contract.flatten(content.get(kind, next(iter(content.values()), {})).get("schema", {}))
        fields: Any = {}
        if kind == "multipart/form-data" and kind in content:
            fields = read_form(headers["Content-Type"], body)
        elif body and kind in content:
            try:
                fields = json.loads(body)
            except ValueError:
                fields = None
            if not isinstance(fields, dict):
                return {}, {"body": ["The body must be a JSON object."]}
        missing = [name for name in schema.get("required", []) if fields.get(name) in (None, "", [])]
        return fields, {name: [f"The {name} field is required."] for name in missing}

    def succeed(self, operation: dict[str, Any], template: str, sent: dict[str, Any], number: int) -> Answer:
        """The example of the first 2xx: a page of several, or one record that echoes what was sent."""
        code = min(code for code in operation["responses"] if code.startswith("2"))
        status = int(code) if code.isdecimal() else 200
        content = self.contract.resolve(operation["responses"][code]).get("content", {})
        if "application/json" not in content:
            return Answer(status, None)
        flat = self.contract.flatten(content["application/json"]["schema"])
        payload = self.contract.example(flat)
        if not isinstance(payload, dict):
            return Answer(status, payload)
        properties = flat.get("properties", {})
        if {"data", "current_page", "next_page_url"} <= properties.keys():
            return Answer(status, payload | self.page(payload["data"], number, template.format(**sent)))
        if isinstance(payload.get("id"), str):
            ids = [sent[name] for name in re.findall(r"{(\w+)}", template)]
            same_kind = (value for value in ids if value[:4] == payload["id"][:4])
            sent = sent | {"id": ids[-1] if template.endswith("}") else next(same_kind, payload["id"])}
        echo = self.contract.echo
        echoed = {name: echo(properties[name], sent[name], payload.get(name)) for name in sent if name in properties}
        return Answer(status, payload | echoed)

    def page(self, example: list[Any], number: int, path: str) -> dict[str, Any]:
        """Page `number` of three, every item with an ID of its own; beyond the last page there is nothing."""
        count = PER_PAGE if number < PAGES else ON_LAST_PAGE if number == PAGES else 0
        first = (number - 1) * PER_PAGE + 1
        link = f"{self.base_url}{path}"
        return {
            "current_page": number,
            "data": [with_number(item, first + index) for index in range(count) for item in example[:1]],
            "first_page_url": f"{link}?page=1",
            "from": first if count else None,
            "next_page_url": f"{link}?page={number + 1}" if number < PAGES else None,
            "path": link,
            "per_page": PER_PAGE,
            "prev_page_url": f"{link}?page={number - 1}" if number > 1 else None,
            "to": first + count - 1 if count else None,
        }


def with_number(item: Any, number: int) -> Any:
    """The item with `number` as the end of its ID, where it has one."""
    return item | {"id": f"{item['id'][:-3]}{number:03}"} if isinstance(item, dict) and item.get("id") else item


def read_form(content_type: str, body: bytes) -> dict[str, Any]:
    """The fields of a multipart body; a file or a nested field is only known to be there."""
    form = email.message_from_bytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    fields: dict[str, Any] = {}
    for part in form.walk():
        name = part.get_param("name", header="content-disposition")
        payload = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(payload, bytes):
            whole = "[" not in name and part.get_filename() is None
            fields[name.partition("[")[0]] = payload.decode(errors="replace") if whole else {}
    return fields


class ExampleServer(ThreadingHTTPServer):
    """Serves from the moment it is made until it is closed."""

    request_queue_size = 128

    def __init__(self, port: int, document: dict[str, Any]) -> None:
        """Listen on loopback; port 0 takes a free one."""
        super().__init__(("127.0.0.1", port), Handler)
        self.api = ExampleAPI(Contract(document), f"http://127.0.0.1:{self.server_port}{BASE_PATH}")
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def close(self) -> None:
        """Stop serving and give the port back."""
        self.shutdown()
        self.server_close()


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive around `ExampleAPI`."""

    protocol_version = "HTTP/1.1"
    # One write per answer: headers and body apart would wait for each other's acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def respond(self) -> None:
        """Read the whole request, so that the connection stays usable, and answer it."""
        assert isinstance(self.server, ExampleServer)
        body = self.read_body()
        answer = self.server.api.answer(self.command, self.path, self.headers, body)
        content = b"" if answer.payload is None else json.dumps(answer.payload).encode()
        self.send_response(answer.status)
        headers = {"Content-Type": "application/json", "X-RateLimit-Limit": "60", "X-RateLimit-Remaining": "59"}
        for name, value in {**headers, **answer.headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = respond

    def read_body(self) -> bytes:
        """The body, sent with its length or in chunks."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(chunks)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name in the standard library)
        """Stay silent: the demo's output is the client's."""


def serve(port: int = 0, contract: Path = CONTRACT) -> tuple[ExampleServer, str]:
    """Start a server on loopback; `close()` it when done. Answers the server and its base URL."""
    server = ExampleServer(port, json.loads(contract.read_text(encoding="utf-8")))
    return server, server.api.base_url


def main() -> None:
    """Serve until interrupted, or until standard input closes where that was asked for."""
    parser = argparse.ArgumentParser(description="Answers the whole API from the contract's examples.")
    parser.add_argument("--port", type=int, default=8765, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    options = parser.parse_args()
    server, base_url = serve(options.port)
    print(base_url, flush=True)
    with contextlib.suppress(KeyboardInterrupt):
        if options.until_stdin_closes:
            sys.stdin.read()
        else:
            threading.Event().wait()
    server.close()


if __name__ == "__main__":
    main()
