"""The refusals that an endpoint may answer with, each with its HTTP status; mapped to JSON in `endpoint.py` alone."""

from http import HTTPStatus
from typing import Any, ClassVar


class ApiError(Exception):
    """A request is refused with `status`; the message is the plain sentence that the caller reads (contract 1.4)."""

    status: ClassVar[int] = HTTPStatus.INTERNAL_SERVER_ERROR

    def __init__(self, sentence: str, *, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.headers = headers

    def __reduce__(self) -> tuple[Any, ...]:
        """It goes from process to process (`apart.py`), whatever its own class is made of."""
        return _rebuilt, (type(self), self.args, self.__dict__)


def _rebuilt(kind: type[ApiError], arguments: tuple[Any, ...], members: dict[str, Any]) -> ApiError:
    error = kind.__new__(kind, *arguments)
    error.__dict__.update(members)
    return error


class BadRequest(ApiError):
    """The body is not JSON, or a required member is missing."""

    status = HTTPStatus.BAD_REQUEST


class Unauthorized(ApiError):
    """There is no key, or nobody's key."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, headers=(("WWW-Authenticate", "Bearer"),))


class Forbidden(ApiError):
    """The key is right, but for something else."""

    status = HTTPStatus.FORBIDDEN


class NotFound(ApiError):
    """There is no such thing."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(ApiError):
    """The path exists, but not for this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allowed: tuple[str, ...]) -> None:
        names = ", ".join(allowed)
        super().__init__(f"{method} is not possible here; use {names}", headers=(("Allow", names),))


class Conflict(ApiError):
    """What was asked for contradicts what is stored."""

    status = HTTPStatus.CONFLICT


class TooLarge(ApiError):
    """The body is larger than this endpoint takes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class HeadersTooLarge(ApiError):
    """The request's line and headers are larger than the hub reads."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class UnsupportedEncoding(ApiError):
    """The body's Content-Encoding is not one of those we read."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class PartNotThere(ApiError):
    """The part that Range asks for lies behind the end of a file of `size` bytes."""

    status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE

    def __init__(self, sentence: str, *, size: int) -> None:
        super().__init__(sentence, headers=(("Content-Range", f"bytes */{size}"),))


class Impossible(ApiError):
    """A member has a value that its rule does not allow."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooMany(ApiError):
    """Too many tries; `retry_after` seconds from now it may be tried again."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence, headers=(("Retry-After", str(retry_after)),))


class Unavailable(ApiError):
    """It cannot be stored or read now; nothing was kept, and `retry_after` seconds from now it may be tried again."""

    status = HTTPStatus.SERVICE_UNAVAILABLE

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence, headers=(("Retry-After", str(retry_after)),))
