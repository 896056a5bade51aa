"""Two workers at once, each with a connection of its own, on whichever database the run has."""

import threading
from collections import Counter

import pytest
from django.db import connection
from tests.build import NOW, incoming_event, record_all_events
from tests.servers.resend import Provider

from felhom_hub.notify.deliver import Tally, deliver_due
from felhom_hub.notify.models import Delivery

MESSAGES, WORKERS = 30, 4


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_each_message_once(resend: Provider) -> None:
    record_all_events([incoming_event(f"c{number}") for number in range(MESSAGES)])
    tallies: list[Tally] = []
    at_once = threading.Barrier(WORKERS)

    def work() -> None:
        at_once.wait(10)
        tallies.append(deliver_due(clock=lambda: NOW, chance=lambda: 0.0, is_over_time=lambda: False))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert sum(tally.sent for tally in tallies) == MESSAGES
    assert set(Counter(each["key"] for each in resend.requests).values()) == {1}
    assert Delivery.objects.filter(result="sent", attempts=1).count() == MESSAGES
