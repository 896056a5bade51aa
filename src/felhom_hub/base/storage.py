"""Pages while the database cannot be used: what failed for that reason says so, and all pages tell of the intake.

The intake's writer runs in the same process; the server tells here whom to ask about it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from felhom_hub.base.pages import next_step_of, sealed_page, storage_page

# So long a refusal counts, here and for /healthz, unless something of its kind has been stored since.
REFUSAL_SECONDS = 60.0

AskIntake = Callable[[], str | None]
_watched: list[AskIntake] = []


def watch_intake(ask: AskIntake) -> None:
    """From now on pages ask `ask` why the database refused what controllers sent lately; None is all well."""
    _watched[:] = [ask]


def intake_refusal() -> dict[str, str] | None:
    """The reason for which reports and events are refused now, with the way out; None while they are stored."""
    reason = _watched[0]() if _watched else None
    return None if reason is None else {"reason": reason, "next_step": next_step_of(reason)}


def intake(_request: HttpRequest) -> dict[str, object]:
    """What every page's frame says of the intake."""
    return {"intake_refusal": intake_refusal()}


class StorageMiddleware:
    """A page that fails because the database, or a secret in it, cannot be used answers 503 and says what to do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Django's hook for what a view raised."""
        return storage_page(request, error) or sealed_page(request, error)
