"""What MijnKlantportaal bills the portal's owner: read only, and there once it is put into the state."""

from __future__ import annotations

from ..behaviour import Behaviour

behaviour = Behaviour()
behaviour.collection("mijnklantportaal_invoices", "fac_")
behaviour.lists("list-invoices", "mijnklantportaal_invoices")
behaviour.gets("get-invoice")
