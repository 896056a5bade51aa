import pytest
from tests.build import NOW, make_customer
from tests.telemetry.hours import a_day, app

from felhom_hub.fleet.guess import Guess, guess_of
from felhom_hub.telemetry.summarise import summarise

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("szabo-petr", "/customers/szabo-peter"),
        ("Szabó Péte r", "/customers/szabo-peter"),
        ("fotostudó", "/customers/kf"),  # one word of the name
        ("kf2", "/customers/kf"),
        ("zzz", None),
        ("%", None),
    ],
)
def test_the_customer_with_the_nearest_name_or_id_is_guessed(text: str, meant: str | None) -> None:
    make_customer("szabo-peter", name="Szabó Péter")
    make_customer("kf", name="Kiss Fotóstúdió")
    make_customer("gone-petra", name="Gone Petra", deleted_at=NOW)

    guess = guess_of(text)

    assert (guess.path if guess else None) == meant


def test_an_app_is_guessed_with_the_number_of_its_servers() -> None:
    a_day(make_customer("a"), app(100, "nextcloud", display_name="Nextcloud"))
    summarise(NOW)

    assert guess_of("nextclod") == Guess("Nextcloud", "/apps/nextcloud", "1 server runs it.")
