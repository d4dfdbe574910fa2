"""Where the API and the contract part ways: a hook that counts it, and a command that goes and looks.

    python -m mijnklantportaal_client.contract probe --output report.md

See `docs/contract.md`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._collector import DriftCollector as DriftCollector
    from ._findings import Findings as Findings
    from ._findings import Found as Found

__all__ = ["DriftCollector", "Findings", "Found"]
_WHERE = {"DriftCollector": "_collector", "Findings": "_findings", "Found": "_findings"}


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
