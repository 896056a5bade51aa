from datetime import timedelta

import pytest
from tests.build import NOW
from tests.notify.situations import situation

from felhom_hub.notify.for_customer import customer_letter, date_words
from felhom_hub.notify.letter import Letter


def test_the_letter_is_polite_hungarian_and_says_what_to_do() -> None:
    down = situation(event_type="node_down", message="no report for 1 h")

    assert customer_letter(down) == Letter(
        language="hu",
        tone="down",
        tag="NEM ELÉRHETŐ",
        subject="Nem érjük el az otthoni szerverét",
        heading="Nem érjük el az otthoni szerverét",
        preview="Az otthoni szervere nem jelentkezik, lehet, hogy most nem érhető el.",
        greeting="Kedves Kovács Péter!",
        paragraphs=(
            "Az otthoni szervere nem jelentkezik, lehet, hogy most nem érhető el.",
            (
                "Ilyenkor a fényképei, a fájljai és a többi szolgáltatása sem érhető el. Az adatai a szerveren vannak. "
                "Amint a szervere újra jelentkezik, írunk Önnek."
            ),
        ),
        facts=(
            ("Szerver", "kovacs-peter.example.hu"),
            ("Utolsó jelentés", "2026. november 23., hétfő 12:00"),
            ("Utolsó mentés", "2026. november 22., vasárnap 03:00"),
        ),
        steps_heading="Mit tehet most?",
        steps=(
            "Nézze meg, világít-e a szerver jelzőfénye. Ha nem, ellenőrizze, hogy a tápkábel be van-e dugva.",
            "Ellenőrizze, hogy működik-e otthon az internet. Ha nem, indítsa újra a routert, és várjon öt percet.",
            "Ha mindkettő rendben van, nincs más teendője, mi is keressük a hibát.",
        ),
        link_label="",
        link="",
        closing=("Üdvözlettel:", "a Felhom csapata"),
        footer=(
            "Ezt a levelet azért kapta, mert ez az értesítés be van kapcsolva a szerverén.",
            "A szervere kezelőfelületén, a Beállítások, Értesítések oldalon bármikor kikapcsolhatja.",
            "Ugyanerről 6 óránként legfeljebb egyszer írunk.",
        ),
    )


def test_technicians_words_are_not_for_customers_and_a_box_s_own_message_is() -> None:
    known = customer_letter(situation())
    own = customer_letter(situation(event_type="notify", severity="info", message="Új fénykép\r\nérkezett"))
    unknown = customer_letter(situation(event_type="fan_failed", message="Leállt a ventilátor."))

    assert known.paragraphs[0] == "Nem készült el a szervere biztonsági mentése."
    assert own.paragraphs == ("Új fénykép érkezett",)
    assert unknown.paragraphs == ("Leállt a ventilátor.", "Megvizsgáljuk, mi az oka.")


@pytest.mark.parametrize(
    ("event_type", "is_recovery", "tone"),
    [("node_down", False, "down"), ("backup_failed", False, "warn"), ("node_recovered", True, "ok")],
)
def test_nobody_is_frightened_more_than_the_matter_deserves(event_type: str, is_recovery: bool, tone: str) -> None:
    assert customer_letter(situation(event_type=event_type, is_recovery=is_recovery)).tone == tone


def test_what_was_held_back_and_what_came_late_is_told() -> None:
    late = situation(held_back=3, now=NOW + timedelta(hours=6))

    assert customer_letter(late).paragraphs[2:] == (
        "A legutóbbi levelünk óta ez még 3 alkalommal előfordult.",
        "Elnézést kérünk, hogy ezt a levelet csak késve tudtuk elküldeni.",
    )


def test_somebody_without_a_name_or_cooldown() -> None:
    letter = customer_letter(situation(name="", cooldown=timedelta()))

    assert letter.greeting == "Kedves Ügyfelünk!"
    assert len(letter.footer) == 2


@pytest.mark.parametrize(
    ("event_type", "is_recovery", "why"),
    [
        ("node_recovered", True, "mert a probléma kezdetéről is értesítettük."),
        ("backup_completed", True, "mert a probléma kezdetéről is értesítettük."),
        ("backup_completed", False, "mert ez az értesítés be van kapcsolva a szerverén."),
        ("test", False, "mert a szerverén valaki próbaüzenetet kért."),
        ("notify", False, "mert a szervere üzenetet küldött Önnek."),
    ],
)
def test_the_footer_says_why_it_was_sent(event_type: str, is_recovery: bool, why: str) -> None:
    footer = customer_letter(situation(event_type=event_type, severity="info", is_recovery=is_recovery)).footer

    assert footer[0] == f"Ezt a levelet azért kapta, {why}"
    # What a cooldown does not hold back says nothing of one.
    is_held_back = not is_recovery and event_type not in {"test", "notify"}
    assert any("legfeljebb egyszer" in each for each in footer) is is_held_back


def test_an_hour_is_not_counted() -> None:
    assert customer_letter(situation(cooldown=timedelta(hours=1))).footer[-1] == (
        "Ugyanerről óránként legfeljebb egyszer írunk."
    )


def test_dates_are_written_as_in_a_letter() -> None:
    assert date_words(situation(), NOW + timedelta(days=120)) == "2027. március 23., kedd 13:00"
    assert date_words(situation(), None) == ""


def test_a_letter_that_was_held_back_says_that_nothing_has_changed_since() -> None:
    letter = customer_letter(situation(later="held", since=NOW - timedelta(hours=5), at=NOW - timedelta(hours=5)))

    assert "Amikor ez kezdődött, nem írtunk Önnek, de a helyzet azóta sem változott." in letter.paragraphs
    assert not any("késve" in each for each in letter.paragraphs)
