"""The portal: what it holds, all or nothing, in memory and on disk."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client.testing._portal.behaviour import Behaviour
from mijnklantportaal_client.testing._portal.clock import ZONE, PortalClock
from mijnklantportaal_client.testing._portal.contract import Contract
from mijnklantportaal_client.testing._portal.disk import SQLiteDisk
from mijnklantportaal_client.testing._portal.errors import StateFileError
from mijnklantportaal_client.testing._portal.portal import Disk, Event, Portal

NOON = datetime.datetime(2026, 3, 29, 12, 0, tzinfo=datetime.UTC)
EMPTY = Contract({"paths": {}, "components": {"schemas": {}}})


DISKS: list[SQLiteDisk] = []


def open_disk(path: Path) -> SQLiteDisk:
    """A state file, which is closed after the test at the latest."""
    DISKS.append(SQLiteDisk(path))
    return DISKS[-1]


@pytest.fixture(autouse=True)
def close_disks() -> Iterator[None]:
    """Closes what tests opened."""
    yield
    while DISKS:
        DISKS.pop().close()


def new_portal(disk: Disk | None = None, seed: int | None = 1) -> Portal:
    """A portal that holds things and parts."""
    behaviour = Behaviour()
    behaviour.collection("things", "thg_")
    behaviour.collection("parts", "prt_")
    return Portal(EMPTY, [behaviour], clock=PortalClock(NOON), seed=seed, disk=disk)


def dump(portal: Portal) -> Any:
    """All that it holds, in order."""
    return {name: list(each) for name, each in portal.collections.items()}, portal.blobs


def change_everything(portal: Portal) -> None:
    """Adds, changes and removes records, and adds a file."""
    made = [portal.create("things", name=name) for name in "abc"]
    portal.of("things").change(made[0]["id"], name="A", parts=[1])
    portal.of("things").remove(made[1]["id"])
    portal.create("parts", of=made[0]["id"])
    portal.add_blob(b"\0bytes", "é.txt", "text/plain")


def test_order_and_copies() -> None:
    """Records come in the order in which they were made, newest first where asked; what comes out is a copy."""
    portal = new_portal()
    ids = [portal.create("things", name=name)["id"] for name in "abcd"]
    things = portal.of("things")
    things.change(ids[1], name="B")
    assert [each["name"] for each in things] == ["a", "B", "c", "d"]
    newest = things.newest()
    assert (len(newest), newest[0]["name"], [each["name"] for each in newest[1:3]]) == (4, "d", ["c", "B"])
    assert [each["name"] for each in things.newest(lambda each: each["name"] < "c")] == ["B", "a"]
    newest[0]["name"] = "changed"
    assert things.get(ids[3]) == {"id": ids[3], "createdAt": "2026-03-29T14:00:00+02:00", "name": "d"}
    assert (things.get("thg_none"), ids[0] in things, "thg_none" in things) == (None, True, False)
    with pytest.raises(ValueError, match=f"there is a record {ids[0]} already"):
        things.add({"id": ids[0]})


def test_ids() -> None:
    """A prefix with twelve letters and digits; the same from the same seed."""
    first, again, other = (new_portal(seed=seed).new_id("cst_") for seed in (7, 7, 8))
    assert first == again != other
    assert first.startswith("cst_")
    assert (len(first), first[4:].isalnum()) == (16, True)


def test_find() -> None:
    """An ID leads to its record by its prefix."""
    portal = new_portal()
    thing = portal.create("things")
    assert (portal.find(thing["id"]), portal.find("prt_x"), portal.find("xyz_x"), portal.find("")) == (
        thing,
        None,
        None,
        None,
    )


def test_moments() -> None:
    """Requests write the time of Amsterdam, answers its offset too."""
    portal = new_portal()
    assert portal.moment("2026-01-31 10:00:00") == "2026-01-31T10:00:00+01:00"
    assert portal.stamp() == "2026-03-29T14:00:00+02:00"
    assert portal.today() == datetime.date(2026, 3, 29)
    portal.clock.advance(datetime.timedelta(hours=12))
    assert portal.stamp() == "2026-03-30T02:00:00+02:00"
    portal.clock.set(NOON + datetime.timedelta(days=1))
    portal.clock.advance(1)
    assert portal.stamp() == "2026-03-30T14:00:01+02:00"


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda clock: clock.advance(-1), "can't go back"),
        (lambda clock: clock.set(NOON - datetime.timedelta(1)), "can't go back"),
        (lambda clock: clock.set(datetime.datetime(2027, 1, 1)), "needs a time zone"),  # noqa: DTZ001
        (lambda clock: PortalClock(datetime.datetime(2027, 1, 1)), "needs a time zone"),  # noqa: DTZ001
        (lambda clock: PortalClock(datetime.datetime.max.replace(tzinfo=datetime.UTC)), "the years 1 to 9999"),
    ],
)
def test_clock_that_can_not_be(act: Any, message: str) -> None:
    """Time does not go back, and a moment without a zone is none."""
    with pytest.raises(ValueError, match=message):
        act(PortalClock(NOON))


def test_all_or_nothing() -> None:
    """Where an error comes out, everything is as it was, in the same order, and nobody hears of anything."""
    portal = new_portal()
    change_everything(portal)
    before, heard = dump(portal), list[Event]()
    portal.listeners.append(heard.append)

    def fail() -> None:
        with portal.changing():
            portal.of("things").remove(portal.of("things").ids[0])
            with portal.changing():
                change_everything(portal)
                portal.emit("customer-created", {"id": "cst_1"})
            raise KeyError

    before = (before[0], dict(before[1]))
    with pytest.raises(KeyError):
        fail()
    assert dump(portal) == before
    assert heard == []
    with portal.changing():
        portal.emit("customer-created", {"id": "cst_1"})
    assert [(each.type, each.record) for each in heard] == [("customer-created", {"id": "cst_1"})]


def test_links() -> None:
    """A link opens for five minutes, to what it was made for, and only if it was made here."""
    portal = new_portal()
    link = portal.link("blb_1")
    assert link["expiresAt"] == "2026-03-29T14:05:00+02:00"
    path, _, query = link["link"].partition("?")
    expires, signature = (part.partition("=")[2] for part in query.split("&"))
    assert path == "sandbox:/files/blb_1"
    assert portal.opens("blb_1", expires, signature)
    assert not portal.opens("blb_2", expires, signature)
    assert not portal.opens("blb_1", str(int(expires) + 1), signature)
    assert not portal.opens("blb_1", "", "")
    assert not new_portal().opens("blb_1", expires, signature)
    portal.clock.advance(299)
    assert portal.opens("blb_1", expires, signature)
    portal.clock.advance(1)
    assert not portal.opens("blb_1", expires, signature)


def test_disk(tmp_path: Path) -> None:
    """What was kept is there again, in its order; links stay good, and new records come last."""
    disk = open_disk(tmp_path / "state")
    portal = new_portal(disk)
    change_everything(portal)
    query = portal.link("blb_1")["link"].partition("?")[2]
    disk.note("name", "text")
    held = dump(portal)
    portal.close()
    disk = open_disk(tmp_path / "state")
    again = new_portal(disk)
    assert dump(again) == held
    assert again.link("blb_1")["link"].partition("?")[2] == query
    assert (disk.noted("name"), disk.noted("none")) == ("text", None)
    newest = again.create("things", name="z")
    assert again.of("things").newest()[0] == newest
    again.close()


def test_order_after_a_restart(tmp_path: Path) -> None:
    """Gaps that removed records left don't mix up what comes later."""
    names = "abc"
    for restart in range(3):
        portal = new_portal(open_disk(tmp_path / "state"))
        for name in names:
            portal.create("things", name=name)
        if not restart:
            for id in portal.of("things").ids[:2]:
                portal.of("things").remove(id)
        assert [each["name"] for each in portal.of("things")] == ["c", "d", "e"][: restart + 1]
        names = "de"[restart : restart + 1]
        portal.close()


