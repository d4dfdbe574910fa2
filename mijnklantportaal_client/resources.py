"""The classes behind a client's attributes, for annotations; each is loaded when it is first used."""

from typing import TYPE_CHECKING, Any

from ._generated import resources as _resources
from ._generated.resources import __all__

if TYPE_CHECKING:
    from ._generated.resources import *  # noqa: F403


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(_resources, name)


def __dir__() -> list[str]:
    return sorted(__all__)
