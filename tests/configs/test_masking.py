from felhom_hub.configs.masking import MASK, is_secret, masked


def test_whatever_lies_below_a_key_of_a_secret_is_masked_and_nothing_else() -> None:
    values = {
        "hub": {"url": "https://hub", "api_key": "fh_k"},
        "web": {"session_secret": "s", "port": 8080},
        "apps": [{"name": "immich", "db-password": "p"}, "x"],
        "tokens": {"a": ["t", {"b": 1}], "empty": ""},
        "restic_password": None,
    }

    assert masked(values) == {
        "hub": {"url": "https://hub", "api_key": MASK},
        "web": {"session_secret": MASK, "port": 8080},
        "apps": [{"name": "immich", "db-password": MASK}, "x"],
        "tokens": {"a": [MASK, {"b": MASK}], "empty": ""},
        "restic_password": None,
    }


def test_names_of_secrets_are_known_however_they_are_written() -> None:
    secret = (
        "apiKey", "API_KEY", "api-key", "key", "ssh-key", "db_keys", "pass", "Passwd", "jelszo", "basic_auth",
        "cf_tunnel_token", "clientSecret",
    )  # fmt: skip

    assert [name for name in secret if not is_secret(name)] == []
    assert not any(map(is_secret, ("name", "keep_daily", "monkey", "path", "schedule")))
