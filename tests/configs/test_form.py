from felhom_hub.configs.form import TOKENS, form_of

VALUES = {"name": "Kovács", "domain": "kovacs.hu", "note": "a\r\nb", "cf_api_token": "secret", "disk_high": "90"}


def test_a_token_never_stands_in_the_form() -> None:
    form = form_of(VALUES)

    assert "secret" not in repr(form)
    assert [field.name for field in form.tokens] == list(TOKENS)


def test_the_id_is_a_field_of_a_new_customer_only() -> None:
    assert "customer_id" in [field.name for field in form_of({}).identity]
    assert "customer_id" not in [field.name for field in form_of({}, customer_id="kovacs").identity]


def test_what_is_wrong_is_listed_in_the_order_of_the_page() -> None:
    form = form_of(VALUES, problems={"overrides": "x", "name": "y"})

    assert [(field.name, field.problem) for field in form.wrong] == [("name", "y"), ("overrides", "x")]


def test_fields_that_somebody_else_changed_show_both_values() -> None:
    stored = {"name": "Kovács és fia", "domain": "kovacs.hu", "note": "a\nb", "disk_high": "90"}

    form = form_of(VALUES, customer_id="kovacs", stored=stored)

    assert form.is_conflict
    assert [(field.name, field.value, field.stored) for field in form.changed] == [("name", "Kovács", "Kovács és fia")]


def test_the_fold_opens_where_something_in_it_needs_to_be_seen() -> None:
    assert not form_of(VALUES).opens_legacy
    assert form_of(VALUES, problems={"ping_backup": "x"}).opens_legacy


def test_labels_hints_and_placeholders_say_what_a_field_takes() -> None:
    fields = {field.name: field for field in form_of({}).fields}

    assert (fields["disk_high"].label, fields["disk_high"].placeholder) == ("Disk warning, %", "85 (default)")
    assert (fields["name"].optional, fields["town"].optional, fields["ping_backup"].optional) == (
        "", "optional", "deprecated",
    )  # fmt: skip
    assert "Zone DNS:Edit" in fields["cf_api_token"].hint
    assert "Zone WAF:Edit" in fields["cf_api_token"].hint
    assert fields["domain"].described_by == "f-domain-h f-domain-e"
    assert fields["name"].described_by == "f-name-e"