def test_seed_after_a_restart(tmp_path: Path) -> None:
    """What is there is not made again: neither IDs nor secrets."""
    made = []
    for _ in range(2):
        portal = new_portal(open_disk(tmp_path / "state"), seed=7)
        portal.create("things")
        made.append((portal.new_secret(), portal.add_blob(b"x", "x", "text/plain")))
        portal.close()
    assert made[0][0] != made[1][0]
    assert made[0][1] != made[1][1]


def test_bytes_go_with_their_record(tmp_path: Path) -> None:
    """Those of a record, and of what it has within; not before it is safe that it is gone."""
    portal = new_portal(open_disk(tmp_path / "state"))
    first, second, third = (portal.add_blob(name.encode(), name, "text/plain") for name in "abc")
    id = portal.create("things", blob=first, parts=[{"blob": second}, 5])["id"]

    def fail() -> None:
        with portal.changing():
            portal.of("things").remove(id)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert list(portal.blobs) == [first, second, third]
    copy = portal.create("things", blob=first, parts=[{"blob": second}])["id"]
    portal.of("things").remove(id)
    assert list(portal.blobs) == [first, second, third]
    portal.of("things").remove(copy)
    assert list(portal.blobs) == [third]
    portal.close()
    assert list(new_portal(open_disk(tmp_path / "state")).blobs) == [third]


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-10-24T12:00:00+02:00", 24, "2026-10-25T11:00:00+01:00"),
        ("2026-03-29T01:30:00+01:00", 1, "2026-03-29T03:30:00+02:00"),
        ("2026-01-01T00:00:00+01:00", 24 * 181, "2026-07-01T01:00:00+02:00"),
    ],
)
def test_change_of_clocks(start: str, hours: int, end: str) -> None:
    """As many hours pass as are said, whatever the clocks of Amsterdam do."""
    zone = datetime.datetime.fromisoformat(start).astimezone(ZONE)
    clock = PortalClock(zone)
    clock.advance(hours * 3600)
    assert clock.now().isoformat() == end
    clock = PortalClock(zone)
    clock.set(datetime.datetime.fromisoformat(end))
    assert clock.now().isoformat() == end
    assert clock.now().tzinfo is ZONE


