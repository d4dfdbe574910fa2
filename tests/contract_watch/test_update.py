"""`make update-contract`: a newer document comes in as a whole, with a report, or not at all."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import generate
import update_contract
from codegen.document import ContractError
from codegen.overlay import load_yaml
from contract import checks, snapshot, update
from contract.checks import Project
from contract.swap import FOLDER
from contract.update import StoppedError
from tests.contract_watch.test_checks import edit

# The generator runs on one Python; what it makes is tested on every one.
pytestmark = pytest.mark.slow

ANSWER = {"204": {"description": ""}}
Document = dict[str, Any]
TEXT = {"type": "string"}


def content(root: Path) -> dict[str, bytes]:
    """Every file of a tree."""
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def fine(_: Path) -> tuple[bool, str]:
    """Checks that hold."""
    return True, "ok      everything\n"


@pytest.fixture
def newer(root: Path, tmp_path: Path) -> Callable[..., Path]:
    """Writes the project's document with a change of it."""

    def write(change: Callable[[Document], Any]) -> Path:
        document = load_yaml(root / "openapi.yaml")
        change(document)
        path = tmp_path / "new.json"
        path.write_text(json.dumps(document), "utf-8")
        return path

    return write


def part(document: Document) -> Document:
    """The fields of a schema."""
    fields: Document = document["components"]["schemas"]["Part"]["properties"]
    return fields


SORTS = """\
actions:
  - target: $.components.parameters.sort.schema
    description: The text lists the values.
    update:
      title: Sort
      enum: [newest, oldest]
  - target: $.components.parameters.sort.schema['x-allowed-values']
    description: The enum took its place.
    remove: true
"""


def sort(document: Document) -> Document:
    """The schema of a parameter that has a closed list."""
    schema: Document = document["components"]["parameters"]["sort"]["schema"]
    return schema


def level(document: Document) -> Document:
    """An enum."""
    schema: Document = document["components"]["schemas"]["Level"]
    return schema


def grown(document: Document) -> None:
    """A new operation, a field more, and one less."""
    document["paths"]["/notes/{itemId}/copy"] = {
        "post": {
            "operationId": "copy-note",
            "tags": ["Notes API"],
            "x-documented": "full",
            "responses": {"204": {"description": "Copied"}},
        }
    }
    fields = document["components"]["schemas"]["Gone"]["properties"]
    fields["when"] = TEXT
    del fields["why"]


def test_a_newer_document(root: Path, newer: Callable[..., Path]) -> None:
    """Everything that is made of it is in place, the report says what it means, and nothing is left beside."""
    spec = newer(grown)
    before = content(root)
    seen: list[dict[str, bytes]] = []

    def look(tree: Path) -> tuple[bool, str]:
        seen.append(content(tree))
        assert content(root).keys() - before.keys() == {name for name in content(root) if name.startswith(f"{FOLDER}/")}
        return True, "ok      everything\n"

    done = update.update(root, spec, checks=look)
    assert done.checked
    after = content(root)
    assert after["openapi.yaml"] == spec.read_bytes()
    assert {name for name in after if after[name] != before.get(name)} == {
        "openapi.yaml",
        "CHANGELOG.md",
        snapshot.FILE,
        *(
            f"mijnklantportaal_client/_generated/{name}"
            for name in ("contract.json", "operations.json", "models/gone.py", "resources/notes.py")
        ),
    }
    assert {name: seen[0][name] for name in after if name in seen[0]} == after
    assert not (root / FOLDER).exists()
    for line in (
        "# A newer contract: new.json",
        "3 changes; 1 breaks callers, 0 of them in what the vendor documents in full.",
        "| `Gone` | field removed | `why` | code, on upgrading | inferred |",
        "| `notes.copy_note` | operation added | `POST /notes/{itemId}/copy` | documented |",
        "| `Gone` | field added | `when`, optional | inferred |",
        "- POST /notes/{itemId}/copy: the path parameter itemId was not declared",
        "| yes | `models.Gone.why` | removed |",
        "| no | `resources.Notes.copy_note` | new |",
        "0.1.0 is not released, so it can stay: nobody has it yet.",
        "ok      everything",
    ):
        assert line in done.report.splitlines()
    assert (
        "\n## [Unreleased]\n\n### Added\n\n- `notes.copy_note`: operation added: `POST /notes/{itemId}/copy`.\n\n"
        in (after["CHANGELOG.md"].decode())
    )
    assert (
        "### Contract\n\n- **Breaking.** `Gone`: field removed: `why`.\n- `Gone`: field added: `when`, optional.\n"
        in (after["CHANGELOG.md"].decode())
    )
    # The same document again changes nothing.
    again = update.update(root, spec, checks=fine)
    assert content(root) == after
    assert "Nothing is different for callers." in again.report
    assert "Nothing asks for another version than 0.1.0." in again.report


