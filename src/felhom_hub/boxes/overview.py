"""What the page of a box's differences shows."""

from dataclasses import dataclass
from datetime import datetime

from felhom_hub.base.errors import NotFound
from felhom_hub.boxes.comparing import Compared, compared_with, last_read
from felhom_hub.boxes.diff import Kind, Line
from felhom_hub.boxes.progress import Progress
from felhom_hub.boxes.queries import last_push, progress_now, reach_now
from felhom_hub.boxes.reach import Reach, Way
from felhom_hub.configs.queries import fingerprint
from felhom_hub.controllers.queries import Confirmed, confirmed_hosts
from felhom_hub.controllers.releases import offer_now
from felhom_hub.customers.models import Customer
from felhom_hub.customers.queries import customer_of
from felhom_hub.reports.summary import Summary, summary_of

MAX_LINES = 500  # of each table


@dataclass(frozen=True)
class DiffPage:
    """The page of one customer."""

    customer: Customer
    summary: Summary
    reach: Reach
    progress: Progress | None
    compared: Compared | None
    confirmed: list[Confirmed]
    is_pushed_since: bool
    newest: str  # release of the controller; empty where none is known
    seen: str  # the fingerprint of what the hub has

    @property
    def name(self) -> str:
        """As pages call the customer."""
        return self.customer.name or self.customer.customer_id

    @property
    def path(self) -> str:
        """The customer's own page."""
        return f"/customers/{self.customer.customer_id}"

    @property
    def can_leave_update(self) -> bool:
        """True where the box is not called and can be told of a version with its next report."""
        return self.reach.way in {Way.NO_ADDRESS, Way.REFUSED} and bool(self.newest and self.summary.node)

    @property
    def differences(self) -> tuple[Line, ...]:
        """Those that the table shows."""
        return self.compared.comparison.differences[:MAX_LINES] if self.compared and self.compared.comparison else ()

    @property
    def equal(self) -> tuple[Line, ...]:
        """Likewise."""
        return self.compared.comparison.equal[:MAX_LINES] if self.compared and self.compared.comparison else ()

    @property
    def count(self) -> int:
        """How many keys differ."""
        return len(self.compared.comparison.differences) if self.compared and self.compared.comparison else 0

    @property
    def sent(self) -> int:
        """How many values a push changes or adds on the controller."""
        found = self.compared.comparison if self.compared else None
        return found.count(Kind.CHANGED) + found.count(Kind.HUB) if found else 0

    @property
    def lost(self) -> int:
        """How many keys a push takes from the controller."""
        found = self.compared.comparison if self.compared else None
        return found.count(Kind.CONTROLLER) if found else 0

    @property
    def new_domain(self) -> str:
        """The domain that a pull would store, where it is another."""
        pulled = self.compared.pulled if self.compared else None
        domain = pulled.identity["domain"] if pulled else ""
        return domain if domain != self.customer.domain else ""


def diff_page(customer_id: str, *, now: datetime) -> DiffPage:
    """Raises NotFound."""
    customer = customer_of(customer_id)
    summary = summary_of(customer_id, now=now)
    if summary is None:
        raise NotFound(f"There is no customer {customer_id}")
    read, pushed = last_read(customer), last_push(customer.pk)
    compared = compared_with(customer, read) if read else None
    return DiffPage(
        customer,
        summary,
        reach_now(customer, summary.node),
        progress_now(customer.pk, summary.node, now=now),
        compared,
        confirmed_hosts(customer),
        bool(read and pushed and pushed.pk > read.pk),
        offer_now().newest,
        fingerprint(customer),
    )