def test_clock_that_is_a_function() -> None:
    """The window of the rate limit moves with it; a function without a zone is none."""
    moments = [NOON]
    clock = PortalClock(lambda: moments[-1])
    begun = clock.seconds()
    moments.append(NOON + datetime.timedelta(hours=1))
    assert 3600 <= clock.seconds() - begun < 3660
    with pytest.raises(ValueError, match="needs a time zone"):
        PortalClock(datetime.datetime.now)
    with pytest.raises(ValueError, match="an aware datetime, or a function"):
        PortalClock(5)  # type: ignore[arg-type]


def test_disk_that_fails(tmp_path: Path) -> None:
    """What can't be kept did not happen."""
    disk = open_disk(tmp_path / "state")
    portal = new_portal(disk)
    change_everything(portal)
    before = (dump(portal)[0], dict(dump(portal)[1]))
    disk._database.execute("PRAGMA query_only = 1")

    def change() -> None:
        with portal.changing():
            change_everything(portal)

    for act in (change, portal.clear):
        with pytest.raises(sqlite3.OperationalError):
            act()
        assert dump(portal) == before
    disk._database.execute("PRAGMA query_only = 0")
    change_everything(portal)
    portal.clear()
    portal.close()
    assert dump(new_portal(open_disk(tmp_path / "state")))[0] == dump(new_portal())[0]


def make(path: Path, *statements: str) -> None:
    """A state file that something was done to."""
    disk = open_disk(path)
    new_portal(disk).create("things")
    disk.close()
    database = sqlite3.connect(path)
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("PRAGMA user_version = 2", "has version 2 of the state, and this sandbox reads version 1"),
        ("PRAGMA application_id = 0", "is an SQLite file of something else"),
        ("UPDATE records SET record = '{'", "is damaged"),
        ("UPDATE records SET record = 'null'", "is damaged: thg_[a-z0-9]+ is no record"),
        ("UPDATE records SET record = '{}'", "is damaged: thg_[a-z0-9]+ is no record"),
        ("UPDATE records SET collection = 'other'", "holds other, which this sandbox does not know"),
        ("DROP TABLE records", "is damaged: no such table"),
    ],
)
def test_unfit_file(tmp_path: Path, statement: str, message: str) -> None:
    """A file of another version, of something else, or damaged is refused and left as it is."""
    path = tmp_path / "state"
    make(path, statement)
    before = path.read_bytes()
    with pytest.raises(StateFileError, match=message):
        new_portal(open_disk(path))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no database at all, but long enough to be one" * 20, "is damaged or no state file")],
)
def test_no_state_file(tmp_path: Path, content: bytes, message: str) -> None:
    """Any other file is refused and left as it is."""
    path = tmp_path / "state"
    path.write_bytes(content)
    with pytest.raises(StateFileError, match=message):
        open_disk(path)
    assert path.read_bytes() == content


def test_damaged_pages(tmp_path: Path) -> None:
    """A file that is cut or overwritten in its middle is refused."""
    path = tmp_path / "state"
    make(path)
    content = bytearray(path.read_bytes())
    content[4096:12288] = b"\xff" * 8192
    path.write_bytes(content)
    with pytest.raises(StateFileError, match="damaged"):
        new_portal(open_disk(path))


def test_file_in_use(tmp_path: Path) -> None:
    """Two sandboxes don't share a file."""
    disk = open_disk(tmp_path / "state")
    with pytest.raises(StateFileError, match="is in use by another sandbox"):
        open_disk(tmp_path / "state")
    disk.close()
    open_disk(tmp_path / "state").close()


def test_no_place(tmp_path: Path) -> None:
    """A folder that is not there is told."""
    with pytest.raises(StateFileError, match="can't be opened"):
        open_disk(tmp_path / "none" / "state")
