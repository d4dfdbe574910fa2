"""What is generated from a contract full of odd things, imported and called."""

import copy
import datetime
import importlib
import inspect
import json
import pickle
import shutil
import subprocess
import sys
import typing
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

HOSTILE = "A\\N{nothing}"
JULY = datetime.datetime(2024, 7, 1, tzinfo=datetime.UTC)
TREE = {"name": "root", "branches": [{"tree": {"name": "leaf"}, "byName": {"x": {}}}]}
EVERYTHING: dict[str, Any] = {
    "id": "pag_abc123",
    "text": "t",
    "from": "f",
    "class": "c",
    "list": ["a", "b"],
    "dict": "d",
    "datetime": "2024-04-29T21:00:00+02:00",
    "self": "s",
    "cls": "c",
    "d": "d",
    "v": "v",
    "raw": "r",
    "to_dict": "t",
    "from_dict": "f",
    "additional_properties": "a",
    "unreadable": "u",
    "type": "with space",
    "amount": "12.95",
    "price": Decimal("12.95"),
    "latitude": Decimal("52.3702157"),
    "day": "2024-04-29",
    "at": "2024-04-29T21:00:00+02:00",
    "flag": True,
    "count": 3,
    "either": "3",
    "level": 2,
    "mixed": "a",
    "fraction": Decimal("1.5"),
    "any": None,
    "union": {"one": 1},
    "constant": "fixed",
    "maybeText": "t",
    "maybeAmount": "1.00",
    "maybePrice": Decimal("1.5"),
    "maybeDay": "2024-04-29",
    "maybeAt": "2024-04-29T21:00:00+02:00",
    "maybeFlag": False,
    "maybeCount": 0,
    "maybeLevel": 1,
    "maybeStatus": "x",
    "maybeTree": TREE,
    "maybeList": ["a"],
    "maybeMap": {"a": 1},
    "maybeInner": {"deep": [{"y": 1}]},
    "gone": {"why": "w"},
    "dates": ["2024-04-29"],
    "prices": [Decimal("1.5"), None],
    "trees": [TREE],
    "levels": [3],
    "free": {"a": [1, {"b": None}]},
    "anything": [1],
    "counts": {"a": 1},
    "combined": {"one": 1, "kind": "a", "extra": "e"},
    "odd": {"id": "x"},
    "both": {"one": 1, "kind": "b", "two": "2024-04-29", "inner": {"x": 1}},
}
NULLABLE = [*(key for key in EVERYTHING if key.startswith("maybe")), "any", "anything", "gone"]
REQUIRED = ["id", "text", "amount", "price", "day", "at", "flag", "count", "level", "list", "mixed"]


class Server:
    """Remembers requests and gives one answer."""

    def __init__(self, answer: Any = None, status: int = 200) -> None:
        self.answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.status = status
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.status, content=self.answer)

    def portal(self, package: ModuleType) -> Any:
        """A client of the package that talks to this server."""
        return package.MijnKlantportaal(
            api_key="key",
            http_client=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            base_url="https://api.test",
        )

    @property
    def sent(self) -> Any:
        """The JSON of the last request."""
        return json.loads(self.requests[-1].content)


@pytest.fixture
def models(probe_client: ModuleType) -> Any:
    """The generated models."""
    return part(probe_client, "models")


def part(package: Any, module: str) -> Any:
    """A module of the package that something belongs to."""
    return importlib.import_module(f"{package.__name__.split('.')[0]}.{module}")


def test_resources_and_methods_get_names_by_rule(probe_client: ModuleType) -> None:
    """Without tags, operationIds or a place in the table, everything can still be called by a plain name."""
    portal = Server().portal(probe_client)
    methods = {
        name: sorted(m for m in dir(getattr(portal, name)) if not m.startswith("_"))
        for name in ("sticky_notes", "notes", "download_", "import_", "groups")
    }
    assert methods == {
        "sticky_notes": ["get_sticky_notes"],
        "notes": [
            "attach_note_form_data", "attach_note_json", "change_note", "create_note", "delete_note", "draw_note",
            "get_note", "print_note",
        ],
        "download_": ["get_tree"],
        "import_": ["list", "search_deep"],
        "groups": ["add_members", "free_form", "list_members"],
    }  # fmt: skip


