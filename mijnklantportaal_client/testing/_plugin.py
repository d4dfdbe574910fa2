"""What pytest gets from this package: the fixtures `mkp_sandbox` and `mkp_portal`.

Every run of pytest loads this module wherever the package is installed, so it loads nothing until a fixture is used and
does with any pytest from 7.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from .._client import MijnKlantportaal
    from ._api.journal import SandboxRequest
    from ._sandbox import Sandbox

_NAME = "mkp_sandbox"
_MARKER = f"{_NAME}(**options): options of the Sandbox that the fixture gives, such as demo=True or rate_limit=None"
_ALLOWED = "mkp_allow_hosts"
_KEY = "MIJNKLANTPORTAAL_API_KEY"
_MOST_LINES = 50
_LONGEST_LINE = 300
_SANDBOX = pytest.StashKey["Sandbox"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the settings."""
    parser.addini(_ALLOWED, f"Hosts that tests with the fixture {_NAME} may reach, such as a database's", "linelist")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line("markers", _MARKER)


@pytest.fixture
def mkp_sandbox(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A MijnKlantportaal of the test's own, which every client in the process talks to; nothing waits.

    `@pytest.mark.mkp_sandbox(demo=True)` and the like give its options. Other machines can't be reached, except those
    that the setting `mkp_allow_hosts` names.
    """
    import os

    from ._extra import MissingExtraError, require

    try:
        require()
    except MissingExtraError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None

    from ._install import install
    from ._sandbox import Sandbox
    from ._waiting import no_waiting

    try:
        sandbox = Sandbox(**_options(request.node))
    except (TypeError, ValueError) as error:
        raise pytest.fail.Exception(f"the marker {_NAME}: {error}", pytrace=False) from None
    request.node.stash[_SANDBOX] = sandbox
    if not os.environ.get(_KEY):
        # In the order of what else the test changes, which may be undone later than the sandbox ends.
        monkeypatch.setenv(_KEY, "sandbox")
    try:
        with no_waiting(), install(sandbox, request.config.getini(_ALLOWED)):
            yield sandbox
    finally:
        sandbox.close()


@pytest.fixture
def mkp_portal(mkp_sandbox: Sandbox) -> Iterator[MijnKlantportaal]:
    """A client of the test's sandbox; in a test that is not async, call it through `blocking.run`."""
    from ..blocking import run

    portal = mkp_sandbox.client()
    yield portal
    run(portal.aclose())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Shows what the sandbox was asked where a test failed."""
    outcome = yield
    report = outcome.get_result()
    sandbox = item.stash.get(_SANDBOX, None)
    if sandbox is not None and report.failed:
        # A test whose clean-up fails too has another report.
        del item.stash[_SANDBOX]
        report.sections.append(("requests to the MijnKlantportaal sandbox", _journal(sandbox)))


def _options(node: pytest.Item) -> dict[str, Any]:
    """Of all markers, the nearest says the last word."""
    options: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(_NAME))):
        if marker.args:
            pytest.fail(f"the marker {_NAME} takes options by name, such as demo=True", pytrace=False)
        options |= marker.kwargs
    return options


def _journal(sandbox: Sandbox) -> str:
    lines = [_line(request) for request in sandbox.requests[-_MOST_LINES:]]
    before = len(sandbox.requests) - len(lines)
    if before:
        lines.insert(0, f"({before} before these)")
    return "\n".join(lines or ["(none)"])


def _line(request: SandboxRequest) -> str:
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    path = f"{request.path}?{query}" if query else request.path
    line = f"{request.method} {path} -> {request.status or 'no answer'}"
    if request.trouble:
        line += f" ({request.trouble} on demand)"
    if request.status and request.status >= 400 and isinstance(request.answer, dict):
        line += "".join(f" {request.answer[name]}" for name in ("message", "errors") if name in request.answer)
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}..."
