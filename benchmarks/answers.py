"""Answers to decode: pages as the API sends them, every row of them different."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

ROOT = "https://api.mijnklantportaal.nl/v1"
PER_PAGE = 15
# Forty large municipalities; a portal whose customers come from more of them shares less.
CITIES = (
    "Amsterdam", "Rotterdam", "Den Haag", "Utrecht", "Eindhoven", "Groningen", "Tilburg", "Almere", "Breda", "Nijmegen",
    "Apeldoorn", "Arnhem", "Haarlem", "Haarlemmermeer", "Amersfoort", "Zaanstad", "Enschede", "Den Bosch", "Zwolle",
    "Leiden", "Zoetermeer", "Leeuwarden", "Ede", "Maastricht", "Dordrecht", "Westland", "Alphen", "Alkmaar", "Emmen",
    "Delft", "Venlo", "Deventer", "Helmond", "Hilversum", "Sittard", "Heerlen", "Nissewaard", "Amstelveen", "Oss",
    "Súdwest-Fryslân",
)  # fmt: skip


def invoice(number: int) -> dict[str, Any]:
    """One invoice in three is not paid yet."""
    customer = f"cst_{number * 7919 % 10**12:012d}def678"
    day = number % 28 + 1
    return {
        "id": f"inv_{number:012d}def678",
        "customerId": customer,
        "invoiceNumber": f"2024-{number:04d}",
        "issuedAt": f"2024-04-{day:02d}",
        "dueAt": f"2024-05-{day:02d}",
        "currency": "EUR",
        "amount": f"{number * 37 + 12}.{number % 100:02d}",
        "paidAt": f"2024-05-{day:02d}T09:{number % 60:02d}:00+02:00" if number % 3 else None,
        "createdAt": f"2024-04-{day:02d}T21:{number % 60:02d}:{number * 7 % 60:02d}+02:00",
        "links": {
            "customer": {"href": f"{ROOT}/customers/{customer}", "type": "application/json"},
            "onlinePaymentLink": {
                "href": f"https://portal.mijnklantportaal.nl/pay/{number:012d}def678",
                "type": "text/html",
            },
        },
    }


def customer(number: int) -> dict[str, Any]:
    """Half have a phone number, a quarter is in a bookkeeping, two thirds are in a group."""
    linked = number % 4 == 0
    return {
        "id": f"cst_{number:012d}def678",
        "companyName": f"Bakkerij van der Heijden {number} B.V.",
        "address": f"Burgemeester de Vlugtlaan {number % 400}",
        "zipCode": f"{1000 + number % 9000} AB",
        "city": CITIES[number * 31 % len(CITIES)],
        "countryCode": "NL",
        "primaryEmail": f"administratie{number}@example.nl",
        "phone": f"+31 20 {number:07d}" if number % 2 else None,
        "integration": "itg_abc12345def678" if linked else None,
        "integrationId": f"{number}" if linked else None,
        "customerGroups": [f"cug_{number % 20:012d}def678"] if number % 3 else [],
        "createdAt": f"2024-04-{number % 28 + 1:02d}T{number % 24:02d}:{number % 60:02d}:{number * 7 % 60:02d}+02:00",
    }


def page(path: str, rows: Iterable[dict[str, Any]]) -> bytes:
    """The rows in the envelope of a page."""
    url = f"{ROOT}/{path}"
    envelope = {
        "current_page": 2,
        "data": list(rows),
        "first_page_url": f"{url}?page=1",
        "from": 16,
        "next_page_url": f"{url}?page=3",
        "path": url,
        "per_page": PER_PAGE,
        "prev_page_url": f"{url}?page=1",
        "to": 30,
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
