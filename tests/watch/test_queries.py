from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.build import NOW

from felhom_hub.watch.deaf_time import Span
from felhom_hub.watch.models import DeafSpan, Hearing
from felhom_hub.watch.queries import deaf_spans

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def test_spans_are_cut_to_what_is_asked_for() -> None:
    for begin, end in ((-90, -80), (-20, -10), (-12, -5)):
        DeafSpan.objects.create(from_at=NOW + begin * MINUTE, to_at=NOW + end * MINUTE, cause="off")
    Hearing.objects.create(at=NOW)

    assert deaf_spans(NOW - 15 * MINUTE, NOW) == [Span(NOW - 15 * MINUTE, NOW - 5 * MINUTE)]
    assert deaf_spans(NOW - 4 * MINUTE, NOW) == []


def test_a_hub_that_does_not_beat_now_is_deaf_since_the_last_beat() -> None:
    Hearing.objects.create(at=NOW - 20 * MINUTE)

    assert deaf_spans(NOW - 60 * MINUTE, NOW) == [Span(NOW - 20 * MINUTE, NOW)]
    assert deaf_spans(NOW - 60 * MINUTE, NOW - 30 * MINUTE) == []


def test_without_a_ledger_nothing_was_deaf() -> None:
    assert deaf_spans(NOW - 60 * MINUTE, NOW) == []


def test_a_beat_between_the_questions_hides_no_deaf_time() -> None:
    Hearing.objects.create(at=NOW - 360 * MINUTE)
    asked = []

    def beat_after_the_first(execute: Any, sql: str, *arguments: Any) -> Any:
        found = execute(sql, *arguments)
        asked.append(sql)
        if len(asked) == 1:
            DeafSpan.objects.create(from_at=NOW - 360 * MINUTE, to_at=NOW, cause="off")
            Hearing.objects.update(at=NOW)
        return found

    with connection.execute_wrapper(beat_after_the_first):
        found = deaf_spans(NOW - 600 * MINUTE, NOW)

    assert found == [Span(NOW - 360 * MINUTE, NOW)]
