import pytest
from tests.build import NOW

from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.move_in import move_config_in
from felhom_hub.configs.queries import settings_of
from felhom_hub.configs.settings import Settings
from felhom_hub.configs.versions import Content, version_of, versions_of
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Customer
from felhom_hub.operators.audit import COMMAND_LINE

pytestmark = pytest.mark.django_db

DETAILS = Details("Kovács", "k.example.hu", "k@example.hu")
SETTINGS = Settings(log_level="warn", overrides="a:\n  password: hunter22\n")


def move(settings: Settings = SETTINGS) -> bool:
    secrets = {Kind.API_KEY: "k" * 32}
    return move_config_in("a", DETAILS, settings, secrets, created_at=NOW, blocked_at=None, now=NOW, by=COMMAND_LINE)


def test_a_configuration_is_there_once_with_its_first_version() -> None:
    assert (move(), move(Settings())) == (True, False)

    customer = Customer.objects.get()
    assert settings_of(customer) == SETTINGS
    assert "hunter22" not in CustomerConfig.objects.get().envelope
    assert CustomerConfig.objects.get().overrides == ""
    assert [(each.number, each.by) for each in versions_of(customer.pk, below=None, limit=9)] == [(1, "command line")]
    found = version_of(customer, 1)
    assert found is not None
    assert found[1] == Content(DETAILS, SETTINGS)


def test_without_settings_there_is_no_row_of_them() -> None:
    assert move(Settings())

    assert not CustomerConfig.objects.exists()
