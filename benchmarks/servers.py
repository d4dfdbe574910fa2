"""Servers in other processes, on loopback: a fast one with fixed answers, and one that takes its time."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CUSTOMER: dict[str, Any] = {
    "id": "cst_abc12345def678",
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
PATH = f"/customers/{CUSTOMER['id']}"
_PATIENCE = 10.0
# The answer is made of constants: no file is looked for, and the limit never comes near.
_NGINX = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    keepalive_timeout 3600;
    client_body_temp_path {folder};
    proxy_temp_path {folder};
    fastcgi_temp_path {folder};
    uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    server {{
        listen 127.0.0.1:{port} backlog=1024 {tls};
        {certificate}
        location / {{
            default_type application/json;
            add_header X-RateLimit-Limit 100000000;
            add_header X-RateLimit-Remaining 99999999;
            return 200 '{content}';
        }}
    }}
}}
"""
_GRANIAN = """
from granian.rsgi import HTTPProtocol
CONTENT = {content!r}
HEADERS = [("content-type", "application/json"), ("x-ratelimit-limit", "100000000"),
           ("x-ratelimit-remaining", "99999999")]
async def app(scope, protocol):
    protocol.response_str(200, HEADERS, CONTENT)
"""


@contextmanager
def fast_server(certificate: Path | None = None) -> Iterator[str]:
    """A server in C that answers everything with a customer: its base URL.

    nginx where there is one, else granian.

    Args:
        certificate: A file with a key and its chain, for TLS.
    """
    port = _free_port()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/opt/homebrew/bin") or shutil.which(
            "nginx"
        )
        command = _granian(folder, port, certificate) if nginx is None else [nginx, *_nginx(folder, port, certificate)]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder) as process:
            try:
                _wait_for(port)
                yield f"http{'s' if certificate else ''}://127.0.0.1:{port}/v1"
            finally:
                process.terminate()


def _nginx(folder: Path, port: int, certificate: Path | None) -> list[str]:
    config = folder / "nginx.conf"
    tls = f"ssl_certificate {certificate}; ssl_certificate_key {certificate};" if certificate else ""
    text = _NGINX.format(
        folder=folder, port=port, tls="ssl" if certificate else "", certificate=tls, content=json.dumps(CUSTOMER)
    )
    config.write_text(text, encoding="utf-8")
    return ["-c", str(config), "-p", str(folder)]


def _granian(folder: Path, port: int, certificate: Path | None) -> list[str]:
    (folder / "answers.py").write_text(_GRANIAN.format(content=json.dumps(CUSTOMER)), encoding="utf-8")
    tls = ["--ssl-certificate", str(certificate), "--ssl-keyfile", str(certificate)] if certificate else []
    about = ["--interface", "rsgi", "--host", "127.0.0.1", "--port", str(port), "--no-log", *tls]
    return [sys.executable, "-m", "granian", *about, "answers:app"]


@contextmanager
def slow_server(latency: float, *, pages: int = 40, per_page: int = 15) -> Iterator[str]:
    """A server that answers each request so many seconds after it came, with a page of customers: its base URL."""
    details = json.dumps({"latency": latency, "pages": pages, "per_page": per_page})
    command = [sys.executable, "-m", "benchmarks.slow_server", details]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
