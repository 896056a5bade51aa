"""Which customers and which types of events a text means, that is typed above the fleet's events."""

from felhom_hub.customers.models import Customer
from felhom_hub.events.catalogue import CATALOGUE, TYPE_FORM
from felhom_hub.fleet.matching import EXACT, fitness
from felhom_hub.fleet.order import sort_name

# Each is a value of the statement, and whoever means more of them has not finished typing.
MOST_CUSTOMERS = 200


def meant(text: str) -> tuple[list[int], list[str]]:
    """The keys of the customers, and the types, that the text means: those that it names exactly, or that hold it.

    At most MOST_CUSTOMERS, the best first. An uncatalogued type is meant by its whole name, and where nothing else is.
    """
    wanted = sort_name(text)
    rows = Customer.everyone.order_by().values_list("pk", "customer_id", "name", "town")
    found = sorted(
        (fit, pk)
        for pk, customer_id, name, town in rows.iterator(chunk_size=2000)
        if (fit := fitness(wanted, (sort_name(customer_id), sort_name(name)), (sort_name(town),))) is not None
    )
    exact = [pk for fit, pk in found if fit == EXACT]
    types = [each.name for each in CATALOGUE.values() if wanted in each.name or wanted in sort_name(each.label)]
    if text in CATALOGUE or (not types and not found and TYPE_FORM.fullmatch(text)):
        types = [text]
    return exact or [pk for _, pk in found[:MOST_CUSTOMERS]], types
