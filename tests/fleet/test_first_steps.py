import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from felhom_hub.fleet.first_steps import FirstSteps, first_steps


def page(request: HttpRequest) -> HttpResponse:
    """What the paths below lead to."""
    return HttpResponse(request.path)


urlpatterns = [path("configs/new", page), path("setup", page)]


class OnlySetup:
    urlpatterns = [path("setup", page)]


class Neither:
    urlpatterns = [path("other", page)]


@pytest.mark.parametrize(
    ("urls", "steps"),
    [
        (__name__, FirstSteps("/configs/new", "/setup")),
        (OnlySetup, FirstSteps("", "/setup")),
        (Neither, FirstSteps("", "")),
    ],
)
def test_only_pages_that_exist_are_linked(settings: object, urls: object, steps: FirstSteps) -> None:
    settings.ROOT_URLCONF = urls  # type: ignore[attr-defined]

    assert first_steps() == steps
