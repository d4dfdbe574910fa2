"""Paths to be shown: without IDs, and without anything else that is nobody's business."""

from __future__ import annotations

import re
from functools import cache

_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*|v[0-9]")


def template_of(path: str) -> str:
    """A path with `{id}` in place of each part that may be an ID or a name.

    Kept are the words of the contract's paths, and words that stand where others name a resource: at the start and
    behind an ID. An unknown word behind a word is something that was looked for, like whatever follows it.
    """
    shown: list[str] = []
    names = True
    looked_for = False
    for part in path.removeprefix("/").split("/"):
        if part in _words():
            names = False
            shown.append(part)
        elif names and _WORD.fullmatch(part):
            # A version stands before a name.
            names = part[-1].isdigit()
            shown.append(part)
        else:
            looked_for = looked_for or bool(_WORD.fullmatch(part))
            names = not looked_for
            shown.append("{id}")
    return "/" + "/".join(shown)


@cache
def _words() -> frozenset[str]:
    import json
    from importlib.resources import files

    text = files("mijnklantportaal_client").joinpath("_generated", "operations.json").read_text(encoding="utf-8")
    return frozenset(part for operation in json.loads(text) for part in operation["path"].split("/"))
