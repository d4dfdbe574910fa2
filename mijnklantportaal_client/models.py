"""Every model, input class and enum of the API; each is loaded when it is first used."""

from typing import TYPE_CHECKING, Any

from ._generated import models as _models
from ._generated.models import __all__

if TYPE_CHECKING:
    from ._generated.models import *  # noqa: F403


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(_models, name)


def __dir__() -> list[str]:
    return sorted(__all__)
