"""PHP, which the portal is most likely written in, reads our forms as they were meant: its own server parses them."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
import socket
import subprocess
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mijnklantportaal_client import FileUpload, MijnKlantportaal
from mijnklantportaal_client._files import file_source
from mijnklantportaal_client._multipart import Multipart

PHP = shutil.which("php")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(PHP is None, reason="php is not installed; on Debian its package is php-cli"),
]
TELLS_WHAT_IT_READ = """<?php
function told($file) {
    foreach ($file['tmp_name'] as $index => $path) { $file['sha1'][$index] = sha1_file($path); }
    unset($file['tmp_name'], $file['full_path']);
    return $file;
}
$files = [];
foreach ($_FILES as $name => $file) {
    $files[$name] = told(is_array($file['name']) ? $file : array_map(fn($part) => [$part], $file));
}
header('Content-Type: application/json');
echo json_encode(['post' => (object) $_POST, 'files' => (object) $files], JSON_THROW_ON_ERROR);
"""
PDF = b"%PDF-1.7 " + bytes(range(256))


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PHP server that answers every request with what it read."""
    script = tmp_path_factory.mktemp("php") / "index.php"
    script.write_text(TELLS_WHAT_IT_READ)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    # Without the settings of the machine, which may log to the screen.
    command = [str(PHP), "-n", "-S", address, str(script)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        assert server.stderr is not None
        try:
            line = server.stderr.readline()
            assert "started" in line, line
            # It writes a line for each request, and would wait where nobody reads them.
            threading.Thread(target=deque, args=(server.stderr, 0), daemon=True).start()
            yield f"http://{address}/v1"
        finally:
            server.terminate()


@pytest.fixture
async def portal(url: str) -> AsyncIterator[Any]:
    """Raw answers of that server."""
    async with MijnKlantportaal(api_key="key", base_url=url, rate_limit=None) as portal:
        yield portal.with_raw_response


def read(answer: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What PHP made of the fields and of the files of a request."""
    found = json.loads(answer.content)
    return found["post"], found["files"]


def files(*each: tuple[str, str, bytes]) -> dict[str, Any]:
    """Files as PHP tells of them: names, types and contents."""
    return {
        "name": [name for name, _, _ in each],
        "type": [kind for _, kind, _ in each],
        "error": [0] * len(each),
        "size": [len(content) for _, _, content in each],
        "sha1": [hashlib.sha1(content).hexdigest() for _, _, content in each],
    }


async def test_agreements(portal: Any, tmp_path: Path) -> None:
    """Signers are an array of arrays, and documents an array of files."""
    (tmp_path / "bijlage é.pdf").write_bytes(PDF)
    answer = await portal.agreements.create(
        name="Onderhoud",
        signer_name='Jan "de" Vries',
        signer_signature_data="data:image/png;base64,AAAA",
        signers=[
            {"first_name": "Ans", "last_name": "Bakker", "email": "ans@bakker.example"},
            {"first_name": "Zoë", "last_name": "Ø", "email": "zoe@bakker.example", "should_identify": True},
        ],
        documents=[FileUpload(PDF, "een.pdf"), tmp_path / "bijlage é.pdf"],
    )
    post, sent = read(answer)
    assert post["signers"][0]["firstName"] == "Ans"
    assert post == {
        "name": "Onderhoud",
        "signerName": 'Jan "de" Vries',
        "signerSignatureData": "data:image/png;base64,AAAA",
        "signers": [
            {"firstName": "Ans", "lastName": "Bakker", "email": "ans@bakker.example"},
            {"firstName": "Zoë", "lastName": "Ø", "email": "zoe@bakker.example", "shouldIdentify": "1"},
        ],
    }
    kind = "application/pdf"
    assert sent == {"documents": files(("een.pdf", kind, PDF), ("bijlage é.pdf", kind, PDF))}


async def test_invoices_and_offers(portal: Any) -> None:
    """Amounts are exact, booleans 1 and 0, moments in the portal's zone, and what was left out is not there."""
    day = datetime.date(2026, 3, 1)
    noon = datetime.datetime(2026, 3, 1, 11, tzinfo=datetime.UTC)
    common: dict[str, Any] = {"customer_id": "cst_abc", "issued_at": day, "amount": Decimal("1210.50"), "pdf": PDF}
    invoice = await portal.customer_invoices.create_from_pdf(
        invoice_number="F-1", paid_at=noon, send_notification=True, **common
    )
    offer = await portal.customer_offers.create_from_pdf(
        offer_number="O-1", expires_at=day, send_notification=False, **common
    )
    pdf = {"pdf": files(("document.pdf", "application/pdf", PDF))}
    fields = {"customerId": "cst_abc", "issuedAt": "2026-03-01", "amount": "1210.50"}
    paid = {"invoiceNumber": "F-1", "paidAt": "2026-03-01 12:00:00", "sendNotification": "1"}
    assert read(invoice) == ({**fields, **paid}, pdf)
    offered = {"offerNumber": "O-1", "expiresAt": "2026-03-01", "sendNotification": "0"}
    assert read(offer) == ({**fields, **offered}, pdf)


async def test_attachments_and_streams(portal: Any) -> None:
    """A body whose length nobody knows comes whole, too."""

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield bytes(10_000)

    attachment = FileUpload(parts(), "log.txt", "text/plain; charset=utf-8")
    answer = await portal.tickets.add_attachment("tic_abc", "tim_abc", attachment=attachment)
    expected = files(("log.txt", "text/plain; charset=utf-8", bytes(300_000)))
    # PHP keeps no parameters.
    assert read(answer) == ({}, {"attachment": {**expected, "type": ["text/plain"]}})


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("plain.pdf", "plain.pdf"),
        ("café €.pdf", "café €.pdf"),
        ('say "cheese".pdf', "say %22cheese%22.pdf"),
        ("it's.pdf", "it's.pdf"),
        ("semi;colon=x.pdf", "semi;colon=x.pdf"),
        (" spaces .pdf ", " spaces .pdf "),
        ("100%22.pdf", "100%22.pdf"),
        ('x"\r\nX-Evil: 1\r\n\r\n<script>', "x%22%0D%0AX-Evil: 1%0D%0A%0D%0A<script>"),
        ('x"; name="role', "x%22; name=%22role"),
        ("nul\x00.pdf", "nul%00.pdf"),
        ("tab\t.pdf", "tab%09.pdf"),
        ("ends with a backslash\\", "ends with a backslash%5C"),
        # PHP keeps what is behind the last slash of either kind, as of a browser that sent a whole path.
        ("../../etc/passwd", "passwd"),
        ("C:\\scans\\one.pdf", "one.pdf"),
    ],
)
async def test_file_names(portal: Any, name: str, seen: str) -> None:
    """Whatever a name holds, it is one file of one field, with its own type and content."""
    answer = await portal.files.upload(file=FileUpload(PDF, name, "application/pdf"))
    assert read(answer) == ({}, {"file": files((seen, "application/pdf", PDF))})


