"""What calls of the portal's CMS look like, for tests of those who receive them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from .._version import __version__

_AGENT = {"User-Agent": f"mijnklantportaal-sandbox/{__version__}"}
_CUSTOMER = "cst_abc12345def678"
_PAGE = "pag_abc12345def678"
_FORM = "frm_abc12345def678"


class CmsCall(NamedTuple):
    """A call of the CMS: `method, headers, query, body = form_submission(...)`."""

    method: str
    headers: dict[str, str]
    query: str
    body: bytes

    def __repr__(self) -> str:
        return (
            f"CmsCall({self.method}, headers=..., query=<{len(self.query)} characters>, body=<{len(self.body)} bytes>)"
        )


def page_request(*, customer_id: str = _CUSTOMER, page_id: str = _PAGE) -> CmsCall:
    """The call for a dynamic HTML block, as `cms.PageRequest` reads it.

        call = page_request(page_id="pag_1")
        response = client.get("/page", headers=call.headers)

    Args:
        customer_id: Who looks at the page; IDs are not checked, so that you can test wrong ones.
        page_id: Which page it is.
    """
    return CmsCall(
        "GET", {**_AGENT, "Accept": "text/html", "X-Customer-Id": customer_id, "X-Page-Id": page_id}, "", b""
    )


def form_request(*, method: str = "GET", customer_id: str = _CUSTOMER, form_id: str = _FORM) -> CmsCall:
    """The call for the first values of a form, as `cms.FormRequest` reads it.

    Args:
        method: `GET` or `POST`, as it was chosen in the manage portal.
        customer_id: Whose form it is.
        form_id: Which form it is.
    """
    headers = {**_AGENT, "Accept": "application/json", "X-Customer-Id": customer_id, "X-Form-Id": form_id}
    return CmsCall(method.upper(), headers, "", b"")


def form_submission(
    fields: Mapping[str, Any], *, method: str = "POST", customer_id: str = _CUSTOMER, form_id: str = _FORM
) -> CmsCall:
    """The call that hands in a form, as `cms.FormSubmission` reads it.

    Args:
        fields: Name to value: texts with GET, where they go into the query; else JSON values, in the body.
        method: The method that was chosen in the manage portal.
        customer_id: Who filled it in.
        form_id: Which form it is.

    Raises:
        TypeError: A value can't be sent like that.
    """
    headers = {**_AGENT, "X-Customer-Id": customer_id, "X-Form-Id": form_id}
    if method.upper() != "GET":
        body = json.dumps(dict(fields), ensure_ascii=False).encode()
        return CmsCall(method.upper(), {**headers, "Content-Type": "application/json"}, "", body)
    for name, value in fields.items():
        if not isinstance(value, str):
            raise TypeError(f"form_submission(): with GET, {name!r} must be a str, not {type(value).__name__}")
    return CmsCall("GET", headers, urlencode(fields), b"")
