"""What mkdocs calls while it builds the site: pages and drawings that are made rather than written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

# mkdocs loads this file by its path, as a module on its own.
sys.path.insert(0, str(Path(__file__).parents[1]))

from docs_site.pictures import pictures
from docs_site.reference import ROOT, pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the generated pages and drawings to the written ones."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for path, content in {**pages(), **pictures(), "changelog.md": changelog}.items():
        files.append(File.generated(config, path, content=content))
    return files
