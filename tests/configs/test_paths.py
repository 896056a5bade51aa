from felhom_hub.configs.paths import MISSING, VOLATILE, dotted, holds_secret, is_equal, is_within, leaves, put, value_at


def test_leaves_are_scalars_lists_empty_maps_and_whole_secrets() -> None:
    values = {"a": {"b": 1, "c": {}}, "l": [{"x": 1}], "tokens": {"k": "v"}}

    assert list(leaves(values)) == [
        (("a", "b"), 1),
        (("a", "c"), {}),
        (("l",), [{"x": 1}]),
        (("tokens",), {"k": "v"}),
    ]


def test_a_value_is_found_or_missing() -> None:
    values = {"a": {"b": None}, "c": 1}

    assert value_at(values, ("a", "b")) is None
    assert value_at(values, ("a", "x")) is MISSING
    assert value_at(values, ("c", "d")) is MISSING


def test_a_value_is_put_where_something_else_stood() -> None:
    values: dict[str, object] = {"a": 1}
    put(values, ("a", "b", "c"), 2)
    put(values, ("a", "d"), 3)

    assert values == {"a": {"b": {"c": 2}, "d": 3}}


def test_what_lies_below_is_within() -> None:
    assert is_within(("local_api", "port"), VOLATILE)
    assert is_within(("web", "session_secret"), VOLATILE)
    assert not is_within(("web",), VOLATILE)
    assert not is_within(("monitoring", "enabled"), VOLATILE)


def test_numbers_are_equal_by_value_and_truths_are_none() -> None:
    assert is_equal(1, 1.0)
    assert is_equal({"a": [True]}, {"a": [True]})
    assert not is_equal(1, True)
    assert not is_equal([1], [1, 2])


def test_secrets_are_found_in_paths_and_inside() -> None:
    assert holds_secret(("hub", "api_key"), "x")
    assert holds_secret(("list",), [{"password": "x"}])
    assert not holds_secret(("list",), [{"name": "x"}])


def test_a_key_with_a_point_is_quoted() -> None:
    assert dotted(("a", "b.c")) == 'a."b.c"'
