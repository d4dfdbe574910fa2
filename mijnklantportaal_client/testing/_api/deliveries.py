"""What became of each webhook call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .log import Log

if TYPE_CHECKING:
    import datetime


DeliveryState: TypeAlias = Literal["pending", "delivered", "refused", "failed", "held"]


@dataclass(kw_only=True, eq=False, repr=False)
class Delivery:
    """One webhook call."""

    number: int
    """1 for the first since the sandbox began."""
    event: str
    """The event type."""
    url: str
    webhook: str
    """ID of the webhook record."""
    payload: Mapping[str, Any]
    """The JSON of its body; its `id` is the same in all calls of one event."""
    at: datetime.datetime
    """When the event happened, by the sandbox's clock."""
    status: int | None = None
    """What the receiver answered."""
    error: str | None = None
    """Why it was not delivered."""
    state: DeliveryState = "pending"
    """`delivered` where the answer was a 2xx, `refused` where it was another, `failed` where none came, `held` where it
    was not sent as its URL is not on this machine."""

    def __repr__(self) -> str:
        # A query may hold a secret.
        return f"<Delivery {self.number}: {self.event} to {self.url.partition('?')[0]}, {self.state}>"


class Deliveries(Log[Delivery]):
    """The webhook calls since the sandbox began or these were cleared, oldest first; the last ten thousand."""

    _nothing = "the sandbox has sent no webhook of this kind"

    def of(self, event_type: str) -> Deliveries:
        """Those of one event type."""
        return Deliveries(each for each in self if each.event == event_type)

    def begin(self, delivery: Delivery) -> None:
        """Adds one that has just begun."""
        self._entries.append(delivery)
        self.tell(delivery)

    def __repr__(self) -> str:
        return f"<{len(self)} deliveries: {', '.join(f'{each.event} {each.state}' for each in self)}>"