def test_what_is_gone_has_the_name_that_it_had(root: Path, newer: Callable[..., Path]) -> None:
    """Users know the method, and not the vendor's ID of the operation, in the report and in the changelog."""
    done = update.update(root, newer(lambda document: document["paths"].pop("/groups/{groupId}/free")), checks=fine)
    assert "| `groups.free_form` | operation removed | `POST /groups/{groupId}/free` |" in done.report
    assert "`groups.free_form`: operation removed" in (root / "CHANGELOG.md").read_text("utf-8")


def test_what_is_left_to_do(root: Path, newer: Callable[..., Path]) -> None:
    """A new operation asks for a name; other changes do not."""
    todo = update.update(root, newer(grown), checks=fine).report.partition("## Next\n\n")[2]
    assert [line.partition("`")[0] for line in todo.splitlines() if line] == [
        "- Give new operations a name in ",
        "- Give them a behaviour in the sandbox, which answers with the contract's examples until then.",
        "- Give a new resource its Dutch words there, too, and a line in the ",
        "- Read the diff of ",
        "- ",
    ]
    todo = update.update(root, newer(lambda document: part(document).update(more=TEXT)), checks=fine).report
    assert "Give new operations" not in todo


def test_a_value_that_the_overlay_does_not_know(root: Path, newer: Callable[..., Path]) -> None:
    """A list of the overlay takes the place of the vendor's; what the vendor adds to that is told and not lost."""
    edit(root / "openapi.overlay.yaml", "actions:\n", SORTS)
    edit(root / "openapi.yaml", "x-allowed-values: [newest, oldest]", "x-allowed-values: [oldest, newest]")
    spec = newer(lambda document: sort(document)["x-allowed-values"].append("largest"))
    told = "$.components.parameters.sort.schema: the vendor lists 'largest', which Sort lacks"
    assert f"- {told}" in update.update(root, spec, checks=fine).report.splitlines()
    assert [line for line in checks.words(Project(root)) if "vendor" in line] == [told]
    edit(root / "openapi.overlay.yaml", "[newest, oldest]", "[newest, oldest, largest, smallest]")
    assert [line for line in checks.words(Project(root)) if "vendor" in line] == []


def test_a_released_version(root: Path, newer: Callable[..., Path]) -> None:
    """What breaks users is not agreed to in their name: the version has to be raised first."""
    edit(root / "CHANGELOG.md", "- unreleased", "- 2026-12-01")
    before = content(root)
    done = update.update(root, newer(grown), checks=lambda tree: (False, "FAILED  public names\n"))
    assert not done.checked
    assert "0.1.0 is released; the next one is 0.2.0." in done.report
    assert "- Some checks do not hold yet: see above, mend, `make contract`." in done.report
    assert content(root)[snapshot.FILE] == before[snapshot.FILE]
    assert content(root)["openapi.yaml"] != before["openapi.yaml"]


def no_title(document: Document) -> None:
    """The vendor has taken one correction over, and moved the place of another one."""
    document["info"]["title"] = "A better title"
    schemas = document["components"]["schemas"]
    schemas["Part"]["properties"]["first"] = schemas["Part"]["properties"].pop("one")
    schemas["Part"]["required"] = []