def test_signatures(probe_client: ModuleType) -> None:
    """Names that Python or the client needs get an underscore; IDs come first, the rest by keyword."""
    notes = Server().portal(probe_client).notes
    parameters = inspect.signature(notes.create_note).parameters
    assert list(parameters)[:7] == ["from_", "customer_id", "lines", "class_", "self_", "page_", "first_page_"]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in parameters.values())
    assert str(parameters["lines"].annotation) == "Sequence[CreateNoteLinesItem | CreateNoteLinesItemDict]"
    assert parameters["class_"].annotation == "str | None | Unset"
    assert parameters["free"].annotation == "Mapping[str, Any] | Unset"
    assert parameters["meta"].annotation == "Mapping[str, datetime.date | str] | Unset"
    assert next(iter(inspect.signature(notes.get_note).parameters)) == "item_id"
    assert inspect.signature(notes.draw_note).return_annotation == "bytes"
    assert inspect.signature(notes.delete_note).return_annotation == "None"
    assert inspect.signature(notes.get_note).return_annotation == "Both"


def test_hostile_words_stay_words(probe_client: ModuleType, models: Any) -> None:
    """Quotes, backslashes, control characters and template marks in descriptions end up in the docstring, harmless."""
    notes = Server().portal(probe_client).notes
    for doc in (notes.create_note.__doc__, models.Everything.__doc__):
        assert "/N{nothing}" in doc
        assert "{% raw %}{{ self }}" in doc
        assert "\\" not in doc
    assert "import os" in notes.create_note.__doc__
    folder = Path(typing.cast("str", probe_client.__file__)).parent / "_generated"
    for path in folder.rglob("*.py"):
        assert "\nimport os" not in path.read_text("utf-8")


def test_a_whole_object(models: Any) -> None:
    """Every kind of field is read on the fast path as what its annotation says, and comes back out."""
    kind = models.Everything
    drift = part(models, "_drift").Drift()
    thing = kind._read(copy.deepcopy(EVERYTHING), drift, "")
    assert drift.found == []
    assert thing.to_dict() == json.loads(json.dumps(EVERYTHING, default=float))
    assert (thing.from_, thing.class_, thing.self_, thing.list_, thing.dict_) == ("f", "c", "s", ["a", "b"], "d")
    assert (thing.to_dict_, thing.from_dict_, thing.additional_properties_, thing.unreadable_) == ("t", "f", "a", "u")
    assert (thing.datetime_, thing.d, thing.cls, thing.v, thing.raw) == (thing.at, "d", "c", "v", "r")
    assert thing.type is models.EverythingType.WITH_SPACE
    assert (thing.price, thing.latitude) == (Decimal("12.95"), Decimal("52.3702157"))
    assert thing.level is models.Level.MIDDLE
    assert (thing.mixed, thing.fraction, thing.union, thing.any) == ("a", Decimal("1.5"), {"one": 1}, None)
    assert thing.maybe_tree.branches[0].tree == models.Tree(name="leaf")
    assert thing.maybe_tree.branches[0].by_name == {"x": models.Branch()}
    assert thing.maybe_inner.deep[0].y == 1
    assert thing.dates == [datetime.date(2024, 4, 29)]
    assert thing.prices == [Decimal("1.5"), None]
    assert thing.levels == [models.Level.HIGH]
    assert (thing.combined.one, thing.combined.extra, thing.both.inner.x) == (1, "e", 1)
    assert (thing.free, thing.anything, thing.counts) == ({"a": [1, {"b": None}]}, [1], {"a": 1})
    assert pickle.loads(pickle.dumps(thing)) == thing == copy.deepcopy(thing)


