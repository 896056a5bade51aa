from felhom_controller.units import units_in


def test_failed_units_are_read_from_plain_and_marked_listings() -> None:
    listing = (
        "nginx.service loaded failed failed A high performance web server\n"
        "● smartd.service loaded failed failed SMART daemon\n\n"
    )
    assert units_in(listing) == ["nginx.service", "smartd.service"]


def test_no_failed_unit_is_an_empty_list() -> None:
    assert units_in("") == []
