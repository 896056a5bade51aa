from felhom_hub.project.openapi.parts import answered, count, flag, named, one_of, or_null, percent, sent, text


def test_or_null_allows_null_beside_the_type() -> None:
    assert or_null(percent("CPU.")) == {
        "type": ["number", "null"],
        "description": "CPU.",
        "minimum": 0,
        "maximum": 100,
    }


def test_or_null_allows_null_beside_the_words() -> None:
    assert or_null(one_of("Health.", ("ok", "fail")))["enum"] == ["ok", "fail", None]


def test_what_is_sent_may_hold_more_than_is_described() -> None:
    assert sent("A thing.", {"id": text("Its id."), "n": count("How many.")}, required=("id",)) == {
        "type": "object",
        "description": "A thing.",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "description": "Its id."},
            "n": {"type": "integer", "minimum": 0, "description": "How many."},
        },
    }


def test_what_is_answered_holds_exactly_what_is_described() -> None:
    schema = answered("A thing.", {"ok": flag("Yes."), "more": flag("Perhaps.")}, optional=("more",))

    assert (schema["required"], schema["additionalProperties"]) == (["ok"], False)


def test_named_points_to_the_components() -> None:
    assert named("Error") == {"$ref": "#/components/schemas/Error"}
