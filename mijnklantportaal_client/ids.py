"""The IDs of the portal: what their prefixes stand for, and the check that every ID passes before it is sent."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from .errors import InvalidIDError

__all__ = ["PREFIXES", "check_id"]

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "agr_": "agreement",
        "ags_": "agreement signer",
        "agd_": "agreement document",
        "apt_": "appointment",
        "cst_": "customer",
        "cug_": "customer group",
        "inv_": "customer invoice",
        "off_": "customer offer",
        "sub_": "customer subscription",
        "spg_": "customer subscription package",
        "mdt_": "mandate",
        "fsf_": "file",
        "fsd_": "directory",
        "fss_": "file share",
        "frq_": "file request",
        "fqf_": "requested file",
        "fac_": "MijnKlantportaal invoice",
        "fcl_": "MijnKlantportaal invoice line",
        "plk_": "payment link",
        "plp_": "payment of a payment link",
        "pcd_": "punch card",
        "pcb_": "issued punch card",
        "tic_": "ticket",
        "tim_": "ticket message",
        "tma_": "ticket attachment",
        "wbh_": "webhook",
        "frm_": "form",
        "pag_": "page",
    }
)
"""Every known ID prefix, and the English name of what it names."""

_URL_SAFE = re.compile(r"[A-Za-z0-9_]+")
_SHOWN = 40


def check_id(value: object, *prefixes: str, parameter: str = "id", validate_prefix: bool = True) -> str:
    """Check that a value is an ID that can be put in a URL, and the ID of the right kind of thing.

    Args:
        value: The ID to check.
        *prefixes: The prefixes that fit, such as `"fsf_", "fsd_"`. None means that any ID fits.
        parameter: The name of the argument, for the error's text.
        validate_prefix: Whether the prefix is checked. The check for URL safety always happens.

    Returns:
        The ID, as a plain `str`.

    Raises:
        InvalidIDError: The value isn't a `str` of ASCII letters, digits and underscores, or it has another prefix.
    """
    if not isinstance(value, str):
        raise _refusal(f"it must be a str, not {type(value).__name__}", value, parameter, prefixes)
    match = _URL_SAFE.fullmatch(value)
    if match is None:
        problem = "has other characters than ASCII letters, digits and underscores" if value else "is empty"
        raise _refusal(f"{_shown(value)} {problem}", value, parameter, prefixes)
    # Of a subclass of str (an enum, a lazy string) the match holds the characters that were checked.
    checked = match.group()
    if not validate_prefix or not prefixes:
        return checked
    for prefix in prefixes:
        if checked.startswith(prefix):
            if len(checked) == len(prefix):
                raise _refusal(f"{_shown(checked)} has nothing after its prefix", value, parameter, prefixes)
            return checked
    for prefix, name in PREFIXES.items():
        if checked.startswith(prefix):
            raise _refusal(
                f"`{prefix}...` is the ID of {_with_article(name)}", value, parameter, prefixes, shown=checked
            )
    raise _refusal(f"{_shown(checked)} does not start like that", value, parameter, prefixes)


def _refusal(
    problem: str, value: object, parameter: str, prefixes: tuple[str, ...], *, shown: str | None = None
) -> InvalidIDError:
    expected = " or ".join(
        f"`{prefix}...` (the ID of {_with_article(PREFIXES[prefix])})" if prefix in PREFIXES else f"`{prefix}...`"
        for prefix in prefixes
    )
    got = "" if shown is None else f"got {_shown(shown)}: "
    text = f"`{parameter}` must be {expected or 'an ID'}; {got}{problem}."
    return InvalidIDError(text, value=value, parameter=parameter, expected=prefixes)


def _shown(value: str) -> str:
    return repr(value[:_SHOWN]) + ("..." if len(value) > _SHOWN else "")


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
