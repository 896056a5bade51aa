from felhom_hub.fleet.sections import Section, sections_of


def test_what_rests_on_no_report_has_its_place_and_its_mark() -> None:
    assert sections_of(None, {"notifications": "warn", "events": "", "recovery": "down"}, is_managed=True) == [
        Section("recovery", "Recovery", "down"),
        Section("events", "Events", ""),
        Section("notifications", "Notifications", "warn"),
    ]
