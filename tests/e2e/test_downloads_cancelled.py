"""A download is cancelled wherever it waits: the old file or the whole new one is there, and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import MijnKlantportaal
from mijnklantportaal_client.testing import RemoteSandbox
from proof.site import Watch, quiet
from proof.stepping import AGAIN, EARLY, LATE, TURNS, cancelled

OLD, NEW = b"the old one", bytes(range(256)) * 5_000


def places(way: str) -> Iterator[int]:
    """Every third wait; of turns of the loop, of which there are any number while one wait lasts, ever fewer."""
    number = 0
    while number < 50_000:
        yield number
        number += 3 if way != TURNS else 5 + number // 4


def files_in(folder: Path) -> dict[str, bytes]:
    """What is there."""
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def write(path: Path, content: bytes) -> None:
    """Puts it there."""
    path.write_bytes(content)


async def cancel_everywhere(watch: Watch, download: Callable[[], Any], way: str, target: Path) -> int:
    """How often it was cancelled until it ended before."""
    portal: MijnKlantportaal = watch.clients[0]
    for times, number in enumerate(places(way)):
        write(target, OLD)
        result = await cancelled(portal, download(), way, number)
        assert await watch.left() == []
        found = files_in(target.parent)
        if result is None:
            assert found == {target.name: NEW}
            return times
        assert isinstance(result, asyncio.CancelledError), result
        assert found in ({target.name: OLD}, {target.name: NEW})
    raise AssertionError("it never ended")


@pytest.mark.parametrize(("way", "is_expired"), [(EARLY, False), (LATE, True), (AGAIN, True), (TURNS, False)])
async def test_cancelled_everywhere(sandbox: RemoteSandbox, tmp_path: Path, way: str, is_expired: bool) -> None:
    """No task, open file, connection or place is left either, and the next one is as good as before."""
    with quiet() as noise:
        watch = Watch()
        async with sandbox.client(rate_limit=None) as portal:
            watch.clients.append(portal)
            uploaded = await portal.files.upload(file=NEW)
            link = await portal.files.get_download_link(uploaded.id)
            await portal.read(link)
            if is_expired:
                sandbox.clock.advance(301)
            target = tmp_path / "a"
            times = await cancel_everywhere(watch, lambda: portal.download(link, to=target), way, target)
    assert times >= 8
    assert noise == []
