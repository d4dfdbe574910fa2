"""The part of a client that fetches files."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ._progress import OnProgress, Teller

if TYPE_CHECKING:
    from pathlib import Path

    from ._dispatch import Dispatcher
    from ._link import HasLink
    from ._options import Options

_MOST_BYTES = 10 * 1024**3
# In place of a link, for tools that show the variables of each frame of an error.
_NOT_SHOWN = ""


class Downloads:
    """Fetches what the `get_..._link` methods point to."""

    _dispatcher: Dispatcher
    _options: Options

    async def download(
        self,
        link: HasLink | str,
        *,
        to: str | os.PathLike[str],
        on_progress: OnProgress | None = None,
        max_bytes: int | None = _MOST_BYTES,
        overwrite: bool = True,
    ) -> Path:
        """Fetches what a link points to into a file.

        The file is written beside its place, under another name, and takes its place once it is whole and on the
        disk; whatever fails, or is cancelled, before leaves the place as it was. The token is not sent, and redirects
        are not followed. Each attempt begins at the start.

        A link works for 5 minutes. One that came from this client, or from one with the same token, is replaced by a
        new one where its time is over or it is refused; a copy, or one out of a pickle or a dict, is not.

        Args:
            link: What a `get_..._link` method answered, or the text of its `link`. Only https is fetched, or plain http
                from this machine or from where the client's own `base_url` is plain http.
            to: Path of the file; its directory has to be there.
            on_progress: Called with the bytes that came and the bytes there are in all (`None` where the server does
                not say), first with 0, and with 0 again where an attempt failed. Plain or async; what it raises is
                logged, and it is called no more.
            max_bytes: Longest file, in bytes; 10 GiB by default, `None` for no limit.
            overwrite: Whether a file that is there is replaced.

        Returns:
            The absolute path of the file.

        Raises:
            TypeError: An argument is of the wrong type; nothing was fetched.
            ValueError: The link or another argument can't be used; nothing was fetched.
            FileExistsError: There is a file, and `overwrite` is False.
            OSError: The place is a directory or a symbolic link, or nothing can be written there.
            ResponseTooLargeError: The file is longer than `max_bytes`.
            APIConnectionError: Nothing came, or not all of it; as often as the client's `RetryPolicy` says.
            MijnKlantportaalError: The link was refused, or no new one could be had.
        """
        # Loaded here, as most programs fetch no files.
        from ._fetch import Fetcher, Renewable, fetch
        from ._interrupt import run
        from ._link import DOWNLOAD
        from ._part_file import PartFile
        from ._threads import in_thread, to_the_end

        limit = _limit(max_bytes)
        if not isinstance(overwrite, bool):
            raise TypeError(f"overwrite must be True or False, not {type(overwrite).__name__}")
        teller = Teller(on_progress)
        source = Renewable(self._dispatcher, link, self._options, streams=True)
        link = _NOT_SHOWN
        part = PartFile(to, overwrite=overwrite)
        try:
            await in_thread(part.open)
            await fetch(Fetcher(self._dispatcher, part, limit, teller), DOWNLOAD, source, self._options)
        finally:
            await run(to_the_end(part.discard))
        return part.target

    async def read(self, link: HasLink | str) -> bytes:
        """Fetches what a link points to into memory; all else as with `download`.

        Args:
            link: What a `get_..._link` method answered, or the text of its `link`.

        Returns:
            The content.

        Raises:
            TypeError: It is no link; nothing was fetched.
            ValueError: It is one that can't be used; nothing was fetched.
            ResponseTooLargeError: The content is longer than the client's `max_response_bytes`.
            APIConnectionError: Nothing came, or not all of it; as often as the client's `RetryPolicy` says.
            MijnKlantportaalError: The link was refused, or no new one could be had.
        """
        from ._fetch import Fetcher, Renewable, fetch
        from ._link import READ
        from ._receiving import Memory

        source = Renewable(self._dispatcher, link, self._options, streams=False)
        link = _NOT_SHOWN
        memory = Memory()
        fetcher = Fetcher(self._dispatcher, memory, self._options.max_response_bytes, Teller(None))
        await fetch(fetcher, READ, source, self._options)
        return bytes(memory.content)


def _limit(max_bytes: object) -> float:
    if max_bytes is None:
        return float("inf")
    if isinstance(max_bytes, bool) or not isinstance(max_bytes, int):
        raise TypeError(f"max_bytes must be a whole number or None, not {type(max_bytes).__name__}")
    if max_bytes < 0:
        raise ValueError("max_bytes must not be less than 0")
    return max_bytes