def test_null_where_it_is_allowed(models: Any) -> None:
    """Every way of saying "or null" gives None without drift; it is not allowed anywhere else."""
    drift = part(models, "_drift").Drift()
    thing = models.Everything._read(EVERYTHING | dict.fromkeys(NULLABLE), drift, "")
    assert drift.found == []
    hints = typing.get_type_hints(models.Everything)
    for field in thing._fields:
        if field.wire in NULLABLE:
            assert getattr(thing, field.name) is None, field.name
            assert hints[field.name] is Any or type(None) in typing.get_args(hints[field.name]), field.name
        else:
            other = models.Everything.from_dict({**EVERYTHING, field.wire: None})
            required = field.wire in REQUIRED
            assert hasattr(other, field.name) is not required, field.name


@pytest.mark.parametrize("odd", [None, True, 0, Decimal("0.50"), "", "2024-04-29", [], {}, [None], [[]], {"a": None}])
def test_both_decoders_agree(models: Any, odd: Any) -> None:
    """Whatever a field holds, nothing is lost, and the fast decoder says the same as the slow one or nothing."""
    drift, odd_answer = part(models, "_drift").Drift(), part(models, "_model").ODD_ANSWER
    whole = ((models.Everything, EVERYTHING), (models.Both, EVERYTHING["both"]), (models.Tree, TREE))
    for kind, raw in ((kind, copy.deepcopy(data) | {wire: odd}) for kind, data in whole for wire in data):
        slow = kind._read_slowly(raw, drift, "")
        assert json.dumps(slow.to_dict(), sort_keys=True) == json.dumps(raw, sort_keys=True, default=float)
        try:
            fast = kind._fast(raw)
        except odd_answer:
            continue
        assert (fast, repr(fast), fast.to_dict()) == (slow, repr(slow), slow.to_dict())


@pytest.mark.parametrize(
    ("name", "members"),
    [
        ("EverythingType", {
            "A_B": "a-b", "FIELD_1_ST": "1st", "NONE": "None", "CLASS": "class", "WITH_SPACE": "with space",
            "N_CODE": "Ünïcode",
        }),
        ("EverythingMaybeStatus", {"X": "x", "Y": "y"}),
        ("Level", {"LOW": 1, "MIDDLE": 2, "HIGH": 3}),
        ("CreateNoteLinesItemVatRate", {"FIELD_0": 0, "FIELD_9": 9, "FIELD_21": 21}),
        ("Sort", {"NEWEST": "newest", "OLDEST": "oldest"}),
    ],
)  # fmt: skip
def test_enums(models: Any, name: str, members: dict[str, Any]) -> None:
    """Lists of values become enums, without null, with names that Python takes."""
    assert {member.name: member.value for member in getattr(models, name)} == members


def test_models_that_share_a_name_with_something_else(probe_client: ModuleType, models: Any) -> None:
    """A schema named like a class that generated code imports, or like a resource, gets a longer name."""
    assert issubclass(models.PageModel, models.Tree.__base__)
    assert models.NotesModel.from_dict({"id": "x"}).id == "x"
    assert not hasattr(models, "Page")
    assert not hasattr(models, "Free")
    assert models.OddName1.from_dict({"id": "x"}).id == "x"


async def test_a_list_without_anything_of_ours(probe_client: ModuleType) -> None:
    """The page parameter need not be declared for a page envelope to be walked."""
    data = json.loads(json.dumps(EVERYTHING, default=float))
    server = Server({"current_page": 1, "per_page": 15, "next_page_url": None, "data": [data]})
    things = await server.portal(probe_client).sticky_notes.get_sticky_notes().collect()
    assert [thing.id for thing in things] == ["pag_abc123"]
    assert server.requests[0].url.raw_path == b"/sticky-notes?page=1"


