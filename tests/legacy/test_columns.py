from felhom_hub.legacy.columns import MEANINGS, columns_of


def test_columns_are_found_whatever_their_case_and_punctuation() -> None:
    found = columns_of(MEANINGS["reports"], ["ID", "CustomerID", "created-at", "FullJSON", "cpuPercent", "flavour"])

    assert found.by_field == {"customer_id": "CustomerID", "received_at": "created-at", "body": "FullJSON"}
    assert (found.copied, found.unknown, found.missing) == (["ID", "cpuPercent"], ["flavour"], [])


def test_a_column_has_one_meaning_and_the_likeliest_name_wins() -> None:
    found = columns_of(MEANINGS["app_log_issues"], ["customer_id", "app_name", "created_at", "message", "text"])

    assert found.by_field["first_seen"] == "created_at"
    assert found.missing == ["last_seen"]
    assert (found.by_field["message"], found.unknown) == ("message", ["text"])


def test_a_table_without_what_it_is_about_is_missing_it() -> None:
    assert columns_of(MEANINGS["events"], ["id", "message"]).missing == ["customer_id", "event_type", "created_at"]


def test_every_required_field_is_one() -> None:
    assert [name for name, meaning in MEANINGS.items() if not {*meaning.required} <= {*meaning.fields}] == []
