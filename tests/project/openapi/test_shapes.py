from felhom_hub.project.openapi.parts import answered, count, instant, listed, named, one_of, or_null, sent, text
from felhom_hub.project.openapi.shapes import Member, choices_of, members_of


def test_members_of_nested_objects_and_lists_follow_their_owner() -> None:
    schema = sent(
        "All.",
        {
            "id": text("Its id."),
            "box": sent("A box.", {"size": or_null(count("In bytes."))}),
            "parts": listed("Its parts.", sent("A part.", {"kind": or_null(one_of("Which.", ["a", "b"]))})),
        },
        required=("id",),
    )

    assert list(members_of(schema)) == [
        Member("id", "string", "", is_required=True, text="Its id.", words=()),
        Member("box", "object", "", is_required=False, text="A box.", words=()),
        Member("box.size", "integer or null", "", is_required=False, text="In bytes.", words=()),
        Member("parts", "list of object", "", is_required=False, text="Its parts.", words=()),
        Member("parts[].kind", "string or null", "", is_required=False, text="Which.", words=("a", "b")),
    ]


def test_a_member_that_refers_to_a_schema_names_it() -> None:
    found = members_of(answered("All.", {"one": named("Part"), "many": listed("Parts.", named("Part"))}))

    assert [(each.kind, each.schema) for each in found] == [("", "Part"), ("list of ", "Part")]


def test_members_of_an_answer_are_not_called_required_since_all_are() -> None:
    assert [each.is_required for each in members_of(answered("All.", {"one": text("It.")}))] == [False]


def test_null_is_no_word() -> None:
    assert choices_of({"enum": ["a", None]}) == ("a",)
    assert choices_of({"type": "string"}) == ()


def test_of_the_formats_only_that_of_a_point_in_time_has_a_word_of_its_own() -> None:
    members = members_of(sent("All.", {"at": or_null(instant("When.")), "to": or_null(text("Whom.", format="email"))}))

    assert [each.kind for each in members] == ["time or null", "string or null"]