async def test_a_body_of_everything(probe_client: ModuleType, models: Any) -> None:
    """Nested objects, circles, maps and free-form objects go out under their wire names."""
    server = Server(json.loads(json.dumps(EVERYTHING, default=float)), 201)
    await server.portal(probe_client).notes.create_note(
        from_="a",
        customer_id="cst_abc123",
        customers=["cst_abc123"],
        lines=[
            {"amount": Decimal("1E+2"), "vat_rate": 21, "at": JULY, "memo": None},
            models.CreateNoteLinesItem(amount=1),
        ],
        class_=None,
        self_=1,
        shape=models.Both(one=1, two=datetime.date(2024, 1, 1)),
        tree={"name": "root", "branches": [{"tree": models.Tree(name="leaf")}]},
        meta={"x": datetime.date(2024, 1, 1)},
        free={"any": {"thing": [1, None]}},
        latitude="52.3702157",
        total="12.95",
    )  # fmt: skip
    assert server.sent == {
        "from": "a",
        "customerId": "cst_abc123",
        "customers": ["cst_abc123"],
        "lines": [
            {"amount": "100", "vatRate": 21, "at": "2024-07-01 02:00:00", "memo": None},
            {"amount": "1"},
        ],
        "class": None,
        "self": 1,
        "shape": {"one": 1, "two": "2024-01-01"},
        "tree": {"name": "root", "branches": [{"tree": {"name": "leaf"}}]},
        "meta": {"x": "2024-01-01"},
        "free": {"any": {"thing": [1, None]}},
        "latitude": 52.3702157,
        "total": 12.95,
    }


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"lines": [{"amont": 1}]}, "did you mean 'amount'"),
        ({"customers": ["inv_abc123"]}, "cst_"),
        ({"latitude": 52.37}, "float"),
        ({"total": "1.234"}, "more than 2 decimals"),
        ({"meta": {"x": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)}}, r"meta\['x'\]"),
        ({"tree": {"name": "x", "branches": [{"trees": 1}]}}, "did you mean 'tree'"),
        ({"self_": None}, "self_ can't be None"),
    ],
)
async def test_wrong_arguments(probe_client: ModuleType, change: dict[str, Any], error: str) -> None:
    """The checks of hand-named operations hold for new ones too."""
    server = Server()
    given = {"from_": "a", "customer_id": "cst_abc123", "lines": []} | change
    with pytest.raises((TypeError, ValueError), match=error):
        await server.portal(probe_client).notes.create_note(**given)
    assert server.requests == []


async def test_answers_of_other_kinds(probe_client: ModuleType, models: Any) -> None:
    """Nothing, bytes, free-form JSON, bare lists, maps, lists in `data`, and JSON with a character set."""
    item = "frm_abc123"
    assert await Server(b"").portal(probe_client).notes.delete_note(item) is None
    assert await Server(b"%PDF").portal(probe_client).notes.print_note(item) == b"%PDF"
    assert await Server(b"\x89PNG").portal(probe_client).notes.draw_note(item) == b"\x89PNG"
    both = await Server(EVERYTHING["both"]).portal(probe_client).notes.get_note(item)
    assert both.two == datetime.date(2024, 4, 29)
    groups = Server({"data": [{"id": "x"}]}).portal(probe_client).groups
    assert await groups.add_members("g1", customers=[]) == [models.PageModel(id="x")]
    assert (await groups.list_members("g1")).data == [models.PageModel(id="x")]
    assert await Server({"a": 1}).portal(probe_client).groups.free_form("g1", extra_body={"b": 2}) == {"a": 1}
    assert await Server(["2024-01-01"]).portal(probe_client).import_.search_deep() == [datetime.date(2024, 1, 1)]
    assert await Server(None).portal(probe_client).import_.list(from_="2024-01-01") is None
    done = await Server({"ok": True, "notes": [{"text": "t"}]}).portal(probe_client).notes.change_note(item, done=True)
    assert done.notes[0].text == "t"


async def test_queries(probe_client: ModuleType) -> None:
    """Arrays, keywords, an argument named `page`, and a parameter that two operations share."""
    server = Server([])
    await server.portal(probe_client).import_.list(
        from_=datetime.date(2024, 1, 1), tags=["a", "b"], ids=[1], page_=3, customer_id="cst_abc123", sort="newest"
    )
    query = server.requests[0].url.params
    assert sorted(query.multi_items()) == [
        ("customerId", "cst_abc123"), ("from", "2024-01-01"), ("ids[]", "1"), ("page", "3"), ("sort", "newest"),
        ("tags[]", "a"), ("tags[]", "b"),
    ]  # fmt: skip


