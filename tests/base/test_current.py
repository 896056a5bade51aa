from contextvars import copy_context

from felhom_hub.base.current import request_id


def test_what_one_request_sets_another_does_not_see() -> None:
    other = copy_context()
    before = request_id.set("3f-a09c")

    assert (request_id.get(), other.run(request_id.get)) == ("3f-a09c", None)

    request_id.reset(before)
