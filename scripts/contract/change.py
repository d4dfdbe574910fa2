"""One difference between two contracts."""

from __future__ import annotations

import enum
from typing import Literal

import attrs

Kind = Literal[
    "operation",
    "parameter",
    "field",
    "type",
    "nullability",
    "required",
    "enum",
    "status",
    "path",
    "content type",
    "security",
    "limit",
    "default",
    "deprecation",
]
Action = Literal["added", "removed", "changed"]


class Effect(enum.Flag):
    """Whom a change breaks."""

    NOTHING = 0
    """Nobody."""
    CODE = enum.auto()
    """Whoever upgrades: a name, an argument or a type that code uses is another one."""
    CALLS = enum.auto()
    """Whoever does not upgrade: what is installed today asks or reads wrongly once the API has changed."""


NOTHING, CODE, CALLS = Effect.NOTHING, Effect.CODE, Effect.CALLS


@attrs.frozen
class Place:
    """An operation or a schema.

    Attributes:
        name: Its operationId or its name.
        documented: Whether the vendor documents it in full; anything else is inferred.
    """

    name: str
    documented: bool


@attrs.frozen
class Change:
    """One difference.

    Attributes:
        kind: What it is about.
        action: What happened to that.
        place: Where.
        text: What exactly, in Markdown.
        effect: Whom it breaks.
    """

    kind: Kind
    action: Action
    place: Place
    text: str
    effect: Effect

    @property
    def breaking(self) -> bool:
        """Whether it breaks callers at all."""
        return self.effect is not NOTHING
