from tests.build import NOW

from felhom_hub.configs.form import form_of


def test_only_a_new_customer_has_a_field_for_its_id() -> None:
    assert [field.name for field in form_of({}).identity][:2] == ["name", "customer_id"]
    assert "customer_id" not in [field.name for field in form_of({}, customer_id="a").identity]


def test_a_token_field_has_no_value_whatever_is_given() -> None:
    form = form_of({"cf_api_token": "secret"}, held={"cf_api_token": NOW}, kept={"cf_tunnel_token": "v1:x"})

    assert [(field.value, field.entered_at, field.kept) for field in form.tokens] == [("", NOW, ""), ("", None, "v1:x")]


def test_what_is_wrong_and_what_others_changed_is_told_in_the_order_of_the_page() -> None:
    values, stored = {"town": "Győr", "note": "a\r\nb"}, {"town": "Szeged", "note": "a\nb", "ping_backup": "CHANGEME"}
    form = form_of(values, problems={"overrides": "No.", "name": "No."}, stored=stored)

    assert [field.name for field in form.wrong] == ["name", "overrides"]
    assert [(field.name, field.stored) for field in form.changed] == [("town", "Szeged"), ("ping_backup", "CHANGEME")]
    assert (form.is_conflict, form.opens_legacy) == (True, True)
    assert not form_of(values).opens_legacy


def test_each_field_says_what_it_is() -> None:
    fields = {field.name: field for field in form_of({}).fields}

    assert (fields["temperature_high"].label, fields["temperature_high"].placeholder) == (
        "CPU temperature warning, °C",
        "80 (default)",
    )
    assert (fields["name"].optional, fields["town"].optional, fields["ping_backup"].optional) == (
        "",
        "optional",
        "deprecated",
    )
    pairs = ["cpu_high", "memory_high", "disk_high", "temperature_high"]
    assert [name for name, field in fields.items() if field.begins_row] == pairs
    hint = "Needs Zone DNS:Edit for certificates and Zone WAF:Edit for geo restriction."
    assert fields["cf_api_token"].hint == hint
    assert fields["cf_api_token"].described_by == "f-cf_api_token-h f-cf_api_token-e"
