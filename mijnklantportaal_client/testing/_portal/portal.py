"""The portal: what it holds, what time it is there, and what happens in it."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import random
import secrets
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

from .blobs import Blob
from .clock import ZONE, PortalClock
from .contract import SELF, Contract
from .records import Collection, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from .behaviour import Behaviour

_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_LINK_SECONDS = 300
_MINUTE = datetime.timedelta(minutes=1)


class Event(NamedTuple):
    """Something happened that webhooks can be registered for."""

    type: str
    record: Record
    at: datetime.datetime

    def __repr__(self) -> str:
        return f"<{self.type} at {self.at}>"


class Change(NamedTuple):
    """A record before and after; None where it was not there."""

    collection: str
    id: str
    before: Record | None
    after: Record | None
    position: int


class Disk(Protocol):
    """Where a portal keeps what it holds."""

    def load(self, portal: Portal) -> None:
        """Fills a portal with what was kept."""

    def save(self, changes: Iterable[Change], blobs: Iterable[tuple[str, Blob]], gone: Iterable[str]) -> None:
        """Keeps changes and bytes, and throws away bytes that are gone; all or none."""

    def clear(self) -> None:
        """Throws away all records and bytes."""

    def note(self, name: str, text: str) -> None:
        """Keeps a text under a name."""

    def noted(self, name: str) -> str | None:
        """The text under a name."""

    def close(self) -> None:
        """Ends it."""


class Portal:
    """A portal in memory, and on disk where there is one. One thread at a time may be in it: see `lock`."""

    def __init__(
        self,
        contract: Contract,
        behaviours: Iterable[Behaviour],
        *,
        clock: PortalClock,
        seed: int | None = None,
        features: Iterable[str] = (),
        disk: Disk | None = None,
    ) -> None:
        self.contract = contract
        self.behaviours = list(behaviours)
        self.clock = clock
        self.features = set(features)
        self.origin = "http://127.0.0.1"
        """Its address, where a record is shown without a request."""
        self.lock = threading.RLock()
        self.listeners: list[Callable[[Event], None]] = []
        self.watchers: list[Callable[[], None]] = []
        """Called when something changed."""
        self.collections: dict[str, Collection] = {}
        for behaviour in self.behaviours:
            for name, prefix in behaviour.collections.items():
                self.collections[name] = Collection(name, prefix, self._changed)
        self._by_prefix = {each.prefix: each for each in self.collections.values()}
        self._random = random.Random(seed)  # noqa: S311 - IDs need not be secret
        self.blobs: dict[str, Blob] = {}
        self._changes: list[Change] = []
        self._new_blobs: list[str] = []
        self._events: list[Event] = []
        self._depth = 0
        self._disk = disk
        self._secret = secrets.token_hex(32)
        if disk is not None:
            self._secret = disk.noted("secret") or self._secret
            disk.note("secret", self._secret)
            disk.load(self)
            if any(map(len, self.collections.values())):
                # The seed would give again what is there already.
                self._random = random.Random()  # noqa: S311 - as above

    def of(self, collection: str) -> Collection:
        """The records of one kind."""
        return self.collections[collection]

    def holding(self, prefix: str) -> Collection | None:
        """The records whose IDs begin with this, or None where they have no collection."""
        return self._by_prefix.get(prefix)

    def find(self, id: str) -> Record | None:
        """What this ID belongs to."""
        collection = self.holding(id[: id.find("_") + 1])
        return None if collection is None else collection.get(id)

    def now(self) -> datetime.datetime:
        """The moment, in Amsterdam, in whole seconds."""
        return self.clock.now()

    def today(self) -> datetime.date:
        """The date in Amsterdam."""
        return self.now().date()

    def stamp(self, moment: datetime.datetime | None = None) -> str:
        """A moment as answers write it; by default this one."""
        local = self.now() if moment is None else moment.astimezone(ZONE)
        minutes = (local.utcoffset() or _MINUTE) // _MINUTE
        # Until 1937 Amsterdam was so many seconds ahead as well, which ATOM can't say.
        return local.replace(tzinfo=datetime.timezone(minutes * _MINUTE)).isoformat(timespec="seconds")

    def moment(self, text: str) -> str:
        """A moment as requests write it, in the way of answers."""
        return self.stamp(datetime.datetime.fromisoformat(text).replace(tzinfo=ZONE))

    def new_id(self, prefix: str) -> str:
        """An ID of the usual shape that nothing has yet."""
        while True:
            id = prefix + "".join(self._random.choices(_LETTERS, k=12))
            if self.find(id) is None and id not in self.blobs:
                return id

    def new_secret(self) -> str:
        """A text of 40 letters and digits."""
        return "".join(self._random.choices(_LETTERS, k=40))

    def create(self, collection: str, /, **fields: Any) -> Record:
        """Adds a record with a new ID, made now."""
        records = self.of(collection)
        return records.add({"id": self.new_id(records.prefix), "createdAt": self.stamp(), **fields})

    def emit(self, event_type: str, record: Record) -> None:
        """Says that something happened; listeners hear of it once the change is safe."""
        self._events.append(Event(event_type, dict(record), self.now()))

    def settle(self) -> None:
        """Does what time brought about."""
        with self.changing():
            for behaviour in self.behaviours:
                for settler in behaviour.settlers:
                    settler(self)

    def add_blob(self, content: bytes, filename: str, content_type: str) -> str:
        """Keeps bytes; answers the ID that they have from now on."""
        id = self.new_id("blb_")
        with self.changing():
            self.blobs[id] = Blob(content, filename, content_type)
            self._new_blobs.append(id)
        return id

    def link(self, blob_id: str) -> dict[str, str]:
        """A link to bytes that needs no token and works for five minutes, as an answer has it."""
        expires = self.now() + datetime.timedelta(seconds=_LINK_SECONDS)
        at = str(int(expires.timestamp()))
        href = f"{SELF}files/{quote(blob_id)}?expires={at}&signature={self._signature(blob_id, at)}"
        return {"link": href, "expiresAt": self.stamp(expires)}

    def opens(self, blob_id: str, expires: str, signature: str) -> bool:
        """Whether a link was made here and still works."""
        if not hmac.compare_digest(self._signature(blob_id, expires).encode(), signature.encode("utf-8", "replace")):
            return False
        return self.now().timestamp() < int(expires)

    @contextmanager
    def changing(self) -> Generator[None, None, None]:
        """All that changes inside comes about as one, is on disk at the end, and is undone where an error comes out."""
        with self.lock:
            self._depth += 1
            is_changed = False
            try:
                yield
                if self._depth == 1:
                    is_changed = bool(self._changes)
                    self._keep()
            except BaseException:
                if self._depth == 1:
                    self._undo()
                raise
            finally:
                self._depth -= 1
            if self._depth:
                return
            events, self._events = self._events, []
        for event in events:
            for listener in self.listeners:
                listener(event)
        if is_changed:
            self.notify()

    def clear(self) -> None:
        """Throws everything away."""
        with self.lock:
            if self._disk is not None:
                self._disk.clear()
            for collection in self.collections.values():
                collection.load({})
            self.blobs.clear()

    def notify(self) -> None:
        """Tells watchers that something is new."""
        for watcher in self.watchers:
            watcher()

    def close(self) -> None:
        """Closes the disk."""
        if self._disk is not None:
            self._disk.close()

    def _signature(self, blob_id: str, expires: str) -> str:
        return hmac.new(
            self._secret.encode(), f"{blob_id}:{expires}".encode("utf-8", "replace"), hashlib.sha256
        ).hexdigest()

    def _changed(self, collection: str, id: str, before: Record | None, record: Record | None) -> None:
        self._changes.append(Change(collection, id, before, record, self.of(collection).position(id)))
        if not self._depth:
            with self.changing():
                pass

    def _keep(self) -> None:
        gone = {id for each in self._changes if each.after is None and each.before for id in _blobs_of(each.before)}
        if gone:
            # A record that was copied has the same bytes.
            gone -= {id for each in self.collections.values() for record in each for id in _blobs_of(record)}
        if self._disk is not None and (self._changes or self._new_blobs):
            self._disk.save(self._changes, [(id, self.blobs[id]) for id in self._new_blobs], gone)
        for id in gone:
            self.blobs.pop(id, None)
        self._changes.clear()
        self._new_blobs.clear()

    def _undo(self) -> None:
        for change in reversed(self._changes):
            self.of(change.collection).restore(change.id, change.before, change.position)
        for id in self._new_blobs:
            self.blobs.pop(id, None)
        self._changes.clear()
        self._new_blobs.clear()
        self._events.clear()


def _blobs_of(record: Record) -> list[str]:
    """The IDs of the bytes that belong to a record, or to what it has within."""
    parts = [record, *(each for value in record.values() if isinstance(value, list) for each in value)]
    return [part["blob"] for part in parts if isinstance(part, dict) and part.get("blob")]
