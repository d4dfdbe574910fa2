"""A whole MijnKlantportaal on one's own machine, and help for the tests of those who use this package.

Every name is loaded when it is first used. The sandbox needs the extra `testing`:

    pip install "mijnklantportaal-client[testing]"
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._cms import CmsCall as CmsCall
    from ._cms import form_request as form_request
    from ._cms import form_submission as form_submission
    from ._cms import page_request as page_request
    from ._extra import MissingExtraError as MissingExtraError
    from ._guard import RealRequestError as RealRequestError
    from ._make import make as make
    from ._portal.errors import StateFileError as StateFileError
    from ._remote import RemoteSandbox as RemoteSandbox
    from ._sandbox import Sandbox as Sandbox
    from ._waiting import no_waiting as no_waiting
    from ._webhook import SignedWebhook as SignedWebhook
    from ._webhook import sign_webhook as sign_webhook

_WHERE = {
    "CmsCall": "_cms",
    "MissingExtraError": "_extra",
    "RealRequestError": "_guard",
    "RemoteSandbox": "_remote",
    "Sandbox": "_sandbox",
    "SignedWebhook": "_webhook",
    "StateFileError": "_portal.errors",
    "form_request": "_cms",
    "form_submission": "_cms",
    "make": "_make",
    "no_waiting": "_waiting",
    "page_request": "_cms",
    "sign_webhook": "_webhook",
}
_NEED_THE_EXTRA = frozenset({"Sandbox"})
__all__ = [
    "CmsCall",
    "MissingExtraError",
    "RealRequestError",
    "RemoteSandbox",
    "Sandbox",
    "SignedWebhook",
    "StateFileError",
    "form_request",
    "form_submission",
    "make",
    "no_waiting",
    "page_request",
    "sign_webhook",
]


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        if name in _NEED_THE_EXTRA:
            from ._extra import require

            require()
        value = getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
