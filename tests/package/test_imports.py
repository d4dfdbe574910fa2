"""Importing the package is cheap, and everything it names can be imported."""

import copy
import importlib
import json
import pickle
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import mijnklantportaal_client
from mijnklantportaal_client import UNSET, Unset

PUBLIC = ["", *(f".{name}" for name in sorted(mijnklantportaal_client._MODULES))]
UNUSED = (
    *("_fetch", "_files", "_json_fast", "_link", "_multipart", "_part_file", "_receiving", "_threads"),
    *("blocking", "events", "otel", "testing"),
)
HEAVY = {"asyncio", "attr", "attrs", "decimal", "httpx", "importlib.metadata", "json", "ssl", "zoneinfo"}


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter loads for some code, and had not loaded before."""
    script = (
        f"import sys, json; before = set(sys.modules)\n{code}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def module(suffix: str) -> ModuleType:
    """A public module."""
    return importlib.import_module(f"mijnklantportaal_client{suffix}")


def test_import_loads_nothing_but_itself() -> None:
    """No httpx, attrs, asyncio, models or resources before they are used."""
    loaded = loaded_by("import mijnklantportaal_client")
    assert {name for name in loaded if name.startswith("mijnklantportaal_client")} == {"mijnklantportaal_client"}
    assert loaded.isdisjoint(HEAVY)


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("from mijnklantportaal_client import UNSET, Outcome, __version__", {"httpx", "attr", "asyncio"}),
        ("from mijnklantportaal_client import NotFoundError, InvalidIDError", {"httpx", "attr", "asyncio"}),
        ("from mijnklantportaal_client.ids import check_id", {"httpx", "attr", "asyncio"}),
        ("from mijnklantportaal_client import cms, webhooks", {"httpx", "attr", "asyncio"}),
        ("import mijnklantportaal_client.models, mijnklantportaal_client.resources", {"httpx", "attr", "asyncio"}),
        ("from mijnklantportaal_client.models import Customer", {"httpx", "asyncio"}),
    ],
)
def test_parts_load_no_more_than_they_need(code: str, unwanted: set[str]) -> None:
    """What an `except` clause or an annotation needs comes without the HTTP library."""
    assert loaded_by(code).isdisjoint(unwanted)


def test_a_client_loads_no_more_than_a_call_needs() -> None:
    """What only some calls need comes with the first of them: time zones, files and forms, links, the faster parser."""
    loaded = loaded_by(
        "from mijnklantportaal_client import MijnKlantportaal\nMijnKlantportaal(api_key='a-key').customers"
    )
    unwanted = {"zoneinfo", "msgspec", *(f"mijnklantportaal_client.{name}" for name in UNUSED)}
    assert loaded & unwanted == set()


def test_a_model_loads_only_the_models_in_it() -> None:
    """One model, and not all of them."""
    models = "mijnklantportaal_client._generated.models"
    loaded = {name for name in loaded_by("from mijnklantportaal_client.models import Link") if name.startswith(models)}
    assert loaded == {models, f"{models}.link"}


@pytest.mark.parametrize("suffix", PUBLIC)
def test_all_is_what_can_be_imported(suffix: str) -> None:
    """Every name in `__all__` is there, is in `dir()`, once, and nothing public is left out of it."""
    public = module(suffix)
    names = public.__all__
    assert len(names) == len(set(names))
    for name in names:
        assert getattr(public, name) is getattr(public, name)
    assert set(names) <= set(dir(public))
    unnamed = {name for name in dir(public) if not name.startswith("_")} - set(names)
    unnamed = {name for name in unnamed if is_ours(getattr(public, name), public.__name__)}
    assert unnamed == set()


def test_every_public_module_is_named() -> None:
    """Whatever has no underscore before its name can be reached from the top of the package."""
    there = Path(mijnklantportaal_client.__file__).parent.iterdir()
    found = {path.stem for path in there if path.suffix in ("", ".py") and not path.name.startswith("_")}
    assert found == mijnklantportaal_client._MODULES


def is_ours(value: object, name: str) -> bool:
    """Whether a module defined something itself, or imported it."""
    return not isinstance(value, ModuleType) and getattr(value, "__module__", None) == name


@pytest.mark.parametrize("suffix", PUBLIC)
def test_unknown_names_are_attribute_errors(suffix: str) -> None:
    """With the module's name and the wrong one, as for any other module."""
    public = module(suffix)
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = public.nothing_like_this
    with pytest.raises(ImportError, match="nothing_like_this"):
        exec(f"from {public.__name__} import nothing_like_this", {})
    assert not hasattr(public, "__nothing__")


@pytest.mark.parametrize("suffix", PUBLIC)
def test_star_import_brings_all(suffix: str) -> None:
    """`from ... import *` works and brings the names in `__all__`."""
    public = module(suffix)
    names: dict[str, object] = {}
    exec(f"from {public.__name__} import *", names)
    assert set(names) - {"__builtins__"} == set(public.__all__)


def test_names_are_the_same_objects_everywhere() -> None:
    """A class that two modules name is one class."""
    for name in mijnklantportaal_client.__all__:
        if name in module(".errors").__all__:
            assert getattr(mijnklantportaal_client, name) is getattr(module(".errors"), name)


def test_annotations_and_types_agree_on_names() -> None:
    """What type checkers see at the top level is what is there when the program runs."""
    source = importlib.import_module("inspect").getsource(mijnklantportaal_client)
    for_checkers = source.partition("if TYPE_CHECKING:")[2].partition("\n\n")[0].splitlines()
    imported = {line.rpartition(" as ")[2] for line in for_checkers if " import " in line}
    assert imported == set(mijnklantportaal_client.__all__)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_unset_stays_the_same_object(protocol: int) -> None:
    """Copied and pickled, on its own or inside of something."""
    assert pickle.loads(pickle.dumps(UNSET, protocol)) is UNSET
    assert pickle.loads(pickle.dumps({"name": [UNSET]}, protocol)) == {"name": [UNSET]}
    assert copy.copy(UNSET) is UNSET
    assert copy.deepcopy([UNSET])[0] is UNSET


def test_unset_is_false_and_says_its_name() -> None:
    """One member, false, with a repr that reads as in code."""
    assert not UNSET
    assert repr(UNSET) == "UNSET"
    assert list(Unset) == [UNSET]
    assert UNSET is not None
