"""What a benchmark's figures say, and how they are written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.figures import Figure, ratio, summary
from benchmarks.rounds import in_turns
from benchmarks.slow_server import Server


@pytest.mark.parametrize(
    ("value", "target", "met"),
    [
        (1.0, "", None),
        (1.1, "<= 1.10", True),
        (1.11, "<= 1.10", False),
        (2.0, ">= 2", True),
        (1.9, ">= 2", False),
        (9.0, "whatever", None),
    ],
)
def test_met(value: float, target: str, met: bool | None) -> None:
    """A figure knows whether it is what it should be."""
    assert Figure("name", value, value, value, target).met is met


def test_summary() -> None:
    """The median and the quartiles of several rounds, or the one that there is."""
    assert summary("a", [4.0, 1.0, 2.0, 3.0, 5.0]) == Figure("a", 3.0, 2.0, 4.0)
    assert summary("a", [7.0], "<= 8", "why", "s") == Figure("a", 7.0, 7.0, 7.0, "<= 8", "why", "s")


def test_ratio() -> None:
    """Round by round, so that a slow round of both counts as any other."""
    assert ratio("a", [1.0, 20.0, 3.0], [2.0, 40.0, 6.0]) == Figure("a", 0.5, 0.5, 0.5)


def test_page(tmp_path: Path) -> None:
    """Each section stands once, in the order of the benchmarks, and a new one takes the place of the old one."""
    page = tmp_path / "results.md"
    for name, value in (("b", 1.0), ("a", 2.0), ("b", 3.25)):
        report.write(page, ("a", "b"), name, report.markdown(name.upper(), [Figure("f", value, 1.0, 4.0, "<= 3")]))
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Results\n")
    assert text.index("## A") < text.index("## B")
    assert (text.count("## B"), "1.000 x |" in text) == (1, False)
    assert "| f | 2.000 x | 1.000 - 4.000 | <= 3 | met |  |" in text
    assert "| f | 3.250 x | 1.000 - 4.000 | <= 3 | missed |  |" in text


async def test_turns() -> None:
    """Everything is measured in every round, and each is the first at times."""
    order: list[str] = []

    async def one() -> None:
        order.append("one")

    async def two() -> None:
        order.append("two")

    async def measure(call: object) -> tuple[float, float]:
        assert callable(call)
        await call()
        return float(len(order)), 0.0

    elapsed, used = await in_turns({"one": one, "two": two}, measure, 2)
    assert order == ["one", "two", "two", "one"]
    assert (elapsed, used) == ({"one": [1.0, 4.0], "two": [2.0, 3.0]}, {"one": [0.0, 0.0], "two": [0.0, 0.0]})


def test_slow_server() -> None:
    """Pages are told apart, the last one ends the list, and requests are counted until somebody asks."""
    server = Server(0.08, pages=3, per_page=2)
    answers = [server.answer(b"GET /v1/customers?page=%d HTTP/1.1" % number) for number in (1, 3)]
    assert [wait for _, wait in answers] == [0.08, 0.08]
    assert [b"cst_page%drow1" % number in content for (content, _), number in zip(answers, (1, 3), strict=True)] == [
        True,
        True,
    ]
    assert [b'"next_page_url": null' in content for content, _ in answers] == [False, True]
    assert server.answer(b"GET /v1/count HTTP/1.1")[0].endswith(b"\r\n\r\n2")
    assert server.answer(b"GET /v1/count HTTP/1.1")[0].endswith(b"\r\n\r\n0")
