"""What the extra `testing` brings, and what is said where it is missing."""

from __future__ import annotations

_NEEDED = ("starlette", "uvicorn", "jsonschema_rs", "python_multipart", "jinja2")


class MissingExtraError(ImportError):
    """The sandbox is used without what it needs."""


def require() -> None:
    """Looks whether the extra is there.

    Raises:
        MissingExtraError: It is not; the text says how to install it.
    """
    from importlib.util import find_spec

    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f'the sandbox needs {", ".join(missing)}: pip install "mijnklantportaal-client[testing]"'
        )
