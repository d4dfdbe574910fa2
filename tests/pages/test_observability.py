"""The page about what can be seen: its code runs as it is, and its tables are complete."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mijnklantportaal_client import otel
from mijnklantportaal_client._hooks import HOOKS
from mijnklantportaal_client.testing import RemoteSandbox
from tests.pages.conftest import page, prints, python

PAGE = page("observability")
LOGGING, HOOK, OTEL = python(PAGE)


@pytest.fixture
def portal(sandbox: RemoteSandbox) -> RemoteSandbox:
    """A sandbox with the customer of the page."""
    sandbox.state.customers.add(id="cst_abc12345def678")
    return sandbox


def test_a_call_without_trouble_logs_nothing(portal: RemoteSandbox) -> None:
    """The first block runs, and is silent."""
    assert prints(LOGGING, portal) == ""


def test_the_hook_counts_what_the_page_says(portal: RemoteSandbox) -> None:
    """The second block prints its own comment."""
    comment = re.findall(r"print\(.*\)  # (.*)\n", HOOK)
    assert prints(HOOK, portal).splitlines() == comment


def test_spans_and_metrics_come_out(portal: RemoteSandbox) -> None:
    """The third block exports a span of the caller's, one of the call under it, one of the attempt under that."""
    printed = prints(OTEL, portal)
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
