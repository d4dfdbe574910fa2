"""Templates to HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).resolve().parent


def render(template: str, /, **view: Any) -> str:
    """One template as HTML; all text in it is escaped."""
    return _environment().get_template(template).render(view)


@cache
def _environment() -> Environment:
    # Who never opens the page never waits for jinja2.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
