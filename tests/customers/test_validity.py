from datetime import datetime, timedelta

import pytest
from tests.build import NOW, make_customer

from felhom_hub.customers.models import Credential
from felhom_hub.customers.validity import CURRENT, holding

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("revoked_at", "holds_until", "holds", "is_current"),
    [
        (None, None, True, True),
        (None, LATER, True, False),
        (None, NOW, False, False),
        (NOW, None, False, False),
        (NOW, LATER, False, False),
        # A revocation counts at once, whatever the clock of the hub that made it.
        (LATER, None, False, False),
    ],
)
def test_a_credential_holds_until_its_end(
    revoked_at: datetime | None, holds_until: datetime | None, holds: bool, is_current: bool
) -> None:
    Credential.objects.create(
        customer=make_customer(), kind="api_key", digest="d", created_at=NOW, revoked_at=revoked_at,
        holds_until=holds_until,
    )  # fmt: skip

    assert Credential.objects.filter(holding(NOW)).exists() is holds
    assert Credential.objects.filter(CURRENT).exists() is is_current
