"""No value of an answer gets into a report, a recording or a line about how far it is."""

from __future__ import annotations

import json
import random
import re
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mijnklantportaal_client import MijnKlantportaal, MijnKlantportaalError
from mijnklantportaal_client._contract import operations_table, shipped
from mijnklantportaal_client.contract import DriftCollector
from mijnklantportaal_client.contract._compare import compare
from mijnklantportaal_client.contract._places import WITHHELD
from mijnklantportaal_client.contract._report import compared
from mijnklantportaal_client.contract._run import Run
from mijnklantportaal_client.testing import Sandbox
from mijnklantportaal_client.testing._transport import SandboxTransport
from tests.drift.conftest import KEY, Watched

RESOURCES = sorted({each["resource"] for each in operations_table()})
NUMBER = 918273
TEXTS = [
    *["Zq Jansen", "zq", "ZQ", "zq@zq.example", "https://zq.example/zq?token=zq", "zq-jansen", "NL91ZQNA0417164300"],
    *[f"{NUMBER}.64", f"{NUMBER}", "9182-07-03", "9182-07-03T21:00:00+02:00", "Zq\nzq | `zq`", "zq_jansen", "zqJansen"],
]
# What no field is named: each could be data where the server makes a map out of it.
NAMES = [
    "Zq Jansen",
    "zq@zq.example",
    f"cst_zq{NUMBER}",
    "ZQ",
    "zq 1",
    "zq-jansen",
    f"{NUMBER}",
    "zq/zq~",
    "é zq",
    "zq" * 40,
]
CANARY = re.compile(rf"zq|{NUMBER}|9182-", re.IGNORECASE)


class Poisoned(SandboxTransport):
    """A portal in whose answers every value, and every name that is not the contract's, would be known again."""

    def __init__(self, sandbox: Sandbox, seed: int) -> None:
        super().__init__(sandbox)
        self.random = random.Random(seed)
        self.real: dict[str, str] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = "/".join(self.real.get(part, part) for part in request.url.path.split("/"))
        if self.random.random() < 0.05:
            body = {"message": "zq", "errors": {"zq": ["zq"]}, self.random.choice(NAMES): "zq"}
            return httpx.Response(self.random.choice([403, 404, 418, 422, 426]), json=body, request=request)
        url = request.url.copy_with(path=path, query=None)
        whole = await super().handle_async_request(httpx.Request("GET", url, headers=request.headers))
        answer = httpx.Response(whole.status_code, content=await whole.aread())
        if self.random.random() < 0.03:
            return httpx.Response(200, text="<p>zq</p>", request=request)
        payload = self.poison(answer.json(), "")
        return httpx.Response(answer.status_code, json=payload, headers={"X-Request-Id": "zq"}, request=request)

    def poison(self, value: Any, name: str) -> Any:
        chance = self.random.random()
        if isinstance(value, list):
            return [self.poison(each, "") for each in value]
        if isinstance(value, dict):
            poisoned = {key: self.poison(each, key) for key, each in value.items()}
            if chance < 0.3:
                poisoned[self.random.choice(NAMES)] = {"zq": {"zqJansen": ["zq", {"zq": NUMBER}]}}
            return poisoned
        if isinstance(value, bool) or name in ("current_page", "next_page_url"):
            return value
        if isinstance(value, str) and re.fullmatch(r"[a-z]{3}_\w+", value):
            canary = f"{value[:4]}zq{value[4:]}"
            self.real[canary] = value
            return canary
        if chance < 0.05:
            return {self.random.choice(NAMES): self.random.choice(TEXTS)}
        return NUMBER if isinstance(value, int) and chance < 0.8 else self.random.choice(TEXTS)


def everything(run: Run, told: list[str]) -> str:
    """All that a run leaves."""
    recording = run.recording()
    changes = compare(shipped(), recording, recording)
    return "\n".join(
        [run.report(), run.to_json(), json.dumps(recording.to_dict(), ensure_ascii=False), compared(changes), *told]
    )


@given(seed=st.integers(0, 2**32), resource=st.sampled_from(RESOURCES))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(seed=1, resource="files")
async def test_no_value_is_told(agency: Sandbox, seed: int, resource: str) -> None:
    """Names, e-mails, IDs, amounts, dates, links, values of lists: none of them, whatever the kind of drift."""
    watched = Watched(Poisoned(agency, seed), agency)
    run = await watched.read(resource, samples=2)
    assert run.requests > 0
    assert CANARY.search(everything(run, watched.told)) is None
    assert KEY not in everything(run, watched.told)


async def test_the_poison_works(agency: Sandbox) -> None:
    """Most operations are asked and drift, in every way that a value can, so the test above can fail."""
    run = await Watched(Poisoned(agency, 7), agency).read(samples=2)
    kinds = {found.kind for found in run.findings.drifts}
    assert kinds >= {"wrong_type", "unknown_field", "unknown_value", "undocumented_status"}
    assert sum(result.state == "seen" for result in run.results) > 25
    assert any(WITHHELD in found.place for found in run.findings.drifts)
    assert any(WITHHELD in fact.place for fact in run.facts)


async def test_what_is_taken_for_the_name_of_a_field(watched: Watched) -> None:
    """A name like those of the contract, beside fields of the contract, is told; the names in it are not."""
    watched.sandbox.drift("list-tickets", add={"newField": {"jansen": {"piet": 1}}, "jan@example.nl": 1, "a" * 41: 2})
    run = await watched.read("tickets.list")
    assert {found.place for found in run.findings.drifts} == {"/data/*/newField", f"/data/*/{WITHHELD}"}
    assert "newField" in run.to_json()
    for name in ("jansen", "piet", "jan@example.nl", "a" * 41):
        assert name not in everything(run, watched.told)


@pytest.mark.parametrize("resource", ["customers", "tickets"])
async def test_a_collector_holds_no_value(agency: Sandbox, resource: str) -> None:
    """Neither in its report nor in what it keeps."""
    collector = DriftCollector()
    async with httpx.AsyncClient(transport=Poisoned(agency, 3)) as http:
        portal = MijnKlantportaal(
            api_key=KEY, base_url="http://localhost/v1", http_client=http, hooks=[collector], rate_limit=None
        )
        for _ in range(20):
            try:
                await getattr(portal, resource).list()
            except MijnKlantportaalError:
                continue
    assert collector.snapshot().drifts
    assert CANARY.search(f"{collector.report()} {collector.to_json()} {vars(collector)}") is None
