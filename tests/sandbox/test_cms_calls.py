"""Calls of the CMS for tests of a receiver: what they are made of is what the receiver's side reads."""

from __future__ import annotations

from typing import Any

import pytest

from mijnklantportaal_client import InvalidCallbackError
from mijnklantportaal_client.cms import FormRequest, FormSubmission, PageRequest
from mijnklantportaal_client.testing import CmsCall, form_request, form_submission, page_request


def test_a_page_is_asked_for() -> None:
    """With the headers that are documented."""
    method, headers, query, body = page_request(page_id="pag_1")
    assert (method, headers["Accept"], query, body) == ("GET", "text/html", "", b"")
    assert PageRequest.from_headers(headers) == PageRequest("cst_abc12345def678", "pag_1")


@pytest.mark.parametrize("method", ["GET", "post"])
def test_first_values_are_asked_for(method: str) -> None:
    """As JSON, by either method."""
    call = form_request(method=method, customer_id="cst_1")
    assert (call.method, call.headers["Accept"]) == (method.upper(), "application/json")
    assert FormRequest.from_headers(call.headers) == FormRequest("cst_1", "frm_abc12345def678")


@pytest.mark.parametrize("method", ["GET", "POST", "put"])
def test_a_form_is_handed_in(method: str) -> None:
    """In the query or as JSON, whatever characters its fields have."""
    fields = {"naam": "Noël & Zn", "leeg": "", "a=b": "c+d"}
    call = form_submission(fields, method=method, form_id="frm_1")
    form = FormSubmission.from_request(call.method, call.headers, query=call.query, body=call.body)
    assert form == FormSubmission("cst_abc12345def678", "frm_1", fields)
    assert (call.query == "") is (method != "GET")
    assert (call.body == b"") is (method == "GET")


def test_wrong_ones_can_be_made() -> None:
    """To test that a receiver refuses them."""
    with pytest.raises(InvalidCallbackError, match="is the ID of a form"):
        PageRequest.from_headers(page_request(page_id="frm_1").headers)


@pytest.mark.parametrize(("method", "value"), [("GET", 1), ("POST", {1})])
def test_what_can_not_be_sent(method: str, value: Any) -> None:
    """A query has nothing but texts, a body nothing but JSON."""
    with pytest.raises(TypeError, match=r"'wens' must be a str, not int|set is not JSON serializable"):
        form_submission({"wens": value}, method=method)


def test_a_call_shows_no_field() -> None:
    """As a form is personal."""
    call = form_submission({"wens": "geheim"})
    assert repr(call) == "CmsCall(POST, headers=..., query=<0 characters>, body=<18 bytes>)"
    assert isinstance(call, CmsCall)
