import pytest

from felhom_hub.base.errors import (
    ApiError,
    BadRequest,
    Conflict,
    Forbidden,
    HeadersTooLarge,
    Impossible,
    MethodNotAllowed,
    NotFound,
    PartNotThere,
    TooLarge,
    TooMany,
    Unauthorized,
    Unavailable,
    UnsupportedEncoding,
)

REFUSALS = [
    (BadRequest("why"), 400, ()),
    (Unauthorized("why"), 401, (("WWW-Authenticate", "Bearer"),)),
    (Forbidden("why"), 403, ()),
    (NotFound("why"), 404, ()),
    (Conflict("why"), 409, ()),
    (TooLarge("why"), 413, ()),
    (UnsupportedEncoding("why"), 415, ()),
    (PartNotThere("why", size=5), 416, (("Content-Range", "bytes */5"),)),
    (Impossible("why"), 422, ()),
    (TooMany("why", retry_after=7), 429, (("Retry-After", "7"),)),
    (HeadersTooLarge("why"), 431, ()),
    (Unavailable("why", retry_after=9), 503, (("Retry-After", "9"),)),
]


@pytest.mark.parametrize(("error", "status", "headers"), REFUSALS, ids=lambda value: type(value).__name__)
def test_refusal_has_its_status_its_headers_and_its_sentence(
    error: ApiError, status: int, headers: tuple[tuple[str, str], ...]
) -> None:
    assert (error.status, error.headers, error.sentence, str(error)) == (status, headers, "why", "why")


def test_refused_method_names_the_possible_ones() -> None:
    error = MethodNotAllowed("PUT", ("GET", "POST"))

    assert (error.status, error.headers) == (405, (("Allow", "GET, POST"),))
    assert error.sentence == "PUT is not possible here; use GET, POST"


def test_every_refusal_is_in_the_table() -> None:
    assert set(ApiError.__subclasses__()) == {type(error) for error, _, _ in REFUSALS} | {MethodNotAllowed}