async def test_two_content_types(probe_client: ModuleType) -> None:
    """An operation that takes a form or JSON becomes two methods."""
    server = Server(b"")
    notes = server.portal(probe_client).notes
    await notes.attach_note_form_data("frm_abc123", file=b"content", public=True)
    assert server.requests[0].headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b"content" in server.requests[0].content
    await notes.attach_note_json("frm_abc123", link="https://x.test")
    assert server.sent == {"link": "https://x.test"}
    for method in (notes.attach_note_form_data, server.portal(probe_client).with_raw_response.notes.print_note):
        assert inspect.iscoroutinefunction(method)


async def test_id_rules_hold_for_new_paths(probe_client: ModuleType) -> None:
    """By path, for what lies below it too; where no rule knows the name, any safe ID will do."""
    portal = Server(TREE).portal(probe_client)
    errors = probe_client.InvalidIDError
    with pytest.raises(errors, match="frm_"):
        await portal.notes.print_note("cst_abc123")
    with pytest.raises(errors):
        await portal.download_.get_tree("frm_abc123")
    assert (await portal.download_.get_tree("pag_abc123")).name == "root"
    with pytest.raises(errors):
        await portal.groups.add_members("../x")


def test_an_update_with_nothing_to_change(probe_client: ModuleType) -> None:
    """A PATCH whose fields are all optional refuses an empty change; null counts as one."""
    notes = Server({"ok": True}).portal(probe_client).notes
    assert "nothing to change" in notes.change_note.__doc__
    assert inspect.signature(notes.change_note).parameters["due_at"].annotation == "datetime.date | str | None | Unset"


def test_an_answer_that_is_also_an_argument(models: Any) -> None:
    """None in such an object is how absence reads, and is not sent as null."""
    tree = models.Tree.from_dict({"name": "x", "parent": None, "extra": 1})
    codecs = part(models, "_codecs")
    options = codecs.WriteOptions(datetime.UTC)
    assert codecs.ModelOf(models.Tree).write(tree, "tree", options) == {"name": "x", "extra": 1}
    assert codecs.ModelOf(models.Tree).write({"name": "x", "parent": None}, "tree", options) == {
        "name": "x",
        "parent": None,
    }


def test_the_table_of_operations(probe_client: ModuleType) -> None:
    """The JSON beside the code names every operation, its method, formats and IDs."""
    folder = Path(typing.cast("str", probe_client.__file__)).parent / "_generated"
    table = {entry["id"]: entry for entry in json.loads((folder / "operations.json").read_text("utf-8"))}
    assert len(table) == 14
    entry = table["create-note"]
    assert (entry["resource"], entry["methods"], entry["method"], entry["path"]) == (
        "notes", ["create_note"], "POST", "/sticky-notes",
    )  # fmt: skip
    fields = entry["body"]["application/json"]
    assert fields["customers"] == {"format": "list", "required": False, "items": "id", "ids": ["cst_"]}
    assert (fields["total"]["format"], fields["latitude"]["format"]) == ("number", "decimal")
    assert table["attach-note"]["methods"] == ["attach_note_form_data", "attach_note_json"]
    assert set(table["attach-note"]["body"]) == {"multipart/form-data", "application/json"}
    assert table["get-sticky-notes"]["answer"] == "page"
    contract = json.loads((folder / "contract.json").read_text("utf-8"))
    assert set(contract["components"]["schemas"]) >= {"Everything", "Tree", "CreateNoteLinesItem"}


def test_types_of_the_generated_code(probe_client: ModuleType) -> None:
    """The strict type checker finds nothing."""
    folder = Path(typing.cast("str", probe_client.__file__)).parent
    # What is written by hand knows this list, which the probe does not have.
    events = "_generated/models/event_type.py"
    shutil.copyfile(Path(__file__).parents[2] / "mijnklantportaal_client" / events, folder / events)
    # It names the models of the real contract, which the probe has none of.
    state = folder / "testing/_state.py"
    state.write_text(f"# mypy: ignore-errors\n{state.read_text('utf-8')}", "utf-8")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(folder.parent / "cache")]
    done = subprocess.run([*mypy, folder.name], cwd=folder.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
