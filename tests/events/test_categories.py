from felhom_hub.events.catalogue import CATALOGUE
from felhom_hub.events.categories import CATEGORIES


def test_every_category_of_the_catalogue_has_its_label() -> None:
    assert {entry.category for entry in CATALOGUE.values()} == set(CATEGORIES)
