"""The page about what can be seen: its code runs as it is, and its tables are complete."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from example_server import serve
from mijnklantportaal_client import otel
from mijnklantportaal_client._hooks import HOOKS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
LOGGING, HOOK, OTEL = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def base_url() -> Iterator[str]:
    """An example server."""
    server, url = serve(port=0)
    yield url
    server.close()


def run(code: str, base_url: str) -> str:
    """What some code prints, which may be no warning."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "MIJNKLANTPORTAAL_BASE_URL": base_url, "MIJNKLANTPORTAAL_API_KEY": "k"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_a_call_without_trouble_logs_nothing(base_url: str) -> None:
    """The first block runs, and is silent."""
    assert run(LOGGING, base_url) == ""


def test_the_hook_counts_what_the_page_says(base_url: str) -> None:
    """The second block prints its own comment."""
    comment = re.findall(r"print\(.*\)  # (.*)\n", HOOK)
    assert run(HOOK, base_url).splitlines() == comment


def test_spans_and_metrics_come_out(base_url: str) -> None:
    """The third block exports a span of the caller's, one of the call under it, one of the attempt under that."""
    printed = run(OTEL, base_url)
    decoder = json.JSONDecoder()
    found = []
    while printed := printed.lstrip():
        value, end = decoder.raw_decode(printed)
        found.append(value)
        printed = printed[end:]
    spans = {each["name"]: each for each in found if "parent_id" in each}
    caller, call = spans["sync customers"], spans["mijnklantportaal.customers.get"]
    attempt = spans["GET /v1/customers/{customerId}"]
    assert len(spans) == 3
    assert call["parent_id"] == caller["context"]["span_id"]
    assert attempt["parent_id"] == call["context"]["span_id"]
    assert call["attributes"]["mijnklantportaal.tag.shop"] == "north"
    metrics = [
        metric["name"]
        for each in found
        for resource in each.get("resource_metrics", ())
        for scope in resource["scope_metrics"]
        for metric in scope["metrics"]
    ]
    assert metrics == ["http.client.request.duration", "mijnklantportaal.call.duration"]


def test_the_tables_are_complete() -> None:
    """Every attribute, metric and hook that the code has is on the page, and no other."""
    code = Path(otel.__file__).read_text(encoding="utf-8")
    in_code = set(re.findall(r'"((?:mijnklantportaal|http|url|server|error)\.[a-z_.]+)"', code))
    # What only metrics have is told in words.
    on_page = set(re.findall(r"`((?:mijnklantportaal|http|url|server|error)\.[a-z_.]+)`", PAGE))
    assert in_code - on_page == {"mijnklantportaal.drift.kind"}
    assert on_page - in_code == {"url.full"}
    assert all(f"`{name}`" in PAGE for name in HOOKS)
