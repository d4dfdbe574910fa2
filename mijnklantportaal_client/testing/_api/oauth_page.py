"""The page on which a person lets an application in, or does not."""

from __future__ import annotations

from html import escape
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from .oauth_request import Request

_AREAS = {
    "agreements": "agreements (overeenkomsten)",
    "appointments": "appointments (afspraken)",
    "businessoperations": "the invoices of MijnKlantportaal itself",
    "customers": "customers and their groups (klanten)",
    "filerequest": "file requests (bestandsverzoeken)",
    "files": "files (bestanden)",
    "fileshare": "shared files (gedeelde bestanden)",
    "invoices": "invoices to customers (facturen)",
    "offers": "offers to customers (offertes)",
    "paymentlinks": "payment links (betaallinks)",
    "subscription": "subscriptions (abonnementen)",
    "tickets": "tickets",
    "webhooks": "webhooks",
}
_VERBS = {"read": "See", "write": "Make and change"}
_FRAME = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; font: 1.05rem/1.5 system-ui, sans-serif }
body { margin: 0; padding: 2rem 1rem }
main { max-width: 34rem; margin: auto }
h1 { font-size: 1.4rem }
code { overflow-wrap: anywhere }
button { font: inherit; padding: .6rem 1.4rem; margin: 1rem .6rem 0 0; border: 2px solid #1d5fbf; border-radius: .4rem;
  color: #1d5fbf; background: #fff; cursor: pointer }
button[value=approve] { color: #fff; background: #1d5fbf }
button:focus-visible { outline: 3px solid #e08a00; outline-offset: 2px }
</style>
</head>
<body>
<main>
<h1>$title</h1>
$content
</main>
</body>
</html>
""")
_QUESTION = Template("""<p><code>$client_id</code> wants to:</p>
<ul>
$scopes
</ul>
<p>Whatever you choose, you go on to <code>$host</code>.</p>
$note<form method="post" action="authorize">
<input type="hidden" name="consent" value="$number">
<button name="decision" value="approve">Approve</button>
<button name="decision" value="deny">Deny</button>
</form>
<p><small>This is a sandbox of MijnKlantportaal: no real portal is behind it.</small></p>""")
_LOGIN = "<p>It wants you to sign in again. Here nobody needs to sign in.</p>\n"


def consent_page(number: str, request: Request) -> str:
    """The question, with the two buttons that answer it."""
    content = _QUESTION.substitute(
        client_id=escape(request.client_id),
        scopes="\n".join(
            f"<li>{escape(_described(scope))} <code>{escape(scope)}</code></li>" for scope in request.scopes
        ),
        host=escape(urlsplit(request.redirect_uri).netloc),
        note=_LOGIN if request.prompt == "login" else "",
        number=escape(number),
    )
    return _FRAME.substitute(title="Let this application into the portal?", content=content)


def problem_page(problem: str) -> str:
    """What is wrong, where no application can be told."""
    advice = "Nobody was let in, and the browser stays here, as it must not go to an unknown address."
    content = f"<p>{escape(problem)}</p>\n<p>{advice}</p>"
    return _FRAME.substitute(title="This request can't be answered", content=content)


def _described(scope: str) -> str:
    area, _, verb = scope.rpartition(".")
    return (
        f"{_VERBS[verb]} {_AREAS[area]}" if verb in _VERBS and area in _AREAS else "Something that has no description"
    )