def test_actions_that_do_nothing(root: Path, newer: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    """They are named, and stop the update until somebody looks at them or has them taken out."""
    spec = newer(no_title)
    before = content(root)
    assert update_contract.main(["--root", str(root), str(spec)]) == 2
    told = capsys.readouterr().out
    assert (
        "## Actions of the overlay that match nothing\n\n- Action 3, `$.components.schemas.Part.properties.one`" in told
    )
    assert "## Actions of the overlay that change nothing any more\n\n- Action 1, `$.info`: The title says" in told
    assert "| `Part` | field added | `first`, optional | inferred |" in told
    assert "## Nothing was written" in told
    assert content(root) == before
    update.update(root, spec, prune=True, checks=fine)
    actions = yaml.safe_load((root / "openapi.overlay.yaml").read_text("utf-8"))["actions"]
    assert [action["target"] for action in actions] == ["$.x-id-rules.names"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: part(d).update(x={"type": "array"}), "an array without items"),
        (lambda d: part(d).update(x={"type": "string", "formt": 1}), "did you mean"),
        (lambda d: d["paths"]["/notes/{itemId}"]["get"].update(operationId="read-note"), "names get-note, which"),
        (lambda d: d.update(info=[]), None),
        (lambda d: d["components"]["schemas"].update(X={"$ref": "#/nope"}), None),
    ],
)  # fmt: skip
def test_nothing_is_written(
    change: Callable[[Document], Any], told: str | None, root: Path, newer: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """Whatever is refused or can't be decided leaves the tree as it was, with the status 2."""
    before = content(root)
    assert update_contract.main(["--root", str(root), str(newer(change))]) == 2
    output = capsys.readouterr()
    assert (
        (told in output.out and "## To be decided first\n\n- " in output.out and "overlay action:" not in output.out)
        if told
        else "Nothing was written: " in output.err
    )
    assert content(root) == before


def test_a_relative_root(root: Path, newer: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """The checks, which run in a folder of their own, find theirs."""
    checked: list[Path] = []

    def check(tree: Path) -> tuple[bool, str]:
        checked.append(tree)
        return fine(tree)

    monkeypatch.setattr(update, "run_checks", check)
    monkeypatch.chdir(root)
    assert update_contract.main(["--root", ".", str(newer(grown))]) == 0
    assert checked == [root / FOLDER / "tree"]


@pytest.mark.parametrize(
    ("name", "reason"),
    [("CHANGELOG.md", "has no section ## [Unreleased]"), ("api-surface.json", "`make api-surface` writes it anew")],
)
def test_files_of_the_project_that_are_no_good(
    name: str, reason: str, root: Path, newer: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A reason in words, and the status that says that nothing was written."""
    (root / name).write_text("{", "utf-8")
    before = content(root)
    assert update_contract.main(["--root", str(root), str(newer(grown))]) == 2
    assert reason in capsys.readouterr().err
    assert content(root) == before


def test_stopped_while_it_runs(root: Path, newer: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the middle leaves no trace."""
    monkeypatch.setattr(update, "_make", lambda tree, newer: [])
    before = content(root)

    def stop(_: Path) -> tuple[bool, str]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update.update(root, newer(grown), checks=stop)
    assert content(root) == before


def test_work_of_others_is_kept(root: Path, newer: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is changed meanwhile is not written over."""
    monkeypatch.setattr(update, "_make", lambda tree, newer: [])

    def meanwhile(_: Path) -> tuple[bool, str]:
        (root / "CHANGELOG.md").write_text("mine", "utf-8")
        return True, ""

    with pytest.raises(StoppedError, match=r"CHANGELOG\.md was changed while the update ran; nothing was written"):
        update.update(root, newer(grown), checks=meanwhile)
    assert (root / "CHANGELOG.md").read_text("utf-8") == "mine"
    assert b"copy-note" not in content(root)["openapi.yaml"]


def test_an_interrupted_swap_is_finished(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the command without a document; without one and without anything to finish, it says what it needs."""
    ready = root / FOLDER / "ready"
    ready.mkdir(parents=True)
    (ready / "CHANGELOG.md").write_text("new", "utf-8")
    (root / FOLDER / "journal.json").write_text('["CHANGELOG.md"]', "utf-8")
    assert update_contract.main(["--root", str(root)]) == 0
    assert (root / "CHANGELOG.md").read_text("utf-8") == "new"
    with pytest.raises(SystemExit):
        update_contract.main(["--root", str(root)])
    assert "make update-contract SPEC=file" in capsys.readouterr().err


EVIL = '"""\'\'\'\\"\\N{x}\x07\u202e\n\nimport os; os.system("evil")\n{{ evil }}{% raw %}</script>|`](http://evil.test)'
CODE = "evil()"


def hostile(document: Document) -> None:
    """Words and values that end a string, a docstring, a template, a table or a line, wherever words are allowed."""
    for node in [*walk(document)]:
        for key in ("description", "summary", "title"):
            if key in node and isinstance(node[key], str) and "type" not in node.get(key, {}):
                node[key] = EVIL if key != "title" or "version" in node else node[key]
    operation = document["paths"]["/notes/{itemId}"]["get"]
    operation.update({"x-inferred": [EVIL], "x-documented": EVIL, "externalDocs": {"url": f"https://x.test/{EVIL}"}})
    operation["tags"] = [f'Notes "{CODE}" API']
    operation["operationId"] = "get-note"
    document["info"]["version"] = EVIL
    fields = document["components"]["schemas"]["Part"]["properties"]
    fields["evil"] = {"type": "string", "enum": [EVIL, "'); evil(); ('", '"""', "\\", "\n", "{{ evil }}"]}
    fields["pattern"] = {"type": "string", "pattern": EVIL, "format": EVIL, "example": EVIL, "x-sensitive": EVIL}
    document["paths"]["/evil"] = {
        "post": {
            "operationId": 'evil"); evil(); ("',
            "tags": ["class"],
            "parameters": [
                {"name": "'); evil(); ('", "in": "query", "schema": TEXT, "description": EVIL},
                {"name": "import", "in": "query", "schema": TEXT},
            ],
            "responses": {"200": {"description": EVIL, "content": {EVIL.replace("\n", ""): {"schema": TEXT}}}},
        }
    }


def walk(node: Any) -> Iterator[Document]:
    """Every object of a document."""
    if isinstance(node, dict):
        yield node
    for member in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from walk(member)


def test_hostile_words_make_no_code(root: Path, newer: Callable[..., Path]) -> None:
    """In the generated code they are strings and docstrings; in the report and the changelog they are no markup."""
    before = executed(root)
    done = update.update(root, newer(hostile), checks=fine)
    # Nothing is called or imported but what was before, the enum that is new, and the resource of the new tag.
    assert executed(root) - before == {
        "Class",
        "ClassWithRawResponse",
        "class_.Class",
        "class_.ClassWithRawResponse",
        "part_evil.PartEvil",
        "part_evil.PartEvil_BY_VALUE",
    }
    folder = root / generate.PACKAGE
    enum = ast.parse((folder / "models/part_evil.py").read_text("utf-8"))
    assert EVIL in [node.value for node in ast.walk(enum) if isinstance(node, ast.Constant)]
    for path in folder.rglob("*.py"):
        assert not re.search("[\x07\u202e]", path.read_text("utf-8"))
    assert json.loads((folder / "contract.json").read_text("utf-8"))["info"]["version"] == EVIL
    for text in (done.report, (root / "CHANGELOG.md").read_text("utf-8")):
        assert not re.search("[\x07\u202e]|\\]\\(http|</script>", text)
        assert not re.search(r"^(import|\{\{|os\.)", text, re.MULTILINE)
    assert "evil" in done.report


def executed(root: Path) -> set[str]:
    """The names of what the generated code calls and imports."""
    found: set[str] = set()
    for path in (root / generate.PACKAGE).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                found.add(ast.unparse(node.func))
            elif isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", None)
                found |= {f"{module}.{alias.name}" if module else alias.name for alias in node.names}
    return found


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda d: part(d).update({"a\nimport os": TEXT}), "Part: the property"),
        (lambda d: d["components"]["schemas"].update({"a'b": {"type": "object"}}), r"\$\.components\.schemas"),
        (lambda d: d["components"]["schemas"].update({"A" * 121: {"type": "object"}}), "no name for a class"),
        (lambda d: d["paths"].update({'/"""': {"get": {"responses": ANSWER}}}), "no path that can be sent"),
        (lambda d: level(d).update({"x-enum-varnames": ["A = evil()", "B", "C"]}), "Level: .* can't be the name"),
    ],
)  # fmt: skip
def test_hostile_names_are_refused(
    change: Callable[[Document], Any], place: str, root: Path, newer: Callable[..., Path]
) -> None:
    """Where a name would become a name in Python, a file or a path that is sent; the place is told."""
    before = content(root)
    with pytest.raises((ContractError, StoppedError), match=place):
        update.update(root, newer(change), checks=fine)
    assert content(root) == before