async def test_a_file_that_imitates_a_boundary_adds_no_field(portal: Any) -> None:
    """Not even one that holds a whole other form, with the boundaries of many libraries."""
    other = Multipart([("role", "admin")], [("file", file_source(b"evil"))])
    forged = b"".join([chunk async for chunk in other.open()])
    for boundary in (b"+++", b"boundary", b"----WebKitFormBoundary7MA4YWxkTrZu0gW", b""):
        forged += b"\r\n--" + boundary + b'\r\nContent-Disposition: form-data; name="amount"\r\n\r\n0.01'
        forged += b"\r\n--" + boundary + b"--\r\n"
    answer = await portal.files.upload(file=FileUpload(forged, "a.bin"))
    assert read(answer) == ({}, {"file": files(("a.bin", "application/octet-stream", forged))})


async def test_fields_of_ones_own(portal: Any) -> None:
    """Where the contract is behind: nested, with lists, and with names that imitate headers."""
    extra = {
        "meta": {"tags": ["a", "b"], "rows": [{"n": 1}, {"n": 2}], "ok": True},
        "note": 'a\r\n--x\r\n"b"',
        "e\\": "1",
    }
    answer = await portal.files.upload(file=FileUpload(PDF, "a.pdf"), extra_body=extra)
    post, sent = read(answer)
    meta = {"tags": ["a", "b"], "rows": [{"n": "1"}, {"n": "2"}], "ok": "1"}
    assert post == {"meta": meta, "note": 'a\r\n--x\r\n"b"', "e%5C": "1"}
    assert list(sent) == ["file"]


async def test_requests_by_path(portal: Any, url: str) -> None:
    """Of operations that the contract does not know."""
    async with MijnKlantportaal(api_key="key", base_url=url, rate_limit=None) as plain:
        answer = await plain.request("POST", "/new-things", json={"ids": ["a", "b"], "on": False}, files={"scan": PDF})
    assert read(answer) == ({"ids": ["a", "b"], "on": "0"}, {"scan": files(("document.pdf", "application/pdf", PDF))})
