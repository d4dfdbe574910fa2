"""The Python of README and docs, as modules that can be run and type-checked.

python scripts/docs_site/snippets.py FOLDER
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
import textwrap
from pathlib import Path

import attrs

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(
    r"(?:^<!-- sandbox: (?P<setup>[^\n]*) -->\n)?"
    r"(?:^<!-- continues: (?P<block>\d+)(?: with (?P<given>[^\n]*))? -->\n)?"
    r"^```python\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_AROUND = """from __future__ import annotations

from mijnklantportaal_client import MijnKlantportaal


async def snippet(portal: MijnKlantportaal) -> None:
"""


@attrs.frozen
class Snippet:
    """A block of Python on a page.

    Attributes:
        page: The page's path below the project.
        number: Which block of the page it is, from 1.
        line: The line of the page on which its code begins.
        code: The code as it stands there.
        setup: What the page asks of the sandbox before, in a comment that readers don't see.
        before: The code that it goes on from, which another such comment names by the number of its block.
    """

    page: str
    number: int
    line: int
    code: str
    setup: str
    before: str

    @property
    def name(self) -> str:
        """A name for a module: `docs_errors_3`."""
        return f"{re.sub('[^a-z0-9]+', '_', self.page.lower().removesuffix('.md'))}_{self.number}"

    @property
    def is_fragment(self) -> bool:
        """Whether it belongs into an async function that has a client."""
        tree = compile(self.code, self.page, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
        assert isinstance(tree, ast.Module)
        try:
            compile(self.code, self.page, "exec", dont_inherit=True)
        except SyntaxError:
            return True
        return "portal" in _read(tree) - _bound(tree)

    @property
    def module(self) -> str:
        """The whole module: of a fragment with the function around it."""
        if not self.is_fragment:
            return self.code
        return _AROUND + textwrap.indent(self.before + self.code, "    ")


def _read(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _bound(tree: ast.Module) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}


def snippets(page: Path) -> list[Snippet]:
    """The blocks of one page."""
    text = page.read_text(encoding="utf-8")
    blocks = list(_BLOCK.finditer(text))
    return [
        Snippet(
            page=page.relative_to(ROOT).as_posix(),
            number=number,
            line=text.count("\n", 0, found.start("code")) + 1,
            code=found["code"],
            setup=found["setup"] or "",
            before=f"{blocks[int(found['block']) - 1]['code']}{found['given'] or ''}\n" if found["block"] else "",
        )
        for number, found in enumerate(blocks, 1)
    ]


def every_page() -> list[Path]:
    """README and the pages of the site that are written by hand."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def write(folder: Path) -> int:
    """Writes every snippet into a folder as a module of its own, for type checkers; answers how many there are."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    found = [snippet for page in every_page() for snippet in snippets(page)]
    for snippet in found:
        (folder / f"{snippet.name}.py").write_text(snippet.module, encoding="utf-8")
    return len(found)


if __name__ == "__main__":
    print(write(Path(sys.argv[1])), "snippets")
