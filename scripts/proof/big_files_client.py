"""One file up or down in a process of its own, whose memory is watched.

python -m proof.big_files_client PORT KIND SIZE FILE: prints what it took as JSON.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from mijnklantportaal_client import MijnKlantportaal
from proof.big_files_server import blocks

_STATUS = Path("/proc/self/status")
_SMALL = 4 * 1024 * 1024


def memory(name: str) -> int:
    """Bytes that this process holds (VmRSS), or held at most (VmHWM)."""
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) * 1024


async def _stream(size: int) -> AsyncIterator[bytes]:
    for block in blocks(size):
        yield block


async def transfer(portal: MijnKlantportaal, kind: str, size: int, file: Path) -> dict[str, Any]:
    """Moves a file, and tells its hash as the other end, or the disk, has it."""
    told: list[tuple[int, int | None]] = [(0, None)]

    def progress(done: int, total: int | None) -> None:
        told[0] = (done, total)

    begun = time.monotonic()
    if kind == "download":
        link = await portal.files.get_download_link("fsf_abc12345678", extra_headers={"X-Size": str(size)})
        await portal.download(link, to=file, on_progress=progress)
        seconds = time.monotonic() - begun
        with file.open("rb") as written:
            digest = hashlib.file_digest(written, "blake2b").hexdigest()
    else:
        content = file if kind == "upload" else _stream(size)
        digest = (await portal.files.upload(file=content, on_progress=progress)).name
        seconds = time.monotonic() - begun
    return {"digest": digest, "seconds": seconds, "told": told[0]}


async def main(port: str, kind: str, size: str, file: Path) -> None:
    """Moves a small file first, so that all code is loaded."""
    async with MijnKlantportaal(api_key="key", base_url=f"http://127.0.0.1:{port}/v1") as portal:
        await transfer(portal, kind, _SMALL, file.with_suffix(".small"))
        before = begin_to_watch()
        found = await transfer(portal, kind, int(size), file)
        print(json.dumps({**found, "grown": memory("VmHWM") - before}))


def begin_to_watch() -> int:
    """Lets the most that is held count from here, and tells what is held."""
    Path("/proc/self/clear_refs").write_text("5")
    return memory("VmRSS")


if __name__ == "__main__":
    port, kind, size, path = sys.argv[1:]
    file = Path(path)
    file.with_suffix(".small").write_bytes(b"".join(blocks(_SMALL)))
    asyncio.run(main(port, kind, size, file))
