from dataclasses import replace

import pytest
from tests.build import NOW, make_customer

from felhom_hub.base.errors import Conflict, Impossible, NotFound
from felhom_hub.configs.models import CustomerConfig
from felhom_hub.configs.queries import fingerprint, settings_of
from felhom_hub.configs.save import ChangedMeanwhile, Entered, create_config, forget_config, save_config
from felhom_hub.configs.settings import Settings
from felhom_hub.customers.credentials import Kind
from felhom_hub.customers.details import Details
from felhom_hub.customers.models import Credential, Customer
from felhom_hub.operators.audit import COMMAND_LINE
from felhom_hub.operators.models import AuditEntry

PETER = Details("Kovács Péter", "kovacs.example.hu", "peter@kovacs.example.hu")
SETTINGS = Settings(True, "debug", {"disk_high": 90.0}, {"backup": "CHANGEME"}, "a: 1 # one\n")

pytestmark = pytest.mark.django_db


def test_a_customer_is_created_with_all_or_nothing() -> None:
    broken = Entered(PETER, SETTINGS, {Kind.CF_API_TOKEN: "short"})
    with pytest.raises(Impossible):
        create_config("a", broken, now=NOW, by=COMMAND_LINE)
    assert (Customer.objects.count(), AuditEntry.objects.count()) == (0, 0)

    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    assert settings_of(Customer.objects.get()) == SETTINGS
    assert CustomerConfig.objects.get().overrides == ""
    assert "one" not in CustomerConfig.objects.get().envelope
    with pytest.raises(Conflict):
        create_config("a", Entered(PETER, Settings()), now=NOW, by=COMMAND_LINE)


def test_a_save_names_what_changed_and_a_same_one_leaves_no_trace() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    changed = Entered(PETER, replace(SETTINGS, log_level="warn", overrides=""))
    for _ in range(2):
        save_config("a", changed, seen=fingerprint(Customer.objects.get()), now=NOW, by=COMMAND_LINE)

    assert list(AuditEntry.objects.filter(action="config_edited").values_list("detail", flat=True)) == [
        "is_monitored, log_level, thresholds, ping_uuids, overrides",
        "log_level, overrides",
    ]
    assert CustomerConfig.objects.get().log_level == "warn"


def test_a_save_on_top_of_another_is_refused_whole() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    seen = fingerprint(Customer.objects.get())
    token = Entered(PETER, SETTINGS, {Kind.CF_API_TOKEN: "a" * 40})
    save_config("a", token, seen=seen, now=NOW, by=COMMAND_LINE)

    with pytest.raises(ChangedMeanwhile):
        save_config("a", Entered(replace(PETER, town="Győr"), SETTINGS), seen=seen, now=NOW, by=COMMAND_LINE)
    assert Customer.objects.get().town == ""
    assert Credential.objects.filter(kind="cf_api_token", revoked_at=None).count() == 1


def test_who_is_not_managed_has_nothing_to_save() -> None:
    make_customer("manual")

    with pytest.raises(Conflict):
        save_config("manual", Entered(PETER, SETTINGS), seen="", now=NOW, by=COMMAND_LINE)
    with pytest.raises(NotFound):
        save_config("nobody", Entered(PETER, SETTINGS), seen="", now=NOW, by=COMMAND_LINE)


def test_settings_are_forgotten() -> None:
    create_config("a", Entered(PETER, SETTINGS), now=NOW, by=COMMAND_LINE)
    forget_config(Customer.objects.get())

    assert settings_of(Customer.objects.get()) == Settings()
