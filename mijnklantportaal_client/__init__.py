"""An unofficial async client of the MijnKlantportaal API.

Every name is loaded when it is first used: `import mijnklantportaal_client` itself loads nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._answer import APIResponse as APIResponse
    from ._auth import TokenSource as TokenSource
    from ._client import MijnKlantportaal as MijnKlantportaal
    from ._files import FileInput as FileInput
    from ._files import FileUpload as FileUpload
    from ._outcome import Outcome as Outcome
    from ._page import Page as Page
    from ._pager import AsyncPager as AsyncPager
    from ._retry import RetryPolicy as RetryPolicy
    from ._unset import UNSET as UNSET
    from ._unset import Unset as Unset
    from ._version import __version__ as __version__
    from .errors import APIConnectionError as APIConnectionError
    from .errors import APIStatusError as APIStatusError
    from .errors import APITimeoutError as APITimeoutError
    from .errors import AuthenticationError as AuthenticationError
    from .errors import BadRequestError as BadRequestError
    from .errors import ConfigurationError as ConfigurationError
    from .errors import ConflictError as ConflictError
    from .errors import ConsentDeniedError as ConsentDeniedError
    from .errors import FieldMissingError as FieldMissingError
    from .errors import InvalidCallbackError as InvalidCallbackError
    from .errors import InvalidIDError as InvalidIDError
    from .errors import LicenceError as LicenceError
    from .errors import MijnKlantportaalError as MijnKlantportaalError
    from .errors import NotFoundError as NotFoundError
    from .errors import OAuthError as OAuthError
    from .errors import OAuthUnavailableError as OAuthUnavailableError
    from .errors import PacingTimeoutError as PacingTimeoutError
    from .errors import PermissionDeniedError as PermissionDeniedError
    from .errors import RateLimitError as RateLimitError
    from .errors import ReauthorizationRequiredError as ReauthorizationRequiredError
    from .errors import ResponseDecodeError as ResponseDecodeError
    from .errors import ResponseTooLargeError as ResponseTooLargeError
    from .errors import ServerError as ServerError
    from .errors import ValidationError as ValidationError
    from .errors import WebhookVerificationError as WebhookVerificationError
    from .ratelimit import RateLimit as RateLimit

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIResponse",
    "APIStatusError",
    "APITimeoutError",
    "AsyncPager",
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConsentDeniedError",
    "FieldMissingError",
    "FileInput",
    "FileUpload",
    "InvalidCallbackError",
    "InvalidIDError",
    "LicenceError",
    "MijnKlantportaal",
    "MijnKlantportaalError",
    "NotFoundError",
    "OAuthError",
    "OAuthUnavailableError",
    "Outcome",
    "PacingTimeoutError",
    "Page",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitError",
    "ReauthorizationRequiredError",
    "ResponseDecodeError",
    "ResponseTooLargeError",
    "RetryPolicy",
    "ServerError",
    "TokenSource",
    "Unset",
    "ValidationError",
    "WebhookVerificationError",
    "__version__",
]
_WHERE = {
    "APIResponse": "_answer",
    "AsyncPager": "_pager",
    "FileInput": "_files",
    "FileUpload": "_files",
    "MijnKlantportaal": "_client",
    "Outcome": "_outcome",
    "Page": "_page",
    "RateLimit": "ratelimit",
    "RetryPolicy": "_retry",
    "TokenSource": "_auth",
    "UNSET": "_unset",
    "Unset": "_unset",
    "__version__": "_version",
}


_MODULES = frozenset(
    {
        "blocking",
        "cms",
        "contract",
        "errors",
        "events",
        "ids",
        "ledger",
        "models",
        "oauth",
        "otel",
        "ratelimit",
        "resources",
        "testing",
        "webhooks",
    }
)


if not TYPE_CHECKING:
    # Hidden from type checkers, which would take every name for one that is there.
    def __getattr__(name: str) -> Any:
        if name in _MODULES:
            import importlib

            return importlib.import_module(f"{__name__}.{name}")
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        import importlib

        value = getattr(importlib.import_module(f"{__name__}.{_WHERE.get(name, 'errors')}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, *_MODULES})
