"""The page about OAuth: its code runs, and its tables are those of the code."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import OAuthError, errors, oauth
from mijnklantportaal_client.oauth import _aside, _endpoint, _flight, _grant, _store, _tokens
from mijnklantportaal_client.testing import Sandbox
from tests.pages.conftest import ROOT, example, page, python, table

PAGE = page("oauth")
BLOCKS = python(PAGE)
FIRST, SECOND, WEB, IDLE, MANY, STORE, TEST = BLOCKS


async def run(code: str, names: dict[str, Any]) -> None:
    """Runs code that awaits, with the names of what ran before."""
    compiled = compile(code, "page", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(compiled, names)
    if inspect.isawaitable(result):
        await result


def column(header: str, number: int) -> list[str]:
    """What stands in code in a column of the table that begins so."""
    cells = [row[number] for row in table(PAGE, header)]
    return [name for cell in cells for name in re.findall(r"^`([^`]+)`", cell)]


async def test_the_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One block after another, from the consent to a tenant that took it back."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIJNKLANTPORTAAL_API_KEY", "somebody-elses")
    with Sandbox().install() as sandbox:
        sandbox.oauth.register("my-app-id", "my-app-secret", "https://app.example/callback")
        names: dict[str, Any] = {}
        await run(FIRST, names)
        names["callback_url"] = sandbox.oauth.approve(names["url"])
        await run(SECOND, names)
        assert names["customers"].data == []
        await run(IDLE, names)
        assert capsys.readouterr().out == "needs a new consent: portal-43\n"
        await run(MANY, names)
        assert capsys.readouterr().out.startswith("the base client calls nobody's portal")
        kept = await names["store"].load("portal-42")
        assert [each.grant_type for each in sandbox.oauth.exchanges] == ["authorization_code", "refresh_token"]
        sandbox.oauth.revoke(kept.refresh_token)
        sandbox.oauth.fail(times=3)
        await run(IDLE.replace('"portal-42", ', '"portal-42", "portal-42", '), names)
        assert capsys.readouterr().out.splitlines()[::2] == ["later", "needs a new consent: portal-43"]


async def test_the_store_is_one() -> None:
    """It keeps a token."""
    names: dict[str, Any] = {}
    await run(STORE, names)
    async with names["mine"].lock("portal-42"):
        await names["mine"].save("portal-42", oauth.Token("a"))
    assert await names["mine"].load("portal-42") == oauth.Token("a")


async def test_the_test() -> None:
    """It passes in a sandbox."""
    names: dict[str, Any] = {}
    await run(TEST, names)
    with Sandbox().install() as sandbox:
        await names["test_a_token_that_ended_early"](sandbox)
        assert [each.status for each in sandbox.requests] == [401, 200]


def test_the_web_application_is_the_example() -> None:
    """Which is tested with the real framework."""
    assert example("oauth_web_app") == WEB


def test_the_errors() -> None:
    """All of OAuth's are in the table."""
    known = {name for name in errors.__all__ if issubclass(getattr(errors, name), OAuthError)}
    assert set(column("error", 0)) == known | {"ConfigurationError"}


def test_the_stores() -> None:
    """Those that there are, and the example."""
    names = column("store", 0)
    assert [hasattr(oauth, name.partition("(")[0]) for name in names] == [True, True, False]
    assert (ROOT / names[2]).is_file()


def test_the_numbers() -> None:
    """Those of the text are those of the code."""
    assert (_flight.AHEAD, _flight._SHARE, _tokens._PATIENCE, _aside._GRACE) == (60, 0.1, 5, 10)
    assert (_grant._REFRESH.max_attempts, _flight._LONGEST_PAUSE, _store.LONGEST_WAIT) == (3, 60, 120)
    assert (_endpoint._MOST_BYTES, len(oauth.Scope)) == (64 * 1024, 24)


def test_no_link_is_dead() -> None:
    """Files that are linked to are there, with the section."""
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        if not target.startswith("https://"):
            name, _, anchor = target.partition("#")
            text = (ROOT / "docs" / name).read_text(encoding="utf-8")
            headings = [line.strip("# ").lower() for line in text.splitlines() if line.startswith("#")]
            assert anchor in [heading.replace(" ", "-") for heading in headings]
