import pytest
from tests.build import NOW, make_customer

from felhom_hub.notify.models import Delivery, Preferences
from felhom_hub.notify.past import PastMessage, has_preferences, store_past_messages

pytestmark = pytest.mark.django_db

CUSTOMER, RESULT = Delivery.Audience.CUSTOMER, Delivery.Result


def test_past_messages_are_in_the_log_and_wait_for_nothing() -> None:
    store_past_messages(
        [
            PastMessage("a", "backup_failed", CUSTOMER, "a@example.hu", RESULT.SENT, "", "re_1", NOW),
            PastMessage("a", "backup_failed", CUSTOMER, "", RESULT.SKIPPED, "cooldown", "", NOW),
        ],
        now=NOW,
    )

    rows = Delivery.objects.order_by("pk").values_list("channel", "result", "attempts", "key", "next_at", "ended_at")
    assert list(rows) == [("email", "sent", 1, None, None, NOW), ("email", "skipped", 0, None, None, NOW)]


def test_whose_wishes_are_known() -> None:
    customer = make_customer("a")
    make_customer("b")
    Preferences.objects.create(customer=customer, set_by="controller", updated_at=NOW)

    assert [has_preferences(each) for each in ("a", "b", "nobody")] == [True, False, False]
