"""Rules that the contract's schemas do not state, in Laravel's words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..problems import Invalid


def label(field: str) -> str:
    """A field as Laravel calls it: "starts at"."""
    return field if "." in field else re.sub("([A-Z])", lambda found: f" {found[1].lower()}", field)


def given(body: Mapping[str, Any], *fields: str) -> dict[str, Any]:
    """As much of these fields as a body has; what else stands in it is ignored."""
    return {field: body[field] for field in fields if field in body}


def need_items(body: Mapping[str, Any], *fields: str) -> None:
    """Lists that are there must not be empty.

    Raises:
        Invalid: One is.
    """
    _refuse({field: f"The {label(field)} field is required." for field in fields if not body.get(field, True)})


def need(body: Mapping[str, Any], *fields: str, when: str) -> None:
    """Fields that have to be there.

    Raises:
        Invalid: One is missing; the message ends with `when`.
    """
    missing = [field for field in fields if body.get(field) is None]
    _refuse({field: f"The {label(field)} field is required when {when}." for field in missing})


def at_least(field: str, value: int, least: int) -> None:
    """A number must not be too small.

    Raises:
        Invalid: It is.
    """
    if value < least:
        raise Invalid({field: [f"The {label(field)} field must be at least {least}."]})


def at_most(field: str, value: int, most: int) -> None:
    """A number must not be too large.

    Raises:
        Invalid: It is.
    """
    if value > most:
        raise Invalid({field: [f"The {label(field)} field must not be greater than {most}."]})


def _refuse(flaws: Mapping[str, str]) -> None:
    if flaws:
        raise Invalid({field: [message] for field, message in flaws.items()})
